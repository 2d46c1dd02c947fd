"""What a store earned and sold: of all time, and in a period against the one before."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise
from typing import Any

import msgspec

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.errors import MedusaError
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.sales.ahead import Ahead
from omnicart_plugin.sales.periods import Calendar
from omnicart_plugin.sales.reading import LONG_AGO
from omnicart_plugin.sales.sight import Sight
from omnicart_plugin.storage import ledgers, payments
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError
from omnicart_plugin.storage.ledgers import Ledger, Span

Amounts = dict[str, Decimal]
"""By currency, which are never added up."""

ALL_ORDERS = queries.count_orders()
COUNTS_AT_ONCE = 6


class Revenue(msgspec.Struct, frozen=True, kw_only=True):
    """Captured minus refunded, each when it happened."""

    ledger: Ledger
    """How far this is known."""
    ever: Amounts
    by_span: list[Amounts]
    total: Amounts
    """In the period."""
    before: Amounts
    """In the period before."""
    paid: dict[str, int]
    """The payments of which something was captured in the period, by currency."""


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """Orders that were placed, whatever became of them."""

    by_span: list[int]
    before: int
    """In the period before."""


async def revenue(database: Database, account_id: str, sight: Sight, days: Calendar) -> Revenue:
    """Summed anew where the ledger is not what it was."""
    earned = await database.run(_revenue, account_id, days, sight.earned.get(days))
    same = {period: known for period, known in sight.earned.items() if known.ledger == earned.ledger}
    sight.earned = same | {days: earned}
    return earned


def _revenue(conn: Any, account_id: str, days: Calendar, known: Revenue | None) -> Revenue:
    ledger = ledgers.read(conn, account_id)
    if known and known.ledger == ledger:
        return known
    starts, ends = days.edges[0], days.edges[-1]
    before, total = payments.revenue_between(conn, account_id, [days.before, starts, ends])
    return Revenue(
        ledger=ledger,
        ever=payments.revenue(conn, account_id),
        by_span=payments.revenue_between(conn, account_id, days.edges),
        total=total,
        before=before,
        paid=payments.captured_between(conn, account_id, starts, ends),
    )


async def orders(database: Database, account_id: str, sight: Sight, days: Calendar) -> Orders | None:
    """None where the store did not say. Spans that are over are asked once, and once more when they do not add up.

    A draft that becomes an order keeps the day on which it was drafted.
    """
    *over, running = pairwise((LONG_AGO, days.before, *days.edges))
    asked_all, asked_now = sight.begin(ALL_ORDERS), sight.begin(_count(running))
    everything, now = await asked_all(), await asked_now()
    if everything is None or now is None:
        return None
    try:
        counts = await _over(database, account_id, sight, over, everything.count - now.count)
    except MedusaError:
        return None
    _, before, *by_span = [*counts, now.count]
    return Orders(by_span=by_span, before=before)


async def _over(database: Database, account_id: str, sight: Sight, spans: Sequence[Span], total: int) -> list[int]:
    kept = await database.run(ledgers.order_counts, account_id, spans)
    asked = await _counts(sight, [span for span in spans if span not in kept])
    if not await _is_all(sight, spans, sum((kept | asked).values()), total):
        asked = await _counts(sight, spans)
    if asked:
        with suppress(StorageError):  # the account has gone, or another process keeps the same: they are known anyway
            await database.run(ledgers.keep_order_counts, account_id, asked)
    kept |= asked
    return [kept[span] for span in spans]


async def _is_all(sight: Sight, spans: Sequence[Span], counted: int, total: int) -> bool:
    """An order placed between the two counts that make `total` is in one of them alone: then the spans are asked."""
    whole = spans[0][0], spans[-1][1]
    return counted == total or [counted] == [*(await _counts(sight, [whole])).values()]


async def _counts(sight: Sight, spans: Sequence[Span]) -> dict[Span, int]:
    answers = Ahead(sight.flight, map(_count, spans), COUNTS_AT_ONCE)
    return dict(zip(spans, [answer.count async for answer in answers], strict=True))


def _count(span: Span) -> Get[wire.Count]:
    return queries.count_orders(created_from=span[0], created_before=span[1])
