"""Converting a draft to an order, and deleting it."""

from omnicart_plugin.medusa import commands, wire
from omnicart_plugin.panels.changes import CHANGES
from omnicart_plugin.panels.order_changes import state
from omnicart_plugin.panels.registry import NoInputs
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.panels.words import number, plain_money
from omnicart_plugin.panels.writing import Change
from omnicart_plugin.webos import Action, Confirm, Done, Link

SHOWN_IN = ("draft-orders", "draft-order", "orders", "order", "overview", "customer")


def draft_actions(visit: StoreVisit, draft: wire.Order) -> list[Action]:
    return [
        visit.action("draft_order.convert", item_id=draft.id, primary=True),
        visit.action("draft_order.delete", item_id=draft.id),
    ]


def is_order(one: wire.OneOrder) -> bool:
    return one.order.status != "draft"


def _blocked(one: wire.OneOrder) -> str | None:
    return f"It is no draft any more: it became order {number(one.order)}." if is_order(one) else None


def _ask_convert(one: wire.OneOrder, _: NoInputs) -> Confirm:
    worth = f" of {plain_money(one.order.total, one.order.currency_code)}" if one.order.total else ""
    text = (
        f"It becomes the pending order {number(one.order)}{worth}. The store reserves stock for its items and takes it "
        "as placed; no payment is taken. It cannot be made a draft again."
    )
    return Confirm(title=f"Convert draft {number(one.order)} to an order?", text=text, accept="Convert to order")


def _ask_delete(one: wire.OneOrder, _: NoInputs) -> Confirm:
    text = "The draft and what was put into it are gone for good. No money moves."
    return Confirm(title=f"Delete draft {number(one.order)}?", text=text, accept="Delete draft", danger=True)


for _change in (
    Change(
        action="draft_order.convert",
        inputs=NoInputs,
        thing=state,
        blocked=_blocked,
        asks=_ask_convert,
        commands=lambda draft_id, _: [commands.convert_draft(draft_id)],
        took_effect=lambda _, after, __: after is not None and is_order(after),
        done=lambda _, after, __: Done(
            message=f"Draft {number(after.order)} is an order now.", link=Link(panel="order", item_id=after.order.id)
        ),
        shown_in=SHOWN_IN,
    ),
    Change(
        action="draft_order.delete",
        inputs=NoInputs,
        thing=state,
        blocked=_blocked,
        asks=_ask_delete,
        commands=lambda draft_id, _: [commands.delete_draft(draft_id)],
        took_effect=lambda _, after, __: after is None,
        done=lambda before, _, __: Done(
            message=f"Draft {number(before.order)} is deleted.", link=Link(panel="draft-orders")
        ),
        shown_in=SHOWN_IN,
    ),
):
    CHANGES[_change.action] = _change
