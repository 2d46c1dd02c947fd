"""The overview over a store in memory: its figures, its period, and what it says when something is in the way."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import anyio
import pytest

from omnicart_plugin import webos
from omnicart_plugin.demo import DEMO_BASE_URL, DEMO_CREDENTIALS
from omnicart_plugin.medusa import client, probe
from omnicart_plugin.sales import ledger, watch
from omnicart_plugin.webos import Chart, Metric, Metrics, Money, Notice, Number, Progress, Table
from tests.app.desk import Desk
from tests.sales.shop import Shop

pytestmark = pytest.mark.anyio


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Reached at any address, instead of the network."""
    shop = Shop(datetime.now(UTC) - timedelta(hours=2))
    for module in (client, probe):
        monkeypatch.setattr(module, "PoolTransport", lambda _: shop)
    for patience in ("WAIT_SECONDS", "COUNT_SECONDS"):  # a busy machine is no fault of what is tested
        monkeypatch.setattr(watch, patience, 60.0)
    return shop


async def connect(desk: Desk) -> str:
    inputs = {"base_url": DEMO_BASE_URL, "email": DEMO_CREDENTIALS.email, "password": DEMO_CREDENTIALS.password}
    done = await desk.action("account.connect", inputs)
    return done.link.account_id or ""


def metrics(panel: Any) -> dict[str, Metric]:
    return {item.id: item for node in panel.body if isinstance(node, Metrics) for item in node.items}


def shown(panel: Any) -> dict[str, Any]:
    """By id: counts, and amounts with their currency."""

    def plain(value: Any) -> Any:
        return (value.amount, value.currency) if isinstance(value, Money) else value and value.number

    return {id_: plain(item.value) for id_, item in metrics(panel).items()}


def of_kind(panel: Any, kind: type) -> list[Any]:
    return [node for node in panel.body if isinstance(node, kind)]


@pytest.mark.usefixtures("shop")
async def test_a_store_that_has_sold_nothing_is_shown_as_such(desk: Desk) -> None:
    panel = await desk.panel("overview", account_id=await connect(desk))

    assert shown(panel)["orders"] == shown(panel)["pending"] == shown(panel)["period-orders"] == 0
    assert not any(isinstance(item.value, Money) for item in metrics(panel).values())
    assert of_kind(panel, Notice) == of_kind(panel, Progress) == []
    assert of_kind(panel, Table)[-1].empty.title == "No orders yet"


async def test_revenue_is_what_was_captured_minus_what_was_refunded_and_says_so(desk: Desk, shop: Shop) -> None:
    shop.place("70")
    shop.capture(shop.place("258.4375"))
    shop.capture(refunded := shop.place("1200", "jpy"))
    shop.refund(refunded, Decimal("0.25"))
    panel = await desk.panel("overview", account_id=await connect(desk))

    assert shown(panel)["revenue-eur"] == (Decimal("258.4375"), "EUR")
    assert shown(panel)["revenue-jpy"] == shown(panel)["period-revenue-jpy"] == (Decimal(900), "JPY")
    assert (shown(panel)["orders"], shown(panel)["pending"]) == (3, 3)
    earned = {item.id: item.hint for item in metrics(panel).values() if "revenue" in item.id}
    assert earned["revenue-jpy"] == "All time, captured minus refunded"
    assert earned["period-revenue-jpy"] == "Captured minus refunded"


async def test_the_first_figures_are_those_of_the_whole_store_and_nothing_else(desk: Desk, shop: Shop) -> None:
    for currency in ("usd", "eur"):
        shop.capture(shop.place("12", currency))
    whole, period = of_kind(await desk.panel("overview", account_id=await connect(desk)), Metrics)

    assert [item.id for item in whole.items] == ["orders", "customers", "products", "revenue-eur", "revenue-usd"]
    assert [type(item.value) for item in whole.items] == [Number, Number, Number, Money, Money]
    assert {item.id for item in period.items if not item.id.startswith("period-")} == {"pending"}


async def test_every_number_leads_to_the_list_behind_it(desk: Desk, shop: Shop) -> None:
    shop.capture(shop.place())
    items = metrics(await desk.panel("overview", account_id=await connect(desk)))

    links = {id_: (item.link.panel, item.link.filters) for id_, item in items.items() if item.link}
    assert links == {
        "orders": ("orders", {"status": "all"}),
        "customers": ("customers", {}),
        "products": ("products", {}),
        "pending": ("orders", {"status": "pending"}),
        "revenue-eur": ("orders", {"status": "all"}),
    }


