"""Collections: the list, and one collection with its products."""

import msgspec

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.panels import words
from omnicart_plugin.panels.collection_changes import UNTITLED
from omnicart_plugin.panels.products import product_row
from omnicart_plugin.panels.registry import panel
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.webos import Action, Column, Crumb, Empty, Field, Number, Panel, Row

COLUMNS = (
    Column(key="title", label="Title", sortable=True),
    Column(key="handle", label="Handle"),
    Column(key="products", label="Products", align="end"),
    Column(key="created_at", label="Created", sortable=True),
)
PRODUCT_COLUMNS = (
    Column(key="image", label=""),
    Column(key="title", label="Title", sortable=True),
    Column(key="status", label="Status"),
    Column(key="created_at", label="Created", sortable=True),
)
TITLE = Field(name="title", label="Title", required=True)
HANDLE = Field(
    name="handle", label="Handle", help="Its name in addresses. Made from the title, if you leave this empty."
)
PICK = Field(
    name="products",
    label="Products",
    type="pick",
    panel="products",
    required=True,
    help="A product is in one collection at most: it leaves the one that it is in now.",
)


@panel("collections", sorts=("title", "created_at"))
async def collections(visit: StoreVisit) -> Panel:
    request = visit.request
    page, offset = await visit.page(
        lambda offset: queries.collections(
            request.search, sort=request.sort or "-created_at", offset=offset, limit=request.limit
        )
    )
    create = visit.action("collection.create", fields=[TITLE, HANDLE], primary=True)
    table = visit.table(
        "collections",
        COLUMNS,
        [_row(visit, group) for group in page.collections],
        total=page.count,
        offset=offset,
        sort="-created_at",
        search="Title",
        empty=_no_collections(visit),
    )
    return visit.panel("Collections", [table], actions=[create])


@panel("collection", of_item=True, sorts=("title", "created_at"))
async def collection(visit: StoreVisit) -> Panel:
    request = visit.request
    asked = visit.begin(queries.collection(visit.item_id))
    page, offset = await visit.page(
        lambda offset: queries.products(
            request.search,
            collection_ids=[visit.item_id],
            sort=request.sort or "-created_at",
            offset=offset,
            limit=request.limit,
        )
    )
    shown = (await asked()).collection
    table = visit.table(
        "products",
        PRODUCT_COLUMNS,
        [_product_row(visit, shown, product) for product in page.products],
        total=page.count,
        offset=offset,
        sort="-created_at",
        search="Title or SKU",
        empty=_no_products(visit),
    )
    return visit.panel(
        shown.title or UNTITLED,
        [table],
        subtitle=f"Handle: {shown.handle}" if shown.handle else "",
        actions=_actions(visit, shown),
        trail=[Crumb(label="Collections", link=visit.link("collections"))],
    )


def _row(visit: StoreVisit, group: wire.Collection) -> Row:
    return Row(
        id=group.id,
        link=visit.link("collection", group.id),
        cells={
            "title": words.text(group.title or UNTITLED),
            "handle": words.text(group.handle),
            "products": Number(number=len(group.products)),
            "created_at": words.time(group.created_at),
        },
    )


def _product_row(visit: StoreVisit, group: wire.Collection, product: wire.Product) -> Row:
    row = product_row(visit, product)
    chosen = {"products": [product.id]}
    remove = visit.action("collection.remove_products", label="Remove", item_id=group.id, values=chosen)
    cells = {column.key: row.cells[column.key] for column in PRODUCT_COLUMNS}
    return msgspec.structs.replace(row, cells=cells, actions=[remove])


def _actions(visit: StoreVisit, group: wire.Collection) -> list[Action]:
    title = msgspec.structs.replace(TITLE, value=group.title)
    handle = msgspec.structs.replace(HANDLE, value=group.handle or "", help="Its name in addresses.")
    return [
        visit.action("collection.add_products", item_id=group.id, fields=[PICK], primary=True),
        visit.action("collection.update", item_id=group.id, fields=[title, handle]),
        visit.action("collection.delete", item_id=group.id),
    ]


def _no_collections(visit: StoreVisit) -> Empty:
    if visit.narrowed:
        return Empty(title="No collections match", text="Try another title.")
    return Empty(title="No collections yet", text="A collection holds products that belong together.")


def _no_products(visit: StoreVisit) -> Empty:
    if visit.narrowed:
        return Empty(title="No products match", text="Try another title or SKU.")
    return Empty(title="No products in this collection", text="Add the products that belong together.")
