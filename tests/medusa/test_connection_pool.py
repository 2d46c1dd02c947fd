"""However many callers give up, and whenever, every slot stays usable; a closed connection is not noticed."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import anyio
import httpcore
import httpx
import pytest
import sniffio
from anyio.abc import ByteStream, TaskGroup
from anyio.lowlevel import checkpoint

from omnicart_plugin.medusa import commands, queries, transport
from omnicart_plugin.medusa.auth import SecretKey
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import Unreachable
from tests.medusa.raw_server import Asked, answer, raw_server

pytestmark = pytest.mark.anyio
COUNT = queries.count_orders()
AT_ONCE = 40


class Wavering(httpcore.AsyncNetworkBackend, httpcore.AsyncNetworkStream):
    """A network in memory that takes a while, in turns of the event loop, and answers every request."""

    def __init__(self) -> None:
        self.random = Random(7)  # noqa: S311 - the same in every run

    async def _waver(self) -> None:
        for _ in range(self.random.randrange(1, 4)):
            await checkpoint()

    async def connect_tcp(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        await self._waver()
        return self

    async def write(self, *_: Any, **__: Any) -> None:
        await self._waver()

    async def read(self, *_: Any, **__: Any) -> bytes:
        await self._waver()
        return answer({"count": 7})

    async def aclose(self) -> None:
        await checkpoint()

    def get_extra_info(self, info: str) -> Any:
        return False if info == "is_readable" else None


async def storm(call: Callable[[], Awaitable[object]], times: int) -> None:
    """Call so many times; most callers are cancelled at a random turn of the event loop, as their framework does it."""
    random = Random(11)  # noqa: S311 - the same in every run
    for _ in range(times // AT_ONCE):
        turns = [random.randrange(60) for _ in range(AT_ONCE)]
        await (_asyncio_wave if sniffio.current_async_library() == "asyncio" else _trio_wave)(call, turns)


async def _asyncio_wave(call: Callable[[], Awaitable[object]], turns: list[int]) -> None:
    tasks = [asyncio.ensure_future(call()) for _ in turns]
    for turn in range(40):
        for task, last in zip(tasks, turns, strict=True):
            if last == turn:
                task.cancel()
        await asyncio.sleep(0)
    await asyncio.wait(tasks, timeout=1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _trio_wave(call: Callable[[], Awaitable[object]], turns: list[int]) -> None:
    scopes = [anyio.CancelScope() for _ in turns]

    async def within(scope: anyio.CancelScope) -> None:
        with scope:
            await call()

    async with anyio.create_task_group() as callers:
        for scope in scopes:
            callers.start_soon(within, scope)
        for turn in range(40):
            for scope, last in zip(scopes, turns, strict=True):
                if last == turn:
                    scope.cancel()
            await checkpoint()


@pytest.fixture
def over() -> transport.PoolTransport:
    egress = Egress(allow_private=True)
    egress._dialler = Wavering()
    return transport.PoolTransport(egress)


@pytest.fixture
def store(over: transport.PoolTransport, tasks: TaskGroup) -> Client:
    egress = Egress(allow_private=True)
    return Client("http://127.0.0.1:9", SecretKey("sk_canary-x"), tasks=tasks, egress=egress, transport=over)


async def every_slot_is_usable(store: Client, over: transport.PoolTransport) -> bool:
    answers: list[int] = []

    async def ask() -> None:
        answers.append((await store.get(COUNT)).count)

    with anyio.fail_after(5):
        async with anyio.create_task_group() as callers:
            for _ in range(5 * transport.MOST_CONNECTIONS):
                callers.start_soon(ask)
    busy = [connection for connection in over._pool.connections if not connection.is_idle()]
    free = over._free.value
    await store.aclose()
    return (len(answers), over._pool._requests, busy, free) == (5 * free, [], [], transport.MOST_CONNECTIONS)


# Not in asyncio's debug mode, which makes this six times slower. It is a quarter of a minute's work, alone.
@pytest.mark.timeout(300)
@pytest.mark.parametrize("anyio_backend", [("asyncio", {}), ("trio", {})], ids=["asyncio", "trio"])
async def test_ten_thousand_callers_who_give_up_leave_every_slot_usable(
    store: Client, over: transport.PoolTransport
) -> None:
    await storm(lambda: store.get(COUNT), 10_000)
    assert await every_slot_is_usable(store, over)


async def test_deadlines_that_pass_at_any_moment_leave_every_slot_usable(
    store: Client, over: transport.PoolTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(13)  # noqa: S311 - the same in every run
    late = 0

    async def ask() -> None:
        nonlocal late
        monkeypatch.setattr(transport, "TOTAL_SECONDS", random.uniform(0, 0.01))
        try:
            await store.get(COUNT)
        except Unreachable as error:
            late += error.reason == "timeout"

    await storm(ask, 1_000)
    monkeypatch.undo()
    assert late > 50
    assert await every_slot_is_usable(store, over)


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_plain_httpx_does_not_survive_a_fifth_of_this_on_asyncio() -> None:
    over = httpx.AsyncHTTPTransport(trust_env=False, limits=httpx.Limits(max_connections=transport.MOST_CONNECTIONS))
    over._pool._network_backend = Wavering()
    async with httpx.AsyncClient(transport=over, trust_env=False, timeout=0.05) as plain:
        await storm(lambda: plain.get("http://127.0.0.1:9/"), 2_000)
        with pytest.raises(httpx.PoolTimeout):
            await plain.get("http://127.0.0.1:9/")


class Closing:
    """Answers the first request of a connection; what it does then is `last`."""

    def __init__(self, last: str) -> None:
        self.last = last
        self.answered: list[ByteStream] = []

    async def reply(self, _: Asked, stream: ByteStream) -> None:
        if stream in self.answered:
            await stream.aclose()
            return
        self.answered.append(stream)
        await stream.send(answer({"count": 7}))
        if self.last == "at once":
            await stream.aclose()


@pytest.mark.parametrize("last", ["at once", "with the next request"])
async def test_a_kept_connection_that_the_store_closed_is_not_noticed(tasks: TaskGroup, last: str) -> None:
    async with raw_server(Closing(last).reply) as server:
        store = Client(server.url, SecretKey("sk_canary-x"), tasks=tasks, egress=Egress(allow_private=True))
        for _ in range(5):
            assert (await store.get(COUNT)).count == 7
        await store.aclose()
        assert server.connections == 5
    assert transport.KEPT_SECONDS < 5


async def test_a_write_that_may_have_arrived_on_a_closing_connection_is_not_sent_again(tasks: TaskGroup) -> None:
    async with raw_server(Closing("with the next request").reply) as server:
        store = Client(server.url, SecretKey("sk_canary-x"), tasks=tasks, egress=Egress(allow_private=True))
        await store.get(COUNT)
        with pytest.raises(Unreachable) as caught:
            await store.send(commands.archive_order("order_1"))
        await store.aclose()
        assert caught.value.unsettled
        assert server.count("/admin/orders/order_1") == 1


async def test_a_request_outlives_its_caller() -> None:
    came, hold, answered = anyio.Event(), anyio.Event(), anyio.Event()

    async def reply(_: Asked, stream: ByteStream) -> None:
        came.set()
        await hold.wait()
        await stream.send(answer({"count": 7}))
        answered.set()

    async with raw_server(reply) as server, anyio.create_task_group() as tasks:
        store = Client(server.url, SecretKey("sk_canary-x"), tasks=tasks, egress=Egress(allow_private=True))
        async with anyio.create_task_group() as callers:
            callers.start_soon(store.get, COUNT)
            await came.wait()
            callers.cancel_scope.cancel()
        hold.set()
        await answered.wait()
        assert (await store.get(COUNT)).count == 7
        await store.aclose()
