"""Every question and every command, asked of a real store."""

import inspect
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_origin
from urllib.parse import urlencode

import pytest
from anyio.abc import TaskGroup

from omnicart_plugin.medusa import commands, queries
from omnicart_plugin.medusa.auth import Password, SecretKey
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.commands import Delete, Post
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import NotAllowed, NotFound
from omnicart_plugin.medusa.queries import Get
from tests.medusa_lab import Medusa

Ids = Mapping[str, str]
BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
QUESTIONS: dict[str, list[Callable[[Ids], Get[Any]]]] = {
    "orders": [
        lambda _: queries.orders(limit=100),
        lambda _: queries.orders("customer", status=["pending", "completed"], created_from=BEFORE, sort="display_id"),
        lambda _: queries.orders(not_status="archived", created_before=datetime.now(UTC), offset=3, limit=2),
        lambda ids: queries.orders(ids=[ids["order"]]),
    ],
    "count_orders": [
        lambda _: queries.count_orders(),
        lambda _: queries.count_orders(status=["canceled"], created_from=BEFORE, created_before=datetime.now(UTC)),
        lambda _: queries.count_orders(not_status="archived"),
    ],
    "order": [lambda ids: queries.order(ids["order"])],
    "order_state": [lambda ids: queries.order_state(ids["order"])],
    "order_summary": [lambda ids: queries.order_summary(ids["order"]), lambda ids: queries.order_summary(ids["draft"])],
    "order_summaries": [lambda _: queries.order_summaries("12", sort="display_id")],
    "order_changes": [lambda ids: queries.order_changes(ids["order"])],
    "draft_orders": [lambda _: queries.draft_orders(), lambda _: queries.draft_orders("customer", sort="created_at")],
    "draft_order": [lambda ids: queries.draft_order(ids["draft"])],
    "draft_summaries": [lambda _: queries.draft_summaries("customer")],
    "payments": [lambda _: queries.payments(), lambda _: queries.payments(updated_from=BEFORE, offset=1, limit=5)],
    "order_payments": [lambda _: queries.order_payments(updated_from=BEFORE)],
    "products": [
        lambda _: queries.products(limit=100),
        lambda _: queries.products("HG-001", status=["published", "draft"], sort="title"),
        lambda ids: queries.products(collection_ids=[ids["collection"]]),
        lambda _: queries.products(handle="product-3"),
    ],
    "count_products": [
        lambda _: queries.count_products(),
        lambda ids: queries.count_products(collection_ids=[ids["collection"]]),
    ],
    "products_in": [lambda ids: queries.products_in(ids["collection"], [ids["collected"]])],
    "product": [lambda ids: queries.product(ids["product"])],
    "variants": [lambda ids: queries.variants(ids["product"])],
    "collections": [lambda _: queries.collections(), lambda _: queries.collections("autumn", sort="title")],
    "collection": [lambda ids: queries.collection(ids["collection"])],
    "collections_named": [lambda _: queries.collections_named("galley")],
    "collection_with_products": [lambda ids: queries.collection_with_products(ids["collection"])],
    "collection_titles": [lambda _: queries.collection_titles("gall")],
    "customers": [
        lambda _: queries.customers(limit=100),
        lambda _: queries.customers("customer", has_account=True),
        lambda _: queries.customers(has_account=False, sort="email"),
    ],
    "count_customers": [lambda _: queries.count_customers()],
    "customer": [lambda ids: queries.customer(ids["customer"])],
    "customer_orders": [lambda ids: queries.customer_orders(ids["customer"])],
    "customer_payments": [lambda ids: queries.customer_payments(ids["customer"])],
    "stores": [lambda _: queries.stores()],
    "regions": [lambda _: queries.regions()],
    "sales_channels": [lambda _: queries.sales_channels()],
    "stock_locations": [lambda ids: queries.stock_locations([ids["location"]])],
    "search": [lambda _: queries.search("customer0"), lambda _: queries.search("parka", ["product"], limit=1)],
}
CASES = [pytest.param(ask, id=f"{name}-{n}") for name, asks in QUESTIONS.items() for n, ask in enumerate(asks)]
COMMANDS = {
    *("complete_order", "cancel_order", "archive_order", "set_cancel_reason", "convert_draft", "delete_draft"),
    *("create_collection", "update_collection", "delete_collection", "change_collection_products"),
}


