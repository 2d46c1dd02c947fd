"""The products of a real store, compared with what the store says to another program."""

from decimal import Decimal
from typing import Any

import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk, cell, fields
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]
MOST = 200


def asked(store: Medusa, query: str = "") -> Any:
    fields = "id,title,handle,status,thumbnail,description,collection.title,images.url"
    return store.api("GET", f"/admin/products?limit={MOST}&order=-created_at&fields={fields}&{query}")["products"]


def variants(store: Medusa, product_id: str) -> Any:
    return store.api(
        "GET", f"/admin/products/{product_id}/variants?limit=2000&order=title&fields=%2Binventory_quantity"
    )["variants"]


async def test_the_list_shows_every_product_once_with_what_it_has(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    expected = asked(medusa)
    pages = [await desk.table("products", account_id, offset=offset) for offset in (0, 20)]
    rows = [row for page in pages for row in page.rows]

    assert {page.total for page in pages} == {len(expected)}
    assert [row.id for row in rows] == [product["id"] for product in expected]
    for row, product in zip(rows, expected, strict=True):
        group = product["collection"]
        assert cell(row, "title") == product["title"]
        assert cell(row, "status") == product["status"]
        assert cell(row, "image") == product["thumbnail"]
        assert cell(row, "collection") == (group["title"] if group else None)


async def test_a_page_beyond_the_end_is_the_last_one(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    last = await desk.table("products", account_id, offset=10**9)
    product = asked(medusa, "q=Signal%20Flag")[0]["id"]
    variants = await desk.table("product", account_id, item_id=product, offset=5000)

    assert last.offset + len(last.rows) == last.total == len(asked(medusa))
    assert (variants.offset, len(variants.rows), variants.total) == (120, 10, 130)


@pytest.mark.parametrize("status", ["published", "draft", "proposed", "rejected"])
async def test_a_filter_shows_the_products_of_one_status(desk: Desk, medusa: Medusa, status: str) -> None:
    account_id = await desk.connect(medusa)
    table = await desk.table("products", account_id, filters={"status": status}, limit=MOST)

    assert [row.id for row in table.rows] == [product["id"] for product in asked(medusa, f"status[]={status}")]
    assert table.filters[0].key == "status"
    assert [option.label for option in table.filters[0].options[1:]] == ["Published", "Draft", "Proposed", "Rejected"]


@pytest.mark.parametrize(("sort", "order"), [("title", "title"), ("-title", "-title"), ("created_at", "created_at")])
async def test_products_are_sorted_as_the_store_sorts_them(desk: Desk, medusa: Medusa, sort: str, order: str) -> None:
    account_id = await desk.connect(medusa)
    expected = medusa.api("GET", f"/admin/products?fields=id&limit={MOST}&order={order}")["products"]
    table = await desk.table("products", account_id, sort=sort, limit=MOST)

    assert [row.id for row in table.rows] == [product["id"] for product in expected]


async def test_a_title_a_sku_and_a_handle_find_their_product(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for product in asked(medusa)[::4]:
        skus = [variant["sku"] for variant in variants(medusa, product["id"])]
        for search in (
            product["title"],
            product["title"].strip().upper(),
            product["handle"],
            product["handle"].upper(),
            *skus[:1],
        ):
            table = await desk.table("products", account_id, search=search)
            assert product["id"] in {row.id for row in table.rows}, search
            assert table.total == len(table.rows)
    assert (await desk.table("products", account_id, search="nobody-sells-this")).rows == []


async def test_a_handle_keeps_to_the_filter_and_is_not_shown_twice(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    named = {product["handle"]: product for product in asked(medusa)}
    draft = next(product for product in named.values() if product["status"] == "draft")
    hidden = await desk.table("products", account_id, search=draft["handle"], filters={"status": "published"})
    shown = await desk.table("products", account_id, search=draft["handle"], filters={"status": "draft"})

    assert (hidden.rows, hidden.total) == ([], 0)
    assert [row.id for row in shown.rows] == [draft["id"]]


async def test_a_product_shows_all_that_the_store_has_of_it(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for product in asked(medusa):
        panel = await desk.panel("product", account_id=account_id, item_id=product["id"])
        head = fields(panel, "")
        pictures = [image.url for node in panel.body if isinstance(node, webos.Images) for image in node.items]

        assert panel.title == product["title"]
        assert pictures == [image["url"] for image in product["images"]]
        assert head["Handle"].text == product["handle"]
        assert (head["Collection"].label if "Collection" in head else None) == (product["collection"] or {}).get(
            "title"
        )
        assert (head["Description"].text if "Description" in head else None) == product["description"]


async def test_options_are_shown_with_their_values(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    product = asked(medusa, "q=Signal%20Flag")[0]["id"]
    sent = medusa.api("GET", f"/admin/products/{product}?fields=options.title,options.values.value")["product"]
    options = fields(await desk.panel("product", account_id=account_id, item_id=product), "Options")

    expected = {option["title"]: {value["value"] for value in option["values"]} for option in sent["options"]}
    assert {label: set(value.text.split(", ")) for label, value in options.items()} == expected


async def test_every_variant_is_on_one_page_with_its_prices_and_stock(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for product in asked(medusa):
        expected = variants(medusa, product["id"])
        rows: list[webos.Row] = []
        while len(rows) < len(expected):
            table = await desk.table("product", account_id, item_id=product["id"], offset=len(rows), limit=50)
            assert table.total == len(expected)
            rows += table.rows

        assert [row.id for row in rows] == [variant["id"] for variant in expected]
        for row, variant in zip(rows, expected, strict=True):
            prices = {key: cell(row, key) for key in row.cells if key.startswith("price_")}
            sent = {f"price_{price['currency_code']}": Decimal(price["amount"]) for price in variant["prices"]}
            assert prices == sent
            assert cell(row, "sku") == variant["sku"]
            stock = variant["inventory_quantity"] if variant["manage_inventory"] else "Not tracked"
            assert cell(row, "stock") == stock


async def test_an_unknown_product_is_not_found(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for item_id in ("prod_never", "../stores", "a?b=c", "x" * 300, "\0"):
        assert (await desk.panel("product", account_id=account_id, item_id=item_id)).type == "not-found"


async def test_an_orders_lines_lead_to_their_products(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    order = medusa.api("GET", "/admin/orders?limit=1&fields=id,customer.id")["orders"][0]
    panel = await desk.panel("order", account_id=account_id, item_id=order["id"])
    lines = next(node for node in panel.body if isinstance(node, webos.Table) and node.id == "lines")

    assert [row.link.item_id for row in lines.rows if row.link] == [item["product_id"] for item in order["items"]]
    for row in lines.rows:
        assert row.link
        assert isinstance(
            await desk.panel(row.link.panel, account_id=account_id, item_id=row.link.item_id), webos.Panel
        )
    buyer = fields(panel, "Customer")["Name"]
    assert (buyer.link.panel, buyer.link.item_id) == ("customer", order["customer"]["id"])


@pytest.mark.timeout(240)  # ten requests make a thousand variants
@pytest.mark.parametrize("anyio_backend", ["asyncio"])  # one store of a thousand is enough
async def test_a_product_with_a_thousand_variants_pages(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    product = _thousand(fresh_medusa)
    first, middle, last = [
        await desk.table("product", account_id, item_id=product, offset=offset) for offset in (0, 500, 10_000)
    ]

    assert {first.total, middle.total, last.total} == {1000}
    assert [cell(table.rows[0], "sku") for table in (first, middle, last)] == ["S-0000", "S-0500", "S-0980"]
    assert [len(table.rows) for table in (first, middle, last)] == [20, 20, 20]
    assert cell(first.rows[0], "stock") == "Not tracked"


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_product_whose_handle_was_typed_comes_first_and_not_again(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    for title in ("Zebra", "Zebra rug", "Zebra mug", "Zebra hat"):
        options = [{"title": "Size", "values": ["One"]}]
        fresh_medusa.api("POST", "/admin/products", {"title": title, "options": options})
    pages = [await desk.table("products", account_id, search="zebra", limit=2, offset=offset) for offset in (0, 2)]

    shown = [cell(row, "title") for page in pages for row in page.rows]
    assert shown[0] == "Zebra"
    assert sorted(shown) == ["Zebra", "Zebra hat", "Zebra mug", "Zebra rug"]


def _thousand(store: Medusa) -> str:
    """The id of a new product."""
    values = [f"{number:04}" for number in range(1000)]
    options = [{"title": "Number", "values": values}]
    product = {"title": "Numbers", "options": options}
    made: str = store.api("POST", "/admin/products", product)["product"]["id"]
    for start in range(0, 1000, 100):
        create = [
            {
                "title": value,
                "sku": f"S-{value}",
                "manage_inventory": False,
                "options": {"Number": value},
                "prices": [{"currency_code": "jpy", "amount": 500}],
            }
            for value in values[start : start + 100]
        ]
        store.api("POST", f"/admin/products/{made}/variants/batch", {"create": create})
    return made


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_price_for_one_region_is_not_taken_for_everyones(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    product = asked(fresh_medusa, "q=Chain")[0]["id"]
    (variant,) = variants(fresh_medusa, product)
    region = fresh_medusa.api("GET", "/admin/regions?fields=id")["regions"][0]["id"]
    prices = [
        {"currency_code": "eur", "amount": 12.3456},
        {"currency_code": "eur", "amount": 9, "rules": {"region_id": region}},
    ]
    fresh_medusa.api("POST", f"/admin/products/{product}/variants/{variant['id']}", {"prices": prices})

    (row,) = (await desk.table("product", account_id, item_id=product)).rows
    assert cell(row, "price_eur") == Decimal("12.3456")


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_what_was_imported_in_one_go_is_on_one_page_each(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    create = [{"title": f"Bulk {number}", "options": [{"title": "A", "values": ["a"]}]} for number in range(60)]
    made = fresh_medusa.api("POST", "/admin/products/batch?fields=id", {"create": create})["created"]
    pages = [await desk.table("products", account_id, offset=offset, limit=7) for offset in range(0, 98, 7)]
    shown = [row.id for page in pages for row in page.rows]

    assert len(shown) == len({*shown}) == pages[0].total
    assert {product["id"] for product in made} <= {*shown}


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_stock_is_what_can_be_made_up_of_its_parts_in_all_locations(desk: Desk, fresh_medusa: Medusa) -> None:
    api = fresh_medusa.api
    account_id = await desk.connect(fresh_medusa)
    here = api("GET", "/admin/stock-locations?fields=id")["stock_locations"][0]["id"]
    there = api("POST", "/admin/stock-locations", {"name": "Pier"})["stock_location"]["id"]

    def part(sku: str, *stocked: int) -> str:
        item: str = api("POST", "/admin/inventory-items", {"sku": sku})["inventory_item"]["id"]
        for place, quantity in zip((here, there), stocked, strict=False):
            level = {"location_id": place, "stocked_quantity": quantity}
            api("POST", f"/admin/inventory-items/{item}/location-levels", level)
        return item

    plank, rope, hook = part("PLANK", 7, 6), part("ROPE", 90), part("HOOK")
    api("POST", "/admin/reservations", {"inventory_item_id": plank, "location_id": there, "quantity": 2})
    kits = {
        "Raft": {plank: 3, rope: 1},
        "Swing": {plank: 2},
        "Ladder": {rope: 4, hook: 1},
        "Idea": {},
    }  # Medusa makes a part of its own for that
    made = [
        {
            "title": title,
            "options": {"Kit": title},
            "manage_inventory": True,
            "inventory_items": [{"inventory_item_id": id_, "required_quantity": many} for id_, many in parts.items()],
            "prices": [],
        }
        for title, parts in kits.items()
    ]
    product = {"title": "Kits", "options": [{"title": "Kit", "values": [*kits]}], "variants": made}
    product_id = api("POST", "/admin/products", product)["product"]["id"]
    table = await desk.table("product", account_id, item_id=product_id)
    shown = {cell(row, "title"): cell(row, "stock") for row in table.rows}
    counted = {variant["title"]: variant["inventory_quantity"] for variant in variants(fresh_medusa, product_id)}

    assert shown == counted == {"Raft": 3, "Swing": 5, "Ladder": 0, "Idea": 0}
