"""A write reaches the store once, and the person learns what became of it, whatever happens to the answer."""

from typing import Any

import anyio
import msgspec
import pytest
from sqlalchemy import Table, select

from omnicart_plugin import webos
from omnicart_plugin.medusa import transport
from omnicart_plugin.panels import writing
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.tables import intents, joined
from tests.app.desk import Desk
from tests.app.small_shop import Fault, How, SmallShop, Way, order, payment

pytestmark = pytest.mark.anyio
LOST: list[How] = ["timeout", "disconnect", "half", "nothing", "502", "503", "504"]
CANCEL = "POST /admin/orders/order_1/cancel"
REASON = "POST /admin/orders/order_1"
LOOK = "GET /admin/orders/order_1"


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "READ_BACK_SECONDS", (0.0, 0.0, 0.0))


@pytest.fixture
async def account_id(desk: Desk, way: Way) -> str:
    connected = await desk.connect(way.medusa())
    way.asked.clear()
    return connected


async def cancel(desk: Desk, account_id: str, reason: str = "Wrong size", **more: Any) -> Any:
    where = {"account_id": account_id, "item_id": "order_1", "confirmed": True, **more}
    return await desk.action("order.cancel", {"reason": reason} if reason else {}, **where)


async def kept(desk: Desk, table: Table = intents) -> list[Any]:
    """The rows as another process sees them, the oldest intent first."""
    database = await Database.open(desk.host.database_url)
    order = [intents.c.created_at] if table is intents else []
    rows = await database.run(lambda conn: conn.execute(select(table).order_by(*order)).all())
    await database.close()
    return list(rows)