async def test_the_list_that_a_number_leads_to_has_as_many_rows(desk: Desk) -> None:
    account_id = (await desk.action("account.demo")).link.account_id
    panel = await desk.panel("overview", account_id=account_id)
    for id_ in ("orders", "customers", "products", "pending"):
        link = metrics(panel)[id_].link
        assert link
        table = await desk.table(link.panel, account_id, filters=link.filters)
        assert (id_, table.total) == (id_, shown(panel)[id_])


@pytest.mark.parametrize(("period", "marks"), [("today", 1), ("7d", 7), ("30d", 30), ("90d", 90), ("12m", 12)])
async def test_a_period_has_charts_that_add_up_to_its_figures(desk: Desk, shop: Shop, period: str, marks: int) -> None:
    shop.clock -= timedelta(days=400)
    for _ in range(40):
        shop.tick(10 * 86_400)
        shop.capture(shop.place("0.0001", "eur"))
        shop.refund(shop.place("2", "usd"))
    panel = await desk.panel("overview", account_id=await connect(desk), filters={"period": period})
    (choice,) = of_kind(panel, Table)[0].filters
    charts = {chart.unit: chart for chart in of_kind(panel, Chart)}

    assert (choice.key, choice.value) == ("period", period)
    assert {len(chart.series[0].points) for chart in charts.values()} == {marks}
    assert sum(y for _, y in charts[""].series[0].points) == shown(panel)["period-orders"]
    if "EUR" in charts:
        total = sum((y for _, y in charts["EUR"].series[0].points), Decimal(0))
        assert (total, "EUR") == shown(panel)["period-revenue-eur"]


async def test_a_period_is_compared_with_the_one_before(desk: Desk, shop: Shop) -> None:
    now = shop.clock
    shop.clock = now - timedelta(days=10)
    shop.capture(shop.place("40"))
    shop.clock = now - timedelta(days=3)
    shop.capture(shop.place("30"))
    shop.capture(shop.place("20"))
    items = metrics(await desk.panel("overview", account_id=await connect(desk), filters={"period": "7d"}))

    assert (items["period-revenue-eur"].change, items["period-orders"].change) == (0.25, 1.0)
    assert items["period-average-eur"].value == Money(amount=Decimal("25.0000"), currency="EUR")


async def test_nothing_is_compared_where_there_was_nothing_before(desk: Desk, shop: Shop) -> None:
    shop.capture(shop.place())
    items = metrics(await desk.panel("overview", account_id=await connect(desk)))

    assert (items["period-orders"].change, items["period-orders"].hint) == (None, "")
    assert items["period-average-eur"].hint == "From 1 paid order"


@pytest.mark.usefixtures("shop")
async def test_the_period_is_thirty_days_until_another_is_chosen(desk: Desk) -> None:
    account_id = await connect(desk)

    assert of_kind(await desk.panel("overview", account_id=account_id), Table)[0].filters[0].value == "30d"
    assert (await desk.panel("overview", account_id=account_id, filters={"period": "5y"})).type == "bad-request"


async def test_a_draft_that_becomes_an_order_counts_on_the_day_on_which_it_was_drafted(desk: Desk, shop: Shop) -> None:
    now = shop.clock
    shop.clock = (now - timedelta(days=3)).replace(hour=12)  # both on one day, whatever the time is
    drafted = shop.draft()
    shop.place()
    shop.clock = now
    account_id = await connect(desk)
    before = of_kind(await desk.panel("overview", account_id=account_id), Chart)[-1].series[0].points
    shop.convert(drafted)
    after = of_kind(await desk.panel("overview", account_id=account_id, fresh=True), Chart)[-1].series[0].points

    assert [y for _, y in before if y] == [1]
    assert [y for _, y in after if y] == [2]


async def test_two_who_open_it_at_once_both_see_the_orders_of_each_day(desk: Desk, shop: Shop) -> None:
    shop.clock = datetime.now(UTC)
    shop.place(seconds=0)
    account_id = await connect(desk)
    panels: list[Any] = []

    async def look() -> None:
        panels.append(await desk.panel("overview", account_id=account_id))

    async with anyio.create_task_group() as both:
        both.start_soon(look)
        both.start_soon(look)
    assert [shown(panel)["period-orders"] for panel in panels] == [1, 1]
    assert [of_kind(panel, Progress) for panel in panels] == [[], []]


async def test_days_that_are_over_are_asked_once(desk: Desk, shop: Shop) -> None:
    account_id = await connect(desk)
    await desk.panel("overview", account_id=account_id)
    shop.clock = datetime.now(UTC)
    shop.place(seconds=0)
    shop.asked.clear()
    panel = await desk.panel("overview", account_id=account_id, fresh=True)

    assert shown(panel)["period-orders"] == 1
    assert len([url for url in shop.asked if "created_at[$gte]" in url.params]) == 1  # today


