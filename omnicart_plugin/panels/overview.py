"""The store at a glance: how much there is of everything, what it earned in a period, and its newest orders."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Literal, cast

from msgspec.structs import replace

from omnicart_plugin import problems
from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.panels import words
from omnicart_plugin.panels.order_search import ALL
from omnicart_plugin.panels.orders import COLUMNS, order_row
from omnicart_plugin.panels.registry import panel
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.sales import figures
from omnicart_plugin.sales.figures import Orders, Revenue
from omnicart_plugin.sales.periods import DEFAULT, Calendar, Period, calendar, zone
from omnicart_plugin.sales.sight import Sight
from omnicart_plugin.sales.watch import COUNTS
from omnicart_plugin.stores import DOWN, Answer
from omnicart_plugin.webos import (
    Chart,
    Column,
    Empty,
    Filter,
    Link,
    Metric,
    Metrics,
    Node,
    Notice,
    Number,
    Option,
    Panel,
    Progress,
    Series,
    Table,
)

NEWEST = 5
_NEWEST = queries.orders(limit=NEWEST)
PERIODS = (
    Option(value="today", label="Today"),
    Option(value="7d", label="7 days"),
    Option(value="30d", label="30 days"),
    Option(value="90d", label="90 days"),
    Option(value="12m", label="12 months"),
)
_BEFORE = {option.value: f"the {option.label} before" for option in PERIODS} | {"today": "yesterday"}
_AVERAGE_DIGITS = 4
_REVENUE = "captured minus refunded"


@panel("overview", filters={"period": PERIODS})
async def overview(visit: StoreVisit) -> Panel:
    period = cast("Period", visit.request.filters.get("period", DEFAULT))
    days = calendar(period, zone(visit.request.ctx.timezone), datetime.now(UTC))
    sight = await visit.sales.look(visit.account, visit.store, fresh=visit.request.fresh)
    asked_newest, asked_all = sight.begin(_NEWEST, partial(_ask_newest, sight)), sight.begin(figures.ALL_ORDERS)
    asked_pending = sight.begin(queries.count_orders(status=["pending"]))
    counts = [await _counted(visit, question) for question in COUNTS]
    earned = await figures.revenue(visit.sales.database, visit.account.id, sight, days)
    is_filled = earned.ledger.filled_at is not None  # until then the store has enough to answer
    sold = await visit.sales.orders(visit.account, sight, days) if is_filled else None
    newest, pending, everything = await asked_newest(), await asked_pending(), await asked_all()
    _refuse_if_nothing_is_known(sight, newest, earned)
    visit.answers.append(_answer(visit, sight))
    body = [
        *_how_far(sight, earned),
        Metrics(items=[*_whole(visit, [everything.count if everything else None, *counts]), *_ever(visit, earned)]),
        _choice(period),
        Metrics(items=[*_of_period(period, earned, sold), _pending(visit, pending)]),
        *_charts(days, earned, sold),
        _newest(visit, newest),
    ]
    return visit.panel("Overview", body, subtitle=visit.account.label)


async def _ask_newest(sight: Sight, before: wire.Orders | None) -> wire.Orders:
    """Orders stay, so the newest are no older than the newest were: that spares the store sorting all it has.

    Fewer than before are there if it is another store now.
    """
    if before and len(before.orders) == NEWEST:
        since = queries.orders(limit=NEWEST, created_from=before.orders[-1].created_at)
        newest = await sight.flight(since).result()
        if len(newest.orders) == NEWEST:
            return newest
    return await sight.flight(_NEWEST).result()


async def _counted(visit: StoreVisit, question: Get[wire.Count]) -> int | None:
    """None where the store never said it."""
    try:
        return (await visit.store.begin(question, look=visit.look)()).value.count
    except DOWN:
        return None


def _refuse_if_nothing_is_known(sight: Sight, newest: wire.Orders | None, earned: Revenue) -> None:
    """Raises what came in the way of the last look, where nothing else can be shown or only a person can mend it."""
    if sight.fault and (isinstance(sight.fault, problems.REAUTH) or not (newest or earned.ledger.done)):
        raise sight.fault


def _answer(visit: StoreVisit, sight: Sight) -> Answer[None]:
    """How old the figures are, and whether the store could not be asked for newer ones."""
    source: Literal["demo", "live"] = "demo" if visit.account.kind == "demo" else "live"
    as_of = sight.looked_at or datetime.now(UTC)
    return Answer(value=None, as_of=as_of, source=source, failed=isinstance(sight.fault, DOWN))


def _how_far(sight: Sight, earned: Revenue) -> Iterator[Node]:
    """What keeps the figures from being whole and new, if anything does."""
    ledger = earned.ledger
    if sight.fault and not isinstance(sight.fault, DOWN):
        told = problems.of(sight.fault)
        yield Notice(tone="warning", title=told.title, text=f"{told.detail} The figures may be old.")
    if ledger.filled_at:
        if sight.counting:
            yield Progress(label="Counting the orders of each day", done=0)
        return
    if sight.running or sight.is_elsewhere:
        yield Progress(label="Reading the payments of the store", done=ledger.done, total=ledger.total or None)
    elif ledger.total:
        text = f"{ledger.done:,} of {ledger.total:,} payments are known. The rest is read when the store answers again."
        yield Notice(tone="warning", title="The revenue is not complete", text=text)


def _whole(visit: StoreVisit, counts: Sequence[int | None]) -> Iterator[Metric]:
    links = (_orders(visit, ALL), visit.link("customers"), visit.link("products"))
    for label, count, link in zip(("Orders", "Customers", "Products"), counts, links, strict=True):
        yield Metric(id=label.lower(), label=label, value=_number(count), link=link)


def _ever(visit: StoreVisit, earned: Revenue) -> Iterator[Metric]:
    for currency, amount in sorted(earned.ever.items()):
        yield Metric(
            id=f"revenue-{currency}",
            label=f"Revenue {currency.upper()}",
            value=words.money(amount, currency),
            hint=f"All time, {_REVENUE}",
            link=_orders(visit, ALL),
        )


def _choice(period: Period) -> Table:
    """The table of this panel that filters: it has no rows of its own, as the period is that of all figures below."""
    choice = Filter(key="period", label="Period", options=list(PERIODS), value=period)
    return Table(id="period", columns=[], rows=[], total=0, filters=[choice])


def _of_period(period: Period, earned: Revenue, sold: Orders | None) -> Iterator[Metric]:
    for currency in sorted(earned.ever):
        total = earned.total.get(currency, Decimal(0))
        yield Metric(
            id=f"period-revenue-{currency}",
            label=f"Revenue {currency.upper()}",
            value=words.money(total, currency),
            hint=_REVENUE.capitalize(),
            change=_change(total, earned.before.get(currency)),
        )
        if paid := earned.paid.get(currency):
            yield Metric(
                id=f"period-average-{currency}",
                label=f"Average order {currency.upper()}",
                value=words.money(round(total / paid, _AVERAGE_DIGITS), currency),
                hint="From 1 paid order" if paid == 1 else f"From {paid:,} paid orders",
            )
    count = sum(sold.by_span) if sold else None
    change = _change(sum(sold.by_span), sold.before) if sold else None
    hint = "" if change is None else f"Against {_BEFORE[period]}"
    yield Metric(id="period-orders", label="Orders", value=_number(count), hint=hint, change=change)


def _pending(visit: StoreVisit, pending: wire.Count | None) -> Metric:
    value, link = _number(pending.count if pending else None), _orders(visit, "pending")
    return Metric(id="pending", label="Pending orders", value=value, hint="Now, whenever they were placed", link=link)


def _orders(visit: StoreVisit, status: str) -> Link:
    return replace(visit.link("orders"), filters={"status": status})


def _change(now: Decimal | int, before: Decimal | int | None) -> float | None:
    return float((now - before) / before) if before and before > 0 else None


def _number(count: int | None) -> Number | None:
    return None if count is None else Number(number=count)


def _charts(days: Calendar, earned: Revenue, sold: Orders | None) -> Iterator[Chart]:
    for currency in sorted({currency for span in earned.by_span for currency in span}):
        code = currency.upper()
        amounts = [span.get(currency, Decimal(0)) for span in earned.by_span]
        series = Series(label=code, points=[*zip(days.marks, amounts, strict=True)])
        yield Chart(title=f"Revenue in {code}, {_REVENUE}", unit=code, series=[series])
    if sold:
        points = [*zip(days.marks, map(Decimal, sold.by_span), strict=True)]
        yield Chart(title="Orders", series=[Series(label="Orders", points=points)])


def _newest(visit: StoreVisit, newest: wire.Orders | None) -> Table:
    columns = [Column(key=column.key, label=column.label, align=column.align) for column in COLUMNS]
    rows = [order_row(visit, order) for order in (newest.orders if newest else ())]
    empty = Empty(title="No orders yet", text="Orders appear here as soon as customers place them.")
    if newest is None:
        empty = Empty(
            title="The newest orders are not known", text="The store did not tell them. Refresh to ask again."
        )
    return Table(id="newest", columns=columns, rows=rows, total=len(rows), limit=NEWEST, empty=empty)
