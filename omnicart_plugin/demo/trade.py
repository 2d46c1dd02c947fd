"""Orders and drafts of the last 90 days: who bought what and when, and what became of it."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import NamedTuple

from msgspec.structs import replace

from omnicart_plugin.demo.basket import Basket, Terms, fill, terms, with_service
from omnicart_plugin.demo.catalogue import Catalogue
from omnicart_plugin.demo.fates import (
    COMMON,
    RARE,
    Case,
    Fate,
    changes,
    fulfillments,
    payment_collections,
)
from omnicart_plugin.demo.identity import moment, new_id
from omnicart_plugin.demo.people import Person
from omnicart_plugin.demo.shop import ONLINE, REGIONS, WHOLESALE
from omnicart_plugin.medusa import wire

DAYS = 90
_FIRST_NUMBER = 1001
_DRAFT = Fate("draft", "not_paid", "not_fulfilled", 0, 0, 0)
_DRAFT_DAYS = (0, 1, 2, 4, 5, 9, 13, 21)
_WITHOUT_ADDRESS = 40
"""The place of an order without an address among all, from the oldest."""


class Placed(NamedTuple):
    """An order to be made. ``days_ago`` is its age, ``fate`` what became of it."""

    number: int
    at: datetime
    days_ago: int
    fate: Fate


class Trade(NamedTuple):
    orders: tuple[wire.Order, ...]
    """Oldest first, and so are the drafts."""
    drafts: tuple[wire.Order, ...]
    changes: dict[str, tuple[wire.OrderChange, ...]]
    """By the id of their order."""


def trade(today: date, stock: Catalogue, everyone: tuple[Person, ...]) -> Trade:
    rnd = Random("trade")  # noqa: S311 - made-up orders
    orders: list[wire.Order] = []
    drafts: list[wire.Order] = []
    told = {}
    guests = [person for person in everyone if not person.customer.has_account]
    for place, placed in enumerate(_plan(today, rnd)):
        buyer = guests[place // 4 % len(guests)] if place % 4 == 1 else _regular(rnd, everyone, placed.days_ago)
        case, basket = _case(rnd, stock, placed, buyer)
        order = _order(case, basket, buyer, has_address=place != _WITHOUT_ADDRESS)
        (drafts if placed.fate is _DRAFT else orders).append(order)
        told[order.id] = changes(case)
    return Trade(tuple(orders), tuple(drafts), told)


def _plan(today: date, rnd: Random) -> list[Placed]:
    """Orders and drafts share their numbers."""
    drafts = [(moment(today, days, 600), days, True) for days in _DRAFT_DAYS]
    orders = [(at, days, False) for days in range(DAYS) for at in _times(today, rnd, days)]
    coming = sorted((*drafts, *orders))
    fates = _fates(rnd, [days for _, days, is_draft in coming if not is_draft])
    return [
        Placed(_FIRST_NUMBER + place, at, days, _DRAFT if is_draft else next(fates))
        for place, (at, days, is_draft) in enumerate(coming)
    ]


def _times(today: date, rnd: Random, days_ago: int) -> list[datetime]:
    """Busier at weekends, and a little more every week. Today has only just begun."""
    if days_ago == 0:
        return [moment(today, 0, seconds) for seconds in (130, 611, 1375)]
    weekend = 1.5 if moment(today, days_ago).weekday() >= 5 else 1.0  # noqa: PLR2004 - Saturday
    busy = rnd.gauss(weekend * (3.1 - 1.3 * days_ago / DAYS), 0.9)
    return [moment(today, days_ago, int(rnd.triangular(20_000, 82_000, 66_000))) for _ in range(max(0, round(busy)))]


def _fates(rnd: Random, ages: list[int]) -> Iterator[Fate]:
    """One for each order, from the oldest. Each rare fate befalls the newest order that is old enough for it."""
    chosen = [_likely(rnd, days) for days in ages]
    free = len(ages) - 4
    for fate in RARE:
        free = next(place for place in range(free - 1, -1, -1) if ages[place] >= fate.youngest)
        chosen[free] = fate
        free -= 5
    return iter(chosen)


def _likely(rnd: Random, days: int) -> Fate:
    fitting = [fate for fate in COMMON if fate.youngest <= days <= fate.oldest]
    return rnd.choices(fitting, [fate.weight for fate in fitting])[0]


def _regular(rnd: Random, everyone: tuple[Person, ...], days_ago: int) -> Person:
    """A registered customer of that day; the first ones come more often."""
    known = [person for person in everyone if person.customer.has_account and person.known_days > days_ago]
    return known[int(len(known) * rnd.random() ** 1.5)]


def _case(rnd: Random, stock: Catalogue, placed: Placed, buyer: Person) -> tuple[Case, Basket]:
    is_cafe = buyer.address.company is not None
    discount = Decimal("0.2") if is_cafe else Decimal("0.1") if placed.number % 9 == 0 else Decimal(0)
    agreed = terms(buyer.land.currency, buyer.land.tax, discount)
    lines = rnd.choice((2, 3, 4)) if is_cafe or placed.fate in RARE else rnd.choice((1, 1, 2, 2, 3))
    basket = fill(rnd, placed.number, stock, agreed, lines=lines, most=8 if is_cafe else 2)
    if placed.fate is _DRAFT and placed.number % 2:
        basket = with_service(basket, placed.number, "Gift wrapping", agreed.shipping)
    part = _half_of_a_piece(basket, agreed)
    case = Case(placed.number, placed.at, placed.fate, agreed.currency, basket.total, part, basket.items)
    return case, basket


def _half_of_a_piece(basket: Basket, agreed: Terms) -> Decimal:
    half = (basket.items[0].unit_price or Decimal(0)) / 2
    return half.quantize(Decimal(1) if agreed.currency == "jpy" else Decimal("0.01"))


def _order(case: Case, basket: Basket, buyer: Person, *, has_address: bool) -> wire.Order:
    total = basket.total - case.refunded
    agreed = basket.terms
    address = replace(buyer.address, id=new_id("ordaddr", case.number)) if has_address else None
    told = [change.created_at for change in changes(case) if change.created_at]
    return wire.Order(
        id=new_id("order", case.number),
        display_id=case.number,
        status=case.fate.status,
        payment_status=case.fate.payment,
        fulfillment_status=case.fate.fulfillment,
        email=buyer.customer.email,
        currency_code=agreed.currency,
        created_at=case.at,
        updated_at=max(case.at, case.closed_at, *told),
        canceled_at=case.canceled_at,
        metadata={"cancel_reason": case.cancel_reason} if case.cancel_reason else None,
        item_subtotal=basket.subtotal,
        shipping_subtotal=agreed.shipping,
        discount_subtotal=basket.discount,
        tax_total=basket.tax,
        credit_line_total=case.refunded,
        total=total,
        summary=wire.Summary(
            paid_total=case.paid,
            refunded_total=case.refunded,
        ),
        items=basket.items,
        payment_collections=payment_collections(case),
        fulfillments=fulfillments(case),
        shipping_methods=(wire.ShippingMethod(name="Standard"),),
        shipping_address=address,
        billing_address=address and replace(address, id=new_id("ordbill", case.number)),
        customer=buyer.customer,
        sales_channel=WHOLESALE if buyer.address.company else ONLINE,
        region=REGIONS[agreed.currency],
    )
