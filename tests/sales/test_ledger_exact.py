"""Whatever a store does, and whenever it does it, the ledger's figures equal a full sum over the store."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import count
from random import Random
from typing import Any

import pytest
from anyio.abc import TaskGroup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omnicart_plugin.medusa.errors import MedusaError
from omnicart_plugin.sales import ledger
from omnicart_plugin.storage.engine import Database
from tests.sales.keeper import SMALL, Keeper, keeper
from tests.sales.shop import Shop

pytestmark = pytest.mark.anyio
LONG_SETTLED = datetime(2020, 1, 1, tzinfo=UTC)
AMOUNTS = (("258.4375", "eur"), ("0.0001", "usd"), ("1200", "jpy"), ("99999999999.99", "eur"), ("10", "xts"))
PARTS = (Decimal(1), Decimal("0.5"), Decimal("0.0001"))


def one_of(shop: Shop, number: int) -> str:
    return [*shop.orders][number % len(shop.orders)] if shop.orders else shop.place()


def bulk(shop: Shop, number: int) -> None:
    """More than a page of payments in one instant."""
    for extra in range(SMALL + number % SMALL):
        shop.capture(shop.place(*AMOUNTS[extra % len(AMOUNTS)], seconds=0))


def convert(shop: Shop, number: int) -> None:
    shop.convert([*shop.drafts][number % len(shop.drafts)] if shop.drafts else shop.draft())


def late(shop: Shop, number: int) -> None:
    """Not where the shop's clock is long past: nothing is on its way any more then."""
    shop.place(*AMOUNTS[number % len(AMOUNTS)], late=number % 20 if shop.clock.year > LONG_SETTLED.year else 0)


CHANGES: tuple[Callable[[Shop, int], object], ...] = (
    lambda shop, number: shop.place(*AMOUNTS[number % len(AMOUNTS)]),
    lambda shop, number: shop.capture(shop.place(*AMOUNTS[number % len(AMOUNTS)])),
    lambda shop, number: shop.capture(one_of(shop, number), PARTS[number % len(PARTS)]),
    lambda shop, number: shop.capture(one_of(shop, -number - 1), PARTS[number % len(PARTS)]),
    lambda shop, number: shop.refund(one_of(shop, number), PARTS[number % len(PARTS)]),
    lambda shop, number: shop.refund(one_of(shop, -number - 1), PARTS[number % len(PARTS)]),
    lambda shop, number: shop.cancel(one_of(shop, number)),
    convert,
    bulk,
    late,
)
DEEDS = st.lists(st.tuples(st.integers(0, len(CHANGES) - 1), st.integers(0, 50)), max_size=8)
ROUNDS = st.lists(st.tuples(DEEDS, DEEDS, st.integers(-8, 8), st.booleans()), min_size=1, max_size=6)
names = count()


def deeds(shop: Shop, drawn: list[tuple[int, int]]) -> list[Callable[[], object]]:
    return [partial(CHANGES[which], shop, number) for which, number in drawn]


async def go_through(shop: Shop, books: Keeper, rounds: list[Any]) -> None:
    """Each round: changes before a look and between its requests, a line that may break, a process that may die."""
    for before, during, breaks, dies in rounds:
        for deed in deeds(shop, before):
            deed()
        shop.deeds.extend(deeds(shop, during))
        shop.left = breaks if breaks > 0 else None
        with suppress(MedusaError):
            await books.look()
        shop.left = None
        if dies:
            books.dies(weight=30)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("clock", [None, LONG_SETTLED], ids=["just now", "long ago"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=ROUNDS)
async def test_the_figures_equal_a_full_sum_to_the_last_decimal(
    database: Database, tasks: TaskGroup, clock: datetime | None, rounds: list[Any]
) -> None:
    shop = Shop(clock)
    books = await keeper(database, tasks, shop, f"shop{next(names)}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "PAGE", SMALL)
        await go_through(shop, books, rounds)
        for deed in [*shop.deeds]:
            deed()
        shop.deeds.clear()
        await books.look()

        assert await books.revenue() == shop.revenue()
        assert not await books.look()


@pytest.mark.timeout(300)
async def test_after_a_thousand_changes_of_one_store_the_figures_equal_a_full_sum(
    database: Database, tasks: TaskGroup
) -> None:
    random = Random(1000)  # noqa: S311 - the same in every run
    shop = Shop(None)
    books = await keeper(database, tasks, shop, "thousand")

    def some() -> list[tuple[int, int]]:
        return [(random.randrange(len(CHANGES)), random.randrange(50)) for _ in range(20)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "PAGE", SMALL)
        for _ in range(25):
            await go_through(shop, books, [(some(), some(), random.randint(-8, 8), random.random() < 0.3)])
        for deed in [*shop.deeds]:
            deed()
        shop.deeds.clear()
        await books.look()

        assert await books.revenue() == shop.revenue()
        assert not await books.look()