def test_every_question_and_command_is_here() -> None:
    public = [*inspect.getmembers(queries, inspect.isfunction), *inspect.getmembers(commands, inspect.isfunction)]
    kinds: list[Any] = [Get, Post, Delete]
    named = {name for name, function in public if get_origin(function.__annotations__.get("return")) in kinds}

    assert named - {"_post"} == {*QUESTIONS, *COMMANDS}


@pytest.fixture(scope="session")
def ids(medusa: Medusa) -> Ids:
    """An order with all there is, a draft, a customer with addresses, a product and a collection with products."""
    orders = medusa.api("GET", "/admin/orders?limit=100&fields=id,canceled_at")["orders"]
    full = [order for order in orders if order["fulfillment_status"] == "shipped"]
    customers = medusa.api("GET", "/admin/customers?limit=100&fields=id,has_account,addresses.id")["customers"]
    products = medusa.api("GET", "/admin/products?limit=100&fields=id,images.url,collection_id")["products"]
    collected = next(product for product in products if product["collection_id"])
    drafts = medusa.api("GET", "/admin/draft-orders?limit=1&fields=id")["draft_orders"]
    return {
        "order": full[0]["id"],
        "draft": drafts[0]["id"],
        "customer": next(customer["id"] for customer in customers if customer["addresses"]),
        "location": medusa.api("GET", "/admin/stock-locations?limit=1&fields=id")["stock_locations"][0]["id"],
        "product": products[0]["id"],
        "collection": collected["collection_id"],
        "collected": collected["id"],
    }


@pytest.fixture
async def store(medusa: Medusa, tasks: TaskGroup) -> AsyncIterator[Client]:
    credentials = Password(medusa.email, medusa.password)
    client = Client(medusa.url, credentials, tasks=tasks, egress=Egress(allow_private=True))
    yield client
    await client.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize("ask", CASES)
async def test_a_question_has_an_answer(store: Client, ids: Ids, ask: Callable[[Ids], Get[Any]]) -> None:
    answer = await store.get(ask(ids))
    first = getattr(answer, answer.__struct_fields__[-1])
    assert first
    assert getattr(answer, "count", 1)


def holds(answer: Any, path: list[str]) -> bool:
    """Whether the field is there, in each element of lists; under what is null or empty nothing is missed."""
    if answer is None or not path:
        return True
    if isinstance(answer, list):
        return all(holds(element, path) for element in answer)
    return path[0] in answer and holds(answer[path[0]], path[1:])


@pytest.mark.parametrize("ask", CASES)
def test_every_field_that_is_asked_for_is_sent(medusa: Medusa, ids: Ids, ask: Callable[[Ids], Get[Any]]) -> None:
    question = ask(ids)
    asked = dict(question.params).get("fields", "id").split(",")
    answer = medusa.api("GET", f"{question.path}?{urlencode(question.params)}")
    name = question.type.__struct_fields__[-1]
    missing = [field for field in asked if name != "count" and not holds(answer[name], field.split("."))]
    assert [field for field in missing if "price_rules" not in field] in ([], ["id"])  # they fill `rules`


@pytest.mark.anyio
@pytest.mark.parametrize("bad", ["", ".", "..", "../x?y", "a/b", "a%2Fb", "order_none", "\0", "é" * 200])
async def test_an_id_never_leaves_its_place_in_the_path(store: Client, bad: str) -> None:
    questions: list[Get[Any]] = [queries.order(bad), queries.product(bad), queries.customer(bad)]
    for question in [*questions, queries.collection(bad), queries.draft_order(bad)]:
        with pytest.raises((NotFound, NotAllowed)):
            await store.get(question)


@pytest.mark.anyio
async def test_a_secret_key_asks_as_well_as_a_user(medusa: Medusa, tasks: TaskGroup) -> None:
    key = SecretKey(medusa.secret_key)
    client = Client(medusa.url + "/", key, tasks=tasks, egress=Egress(allow_private=True))
    store = (await client.get(queries.stores())).stores[0]
    await client.aclose()
    assert [currency.currency_code for currency in store.supported_currencies if currency.is_default] == ["eur"]


@pytest.mark.anyio
async def test_the_figures_of_orders_add_up(store: Client) -> None:
    for row in (await store.get(queries.orders(limit=20))).orders:
        order = (await store.get(queries.order(row.id))).order
        plus = (order.item_subtotal, order.shipping_subtotal, order.tax_total)
        minus = (order.discount_subtotal, order.credit_line_total)
        assert sum(figure or 0 for figure in plus) - sum(figure or 0 for figure in minus) == order.total == row.total


