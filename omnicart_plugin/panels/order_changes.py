"""Completing, cancelling and archiving an order."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec

from omnicart_plugin.medusa import commands, queries, wire
from omnicart_plugin.panels.changes import CHANGES
from omnicart_plugin.panels.order_money import left_held, refunded, to_refund, to_release
from omnicart_plugin.panels.registry import NoInputs
from omnicart_plugin.panels.timeline import cancel_reason
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.panels.words import number, plain_money
from omnicart_plugin.panels.writing import Change, Command
from omnicart_plugin.webos import Action, Confirm, Done, Field

SHOWN_IN = ("order", "orders", "overview", "customer")
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
    """A store refunds what was captured and not refunded yet, and releases payments of which nothing was captured.

    The rest of one that was captured in part it leaves as it is.
    """
    back, released = to_refund(order), to_release(order)
    effects = []
    if back:
        effects.append(f"The captured payment is refunded: the customer gets {_amount(back, order)} back.")
    if released:
        effects.append(f"The authorised payment of {_amount(released, order)} is released: no money was taken.")
    if left := left_held(order):
        effects.append(f"The other {_amount(left, order)} stay authorised until your payment provider releases them.")
    if not effects and refunded(order):
        effects.append("No money moves: what was paid is refunded already.")
    return " ".join(effects) or "No money moves: nothing was paid."


def _cancel(order_id: str, inputs: CancelInputs) -> Sequence[Command]:
    """The store's route takes no reason, and a cancelled order takes no metadata: so the reason goes first."""
    reason = inputs.reason.strip()
    return [*([commands.set_cancel_reason(order_id, reason)] if reason else []), commands.cancel_order(order_id)]


def _take_reason_back(before: wire.OneOrder, now: wire.OneOrder, inputs: CancelInputs) -> Command | None:
    """To what it was, if it is the one that was written on the way to a cancellation that did not come."""
    earlier, left = cancel_reason(before.order), cancel_reason(now.order)
    ours = left == inputs.reason.strip() and left != earlier
    return commands.set_cancel_reason(now.order.id, earlier) if ours and not _is_cancelled(now) else None


def _cancelled(before: wire.OneOrder, after: wire.OneOrder, _: CancelInputs) -> Done:
    back = refunded(after.order) - refunded(before.order)
    released = to_release(before.order) - to_release(after.order)
    told = [f"Order {number(after.order)} is cancelled."]
    if back > 0:
        told.append(f"{_amount(back, after.order)} was refunded.")
    if released > 0:
        told.append(f"The authorised payment of {_amount(released, after.order)} was released.")
    if left := left_held(after.order):
        told.append(
            f"The other {_amount(left, after.order)} stay authorised until your payment provider releases them."
        )
    if len(told) == 1:
        told.append("No money moved.")
    return Done(message=" ".join(told))


def _is_cancelled(one: wire.OneOrder) -> bool:
    return one.order.status == "canceled" or one.order.canceled_at is not None


def _amount(amount: Decimal, order: wire.Order) -> str:
    return plain_money(amount, order.currency_code)


def state(order_id: str, _: msgspec.Struct) -> queries.Get[wire.OneOrder]:
    """Of a draft too: it is the order that it becomes."""
    return queries.order_state(order_id)


def _is(*statuses: str) -> Callable[[wire.OneOrder, wire.OneOrder | None, msgspec.Struct], bool]:
    return lambda _, after, __: after is not None and after.order.status in statuses


for _change in (
    Change(
        action="order.complete",
        inputs=NoInputs,
        thing=state,
        blocked=_complete_blocked,
        commands=lambda order_id, _: [commands.complete_order(order_id)],
        took_effect=_is("completed", "archived"),
        done=lambda _, after, __: Done(message=f"Order {number(after.order)} is completed."),
        shown_in=SHOWN_IN,
    ),
    Change(
        action="order.archive",
        inputs=NoInputs,
        thing=state,
        blocked=_archive_blocked,
        commands=lambda order_id, _: [commands.archive_order(order_id)],
        took_effect=_is("archived"),
        done=lambda _, after, __: Done(message=f"Order {number(after.order)} is archived."),
        shown_in=SHOWN_IN,
    ),
    Change(
        action="order.cancel",
        inputs=CancelInputs,
        thing=state,
        blocked=_cancel_blocked,
        asks=_ask_cancel,
        commands=_cancel,
        took_effect=lambda _, after, __: after is not None and _is_cancelled(after),
        undo=_take_reason_back,
        done=_cancelled,
        shown_in=SHOWN_IN,
    ),
):
    CHANGES[_change.action] = _change
