"""What the payments of an order took, hold and gave back, in its currency."""

from collections.abc import Iterator
from decimal import Decimal

from omnicart_plugin.medusa import wire
from omnicart_plugin.panels.words import is_amount, known, rounded

_NOTHING = Decimal(0)


def payments(order: wire.Order) -> Iterator[wire.Payment]:
    return (payment for collection in order.payment_collections for payment in collection.payments)


def taken(payment: wire.Payment) -> Decimal:
    if payment.captures:
        return sum((known(capture.amount) for capture in payment.captures), _NOTHING)
    return known(payment.amount) if payment.captured_at else _NOTHING


def paid(order: wire.Order) -> Decimal:
    """Less what was given back."""
    return sum((taken(payment) - _returned(payment) for payment in payments(order)), _NOTHING)


def outstanding(order: wire.Order) -> Decimal:
    """What the customer has yet to pay; below zero what they have paid too much, as after an edit."""
    if order.status == "draft" or order.canceled_at or order.total is None or not is_amount(order.total):
        return _NOTHING
    owed = order.total - paid(order)
    return owed if rounded(owed, order.currency_code) else _NOTHING


def refunded(order: wire.Order) -> Decimal:
    return sum((_returned(payment) for payment in payments(order)), _NOTHING)


def to_refund(order: wire.Order) -> Decimal:
    """What a cancellation gives back."""
    left = (taken(payment) - _returned(payment) for payment in payments(order))
    return sum((amount for amount in left if amount > 0), _NOTHING)


def to_release(order: wire.Order) -> Decimal:
    """What a cancellation lets go of: payments of which nothing was captured."""
    held = (payment for payment in payments(order) if not payment.canceled_at and not taken(payment))
    return sum((known(payment.amount) for payment in held), _NOTHING)


def left_held(order: wire.Order) -> Decimal:
    """What of payments that were captured in part is still authorised."""
    in_part = (payment for payment in payments(order) if payment.captures and not payment.canceled_at)
    return sum((max(known(payment.amount) - taken(payment), _NOTHING) for payment in in_part), _NOTHING)


def _returned(payment: wire.Payment) -> Decimal:
    return sum((known(refund.amount) for refund in payment.refunds), _NOTHING)
