"""The overview of a real store, compared with sums over what the store says to another program."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import anyio
import anyio.to_thread
import pytest

from omnicart_plugin import webos
from omnicart_plugin.webos import Chart, HostEvent, Metrics, Money, Progress
from tests.app.desk import Desk
from tests.medusa_lab import Medusa
from tests.medusa_lab.api import Refused

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]
PAID = (
    "id,status,created_at,*payment_collections.payments,"
    "*payment_collections.payments.captures,*payment_collections.payments.refunds"
)


@pytest.fixture(params=[("asyncio", {"debug": True})], ids=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    """One backend: each test costs a store put back to its first state."""
    return request.param


def orders(store: Medusa) -> list[Any]:
    found: list[Any] = store.api("GET", f"/admin/orders?limit=500&order=display_id&fields={PAID}")["orders"]
    return found


def payments(order: Any) -> list[Any]:
    return [payment for collection in order["payment_collections"] for payment in collection["payments"]]


def summed(store: Medusa) -> dict[str, Decimal]:
    """Captured minus refunded, from orders, by currency."""
    found: dict[str, Decimal] = {}
    for payment in (payment for order in orders(store) for payment in payments(order)):
        for sign, parts in ((1, payment["captures"]), (-1, payment["refunds"])):
            for part in parts:
                code = payment["currency_code"].upper()
                found[code] = found.get(code, Decimal(0)) + sign * Decimal(str(part["amount"]))
    return found


def count(store: Medusa, query: str) -> int:
    counted: int = store.api("GET", f"/admin/{query}")["count"]
    return counted


def shown(panel: Any, start: str) -> dict[str, Decimal]:
    items = [item for node in panel.body if isinstance(node, Metrics) for item in node.items]
    return {
        item.value.currency: item.value.amount
        for item in items
        if item.id.startswith(start) and isinstance(item.value, Money)
    }


def number(panel: Any, id_: str) -> Any:
    items = [item for node in panel.body if isinstance(node, Metrics) for item in node.items]
    return next(getattr(item.value, "number", None) for item in items if item.id == id_)


async def filled(desk: Desk, account_id: str, **where: Any) -> Any:
    panel = await desk.panel("overview", account_id=account_id, **where)
    while any(isinstance(node, Progress) for node in panel.body):
        await anyio.sleep(0.1)
        panel = await desk.panel("overview", account_id=account_id)
    return panel


async def within_ten_seconds(desk: Desk, account_id: str, holds: Callable[[Any], bool]) -> None:
    """Nothing but the host's timer ticks while the panel is open."""
    heard = desk.host.events()
    panel = await desk.panel("overview", account_id=account_id)
    with anyio.fail_after(10 * SLOWER):
        while not holds(panel):
            await desk.host.event(HostEvent(ctx=desk.ctx, name="timer", account_id=account_id, panels=["overview"]))
            with anyio.move_on_after(5):
                await anext(heard)
            panel = await desk.panel("overview", account_id=account_id)


SLOWER = 3
"""How much slower than any machine of a merchant's the one that tests may be."""


async def test_figures_equal_sums_over_the_store(desk: Desk, medusa: Medusa) -> None:
    panel = await filled(desk, await desk.connect(medusa))

    assert shown(panel, "revenue-") == summed(medusa)
    for id_, query in (("orders", "orders"), ("customers", "customers"), ("products", "products")):
        assert number(panel, id_) == count(medusa, f"{query}?limit=0&fields=id")
    assert number(panel, "pending") == count(medusa, "orders?limit=0&fields=id&status[]=pending")


@pytest.mark.parametrize("place", ["UTC", "Asia/Kathmandu", "America/St_Johns"])
async def test_a_period_holds_the_days_of_the_workspaces_time_zone(desk: Desk, medusa: Medusa, place: str) -> None:
    account_id = await desk.connect(medusa)
    desk.ctx = webos.Context(
        **{name: getattr(desk.ctx, name) for name in desk.ctx.__struct_fields__} | {"timezone": place}
    )
    panel = await filled(desk, account_id, filters={"period": "7d"})
    midnight = datetime.now(ZoneInfo(place)).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = (midnight - timedelta(days=6)).astimezone(UTC)
    chart = next(node for node in reversed(panel.body) if isinstance(node, Chart))
    days = [datetime.fromisoformat(order["created_at"]).astimezone(ZoneInfo(place)) for order in orders(medusa)]

    assert number(panel, "period-orders") == len([day for day in days if day >= starts])
    for mark, y in chart.series[0].points:
        assert y == len([day for day in days if day.date().isoformat() == mark])


