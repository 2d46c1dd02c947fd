"""Who looks at a store when, what that costs, and who hears of it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from unittest.mock import Mock

import anyio
import pytest
from anyio.abc import TaskGroup
from sqlalchemy import Connection

from omnicart_plugin.accounts.directory import Account
from omnicart_plugin.demo import DEMO_BASE_URL, DEMO_CREDENTIALS
from omnicart_plugin.medusa import queries
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import Unreachable
from omnicart_plugin.remembered import remembered
from omnicart_plugin.sales import figures, ledger, watch
from omnicart_plugin.sales.periods import Period, calendar, zone
from omnicart_plugin.sales.sight import Sight
from omnicart_plugin.sales.watch import Sales
from omnicart_plugin.storage import ledgers, payments
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError
from omnicart_plugin.stores import Store
from tests.sales.keeper import SMALL
from tests.sales.shop import Shop
from tests.storage.rows import connect

pytestmark = pytest.mark.anyio


class Desk:
    """Sales that look at one shop, and what they told."""

    def __init__(self, database: Database, tasks: TaskGroup, shop: Shop, account_id: str) -> None:
        now = datetime.now(UTC)
        self.account = Account(
            id=account_id,
            workspace_id="w1",
            label="Shop",
            base_url=DEMO_BASE_URL,
            kind="password",
            created_at=now,
            signed_in_at=now,
        )
        self.told: list[set[str]] = []
        egress = Egress(allow_private=False)
        client = Client(DEMO_BASE_URL, DEMO_CREDENTIALS, tasks=tasks, egress=egress, transport=shop)
        self.store = Store(client, tasks, self.told.append, remembered())
        self.sales = Sales(database, tasks, lambda _, panels: self.told.append(panels))

    async def look(self, *, fresh: bool = False) -> Sight:
        return await self.sales.look(self.account, self.store, fresh=fresh)

    async def follow(self) -> Sight:
        """What the host's timer does, until the look that it begins is over."""
        self.sales.follow(self.account, self.store)
        sight = await self.look()
        while sight.running or sight.is_awaited:
            await anyio.lowlevel.checkpoint()
        return sight


@pytest.fixture
def shop() -> Shop:
    shop = Shop(datetime.now(UTC) - timedelta(days=1))
    for _ in range(9):
        shop.capture(shop.place())
    return shop


@pytest.fixture
async def new_desk(database: Database, tasks: TaskGroup, shop: Shop) -> AsyncIterator[Callable[[], Desk]]:
    account = await database.run(connect, "w1", "https://shop.test")
    made: list[Desk] = []

    def make() -> Desk:
        made.append(Desk(database, tasks, shop, account.id))
        return made[-1]

    yield make
    for desk in made:
        await desk.sales.aclose()


