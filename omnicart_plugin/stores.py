"""One live store per account: its client, what it answered lately, and one request for equal questions at once."""

from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import anyio
from anyio.abc import TaskGroup
from cachetools import LRUCache

from omnicart_plugin.demo import DEMO_BASE_URL, DEMO_CREDENTIALS, DemoTransport
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import RateLimited, ServerError, Unauthorized, Unreachable
from omnicart_plugin.medusa.flight import Flight
from omnicart_plugin.medusa.queries import Delete, Get, Post

if TYPE_CHECKING:
    from omnicart_plugin.accounts.directory import Account, Directory

T = TypeVar("T")

FRESH_SECONDS = {
    "/admin/orders": 10.0,
    "/admin/draft-orders": 10.0,
    "/admin/stores": 300.0,
    "/admin/regions": 300.0,
    "/admin/sales-channels": 300.0,
    "/admin/stock-locations": 300.0,
}
FRESH_SECONDS_ELSE = 30.0
REMEMBERED_ANSWERS = 256

Status = Literal["ok", "reauth", "unreachable", "demo"]
DOWN = (Unreachable, ServerError, RateLimited)
"""What a store that cannot be asked for the moment fails with."""


@dataclass(frozen=True, kw_only=True)
class Answer(Generic[T]):
    value: T
    as_of: datetime
    source: Literal["live", "cache", "demo"]
    failed: bool = False
    """The store was asked and did not answer; this is what it said before."""


@dataclass(kw_only=True)
class _Remembered:
    value: Any
    as_of: datetime
    fresh_until: float
    panels: set[str] = field(default_factory=set)
    """Who shows it."""


class Store:
    """What an account's store is asked and told.

    Args:
        changed: Called with the panels whose data a new answer changed.
    """

    def __init__(
        self, client: Client, tasks: TaskGroup, changed: Callable[[set[str]], None], status: Status = "ok"
    ) -> None:
        self.client = client
        self.status: Status = status
        self._tasks = tasks
        self._changed = changed
        self._remembered: LRUCache[Get[Any], _Remembered] = LRUCache(REMEMBERED_ANSWERS)
        self._flights: dict[Get[Any], Flight[Any]] = {}
        self._tickets: dict[Get[Any], object] = {}

    def begin(self, question: Get[T], *, fresh: bool = False, panel: str = "") -> Callable[[], Awaitable[Answer[T]]]:
        """Send the question now, unless a remembered answer is fresh enough; wait by calling what comes back.

        That raises MedusaError when the store refuses, or is down and never answered this; else, when it is down, it
        gives the last answer.
        """
        known = self._remembered.get(question)
        if known:
            known.panels.add(panel)
        if known and not fresh and monotonic() < known.fresh_until:
            remembered = self._answer(known, "cache")
            return _given(remembered)
        flight = self._flights.get(question) or self._start(question, panel)

        async def landed() -> Answer[T]:
            try:
                answer: Answer[T] = await flight.result()
            except DOWN:
                if known is None:
                    raise
                return replace(self._answer(known, "cache"), failed=True)
            return answer

        return landed

    async def ask(self, question: Get[T], *, fresh: bool = False, panel: str = "") -> Answer[T]:
        """`begin`, and wait."""
        return await self.begin(question, fresh=fresh, panel=panel)()

    async def send(self, command: Post[T] | Delete[T]) -> T:
        """Tell the store to change something. All that is remembered is asked anew from now on."""
        try:
            return await self._tracked(self.client.send(command))
        finally:
            self.forget()

    def forget(self) -> None:
        """Ask everything anew, also what is on its way now; remembered answers serve only when the store is down."""
        self._flights.clear()
        self._tickets.clear()
        for known in self._remembered.values():
            known.fresh_until = 0.0

    def _answer(self, known: _Remembered, source: Literal["live", "cache", "demo"]) -> Answer[Any]:
        return Answer(value=known.value, as_of=known.as_of, source="demo" if self.status == "demo" else source)

    def renew(self, panels: AbstractSet[str]) -> None:
        """Ask anew what these panels show and is not fresh any more; whoever shows it hears if it has changed."""
        for question, known in [*self._remembered.items()]:
            if known.panels & panels and monotonic() >= known.fresh_until and question not in self._flights:
                self._start(question, "")

    def _start(self, question: Get[T], panel: str) -> Flight[Answer[T]]:
        ticket = object()
        self._tickets[question] = ticket
        flight = self._flights[question] = Flight(self._tasks, self._fetch, question, ticket, panel)
        return flight

    async def _fetch(self, question: Get[T], ticket: object, panel: str) -> Answer[T]:
        try:
            value = await self._tracked(self.client.get(question))
        finally:
            outdated = self._tickets.get(question) is not ticket
            if not outdated:
                del self._tickets[question], self._flights[question]
        now = _Remembered(value=value, as_of=datetime.now(UTC), fresh_until=0.0, panels={panel})
        if not outdated:
            now.fresh_until = monotonic() + FRESH_SECONDS.get(_family(question.path), FRESH_SECONDS_ELSE)
            self._remember(question, now)
        return self._answer(now, "live")

    def _remember(self, question: Get[Any], now: _Remembered) -> None:
        before = self._remembered.get(question)
        self._remembered[question] = now
        if before:
            now.panels |= before.panels
            if before.value != now.value:
                self._changed(now.panels)

    async def _tracked(self, answer: Awaitable[T]) -> T:
        try:
            value = await answer
        except Unauthorized:
            self.status = "reauth"
            raise
        except DOWN:
            self.status = "unreachable" if self.status == "ok" else self.status
            raise
        if self.status == "unreachable":
            self.status = "ok"
        return value


