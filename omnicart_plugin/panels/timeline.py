"""What happened to an order, in order of time, each thing once, from every place where a store keeps it."""

from collections.abc import Iterator
from decimal import Decimal

from omnicart_plugin.medusa import wire
from omnicart_plugin.panels.order_money import payments
from omnicart_plugin.panels.words import plain_money
from omnicart_plugin.webos import Timeline, TimelineEntry, Tone

CANCEL_REASON = "cancel_reason"
"""The key of an order's metadata that holds why it was cancelled."""

_TOLD_ELSEWHERE = frozenset({"FULFILL_ITEM", "SHIP_ITEM", "DELIVER_ITEM", "CANCEL_ITEM_FULFILLMENT", "CREDIT_LINE_ADD"})
"""Changes whose time the order's fulfilments and refunds tell too, and better."""
_CHANGES = {
    "edit": "Order edited",
    "claim": "Claim",
    "exchange": "Exchange",
    "return": "Return",
    "return_request": "Return requested",
    "return_receive": "Return received",
    "transfer": "Transfer to another customer",
    "update_order": "Details changed",
}
_CHANGE_STATES = {
    "pending": "Begun, not finished",
    "requested": "Requested",
    "declined": "Declined",
    "canceled": "Cancelled",
}

_Entry = tuple[wire.Moment, str, str, Tone]


def timeline(order: wire.Order, changes: tuple[wire.OrderChange, ...]) -> Timeline:
    """The oldest first."""
    happened = [*_order(order), *_payments(order), *_fulfillments(order), *_changes(changes)]
    entries = [TimelineEntry(at=at, title=title, text=text, tone=tone) for at, title, text, tone in happened if at]
    return Timeline(title="Timeline", entries=sorted(entries, key=lambda entry: entry.at))


def cancel_reason(order: wire.Order) -> str:
    return str((order.metadata or {}).get(CANCEL_REASON) or "")


def _order(order: wire.Order) -> Iterator[_Entry]:
    yield order.created_at, "Order placed", "", "neutral"
    reason = cancel_reason(order)
    yield order.canceled_at, "Order cancelled", f"Reason: {reason}" if reason else "", "danger"


def _payments(order: wire.Order) -> Iterator[_Entry]:
    for payment in payments(order):
        currency = payment.currency_code or order.currency_code
        yield payment.created_at, "Payment authorised", _amount(payment.amount, currency), "info"
        if payment.captures:
            for capture in payment.captures:
                yield capture.created_at, "Payment captured", _amount(capture.amount, currency), "success"
        else:
            yield payment.captured_at, "Payment captured", _amount(payment.amount, currency), "success"
        yield payment.canceled_at, "Payment cancelled", _amount(payment.amount, currency), "neutral"
        for refund in payment.refunds:
            note = f": {refund.note}" if refund.note else ""
            yield refund.created_at, "Refunded", f"{_amount(refund.amount, currency)}{note}", "warning"


def _fulfillments(order: wire.Order) -> Iterator[_Entry]:
    for parcel in order.fulfillments:
        tracking = ", ".join(label.tracking_number for label in parcel.labels if label.tracking_number)
        yield parcel.packed_at or parcel.created_at, "Items fulfilled", "", "info"
        yield parcel.shipped_at, "Items shipped", f"Tracking {tracking}" if tracking else "", "info"
        yield parcel.delivered_at, "Items delivered", "", "success"
        yield parcel.canceled_at, "Fulfilment cancelled", "", "neutral"


def _changes(changes: tuple[wire.OrderChange, ...]) -> Iterator[_Entry]:
    for change in changes:
        told = [_is_told(action) for action in change.actions]
        if change.change_type in _CHANGES and not (told and all(told)):
            yield change.created_at, _CHANGES[change.change_type], _CHANGE_STATES.get(change.status, ""), "neutral"


def _is_told(action: wire.ChangeAction) -> bool:
    """The reason of a cancellation is told with the cancellation."""
    new = (action.details or {}).get("new")
    return action.action in _TOLD_ELSEWHERE or (isinstance(new, dict) and [*new] == [CANCEL_REASON])


def _amount(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else plain_money(amount, currency)