@pytest.fixture
def desk(new_desk: Callable[[], Desk], monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(watch, "GAP_SECONDS", 0.0)
    return new_desk()


async def test_a_timer_costs_five_small_questions_when_nothing_changed_and_tells_nothing(
    desk: Desk, shop: Shop
) -> None:
    shop.place()
    await desk.look()
    desk.told.clear()
    shop.asked.clear()
    await desk.follow()

    assert len(shop.asked) == 5
    assert desk.told == []


@pytest.mark.parametrize("change", ["place", "capture", "capture in part", "refund", "cancel", "convert"])
async def test_a_timer_tells_what_has_changed(desk: Desk, shop: Shop, change: str) -> None:
    drafted = shop.draft()
    order_id = shop.place()
    await desk.look()
    desk.told.clear()
    changes: dict[str, Callable[[], object]] = {
        "place": shop.place,
        "capture": partial(shop.capture, order_id),
        "capture in part": partial(shop.capture, order_id, Decimal("0.1")),
        "refund": partial(shop.refund, "order_00001"),
        "cancel": partial(shop.cancel, "order_00002"),
        "convert": partial(shop.convert, drafted),
    }
    changes[change]()
    await desk.follow()

    assert desk.told == [{"overview"}]


async def test_answers_hold_until_the_store_changes(desk: Desk, shop: Shop) -> None:
    sight = await desk.look()
    first = await sight.begin(queries.count_orders())()
    shop.asked.clear()
    assert await sight.begin(queries.count_orders())() is first
    assert shop.asked == []

    shop.place()
    sight = await desk.look(fresh=True)
    counted = await sight.begin(queries.count_orders())()
    assert counted
    assert counted.count == 10


async def test_who_looks_again_soon_asks_nothing(desk: Desk, shop: Shop) -> None:
    await desk.look()
    shop.asked.clear()
    await desk.look()

    assert shop.asked == []


async def test_who_changed_the_store_sees_it_at_the_next_look(desk: Desk, shop: Shop, database: Database) -> None:
    await desk.look()
    shop.refund("order_00001")
    desk.sales.expire(desk.account.id)
    await desk.look()

    assert await database.run(payments.revenue, desk.account.id) == shop.revenue()


async def test_many_that_look_at_once_share_a_look(desk: Desk, shop: Shop) -> None:
    async with anyio.create_task_group() as many:
        for _ in range(10):
            many.start_soon(desk.look)

    assert len(shop.asked) == 8  # how it begins: two newest rows, a page, two lists of changes and three counts


async def test_a_fresh_look_sees_what_changed_after_another_began(desk: Desk, shop: Shop, database: Database) -> None:
    await desk.look()
    late = anyio.Event()

    async def change_after_payments() -> None:
        late.set()

    shop.deeds.extend([change_after_payments])
    async with anyio.create_task_group() as both:
        both.start_soon(partial(desk.look, fresh=True))
        await late.wait()
        shop.capture(shop.place())
        await desk.look(fresh=True)

    assert await database.run(payments.revenue, desk.account.id) == shop.revenue()


async def test_a_line_that_breaks_in_the_middle_of_a_fill_ends_the_look_and_the_next_goes_on(
    desk: Desk, shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PAGE", SMALL)
    shop.fails = lambda url: url.params.get("offset") == "8"
    sight = await desk.follow()

    assert isinstance(sight.fault, Unreachable)
    assert sight.running is None
    assert (await database.run(ledgers.read, desk.account.id)).done == 8

    shop.fails = lambda _: False
    desk.told.clear()
    sight = await desk.follow()
    assert sight.fault is None
    assert {"overview"} in desk.told
    assert await database.run(payments.revenue, desk.account.id) == shop.revenue()


async def test_a_store_that_is_down_shows_what_it_said_before(desk: Desk, shop: Shop) -> None:
    sight = await desk.look()
    counted = await sight.begin(queries.count_orders())()
    shop.fails = lambda _: True
    sight = await desk.look(fresh=True)

    assert isinstance(sight.fault, Unreachable)
    assert await sight.begin(queries.count_orders())() == counted
    assert await sight.begin(queries.count_orders(status=["pending"]))() is None


async def test_what_a_store_said_before_is_shown_while_it_fails_to_say_it_again_and_again(
    desk: Desk, shop: Shop
) -> None:
    sight = await desk.look()
    pending = queries.count_orders(status=["pending"])
    counted = await sight.begin(pending)()
    shop.fails = lambda url: "status[]" in url.params
    for _ in range(3):
        shop.place()
        await desk.look(fresh=True)
        assert await sight.begin(queries.count_orders())()
        assert await sight.begin(pending)() == counted


async def test_another_process_shows_what_the_first_found(
    desk: Desk, new_desk: Callable[[], Desk], shop: Shop, database: Database
) -> None:
    other = new_desk()
    await desk.look()
    sight = await other.look()
    assert sight.is_elsewhere
    other.told.clear()
    await other.follow()
    assert other.told == []

    shop.capture(shop.place())
    await desk.follow()
    await other.follow()
    assert other.told == [{"overview"}]
    assert await database.run(payments.revenue, desk.account.id) == shop.revenue()


async def test_a_database_that_fails_while_another_process_looks_is_a_fault_of_this_look_alone(
    desk: Desk, new_desk: Callable[[], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_desk()
    await desk.look()
    with monkeypatch.context() as broken:
        broken.setattr(ledgers, "read", Mock(side_effect=StorageError("The database is busy.")))
        sight = await other.look()
    assert isinstance(sight.fault, StorageError)
    assert sight.running is None

    sight = await other.look(fresh=True)
    assert (sight.fault, sight.is_elsewhere) == (None, True)


async def test_another_process_shows_what_was_captured_in_part(
    desk: Desk, new_desk: Callable[[], Desk], shop: Shop, database: Database
) -> None:
    other, order = new_desk(), shop.place()
    await desk.look()
    days = calendar("7d", zone("UTC"), datetime.now(UTC))
    before = await figures.revenue(database, desk.account.id, await other.look(), days)
    other.told.clear()
    shop.capture(order, Decimal("0.5"))
    await desk.follow()
    after = await figures.revenue(database, desk.account.id, await other.follow(), days)

    assert other.told == [{"overview"}]
    assert after.ever["eur"] - before.ever["eur"] == Decimal(5)


async def test_an_unchanged_ledger_is_summed_once_for_each_period(
    desk: Desk, shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    summed: list[str] = []
    periods: list[Period] = ["7d", "30d", "7d", "30d"]
    ever = payments.revenue

    def noting(conn: Connection, account_id: str) -> dict[str, Decimal]:
        summed.append(account_id)
        return ever(conn, account_id)

    monkeypatch.setattr(payments, "revenue", noting)
    sight = await desk.look()
    for period in periods:
        days = calendar(period, zone("UTC"), datetime.now(UTC))
        assert (await figures.revenue(database, desk.account.id, sight, days)).ever == shop.revenue()
    assert len(summed) == 2

    shop.capture(shop.place())
    await desk.follow()
    assert (await figures.revenue(database, desk.account.id, sight, days)).ever == shop.revenue()
    assert [*sight.earned] == [days]


async def test_an_order_placed_between_two_counts_has_no_day_asked_again(
    desk: Desk, shop: Shop, database: Database
) -> None:
    days = calendar("7d", zone("UTC"), datetime.now(UTC))
    sight = await desk.look()
    await figures.orders(database, desk.account.id, sight, days)
    sight.expire()
    await sight.begin(figures.ALL_ORDERS)()
    shop.clock = datetime.now(UTC)
    shop.place(seconds=0)
    shop.asked.clear()
    counted = await figures.orders(database, desk.account.id, sight, days)

    assert counted
    assert (counted.by_span[-2:], len(shop.orders)) == ([9, 1], 10)
    assert len(shop.asked) == 2  # today, and all before it


async def test_a_process_that_ends_lets_go_of_its_ledgers(desk: Desk, new_desk: Callable[[], Desk]) -> None:
    await desk.look()
    await desk.sales.aclose()

    assert not (await new_desk().look()).is_elsewhere


async def test_a_fill_that_has_more_to_come_keeps_nobody_waiting(
    desk: Desk, shop: Shop, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "PAGE", SMALL)
    monkeypatch.setattr(watch, "WAIT_SECONDS", 50.0)
    released = anyio.Event()
    shop.fails = lambda _: False
    shop.deeds.extend([lambda: None] * 6 + [released.wait])
    await desk.look()
    known = await database.run(ledgers.read, desk.account.id)
    released.set()

    assert 0 < known.done < known.total or known.filled_at is None
