"""What accounts keep in memory that nobody looks at, and what all answers together may keep."""

import gc
import tracemalloc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import anyio

from benchmarks.bench import Bench, host, newcomer
from benchmarks.measure import Figure, exactly
from benchmarks.rows import Reach, row
from benchmarks.sample import sample
from omnicart_plugin import webos

_FEW, _MORE = 10, 100
_IDLE_SECONDS = 6.0
"""The store has closed the connections by then."""
_PAGES = 300
_PAGE = 200


@row(
    "memory",
    "memory of an idle connected account; of all remembered answers, after 300 pages of 200 orders",
    "",
    account=Reach(50, "KB"),
    answers=Reach(80, "MB"),
)
async def memory(bench: Bench) -> Mapping[str, Figure]:
    return {"account": await _account(bench), "answers": await _answers(bench)}


async def _account(bench: Bench) -> Figure:
    """Each has signed in and shown one order."""
    with _traced():
        async with host() as running:
            await _connect(bench, running, _FEW)
            few = await _idle_bytes()
            await _connect(bench, running, _MORE)
            return exactly((await _idle_bytes() - few) / _MORE / 1024)


async def _answers(bench: Bench) -> Figure:
    server = bench.replay()
    server.set(latency=0.0)
    async with host() as running:
        person = await newcomer(running, bench.medusa(), server.url)
        await person.opens("orders", search="quay", limit=_PAGE)  # what the replay then repeats
        with _traced():
            for number in range(_PAGES):
                await person.opens("orders", search=f"quay~{number}", limit=_PAGE)
            return exactly(_bytes() / 1024**2)


async def _connect(bench: Bench, running: webos.LocalHost, accounts: int) -> None:
    server = bench.replay()
    server.set(latency=0.0)
    order = sample(bench.medusa()).ids["order"]
    for _ in range(accounts):
        await (await newcomer(running, bench.medusa(), server.url)).opens("order", order)


async def _idle_bytes() -> int:
    await anyio.sleep(_IDLE_SECONDS)
    return _bytes()


def _bytes() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@contextmanager
def _traced() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()
