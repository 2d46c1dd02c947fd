"""Orders by their number, in a town whose postcode, or here whose every email, has the same digits."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from omnicart_plugin import webos
from omnicart_plugin.demo.sample import sample
from tests.app.desk import Desk, numbers
from tests.app.fake_store import FakeStore

pytestmark = pytest.mark.anyio
ORDERS = sample(datetime.now(UTC).date()).trade.orders
ARCHIVED = [order.status for order in ORDERS].index("archived")


@pytest.fixture
async def store() -> AsyncIterator[FakeStore]:
    async with FakeStore().running() as running:
        yield running


async def town(desk: Desk, store: FakeStore, number: int) -> str:
    """The account of a user whose number is in the email of every order."""
    inputs = {"base_url": store.url, "email": str(number), "password": "x"}
    done = await desk.action("account.connect", inputs)
    assert isinstance(done, webos.Done), done
    assert done.link
    return done.link.account_id or ""


@pytest.mark.parametrize("place", [0, 20, 170])
async def test_a_number_comes_first_however_many_orders_before_it_hold_its_digits(
    desk: Desk, store: FakeStore, place: int
) -> None:
    number = ORDERS[place].display_id or 0
    account_id = await town(desk, store, number)

    for search in (f"#{number}", f"Order #{number}"):
        assert (
            numbers(await desk.rows(account_id, search=search, limit=2, filters={"status": "all"}))[0] == f"#{number}"
        )
        found = await desk.palette(search, account_id=account_id, reach="store")
        assert found.items[0].title == f"Order #{number}"


@pytest.mark.parametrize("sort", ["-created_at", "display_id"])
@pytest.mark.parametrize("place", [ARCHIVED, 33, -1, None])
async def test_the_pages_of_a_number_show_each_order_once(
    desk: Desk, store: FakeStore, sort: str, place: int | None
) -> None:
    number = 7 if place is None else ORDERS[place].display_id or 0
    account_id = await town(desk, store, number)
    expected = {order.id for order in ORDERS if order.status != "archived" or order.display_id == number}
    shown: list[str] = []
    while len(shown) < len(expected):
        page = await desk.orders(account_id, search=f"#{number}", sort=sort, limit=60, offset=len(shown))
        shown += [row.id for row in page.rows]
        assert page.total == len(expected)
        assert len(page.rows) == min(60, page.total - page.offset)

    assert sorted(shown) == sorted(expected)
    beyond = await desk.orders(account_id, search=f"#{number}", sort=sort, limit=60, offset=5000)
    assert [row.id for row in beyond.rows] == shown[beyond.offset :]
