"""The store at a glance: how much there is of everything, and the newest orders."""

from omnicart_plugin.medusa import queries
from omnicart_plugin.panels.orders import COLUMNS, order_row
from omnicart_plugin.panels.registry import panel
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.webos import Column, Empty, Metric, Metrics, Number, Panel, Table

NEWEST = 5


@panel("overview")
async def overview(visit: StoreVisit) -> Panel:
    counts = {
        "Orders": visit.begin(queries.count_orders()),
        "Customers": visit.begin(queries.count_customers()),
        "Products": visit.begin(queries.count_products()),
    }
    newest = (await visit.ask(queries.orders(limit=NEWEST))).orders
    metrics = [
        Metric(
            id=label.lower(),
            label=label,
            value=Number(number=(await count()).count),
            link=visit.link("orders") if label == "Orders" else None,
        )
        for label, count in counts.items()
    ]
    columns = [Column(key=column.key, label=column.label, align=column.align) for column in COLUMNS]
    rows = [order_row(visit, order) for order in newest]
    empty = Empty(title="No orders yet", text="Orders appear here as soon as customers place them.")
    table = Table(id="newest", columns=columns, rows=rows, total=len(rows), limit=NEWEST, empty=empty)
    return visit.panel("Overview", [Metrics(items=metrics), table], subtitle=visit.account.label)