class Stores:
    """The live stores of all accounts, made at first use."""

    def __init__(
        self, directory: "Directory", tasks: TaskGroup, egress: Egress, changed: Callable[["Account", set[str]], None]
    ) -> None:
        self._directory = directory
        self._tasks = tasks
        self._egress = egress
        self._changed = changed
        self._live: dict[str, tuple[object, Store]] = {}
        self._making = anyio.Lock()

    async def of(self, account: "Account") -> Store:
        """The account's store; a new one when it has signed in anew since, and for the demo every day."""
        version = datetime.now(UTC).date() if account.kind == "demo" else account.signed_in_at
        async with self._making:
            known, store = self._live.get(account.id, (None, None))
            if store is None or known != version:
                if store:
                    self._tasks.start_soon(store.client.aclose)
                store = await self._make(account)
                self._live[account.id] = (version, store)
        return store

    def known(self, account: "Account") -> Store | None:
        """The account's store if it was used before."""
        return self._live.get(account.id, (None, None))[1]

    def status(self, account: "Account") -> Status:
        """How the account's store answered last; ``ok`` before it was asked."""
        _, store = self._live.get(account.id, (None, None))
        return store.status if store else "demo" if account.kind == "demo" else "ok"

    async def close(self, account_id: str) -> None:
        """Let go of a store that is not connected any more."""
        _, store = self._live.pop(account_id, (None, None))
        if store:
            await store.client.aclose()

    async def aclose(self) -> None:
        for account_id in [*self._live]:
            await self.close(account_id)

    async def _make(self, account: "Account") -> Store:
        if account.kind == "demo":
            return self._make_demo(account)
        client = Client(
            account.base_url, await self._directory.credentials(account), tasks=self._tasks, egress=self._egress
        )
        return Store(client, self._tasks, lambda panels: self._changed(account, panels))

    def _make_demo(self, account: "Account") -> Store:
        sample = DemoTransport(datetime.now(UTC).date())
        client = Client(DEMO_BASE_URL, DEMO_CREDENTIALS, tasks=self._tasks, egress=self._egress, transport=sample)
        return Store(client, self._tasks, lambda panels: self._changed(account, panels), "demo")


def _given(answer: Answer[T]) -> Callable[[], Awaitable[Answer[T]]]:
    async def given() -> Answer[T]:
        return answer

    return given


def _family(path: str) -> str:
    return "/".join(path.split("/")[:3])
