"""Cmd+K on a real store, and on the same store as an older Medusa is: compared with what it says to another program."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import anyio
import pytest

from omnicart_plugin import webos
from omnicart_plugin.webos import PaletteItem
from tests.app.desk import Desk
from tests.app.older import before
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]
SEARCH = "/admin/search"
LISTS = {"/admin/orders", "/admin/products", "/admin/customers", "/admin/collections"}


@pytest.fixture(params=["newest", "older"])
async def account(desk: Desk, medusa: Medusa, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    if request.param == "newest":
        yield await desk.connect(medusa)
        return
    with before(medusa, lacks=(SEARCH,)) as older:
        yield await desk.connect(older.store)


async def links(desk: Desk, account: str, text: str, panel: str) -> list[str | None]:
    """The things of this panel that were found, the best first."""
    found = await desk.palette(text, reach="store", account_id=account, limit=100)
    assert not found.partial
    assert all(0 <= start < end <= len(item.title) for item in found.items for start, end in item.matches)
    return [item.link.item_id for item in found.items if item.link and item.link.panel == panel]


def some(store: Medusa, path: str, fields: str, name: str) -> Any:
    return store.api("GET", f"/admin/{path}?limit=100&fields={fields}")[name]


async def test_every_number_finds_its_order_or_draft_first(desk: Desk, medusa: Medusa, account: str) -> None:
    for order in some(medusa, "orders", "id,display_id", "orders")[::9]:
        for typed in (f"#{order['display_id']}", str(order["display_id"])):
            assert (await links(desk, account, typed, "order"))[0] == order["id"]
    for draft in some(medusa, "draft-orders", "id,display_id", "draft_orders")[:2]:
        assert (await links(desk, account, f"#{draft['display_id']}", "draft-order"))[0] == draft["id"]


async def test_an_id_finds_its_order_or_draft_alone(desk: Desk, medusa: Medusa, account: str) -> None:
    order = some(medusa, "orders", "id", "orders")[0]
    draft = some(medusa, "draft-orders", "id", "draft_orders")[0]

    assert await links(desk, account, order["id"], "order") == [order["id"]]
    assert await links(desk, account, draft["id"], "draft-order") == [draft["id"]]


async def test_an_email_finds_its_customer_orders_and_drafts(desk: Desk, medusa: Medusa, account: str) -> None:
    draft = some(medusa, "draft-orders", "id,email", "draft_orders")[0]
    email = draft["email"]
    found = await desk.palette(email, reach="store", account_id=account, limit=100)
    customers = medusa.api("GET", f"/admin/customers?q={quote(email)}&fields=id")["customers"]
    orders = medusa.api("GET", f"/admin/orders?q={quote(email)}&fields=id&limit=100")["orders"]

    assert draft["id"] in {item.link.item_id for item in found.items if item.link}
    assert customers[0]["id"] in {item.link.item_id for item in found.items if item.link}
    shown = {item.link.item_id for item in found.items if item.link and item.link.panel == "order"}
    assert shown <= {order["id"] for order in orders}
    assert len(shown) == min(len(orders), 5)
    assert {item.title[start:end] for item in found.items for start, end in item.matches} == {email}


async def test_a_title_a_sku_and_a_name_find_product_collection_and_customer(
    desk: Desk, medusa: Medusa, account: str
) -> None:
    product = some(medusa, "products", "id,title,variants.sku", "products")[0]
    collection = some(medusa, "collections", "id,title", "collections")[0]
    named = [c for c in some(medusa, "customers", "id,first_name,last_name", "customers") if c["last_name"]]
    (row, *_) = [row for row in named if row["last_name"].isascii() and len(row["last_name"]) > 4]

    assert product["id"] in await links(desk, account, product["title"], "product")
    assert await links(desk, account, product["variants"][0]["sku"], "product") == [product["id"]]
    assert (await links(desk, account, collection["title"], "collection"))[0] == collection["id"]
    assert row["id"] in await links(desk, account, row["last_name"], "customer")


@pytest.mark.parametrize("typed", ["nobody-has-this", "'; drop table", "\x00", "١٢"])
async def test_what_is_nowhere_finds_nothing_and_breaks_nothing(desk: Desk, account: str, typed: str) -> None:
    found = await desk.palette(typed, reach="store", account_id=account)

    assert (found.items, found.partial) == ([], False)


@pytest.mark.parametrize("typed", ["#", "%", "_", "<script>"])
async def test_a_sign_that_means_something_to_a_program_breaks_nothing(desk: Desk, account: str, typed: str) -> None:
    assert not (await desk.palette(typed, reach="store", account_id=account)).partial


async def test_one_request_and_the_drafts_beside_it_are_all_that_is_asked(desk: Desk, medusa: Medusa) -> None:
    draft = some(medusa, "draft-orders", "display_id", "draft_orders")[0]["display_id"]
    with before(medusa) as store:
        account_id = await desk.connect(store.store)
        await desk.orders(account_id)  # which signs in
        for typed, asked in (
            ("boots", [SEARCH, "/admin/draft-orders"]),
            ("12", [SEARCH, "/admin/draft-orders", "/admin/orders"]),
            ("#13", ["/admin/orders"]),
            (f"#{draft}", ["/admin/draft-orders", "/admin/orders"]),
        ):
            store.asked.clear()
            await desk.palette(typed, reach="store", account_id=account_id)
            assert sorted(store.asked) == sorted(asked)


async def test_an_older_store_is_asked_for_the_search_once_and_then_by_its_lists(desk: Desk, medusa: Medusa) -> None:
    with before(medusa, lacks=(SEARCH,)) as store:
        account_id = await desk.connect(store.store)
        await desk.palette("boots", reach="store", account_id=account_id)
        assert SEARCH in store.asked
        store.asked.clear()
        await desk.palette("parka", reach="store", account_id=account_id)

        assert sorted(store.asked) == sorted({*LISTS, "/admin/draft-orders"})


async def test_a_source_that_fails_costs_its_own_things_alone(desk: Desk, medusa: Medusa) -> None:
    with before(medusa, lacks=(SEARCH,), fails=("/admin/products",)) as store:
        account_id = await desk.connect(store.store)
        found = await desk.palette("example", reach="store", account_id=account_id, limit=100)

    groups = {item.group for item in found.items}
    assert found.partial
    assert {"Orders", "Customers"} <= groups
    assert "Products" not in groups


async def test_an_order_brings_the_actions_that_the_store_would_take(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    orders = some(medusa, "orders", "id,display_id,status,canceled_at,fulfillments.canceled_at", "orders")
    for role, status in (("owner", "pending"), ("member", "completed"), ("owner", "canceled"), ("guest", "pending")):
        order = next(order for order in orders if order["status"] == status)
        desk.ctx = webos.Context(workspace_id="w", user_id="u", role=role, bundles=desk.ctx.bundles)  # type: ignore[arg-type]  # a role
        found = await desk.palette(f"#{order['display_id']}", reach="store", account_id=account_id)
        panel = await desk.panel("order", account_id=account_id, item_id=order["id"])
        possible = {action.id: action for action in panel.actions if not action.disabled}
        offered = {item.action.id: item.action for item in found.items if item.action}

        assert offered.keys() == possible.keys()
        assert {action.item_id for action in offered.values()} <= {order["id"]}
        assert bool(offered) == (role != "guest")


async def test_an_order_is_cancelled_from_the_palette_and_every_open_panel_hears_of_it(
    desk: Desk, fresh_medusa: Medusa
) -> None:
    account_id = await desk.connect(fresh_medusa)
    orders = some(fresh_medusa, "orders", "id,display_id,status,fulfillment_status,customer.id", "orders")
    order = next(o for o in orders if (o["status"], o["fulfillment_status"]) == ("pending", "not_fulfilled"))
    number = f"#{order['display_id']}"
    await desk.panel("orders", account_id=account_id)
    await desk.panel("customer", account_id=account_id, item_id=order["customer"]["id"])
    item = titled(await desk.palette(number, reach="store", account_id=account_id), f"Cancel order {number}…")
    assert item.action
    assert [field.name for field in item.action.fields] == ["reason"]
    listener = desk.host.events()
    where = {"account_id": item.action.account_id, "item_id": item.action.item_id}
    assert isinstance(await desk.action("order.cancel", {"reason": "by palette"}, **where), webos.Confirm)
    done = await desk.action("order.cancel", {"reason": "by palette"}, confirmed=True, **where)
    assert isinstance(done, webos.Done), done

    with anyio.fail_after(10):
        heard = await anext(listener)
    assert {"orders", "order", "customer", "overview"} <= {*heard.panels}
    seen = fresh_medusa.api("GET", f"/admin/orders/{order['id']}?fields=status,metadata")["order"]
    assert (seen["status"], seen["metadata"]["cancel_reason"]) == ("canceled", "by palette")
    after = await desk.palette(number, reach="store", account_id=account_id)
    assert [item.action.id for item in after.items if item.action] == ["order.archive"]
    assert "Cancelled" in repr(await desk.panel("customer", account_id=account_id, item_id=order["customer"]["id"]))


def titled(found: webos.PaletteResults, title: str) -> PaletteItem:
    (item,) = [item for item in found.items if item.title == title]
    return item
