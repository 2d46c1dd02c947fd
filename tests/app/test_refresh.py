"""What is open is asked anew when the host says so, and after every change; whoever shows it is told."""

from typing import Any

import anyio
import pytest

from omnicart_plugin import webos
from omnicart_plugin.stores import Store
from omnicart_plugin.webos import AppEvent, HostEvent
from tests.app.desk import BUNDLE, Desk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def demo(desk: Desk) -> str:
    done = await desk.action("account.demo")
    return done.link.account_id or ""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that stores were asked for."""
    paths: list[str] = []
    fetch = Store._fetch

    async def counted(store: Store, question: Any, asking: Any) -> Any:
        paths.append(question.path)
        return await fetch(store, question, asking)

    monkeypatch.setattr(Store, "_fetch", counted)
    return paths


@pytest.fixture
async def other(desk: Desk) -> str:
    """The demo of another workspace."""
    mine, desk.ctx = desk.ctx, webos.Context(workspace_id="x", user_id="u", role="owner", bundles=BUNDLE)
    done = await desk.action("account.demo")
    await desk.orders(done.link.account_id)
    desk.ctx = mine
    return str(done.link.account_id)


def event(desk: Desk, name: Any, *panels: str, account_id: str | None = None) -> HostEvent:
    return HostEvent(ctx=desk.ctx, name=name, account_id=account_id, panels=[*panels])


async def test_the_first_look_at_the_orders_is_one_request_and_the_second_none(
    desk: Desk, demo: str, asked: list[str]
) -> None:
    for _ in range(2):
        await desk.orders(demo)

    assert asked == ["/admin/orders"]


async def test_a_panel_that_asks_to_be_fresh_goes_to_the_store(desk: Desk, demo: str, asked: list[str]) -> None:
    for _ in range(2):
        await desk.panel("orders", account_id=demo, fresh=True)

    assert asked == ["/admin/orders"] * 2


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("named", [True, False])
async def test_refresh_asks_anew_what_the_panels_show_of_one_store_or_of_all_that_the_workspace_has(
    desk: Desk, demo: str, asked: list[str], *, named: bool
) -> None:
    await desk.orders(demo)
    asked.clear()
    await desk.host.event(event(desk, "refresh", "orders", account_id=demo if named else None))
    await anyio.wait_all_tasks_blocked()

    assert asked == ["/admin/orders"]  # the other workspace's is left alone
    assert (await desk.orders(demo)).rows
    assert asked == ["/admin/orders"]


@pytest.mark.usefixtures("demo")
async def test_another_workspaces_store_cannot_be_refreshed(desk: Desk, other: str, asked: list[str]) -> None:
    await desk.host.event(event(desk, "refresh", "orders", account_id=other))
    await anyio.wait_all_tasks_blocked()

    assert asked == []


async def test_a_timer_asks_for_nothing_that_is_fresh_and_for_nothing_that_is_not_open(
    desk: Desk, demo: str, asked: list[str]
) -> None:
    await desk.orders(demo)
    await desk.host.event(event(desk, "timer", "orders", "order"))
    await anyio.wait_all_tasks_blocked()

    assert asked == ["/admin/orders"]


async def test_a_refresh_without_panels_asks_when_they_are_looked_at(desk: Desk, demo: str, asked: list[str]) -> None:
    await desk.orders(demo)
    await desk.host.event(event(desk, "refresh"))
    await anyio.wait_all_tasks_blocked()
    assert len(asked) == 1
    await desk.orders(demo)
    assert len(asked) == 2


async def test_events_without_the_bundle_or_without_a_store_do_nothing(desk: Desk, asked: list[str]) -> None:
    await desk.host.event(event(desk, "refresh", "orders"))
    desk.ctx = webos.Context(workspace_id="w", user_id="u", role="owner")
    await desk.host.event(event(desk, "timer", "orders", account_id="acc_never"))

    assert asked == []


async def test_an_answer_that_differs_is_announced_to_the_panels_that_show_it(
    desk: Desk, demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.orders(demo)
    listener = desk.host.events()
    monkeypatch.setattr("omnicart_plugin.stores.Client.get", _nothing)
    await desk.host.event(event(desk, "refresh", "orders"))
    with anyio.fail_after(10):
        heard = await anext(listener)

    assert heard == AppEvent(app_id="omnicart", workspace_id="w", account_id=demo, panels=["orders"])


async def _nothing(_: Any, question: Any) -> Any:
    return question.type(orders=(), count=0)
