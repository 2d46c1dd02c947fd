"""A store's ledger, brought up to date: every payment once, then whatever the store changed since.

The first fill pages by id: ids neither move nor repeat, so a page holds the same rows whatever happens meanwhile, and
what is new or changed since the fill began is met by following. That asks two lists by the time of their last change,
because a refund moves the order's and not the payment's, and a capture the payment's and not the order's: payments
first and orders after them, so that the later answer is the newer one. A capture in part moves neither: so payments
that may yet be captured are read again, the newest every time and the others by turns.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, TypeVar

from msgspec.structs import replace

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.flight import Flight
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.sales.ahead import Ahead, Begin
from omnicart_plugin.sales.reading import LONG_AGO, of_payments
from omnicart_plugin.sales.trail import OVERLAP, Step, Trail, Trails
from omnicart_plugin.storage import ledgers, payments
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.ledgers import Ledger
from omnicart_plugin.storage.payments import Payment

T = TypeVar("T")

PAGE = 2500
AT_ONCE = 2
"""Pages of a fill that are on their way at a time."""
HELD_SECONDS = 20.0
"""How long a ledger stays held by a process that died."""
CHECKED = timedelta(hours=1)
"""How often it is compared with the store's own count."""
OPEN_AT_ONCE = 100
"""Payments that may yet be captured are read again so many at a time; their ids must fit into an address."""
_COUNTS = 3
"""How often the store is asked before a difference is believed."""


class LedgerLostError(Exception):
    """Another process holds it, or the account is gone."""


class RefillError(Exception):
    """So much has changed that reading every payment anew costs less."""


