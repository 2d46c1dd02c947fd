"""The customers of a real store, compared with what the store says to another program."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk, cell, fields
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]
SPENT = "Spent (paid, less refunds)"


def asked(store: Medusa, query: str = "") -> Any:
    fields = "id,email,first_name,last_name,company_name,phone,has_account,*addresses"
    return store.api("GET", f"/admin/customers?limit=200&order=-created_at&fields={fields}&{query}")["customers"]


def orders_of(store: Medusa, customer_id: str) -> Any:
    money = "payment_collections.payments.captures.amount,payment_collections.payments.refunds.amount"
    path = f"/admin/orders?limit=200&order=-created_at&customer_id={customer_id}&fields=id,currency_code,{money}"
    return store.api("GET", path)["orders"]


def busiest(store: Medusa) -> str:
    """The customer with the most orders."""
    ids = [
        order["customer"]["id"] for order in store.api("GET", "/admin/orders?limit=200&fields=customer.id")["orders"]
    ]
    most: str = max(ids, key=ids.count)
    return most


async def test_the_list_shows_every_customer_once_the_newest_first(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    expected = asked(medusa)
    pages = [await desk.table("customers", account_id, offset=offset) for offset in (0, 20)]
    rows = [row for page in pages for row in page.rows]

    assert {page.total for page in pages} == {len(expected)}
    assert [row.id for row in rows] == [customer["id"] for customer in expected]
    for row, customer in zip(rows, expected, strict=True):
        assert (cell(row, "email"), cell(row, "account") == "registered") == (
            customer["email"],
            customer["has_account"],
        )
        assert "None" not in cell(row, "name")
        assert (customer["first_name"] or customer["company_name"] or customer["email"]).strip() in cell(row, "name")


async def test_a_page_beyond_the_end_is_the_last_one(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    last = await desk.table("customers", account_id, offset=10**9, limit=7)
    history = await desk.table("customer", account_id, item_id=busiest(medusa), offset=10**9, limit=1)

    assert last.rows
    assert last.offset + len(last.rows) == last.total
    assert history.offset + 1 == history.total == len(orders_of(medusa, busiest(medusa)))


@pytest.mark.parametrize(("kind", "has_account"), [("registered", "true"), ("guest", "false")])
async def test_a_filter_tells_the_registered_from_the_guests(
    desk: Desk, medusa: Medusa, kind: str, has_account: str
) -> None:
    account_id = await desk.connect(medusa)
    table = await desk.table("customers", account_id, filters={"account": kind}, limit=200)
    expected = asked(medusa, f"has_account={has_account}")

    assert expected
    assert [row.id for row in table.rows] == [customer["id"] for customer in expected]
    assert {cell(row, "account") for row in table.rows} == {kind}
    assert [option.value for option in table.filters[0].options] == ["", "registered", "guest"]


async def test_a_name_an_email_and_a_phone_find_a_customer(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for customer in asked(medusa)[::5]:
        for search in filter(
            None, (customer["first_name"], customer["email"], customer["email"][:-3], customer["phone"])
        ):
            table = await desk.table("customers", account_id, search=search, limit=200)
            assert customer["id"] in {row.id for row in table.rows}, search
    assert (await desk.table("customers", account_id, search="nobody-is-called-this")).rows == []


@pytest.mark.parametrize("sort", ["email", "-email", "created_at"])
async def test_customers_are_sorted_as_the_store_sorts_them(desk: Desk, medusa: Medusa, sort: str) -> None:
    account_id = await desk.connect(medusa)
    expected = medusa.api("GET", f"/admin/customers?fields=id&limit=200&order={sort}")["customers"]
    table = await desk.table("customers", account_id, sort=sort, limit=200)

    assert [row.id for row in table.rows] == [customer["id"] for customer in expected]


async def test_a_customer_shows_the_contact_and_every_saved_address(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for customer in asked(medusa)[::3]:
        panel = await desk.panel("customer", account_id=account_id, item_id=customer["id"])
        contact = fields(panel, "Contact")

        assert contact["Email"].text == customer["email"]
        assert contact["Account"].code == ("registered" if customer["has_account"] else "guest")
        assert (contact["Phone"].text if "Phone" in contact else None) == customer["phone"]
        saved = fields(panel, "Saved addresses") if customer["addresses"] else {}
        assert len(saved) == len(customer["addresses"])
        for place in customer["addresses"]:
            assert any(place["address_1"] in value.text and place["city"] in value.text for value in saved.values())


async def test_what_was_spent_is_what_was_captured_less_what_was_refunded(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    sums: set[Decimal] = set()
    for customer in asked(medusa):
        expected: dict[str, Decimal] = defaultdict(Decimal)
        for order in orders_of(medusa, customer["id"]):
            for payment in [payment for group in order["payment_collections"] for payment in group["payments"]]:
                expected[order["currency_code"].upper()] += sum(Decimal(one["amount"]) for one in payment["captures"])
                expected[order["currency_code"].upper()] -= sum(Decimal(one["amount"]) for one in payment["refunds"])
        panel = await desk.panel("customer", account_id=account_id, item_id=customer["id"], limit=200)
        history = next(node for node in panel.body if isinstance(node, webos.Table))
        shown = fields(panel, SPENT) if history.rows else {}

        assert {code: money.amount for code, money in shown.items() if money.amount} == {
            code: amount for code, amount in expected.items() if amount
        }
        sums |= {*expected.values()}
    assert len(sums) > 3


async def test_what_was_spent_is_the_same_on_every_page_of_the_history(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    pages = [{"limit": 200}, {"limit": 1}, {"limit": 1, "offset": 1}]
    sums = [
        fields(await desk.panel("customer", account_id=account_id, item_id=busiest(medusa), **page), SPENT)
        for page in pages
    ]

    assert sums[0]
    assert sums == [sums[0]] * 3


async def test_the_history_pages_through_all_orders_and_leads_to_them(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    customer = busiest(medusa)
    expected = [order["id"] for order in orders_of(medusa, customer)]
    pages = [
        await desk.table("customer", account_id, item_id=customer, offset=offset, limit=2)
        for offset in range(0, len(expected), 2)
    ]
    links = [row.link for page in pages for row in page.rows if row.link]

    assert len(expected) > 2
    assert [link.item_id for link in links] == expected
    assert {(link.panel, link.account_id) for link in links} == {("order", account_id)}


async def test_an_unknown_customer_is_not_found(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    for item_id in ("cus_never", "../stores", "a?b=c", "x" * 300, "\0"):
        assert (await desk.panel("customer", account_id=account_id, item_id=item_id)).type == "not-found"
