"""Completing, cancelling and archiving on a real store, and what the store says of it to another program."""

from decimal import Decimal
from typing import Any

import anyio
import pytest

from omnicart_plugin import webos
from omnicart_plugin.panels.changes import CHANGES
from tests.app.desk import Desk
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]
SHOWN = (
    "id,display_id,status,payment_status,fulfillment_status,metadata,total,payment_collections.payments.refunds.amount"
)


@pytest.fixture(params=[("asyncio", {"debug": True})], ids=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    """One backend: each test costs a store put back to its first state."""
    return request.param


def orders(store: Medusa, **states: str) -> list[Any]:
    found = store.api("GET", f"/admin/orders?limit=200&order=display_id&fields={SHOWN}")["orders"]
    return [order for order in found if all(order[name] == value for name, value in states.items())]


def order(store: Medusa, order_id: str) -> Any:
    return store.api("GET", f"/admin/orders/{order_id}?fields={SHOWN}")["order"]


def refunds(shown: Any) -> list[Decimal]:
    every = (r for c in shown["payment_collections"] for p in c["payments"] for r in p["refunds"])
    return [Decimal(str(refund["amount"])) for refund in every]


async def test_a_captured_order_is_cancelled_with_a_reason_and_refunded_once(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    paid = orders(fresh_medusa, status="pending", payment_status="captured", fulfillment_status="not_fulfilled")[0]
    where: dict[str, Any] = {"account_id": account_id, "item_id": paid["id"]}
    asked = await desk.action("order.cancel", {"reason": "Wrong size"}, **where)
    assert isinstance(asked, webos.Confirm)
    assert "refunded" in asked.text
    answers: list[Any] = []

    async def press(request_id: str) -> None:
        answers.append(
            await desk.action("order.cancel", {"reason": "Wrong size"}, confirmed=True, request_id=request_id, **where)
        )

    async with anyio.create_task_group() as tasks:
        for request_id in ("one", "one", "two", "three"):
            tasks.start_soon(press, request_id)
    await press("one")

    assert {type(answer) for answer in answers} == {webos.Done}
    assert len({answer.message for answer in answers}) == 1
    after = order(fresh_medusa, paid["id"])
    assert (after["status"], after["payment_status"]) == ("canceled", "refunded")
    assert refunds(after) == [Decimal(str(paid["total"]))]
    panel = await desk.panel("order", **where)
    timeline = next(node for node in panel.body if isinstance(node, webos.Timeline))
    assert "Reason: Wrong size" in [entry.text for entry in timeline.entries]


async def test_what_is_offered_is_what_the_store_takes(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    seen: dict[tuple[str, ...], str] = {}
    for one in orders(fresh_medusa):
        seen.setdefault((one["status"], one["payment_status"], one["fulfillment_status"]), one["id"])
    for item_id in seen.values():
        panel = await desk.panel("order", account_id=account_id, item_id=item_id, fresh=True)
        for offered in [action for action in panel.actions if action.disabled]:
            refused = await desk.action(offered.id, account_id=account_id, item_id=item_id, confirmed=True)
            assert (refused.type, refused.detail) == ("not-allowed", offered.disabled)
        for offered in [action for action in panel.actions if not action.disabled][:1]:
            done = await desk.action(offered.id, account_id=account_id, item_id=item_id, confirmed=True)
            assert isinstance(done, webos.Done), (item_id, offered.id, done)


async def test_complete_and_archive_are_done_and_then_not_offered_again(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    one = orders(fresh_medusa, status="pending")[0]
    where: dict[str, Any] = {"account_id": account_id, "item_id": one["id"]}
    for action, status in (("order.complete", "completed"), ("order.archive", "archived")):
        assert isinstance(await desk.action(action, **where), webos.Done)
        assert order(fresh_medusa, one["id"])["status"] == status
        assert (await desk.action(action, **where)).type == "not-allowed"


async def test_an_order_that_someone_else_cancelled_a_moment_ago_is_told(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    one = orders(fresh_medusa, status="pending", fulfillment_status="not_fulfilled")[0]
    await desk.panel("order", account_id=account_id, item_id=one["id"])
    fresh_medusa.api("POST", f"/admin/orders/{one['id']}/cancel", {})

    for confirmed in (False, True):
        refused = await desk.action("order.cancel", account_id=account_id, item_id=one["id"], confirmed=confirmed)
        assert (refused.type, refused.detail) == ("not-allowed", "It is cancelled already.")


async def test_a_cancel_that_the_store_refuses_leaves_no_reason_behind(
    desk: Desk, fresh_medusa: Medusa, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the parcel had been packed after we looked."""
    account_id = await desk.connect(fresh_medusa)
    packed = next(o for o in orders(fresh_medusa, status="pending") if o["fulfillment_status"] == "shipped")
    row = CHANGES["order.cancel"]
    monkeypatch.setitem(CHANGES, "order.cancel", type(row)(**{**_asdict(row), "blocked": lambda _: None}))
    refused = await desk.action(
        "order.cancel", {"reason": "Too late"}, account_id=account_id, item_id=packed["id"], confirmed=True
    )

    assert refused.type == "not-allowed"
    assert "fulfillments" in refused.detail
    after = order(fresh_medusa, packed["id"])
    assert after["status"] == "pending"
    assert "cancel_reason" not in (after["metadata"] or {})


async def test_an_order_that_is_not_there_changes_nothing(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    before = orders(fresh_medusa)
    for action in ("order.complete", "order.cancel", "order.archive"):
        for confirmed in (False, True):
            answer = await desk.action(action, account_id=account_id, item_id="order_never", confirmed=confirmed)
            assert answer.type == "not-found"

    assert orders(fresh_medusa) == before


def _asdict(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}