@pytest.fixture
async def changing(fresh_medusa: Medusa, tasks: TaskGroup) -> AsyncIterator[Client]:
    key = SecretKey(fresh_medusa.secret_key)
    client = Client(fresh_medusa.url, key, tasks=tasks, egress=Egress(allow_private=True))
    yield client
    await client.aclose()


async def waiting(store: Client) -> list[str]:
    """Captured orders that nobody has begun to fulfil."""
    orders = (await store.get(queries.orders(status=["pending"], limit=100))).orders
    states = ("captured", "not_fulfilled")
    return [order.id for order in orders if (order.payment_status, order.fulfillment_status) == states]


@pytest.mark.anyio
async def test_orders_are_completed_archived_and_cancelled_with_a_reason(changing: Client) -> None:
    first, second, third, *_ = await waiting(changing)
    assert (await changing.send(commands.complete_order(first))).order.status == "completed"
    assert (await changing.send(commands.archive_order(first))).order.status == "archived"
    with pytest.raises(NotAllowed, match="cannot be archived"):
        await changing.send(commands.archive_order(second))
    assert (await changing.send(commands.set_cancel_reason(second, "out of stock"))).order.metadata == {
        "cancel_reason": "out of stock"
    }
    assert (await changing.send(commands.cancel_order(second))).order.status == "canceled"
    cancelled = (await changing.get(queries.order(second))).order
    assert (cancelled.metadata, cancelled.payment_status) == ({"cancel_reason": "out of stock"}, "refunded")
    changes = (await changing.get(queries.order_changes(second))).order_changes
    assert "UPDATE_ORDER_PROPERTIES" in {action.action for change in changes for action in change.actions}
    await changing.send(commands.set_cancel_reason(third, "a mistake"))
    assert (await changing.send(commands.set_cancel_reason(third, ""))).order.metadata == {}


@pytest.mark.anyio
async def test_a_collection_lives(changing: Client) -> None:
    products = [product.id for product in (await changing.get(queries.products(limit=2))).products]
    made = (await changing.send(commands.create_collection("Winter"))).collection
    assert (made.title, made.handle) == ("Winter", "winter")
    with pytest.raises(NotAllowed, match="already exists") as caught:
        await changing.send(commands.create_collection("Winter"))
    assert (caught.value.code, caught.value.unsettled) == ("invalid_data", False)
    renamed = (await changing.send(commands.update_collection(made.id, "Late Winter", "late"))).collection
    assert (renamed.title, renamed.handle) == ("Late Winter", "late")
    kept = (await changing.send(commands.update_collection(made.id, "Later Winter"))).collection
    assert (kept.title, kept.handle) == ("Later Winter", "late")
    await changing.send(commands.change_collection_products(made.id, add=products))
    assert (await changing.get(queries.count_products(collection_ids=[made.id]))).count == 2
    await changing.send(commands.change_collection_products(made.id, remove=products[:1]))
    listed = (await changing.get(queries.collections("Later"))).collections
    assert [[product.id for product in collection.products] for collection in listed] == [products[1:]]
    assert (await changing.send(commands.delete_collection(made.id))).deleted
    with pytest.raises(NotFound):
        await changing.get(queries.collection(made.id))


@pytest.mark.anyio
async def test_a_draft_becomes_an_order_once_and_another_goes(changing: Client) -> None:
    first, second, *_ = (await changing.get(queries.draft_orders())).draft_orders
    assert isinstance(first.total, Decimal)
    order = (await changing.send(commands.convert_draft(first.id))).order
    assert (order.id, order.status) == (first.id, "pending")
    with pytest.raises(NotAllowed, match="is not a draft order"):
        await changing.send(commands.convert_draft(first.id))
    assert (await changing.send(commands.delete_draft(second.id))).deleted
    with pytest.raises(NotFound):
        await changing.send(commands.delete_draft(second.id))


def test_a_question_is_its_own_cache_key() -> None:
    assert queries.orders("a", status=["pending"]) == queries.orders("a", status=iter(["pending"]))
    assert len({queries.orders(), queries.orders(), queries.orders(offset=20), queries.draft_orders()}) == 3
    assert {type(commands.cancel_order("a")), type(commands.delete_draft("a"))} == {Post, Delete}
