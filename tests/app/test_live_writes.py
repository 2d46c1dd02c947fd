"""Cancelling on a real store whose answers get lost on the way, and what it does to the money."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from omnicart_plugin import webos
from omnicart_plugin.panels import writing
from omnicart_plugin.panels.words import plain_money
from tests.app.desk import Desk
from tests.app.small_shop import Fault, How, Way
from tests.medusa.raw_server import Asked, answer, raw_server
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]
FIELDS = (
    "id,display_id,currency_code,status,payment_status,fulfillment_status,metadata,payment_collections.payments.amount,"
    "payment_collections.payments.captures.amount,payment_collections.payments.refunds.amount"
)


@pytest.fixture(params=[("asyncio", {"debug": True})], ids=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    """One backend: each test costs a store put back to its first state."""
    return request.param


@pytest.fixture
async def way(fresh_medusa: Medusa, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Way]:
    """In front of the real store."""
    monkeypatch.setattr(writing, "READ_BACK_SECONDS", (0.0, 0.1, 0.1))
    async with httpx.AsyncClient(base_url=fresh_medusa.url, timeout=30) as client:

        async def hand_on(asked: Asked) -> bytes:
            kept = {name: value for name, value in asked.headers.items() if name in {"authorization", "content-type"}}
            told = await client.request(asked.method, asked.path, headers=kept, content=asked.body)
            return answer(told.content, told.status_code)

        between = Way(hand_on)
        async with raw_server(between.reply) as between.server:
            yield between


async def connect(desk: Desk, way: Way, store: Medusa) -> str:
    assert way.server
    return await desk.connect(store, base_url=way.server.url)


def open_orders(store: Medusa) -> list[Any]:
    """Those that can be cancelled."""
    found = store.api("GET", f"/admin/orders?limit=200&status[]=pending&order=display_id&fields={FIELDS}")["orders"]
    return [one for one in found if one["fulfillment_status"] in {"not_fulfilled", "canceled"}]


def order(store: Medusa, order_id: str) -> Any:
    return store.api("GET", f"/admin/orders/{order_id}?fields={FIELDS}")["order"]


def paid(one: Any, what: str) -> Decimal:
    payments = [payment for collection in one["payment_collections"] for payment in collection["payments"]]
    return sum((Decimal(str(part["amount"])) for payment in payments for part in payment[what]), Decimal(0))


async def test_a_lost_answer_of_a_real_store_is_settled_for_what_it_was(
    desk: Desk, way: Way, fresh_medusa: Medusa
) -> None:
    account_id = await connect(desk, way, fresh_medusa)
    hows: list[How] = ["disconnect", "half", "504"]
    cases = [(how, applied) for how in hows for applied in (True, False)]
    for one, (how, applied) in zip(open_orders(fresh_medusa)[: len(cases)], cases, strict=True):
        where = {"account_id": account_id, "item_id": one["id"], "confirmed": True, "request_id": one["id"]}
        way.faults.append(Fault(f"{one['id']}/cancel", how, applied=applied))
        told = await desk.action("order.cancel", {"reason": "Lost answer"}, **where)
        after = order(fresh_medusa, one["id"])

        assert isinstance(told, webos.Done) is applied, told
        assert (after["status"] == "canceled") is applied
        assert (after["metadata"] or {}).get("cancel_reason") == ("Lost answer" if applied else None)
        assert await desk.action("order.cancel", {"reason": "Lost answer"}, **where) == told
        assert way.count(f"{one['id']}/cancel") == 1
        assert paid(after, "refunds") == (paid(one, "captures") if applied else paid(one, "refunds"))


async def test_a_cancel_refused_by_a_real_store_leaves_no_reason(desk: Desk, way: Way, fresh_medusa: Medusa) -> None:
    """Someone else completes the order between the reason and the cancellation."""
    account_id = await connect(desk, way, fresh_medusa)
    one = open_orders(fresh_medusa)[0]
    hand_on = way.store

    async def meanwhile(asked: Asked) -> bytes:
        if asked.path.partition("?")[0].endswith("/cancel"):
            fresh_medusa.api("POST", f"/admin/orders/{one['id']}/complete", {})
        return await hand_on(asked)

    way.store = meanwhile
    where = {"account_id": account_id, "item_id": one["id"], "confirmed": True}
    told = await desk.action("order.cancel", {"reason": "Too late"}, **where)

    assert told.type == "not-allowed"
    after = order(fresh_medusa, one["id"])
    assert (after["status"], "cancel_reason" in (after["metadata"] or {})) == ("completed", False)


async def test_the_money_that_is_stated_is_the_money_that_moves(desk: Desk, way: Way, fresh_medusa: Medusa) -> None:
    account_id = await connect(desk, way, fresh_medusa)
    seen = set()
    for one in open_orders(fresh_medusa):
        if one["payment_status"] in seen:
            continue
        seen.add(one["payment_status"])
        where = {"account_id": account_id, "item_id": one["id"]}
        asked = await desk.action("order.cancel", **where)
        done = await desk.action("order.cancel", confirmed=True, **where)
        after = order(fresh_medusa, one["id"])
        moved = paid(after, "refunds") - paid(one, "refunds")

        assert moved == paid(one, "captures") - paid(one, "refunds")
        amount = plain_money(moved, one["currency_code"])
        assert (f"gets {amount} back" in asked.text) is (moved > 0), asked.text
        assert (f"{amount} was refunded" in done.message) is (moved > 0), done.message
        if one["payment_status"] == "authorized":
            assert "is released" in asked.text
            assert "was released" in done.message
        if one["payment_status"] == "partially_captured":
            assert "stay authorised" in asked.text
            assert "stay authorised" in done.message
    assert {"captured", "partially_captured", "authorized", "not_paid", "partially_refunded"} <= seen
