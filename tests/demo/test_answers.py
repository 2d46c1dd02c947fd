"""The demo answers as Medusa does: pages, filters, searches and orders; and it refuses every change."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NoReturn

import httpx
import msgspec
import pytest
from anyio.abc import TaskGroup

from omnicart_plugin.demo import DEMO_BASE_URL, DEMO_CREDENTIALS, DemoTransport
from omnicart_plugin.demo.sample import sample
from omnicart_plugin.medusa import commands, queries, wire
from omnicart_plugin.medusa.auth import Password
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.commands import Delete, Post
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import MedusaError
from omnicart_plugin.medusa.queries import Get
from tests.demo.conftest import TODAY, fetch
from tests.demo.questions import Ask, every_question

pytestmark = pytest.mark.anyio
NOT_SENT = {
    "raw_quantity",  # asked for so that Medusa computes the fulfilment status right; nobody reads it
    "detail.raw_fulfilled_quantity",  # as above
    "price_rules.attribute",  # asked for so that Medusa fills a price's rules
    "price_rules.value",  # as above
}


async def test_every_answer_holds_every_field_that_was_asked_for(visitor: httpx.AsyncClient, ask: Ask) -> None:
    for questions in (await every_question(ask)).values():
        for question in questions:
            body = await fetch(visitor, question)
            msgspec.json.decode(body, type=question.type)
            missing = set(_missing(json.loads(body), dict(question.params).get("fields", "")))
            assert missing <= NOT_SENT, question.path


def _missing(body: dict[str, Any], fields: str) -> Iterator[str]:
    rows = next((value for value in body.values() if isinstance(value, list | dict)), [])
    for row in rows if isinstance(rows, list) else [rows]:
        for path in filter(None, fields.split(",")):
            yield from _lacks(row, path)


def _lacks(value: Any, path: str) -> Iterator[str]:
    name, _, rest = path.partition(".")
    if isinstance(value, list):
        for part in value:
            yield from _lacks(part, path)
    elif isinstance(value, dict) and name not in value:
        yield path
    elif isinstance(value, dict) and rest:
        yield from _lacks(value[name], rest)


@pytest.mark.parametrize("step", [3, 20, 1000])
@pytest.mark.parametrize("name", ["orders", "draft_orders", "products", "collections", "customers", "payments"])
async def test_pages_show_each_row_once(ask: Ask, name: str, step: int) -> None:
    make = getattr(queries, name)
    count = (await ask(make(limit=0)))["count"]
    pages = [await ask(make(offset=offset, limit=step)) for offset in range(0, count + step, step)]
    ids = [row["id"] for page in pages for row in page[name]]
    assert len(ids) == len(set(ids)) == count > 0
    assert {page["count"] for page in pages} == {count}


async def test_the_variants_of_one_product_page_too(ask: Ask) -> None:
    (sampler,) = (await ask(queries.products("sampler")))["products"]
    pages = [await ask(queries.variants(sampler["id"], offset=offset)) for offset in (0, 20, 40, 60)]
    assert [len(page["variants"]) for page in pages] == [20, 20, 8, 0]
    assert len({variant["id"] for page in pages for variant in page["variants"]}) == 48


async def _numbers(ask: Ask, question: Get[wire.Orders]) -> list[int]:
    return [order["display_id"] for order in (await ask(question))["orders"]]


async def test_orders_are_found_by_number_email_and_name(ask: Ask) -> None:
    order = next(order for order in sample(TODAY).trade.orders if order.customer and order.customer.has_account)
    address = order.shipping_address
    assert address is not None
    for words in (str(order.display_id), str(order.email)[:-6].upper(), f"{address.last_name} {address.first_name}"):
        assert order.display_id in await _numbers(ask, queries.orders(words, limit=1000))
    assert await _numbers(ask, queries.orders(order.id)) == []
    assert await _numbers(ask, queries.orders(ids=[order.id])) == [order.display_id]
    assert await _numbers(ask, queries.orders("no such words")) == []


async def test_orders_are_filtered_by_status_customer_and_time(ask: Ask) -> None:
    orders = sample(TODAY).trade.orders
    week_ago = datetime(2026, 11, 17, tzinfo=UTC)
    customer = orders[0].customer
    assert customer is not None
    kept = {
        queries.orders(status=["canceled", "archived"], limit=1000): [
            order for order in orders if order.status in {"canceled", "archived"}
        ],
        queries.orders(not_status="archived", limit=1000): [order for order in orders if order.status != "archived"],
        queries.customer_orders(customer.id, limit=1000): [order for order in orders if order.customer == customer],
        queries.orders(created_from=week_ago, limit=1000): [
            o for o in orders if o.created_at and o.created_at >= week_ago
        ],
        queries.orders(created_before=week_ago, limit=1000): [
            o for o in orders if o.created_at and o.created_at < week_ago
        ],
    }
    for question, wanted in kept.items():
        assert sorted(await _numbers(ask, question)) == [order.display_id for order in wanted]
        assert 0 < len(wanted) < len(orders)


async def test_what_changed_lately_is_told_by_two_questions(ask: Ask) -> None:
    since = datetime(2026, 11, 20, tzinfo=UTC)
    changed = [order.id for order in sample(TODAY).trade.orders if order.updated_at and order.updated_at >= since]
    told = (await ask(queries.order_payments(updated_from=since, limit=1000)))["orders"]
    assert {row["id"] for row in told} == {*changed}
    paid = (await ask(queries.payments(updated_from=since)))["payments"]
    assert [row["updated_at"] for row in paid] == sorted(row["updated_at"] for row in paid)
    assert paid[0]["updated_at"] >= "2026-11-20"


async def test_products_are_found_by_title_and_sku_and_filtered(ask: Ask) -> None:
    store = sample(TODAY)
    wanted = store.stock.products[4]
    group = wanted.collection
    assert group is not None
    by_words = [
        queries.products(words) for words in (wanted.title.lower(), store.stock.variants[wanted.id][3].sku or "")
    ]
    for question in (*by_words, queries.products(handle=wanted.handle or "")):
        assert [row["id"] for row in (await ask(question))["products"]] == [wanted.id]
    held = (await ask(queries.products(collection_ids=[group.id], limit=100)))["products"]
    assert {row["collection"]["id"] for row in held} == {group.id}
    assert (await ask(queries.count_products(collection_ids=[group.id])))["count"] == len(held)
    titles = [row["title"] for row in (await ask(queries.products(status=["draft"], sort="title")))["products"]]
    assert titles == [product.title for product in store.stock.products if product.status == "draft"]


async def test_customers_are_registered_or_guests(ask: Ask) -> None:
    registered = await ask(queries.customers(has_account=True, limit=100))
    guests = await ask(queries.customers(has_account=False, limit=100))
    assert registered["count"] + guests["count"] == (await ask(queries.count_customers()))["count"]
    assert all(row["has_account"] for row in registered["customers"])
    assert not any(row["has_account"] or row["first_name"] for row in guests["customers"])


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "display_id", "-display_id", "updated_at"])
async def test_orders_come_in_the_order_that_is_asked_for(ask: Ask, sort: str) -> None:
    rows = sample(TODAY).trade.orders
    wanted = sorted(rows, key=lambda order: getattr(order, sort.removeprefix("-")), reverse=sort.startswith("-"))
    assert await _numbers(ask, queries.orders(sort=sort, limit=1000)) == [order.display_id for order in wanted]


async def test_search_finds_all_kinds_at_once(ask: Ask) -> None:
    found = {hits["entity"]: hits for hits in (await ask(queries.search("espresso", limit=3)))["results"]}
    assert list(found) == list(queries.SEARCHABLE)
    assert found["product"]["count"] > len(found["product"]["data"]) == 3
    assert found["product_collection"]["data"][0]["title"] == "Blends & espresso"
    assert found["order"]["count"] == 0


# What it refuses


COMMANDS = (
    commands.cancel_order("order_1"),
    commands.set_cancel_reason("order_1", "why"),
    commands.create_collection("New"),
    commands.delete_collection("pcol_1"),
    commands.delete_draft("order_1"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.path)
async def test_no_change_is_taken(visitor: httpx.AsyncClient, command: Post[Any] | Delete[Any]) -> None:
    answer = await visitor.request("POST" if isinstance(command, Post) else "DELETE", command.path)
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")


async def test_it_is_known_as_a_medusa_that_wants_a_sign_in() -> None:
    async with httpx.AsyncClient(transport=DemoTransport(TODAY), base_url=DEMO_BASE_URL) as stranger:
        assert (await stranger.get("/health")).text == "OK"
        refused = await stranger.get("/admin/orders", headers={"Authorization": "Bearer other"})
        assert (refused.status_code, refused.json()) == (401, {"message": "Unauthorized"})


async def test_no_socket_is_opened(visitor: httpx.AsyncClient, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the demo needs no network")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    for questions in (await every_question(ask)).values():
        await fetch(visitor, questions[0])


async def test_the_client_speaks_to_it_as_to_any_store(tasks: TaskGroup) -> None:
    demo = DemoTransport(TODAY)
    client = Client(DEMO_BASE_URL, DEMO_CREDENTIALS, tasks=tasks, egress=Egress(allow_private=False), transport=demo)
    (store,) = (await client.get(queries.stores())).stores
    assert store.name == "Larch & Lantern Coffee"
    with pytest.raises(MedusaError):
        await client.send(COMMANDS[0])
    client.sign_in_with(Password(DEMO_CREDENTIALS.email, "wrong"))
    with pytest.raises(MedusaError):
        await client.get(queries.stores())
