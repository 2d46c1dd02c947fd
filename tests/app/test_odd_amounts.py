"""Amounts as they are told in sentences, and amounts that are none."""

from typing import Any

import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk, fields
from tests.app.test_odd_stores import odd_store

pytestmark = pytest.mark.anyio
DAY = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("code", "amount", "told"),
    [
        ("eur", 96.0975, "96.10 EUR"),
        ("jpy", 15109.6, "15,110 JPY"),
        ("kwd", 12.5, "12.500 KWD"),
        ("xxd", 1, "1.00 XXD"),
    ],
)
async def test_a_sentence_tells_money_with_the_digits_of_its_currency(
    desk: Desk, code: str, amount: float, told: str
) -> None:
    payment = {"id": "p1", "amount": amount, "captured_at": "2026-01-01T00:00:00Z"}
    order = {"id": "order_1", "status": "pending", "currency_code": code}
    paid = order | {"payment_collections": [{"id": "c1", "payments": [payment]}]}
    async with odd_store(desk, {"orders/order_1": {"order": paid}}) as (account_id, _):
        asked = await desk.action("order.cancel", account_id=account_id, item_id="order_1")

    assert f"the customer gets {told} back" in asked.text


@pytest.mark.parametrize("odd", ["NaN", "sNaN", "-Infinity", "1e100000000"])
@pytest.mark.parametrize("where", ["total", "credit_line_total", "payment", "capture", "refund"])
async def test_an_amount_that_is_none_costs_its_place_alone(desk: Desk, odd: str, where: str) -> None:
    amounts: dict[str, Any] = {
        "total": 9,
        "credit_line_total": 1,
        "payment": 10,
        "capture": 10,
        "refund": 1,
        where: odd,
    }
    payment = {
        "id": "p1",
        "amount": amounts["payment"],
        "captures": [{"id": "c1", "amount": amounts["capture"], "created_at": DAY}],
        "refunds": [{"id": "r1", "amount": amounts["refund"], "created_at": DAY}],
    }
    order = {
        "id": "order_1",
        "display_id": 1,
        "status": "pending",
        "currency_code": "eur",
        "item_subtotal": 10,
        **amounts,
    }
    order |= {"payment_collections": [{"id": "pc1", "payments": [payment]}]}
    answers = {
        "orders/order_1": {"order": order},
        "orders/order_1/changes": {"order_changes": []},
        "draft-orders/order_1": {"draft_order": order | {"status": "draft"}},
    }
    async with odd_store(desk, answers) as (account_id, _):
        place = {"account_id": account_id, "item_id": "order_1"}
        panels = [await desk.panel(panel, **place) for panel in ("order", "draft-order")]
        asked = await desk.action("order.cancel", **place)

    for panel in panels:
        assert isinstance(panel, webos.Panel), panel
        assert fields(panel, "Totals")["Items"].amount == 10
    assert (fields(panels[0], "Totals")["Total"] is None) is (where == "total")
    assert isinstance(asked, webos.Confirm), asked
