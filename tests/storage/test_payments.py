"""Revenue is what was captured minus what was refunded, each when it happened."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, func, select

from omnicart_plugin.storage import accounts, payments, tables
from omnicart_plugin.storage.payments import Movement, Payment
from tests.storage.rows import connect

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def account(conn: Connection) -> str:
    return connect(conn, "w1", "https://shop.test").id


def paid(number: int, amount: str, *refunds: str, currency: str = "eur", at: datetime = NOON) -> Payment:
    """Captured at once, refunded a day later."""
    return Payment(
        id=f"pay_{number}",
        order_id=f"order_{number}",
        currency=currency,
        created_at=at,
        captures=[Movement(at, Decimal(amount))],
        refunds=[Movement(at + timedelta(days=1), Decimal(refund)) for refund in refunds],
    )


def test_currencies_are_never_added_up(conn: Connection, account: str) -> None:
    payments.upsert(conn, account, [paid(1, "12.50"), paid(2, "100", currency="jpy"), paid(3, "0.0001")])

    assert payments.revenue(conn, account) == {"eur": Decimal("12.5001"), "jpy": Decimal(100)}


def test_a_payment_seen_again_takes_the_place_of_what_was_known_of_it(conn: Connection, account: str) -> None:
    payments.upsert(conn, account, [paid(1, "258.4375"), paid(2, "1")])
    payments.upsert(conn, account, [paid(1, "258.4375", "100", "0.4375")])
    payments.upsert(conn, account, [paid(1, "258.4375", "100", "0.4375")])

    assert payments.revenue(conn, account) == {"eur": Decimal(159)}
    assert payments.count(conn, account) == 2


def test_of_a_payment_twice_in_one_batch_the_last_counts(conn: Connection, account: str) -> None:
    payments.upsert(conn, account, [paid(1, "5"), paid(1, "7")])

    assert payments.revenue(conn, account) == {"eur": Decimal(7)}


def test_a_payment_that_moved_no_money_is_counted_and_earns_nothing(conn: Connection, account: str) -> None:
    payments.upsert(conn, account, [Payment(id="pay_1", currency="eur", created_at=NOON)])
    payments.upsert(conn, account, [])

    assert payments.count(conn, account) == 1
    assert payments.revenue(conn, account) == {}
    assert payments.revenue_between(conn, account, [NOON, NOON + timedelta(days=1)]) == [{}]


def test_a_refund_counts_on_its_own_day(conn: Connection, account: str) -> None:
    payments.upsert(conn, account, [paid(1, "50", "20")])
    days = [NOON + timedelta(days=day) for day in range(4)]

    assert payments.revenue_between(conn, account, days) == [{"eur": Decimal(50)}, {"eur": Decimal(-20)}, {}]


def test_an_instant_on_an_edge_belongs_to_the_span_that_it_begins(conn: Connection, account: str) -> None:
    second = timedelta(microseconds=1)
    payments.upsert(conn, account, [paid(1, "1", at=NOON), paid(2, "2", at=NOON - second)])

    spans = payments.revenue_between(conn, account, [NOON - second, NOON, NOON + second])
    assert spans == [{"eur": Decimal(2)}, {"eur": Decimal(1)}]


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 23), (10, 25, 25)], ids=["spring", "autumn"])
def test_a_day_of_another_length_holds_what_happened_in_it(
    conn: Connection, account: str, month: int, day: int, hours: int
) -> None:
    """The days on which Berlin changes its clocks, with a payment of 1 in each hour around them."""
    berlin = ZoneInfo("Europe/Berlin")
    edges = [datetime(2026, month, day + number, tzinfo=berlin) for number in range(-1, 3)]
    begin = edges[0].astimezone(UTC)
    payments.upsert(
        conn, account, [paid(hour, "1", at=begin + timedelta(hours=hour)) for hour in range(24 + hours + 24)]
    )

    spans = payments.revenue_between(conn, account, edges)
    assert [span["eur"] for span in spans] == [24, hours, 24]


@pytest.mark.parametrize("edges", [[], [NOON]])
def test_no_span_is_no_sum(conn: Connection, account: str, edges: list[datetime]) -> None:
    assert payments.revenue_between(conn, account, edges) == []


def test_accounts_keep_their_money_apart(conn: Connection, account: str) -> None:
    other = connect(conn, "w1", "https://other.test").id
    payments.upsert(conn, account, [paid(1, "5")])
    payments.upsert(conn, other, [paid(1, "7")])

    assert payments.revenue(conn, account) == {"eur": Decimal(5)}
    assert payments.revenue_between(conn, other, [NOON, NOON + timedelta(1)]) == [{"eur": Decimal(7)}]
    assert payments.count(conn, other) == 1


def test_a_removed_account_takes_its_payments_along(conn: Connection, account: str) -> None:
    payments.upsert(conn, account, [paid(1, "5", "1")])

    assert accounts.remove(conn, "w1", account)
    for table in (tables.payments, tables.movements):
        assert conn.scalar(select(func.count()).select_from(table)) == 0


def test_an_absurd_amount_is_refused_with_the_whole_batch(conn: Connection, account: str) -> None:
    with conn.begin_nested() as attempt:
        with pytest.raises(ValueError, match="amount"):
            payments.upsert(conn, account, [paid(1, "5"), paid(2, "1e18")])
        attempt.rollback()

    assert payments.count(conn, account) == 0


def test_open_payments_are_the_newest_and_others_by_turns(conn: Connection, account: str) -> None:
    opened = [
        Payment(id=f"pay_{n}", currency="eur", created_at=NOON + timedelta(days=n), is_open=True) for n in range(6)
    ]
    part = Payment(id="pay_5", currency="eur", created_at=NOON, is_open=True, captures=[Movement(NOON, Decimal(1))] * 2)
    payments.upsert(conn, account, [*opened[:5], part, paid(9, "5")])

    found, after = payments.open_payments(conn, account, None, 4)
    assert (found, after) == ({"pay_4": 0, "pay_3": 0, "pay_0": 0, "pay_5": 2}, (NOON, "pay_5"))
    found, after = payments.open_payments(conn, account, after, 4)
    assert (found, after) == ({"pay_4": 0, "pay_3": 0, "pay_1": 0, "pay_2": 0}, (NOON + timedelta(days=2), "pay_2"))
    found, after = payments.open_payments(conn, account, (NOON + timedelta(days=3), "pay_3"), 4)
    assert (found, after) == ({"pay_4": 0, "pay_3": 0}, None)
