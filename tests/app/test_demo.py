"""The demo store: one click, all panels, no change and no socket."""

import socket
from typing import Any

import pytest

from omnicart_plugin import webos
from tests.app.desk import READ_ONLY, Desk, cell, fields

pytestmark = pytest.mark.anyio


@pytest.fixture
async def demo(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    def refuse(*_: Any) -> None:
        raise AssertionError("the demo opened a socket")

    await desk.launch()
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    done = await desk.action("account.demo")
    return done.link.account_id or ""


async def test_one_click_shows_the_panels_of_a_demo_store(desk: Desk, demo: str) -> None:
    screen = await desk.launch()
    overview = await desk.panel("overview", account_id=demo)
    orders = await desk.orders(demo)

    assert [account.status for account in screen.accounts] == ["demo"]
    assert overview.freshness.source == "demo"
    assert (orders.total or 0) > 100
    assert len(orders.rows) == 20


async def test_its_orders_are_shown_and_nothing_can_be_changed(desk: Desk, demo: str) -> None:
    (row, *_) = await desk.rows(demo)
    panel = await desk.panel("order", account_id=demo, item_id=row.id)
    refused = await desk.action("order.cancel", account_id=demo, item_id=row.id, confirmed=True)

    assert {action.disabled for action in panel.actions} == {READ_ONLY}
    assert (refused.type, refused.status) == ("demo-read-only", 403)


async def test_it_is_renamed_and_removed_like_any_other(desk: Desk, demo: str) -> None:
    assert isinstance(await desk.action("account.rename", {"label": "Toy"}, account_id=demo), webos.Done)
    assert (await desk.action("account.reconnect", {}, account_id=demo)).type == "not-allowed"
    assert isinstance(await desk.action("account.remove", account_id=demo, confirmed=True), webos.Done)
    assert (await desk.launch()).accounts == []


LISTS = {"products": ("product", "status"), "customers": ("customer", "account")}


@pytest.mark.parametrize("panel", LISTS)
async def test_a_list_pages_and_each_of_its_rows_leads_to_a_thing(desk: Desk, demo: str, panel: str) -> None:
    one, _ = LISTS[panel]
    everything = await desk.table(panel, demo, limit=200)
    for row in everything.rows:
        assert row.link
        assert row.link.panel == one
        assert isinstance(await desk.panel(one, account_id=demo, item_id=row.link.item_id), webos.Panel)
    last = await desk.table(panel, demo, offset=10_000, limit=7)

    assert len(everything.rows) == everything.total == last.offset + len(last.rows)


@pytest.mark.parametrize("panel", LISTS)
async def test_a_filter_leaves_each_row_to_one_of_its_values(desk: Desk, demo: str, panel: str) -> None:
    _, key = LISTS[panel]
    everything = await desk.table(panel, demo, limit=200)
    (choice,) = everything.filters
    found: list[str] = []
    for option in choice.options[1:]:
        table = await desk.table(panel, demo, filters={key: option.value}, limit=200)
        assert {cell(row, key) for row in table.rows} == {option.value}
        found += [row.id for row in table.rows]

    assert sorted(found) == sorted(row.id for row in everything.rows)


@pytest.mark.parametrize(("limit", "rows"), [(-1, 1), (0, 1), (1, 1), (10_000, 36)])
async def test_a_page_of_a_store_is_kept_inside_its_bounds(desk: Desk, demo: str, limit: int, rows: int) -> None:
    table = await desk.table("products", demo, limit=limit, offset=-5)

    assert (len(table.rows), table.offset, table.total) == (rows, 0, 36)


async def test_products_with_and_without_images_stock_and_variants_are_there(desk: Desk, demo: str) -> None:
    rows = (await desk.table("products", demo, limit=200)).rows
    panels = [await desk.panel("product", account_id=demo, item_id=row.id) for row in rows]
    tables = [node for panel in panels for node in panel.body if isinstance(node, webos.Table)]
    stocks = {str(cell(row, "stock")) for table in tables for row in table.rows}

    assert {row.cells["image"] is None for row in rows} == {True, False}
    assert {table.total == 0 for table in tables} == {True, False}
    assert {"Not tracked", "0"} < stocks
    assert {"price_eur", "price_usd", "price_jpy"} <= {column.key for table in tables for column in table.columns}
    assert max(table.total or 0 for table in tables) > 20


async def test_a_handle_finds_its_product_and_a_customer_shows_what_was_spent(desk: Desk, demo: str) -> None:
    (row, *_) = (await desk.table("products", demo)).rows
    handle = fields(await desk.panel("product", account_id=demo, item_id=row.id), "")["Handle"].text
    found = await desk.table("products", demo, search=handle)
    buyers = (await desk.table("customers", demo, limit=200)).rows
    histories = [await desk.panel("customer", account_id=demo, item_id=buyer.id, limit=200) for buyer in buyers]
    titles = [node.title for panel in histories for node in panel.body if isinstance(node, webos.Fields)]

    assert row.id in {product.id for product in found.rows}
    assert titles.count("Spent (paid, less refunds)") > len(buyers) / 2


async def test_its_settings_are_complete_and_no_address_is_shown(desk: Desk, demo: str) -> None:
    panel = await desk.panel("settings", account_id=demo)
    tables = [node for node in panel.body if isinstance(node, webos.Table)]

    assert "Not set" not in {value.text for value in fields(panel, "Store").values()}
    assert all(row.cells[column.key] for table in tables for row in table.rows for column in table.columns)
    assert {*fields(panel, "Account")} == {"Signs in with", "Since", "Status"}
    assert {action.id: bool(action.disabled) for action in panel.actions} == {
        "account.rename": False,
        "account.reconnect": True,
        "account.remove": False,
    }


@pytest.mark.parametrize("panel", ["products", "product", "customers", "customer", "settings"])
async def test_another_workspace_sees_nothing_of_it(desk: Desk, demo: str, panel: str) -> None:
    other = Desk(desk.host, workspace_id="other")

    assert (await other.panel(panel, account_id=demo, item_id="x")).type == "not-found"
