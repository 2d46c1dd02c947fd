"""Every question that there is, about the things of the store that is asked."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, get_origin

from omnicart_plugin.medusa import queries
from omnicart_plugin.medusa.queries import Get

Ask = Callable[[Get[Any]], Awaitable[Any]]
"""Decoded JSON."""
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_ALL = 1000


def askable() -> set[str]:
    """The names of the functions that make questions."""
    made = inspect.getmembers(queries, inspect.isfunction)
    return {name for name, make in made if get_origin(inspect.signature(make).return_annotation) is Get}


async def every_question(ask: Ask, most: int = _ALL) -> dict[str, list[Get[Any]]]:
    """By the name of the function that makes them. Orders and customers are asked for one by one, `most` of them."""

    async def ids(question: Get[Any], name: str) -> list[str]:
        return [row["id"] for row in (await ask(question))[name]]

    orders = _spread(await ids(queries.orders(limit=_ALL), "orders"), most)
    products = await ids(queries.products(limit=_ALL), "products")
    collections = await ids(queries.collections(limit=_ALL), "collections")
    (group, *_) = (await ask(queries.collections(limit=1)))["collections"]
    customers = _spread(await ids(queries.customers(limit=_ALL), "customers"), most)
    drafts = await ids(queries.draft_orders(limit=_ALL), "draft_orders")
    locations = [
        channel["stock_locations"][0]["id"] for channel in (await ask(queries.sales_channels()))["sales_channels"][-1:]
    ]
    return _about_orders(orders, drafts) | {
        "payments": [queries.payments(limit=_ALL), queries.payments(updated_from=_LONG_AGO)],
        "order_payments": [queries.order_payments(limit=_ALL), queries.order_payments(updated_from=_LONG_AGO)],
        "products": [queries.products(limit=_ALL)],
        "products_in": [queries.products_in(one, products[:20]) for one in collections],
        "count_products": [queries.count_products(collection_ids=collections)],
        "product": [queries.product(one) for one in products],
        "variants": [queries.variants(one, limit=_ALL) for one in products],
        "collections": [queries.collections(limit=_ALL)],
        "collection_titles": [queries.collection_titles("", limit=_ALL)],
        "collection": [queries.collection(one) for one in collections],
        "collections_named": [queries.collections_named(group["handle"])],
        "collection_with_products": [queries.collection_with_products(one) for one in collections],
        "customers": [queries.customers(limit=_ALL)],
        "count_customers": [queries.count_customers()],
        "customer": [queries.customer(one) for one in customers],
        "customer_orders": [queries.customer_orders(one, limit=_ALL) for one in customers],
        "customer_payments": [queries.customer_payments(one) for one in customers],
        "stores": [queries.stores()],
        "regions": [queries.regions()],
        "sales_channels": [queries.sales_channels()],
        "stock_locations": [queries.stock_locations(locations)],
        "search": [queries.search("a", limit=100), queries.search("")],
    }


def _about_orders(orders: list[str], drafts: list[str]) -> dict[str, list[Get[Any]]]:
    return {
        "orders": [queries.orders(limit=_ALL)],
        "count_orders": [queries.count_orders()],
        "order": [queries.order(one) for one in orders],
        "order_state": [queries.order_state(one) for one in (*orders, *drafts)],
        "order_changes": [queries.order_changes(one) for one in orders],
        "order_summary": [queries.order_summary(one) for one in orders],
        "order_summaries": [queries.order_summaries("", limit=_ALL)],
        "draft_orders": [queries.draft_orders(limit=_ALL)],
        "draft_order": [queries.draft_order(one) for one in drafts],
        "draft_summaries": [queries.draft_summaries("", limit=_ALL)],
    }


def _spread(rows: list[str], most: int) -> list[str]:
    return rows[:: -(-len(rows) // most)] if rows else []
