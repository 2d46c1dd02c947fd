"""What a store changed lately, as one of its lists shows it by the time of the last change."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.sales.reading import LONG_AGO, of_orders, of_payments
from omnicart_plugin.storage.payments import Payment, Turn


class Changing(Protocol):
    """A row of such a list."""

    @property
    def id(self) -> str: ...

    @property
    def updated_at(self) -> datetime | None: ...


P = TypeVar("P", bound=wire.Page)
R = TypeVar("R", bound=Changing)

OVERLAP = timedelta(seconds=30)
"""A change may show up so much later than the time that it bears: it was still being written."""
OLD = timedelta(hours=1)
"""A change that old is not still being written, even if the store's clock and ours disagree."""
_TICK = timedelta(milliseconds=1)
"""What a store's times are cut to."""


class Step(NamedTuple):
    """A page to ask for. In the order of changes the next page begins where this one ends; see `Trail.after`."""

    since: datetime
    sort: Literal["updated_at", "id"] = "updated_at"
    offset: int = 0


class Trail(Generic[P, R]):
    """One list, and what it showed last time, to tell what is new of what comes again.

    Args:
        until: The field of a ledger that says how far this list is known.
        limit: Rows of a page.
        weight: How many payments could be read for what one of these rows costs.
    """

    def __init__(
        self,
        until: Literal["payments_until", "orders_until"],
        ask: Callable[..., Get[P]],
        rows: Callable[[P], Sequence[R]],
        payments: Callable[[Iterable[R]], list[Payment]],
        *,
        limit: int,
        weight: int,
    ) -> None:
        self.until = until
        self.rows = rows
        self.payments = payments
        self._ask = ask
        self._limit = limit
        self._weight = weight
        self._seen: dict[str, R] = {}
        self._newest = LONG_AGO
        self._newest_met = 0.0

    def newest(self) -> Get[P]:
        """The row that changed last."""
        return self._ask(sort="-updated_at", limit=1)

    def question(self, step: Step) -> Get[P]:
        return self._ask(updated_from=step.since, sort=step.sort, offset=step.offset, limit=self._limit)

    def is_dear(self, page: P, payments: int) -> bool:
        """Whether reading all payments anew costs less than reading on from this first page."""
        changed = (page.count or 0) - len(self._seen)
        return changed > self._limit and changed * self._weight > payments

    def new(self, rows: Iterable[R]) -> list[R]:
        return [row for row in rows if self._seen.get(row.id) != row]

    def after(self, step: Step, rows: Sequence[R]) -> Step | None:
        """Where to read on, if there is more.

        Rows that change while they are read move to the end, where they are met again. Where a page is full of rows
        that changed in the same instant, all are read by id instead: under a lower bound none ever leaves that list.
        """
        is_full = len(rows) >= self._limit
        if step.sort == "id":
            return step._replace(offset=step.offset + len(rows)) if is_full else Step(step.since + _TICK)
        if not is_full:
            return None
        last = rows[-1].updated_at or step.since
        return Step(last) if last > step.since else Step(step.since, "id")

    def settle(self, rows: Iterable[R], since: datetime, begun: float) -> datetime:
        """Where to begin next time, after all of `rows` changed since; `begun` is when this look began, monotonic.

        Some way before the newest change, until that was there long enough for all before it to have shown up.
        """
        rows = [*rows]
        newest = max((row.updated_at for row in rows if row.updated_at), default=None)
        if newest is None:
            return since
        if newest != self._newest:
            self._newest, self._newest_met = newest, monotonic()
        is_quiet = begun - self._newest_met >= OVERLAP.total_seconds() or datetime.now(UTC) - newest > OLD
        until = max(since, newest + _TICK if is_quiet else newest - OVERLAP)
        self._seen = {row.id: row for row in rows if row.updated_at and row.updated_at >= until}
        return until

    def restart(self, newest: P, begun: float) -> datetime:
        """Where to begin next time, when all is read otherwise. Of the newest row only the time is known by then."""
        until = self.settle(self.rows(newest), LONG_AGO, begun)
        self._seen = {}
        return until


@dataclass(kw_only=True)
class Trails:
    """What a store showed lately."""

    payments: Trail[wire.Payments, wire.Payment]
    orders: Trail[wire.Orders, wire.Order]
    open_after: Turn | None = None
    """After which it is the turn of payments that may yet be captured."""


def trails(*, payments: int = 1000, orders: int = 100) -> Trails:
    """With so many rows a page. An order weighs 9 KB whatever is asked of it, a payment 0.3."""
    return Trails(
        payments=Trail(
            "payments_until", queries.payments, lambda page: page.payments, of_payments, limit=payments, weight=1
        ),
        orders=Trail(
            "orders_until", queries.order_payments, lambda page: page.orders, of_orders, limit=orders, weight=30
        ),
    )
