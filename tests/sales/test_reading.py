"""What is missing or absurd in a payment costs that movement of money alone."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from omnicart_plugin.medusa import wire
from omnicart_plugin.sales.reading import LONG_AGO, of_orders, of_payments, payment
from omnicart_plugin.storage.payments import Movement

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_captures_and_refunds_move_money_when_they_were_made() -> None:
    sent = wire.Payment(
        id="pay_1",
        currency_code="EUR",
        created_at=NOON,
        captures=(wire.Capture(id="c", amount=Decimal("258.4375"), created_at=NOON),),
        refunds=(wire.Refund(id="r", amount=Decimal(8), created_at=NOON),),
    )
    read = payment(sent)

    assert read.currency == "eur"
    assert [*read.captures] == [Movement(NOON, Decimal("258.4375"))]
    assert [*read.refunds] == [Movement(NOON, Decimal(8))]


@pytest.mark.parametrize("amount", [None, Decimal("NaN"), Decimal("Infinity"), Decimal("1e18"), Decimal("-1e400")])
def test_an_amount_that_cannot_be_is_left_out(amount: Decimal | None) -> None:
    good = wire.Capture(id="good", amount=Decimal(1), created_at=NOON)
    sent = wire.Payment(id="pay_1", currency_code="eur", captures=(wire.Capture(id="bad", amount=amount), good))

    assert [*payment(sent).captures] == [Movement(NOON, Decimal(1))]


def test_a_movement_without_a_time_happened_when_the_payment_last_did_something() -> None:
    captures, refunds = (wire.Capture(id="c", amount=Decimal(2)),), (wire.Refund(id="r", amount=Decimal(1)),)
    timed = wire.Payment(id="p", currency_code="eur", captured_at=NOON, captures=captures, refunds=refunds)
    bare = wire.Payment(id="p", currency_code="eur", captures=captures, refunds=refunds)

    assert [m.at for m in payment(timed).captures] == [NOON]
    assert [m.at for m in (*payment(bare).captures, *payment(bare).refunds)] == [LONG_AGO, LONG_AGO]


def test_an_orders_payments_are_those_of_all_its_collections() -> None:
    one, two = (wire.Payment(id=f"pay_{n}", currency_code="eur", created_at=NOON) for n in (1, 2))
    collections = tuple(wire.PaymentCollection(id=p.id, payments=(p,)) for p in (one, two))
    orders = [wire.Order(id="order_1", payment_collections=collections), wire.Order(id="order_2")]

    assert [(p.id, p.order_id) for p in of_orders(orders)] == [("pay_1", "order_1"), ("pay_2", "order_1")]
    assert [p.order_id for p in of_payments([one, two])] == [None, None]


@pytest.mark.parametrize(
    ("captured_at", "canceled_at", "is_open"), [(None, None, True), (NOON, None, False), (None, NOON, False)]
)
def test_a_payment_may_be_captured_until_it_is_or_is_cancelled(
    captured_at: datetime | None, canceled_at: datetime | None, *, is_open: bool
) -> None:
    sent = wire.Payment(id="pay_1", currency_code="eur", captured_at=captured_at, canceled_at=canceled_at)

    assert payment(sent).is_open is is_open
