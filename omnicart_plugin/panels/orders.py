"""Orders: the list, and one order with all that belongs to it."""

from collections.abc import Sequence

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.errors import NotFound
from omnicart_plugin.panels import words
from omnicart_plugin.panels.order_changes import order_actions
from omnicart_plugin.panels.order_parts import details
from omnicart_plugin.panels.order_search import ALL, find
from omnicart_plugin.panels.registry import panel
from omnicart_plugin.panels.timeline import timeline
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.webos import Column, Crumb, Empty, Option, Panel, Row

STATUSES = (
    Option(value="", label="All but archived"),
    Option(value="pending", label="Pending"),
    Option(value="completed", label="Completed"),
    Option(value="canceled", label="Cancelled"),
    Option(value="archived", label="Archived"),
    Option(value=ALL, label="All"),
)
COLUMNS = (
    Column(key="display_id", label="Order", sortable=True),
    Column(key="created_at", label="Date", sortable=True),
    Column(key="customer", label="Customer"),
    Column(key="payment", label="Payment"),
    Column(key="fulfillment", label="Fulfilment"),
    Column(key="total", label="Total", align="end"),
)


@panel("orders", filters={"status": STATUSES}, sorts=("display_id", "created_at"))
async def orders(visit: StoreVisit) -> Panel:
    found = await find(visit)
    table = visit.table(
        "orders",
        COLUMNS,
        [order_row(visit, order) for order in found.orders],
        total=found.total,
        offset=found.offset,
        sort="-created_at",
        search="Number, email or name",
        empty=_empty(visit),
    )
    return visit.panel("Orders", [table])


@panel("order", of_item=True)
async def order(visit: StoreVisit) -> Panel:
    begun = visit.begin(queries.order_changes(visit.item_id))
    shown = (await visit.ask(queries.order(visit.item_id))).order
    try:
        changes = (await begun()).order_changes
    except NotFound:  # an older Medusa has no such route
        changes = ()
    return visit.panel(
        f"Order {words.number(shown)}",
        [*details(visit, shown), timeline(shown, changes)],
        subtitle=words.buyer(shown),
        actions=order_actions(visit, shown),
        trail=[Crumb(label="Orders", link=visit.link("orders"))],
    )


def order_row(visit: StoreVisit, order: wire.Order, columns: Sequence[Column] = COLUMNS) -> Row:
    """A row with a cell for each of the columns, which are all or some of `COLUMNS`; linked to its order."""
    cells = {
        "display_id": words.text(words.number(order)),
        "created_at": words.time(order.created_at),
        "customer": words.text(words.buyer(order)),
        "payment": words.status(order.payment_status, words.PAYMENT_STATUS),
        "fulfillment": words.fulfillment(order),
        "total": words.money(order.total, order.currency_code),
    }
    return Row(
        id=order.id, link=visit.link("order", order.id), cells={column.key: cells[column.key] for column in columns}
    )


def _empty(visit: StoreVisit) -> Empty:
    if visit.request.search or visit.request.filters.get("status", ALL) not in {"", ALL}:
        return Empty(title="No orders match", text="Try another number, email or filter.")
    return Empty(title="No orders yet", text="Orders appear here as soon as customers place them.")
