"""What became of an order: its payments, parcels and changes, as Medusa would have written them down."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from omnicart_plugin.demo.identity import new_id
from omnicart_plugin.medusa import wire


class Fate(NamedTuple):
    """``youngest`` and ``oldest`` are the days since the order for which this is a likely state of things."""

    status: str
    payment: str
    fulfillment: str
    youngest: int
    oldest: int
    weight: int


COMMON = (
    Fate("pending", "authorized", "not_fulfilled", 0, 5, 5),
    Fate("pending", "captured", "not_fulfilled", 1, 5, 5),
    Fate("pending", "captured", "fulfilled", 2, 7, 4),
    Fate("pending", "captured", "shipped", 3, 12, 6),
    Fate("pending", "captured", "delivered", 6, 16, 3),
    Fate("completed", "captured", "delivered", 7, 90, 60),
    Fate("archived", "captured", "delivered", 45, 90, 28),
    Fate("completed", "partially_refunded", "delivered", 12, 90, 3),
    Fate("completed", "refunded", "delivered", 14, 90, 1),
    Fate("canceled", "refunded", "not_fulfilled", 2, 90, 2),
    Fate("canceled", "canceled", "not_fulfilled", 2, 90, 2),
)
RARE = (
    Fate("requires_action", "requires_action", "not_fulfilled", 0, 90, 0),
    Fate("pending", "awaiting", "not_fulfilled", 0, 90, 0),
    Fate("pending", "not_paid", "not_fulfilled", 0, 90, 0),
    Fate("pending", "partially_authorized", "not_fulfilled", 0, 90, 0),
    Fate("pending", "partially_captured", "partially_fulfilled", 2, 90, 0),
    Fate("pending", "captured", "partially_shipped", 3, 90, 0),
    Fate("pending", "captured", "partially_delivered", 6, 90, 0),
    Fate("pending", "captured", "canceled", 3, 90, 0),
    Fate("pending", "partially_refunded", "shipped", 10, 90, 0),
    Fate("archived", "canceled", "canceled", 45, 90, 0),
)
CANCEL_REASONS = ("Ordered twice", "Changed my mind", "Wrong grind size", "", "Would arrive after the holiday")
_NOTES = (
    "One bag arrived torn",
    "Mug chipped in the post",
    None,
    "Late delivery, shipping refunded",
    "Wrong grind sent",
)
_STAGES = {
    "partially_fulfilled": ("packed",),
    "fulfilled": ("packed",),
    "partially_shipped": ("shipped", "packed"),
    "shipped": ("shipped",),
    "partially_delivered": ("delivered", "shipped"),
    "delivered": ("delivered",),
    "canceled": ("canceled",),
}
_CAPTURED = timedelta(minutes=20)
_PACKED = timedelta(hours=22)
_SHIPPED = timedelta(days=1, hours=3)
_DELIVERED = timedelta(days=4, hours=5)
_CLOSED = timedelta(days=4, hours=6)
_REFUNDED = timedelta(days=8, hours=2)
_PARCEL_CANCELED = timedelta(hours=8)
_CANCELED = timedelta(hours=9)
_ARCHIVED = timedelta(days=31)


class Case(NamedTuple):
    """An order whose fate is told. ``amount`` is what was to be paid, ``part`` what a partial refund gives back."""

    number: int
    at: datetime
    fate: Fate
    currency: str
    amount: Decimal
    part: Decimal
    items: tuple[wire.LineItem, ...]

    @property
    def canceled_at(self) -> datetime | None:
        return self.at + _CANCELED if "canceled" in {self.fate.status, self.fate.payment} else None

    @property
    def paid(self) -> Decimal:
        if self.fate.payment == "partially_captured":
            return self.part
        return self.amount if self.fate.payment in {"captured", "partially_refunded", "refunded"} else Decimal(0)

    @property
    def refunded(self) -> Decimal:
        return {"partially_refunded": self.part, "refunded": self.amount}.get(self.fate.payment, Decimal(0))

    @property
    def refunded_at(self) -> datetime:
        return self.canceled_at or self.at + _REFUNDED

    @property
    def cancel_reason(self) -> str:
        return CANCEL_REASONS[self.number % len(CANCEL_REASONS)] if self.canceled_at else ""

    @property
    def closed_at(self) -> datetime:
        """When a person last completed or archived it."""
        return self.at + {"completed": _CLOSED, "archived": _ARCHIVED}.get(self.fate.status, timedelta(0))


def payment_collections(case: Case) -> tuple[wire.PaymentCollection, ...]:
    if case.fate.payment == "not_paid":
        return ()
    if case.fate.payment == "partially_authorized":  # half by gift card, half still to come
        half = case.amount / 2
        return (_collection(case, 0, "authorized", (_payment(case, half),)), _collection(case, 1, "awaiting", ()))
    if case.fate.payment in {"awaiting", "requires_action"}:
        return (_collection(case, 0, case.fate.payment, ()),)
    status = "completed" if case.paid == case.amount else "authorized"
    return (_collection(case, 0, "canceled" if case.canceled_at else status, (_payment(case, case.amount),)),)


def _collection(case: Case, place: int, status: str, payments: tuple[wire.Payment, ...]) -> wire.PaymentCollection:
    return wire.PaymentCollection(id=new_id("pay_col", case.number, place), status=status, payments=payments)


def _payment(case: Case, amount: Decimal) -> wire.Payment:
    """A refund does not move ``updated_at``, and no part of the whole sets ``captured_at``."""
    captured_at = case.at + _CAPTURED if case.paid else None
    canceled_at = case.canceled_at if not case.paid else None
    return wire.Payment(
        id=new_id("pay", case.number),
        amount=amount,
        currency_code=case.currency,
        provider_id="pp_stripe_stripe" if case.number % 4 else "pp_system_default",
        created_at=case.at,
        updated_at=max(filter(None, (case.at, captured_at, canceled_at))),
        captured_at=captured_at if case.paid == amount else None,
        canceled_at=canceled_at,
        captures=(wire.Capture(id=new_id("capt", case.number), amount=case.paid, created_at=captured_at),)
        if case.paid
        else (),
        refunds=(_refund(case),) if case.refunded else (),
    )


def _refund(case: Case) -> wire.Refund:
    note = None if case.canceled_at else _NOTES[case.number % len(_NOTES)]
    return wire.Refund(id=new_id("ref", case.number), amount=case.refunded, note=note, created_at=case.refunded_at)


def fulfillments(case: Case) -> tuple[wire.Fulfillment, ...]:
    return tuple(_parcel(case, place, stage) for place, stage in enumerate(_STAGES.get(case.fate.fulfillment, ())))


def _parcel(case: Case, place: int, stage: str) -> wire.Fulfillment:
    shipped = stage in {"shipped", "delivered"}
    tracking = f"LL{case.number * 7919 % 10**6:06d}{place}{case.currency.upper()[:2]}"
    packed_at = case.at + _PACKED if stage != "canceled" else case.at + _CAPTURED
    return wire.Fulfillment(
        id=new_id("ful", case.number, place),
        created_at=packed_at,
        packed_at=packed_at,
        shipped_at=case.at + _SHIPPED if shipped else None,
        delivered_at=case.at + _DELIVERED if stage == "delivered" else None,
        canceled_at=case.at + _PARCEL_CANCELED if stage == "canceled" else None,
        labels=(wire.Label(tracking_number=tracking),) if shipped else (),
    )


def changes(case: Case) -> tuple[wire.OrderChange, ...]:
    """Oldest first."""
    told = sorted(_events(case), key=lambda event: event[0])
    return tuple(
        wire.OrderChange(
            id=new_id("ordch", case.number, place),
            change_type=kind,
            status="confirmed",
            created_at=at,
            actions=actions,
        )
        for place, (at, kind, actions) in enumerate(told)
    )


_Event = tuple[datetime, str | None, tuple[wire.ChangeAction, ...]]


def _events(case: Case) -> Iterator[_Event]:
    for place, parcel in enumerate(fulfillments(case)):
        yield from _parcel_events(case, place, parcel)
    if case.refunded or case.canceled_at:
        action = wire.ChangeAction(action="CREDIT_LINE_ADD", details={})
        yield case.refunded_at + timedelta(seconds=1), "credit_line", (action,)
    if case.cancel_reason:
        details = {"new": {"cancel_reason": case.cancel_reason}, "old": None, "type": "metadata"}
        action = wire.ChangeAction(action="UPDATE_ORDER_PROPERTIES", details=details)
        yield case.at + _CANCELED - timedelta(seconds=1), "update_order", (action,)


def _parcel_events(case: Case, place: int, parcel: wire.Fulfillment) -> Iterator[_Event]:
    is_part = case.fate.fulfillment.startswith("partially")
    items = case.items[place : place + 1] if is_part else case.items
    steps = (
        ("FULFILL_ITEM", parcel.packed_at),
        ("SHIP_ITEM", parcel.shipped_at),
        ("DELIVER_ITEM", parcel.delivered_at),
        ("CANCEL_ITEM_FULFILLMENT", parcel.canceled_at),
    )
    for action, at in steps:
        if at:
            yield at, None, tuple(_moved(action, item) for item in items)


def _moved(action: str, item: wire.LineItem) -> wire.ChangeAction:
    quantity = int(item.quantity or 0)
    details = {"quantity": quantity if action == "FULFILL_ITEM" else str(quantity), "reference_id": item.id}
    return wire.ChangeAction(action=action, details=details)
