"""Medusa's routes over the sample store, with its envelopes and its peculiarities."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

import httpx

from omnicart_plugin.demo.rows import Refused, Row, between, in_order, matching, one_of, plain
from omnicart_plugin.demo.sample import Sample
from omnicart_plugin.demo.shop import REGIONS, SALES_CHANNELS, STOCK_LOCATIONS, STORE
from omnicart_plugin.medusa import wire

Body = dict[str, Any]
_ITEM = "id,title,subtitle,thumbnail,product_id,variant_title,variant_sku,quantity,unit_price"
_ALWAYS = "id,status,payment_status,fulfillment_status"
_PARCEL = ",".join(f"fulfillments.{name}" for name in ("id", "packed_at", "shipped_at", "delivered_at", "canceled_at"))
_ADDRESS = ("first_name", "last_name", "company", "address_1", "address_2", "city", "province", "postal_code", "phone")
_DEFAULT_LIMIT = 50
_MOST_HITS = 100


class Question(NamedTuple):
    """``key`` is the id in the path, if the route has one."""

    store: Sample
    params: httpx.QueryParams
    key: str

    @property
    def fields(self) -> str:
        return str(self.params.get("fields", ""))


def answer(store: Sample, path: str, params: httpx.QueryParams) -> Body | None:
    """What a GET of `path`, still quoted, is answered with; None where there is no such route.

    Raises:
        Refused: Medusa would not answer that.
    """
    for pattern, respond in _ROUTES:
        if found := pattern.fullmatch(path):
            return respond(Question(store, params, unquote(found.groupdict().get("key", ""))))
    return None


def _page(ask: Question, name: str, rows: Sequence[Row], fields: str | None = None) -> Body:
    offset, limit = int(ask.params.get("offset", 0)), int(ask.params.get("limit", _DEFAULT_LIMIT))
    shown = in_order(rows, ask.params.get("order", ""))[offset : offset + limit]
    wanted = ask.fields if fields is None else fields
    return {name: [plain(row, wanted) for row in shown], "count": len(rows), "offset": offset, "limit": limit}


def _one(rows: Iterable[Row], key: str, otherwise: str) -> Row:
    for row in rows:
        if getattr(row, "id", None) == key:
            return row
    raise Refused(404, type="not_found", message=otherwise)


# Orders


def _orders(ask: Question) -> Body:
    rows = _found_orders(ask, ask.store.trade.orders)
    return _page(ask, "orders", rows, _order_fields(ask.fields, whole_items=True))


def _drafts(ask: Question) -> Body:
    rows = _found_orders(ask, ask.store.trade.drafts)
    return _page(ask, "draft_orders", rows, _order_fields(ask.fields, whole_items=True))


def _found_orders(ask: Question, rows: Sequence[wire.Order]) -> list[wire.Order]:
    params = ask.params
    found = one_of(rows, params.get_list("id[]"), lambda order: order.id)
    found = one_of(found, params.get_list("status[]"), lambda order: order.status)
    found = one_of(found, params.get_list("customer_id"), lambda order: order.customer and order.customer.id)
    found = [order for order in found if order.status != params.get("status[$ne]")]
    found = between(between(found, params, "created_at"), params, "updated_at")
    return matching(found, params.get("q", ""), _order_texts)


def _order_texts(order: wire.Order) -> list[object]:
    place = order.shipping_address
    return [order.display_id, order.email, *(getattr(place, name) for name in _ADDRESS if place)]


def _order_fields(fields: str, *, whole_items: bool) -> str:
    """Medusa adds what it computes the statuses from, and to a list the items."""
    if not fields:
        return ""
    asked = [fields, _ALWAYS]
    if "customer." in fields:
        asked.append("customer.id")
    if "fulfillments." in fields:
        asked.append(_PARCEL if whole_items else f"{_PARCEL},fulfillments.created_at")
    if "payment_collections." in fields or not whole_items:
        asked.append("payment_collections.id,payment_collections.status")
    if whole_items:
        totals = ",subtotal,total" if re.search(r"(^|,)total(,|$)", fields) else ""
        asked += [f"items.{name}" for name in f"{_ITEM}{totals}".split(",")]
    return ",".join(asked)


def _order(ask: Question) -> Body:
    """A draft too."""
    rows = (*ask.store.trade.orders, *ask.store.trade.drafts)
    found = _one(rows, ask.key, f"Order id not found: {ask.key}")
    return {"order": plain(found, _order_fields(ask.fields, whole_items=False))}


def _draft(ask: Question) -> Body:
    found = _one(ask.store.trade.drafts, ask.key, f"Order id not found: {ask.key}")
    return {"draft_order": plain(found, _order_fields(ask.fields, whole_items=False))}


def _changes(ask: Question) -> Body:
    return {"order_changes": [plain(row, ask.fields) for row in ask.store.trade.changes.get(ask.key, ())]}


def _payments(ask: Question) -> Body:
    made = [p for o in ask.store.trade.orders for group in o.payment_collections for p in group.payments]
    found = one_of(made, ask.params.get_list("id[]"), lambda payment: payment.id)
    return _page(ask, "payments", between(found, ask.params, "updated_at"))


# Products and collections


def _products(ask: Question) -> Body:
    found = one_of(ask.store.stock.products, ask.params.get_list("status[]"), lambda product: product.status)
    found = one_of(found, ask.params.get_list("collection_id[]"), lambda p: p.collection and p.collection.id)
    found = one_of(found, ask.params.get_list("id[]"), lambda product: product.id)
    found = one_of(found, ask.params.get_list("handle"), lambda product: product.handle)
    return _page(ask, "products", matching(found, ask.params.get("q", ""), _product_texts(ask.store)))


def _product_texts(store: Sample) -> Callable[[wire.Product], list[object]]:
    def texts(product: wire.Product) -> list[object]:
        variants = [text for v in store.stock.variants[product.id] for text in (v.title, v.sku)]
        return [product.title, product.subtitle, product.description, *variants, *(o.title for o in product.options)]

    return texts


def _product(ask: Question) -> Body:
    return {"product": plain(_one(ask.store.stock.products, ask.key, "Product not found"), ask.fields)}


def _variants(ask: Question) -> Body:
    """The rules of a price always come."""
    return _page(ask, "variants", ask.store.stock.variants.get(ask.key, ()), f"{ask.fields},prices.rules")


def _collections(ask: Question) -> Body:
    found = one_of(ask.store.stock.collections, ask.params.get_list("handle"), lambda group: group.handle)
    return _page(ask, "collections", matching(found, ask.params.get("q", ""), _collection_texts))


def _collection_texts(group: wire.Collection) -> list[object]:
    return [group.title]


def _collection(ask: Question) -> Body:
    """Where there is none, Medusa answers 200 with nothing in it."""
    found = [group for group in ask.store.stock.collections if group.id == ask.key]
    return {"collection": plain(found[0], ask.fields)} if found else {}


# Customers


def _customers(ask: Question) -> Body:
    kind = [value == "true" for value in ask.params.get_list("has_account")]
    found = [customer for customer in ask.store.customers if not kind or customer.has_account in kind]
    return _page(ask, "customers", matching(found, ask.params.get("q", ""), _customer_texts))


def _customer_texts(customer: wire.Customer) -> list[object]:
    return [customer.first_name, customer.last_name, customer.email, customer.company_name, customer.phone]


def _customer(ask: Question) -> Body:
    found = _one(ask.store.customers, ask.key, f"Customer with id: {ask.key} not found")
    if ask.fields.startswith("orders."):
        trade = ask.store.trade
        made = [order for order in (*trade.orders, *trade.drafts) if order.customer and order.customer.id == found.id]
        return {"customer": plain(wire.Buyer(orders=tuple(made)), ask.fields)}
    return {"customer": plain(found, ask.fields)}


# The store itself


def _stores(ask: Question) -> Body:
    return _page(ask, "stores", (STORE,))


def _regions(ask: Question) -> Body:
    return _page(ask, "regions", tuple(REGIONS.values()))


def _sales_channels(ask: Question) -> Body:
    return _page(ask, "sales_channels", SALES_CHANNELS)


def _stock_locations(ask: Question) -> Body:
    found = one_of(STOCK_LOCATIONS, ask.params.get_list("id[]"), lambda place: place.id)
    return _page(ask, "stock_locations", found)


# Search


def _search(ask: Question) -> Body:
    if int(ask.params.get("limit", 0)) > _MOST_HITS:
        message = f"Invalid request: Value for field 'limit' too big, expected at most: '{_MOST_HITS}'"
        raise Refused(400, type="invalid_data", message=message)
    wanted = ask.params.get("entity", "order,product,customer,product_collection").split(",")
    return {"results": [_hits(ask, entity) for entity in wanted]}


def _hits(ask: Question, entity: str) -> Body:
    if entity not in _FOUND:
        raise Refused(404, type="not_found", message=f'No search entity registered for "{entity}"')
    find, fields = _FOUND[entity]
    return {"entity": entity, **_page(ask, "data", find(ask.store, ask.params.get("q", "")), fields)}


_FOUND: dict[str, tuple[Callable[[Sample, str], Sequence[wire.Wire]], str]] = {
    "order": (lambda store, q: matching(store.trade.orders, q, _order_texts), "id,display_id,email"),
    "product": (lambda store, q: matching(store.stock.products, q, _product_texts(store)), "id,title,thumbnail"),
    "customer": (lambda store, q: matching(store.customers, q, _customer_texts), "id,email,first_name,last_name"),
    "product_collection": (lambda store, q: matching(store.stock.collections, q, _collection_texts), "id,title"),
}
_ROUTES: tuple[tuple[re.Pattern[str], Callable[[Question], Body]], ...] = tuple(
    (re.compile(f"/admin/{path}".replace("*", "(?P<key>[^/]+)")), respond)
    for path, respond in (
        ("orders", _orders),
        ("orders/*", _order),
        ("orders/*/changes", _changes),
        ("draft-orders", _drafts),
        ("draft-orders/*", _draft),
        ("payments", _payments),
        ("products", _products),
        ("products/*", _product),
        ("products/*/variants", _variants),
        ("collections", _collections),
        ("collections/*", _collection),
        ("customers", _customers),
        ("customers/*", _customer),
        ("stores", _stores),
        ("regions", _regions),
        ("sales-channels", _sales_channels),
        ("stock-locations", _stock_locations),
        ("search", _search),
    )
)