async def test_before_a_write_leaves_its_intent_is_in_the_database(desk: Desk, way: Way, account_id: str) -> None:
    way.faults.append(held := Fault(REASON, "timeout", applied=False))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: cancel(desk, account_id, request_id="r1"))
        await held.reached.wait()
        (row,) = await kept(desk)
        held.over.set()

    assert (row.account_id, row.action, row.item_id, row.outcome) == (account_id, "order.cancel", "order_1", "open")
    assert (row.user_id, row.request_id, row.inputs) == ("u", "r1", '{"reason":"Wrong size"}')
    before = msgspec.json.decode(row.state_before)["order"]
    assert (before["id"], before["status"], before["metadata"]) == ("order_1", "pending", {})


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
@pytest.mark.parametrize("how", LOST)
async def test_a_lost_answer_is_read_back_until_it_shows_which_it_was(
    desk: Desk, way: Way, shop: SmallShop, account_id: str, how: How, applied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TOTAL_SECONDS", 1.0 if how == "timeout" else 30.0)
    way.faults.append(Fault(CANCEL, how, applied=applied))
    told = await cancel(desk, account_id, request_id="r1")

    assert way.count(CANCEL) == 1
    assert shop.orders["order_1"]["metadata"] == ({"cancel_reason": "Wrong size"} if applied else {})
    if applied:
        assert (type(told), shop.orders["order_1"]["status"]) == (webos.Done, "canceled")
    else:
        assert (told.type, shop.orders["order_1"]["status"]) == ("store-unavailable", "pending")
        assert "Nothing was changed so far. The store may still do it late" in told.detail
    assert await cancel(desk, account_id, request_id="r1") == told
    assert way.count(CANCEL) == 1


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
async def test_a_lost_answer_to_the_reason_is_no_cancellation_and_leaves_no_reason(
    desk: Desk, way: Way, shop: SmallShop, account_id: str, applied: bool
) -> None:
    way.faults.append(Fault(REASON, "disconnect", applied=applied))
    told = await cancel(desk, account_id)

    assert (told.type, way.count(CANCEL)) == ("store-unavailable", 0)
    assert shop.orders["order_1"]["metadata"] == {}


@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
async def test_what_is_not_known_is_told_and_a_second_look_sends_nothing(
    desk: Desk, way: Way, shop: SmallShop, account_id: str, applied: bool
) -> None:
    down = Fault(LOOK, "503", lasts=True)
    way.faults.append(Fault(CANCEL, "504", applied=applied, then=down))
    told = await cancel(desk, account_id)
    assert (told.type, told.status, [again.label for again in told.actions]) == ("outcome-unknown", 504, ["Look again"])

    again = told.actions[0]
    for _ in range(2):
        assert (await look(desk, again)).type == "outcome-unknown"
    assert (await cancel(desk, account_id, "Another reason")).type == "outcome-unknown"
    way.faults.clear()
    told = [await look(desk, again), await look(desk, again)]

    assert told[0] == told[1]
    assert isinstance(told[0], webos.Done) is applied
    assert way.count(CANCEL) == 1
    assert shop.orders["order_1"]["metadata"] == ({"cancel_reason": "Wrong size"} if applied else {})
    assert isinstance(await cancel(desk, account_id), webos.Done) is not applied
    assert way.count(CANCEL) == 1 + (not applied)


async def look(desk: Desk, again: webos.Action) -> Any:
    return await desk.action(again.id, again.values, account_id=again.account_id, item_id=again.item_id)


async def test_a_look_again_never_sends_also_when_someone_else_has_looked_already(
    desk: Desk, way: Way, shop: SmallShop, account_id: str
) -> None:
    where = {"account_id": account_id, "item_id": "order_1"}
    down = Fault(LOOK, "503", lasts=True)
    way.faults.append(Fault("/complete", "504", applied=False, then=down))
    (again,) = (await desk.action("order.complete", **where)).actions
    way.faults.clear()

    assert (await desk.action("order.complete", **where)).type == "store-unavailable"
    assert (await look(desk, again)).type == "store-unavailable"
    assert (way.count("/complete"), shop.orders["order_1"]["status"]) == (1, "pending")
    assert (await desk.action("order.cancel", account_id=account_id, item_id=again.item_id)).type == "not-found"
    assert (await desk.action("order.complete", account_id=account_id, item_id="int_never")).type == "not-found"


async def test_another_write_of_a_thing_waits_until_the_unknown_one_is_known(
    desk: Desk, way: Way, account_id: str
) -> None:
    where = {"account_id": account_id, "item_id": "order_1"}
    down = Fault(LOOK, "503", lasts=True)
    way.faults.append(Fault(CANCEL, "504", then=down))
    await cancel(desk, account_id)

    assert (await desk.action("order.archive", **where)).type == "outcome-unknown"
    way.faults.clear()
    assert (await desk.action("order.complete", **where)).detail == "It is cancelled."
    assert [row.outcome for row in await kept(desk)] == ["done", "not-done"]


async def test_clicks_tabs_and_a_repeated_request_are_one_request_with_one_answer(
    desk: Desk, way: Way, account_id: str
) -> None:
    told: list[Any] = []

    async def click(request_id: str) -> None:
        told.append(await cancel(desk, account_id, request_id=request_id))

    way.faults.append(held := Fault(CANCEL, "timeout"))
    async with anyio.create_task_group() as tasks:
        for request_id in ("one", "one", "two", "", "one"):
            tasks.start_soon(click, request_id)
        await held.reached.wait()
        held.over.set()
    await click("one")

    assert len({webos.encode(answer) for answer in told}) == 1
    assert {type(answer) for answer in told} == {webos.Done}
    assert way.count(CANCEL) == 1
    assert len(await kept(desk)) == 1


async def test_a_click_that_joined_another_is_answered_when_it_comes_again_and_runs_nothing(
    desk: Desk, way: Way, shop: SmallShop, account_id: str
) -> None:
    told: list[Any] = []

    async def click(request_id: str, action: str = "order.complete") -> None:
        told.append(await desk.action(action, account_id=account_id, item_id="order_1", request_id=request_id))

    way.faults.append(held := Fault("/complete", "timeout"))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(click, "first")
        await held.reached.wait()
        tasks.start_soon(click, "second")
        while not await kept(desk, joined):
            await anyio.lowlevel.checkpoint()
        held.over.set()
    shop.orders["order_1"]["status"] = "pending"  # as if someone had opened it again
    await click("second")
    await click("second", "order.archive")

    assert [type(answer) for answer in told] == [webos.Done, webos.Done, webos.Done, webos.Problem]
    assert told[0] == told[1] == told[2]
    assert told[3].type == "bad-request"
    assert way.count("/complete") == 1


async def test_who_wants_something_else_of_a_thing_waits_and_then_learns_how_it_stands(
    desk: Desk, way: Way, account_id: str
) -> None:
    told: dict[str, Any] = {}

    async def click(reason: str) -> None:
        told[reason] = await cancel(desk, account_id, reason, request_id=reason)

    way.faults.append(held := Fault(CANCEL, "timeout"))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(click, "first")
        await held.reached.wait()
        tasks.start_soon(click, "second")
        held.over.set()

    assert isinstance(told["first"], webos.Done)
    assert told["second"].detail == "It is cancelled already."
    assert (way.count(CANCEL), way.count(REASON)) == (1, 1)
    other = await desk.action("order.complete", account_id=account_id, item_id="order_2", request_id="first")
    assert (other.type, way.count("/complete")) == ("bad-request", 0)


async def test_a_caller_that_gives_up_does_not_stop_the_write_and_can_ask_for_its_answer(
    desk: Desk, way: Way, shop: SmallShop, account_id: str
) -> None:
    way.faults.append(held := Fault(CANCEL, "timeout"))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: cancel(desk, account_id, request_id="r1"))
        await held.reached.wait()
        tasks.cancel_scope.cancel()
    held.over.set()
    told = await cancel(desk, account_id, request_id="r1")

    assert isinstance(told, webos.Done)
    assert (way.count(CANCEL), shop.orders["order_1"]["status"]) == (1, "canceled")


