"""What the rows are measured on: stores of several sizes, replays of them, and people who open panels."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Self

from benchmarks.person import Person
from benchmarks.replay import Replay, replay
from omnicart_plugin import webos
from tests.medusa_lab import Medusa, Store, open_store, store_on

USUAL = 30_000
"""Orders of the store that most rows are measured on."""
SMALL, LARGE = 1_000, 100_000


class Bench:
    """Started stores live until the end; what is not asked for is not started."""

    def __init__(self, live: Sequence[Store], stack: ExitStack) -> None:
        self._stores = {store.orders: store for store in live}
        self._stack = stack
        self._replays: dict[str, Replay] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, live: Sequence[int]) -> AsyncIterator[Self]:
        """`live` are ports of running stores."""
        with ExitStack() as stack:
            yield cls([store_on(port) for port in live], stack)

    def store(self, orders: int | None) -> Store:
        """A store with so many orders; with the few that each has at first where it is None."""
        if orders not in self._stores:
            folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="omnicart-store-"))
            store = self._stores[orders] = open_store(Path(folder), orders=orders)
            self._stack.callback(store.close)
        return self._stores[orders]

    def medusa(self, orders: int = USUAL) -> Medusa:
        """How to reach that store."""
        return self.store(orders).medusa()

    def replay(self, orders: int = USUAL) -> Replay:
        """A replay of that store, one for all rows."""
        url = self.medusa(orders).url
        if url not in self._replays:
            self._replays[url] = self._stack.enter_context(replay(url))
        return self._replays[url]


@asynccontextmanager
async def host() -> AsyncIterator[webos.LocalHost]:
    """A host of its own, in which nothing is connected yet."""
    with _folder() as folder:
        async with webos.LocalHost(data_dir=folder, allow_private_network=True) as running:
            yield running


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="omnicart-bench-") as folder:
        yield Path(folder)


async def newcomer(running: webos.LocalHost, medusa: Medusa, url: str | None = None) -> Person:
    """Somebody in a workspace of their own who has just connected the store, at another address if one is given.

    Nothing is remembered of it.
    """
    person = Person(running)
    await person.connect_to(medusa, url or medusa.url)
    return person
