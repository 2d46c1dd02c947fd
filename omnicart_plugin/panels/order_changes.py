"""Completing, cancelling and archiving an order."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.panels.changes import CHANGES, Change, Command
from omnicart_plugin.panels.registry import NoInputs
from omnicart_plugin.panels.timeline import cancel_reason
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.panels.words import number, plain_money
from omnicart_plugin.webos import Action, Confirm, Done, Field

SHOWN_IN = ["order", "orders", "overview"]
_NOT_YET = {"draft": "It is a draft: convert it to an order first.", "requires_action": "The customer must act first."}


class CancelInputs(msgspec.Struct, frozen=True):
    reason: str = ""


def order_actions(visit: StoreVisit, order: wire.Order) -> list[Action]:
    """Each disabled with the reason when the store would not take it."""
    one = wire.OneOrder(order=order)
    reason = Field(name="reason", label="Reason", type="textarea", help="Kept with the order, for your own records.")
    asked = {"order.cancel": [reason]}
    return [
        visit.action(id_, item_id=order.id, fields=asked.get(id_, ()), disabled=CHANGES[id_].blocked(one))
        for id_ in ("order.complete", "order.archive", "order.cancel")
    ]


def _complete_blocked(one: wire.OneOrder) -> str | None:
    return {
        **_NOT_YET,
        "completed": "It is completed already.",
        "canceled": "It is cancelled.",
        "archived": "It is archived.",
    }.get(one.order.status)


def _archive_blocked(one: wire.OneOrder) -> str | None:
    return {
        **_NOT_YET,
        "pending": "Only a completed or cancelled order can be archived.",
        "archived": "It is archived already.",
    }.get(one.order.status)


def _cancel_blocked(one: wire.OneOrder) -> str | None:
    """An archived order can be cancelled, if it was not before; parcels under way come first."""
    order = one.order
    if order.status == "canceled" or order.canceled_at:
        return "It is cancelled already."
    if order.status == "completed":
        return "A completed order cannot be cancelled. Take its items back as a return in Medusa."
    if any(parcel.canceled_at is None for parcel in order.fulfillments):
        return "Its items are fulfilled. Cancel the fulfilments in Medusa first."
    return _NOT_YET.get(order.status)


def _ask_cancel(one: wire.OneOrder, _: CancelInputs) -> Confirm:
    order = one.order
    return Confirm(
        title=f"Cancel order {number(order)}?",
        text=f"{_money_effect(order)} A cancelled order cannot be opened again.",
        accept="Cancel order",
        danger=True,
    )


def _money_effect(order: wire.Order) -> str:
    captured = _captured(order) - _refunded(order)
    if captured > 0:
        amount = plain_money(captured, order.currency_code)
        return f"The captured payment is refunded: the customer gets {amount} back."
    held = [p for c in order.payment_collections for p in c.payments if not p.canceled_at and not p.captured_at]
    if held:
        amount = plain_money(sum((p.amount or Decimal(0) for p in held), Decimal(0)), order.currency_code)
        return f"The authorised payment of {amount} is released: no money was taken."
    return "No money moves: nothing was paid."


def _cancel(one: wire.OneOrder, inputs: CancelInputs) -> Sequence[Command]:
    """The store's route takes no reason, and a cancelled order takes no metadata: so the reason goes first."""
    order_id = one.order.id
    reason = inputs.reason.strip()
    return [*([queries.set_cancel_reason(order_id, reason)] if reason else []), queries.cancel_order(order_id)]


def _take_reason_back(one: wire.OneOrder) -> Command | None:
    left = one.order.status != "canceled" and cancel_reason(one.order)
    return queries.set_cancel_reason(one.order.id, "") if left else None


def _cancelled(before: wire.OneOrder, after: wire.OneOrder, _: CancelInputs) -> Done:
    back = _refunded(after.order) - _refunded(before.order)
    money = f" {plain_money(back, after.order.currency_code)} was refunded." if back > 0 else ""
    return Done(message=f"Order {number(after.order)} is cancelled.{money}", refresh=SHOWN_IN)


def _captured(order: wire.Order) -> Decimal:
    return sum((_taken(p) for c in order.payment_collections for p in c.payments), Decimal(0))


def _taken(payment: wire.Payment) -> Decimal:
    if payment.captures:
        return sum((capture.amount or Decimal(0) for capture in payment.captures), Decimal(0))
    return (payment.amount or Decimal(0)) if payment.captured_at else Decimal(0)


def _refunded(order: wire.Order) -> Decimal:
    refunds = (r for c in order.payment_collections for p in c.payments for r in p.refunds)
    return sum((refund.amount or Decimal(0) for refund in refunds), Decimal(0))


def _says(words: str) -> Done:
    return Done(message=words, refresh=SHOWN_IN)


for _change in (
    Change(
        action="order.complete",
        inputs=NoInputs,
        thing=queries.order,
        blocked=_complete_blocked,
        commands=lambda one, _: [queries.complete_order(one.order.id)],
        took_effect=lambda one: one.order.status == "completed",
        done=lambda _, after, __: _says(f"Order {number(after.order)} is completed."),
    ),
    Change(
        action="order.archive",
        inputs=NoInputs,
        thing=queries.order,
        blocked=_archive_blocked,
        commands=lambda one, _: [queries.archive_order(one.order.id)],
        took_effect=lambda one: one.order.status == "archived",
        done=lambda _, after, __: _says(f"Order {number(after.order)} is archived."),
    ),
    Change(
        action="order.cancel",
        inputs=CancelInputs,
        thing=queries.order,
        blocked=_cancel_blocked,
        asks=_ask_cancel,
        commands=_cancel,
        took_effect=lambda one: one.order.status == "canceled",
        undo=_take_reason_back,
        done=_cancelled,
    ),
):
    CHANGES[_change.action] = _change
