"""One live store per account: its client, what it answered lately, and one request for equal questions at once."""

from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import anyio
from anyio.abc import TaskGroup

from omnicart_plugin.demo import DEMO_BASE_URL, DEMO_CREDENTIALS, DemoTransport
from omnicart_plugin.medusa import queries
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.commands import Delete, Post
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import MedusaError, RateLimited, ServerError, TwoFactor, Unauthorized, Unreachable
from omnicart_plugin.medusa.flight import Flight
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.remembered import LARGEST, Answers, Remembered, remembered, weight

if TYPE_CHECKING:
    from omnicart_plugin.accounts.connect import SignedIn
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
SHOWN_SECONDS = 300.0
"""How old an answer may be to be shown while the store is asked anew; who is shown an older one waits."""
MOST_LOOKS = 16
"""How many panels of a store are taken to be open at once."""

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


@dataclass(frozen=True)
class Look:
    """A panel on somebody's screen, and what it asked."""

    panel: str
    questions: set[Get[Any]] = field(default_factory=set)


@dataclass(eq=False)
class _Asking:
    """A question on its way."""

    panels: set[str]
    """Who will show the answer."""
    flight: Flight[Any] = field(init=False)


class Store:
    """What an account's store is asked and told.

    Args:
        changed: Called with the panels whose data a new answer changed, or that are to say that there is none.
    """

    def __init__(
        self,
        client: Client,
        tasks: TaskGroup,
        changed: Callable[[set[str]], None],
        answers: Answers,
        status: Status = "ok",
    ) -> None:
        self.client = client
        self.status: Status = status
        self.searches = True
        """Whether it has the route that searches everything; an older Medusa has not."""
        self._tasks = tasks
        self._changed = changed
        self._answers = answers
        self._asking: dict[Get[Any], _Asking] = {}
        self._looks: dict[tuple[str, str], Look] = {}
        """By panel and who looks; the latest stands last."""
        self._forgotten_at = -inf

    @property
    def shown(self) -> set[str]:
        """The panels that are taken to be open."""
        return {look.panel for look in self._looks.values()}

    def look(self, panel: str, who: str) -> Look:
        """Begin to show a panel: it is renewed and hears of changes until others push it out."""
        self._looks.pop((panel, who), None)
        look = self._looks[panel, who] = Look(panel)
        if len(self._looks) > MOST_LOOKS:
            del self._looks[next(iter(self._looks))]
        return look

    def begin(
        self, question: Get[T], *, fresh: bool = False, look: Look | None = None
    ) -> Callable[[], Awaitable[Answer[T]]]:
        """Send the question now, unless a remembered answer is fresh enough; wait by calling what comes back.

        A panel is given an answer that is not fresh any more but not old either, and hears when the new one differs.

        That raises MedusaError when the store refuses, or is down and never answered this; else, when it is down, it
        gives the last answer.
        """
        panels = {look.panel} if look else set[str]()
        if look:
            look.questions.add(question)
        known = self._answers.get((self, question))
        if known:
            known.panels |= panels
            if not fresh and self._serves(question, known, waits=look is None):
                return _given(self._answer(known, "cache"))
        asking = self._ask(question, panels)

        async def landed() -> Answer[T]:
            try:
                answer: Answer[T] = await asking.flight.result()
            except DOWN:
                if known is None:
                    raise
                return replace(self._answer(known, "cache"), failed=True)
            return answer

        return landed

    async def ask(self, question: Get[T], *, fresh: bool = False) -> Answer[T]:
        """`begin`, and wait."""
        return await self.begin(question, fresh=fresh)()

    async def send(self, command: Post[T] | Delete[T]) -> T:
        """Tell the store to change something. All that is remembered is asked anew from now on."""
        try:
            return await self._tracked(self.client.send(command))
        finally:
            self.forget()

    def know(self, question: Get[T], value: T) -> None:
        """What the store has just answered elsewhere."""
        self._remember(question, _remembered(value, monotonic(), set()))

    def forget(self) -> None:
        """Ask everything anew, also what is on its way now; remembered answers serve only when the store is down."""
        self._asking.clear()
        self._forgotten_at = monotonic()

    def renew(self, panels: AbstractSet[str]) -> None:
        """Ask anew what these panels show and is not fresh any more; they hear if it has changed."""
        for question in {q for look in self._looks.values() if look.panel in panels for q in look.questions}:
            known = self._answers.get((self, question))
            if known and not self._is_fresh(question, known):
                self._ask(question, set())

    def close(self) -> None:
        """Drop all answers."""
        for key in [key for key in self._answers if key[0] is self]:
            del self._answers[key]

    def _serves(self, question: Get[Any], known: Remembered, *, waits: bool) -> bool:
        """Whether it is shown at once; if it is not fresh, the store is asked anew behind it."""
        if self._is_fresh(question, known):
            return True
        if waits or known.overdue or not self._is_younger(known, SHOWN_SECONDS):
            return False
        self._ask(question, set())
        return True

    def _is_fresh(self, question: Get[Any], known: Remembered) -> bool:
        return self._is_younger(known, FRESH_SECONDS.get(_family(question.path), FRESH_SECONDS_ELSE))

    def _is_younger(self, known: Remembered, seconds: float) -> bool:
        return known.asked_at > self._forgotten_at and monotonic() < known.asked_at + seconds

    def _answer(self, known: Remembered, source: Literal["live", "cache"]) -> Answer[Any]:
        return Answer(value=known.value, as_of=known.as_of, source="demo" if self.status == "demo" else source)

    def _ask(self, question: Get[Any], panels: set[str]) -> _Asking:
        asking = self._asking.get(question)
        if asking is None:
            asking = self._asking[question] = _Asking(panels)
            asking.flight = Flight(self._tasks, self._fetch, question, asking)
        asking.panels |= panels
        return asking

    async def _fetch(self, question: Get[T], asking: _Asking) -> Answer[T]:
        asked_at = monotonic()
        try:
            value = await self._tracked(self.client.get(question))
        except MedusaError:
            if self._landed(question, asking):
                self._miss(question)
            raise
        now = _remembered(value, asked_at, asking.panels)
        if self._landed(question, asking):
            self._remember(question, now)
        return self._answer(now, "live")

    def _landed(self, question: Get[Any], asking: _Asking) -> bool:
        """Whether the answer is still what was asked for: not when all was forgotten meanwhile."""
        if self._asking.get(question) is not asking:
            return False
        del self._asking[question]
        return True

    def _remember(self, question: Get[Any], now: Remembered) -> None:
        if now.size >= LARGEST:
            return
        before = self._answers.get((self, question))
        if before:
            now.panels |= before.panels
        self._answers[self, question] = now
        if before and (before.overdue or before.value != now.value):
            self._changed(now.panels)

    def _miss(self, question: Get[Any]) -> None:
        """Who was shown an older answer is to say that there is no newer one: once, until one comes."""
        known = self._answers.get((self, question))
        if known and not known.overdue:
            known.overdue = True
            self._changed(known.panels)

    async def _tracked(self, answer: Awaitable[T]) -> T:
        try:
            value = await answer
        except (Unauthorized, TwoFactor):
            self.status = "reauth"
            raise
        except DOWN:
            self.status = "unreachable" if self.status == "ok" else self.status
            raise
        if self.status != "demo":
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
        self._answers = remembered()
        self._making = anyio.Lock()

    async def of(self, account: "Account") -> Store:
        """The account's store; a new one when it has signed in anew since, and for the demo every day."""
        version = datetime.now(UTC).date() if account.kind == "demo" else account.signed_in_at
        return self._of_version(account, version) or await self._replaced(account, version)

    def _of_version(self, account: "Account", version: object) -> Store | None:
        known, store = self._live.get(account.id, (None, None))
        return store if known == version else None

    async def adopt(self, account: "Account", signed_in: "SignedIn") -> None:
        """Go on with the client that has just signed in to the account's store, and with what that has told."""
        async with self._making:
            if self._of_version(account, account.signed_in_at):  # somebody was quicker
                self._tasks.start_soon(signed_in.client.aclose)
                return
            store = self._store(account, signed_in.client)
            self._replace(account, account.signed_in_at, store)
            store.know(queries.stores(), signed_in.stores)

    async def _replaced(self, account: "Account", version: object) -> Store:
        async with self._making:
            if store := self._of_version(account, version):  # somebody else's by now
                return store
            store = await self._make(account)
            self._replace(account, version, store)
            return store

    def _replace(self, account: "Account", version: object, store: Store) -> None:
        if old := self.known(account.id):
            old.close()
            self._tasks.start_soon(old.client.aclose)
        self._live[account.id] = (version, store)

    async def renew(self, account: "Account") -> None:
        """Ask the account's store everything anew, signed in as it is by now. Raises VaultError, StorageError."""
        if self.known(account.id):
            (await self.of(account)).forget()

    def forget(self) -> None:
        """Ask every store everything anew."""
        for _, store in self._live.values():
            store.forget()

    def known(self, account_id: str) -> Store | None:
        """The account's store if it was used before."""
        return self._live.get(account_id, (None, None))[1]

    def status(self, account: "Account") -> Status:
        """How the account's store answered last; ``ok`` before it was asked, and again once it signed in anew."""
        version, store = self._live.get(account.id, (None, None))
        if store and version == account.signed_in_at:
            return store.status
        return "demo" if account.kind == "demo" else "ok"

    async def close(self, account_id: str) -> None:
        """Let go of a store that is not connected any more."""
        _, store = self._live.pop(account_id, (None, None))
        if store:
            store.close()
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
        return self._store(account, client)

    def _make_demo(self, account: "Account") -> Store:
        sample = DemoTransport(datetime.now(UTC).date())
        client = Client(DEMO_BASE_URL, DEMO_CREDENTIALS, tasks=self._tasks, egress=self._egress, transport=sample)
        return self._store(account, client, "demo")

    def _store(self, account: "Account", client: Client, status: Status = "ok") -> Store:
        return Store(client, self._tasks, lambda panels: self._changed(account, panels), self._answers, status)


def _remembered(value: object, asked_at: float, panels: set[str]) -> Remembered:
    return Remembered(value=value, as_of=datetime.now(UTC), asked_at=asked_at, size=weight(value), panels=panels)


def _given(answer: Answer[T]) -> Callable[[], Awaitable[Answer[T]]]:
    async def given() -> Answer[T]:
        return answer

    return given


def _family(path: str) -> str:
    return "/".join(path.split("/")[:3])