class Update:
    """One account's ledger being brought up to date, once.

    Args:
        begin: Sends a question now.
        told: Called when more of a fill is known, and more is to come.
    """

    def __init__(
        self,
        database: Database,
        account_id: str,
        holder: str,
        begin: Begin,
        trails: Trails,
        told: Callable[[], None],
    ) -> None:
        self._database = database
        self._account_id = account_id
        self._holder = holder
        self._begin = begin
        self._trails = trails
        self._told = told
        self.changed = False
        """Whether anything is known that was not."""

    async def run(self, *, daily: bool) -> None:
        """``daily``: the store is another one every day.

        Raises:
            LedgerLostError, MedusaError, StorageError: What is known by then is kept, and the next one goes on.
        """
        ledger = await self._database.run(self._take)
        if daily and ledger.filled_at and ledger.filled_at.date() != datetime.now(UTC).date():
            ledger = await self._forget()
        ledger = await self._up_to_date(ledger)
        if not ledger.checked_at or datetime.now(UTC) - ledger.checked_at > CHECKED:
            await self._check(ledger)

    async def _up_to_date(self, ledger: Ledger) -> Ledger:
        try:
            return await self._fill_and_follow(ledger)
        except RefillError:
            return await self._fill_and_follow(replace(ledger, filled_at=None, done=0))

    async def _fill_and_follow(self, ledger: Ledger) -> Ledger:
        """Raises RefillError, where nothing was just filled."""
        was_filled = ledger.filled_at is not None
        if not was_filled:
            ledger = await self._fill(ledger)
        asked_open = await self._ask_open()
        ledger = await self._walk(self._trails.payments, ledger, may_refill=was_filled)
        if asked_open:
            await self._keep_open(ledger, *asked_open)
        return await self._walk(self._trails.orders, ledger, may_refill=was_filled)

    async def _ask_open(self) -> tuple[Flight[wire.Payments], dict[str, int]] | None:
        """Read payments again that may yet be captured; with them, how many movements of each are known."""
        turn = self._trails.open_after
        known, after = await self._database.run(payments.open_payments, self._account_id, turn, OPEN_AT_ONCE)
        self._trails.open_after = after
        return (self._begin(queries.payments(ids=sorted(known), limit=OPEN_AT_ONCE)), known) if known else None

    async def _keep_open(self, ledger: Ledger, asked: Flight[wire.Payments], known: dict[str, int]) -> None:
        """Keep what was captured in part.

        An answer that came too early to have the last part is kept as open, and so read again.
        """
        read = of_payments((await asked.result()).payments)
        if new := [paid for paid in read if len(paid.captures) + len(paid.refunds) != known.get(paid.id)]:
            await self._keep(ledger, new)

    async def _fill(self, ledger: Ledger) -> Ledger:
        """All payments, on from where the last fill was broken off."""
        if not ledger.done:
            ledger = await self._start(ledger)
        offsets = range(ledger.done, ledger.total, PAGE)
        pages = (queries.payments(sort="id", offset=offset, limit=PAGE) for offset in offsets)
        async for page in Ahead(self._begin, pages, AT_ONCE):
            ledger = replace(ledger, done=min(ledger.done + PAGE, ledger.total))
            await self._keep(ledger, of_payments(page.payments))
            if ledger.done < ledger.total:
                self._told()
        ledger = replace(ledger, filled_at=datetime.now(UTC))
        await self._keep(ledger)
        return ledger

    async def _start(self, ledger: Ledger) -> Ledger:
        """How much there is, and from when on following must look for what changes meanwhile."""
        begun = monotonic()
        asked = [self._begin(trail.newest()) for trail in (self._trails.payments, self._trails.orders)]
        paid, ordered = [await flight.result() for flight in asked]
        return replace(
            ledger,
            total=paid.count or 0,
            payments_until=self._trails.payments.restart(paid, begun),
            orders_until=self._trails.orders.restart(ordered, begun),
        )

    async def _walk(self, trail: Trail[Any, Any], ledger: Ledger, *, may_refill: bool) -> Ledger:
        """All that one list has changed since it was last looked at."""
        begun = monotonic()
        since = getattr(ledger, trail.until) or LONG_AGO
        step: Step | None = Step(since)
        met: dict[str, Any] = {}
        while step:
            page = await self._ask(trail.question(step))
            if may_refill and not met and trail.is_dear(page, ledger.total):
                raise RefillError
            rows = trail.rows(page)
            met |= {row.id: row for row in rows}
            if new := trail.new(rows):
                ledger = replace(ledger, **{trail.until: max(since, step.since - OVERLAP)})
                await self._keep(ledger, trail.payments(new))
                self.changed = True  # also where an order without payments is new
            step = trail.after(step, rows)
        until = trail.settle(met.values(), since, begun)
        if until != since:
            ledger = replace(ledger, **{trail.until: until})
            await self._keep(ledger)
        return ledger

    async def _check(self, ledger: Ledger) -> None:
        """Compare with the store's own count, and begin anew where they disagree for good."""
        for _ in range(_COUNTS):
            theirs = (await self._ask(queries.payments(limit=0))).count
            if theirs == await self._database.run(payments.count, self._account_id):
                break
            ledger = await self._up_to_date(ledger)
        else:
            ledger = await self._up_to_date(await self._forget())
        await self._keep(replace(ledger, checked_at=datetime.now(UTC)))

    async def _ask(self, question: Get[T]) -> T:
        answer: T = await self._begin(question).result()
        return answer

    async def _keep(self, ledger: Ledger, batch: Sequence[Payment] = ()) -> None:
        await self._database.run(self._write, ledger, batch)
        self.changed |= bool(batch)

    async def _forget(self) -> Ledger:
        self.changed = True
        return await self._database.run(self._erase)

    def _take(self, conn: Any) -> Ledger:
        if not ledgers.hold(conn, self._account_id, self._holder, HELD_SECONDS):
            raise LedgerLostError
        return ledgers.read(conn, self._account_id)

    def _write(self, conn: Any, ledger: Ledger, batch: Sequence[Payment]) -> None:
        self._take(conn)
        payments.upsert(conn, self._account_id, batch)
        ledgers.write(conn, ledger, moved=bool(batch))

    def _erase(self, conn: Any) -> Ledger:
        self._take(conn)
        ledgers.forget(conn, self._account_id)
        return Ledger(account_id=self._account_id)
