"""Every question as a value: what to ask, and the type of the answer.

A question is its own cache key. Each names just the fields that are read, because that is what a store's time goes
into. The list of orders always sends the items too, whatever is asked for; a single order obeys.
"""

import builtins
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Generic, TypeVar
from urllib.parse import quote

import msgspec

from omnicart_plugin.medusa import wire
from omnicart_plugin.medusa.hits import SearchResults

T = TypeVar("T")


class Get(msgspec.Struct, Generic[T], frozen=True):
    path: str
    params: tuple[tuple[str, str], ...]
    type: builtins.type[T]


_ADDRESS = "first_name,last_name,company,address_1,address_2,postal_code,city,province,country_code,phone"
_ORDER_ROW = (
    "id,display_id,status,email,currency_code,created_at,canceled_at,total,customer.first_name,customer.last_name"
)
_DRAFT_SUMMARY = "id,display_id,email,customer.first_name,customer.last_name"
_ORDER_SUMMARY = f"{_DRAFT_SUMMARY},status,canceled_at,fulfillments.id,fulfillments.canceled_at"
_PAYMENT = (
    "id,amount,currency_code,created_at,updated_at,captured_at,canceled_at,"
    "captures.id,captures.amount,captures.created_at,refunds.id,refunds.amount,refunds.created_at"
)


def _under(prefix: str, fields: str) -> str:
    return ",".join(f"{prefix}.{field}" for field in fields.split(","))


_ORDER_PAYMENTS = _under("payment_collections.payments", _PAYMENT)
_ORDER = ",".join(
    [
        "id,display_id,status,email,currency_code,created_at,canceled_at,metadata",
        "item_subtotal,shipping_subtotal,discount_subtotal,tax_total,credit_line_total,total",
        "items.id,items.title,items.subtitle,items.thumbnail,items.product_id,items.variant_title,items.variant_sku",
        "items.quantity,items.unit_price,items.subtotal",
        # Without these a store takes an order that is partly fulfilled for a fulfilled one.
        "items.raw_quantity,items.detail.raw_fulfilled_quantity",
        "payment_collections.id,payment_collections.status,payment_collections.payments.provider_id",
        f"{_ORDER_PAYMENTS},payment_collections.payments.refunds.note",
        "fulfillments.id,fulfillments.created_at,fulfillments.packed_at,fulfillments.shipped_at",
        "fulfillments.delivered_at,fulfillments.canceled_at,fulfillments.labels.tracking_number",
        "shipping_methods.name",
        _under("shipping_address", _ADDRESS),
        _under("billing_address", _ADDRESS),
        "customer.id,customer.email,customer.first_name,customer.last_name,customer.has_account",
        "sales_channel.id,sales_channel.name,region.id,region.name",
    ]
)
COLLECTION = "id,title,handle,created_at"
_CUSTOMER = "id,email,first_name,last_name,company_name,phone,has_account,created_at"
_WHOLE_CUSTOMER = ",".join(
    [_CUSTOMER, _under("addresses", f"id,address_name,{_ADDRESS},is_default_shipping,is_default_billing")]
)
_PAID = "summary.paid_total,summary.refunded_total"


def at(*path: str) -> str:
    """Join a path. An id stays one segment of it, whatever is in it; an empty one names nothing."""
    return "/admin/" + "/".join(quote(_text(part), safe="").replace(".", "%2E") or "-" for part in path)


def _text(typed: str) -> str:
    """What of it a store can read: PostgreSQL knows no NUL, and the answer is then 500."""
    return typed.replace("\0", "")


def picked(fields: str) -> tuple[tuple[str, str], ...]:
    return (("fields", fields),)


def _page(fields: str, q: str, sort: str, offset: int, limit: int) -> tuple[tuple[str, str], ...]:
    """The parameters that lists share. A store answers 500 to an offset below zero."""
    asked = {"q": _text(q), "order": sort, "offset": str(max(offset, 0)), "limit": str(limit)}
    return (*picked(fields), *((name, value) for name, value in asked.items() if value))


def _by_id(sort: str) -> str:
    """The order of making, by ids: they are made in the order of time, and no two are alike.

    What was made in one go, by an import, has one and the same time, and then a store's pages overlap and miss rows.
    """
    return sort.replace("created_at", "id")