async def test_a_401_is_sent_again_once_with_a_new_sign_in(
    desk: Desk, way: Way, shop: SmallShop, account_id: str
) -> None:
    await desk.panel("order", account_id=account_id, item_id="order_1")
    signed_in = shop.signed_in
    shop.expired.append("/order_1/cancel")

    assert isinstance(await cancel(desk, account_id), webos.Done)
    assert (way.count(CANCEL), way.count(REASON), shop.signed_in) == (2, 1, signed_in + 1)


async def test_a_second_401_is_the_end_and_leaves_no_reason(
    desk: Desk, way: Way, shop: SmallShop, account_id: str
) -> None:
    shop.expired += ["/order_1/cancel", "/order_1/cancel"]
    told = await cancel(desk, account_id)

    assert (told.type, way.count(CANCEL)) == ("reauth-required", 2)
    assert (shop.orders["order_1"]["status"], shop.orders["order_1"]["metadata"]) == ("pending", {})


@pytest.mark.parametrize("earlier", [{}, {"cancel_reason": "Asked by phone", "note": "x"}], ids=["none", "another"])
async def test_a_refused_cancel_leaves_the_reason_that_was_there(
    desk: Desk, way: Way, shop: SmallShop, account_id: str, earlier: dict[str, str]
) -> None:
    shop.orders["order_1"]["metadata"] = dict(earlier)
    shop.refuses.add("/cancel")
    told = await cancel(desk, account_id)

    assert (told.type, way.count(CANCEL)) == ("not-allowed", 1)
    assert "fulfillments" in told.detail
    assert shop.orders["order_1"]["metadata"] == earlier


async def test_a_reason_that_cannot_be_taken_back_now_is_at_the_next_look(
    desk: Desk, way: Way, shop: SmallShop, account_id: str
) -> None:
    shop.refuses.add("/cancel")
    way.faults.append(Fault(CANCEL, "late", then=Fault(LOOK, "503", lasts=True)))
    told = await cancel(desk, account_id)
    assert told.type == "outcome-unknown"
    way.faults.clear()

    assert (await look(desk, told.actions[0])).type == "store-unavailable"
    assert (shop.orders["order_1"]["status"], shop.orders["order_1"]["metadata"]) == ("pending", {})
    assert way.count(CANCEL) == 1