async def test_changes_come_in_while_the_panel_is_open(desk: Desk, fresh_medusa: Medusa) -> None:
    """A capture in part, two refunds, a cancelled order that was paid, and a draft that becomes an order."""
    account_id = await desk.connect(fresh_medusa)
    await filled(desk, account_id)
    found = orders(fresh_medusa)
    waiting = [p for o in found for p in payments(o) if o["status"] == "pending" and not p["captures"]]
    refundable = [p for o in found for p in payments(o) if p["captured_at"] and not p["refunds"]]
    cancellable = [o for o in found if o["status"] == "pending" and payments(o) and payments(o)[0]["captured_at"]]
    draft = fresh_medusa.api("GET", "/admin/draft-orders?limit=1&fields=id")["draft_orders"][0]["id"]
    before = count(fresh_medusa, "orders?limit=0&fields=id")
    steps: list[tuple[str, Any]] = [
        (f"payments/{waiting[0]['id']}/capture", {"amount": 3.0625}),
        (f"payments/{refundable[0]['id']}/refund", {"amount": 0.0125}),
        (f"payments/{refundable[0]['id']}/refund", {"amount": 1.5}),
        (f"draft-orders/{draft}/convert-to-order", {}),
        *((f"orders/{order['id']}/cancel", {}) for order in cancellable if cancel_is_taken(fresh_medusa, order)),
    ][:5]
    for path, body in steps:
        await anyio.to_thread.run_sync(fresh_medusa.api, "POST", f"/admin/{path}", body)
        await within_ten_seconds(desk, account_id, partial(earns, summed(fresh_medusa)))
    await within_ten_seconds(desk, account_id, lambda panel: number(panel, "orders") == before + 1)
    assert len(steps) == 5


def earns(expected: dict[str, Decimal], panel: Any) -> bool:
    return shown(panel, "revenue-") == expected


def cancel_is_taken(store: Medusa, order: Any) -> bool:
    parcels = store.api("GET", f"/admin/orders/{order['id']}?fields=*fulfillments")["order"]["fulfillments"]
    return all(parcel["canceled_at"] for parcel in parcels)


async def test_nothing_is_told_when_nothing_changed(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    await filled(desk, account_id, fresh=True)
    heard = desk.host.events()
    for _ in range(3):
        await desk.host.event(HostEvent(ctx=desk.ctx, name="timer", account_id=account_id, panels=["overview"]))
        await desk.panel("overview", account_id=account_id, fresh=True)

    with anyio.move_on_after(2):
        raise AssertionError(await anext(heard))


async def test_after_random_changes_the_figures_equal_a_full_sum(desk: Desk, fresh_medusa: Medusa) -> None:
    account_id = await desk.connect(fresh_medusa)
    await filled(desk, account_id)
    chance = Random(7)  # noqa: S311 - which order is changed
    for _ in range(8):
        known = await anyio.to_thread.run_sync(orders, fresh_medusa)
        for _ in range(5):
            await anyio.to_thread.run_sync(change, fresh_medusa, chance.choice(known), chance)
        panel = await filled(desk, account_id, fresh=True)
        assert shown(panel, "revenue-") == summed(fresh_medusa)


def change(store: Medusa, order: Any, chance: Random) -> None:
    """What the store refuses changes nothing, and is as good."""
    payment = (payments(order) or [{"id": "none", "amount": 1}])[0]
    part = float(round(Decimal(str(payment["amount"])) * Decimal(chance.choice(("0.01", "0.2", "0.37"))), 4))
    path, body = chance.choice(
        [
            (f"payments/{payment['id']}/capture", {"amount": part}),
            (f"payments/{payment['id']}/refund", {"amount": part}),
            (f"orders/{order['id']}/cancel", {}),
            (f"orders/{order['id']}/complete", {}),
        ]
    )
    with suppress(Refused):
        store.api("POST", f"/admin/{path}", body)