def _any_of(name: str, values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((f"{name}[]", value) for value in values)


def _between(name: str, start: datetime | None, end: datetime | None) -> tuple[tuple[str, str], ...]:
    """``start <= name < end``."""
    bounds = (("$gte", start), ("$lt", end))
    return tuple((f"{name}[{op}]", at.astimezone(UTC).isoformat()) for op, at in bounds if at)


def _order_filters(
    status: Iterable[str], not_status: str, created_from: datetime | None, created_before: datetime | None
) -> tuple[tuple[str, str], ...]:
    unwanted = (("status[$ne]", not_status),) if not_status else ()
    return (*_any_of("status", status), *unwanted, *_between("created_at", created_from, created_before))


# Orders


def orders(  # noqa: PLR0913 - what the route filters by
    q: str = "",
    *,
    status: Iterable[str] = (),
    not_status: str = "",
    ids: Iterable[str] = (),
    created_from: datetime | None = None,
    created_before: datetime | None = None,
    sort: str = "-created_at",
    offset: int = 0,
    limit: int = 20,
) -> Get[wire.Orders]:
    """A page of orders, never drafts.

    ``sort``: display_id, created_at or updated_at, ``-`` before it to reverse.
    """
    filters = _order_filters(status, not_status, created_from, created_before)
    page = _page(_ORDER_ROW, q, sort, offset, limit)
    return Get("/admin/orders", (*page, *_any_of("id", ids), *filters), wire.Orders)


def count_orders(
    *,
    status: Iterable[str] = (),
    not_status: str = "",
    created_from: datetime | None = None,
    created_before: datetime | None = None,
) -> Get[wire.Count]:
    filters = _order_filters(status, not_status, created_from, created_before)
    return Get("/admin/orders", (*_page("id", "", "", 0, 0), *filters), wire.Count)


def order(order_id: str) -> Get[wire.OneOrder]:
    """All there is to show of one order but its changes."""
    return Get(at("orders", order_id), picked(_ORDER), wire.OneOrder)


def order_state(order_id: str) -> Get[wire.OneOrder]:
    """Of an order or a draft: what decides what can be done with it, and no word of the customer."""
    fields = (
        "id,display_id,status,currency_code,canceled_at,metadata,total,items.id,fulfillments.id,fulfillments.canceled_at,"
        f"payment_collections.id,{_ORDER_PAYMENTS}"
    )
    return Get(at("orders", order_id), picked(fields), wire.OneOrder)


def order_changes(order_id: str) -> Get[wire.OrderChanges]:
    fields = "id,change_type,status,created_at,actions.action,actions.details"
    return Get(at("orders", order_id, "changes"), picked(fields), wire.OrderChanges)


def draft_orders(
    q: str = "", *, ids: Iterable[str] = (), sort: str = "-created_at", offset: int = 0, limit: int = 20
) -> Get[wire.DraftOrders]:
    page = _page(_ORDER_ROW, q, sort, offset, limit)
    return Get("/admin/draft-orders", (*page, *_any_of("id", ids)), wire.DraftOrders)


def draft_order(draft_id: str) -> Get[wire.OneDraftOrder]:
    return Get(at("draft-orders", draft_id), picked(_ORDER), wire.OneDraftOrder)


# Money


def payments(
    *,
    ids: Iterable[str] = (),
    updated_from: datetime | None = None,
    sort: str = "updated_at",
    offset: int = 0,
    limit: int = 1000,
) -> Get[wire.Payments]:
    """Payments by the time of their last change, or by id.

    A refund is no such change: see `order_payments`. Nor is a capture in part, which no time in any list tells.
    """
    page = _page(_PAYMENT, "", sort, offset, limit)
    filters = (*_any_of("id", ids), *_between("updated_at", updated_from, None))
    return Get("/admin/payments", (*page, *filters), wire.Payments)


def order_payments(
    *, updated_from: datetime | None = None, sort: str = "updated_at", offset: int = 0, limit: int = 100
) -> Get[wire.Orders]:
    """The payments of orders by the time of their last change, which a capture is not: see `payments`; or by id."""
    page = _page(f"id,updated_at,{_ORDER_PAYMENTS}", "", sort, offset, limit)
    return Get("/admin/orders", (*page, *_between("updated_at", updated_from, None)), wire.Orders)


# Products


def products(
    q: str = "",
    *,
    handle: str = "",
    status: Iterable[str] = (),
    collection_ids: Iterable[str] = (),
    sort: str = "-created_at",
    offset: int = 0,
    limit: int = 20,
) -> Get[wire.Products]:
    """A page of products. ``q`` finds variants' SKUs too, but no handles; ``handle`` is a whole one.

    ``sort``: title, created_at or updated_at.
    """
    fields = "id,title,handle,status,thumbnail,created_at,collection.id,collection.title"
    page = _page(fields, q, _by_id(sort), offset, limit)
    named = (("handle", _text(handle)),) if handle else ()
    filters = (*named, *_any_of("status", status), *_any_of("collection_id", collection_ids))
    return Get("/admin/products", (*page, *filters), wire.Products)


def count_products(*, collection_ids: Iterable[str] = ()) -> Get[wire.Count]:
    filters = _any_of("collection_id", collection_ids)
    return Get("/admin/products", (*_page("id", "", "", 0, 0), *filters), wire.Count)


def products_in(collection_id: str, ids: Iterable[str]) -> Get[wire.Products]:
    """Which of these products are in the collection."""
    wanted = tuple(ids)
    page = _page("id,title,collection.id,collection.title", "", "", 0, len(wanted))
    return Get(
        "/admin/products", (*page, *_any_of("collection_id", [collection_id]), *_any_of("id", wanted)), wire.Products
    )


def product(product_id: str) -> Get[wire.OneProduct]:
    """One product without its variants, which page: see `variants`."""
    fields = (
        "id,title,subtitle,handle,status,description,thumbnail,created_at,updated_at,"
        "options.title,options.values.value,images.url,collection.id,collection.title"
    )
    return Get(at("products", product_id), picked(fields), wire.OneProduct)


def variants(product_id: str, *, offset: int = 0, limit: int = 20) -> Get[wire.Variants]:
    """A page of a product's variants by title: by their rank, where many are alike, pages overlap.

    A price's ``rules`` are empty unless the rows behind them are asked for. What is in stock costs half as much by its
    parts as by the store's own ``inventory_quantity``.
    """
    fields = (
        "id,title,sku,manage_inventory,inventory_items.required_quantity,"
        "inventory_items.inventory.stocked_quantity,inventory_items.inventory.reserved_quantity,"
        "prices.currency_code,prices.amount,prices.min_quantity,prices.max_quantity,"
        "prices.price_rules.attribute,prices.price_rules.value"
    )
    return Get(at("products", product_id, "variants"), _page(fields, "", "title", offset, limit), wire.Variants)


# Collections


def collections(q: str = "", *, sort: str = "-created_at", offset: int = 0, limit: int = 20) -> Get[wire.Collections]:
    """A page of collections, with the ids of their products."""
    return Get(
        "/admin/collections", _page(f"{COLLECTION},products.id", q, _by_id(sort), offset, limit), wire.Collections
    )


def collection(collection_id: str) -> Get[wire.OneCollection]:
    """One collection. Its products page: see `products`."""
    return Get(at("collections", collection_id), picked(COLLECTION), wire.OneCollection)


def collections_named(handle: str) -> Get[wire.Collections]:
    """The one of this handle, or none."""
    return Get("/admin/collections", (*picked(COLLECTION), ("handle", _text(handle))), wire.Collections)


def collection_with_products(collection_id: str) -> Get[wire.OneCollection]:
    """One collection with the ids of all its products."""
    return Get(at("collections", collection_id), picked(f"{COLLECTION},products.id"), wire.OneCollection)


# Customers


def customers(
    q: str = "",
    *,
    has_account: bool | None = None,
    sort: str = "-created_at",
    offset: int = 0,
    limit: int = 20,
) -> Get[wire.Customers]:
    kind = () if has_account is None else (("has_account", str(has_account).lower()),)
    return Get("/admin/customers", (*_page(_CUSTOMER, q, _by_id(sort), offset, limit), *kind), wire.Customers)


def count_customers() -> Get[wire.Count]:
    return Get("/admin/customers", _page("id", "", "", 0, 0), wire.Count)


def customer(customer_id: str) -> Get[wire.OneCustomer]:
    return Get(at("customers", customer_id), picked(_WHOLE_CUSTOMER), wire.OneCustomer)


def customer_orders(customer_id: str, *, offset: int = 0, limit: int = 20) -> Get[wire.Orders]:
    """A page of a customer's orders, the newest first, with what was paid and given back, and the customer in each.

    So a customer who has ordered needs no question more. ``total`` is most of what it costs: about 8 ms an order.
    """
    fields = (
        f"id,display_id,status,currency_code,created_at,canceled_at,total,{_PAID},{_under('customer', _WHOLE_CUSTOMER)}"
    )
    page = _page(fields, "", "-created_at", offset, limit)
    return Get("/admin/orders", (*page, ("customer_id", _text(customer_id))), wire.Orders)


def customer_payments(customer_id: str) -> Get[wire.OneBuyer]:
    """What was paid and given back for each of a customer's orders, drafts too, at a tenth of what their list costs.

    It does not page: 0.6 ms an order.
    """
    fields = _under("orders", f"id,status,currency_code,{_PAID}")
    return Get(at("customers", customer_id), picked(fields), wire.OneBuyer)


# The store itself


def stores() -> Get[wire.Stores]:
    """The one store. It also proves a connection, for a user and for a secret key alike."""
    currencies = "currency_code,is_default,currency.code,currency.name,currency.symbol,currency.symbol_native"
    fields = "id,name,default_region_id,default_sales_channel_id,default_location_id"
    listed = _under("supported_currencies", f"{currencies},currency.decimal_digits")
    return Get("/admin/stores", picked(f"{fields},{listed}"), wire.Stores)


def regions(*, offset: int = 0, limit: int = 200) -> Get[wire.Regions]:
    fields = "id,name,currency_code,automatic_taxes,countries.iso_2,countries.display_name,payment_providers.id"
    return Get("/admin/regions", _page(fields, "", "name", offset, limit), wire.Regions)


def sales_channels(*, offset: int = 0, limit: int = 200) -> Get[wire.SalesChannels]:
    """With the locations that each sells from, which costs a quarter of asking for those."""
    page = _page("id,name,stock_locations.id,stock_locations.name", "", "name", offset, limit)
    return Get("/admin/sales-channels", page, wire.SalesChannels)


def stock_locations(ids: Iterable[str]) -> Get[wire.StockLocations]:
    """Those of these ids that there are."""
    return Get("/admin/stock-locations", (*picked("id,name"), *_any_of("id", ids)), wire.StockLocations)


# Search


SEARCHABLE = ("order", "product", "customer", "product_collection")


def search(q: str, entities: Iterable[str] = SEARCHABLE, *, limit: int = 5) -> Get[SearchResults]:
    """All kinds in one request. Stores before late 2.x answer 404: ask the lists instead.

    It knows no ``order_…`` ids, no ``#`` and no drafts.
    """
    wanted = (("q", _text(q)), ("limit", str(limit)), ("entity", ",".join(entities)))
    return Get("/admin/search", wanted, SearchResults)


# To find something by: as little of each as names it, and of an order what says whether it can be changed


def order_summary(order_id: str) -> Get[wire.OneOrder]:
    """Of an order, or of a draft."""
    return Get(at("orders", order_id), picked(_ORDER_SUMMARY), wire.OneOrder)


def order_summaries(q: str, *, sort: str = "-created_at", offset: int = 0, limit: int = 20) -> Get[wire.Orders]:
    return Get("/admin/orders", _page(_ORDER_SUMMARY, q, sort, offset, limit), wire.Orders)


def draft_summaries(q: str, *, limit: int = 20) -> Get[wire.DraftOrders]:
    return Get("/admin/draft-orders", _page(_DRAFT_SUMMARY, q, "-created_at", 0, limit), wire.DraftOrders)


def collection_titles(q: str, *, limit: int = 20) -> Get[wire.Collections]:
    return Get("/admin/collections", _page("id,title", q, "title", 0, limit), wire.Collections)
