"""A store's payments as the ledger keeps them. What is missing or absurd costs that movement of money alone."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

from omnicart_plugin.medusa import wire
from omnicart_plugin.storage.payments import Movement, Payment

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_DIGITS = 18
"""Before the point: more of them no currency has, and the ledger cannot add up."""


def of_payments(page: Iterable[wire.Payment]) -> list[Payment]:
    return [payment(sent) for sent in page]


def of_orders(page: Iterable[wire.Order]) -> list[Payment]:
    return [
        payment(sent, order.id)
        for order in page
        for collection in order.payment_collections
        for sent in collection.payments
    ]


def payment(sent: wire.Payment, order_id: str | None = None) -> Payment:
    """A movement without a time of its own happened when the payment last did something."""
    made = sent.created_at or sent.updated_at or LONG_AGO
    return Payment(
        id=sent.id,
        order_id=order_id,
        currency=sent.currency_code.lower(),
        created_at=made,
        is_open=sent.captured_at is None and sent.canceled_at is None,
        captures=[*_moved(sent.captures, sent.captured_at or made)],
        refunds=[*_moved(sent.refunds, sent.updated_at or made)],
    )


def _moved(parts: Iterable[wire.Capture | wire.Refund], otherwise: datetime) -> Iterator[Movement]:
    for part in parts:
        if part.amount is not None and _can_be(part.amount):
            yield Movement(part.created_at or otherwise, part.amount)


def _can_be(amount: Decimal) -> bool:
    return amount.is_finite() and amount.adjusted() < _MOST_DIGITS
