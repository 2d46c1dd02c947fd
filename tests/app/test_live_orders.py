"""The orders of a real store, compared with what the store says to another program."""

from decimal import Decimal
from typing import Any

import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk, cell, fields, numbers
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]


def asked(store: Medusa, query: str) -> Any:
    return store.api("GET", f"/admin/orders?limit=200&order=-created_at&fields=id,display_id,status,email&{query}")[
        "orders"
    ]


async def test_all_pages_together_show_each_order_once_and_the_newest_first(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    expected = asked(medusa, "status[$ne]=archived")
    shown: list[str] = []
    while len(shown) < len(expected):
        page = await desk.orders(account_id, offset=len(shown))
        assert page.total == len(expected)
        shown += [row.id for row in page.rows]

    assert shown == [order["id"] for order in expected]
    assert len((await desk.orders(account_id)).rows) == 20


@pytest.mark.parametrize("status", ["pending", "completed", "canceled", "archived"])
async def test_a_filter_shows_the_orders_of_one_status(desk: Desk, medusa: Medusa, status: str) -> None:
    account_id = await desk.connect(medusa)
    expected = asked(medusa, f"status[]={status}")

    assert (await desk.orders(account_id, filters={"status": status})).total == len(expected)
    rows = await desk.rows(account_id, filters={"status": status}, limit=200)
    assert [row.id for row in rows] == [order["id"] for order in expected]


async def test_all_orders_are_shown_where_that_is_asked_for(desk: Desk, medusa: Medusa) -> None:
    account_id, expected = await desk.connect(medusa), asked(medusa, "")
    archived = next(order for order in expected if order["status"] == "archived")
    everything = {"filters": {"status": "all"}, "limit": 200}

    assert [row.id for row in await desk.rows(account_id, **everything)] == [order["id"] for order in expected]
    found = await desk.orders(account_id, search=f"#{archived['display_id']}", **everything)
    assert found.rows[0].id == archived["id"]
    assert found.total == medusa.api("GET", f"/admin/orders?limit=0&q={archived['display_id']}")["count"]


async def test_a_number_finds_its_order_first_with_or_without_the_sign(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for number in (order["display_id"] for order in asked(medusa, "")[::7]):
        for search in (str(number), f"#{number}", f" #{number} "):
            assert numbers(await desk.rows(account_id, search=search))[0] == f"#{number}"


async def test_an_id_an_email_and_a_part_of_one_find_orders(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    orders = [order for order in asked(medusa, "") if order["status"] != "archived"]
    one = orders[5]
    of_email = {order["id"] for order in orders if order["email"] == one["email"]}

    assert [row.id for row in await desk.rows(account_id, search=one["id"])] == [one["id"]]
    assert of_email <= {row.id for row in await desk.rows(account_id, search=one["email"], limit=200)}
    part = one["email"].split("@")[0][:-1]
    assert one["id"] in {row.id for row in await desk.rows(account_id, search=part, limit=200)}
    assert await desk.rows(account_id, search="nobody-has-this") == []


async def test_a_page_beyond_the_end_is_the_last_one(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    last = await desk.orders(account_id, offset=5000)

    assert last.rows
    assert last.offset + len(last.rows) == last.total


async def test_the_totals_of_every_order_add_up_on_the_screen(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    told = "canceled_at,summary.paid_total,summary.refunded_total,summary.pending_difference"
    for order in medusa.api("GET", f"/admin/orders?limit=200&fields=id,{told}")["orders"]:
        panel = await desk.panel("order", account_id=account_id, item_id=order["id"])
        amounts = {label: value.amount for label, value in fields(panel, "Totals").items()}
        total, paid, owed = (amounts.pop(label, Decimal(0)) for label in ("Total", "Paid", "Outstanding"))
        summary = {name: Decimal(str(amount)) for name, amount in order["summary"].items()}

        assert paid == summary["paid_total"] - summary["refunded_total"]
        assert owed == (0 if order["canceled_at"] else summary["pending_difference"])

        assert sum(amounts.values(), Decimal(0)) == total
        lines = next(node for node in panel.body if isinstance(node, webos.Table) and node.id == "lines")
        assert sum((cell(row, "amount") for row in lines.rows), Decimal(0)) == amounts["Items"]


async def test_a_timeline_is_in_order_of_time_and_tells_nothing_twice(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for order in asked(medusa, ""):
        panel = await desk.panel("order", account_id=account_id, item_id=order["id"])
        entries = next(node for node in panel.body if isinstance(node, webos.Timeline)).entries

        assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
        assert len({(entry.at, entry.title, entry.text) for entry in entries}) == len(entries)
        assert [entry.title for entry in entries].count("Order placed") == 1
        assert [entry.title for entry in entries].count("Order cancelled") <= 1


async def test_tracking_numbers_and_refunds_are_on_the_screen(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    want = "fulfillments.labels.tracking_number,payment_collections.payments.refunds.amount"
    orders = medusa.api("GET", f"/admin/orders?limit=200&fields=id,{want}")["orders"]
    labels = {
        order["id"]: label["tracking_number"]
        for order in orders
        for parcel in order["fulfillments"]
        for label in parcel["labels"]
        if label["tracking_number"]
    }
    refunded = [o["id"] for o in orders if any(p["refunds"] for c in o["payment_collections"] for p in c["payments"])]
    assert labels
    assert refunded

    for order_id, tracking in labels.items():
        assert tracking in repr(await desk.panel("order", account_id=account_id, item_id=order_id))
    for order_id in refunded:
        assert "Refund" in repr(await desk.panel("order", account_id=account_id, item_id=order_id))


async def test_how_it_was_sent_and_to_whom_is_on_the_screen_of_every_order(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    want = "shipping_methods.name,shipping_address.address_1,billing_address.address_1"
    orders = medusa.api("GET", f"/admin/orders?limit=200&fields=id,{want}")["orders"]
    assert any(order["shipping_methods"] for order in orders)
    for order in orders:
        shown = repr(await desk.panel("order", account_id=account_id, item_id=order["id"]))
        told = [method["name"] for method in order["shipping_methods"]]
        told += [order[place]["address_1"] for place in ("shipping_address", "billing_address") if order[place]]
        assert [words for words in told if words and words not in shown] == []


async def test_an_unknown_order_is_not_found(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for item_id in ("order_never", "../stores", "a?b=c", "x" * 300):
        assert (await desk.panel("order", account_id=account_id, item_id=item_id)).type == "not-found"
