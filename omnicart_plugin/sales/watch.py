"""Who looks at which store when: one look per account at a time, in a task that outlives whoever asked for it."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from uuid import uuid4

import anyio
from anyio.abc import TaskGroup

from omnicart_plugin.accounts.directory import Account
from omnicart_plugin.medusa import queries
from omnicart_plugin.medusa.errors import MedusaError
from omnicart_plugin.medusa.flight import Flight
from omnicart_plugin.sales import figures
from omnicart_plugin.sales.figures import Orders
from omnicart_plugin.sales.ledger import LedgerLostError, Update
from omnicart_plugin.sales.periods import Calendar
from omnicart_plugin.sales.sight import Sight
from omnicart_plugin.storage import ledgers
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError
from omnicart_plugin.stores import Store

log = logging.getLogger("omnicart")

FRESH_SECONDS = 10.0
WAIT_SECONDS = 5.0
"""How long a panel waits for a look before it shows what is known. For a fill of many pages it does not wait at all."""
COUNT_SECONDS = 2.0
"""How long it waits for the orders of each day to be counted."""
GAP_SECONDS = 2.0
"""Between the beginnings of two looks that nobody waits for: many windows may be open on one store."""
TOLD_SECONDS = 1.0
"""Between two words about a fill that goes on."""
SHOWN_IN = frozenset({"overview"})
COUNTS = (queries.count_customers(), queries.count_products())
"""What is looked at besides payments and orders."""


class Sales:
    """The ledgers of all accounts, kept up to date while someone looks.

    Args:
        changed: Called with the panels whose data a look changed.
    """

    def __init__(self, database: Database, tasks: TaskGroup, changed: Callable[[Account, set[str]], None]) -> None:
        self.database = database
        self._tasks = tasks
        self._changed = changed
        self._holder = uuid4().hex
        self._sights: dict[str, Sight] = {}

    async def look(self, account: Account, store: Store, *, fresh: bool) -> Sight:
        """Look at the store, unless that was done lately, and wait a moment for what it shows."""
        sight = self._sight(account, store)
        if sight.running and not fresh and not sight.is_due:
            done = sight.running
        elif fresh or sight.is_due or sight.age > FRESH_SECONDS:
            sight.expire()
            done = self._begin(account, sight)
        else:
            return sight
        with anyio.move_on_after(WAIT_SECONDS):
            await done.wait()
        return sight

    async def orders(self, account: Account, sight: Sight, days: Calendar) -> Orders | None:
        """Counted day by day; None while that takes long, and whoever shows it hears when it is done."""
        counting = sight.counting.get(days)
        if counting is None:
            counting = sight.counting[days] = Flight(self._tasks, self._count, account, sight, days, monotonic())
        with anyio.move_on_after(COUNT_SECONDS), suppress(MedusaError):
            counted: Orders | None = await counting.result()
            return counted
        return None

    async def _count(self, account: Account, sight: Sight, days: Calendar, begun: float) -> Orders | None:
        mine = sight.counting.get(days)
        try:
            counted = await figures.orders(self.database, account.id, sight, days)
        finally:
            if sight.counting.get(days) is mine:
                sight.counting.pop(days, None)
        if counted and monotonic() - begun >= COUNT_SECONDS:  # somebody may have ceased to wait
            self._changed(account, {*SHOWN_IN})
        return counted

    def follow(self, account: Account, store: Store) -> None:
        """Look at the store soon; whoever shows it hears if it has changed."""
        sight = self._sight(account, store)
        if not sight.is_awaited:
            sight.is_awaited = True
            self._tasks.start_soon(self._follow, account, sight)

    async def _follow(self, account: Account, sight: Sight) -> None:
        await anyio.sleep(max(0.0, GAP_SECONDS - sight.age))
        sight.is_awaited = False
        self._begin(account, sight)

    def expire(self, account_id: str | None) -> None:
        """Someone changed the store through here: whoever looks next wants to see it."""
        sight = self._sights.get(account_id or "")
        if sight:
            sight.is_due = True
            sight.expire()

    async def aclose(self) -> None:
        """Let go of the ledgers that this process holds."""
        for account_id in self._sights:
            with suppress(StorageError):  # it is let go of when its time is up
                await self.database.run(ledgers.let_go, account_id, self._holder)

    def _sight(self, account: Account, store: Store) -> Sight:
        sight = self._sights.get(account.id)
        if sight is None:
            sight = self._sights[account.id] = Sight(tasks=self._tasks, store=store)
        if sight.store is not store:
            sight.store, sight.is_due = store, True
            sight.expire()
        return sight

    def _begin(self, account: Account, sight: Sight) -> anyio.Event:
        """Set when a look that has yet to begin has something to show."""
        sight.is_due = False
        if sight.running is None:
            sight.running = anyio.Event()
            self._tasks.start_soon(self._run, account, sight)
            return sight.running
        sight.following = sight.following or anyio.Event()
        return sight.following

    async def _run(self, account: Account, sight: Sight) -> None:
        """Look until nobody waits for another look."""
        while sight.running:
            try:
                await self._look(account, sight)
            finally:
                sight.running.set()
                sight.running, sight.following = sight.following, None

    async def _look(self, account: Account, sight: Sight) -> None:
        sight.begun = monotonic()
        started, fault_before = datetime.now(UTC), sight.fault
        is_demo = account.kind == "demo"
        update = Update(
            self.database, account.id, self._holder, sight.flight, sight.trails, self._teller(account, sight)
        )
        counts = [sight.store.begin(question, fresh=True) for question in COUNTS]
        sight.fault, sight.is_elsewhere = None, False
        try:
            try:
                await update.run(daily=is_demo)
                for count in counts:
                    await count()
                sight.looked_at = started
            except LedgerLostError:
                update.changed = await self._changed_elsewhere(account, sight)
        except (MedusaError, StorageError) as error:
            sight.fault = error
        except Exception as error:
            log.error("the figures of a store could not be brought up to date", exc_info=error)  # noqa: TRY400 - the error is there
            sight.fault = error
        if update.changed:
            sight.expire()
        if update.changed or (sight.fault is None) != (fault_before is None):
            self._changed(account, {*SHOWN_IN})

    async def _changed_elsewhere(self, account: Account, sight: Sight) -> bool:
        """What another process found out."""
        sight.is_elsewhere = True
        before, sight.ledger = sight.ledger, await self.database.run(ledgers.read, account.id)
        return before != sight.ledger

    def _teller(self, account: Account, sight: Sight) -> Callable[[], None]:
        """Lets those go on who wait for a fill that has more to come, and tells now and then that more is known."""
        told = monotonic()

        def tell() -> None:
            nonlocal told
            if sight.running:
                sight.running.set()
            if monotonic() - told > TOLD_SECONDS:
                told = monotonic()
                self._changed(account, {*SHOWN_IN})

        return tell
