"""What is seen of one store at the moment: how its last look went, and its answers since it last changed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
from anyio.abc import TaskGroup

from omnicart_plugin.medusa.errors import MedusaError
from omnicart_plugin.medusa.flight import Flight
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.sales.periods import Calendar
from omnicart_plugin.sales.trail import Trails, trails
from omnicart_plugin.storage.ledgers import Ledger
from omnicart_plugin.stores import Store

if TYPE_CHECKING:
    from omnicart_plugin.sales.figures import Orders, Revenue

T = TypeVar("T")


@dataclass(kw_only=True)
class Sight:
    """Answers hold until a look finds that the store has changed, whatever their age."""

    tasks: TaskGroup
    store: Store
    trails: Trails = field(default_factory=trails)
    running: anyio.Event | None = None
    """The look that is under way; set when it has something to show."""
    following: anyio.Event | None = None
    """The look that comes after it."""
    is_awaited: bool = False
    """A look is going to begin soon."""
    is_due: bool = True
    """Something happened that only a look which has yet to begin can see."""
    begun: float = float("-inf")
    """When the last look began, monotonic."""
    looked_at: datetime | None = None
    """When the last look that went well began."""
    fault: Exception | None = None
    """Why the last look did not go well: MedusaError or StorageError."""
    is_elsewhere: bool = False
    """Another process keeps this ledger up to date."""
    ledger: Ledger | None = None
    """As that process left it."""
    earned: dict[Calendar, "Revenue"] = field(default_factory=dict)
    """What was summed of the ledger as it is."""
    counting: "dict[Calendar, Flight[Orders | None]]" = field(default_factory=dict)
    """The periods whose orders are being counted, day by day, since the store has changed."""
    _begun: set[Get[Any]] = field(default_factory=set)
    """What was asked since the store has changed, also where it did not answer."""
    _flights: dict[Get[Any], Flight[Any]] = field(default_factory=dict)
    _known: dict[Get[Any], Any] = field(default_factory=dict)

    def flight(self, question: Get[T]) -> Flight[T]:
        """Ask the store now, whatever is remembered."""
        return Flight(self.tasks, self.store.client.get, question)

    def begin(
        self, question: Get[T], ask: Callable[[T | None], Awaitable[T]] | None = None
    ) -> Callable[[], Awaitable[T | None]]:
        """Ask the store now, unless it has answered since it last changed; wait by calling what comes back.

        That gives what the store said before where it cannot be asked, and None where it never said anything.

        Args:
            question: What is known by this name.
            ask: Finds the answer in view of the one before, where there is a better way than to ask all of it again.
        """
        self._begun.add(question)
        flight = self._flights.get(question)
        if flight is None:
            flight = Flight(self.tasks, ask, self._known.get(question)) if ask else self.flight(question)
            self._flights[question] = flight

        async def landed() -> T | None:
            try:
                self._known[question] = await flight.result()
            except MedusaError as error:
                if self._flights.get(question) is flight:
                    del self._flights[question]
                self.fault = self.fault or error
            known: T | None = self._known.get(question)
            return known

        return landed

    def expire(self) -> None:
        """The store has changed: what is on its way was asked too early, too.

        Of what it said before only that is kept which somebody wanted to know since.
        """
        self.counting.clear()
        if self._begun:
            self._known = {question: known for question, known in self._known.items() if question in self._begun}
            self._begun.clear()
            self._flights.clear()

    @property
    def age(self) -> float:
        """Seconds since the last look began."""
        return monotonic() - self.begun
