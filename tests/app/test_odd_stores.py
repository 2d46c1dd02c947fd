"""Stores with odd things in them: every panel shows them, and shows them as text."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from anyio.abc import ByteStream

from omnicart_plugin import webos
from tests.app.desk import Desk, cell, fields
from tests.medusa.raw_server import Asked, RawServer, answer, jwt, raw_server

pytestmark = pytest.mark.anyio
LIST_PANELS = ("overview", "orders", "products", "customers", "collections", "draft-orders", "settings")
NAMES = [
    "معطف المطر",
    "海港大衣",
    "🏮🌊👩🏽‍🚀",
    "L" * 300,
    "<script>alert(1)</script>",
    "None",
    "\u202eevil",
    "Zoe\u0308",
]
LISTS = ("orders", "products", "customers", "collections", "draft-orders", "payments")
SET_UP = ("stores", "regions", "sales-channels", "stock-locations")
EMPTY = {name: {name.replace("-", "_"): [], "count": 0} for name in (*LISTS, *SET_UP)}


@asynccontextmanager
async def odd_store(desk: Desk, answers: Mapping[str, Any] | None = None) -> AsyncIterator[tuple[str, RawServer]]:
    """A store that answers these things at their paths below /admin, and its account. Other lists are empty."""
    told: dict[str, Any] = {**EMPTY, **(answers or {})}

    async def say(asked: Asked, stream: ByteStream) -> None:
        path = urlsplit(asked.path).path
        if path == "/health":
            await stream.send(answer(b"OK"))
        elif path == "/auth/user/emailpass":
            await stream.send(answer({"token": jwt(3600, issued_at=4_000_000_000)}))
        elif "authorization" not in asked.headers:
            await stream.send(answer({"message": "Unauthorized"}, 401))
        elif (thing := told.get(path.removeprefix("/admin/"))) is None:
            await stream.send(answer({"type": "not_found", "message": "Not here"}, 404))
        else:
            await stream.send(answer(thing))

    async with raw_server(say) as server:
        sign_in = {"base_url": server.url, "email": "a@example.com", "password": "x", "label": "Odd"}
        done = await desk.action("account.connect", sign_in)
        assert isinstance(done, webos.Done), done
        assert done.link
        yield done.link.account_id or "", server


async def test_a_store_with_nothing_in_it_says_so_on_every_panel(desk: Desk) -> None:
    async with odd_store(desk) as (account_id, _):
        for panel in LIST_PANELS:
            shown = await desk.panel(panel, account_id=account_id)
            assert isinstance(shown, webos.Panel), panel
            assert all(node.empty and node.empty.title for node in tables(shown) if node.columns), panel
            assert "None" not in texts(shown)


async def test_the_settings_of_such_a_store_are_not_set(desk: Desk) -> None:
    async with odd_store(desk) as (account_id, _):
        store = fields(await desk.panel("settings", account_id=account_id), "Store")

    assert {value.text for value in store.values()} == {"Not set"}


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_is_text_wherever_it_stands(desk: Desk, name: str) -> None:
    product: dict[str, Any] = {
        "id": "prod_1",
        "title": name,
        "subtitle": name,
        "description": name,
        "status": "published",
    }
    product |= {
        "collection": {"id": "pcol_1", "title": name},
        "options": [{"title": name, "values": [{"value": name}]}],
    }
    customer = {"id": "cus_1", "email": "a@example.com", "first_name": name, "addresses": [{"address_1": name}]}
    answers = {
        "products": {"products": [product], "count": 1},
        "products/prod_1": {"product": product},
        "products/prod_1/variants": {"variants": [{"id": "v", "title": name, "sku": name}], "count": 1},
        "customers": {"customers": [customer], "count": 1},
        "customers/cus_1": {"customer": customer},
        "stores": {"stores": [{"id": "s", "name": name}]},
        "regions": {"regions": [{"id": "r", "name": name, "countries": [{"iso_2": "xx", "display_name": name}]}]},
    }
    async with odd_store(desk, answers) as (account_id, _):
        (product_row,) = (await desk.table("products", account_id)).rows
        (customer_row,) = (await desk.table("customers", account_id)).rows
        panel = await desk.panel("product", account_id=account_id, item_id="prod_1")
        buyer = await desk.panel("customer", account_id=account_id, item_id="cus_1")
        settings = await desk.panel("settings", account_id=account_id)

    assert (cell(product_row, "title"), cell(product_row, "collection"), panel.title) == (name, name, name)
    assert (cell(customer_row, "name"), buyer.title) == (name, name)
    assert fields(panel, "Options")[name].text == name
    assert cell(tables(panel)[0].rows[0], "title") == name
    assert fields(buyer, "Saved addresses")["Address 1"].text == name
    assert fields(settings, "Store")["Name"].text == name
    assert cell(tables(settings)[1].rows[0], "countries") == name


async def test_a_product_with_nothing_but_an_id_has_a_page(desk: Desk) -> None:
    answers = {
        "products": {"products": [{"id": "prod_1"}], "count": 1},
        "products/prod_1": {"product": {"id": "prod_1", "title": None, "images": [], "collection": None}},
        "products/prod_1/variants": {"variants": [], "count": 0},
    }
    async with odd_store(desk, answers) as (account_id, _):
        (row,) = (await desk.table("products", account_id)).rows
        panel = await desk.panel("product", account_id=account_id, item_id="prod_1")

    assert (cell(row, "title"), row.cells["image"], row.cells["collection"]) == ("Untitled product", None, None)
    assert panel.title == "Untitled product"
    assert [type(node).__name__ for node in panel.body] == ["Fields", "Table"]
    assert tables(panel)[0].empty.title == "No variants"


async def test_variants_without_a_price_sku_or_stock_leave_their_cells_empty(desk: Desk) -> None:
    variants: list[dict[str, Any]] = [
        {"id": "v1", "title": "Priced", "prices": [price("clf", "12.3456"), price("jpy", 1500), price("xxd", "0.5")]},
        {"id": "v2", "title": "Bare", "sku": None, "prices": [], "manage_inventory": True},
        {"id": "v3", "title": "Odd", "prices": [{"currency_code": "jpy", "amount": None}], "manage_inventory": True}
        | {"inventory_items": [stock(2, 5), stock(9, 0)]},
        {"id": "v4", "title": "By the dozen", "prices": [price("jpy", 900, min_quantity=12)]},
        {"id": "v5", "manage_inventory": True, "inventory_items": [stock(11, 4, takes=2), stock(90, 0)]},
        {"id": "v6", "manage_inventory": True, "inventory_items": [stock(0, 1, takes=2)]},
        {"id": "v7", "manage_inventory": True, "inventory_items": [{"required_quantity": None, "inventory": None}]},
        {"id": "v8", "manage_inventory": True, "inventory_items": [stock(4, 0), {"inventory": {}}]},
    ]
    answers = {
        "products/prod_1": {"product": {"id": "prod_1", "title": "Rope"}},
        "products/prod_1/variants": {"variants": variants, "count": 8},
    }
    async with odd_store(desk, answers) as (account_id, _):
        table = await desk.table("product", account_id, item_id="prod_1")
    priced, bare, odd, dozen, *made_up = table.rows

    assert [column.key for column in table.columns if "price" in column.key] == ["price_clf", "price_jpy", "price_xxd"]
    assert priced.cells["price_clf"] == webos.Money(amount=Decimal("12.3456"), currency="CLF")
    assert priced.cells["price_jpy"] == webos.Money(amount=Decimal(1500), currency="JPY")
    assert priced.cells["price_xxd"] == webos.Money(amount=Decimal("0.5"), currency="XXD")
    assert cell(priced, "stock") == "Not tracked"
    assert [bare.cells[key] for key in ("sku", "price_jpy", "stock")] == [None, None, None]
    assert (odd.cells["price_jpy"], cell(odd, "stock")) == (None, -3)
    assert dozen.cells["price_jpy"] is None
    assert [row.cells["stock"] and cell(row, "stock") for row in made_up] == [3, -1, 0, None]


@pytest.mark.parametrize("odd", ["NaN", "sNaN", "-Infinity", "1e100000000", "1e-100000000"])
@pytest.mark.parametrize("where", ["stocked_quantity", "required_quantity"])
async def test_a_quantity_that_is_none_costs_its_cell_alone(desk: Desk, odd: str, where: str) -> None:
    part = stock(5, 0)
    (part if where in part else part["inventory"])[where] = odd
    variants = [{"id": "v1", "title": "Odd", "manage_inventory": True, "inventory_items": [part]}]
    answers = {"products/p": {"product": {"id": "p"}}, "products/p/variants": {"variants": variants, "count": 1}}
    async with odd_store(desk, answers) as (account_id, _):
        (row,) = (await desk.table("product", account_id, item_id="p")).rows

    assert (cell(row, "title"), row.cells["stock"]) == ("Odd", None)


async def test_a_customer_without_a_name_is_called_by_company_email_or_nothing(desk: Desk) -> None:
    customers: list[dict[str, Any]] = [
        {"id": "c1", "first_name": " ", "last_name": None, "company_name": "Quay & Co.", "email": "q@example.com"},
        {"id": "c2", "email": "only@example.com", "has_account": True},
        {"id": "c3", "email": None},
    ]
    one = {f"customers/{customer['id']}": {"customer": customer} for customer in customers}
    async with odd_store(desk, {"customers": {"customers": customers, "count": 3}, **one}) as (account_id, _):
        rows = (await desk.table("customers", account_id)).rows
        panels = [await desk.panel("customer", account_id=account_id, item_id=row.id) for row in rows]

    names = ["Quay & Co.", "only@example.com", "Without a name"]
    assert [cell(row, "name") for row in rows] == [panel.title for panel in panels] == names
    assert [cell(row, "account") for row in rows] == ["guest", "registered", "guest"]
    assert {tables(panel)[0].empty.title for panel in panels} == {"No orders yet"}


async def test_an_order_without_address_items_or_payment_has_a_page(desk: Desk) -> None:
    order: dict[str, Any] = {"id": "order_1", "display_id": None, "email": None, "items": [], "shipping_address": None}
    answers = {
        "orders": {"orders": [order], "count": 1},
        "orders/order_1": {"order": order | {"payment_collections": [], "customer": None, "total": None}},
        "orders/order_1/changes": {"order_changes": []},
    }
    async with odd_store(desk, answers) as (account_id, _):
        (row,) = (await desk.table("orders", account_id)).rows
        panel = await desk.panel("order", account_id=account_id, item_id="order_1")

    assert (cell(row, "display_id"), cell(row, "customer"), row.cells["total"]) == ("Unnumbered", "Guest", None)
    assert fields(panel, "Customer") == {"Name": webos.Text(text="Guest")}
    assert "None" not in texts(panel)


async def test_how_an_order_is_sent_and_where_its_bill_goes_is_told(desk: Desk) -> None:
    home = {"id": "a1", "first_name": "Ada", "address_1": "Kai 3", "postal_code": "20457", "city": "Hamburg"}
    office = {"id": "a2", "company": "Quay & Co.", "address_1": "Elm 1"}
    sent: list[dict[str, Any]] = [
        {"shipping_methods": [{"name": "Express"}], "shipping_address": home, "billing_address": home | {"id": "a3"}},
        {"shipping_methods": [{"name": "Letter"}, {"name": "Pallet"}], "billing_address": office},
    ]
    orders = [{"id": f"order_{number}", "items": []} | more for number, more in enumerate(sent)]
    answers = {f"orders/{order['id']}": {"order": order} for order in orders}
    async with odd_store(desk, answers) as (account_id, _):
        panels = [await desk.panel("order", account_id=account_id, item_id=str(order["id"])) for order in orders]

    assert [fields(panel, "Shipping") for panel in panels] == [
        {"Method": webos.Text(text="Express"), "Ship to": webos.Text(text="Ada\nKai 3\n20457 Hamburg")},
        {"Method": webos.Text(text="Letter, Pallet"), "Bill to": webos.Text(text="Quay & Co.\nElm 1")},
    ]


async def test_an_order_of_a_medusa_that_tells_no_changes_is_shown_without_them(desk: Desk) -> None:
    order = {"id": "order_1", "display_id": 7, "created_at": "2026-11-25T10:00:00Z", "items": []}
    async with odd_store(desk, {"orders/order_1": {"order": order}}) as (account_id, _):
        panel = await desk.panel("order", account_id=account_id, item_id="order_1")

    assert [entry.title for node in panel.body if isinstance(node, webos.Timeline) for entry in node.entries] == [
        "Order placed"
    ]


async def test_what_was_spent_is_told_only_where_every_order_tells_it(desk: Desk) -> None:
    def orders(*paid: Any) -> Any:
        made = [
            {"id": f"order_{n}", "currency_code": code, "summary": {"paid_total": amount, "refunded_total": 1.5}}
            for n, (code, amount) in enumerate(paid)
        ]
        return {"orders": made, "count": len(made)}

    spent = "Spent (paid, less refunds)"
    customer = {"customers/c": {"customer": {"id": "c", "email": "c@example.com"}}}
    whole = orders(("jpy", 500), ("clf", "2.5001"), ("jpy", 1000), ("xxd", 1.5))
    async with odd_store(desk, {**customer, "orders": whole}) as (account_id, _):
        sums = fields(await desk.panel("customer", account_id=account_id, item_id="c"), spent)
    unknown = []
    for none in (None, "sNaN", "Infinity"):
        async with odd_store(desk, {**customer, "orders": orders(("jpy", 500), ("jpy", none))}) as (account_id, _):
            unknown.append(await desk.panel("customer", account_id=account_id, item_id="c"))

    amounts = {"CLF": Decimal("1.0001"), "JPY": Decimal(1497), "XXD": Decimal(0)}
    assert {code: money.amount for code, money in sums.items()} == amounts
    assert spent not in {node.title for panel in unknown for node in panel.body if isinstance(node, webos.Fields)}


async def test_a_currency_that_nobody_knows_stands_among_the_others(desk: Desk) -> None:
    currencies: list[dict[str, Any]] = [
        {"currency_code": "xxd", "is_default": True, "currency": None},
        {"currency_code": "clf", "currency": {"code": "clf", "name": "Unidad", "symbol": "UF", "decimal_digits": 4}},
    ]
    stores = {"stores": [{"id": "s", "supported_currencies": currencies}]}
    providers = [{"id": "pp_stripe-ideal_stripe"}, {"id": "pp_stripe_stripe"}, {"id": "odd"}]
    regions = [{"id": "r", "name": "Nowhere", "currency_code": "xxd", "payment_providers": providers}]
    async with odd_store(desk, {"stores": stores, "regions": {"regions": regions}}) as (account_id, _):
        panel = await desk.panel("settings", account_id=account_id)
    money, places = tables(panel)

    assert fields(panel, "Store")["Default currency"].text == "XXD"
    assert [cell(money.rows[0], key) for key in ("name", "code", "symbol", "digits")] == [None, "XXD", None, None]
    assert [cell(money.rows[1], key) for key in ("name", "symbol", "digits")] == ["Unidad", "UF", 4]
    assert (cell(places.rows[0], "countries"), cell(places.rows[0], "currency")) == (None, "XXD")
    assert cell(places.rows[0], "payment") == "Stripe ideal, Stripe, Odd"


async def test_a_thing_of_another_account_is_not_found(desk: Desk) -> None:
    answers = {
        "products/prod_1": {"product": {"id": "prod_1", "title": "Theirs"}},
        "products/prod_1/variants": {"variants": [], "count": 0},
        "customers/cus_1": {"customer": {"id": "cus_1"}},
    }
    async with odd_store(desk, answers) as (theirs, _), odd_store(desk) as (mine, _):
        for panel, item_id in (("product", "prod_1"), ("customer", "cus_1")):
            assert isinstance(await desk.panel(panel, account_id=theirs, item_id=item_id), webos.Panel)
            assert (await desk.panel(panel, account_id=mine, item_id=item_id)).type == "not-found"


def history(total: int) -> dict[str, Any]:
    """What a store answers about customer c, who has ordered so often, and has a draft; the first five are listed."""
    paid = {"currency_code": "eur", "summary": {"paid_total": 2.5, "refunded_total": 1}}
    made = [{"id": f"order_{n}", "customer": {"id": "c", "email": "c@example.com"}, **paid} for n in range(total)]
    drafts = [{"id": "draft", "status": "draft", "currency_code": "jpy", "summary": {"paid_total": 0}}]
    return {"orders": {"orders": made[:5], "count": total}, "customers/c": {"customer": {"orders": made + drafts}}}


@pytest.mark.parametrize(("total", "asked", "spent"), [(3, 1, "4.5"), (5, 1, "7.5"), (20, 2, "30"), (21, 1, None)])
async def test_a_customer_who_ordered_is_one_question_and_one_more_is_what_a_longer_history_has_paid(
    desk: Desk, total: int, asked: int, spent: str | None
) -> None:
    async with odd_store(desk, history(total)) as (account_id, server):
        server.asked.clear()
        panel = await desk.panel("customer", account_id=account_id, item_id="c")
        questions = [asked.path for asked in server.asked if asked.method == "GET"]

    assert (len(questions), panel.title) == (asked, "c@example.com")
    assert [node.items for node in panel.body if isinstance(node, webos.Fields) and "Spent" in node.title] == (
        [[webos.FieldsItem(label="EUR", value=webos.Money(amount=Decimal(spent), currency="EUR"))]] if spent else []
    )


async def test_a_history_is_shown_without_its_sum_where_the_store_does_not_tell_that(desk: Desk) -> None:
    orders = {"orders": history(12)["orders"]}
    async with odd_store(desk, orders) as (account_id, _):
        panel = await desk.panel("customer", account_id=account_id, item_id="c")

    assert (panel.title, len(tables(panel)[0].rows)) == ("c@example.com", 5)
    assert not any("Spent" in node.title for node in panel.body if isinstance(node, webos.Fields))


@pytest.mark.parametrize(("limit", "rows"), [(20, 5), (7, 7), (21, 21), (200, 200)])
async def test_a_history_has_five_rows_unless_the_host_wants_another_number(desk: Desk, limit: int, rows: int) -> None:
    async with odd_store(desk, history(500)) as (account_id, server):
        table = await desk.table("customer", account_id, item_id="c", limit=limit)
    asked = [parse_qs(urlsplit(asked.path).query)["limit"] for asked in server.asked if "customer_id" in asked.path]

    assert (table.limit, asked) == (rows, [[str(rows)]])


async def test_another_customer_s_orders_do_not_stand_for_the_customer(desk: Desk) -> None:
    answers = {**history(1), "customers/x": {"customer": {"id": "x", "email": "x@example.com"}}}
    async with odd_store(desk, answers) as (account_id, _):
        assert (await desk.panel("customer", account_id=account_id, item_id="x")).title == "x@example.com"
        assert (await desk.panel("customer", account_id=account_id, item_id="y")).type == "not-found"


@pytest.mark.parametrize(
    ("sold_from", "known", "asked", "shown"),
    [(["l"], [], 2, "Here"), ([], ["l"], 3, "Here"), ([], [], 3, "Not set")],
)
async def test_a_location_that_no_channel_sells_from_is_asked_for(
    desk: Desk, sold_from: list[str], known: list[str], asked: int, shown: str
) -> None:
    channel = {"id": "s", "stock_locations": [{"id": id_, "name": "Here"} for id_ in sold_from]}
    answers = {
        "stores": {"stores": [{"id": "store", "default_location_id": "l"}]},
        "sales-channels": {"sales_channels": [channel]},
        "stock-locations": {"stock_locations": [{"id": id_, "name": "Here"} for id_ in known]},
    }
    async with odd_store(desk, answers) as (account_id, server):
        server.asked.clear()
        panel = await desk.panel("settings", account_id=account_id)

    assert fields(panel, "Store")["Default location"].text == shown
    assert len([asked for asked in server.asked if asked.method == "GET"]) == asked


@pytest.mark.parametrize(
    ("panel", "most"), [("products", 1), ("product", 2), ("customers", 1), ("customer", 2), ("settings", 2)]
)
async def test_a_panel_asks_no_more_than_it_needs(desk: Desk, panel: str, most: int) -> None:
    answers = {
        "products/x": {"product": {"id": "x"}},
        "products/x/variants": {"variants": [], "count": 0},
        "customers/x": {"customer": {"id": "x"}},
    }
    async with odd_store(desk, answers) as (account_id, server):
        server.asked.clear()
        assert isinstance(await desk.panel(panel, account_id=account_id, item_id="x"), webos.Panel)
        questions = [asked.path for asked in server.asked if asked.method == "GET"]

    assert len(questions) == len({*questions}) == most


def stock(there: int, reserved: int, *, takes: int = 1) -> dict[str, Any]:
    held = {"stocked_quantity": there, "reserved_quantity": reserved}
    return {"required_quantity": takes, "inventory": held}


def price(code: str, amount: Any, **other: Any) -> dict[str, Any]:
    return {"currency_code": code, "amount": amount, "min_quantity": None, "max_quantity": None, "rules": {}, **other}


def tables(panel: webos.Panel) -> list[Any]:
    return [node for node in panel.body if isinstance(node, webos.Table)]


def texts(value: Any) -> str:
    """All that a person reads, in a node or what is in it."""
    if isinstance(value, msgspec.Struct):
        read = [getattr(value, name, "") for name in ("text", "title", "label", "subtitle")]
        return "\n".join([*(part for part in read if isinstance(part, str)), texts(msgspec.structs.asdict(value))])
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return "\n".join(map(texts, parts))
