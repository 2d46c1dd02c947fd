"""One sign-in however many wait, no storm after a refusal, and no trust in anybody's clock."""

from itertools import count

import anyio
import httpx
import msgspec
import pytest
from anyio.abc import ByteStream, TaskGroup

from omnicart_plugin.medusa import auth, commands, queries, transport, wire
from omnicart_plugin.medusa.auth import Credentials, Password, SecretKey
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import MedusaError, ServerError, TwoFactor, Unauthorized
from tests.medusa.raw_server import Asked, answer, jwt, raw_server
from tests.medusa_lab import Medusa

pytestmark = pytest.mark.anyio
SIGN_IN = "/auth/user/emailpass"
RIGHT = Password("me@shop.test", "canary-right")
WRONG = Password("me@shop.test", "canary-wrong")
COUNT = queries.count_orders()


class Shop:
    """Knows one password and the tokens that it gave out; the rest is set by a test."""

    def __init__(self, *, lifetime: float = 86_400, skew: float = 0) -> None:
        self.lifetime = lifetime
        self.skew = skew
        self.valid: set[str] = set()
        self.hold: anyio.Event | None = None
        self.extra: dict[str, bool] = {}
        self.out_of_order = False

    async def reply(self, asked: Asked, stream: ByteStream) -> None:
        await stream.send(await self._sign_in(asked) if asked.path == SIGN_IN else self._count(asked))

    async def _sign_in(self, asked: Asked) -> bytes:
        if self.hold:
            await self.hold.wait()
        if self.out_of_order:
            return answer(b"", 503)
        if msgspec.json.decode(asked.body) != {"email": RIGHT.email, "password": RIGHT.password}:
            return answer({"type": "unauthorized", "message": "Invalid email or password"}, 401)
        token = jwt(self.lifetime, issued_at=1_700_000_000 + self.skew, n=len(self.valid))
        self.valid.add(f"Bearer {token}")
        return answer({"token": token, **self.extra})

    def _count(self, asked: Asked) -> bytes:
        if asked.headers["authorization"] in self.valid:
            return answer({"count": 7})
        return answer({"message": "Unauthorized"}, 401)


def client(url: str, tasks: TaskGroup, credentials: Credentials = RIGHT) -> Client:
    return Client(url, credentials, tasks=tasks, egress=Egress(allow_private=True))


