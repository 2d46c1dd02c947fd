"""The demo store: one click, all panels, no change and no socket."""

import socket
from typing import Any

import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk

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

    assert {action.disabled for action in panel.actions} == {"It can be looked at, not changed. Connect your own."}
    assert (refused.type, refused.status) == ("demo-read-only", 403)


async def test_it_is_renamed_and_removed_like_any_other(desk: Desk, demo: str) -> None:
    assert isinstance(await desk.action("account.rename", {"label": "Toy"}, account_id=demo), webos.Done)
    assert (await desk.action("account.reconnect", {}, account_id=demo)).type == "not-allowed"
    assert isinstance(await desk.action("account.remove", account_id=demo, confirmed=True), webos.Done)
    assert (await desk.launch()).accounts == []