async def test_the_newest_are_asked_for_among_those_that_are_no_older_than_they_were(desk: Desk, shop: Shop) -> None:
    for _ in range(8):
        shop.place()
    account_id = await connect(desk)
    await desk.panel("overview", account_id=account_id)
    shop.place()
    shop.asked.clear()
    panel = await desk.panel("overview", account_id=account_id, fresh=True)

    assert [row.cells["display_id"].text for row in of_kind(panel, Table)[-1].rows] == ["#9", "#8", "#7", "#6", "#5"]
    (asked,) = [url for url in shop.asked if url.params.get("limit") == "5"]
    assert "created_at[$gte]" in asked.params


async def test_the_newest_of_a_store_that_was_set_back_are_its_own(desk: Desk, shop: Shop) -> None:
    for _ in range(8):
        shop.place()
    account_id = await connect(desk)
    await desk.panel("overview", account_id=account_id)
    for order_id in [*shop.orders][2:]:
        del shop.orders[order_id]
    panel = await desk.panel("overview", account_id=account_id, fresh=True)

    assert [row.cells["display_id"].text for row in of_kind(panel, Table)[-1].rows] == ["#2", "#1"]


async def test_what_is_known_is_shown_when_the_line_breaks_in_the_middle_of_a_fill(
    desk: Desk, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PAGE", 4)
    for _ in range(12):
        shop.capture(shop.place())
    account_id = await connect(desk)
    shop.fails = lambda url: url.params.get("offset") == "8"
    panel = await desk.panel("overview", account_id=account_id)
    while of_kind(panel, Progress):
        panel = await desk.panel("overview", account_id=account_id)

    assert [notice.title for notice in of_kind(panel, Notice)][-1] == "The revenue is not complete"
    assert of_kind(panel, Notice)[-1].text.startswith("8 of 12 payments are known.")
    assert (shown(panel)["orders"], shown(panel)["revenue-eur"]) == (12, (Decimal(80), "EUR"))
    assert panel.freshness.stale

    shop.fails = lambda _: False
    panel = await desk.panel("overview", account_id=account_id, fresh=True)
    while of_kind(panel, Progress):
        panel = await desk.panel("overview", account_id=account_id)
    assert shown(panel)["revenue-eur"] == (Decimal(120), "EUR")
    assert of_kind(panel, Notice) == []


async def test_a_store_that_goes_down_keeps_its_figures_and_says_so(desk: Desk, shop: Shop) -> None:
    shop.capture(shop.place())
    account_id = await connect(desk)
    before = await desk.panel("overview", account_id=account_id)
    shop.fails = lambda _: True
    panel = await desk.panel("overview", account_id=account_id, fresh=True)

    assert shown(panel) == shown(before)
    assert "cannot be reached" in of_kind(panel, Notice)[0].title
    assert panel.freshness.stale


async def test_a_store_that_was_never_reached_is_a_problem(desk: Desk, shop: Shop) -> None:
    account_id = await connect(desk)
    shop.fails = lambda _: True

    assert (await desk.panel("overview", account_id=account_id)).type == "store-unavailable"


async def test_a_removed_account_takes_its_figures_along(desk: Desk, shop: Shop) -> None:
    shop.capture(shop.place())
    account_id = await connect(desk)
    await desk.panel("overview", account_id=account_id)
    assert isinstance(await desk.action("account.remove", account_id=account_id, confirmed=True), webos.Done)

    assert (await desk.panel("overview", account_id=account_id)).type == "not-found"
    shop.orders.clear()
    panel = await desk.panel("overview", account_id=await connect(desk))
    assert shown(panel)["orders"] == 0
    assert "revenue-eur" not in shown(panel)


async def test_the_demo_is_full_and_plausible(desk: Desk) -> None:
    done = await desk.action("account.demo")
    panel = await desk.panel("overview", account_id=done.link.account_id)

    assert {item.id for item in metrics(panel).values() if item.id.startswith("revenue")} == {
        "revenue-eur",
        "revenue-jpy",
        "revenue-usd",
    }
    assert [chart.unit for chart in of_kind(panel, Chart)] == ["EUR", "JPY", "USD", ""]
    assert all(
        item.value and (not isinstance(item.value, Number) or item.value.number) for item in metrics(panel).values()
    )
    assert len(of_kind(panel, Table)[-1].rows) == 5
