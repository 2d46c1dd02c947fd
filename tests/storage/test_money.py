"""SQL adds money up to the last digit, as Decimal does."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from omnicart_plugin.storage import payments
from omnicart_plugin.storage.money import join, split
from omnicart_plugin.storage.payments import Movement, Payment
from tests.storage.rows import connect

START = datetime(2026, 1, 1, tzinfo=UTC)
amounts = st.integers(-(10**36) + 1, 10**36 - 1).map(lambda digits: Decimal((digits < 0, _digits(digits), -18)))
prices = st.decimals(0, 10**6, places=6)


def _digits(number: int) -> tuple[int, ...]:
    return tuple(int(digit) for digit in str(abs(number)))


@given(amounts)
def test_an_amount_of_18_digits_on_either_side_of_the_point_comes_back_whole(amount: Decimal) -> None:
    parts = split(amount)

    assert join(*parts) == amount
    assert all(abs(part) <= 10**12 for part in parts)


@given(st.lists(amounts, max_size=50))
def test_parts_are_added_on_their_own(several: list[Decimal]) -> None:
    with localcontext(prec=100):
        assert join(*(sum(parts) for parts in zip((0, 0, 0), *map(split, several), strict=False))) == sum(several)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("12.50", "12.5"),
        ("1000", "1000"),
        ("0.00", "0"),
        ("-0.01", "-0.01"),
        ("1e-18", "1E-18"),
        ("1e17", "1" + "0" * 17),
    ],
)
def test_sums_have_no_zeros_at_their_end_and_no_exponent_where_none_is_due(amount: str, shown: str) -> None:
    assert str(join(*split(Decimal(amount)))) == shown


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ("1e-19", "0"),
        ("5e-19", "0"),
        ("15e-19", "2e-18"),
        ("33.3333333333333333333333", "33.333333333333333333"),
        ("1e-999", "0"),
    ],
)
def test_what_is_finer_than_18_places_is_rounded_half_to_even(amount: str, kept: str) -> None:
    assert join(*split(Decimal(amount))) == Decimal(kept)


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1e18", "-1e18", "1e999999"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="below"):
        split(Decimal(amount))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    moved=st.lists(
        st.tuples(st.sampled_from(["eur", "usd", "jpy"]), st.integers(-2, 40), amounts | prices, st.booleans()),
        max_size=30,
    )
)
def test_sums_by_currency_and_day_equal_those_of_decimals(
    conn: Connection, moved: list[tuple[str, int, Decimal, bool]]
) -> None:
    """Amounts of any sign and size, by the hour of a week that is cut into days."""
    with conn.begin_nested() as trial, localcontext(prec=100):
        account = connect(conn, "w1", "https://shop.test").id
        edges = [START + timedelta(hours=7 * day) for day in range(5)]
        total: defaultdict[str, Decimal] = defaultdict(Decimal)
        days: list[defaultdict[str, Decimal]] = [defaultdict(Decimal) for _ in edges[1:]]
        batch = []
        for number, (currency, hour, amount, is_refund) in enumerate(moved):
            movement = Movement(START + timedelta(hours=hour), amount)
            side = {"refunds" if is_refund else "captures": [movement]}
            batch.append(Payment(id=f"pay_{number}", currency=currency, created_at=START, **side))  # type: ignore[arg-type]  # by name
            total[currency] += -amount if is_refund else amount
            if 0 <= hour < 28:
                days[hour // 7][currency] += -amount if is_refund else amount
        payments.upsert(conn, account, batch)

        assert payments.revenue(conn, account) == total
        assert payments.revenue_between(conn, account, edges) == days
        trial.rollback()