# Not in debug mode, and with time enough: on a busy machine a thousand tasks outlast the total time of a request.
@pytest.mark.parametrize("anyio_backend", [("asyncio", {}), ("trio", {})], ids=["asyncio", "trio"])
async def test_a_thousand_waiters_are_one_sign_in_even_if_the_first_gives_up(
    tasks: TaskGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TOTAL_SECONDS", 300.0)
    shop = Shop()
    shop.hold = anyio.Event()
    async with raw_server(shop.reply) as server:
        store = client(server.url, tasks)
        counts: list[int] = []

        async def ask() -> None:
            counts.append((await store.get(COUNT)).count)

        first = anyio.CancelScope()

        async def ask_and_give_up() -> None:
            with first:
                await ask()

        async with anyio.create_task_group() as waiters:
            waiters.start_soon(ask_and_give_up)
            await anyio.wait_all_tasks_blocked()
            for _ in range(999):
                waiters.start_soon(ask)
            await anyio.wait_all_tasks_blocked()
            first.cancel()
            await anyio.wait_all_tasks_blocked()
            shop.hold.set()
        await store.aclose()
    assert counts == [7] * 999
    assert server.count(SIGN_IN) == 1


async def test_a_wrong_password_is_one_request_not_a_storm(tasks: TaskGroup) -> None:
    async with raw_server(Shop().reply) as server:
        store = client(server.url, tasks, WRONG)
        for _ in range(20):
            with pytest.raises(Unauthorized, match="email and password"):
                await store.get(COUNT)
        assert len(server.asked) == 1
        store.sign_in_with(RIGHT)
        assert (await store.get(COUNT)).count == 7
        await store.aclose()


async def test_a_late_refusal_of_an_old_token_does_not_cost_the_new_one(tasks: TaskGroup) -> None:
    given = count()

    async def sign_in(_: bytes) -> transport.Answer:
        return transport.Answer(200, httpx.Headers(), b'{"token": "%d"}' % next(given))

    session = auth.Session(RIGHT, sign_in, tasks)
    old = await session.authorization()
    assert session.renew(old)
    new = await session.authorization()

    assert session.renew(old)
    assert await session.authorization() == new != old


async def test_a_store_that_is_down_is_not_a_wrong_password(tasks: TaskGroup) -> None:
    shop = Shop()
    shop.out_of_order = True
    async with raw_server(shop.reply) as server:
        store = client(server.url, tasks)
        with pytest.raises(ServerError):
            await store.get(COUNT)
        shop.out_of_order = False
        assert (await store.get(COUNT)).count == 7
        await store.aclose()


@pytest.mark.parametrize("skew", [-86_400, 0, 86_400])
async def test_a_day_of_clock_skew_either_way_changes_nothing(
    tasks: TaskGroup, monkeypatch: pytest.MonkeyPatch, skew: float
) -> None:
    now = 5000.0
    monkeypatch.setattr(auth, "monotonic", lambda: now)
    async with raw_server(Shop(lifetime=3600 * 24, skew=skew).reply) as server:
        store = client(server.url, tasks)
        await store.get(COUNT)
        now += 54 * 60
        await store.get(COUNT)
        assert server.count(SIGN_IN) == 1
        now += 2 * 60
        await store.get(COUNT)
        assert server.count(SIGN_IN) == 2
        await store.aclose()


async def test_a_short_token_is_replaced_before_it_ends(tasks: TaskGroup, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 5000.0
    monkeypatch.setattr(auth, "monotonic", lambda: now)
    async with raw_server(Shop(lifetime=5).reply) as server:
        store = client(server.url, tasks)
        for step in (0.0, 3.0, 1.5):
            now += step
            await store.get(COUNT)
        assert server.count(SIGN_IN) == 2
        assert server.count("/admin") == 3
        await store.aclose()


@pytest.mark.parametrize("write", [False, True])
async def test_a_token_refused_too_early_is_renewed_without_anyone_noticing(tasks: TaskGroup, *, write: bool) -> None:
    shop = Shop()
    async with raw_server(shop.reply) as server:
        store = client(server.url, tasks)
        await store.get(COUNT)
        shop.valid.clear()
        if write:
            await store.send(commands.Post("/admin/x", (), b"{}", wire.Count))
        else:
            await store.get(COUNT)
        assert server.count(SIGN_IN) == 2
        assert server.count("/admin") == 3
        await store.aclose()


async def test_a_store_that_always_refuses_ends_after_one_renewed_try(tasks: TaskGroup) -> None:
    shop = Shop()

    async def refuse(asked: Asked, stream: ByteStream) -> None:
        shop.valid.clear()
        await shop.reply(asked, stream)

    async with raw_server(refuse) as server:
        store = client(server.url, tasks)
        with pytest.raises(Unauthorized):
            await store.get(COUNT)
        assert [asked.path == SIGN_IN for asked in server.asked] == [True, False, True, False]
        await store.aclose()


@pytest.mark.parametrize("trap", ["mfa_required", "verification_required"])
async def test_a_token_that_wants_a_second_factor_is_never_used(tasks: TaskGroup, trap: str) -> None:
    shop = Shop()
    shop.extra = {trap: True}
    async with raw_server(shop.reply) as server:
        store = client(server.url, tasks)
        for _ in range(3):
            with pytest.raises(TwoFactor, match="secret API key"):
                await store.get(COUNT)
        assert [asked.path for asked in server.asked] == [SIGN_IN]
        await store.aclose()


async def test_a_secret_key_is_sent_as_basic_and_not_tried_twice(tasks: TaskGroup) -> None:
    async with raw_server(Shop().reply) as server:
        store = client(server.url, tasks, SecretKey("sk_canary-"))
        with pytest.raises(Unauthorized):
            await store.get(COUNT)
        assert [asked.headers["authorization"] for asked in server.asked] == ["Basic c2tfY2FuYXJ5LTo="]
        await store.aclose()


async def test_an_answer_to_old_credentials_does_not_become_a_token_of_the_new(tasks: TaskGroup) -> None:
    shop = Shop()
    shop.hold = anyio.Event()
    async with raw_server(shop.reply) as server:
        store = client(server.url, tasks)
        async with anyio.create_task_group() as waiters:
            waiters.start_soon(store.get, COUNT)
            await anyio.wait_all_tasks_blocked()
            store.sign_in_with(WRONG)
            shop.hold.set()
        with pytest.raises(Unauthorized):
            await store.get(COUNT)
        await store.aclose()


@pytest.mark.parametrize("credentials", [WRONG, SecretKey("sk_canary-wrong")])
async def test_no_repr_and_no_frame_of_an_error_holds_a_secret(
    tasks: TaskGroup, caplog: pytest.LogCaptureFixture, credentials: Credentials
) -> None:
    caplog.set_level("DEBUG")
    async with raw_server(Shop().reply) as server:
        store = client(server.url, tasks, credentials)
        with pytest.raises(MedusaError) as caught:
            await store.get(COUNT)
        await store.aclose()
    seen = [repr(credentials), repr(store), repr(store._session), caplog.text, repr(credentials.__rich_repr__())]
    error: BaseException | None = caught.value
    assert error is not None
    assert (error.__cause__, error.__context__) == (None, None)
    frame = error.__traceback__
    while frame:
        if "omnicart_plugin" in frame.tb_frame.f_code.co_filename:
            seen.append(repr(frame.tb_frame.f_locals))
        frame = frame.tb_next
    assert len(seen) > 5
    assert "canary" not in "".join(seen)
    assert "Y2FuYXJ5" not in "".join(seen)


@pytest.mark.medusa
async def test_a_real_store_takes_a_new_token_for_a_bad_one_and_knows_a_wrong_password(
    medusa: Medusa, tasks: TaskGroup
) -> None:
    store = client(medusa.url, tasks, Password(medusa.email, medusa.password))
    count = await store.get(COUNT)
    store._session._header = "Bearer " + jwt(86_400)
    assert await store.get(COUNT) == count
    store.sign_in_with(Password(medusa.email, "wrong"))
    with pytest.raises(Unauthorized):
        await store.get(COUNT)
    store.sign_in_with(SecretKey(medusa.secret_key))
    assert await store.get(COUNT) == count
    await store.aclose()
