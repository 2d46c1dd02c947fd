"""What of an order is paid, and what the customer has yet to pay."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from omnicart_plugin.medusa.wire import Capture, Order, Payment, PaymentCollection, Refund
from omnicart_plugin.panels.order_money import outstanding, paid

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def order(total: str, captured: str, returned: str = "0", **more: object) -> Order:
    payment = Payment(
        id="pay_1",
        amount=Decimal(total),
        captures=(Capture(id="c_1", amount=Decimal(captured)),),
        refunds=(Refund(id="r_1", amount=Decimal(returned)),),
    )
    collection = PaymentCollection(id="pc_1", payments=(payment,))
    plain = Order(id="order_1", currency_code="eur", total=Decimal(total), payment_collections=(collection,))
    return msgspec.structs.replace(plain, **more)


@pytest.mark.parametrize(
    ("one", "net", "owed"),
    [
        (order("90", "90"), "90", "0"),
        (order("90", "30"), "30", "60"),
        (order("60", "90"), "90", "-30"),
        (order("60", "90", returned="30"), "60", "0"),
        (order("96.0975", "96.10"), "96.10", "0"),
        (order("15109.6", "15000", currency_code="jpy"), "15000", "109.6"),
        (order("90", "0", canceled_at=NOW), "0", "0"),
        (order("90", "0", status="draft"), "0", "0"),
        (order("NaN", "30"), "30", "0"),
        (Order(id="order_1"), "0", "0"),
    ],
)
def test_what_is_paid_and_what_is_outstanding(one: Order, net: str, owed: str) -> None:
    assert (paid(one), outstanding(one)) == (Decimal(net), Decimal(owed))
