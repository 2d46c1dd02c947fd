"""Draft orders: the list, and one draft, shown like the order that it may become."""

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.errors import NotFound
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.panels import words
from omnicart_plugin.panels.draft_changes import draft_actions, is_order
from omnicart_plugin.panels.order_parts import details
from omnicart_plugin.panels.registry import panel
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.webos import Column, Crumb, Empty, Fields, Panel, Row

COLUMNS = (
    Column(key="display_id", label="Draft", sortable=True),
    Column(key="created_at", label="Date", sortable=True),
    Column(key="customer", label="Customer"),
    Column(key="total", label="Total", align="end"),
)


@panel("draft-orders", sorts=("display_id", "created_at"))
async def draft_orders(visit: StoreVisit) -> Panel:
    page, offset = await visit.page(lambda offset: _question(visit, offset))
    table = visit.table(
        "draft-orders",
        COLUMNS,
        [_row(visit, draft) for draft in page.draft_orders],
        total=page.count,
        offset=offset,
        sort="-created_at",
        search="Number, email or name",
        empty=_empty(visit),
    )
    return visit.panel("Draft orders", [table])


@panel("draft-order", of_item=True)
async def draft_order(visit: StoreVisit) -> Panel:
    trail = [Crumb(label="Draft orders", link=visit.link("draft-orders"))]
    try:
        draft = (await visit.ask(queries.draft_order(visit.item_id))).draft_order
    except NotFound:
        return await _converted(visit, trail)
    return visit.panel(
        f"Draft {words.number(draft)}",
        [*details(visit, draft)],
        subtitle=words.buyer(draft),
        actions=draft_actions(visit, draft),
        trail=trail,
    )


async def _converted(visit: StoreVisit, trail: list[Crumb]) -> Panel:
    """Where the draft's order is. Raises NotFound where there is none either."""
    one = await visit.ask(queries.order_state(visit.item_id))
    if not is_order(one):
        raise NotFound("The store does not have it.")
    shown = words.fields(order=words.ref(words.number(one.order), visit.link("order", one.order.id)))
    return visit.panel("This draft is an order now", [Fields(items=shown)], trail=trail)


def _question(visit: StoreVisit, offset: int) -> Get[wire.DraftOrders]:
    """The store's search knows neither ids nor the sign before a number."""
    typed = visit.request.search
    sort, limit = visit.request.sort or "-created_at", visit.request.limit
    if typed.startswith("order_"):
        return queries.draft_orders(ids=[typed], offset=offset, limit=limit)
    return queries.draft_orders(typed.removeprefix("#").strip(), sort=sort, offset=offset, limit=limit)


def _row(visit: StoreVisit, draft: wire.Order) -> Row:
    return Row(
        id=draft.id,
        link=visit.link("draft-order", draft.id),
        cells={
            "display_id": words.text(words.number(draft)),
            "created_at": words.time(draft.created_at),
            "customer": words.text(words.buyer(draft)),
            "total": words.money(draft.total, draft.currency_code),
        },
    )


def _empty(visit: StoreVisit) -> Empty:
    if visit.narrowed:
        return Empty(title="No drafts match", text="Try another number, email or name.")
    return Empty(title="No draft orders", text="Drafts appear here once they are made in Medusa.")
