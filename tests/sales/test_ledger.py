"""A ledger that is broken off, shared, removed or wrong."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import anyio
import httpx
import pytest
from anyio.abc import TaskGroup
from msgspec.structs import replace

from omnicart_plugin.medusa.errors import MedusaError
from omnicart_plugin.sales import ledger
from omnicart_plugin.sales.ledger import LedgerLostError
from omnicart_plugin.storage import accounts, ledgers, payments
from omnicart_plugin.storage.engine import Database
from tests.sales.keeper import SMALL, Keeper, keeper
from tests.sales.shop import Shop

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "PAGE", SMALL)


@pytest.fixture
def shop() -> Shop:
    """Twenty orders, each of them paid, long ago."""
    shop = Shop(datetime(2026, 1, 1, tzinfo=UTC))
    for number in range(20):
        shop.capture(shop.place(f"{number}.0125", ("eur", "jpy")[number % 2]))
    return shop


def offsets(shop: Shop) -> list[int]:
    """Of the pages of a fill that were asked for; a few at a time, so in no order."""
    filled = [url.params for url in shop.asked if url.params.get("order") == "id"]
    return sorted(int(params.get("offset", 0)) for params in filled)


async def test_a_fill_goes_on_where_it_was_broken_off(database: Database, tasks: TaskGroup, shop: Shop) -> None:
    books = await keeper(database, tasks, shop)
    shop.fails = lambda url: url.params.get("offset") == "12"
    with pytest.raises(MedusaError):
        await books.look()
    half = await books.ledger()
    assert (half.done, half.total, half.filled_at) == (12, 20, None)
    assert await books.revenue()

    shop.capture(shop.place("1"))
    shop.refund("order_00001")
    shop.fails = lambda _: False
    shop.asked.clear()
    books.dies()
    await books.look()

    assert offsets(shop) == [12, 16]
    assert await books.revenue() == shop.revenue()


async def test_a_capture_in_part_of_what_a_broken_off_fill_had_read_is_in_its_figures(
    database: Database, tasks: TaskGroup
) -> None:
    shop = Shop(datetime(2026, 1, 1, tzinfo=UTC))
    waiting = [shop.place("100") for _ in range(2 * SMALL)]
    books = await keeper(database, tasks, shop)
    shop.fails = lambda url: url.params.get("offset") == str(SMALL)
    with pytest.raises(MedusaError):
        await books.look()
    shop.capture(waiting[0], Decimal("0.5"))
    shop.fails = lambda _: False
    await books.look()

    assert await books.revenue() == shop.revenue() == {"eur": Decimal(50)}


async def test_what_is_known_when_the_line_breaks_while_following_is_kept(
    database: Database, tasks: TaskGroup, shop: Shop
) -> None:
    books = await keeper(database, tasks, shop)
    await books.look()
    shop.capture(shop.place("1"))
    shop.refund("order_00001")
    shop.fails = lambda url: url.path == "/admin/orders"
    with pytest.raises(MedusaError):
        await books.look()
    assert (await books.revenue())["eur"] > 0

    shop.fails = lambda _: False
    assert await books.look()
    assert await books.revenue() == shop.revenue()


async def test_of_two_processes_one_brings_a_ledger_up_to_date(
    database: Database, tasks: TaskGroup, shop: Shop
) -> None:
    one = await keeper(database, tasks, shop)
    two = Keeper(database, tasks, shop, one.account_id, "two")
    lost: list[str] = []

    async def look(books: Keeper, name: str) -> None:
        try:
            await books.look()
        except LedgerLostError:
            lost.append(name)

    async with anyio.create_task_group() as both:
        both.start_soon(look, one, "one")
        both.start_soon(look, two, "two")

    assert len(lost) == 1
    assert offsets(shop) == [0, 4, 8, 12, 16]
    assert await one.revenue() == shop.revenue()


async def test_another_process_goes_on_when_one_lets_go(database: Database, tasks: TaskGroup, shop: Shop) -> None:
    one = await keeper(database, tasks, shop)
    await one.look()
    two = Keeper(database, tasks, shop, one.account_id, "two")
    with pytest.raises(LedgerLostError):
        await two.look()

    await database.run(ledgers.let_go, one.account_id, "one")
    shop.refund("order_00002")
    await two.look()
    assert await two.revenue() == shop.revenue()


async def test_an_account_that_is_removed_while_it_is_read_leaves_nothing(
    database: Database, tasks: TaskGroup, shop: Shop
) -> None:
    books = await keeper(database, tasks, shop)

    async def remove() -> None:
        assert await database.run(accounts.remove, "w1", books.account_id)

    shop.deeds.extend([lambda: None, lambda: None, lambda: None, lambda: None, remove])
    with pytest.raises(LedgerLostError):
        await books.look()

    assert await database.run(payments.count, books.account_id) == 0
    assert await books.revenue() == {}


async def test_a_ledger_that_the_stores_own_count_contradicts_is_made_anew(
    database: Database, tasks: TaskGroup, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = await keeper(database, tasks, shop)
    await books.look()
    del shop.orders["order_00003"]
    await books.look()
    assert await books.revenue() != shop.revenue()

    monkeypatch.setattr(ledger, "CHECKED", timedelta(0))
    assert await books.look()
    assert await books.revenue() == shop.revenue()
    assert not await books.look()


async def test_the_store_is_counted_now_and_then(database: Database, tasks: TaskGroup, shop: Shop) -> None:
    books = await keeper(database, tasks, shop)
    await books.look()
    shop.asked.clear()
    await books.look()

    assert [url.path for url in shop.asked] == ["/admin/payments", "/admin/orders"]
    assert all("updated_at[$gte]" in url.params for url in shop.asked)


async def test_many_changed_orders_are_read_as_payments_which_cost_less(
    database: Database, tasks: TaskGroup, shop: Shop
) -> None:
    books = await keeper(database, tasks, shop)
    await books.look()
    for order_id in [*shop.orders][:12]:
        shop.refund(order_id)
    books.dies(weight=30)
    shop.asked.clear()
    await books.look()

    assert offsets(shop) == [0, 4, 8, 12, 16]
    assert await books.revenue() == shop.revenue()


async def test_a_store_that_is_another_one_every_day_is_read_anew(
    database: Database, tasks: TaskGroup, shop: Shop
) -> None:
    books = await keeper(database, tasks, shop)
    await books.look(daily=True)
    known = await books.ledger()
    await database.run(ledgers.write, replace(known, filled_at=datetime.now(UTC) - timedelta(days=1)))
    shop.orders = dict([*shop.orders.items()][:3])
    await books.look(daily=True)

    assert await books.revenue() == shop.revenue()

    shop.asked.clear()
    await books.look(daily=True)
    assert offsets(shop) == []


async def test_a_store_without_payments_has_a_ledger_too(database: Database, tasks: TaskGroup) -> None:
    shop = Shop()
    shop.draft()
    books = await keeper(database, tasks, shop)
    await books.look()
    assert (await books.ledger()).filled_at
    assert await books.revenue() == {}

    shop.capture(shop.place("0.0001"))
    assert await books.look()
    assert await books.revenue() == {"eur": Decimal("0.0001")}


async def test_progress_is_told_while_more_is_to_come(database: Database, tasks: TaskGroup, shop: Shop) -> None:
    books = await keeper(database, tasks, shop)
    told: list[int] = []
    await books.look(lambda: told.append(len(told)))

    assert len(told) == 4


async def test_a_change_that_shows_up_late_is_found(database: Database, tasks: TaskGroup) -> None:
    shop = Shop()
    shop.capture(shop.place())
    books = await keeper(database, tasks, shop)
    await books.look()
    shop.place(late=20)
    shop.capture("order_00001")

    assert await books.look()
    assert await books.revenue() == shop.revenue()


async def test_questions_do_not_repeat_what_is_long_settled(database: Database, tasks: TaskGroup, shop: Shop) -> None:
    books = await keeper(database, tasks, shop)
    await books.look()
    shop.asked.clear()
    await books.look()
    newest = max(filter(None, (order.updated_at for order in shop.orders.values())))

    def since(url: httpx.URL) -> datetime:
        return datetime.fromisoformat(url.params["updated_at[$gte]"])

    assert min(map(since, shop.asked)) > newest


async def test_captures_in_part_which_no_time_tells_are_found_by_turns(
    database: Database, tasks: TaskGroup, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "OPEN_AT_ONCE", 4)
    waiting = [shop.place("100") for _ in range(9)]
    books = await keeper(database, tasks, shop)
    await books.look()
    shop.capture(waiting[-1], Decimal("0.25"))
    assert await books.look()
    assert await books.revenue() == shop.revenue()

    for order_id in waiting:
        shop.capture(order_id, Decimal("0.5"))
    changed = [await books.look() for _ in range(7)]
    assert await books.revenue() == shop.revenue()
    assert changed[-1] is False


async def test_a_row_that_a_refill_missed_because_an_earlier_one_pushed_it_on_is_found_by_following(
    database: Database, tasks: TaskGroup
) -> None:
    shop = Shop()
    shop.place()
    books = await keeper(database, tasks, shop)
    await books.look()
    for _ in range(15):  # with the first one, pages that are full
        shop.capture(shop.place())
    shop.deeds.extend([lambda: None] * 4 + [lambda: shop.place(late=20)])
    books.dies(weight=30)
    await books.look()

    assert len(offsets(shop)) > SMALL
    assert await books.revenue() == shop.revenue()
