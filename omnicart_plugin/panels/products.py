"""Products: the list, and one product with its variants."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import floor

import msgspec

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.panels import words
from omnicart_plugin.panels.collection_changes import UNTITLED as UNTITLED_COLLECTION
from omnicart_plugin.panels.registry import panel
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.webos import (
    Column,
    Crumb,
    Empty,
    Fields,
    FieldsItem,
    Images,
    ImagesItem,
    Node,
    Option,
    Panel,
    Ref,
    Row,
    Table,
    Text,
    Value,
)

STATUSES = (
    Option(value="", label="All"),
    *(Option(value=code, label=label) for code, (label, _) in words.PRODUCT_STATUS.items()),
)
COLUMNS = (
    Column(key="image", label=""),
    Column(key="title", label="Title", sortable=True),
    Column(key="status", label="Status"),
    Column(key="collection", label="Collection"),
    Column(key="created_at", label="Created", sortable=True),
)
NOT_TRACKED = Text(text="Not tracked")
UNTITLED = "Untitled product"


@panel("products", filters={"status": STATUSES}, sorts=("title", "created_at"))
async def products(visit: StoreVisit) -> Panel:
    page, offset, rows = await _find(visit)
    table = visit.table(
        "products",
        COLUMNS,
        [product_row(visit, product) for product in rows],
        total=None if page.count is None else max(page.count, len(rows)),
        offset=offset,
        sort="-created_at",
        search="Title, SKU or handle",
        empty=_empty(visit),
    )
    return visit.panel("Products", [table])


@panel("product", of_item=True)
async def product(visit: StoreVisit) -> Panel:
    asked = visit.begin(queries.product(visit.item_id))
    page, offset = await visit.page(
        lambda offset: queries.variants(visit.item_id, offset=offset, limit=visit.request.limit)
    )
    shown = (await asked()).product
    return visit.panel(
        shown.title or UNTITLED,
        [*_details(visit, shown), _variants(visit, page, offset)],
        subtitle=shown.subtitle or "",
        trail=[Crumb(label="Products", link=visit.link("products"))],
    )


def product_row(visit: StoreVisit, product: wire.Product) -> Row:
    """A row with the cells of `COLUMNS`, linked to its product."""
    return Row(
        id=product.id,
        link=visit.link("product", product.id),
        cells={
            "image": words.image(product.thumbnail, product.title),
            "title": words.text(product.title or UNTITLED),
            "status": words.status(product.status, words.PRODUCT_STATUS),
            "collection": _collection(visit, product),
            "created_at": words.time(product.created_at),
        },
    )


async def _find(visit: StoreVisit) -> tuple[wire.Products, int, Sequence[wire.Product]]:
    """A page of what was searched for, its offset, and its rows: on the first page also the product with this handle.

    The store's search does not look at handles, which are one word in small letters.
    """
    typed = visit.request.search
    handle = typed.lower() if len(typed.split()) == 1 else ""
    asked = visit.begin(_question(visit, 0, handle=handle)) if handle and visit.request.offset == 0 else None
    page, offset = await visit.page(lambda offset: _question(visit, offset, typed))
    if offset:
        return page, offset, [product for product in page.products if not handle or product.handle != handle]
    known = {product.id for product in page.products}
    named = (await asked()).products if asked else ()
    return page, offset, [*(product for product in named if product.id not in known), *page.products]


def _question(visit: StoreVisit, offset: int, q: str = "", *, handle: str = "") -> Get[wire.Products]:
    status = visit.request.filters.get("status", "")
    return queries.products(
        q,
        handle=handle,
        status=[status] if status else [],
        sort=visit.request.sort or "-created_at",
        offset=offset,
        limit=visit.request.limit,
    )


def _empty(visit: StoreVisit) -> Empty:
    if visit.narrowed:
        return Empty(title="No products match", text="Try another title, SKU, handle or status.")
    return Empty(title="No products yet", text="Products appear here once they are made in Medusa.")


def _collection(visit: StoreVisit, product: wire.Product) -> Ref | None:
    group = product.collection
    return words.ref(group.title or UNTITLED_COLLECTION, visit.link("collection", group.id)) if group else None


def _details(visit: StoreVisit, product: wire.Product) -> Iterator[Node]:
    """What the product has; a part that it has nothing for is left out."""
    pictures = list(dict.fromkeys(image.url for image in product.images)) or [product.thumbnail or ""]
    if any(pictures):
        yield Images(items=[ImagesItem(url=url, alt=product.title) for url in pictures])
    yield Fields(
        items=words.fields(
            status=words.status(product.status, words.PRODUCT_STATUS),
            collection=_collection(visit, product),
            handle=words.text(product.handle),
            created=words.time(product.created_at),
            changed=words.time(product.updated_at),
            description=words.text(product.description),
        )
    )
    options = [
        FieldsItem(label=option.title, value=words.text(", ".join(value.value for value in option.values)))
        for option in product.options
    ]
    if options:
        yield Fields(title="Options", items=options)


def _variants(visit: StoreVisit, page: wire.Variants, offset: int) -> Table:
    currencies = sorted({price.currency_code for variant in page.variants for price in variant.prices if _plain(price)})
    columns = [
        Column(key="title", label="Variant"),
        Column(key="sku", label="SKU"),
        *(Column(key=f"price_{code}", label=f"Price {code.upper()}", align="end") for code in currencies),
        Column(key="stock", label="Stock", align="end"),
    ]
    rows = [Row(id=variant.id, cells=_cells(variant, currencies)) for variant in page.variants]
    empty = Empty(title="No variants", text="This product cannot be sold before it has one.")
    return visit.table("variants", columns, rows, total=page.count, offset=offset, empty=empty)


def _cells(variant: wire.Variant, currencies: Sequence[str]) -> dict[str, Value | None]:
    prices = {price.currency_code: price.amount for price in variant.prices if _plain(price)}
    stock = words.quantity(_available(variant)) if variant.manage_inventory else NOT_TRACKED
    return {
        "title": words.text(variant.title),
        "sku": words.text(variant.sku),
        **{f"price_{code}": words.money(prices.get(code), code) for code in currencies},
        "stock": stock,
    }


def _available(variant: wire.Variant) -> Decimal | None:
    """How many can be made up of what is there and not reserved; None where nothing is counted. Medusa computes so."""
    parts = [*map(_makes, variant.inventory_items)]
    known = [many for many in parts if many is not None]
    return Decimal(min(known)) if parts and len(known) == len(parts) else None


def _makes(item: wire.VariantInventoryItem) -> int | None:
    """How many variants this part is enough for; None where the store does not say."""
    part = item.inventory or wire.InventoryItem(stocked_quantity=None)
    if part.stocked_quantity is msgspec.UNSET:
        return None
    stocked, reserved = part.stocked_quantity or Decimal(0), part.reserved_quantity or Decimal(0)
    takes = item.required_quantity or Decimal(1)
    return floor((stocked - reserved) / takes) if all(map(words.is_quantity, (stocked, reserved, takes))) else None


def _plain(price: wire.Price) -> bool:
    """For everyone, in any quantity."""
    return not price.rules and price.min_quantity is None and price.max_quantity is None