async def test_a_new_thing_is_found_again_by_its_name(desk: Desk, way: Way, shop: SmallShop, account_id: str) -> None:
    way.faults.append(Fault("POST /admin/collections", "disconnect"))
    told = await desk.action("collection.create", {"title": "Summer Sale"}, account_id=account_id)
    assert told.link == webos.Link(panel="collection", item_id="pcol_summer-sale", account_id=account_id)

    way.faults.append(Fault("POST /admin/collections", "disconnect", applied=False))
    lost = await desk.action("collection.create", {"title": "Winter"}, account_id=account_id)
    assert (lost.type, [*shop.collections]) == ("store-unavailable", ["pcol_summer-sale"])

    way.faults.append(Fault("POST /admin/collections", "disconnect", applied=False))
    shop.collections["pcol_winter"] = {"id": "pcol_winter", "title": "Winter", "handle": "winter"}
    lost = await desk.action("collection.create", {"title": "Winter"}, account_id=account_id)
    assert lost.type == "store-unavailable", "the one that was there before is not ours"


async def test_panels_that_show_the_thing_are_announced_and_right(desk: Desk, account_id: str) -> None:
    where = {"account_id": account_id, "item_id": "order_1"}
    await desk.panel("order", **where)
    announced: list[webos.AppEvent] = []
    events = desk.host.events()
    async with anyio.create_task_group() as tasks:

        async def listen() -> None:
            async for event in events:
                announced.append(event)  # noqa: PERF401 - it never ends

        tasks.start_soon(listen)
        done = await cancel(desk, account_id)
        while not announced:
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()

    assert {"order", "orders", "overview"} <= {*done.refresh}
    assert any(event.account_id == account_id and {*done.refresh} <= {*event.panels} for event in announced)
    (action,) = [a for a in (await desk.panel("order", **where)).actions if a.id == "order.cancel"]
    assert action.disabled == "It is cancelled already."


PAYMENTS = [
    ([], "No money moves: nothing was paid.", "No money moved."),
    (
        [payment(20)],
        "The authorised payment of 20.00 EUR is released",
        "The authorised payment of 20.00 EUR was released.",
    ),
    ([payment(20, 20)], "the customer gets 20.00 EUR back", "20.00 EUR was refunded."),
    (
        [payment(20, 12.5)],
        "gets 12.50 EUR back. The other 7.50 EUR stay",
        "12.50 EUR was refunded. The other 7.50 EUR stay",
    ),
    ([payment(20, 20, 5.25)], "the customer gets 14.75 EUR back", "14.75 EUR was refunded."),
    ([payment(20.005, 20.005)], "the customer gets 20.01 EUR back", "20.01 EUR was refunded."),
    ([payment(20, 20, 20)], "what was paid is refunded already", "No money moved."),
    (
        [payment(20, 20), payment(7)],
        "gets 20.00 EUR back. The authorised payment of 7.00 EUR",
        "20.00 EUR was refunded. The",
    ),
    ([payment(20, 20), payment(9, 9, 9)], "the customer gets 20.00 EUR back", "20.00 EUR was refunded."),
]


@pytest.mark.parametrize(("payments", "stated", "confirmed"), PAYMENTS)
async def test_what_happens_to_the_money_is_stated_before_and_confirmed_after(
    desk: Desk, shop: SmallShop, account_id: str, payments: list[Any], stated: str, confirmed: str
) -> None:
    shop.orders["order_1"] = msgspec.json.decode(msgspec.json.encode(order(1, *payments)))
    asked = await cancel(desk, account_id, confirmed=False)
    done = await cancel(desk, account_id)

    assert stated in asked.text
    assert confirmed in done.message
