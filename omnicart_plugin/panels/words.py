"""Names, statuses and amounts of a store, in the words and values that are shown."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from omnicart_plugin.medusa import wire
from omnicart_plugin.webos import FieldsItem, Image, Link, Money, Number, Ref, Status, Text, Time, Tone, Value

ORDER_STATUS: Mapping[str, tuple[str, Tone]] = {
    "pending": ("Pending", "info"),
    "completed": ("Completed", "success"),
    "canceled": ("Cancelled", "neutral"),
    "archived": ("Archived", "neutral"),
    "draft": ("Draft", "neutral"),
    "requires_action": ("Needs action", "warning"),
}
PAYMENT_STATUS: Mapping[str, tuple[str, Tone]] = {
    "not_paid": ("Not paid", "warning"),
    "awaiting": ("Awaiting payment", "warning"),
    "authorized": ("Authorised", "info"),
    "partially_authorized": ("Partly authorised", "warning"),
    "captured": ("Paid", "success"),
    "partially_captured": ("Partly paid", "warning"),
    "partially_refunded": ("Partly refunded", "neutral"),
    "refunded": ("Refunded", "neutral"),
    "canceled": ("Cancelled", "neutral"),
    "requires_action": ("Needs action", "warning"),
}
FULFILLMENT_STATUS: Mapping[str, tuple[str, Tone]] = {
    "not_fulfilled": ("Not fulfilled", "warning"),
    "partially_fulfilled": ("Partly fulfilled", "warning"),
    "fulfilled": ("Fulfilled", "info"),
    "partially_shipped": ("Partly shipped", "info"),
    "shipped": ("Shipped", "info"),
    "partially_delivered": ("Partly delivered", "info"),
    "delivered": ("Delivered", "success"),
    "canceled": ("Cancelled", "neutral"),
}
PRODUCT_STATUS: Mapping[str, tuple[str, Tone]] = {
    "published": ("Published", "success"),
    "draft": ("Draft", "neutral"),
    "proposed": ("Proposed", "info"),
    "rejected": ("Rejected", "danger"),
}
_REGISTERED = Status(code="registered", label="Registered", tone="success")
_GUEST = Status(code="guest", label="Guest")
_MOST_DIGITS = 18
"""Before or after the point: nothing is counted by more of them."""
_DIGITS = dict.fromkeys(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"], 0
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
"""Of the minor unit (ISO 4217), where they are not two."""


def status(code: str, words: Mapping[str, tuple[str, Tone]]) -> Status | None:
    """A status that nobody knows yet is shown as the store spells it, readably."""
    if not code:
        return None
    label, tone = words.get(code, (code.replace("_", " ").capitalize(), "neutral"))
    return Status(code=code, label=label, tone=tone)


def fulfillment(order: wire.Order) -> Status | None:
    """Nothing waits to be sent where the order is cancelled."""
    shown = status(order.fulfillment_status, FULFILLMENT_STATUS)
    return msgspec.structs.replace(shown, tone="neutral") if shown and order.canceled_at else shown


def money(amount: Decimal | None, currency: str) -> Money | None:
    return (
        Money(amount=amount, currency=currency.upper())
        if amount is not None and currency and is_amount(amount)
        else None
    )


def is_amount(value: Decimal) -> bool:
    """Whether money can be this much: a store may send any number, and things that are none."""
    return value.is_finite() and value.adjusted() < _MOST_DIGITS


def known(amount: Decimal | None) -> Decimal:
    """For a sum: zero where the store sent none, or something that money cannot be."""
    return amount if amount is not None and is_amount(amount) else Decimal(0)


def time(at: datetime | None) -> Time | None:
    return Time(at=at) if at else None


def text(value: str | None) -> Text | None:
    return Text(text=value) if value else None


def image(url: str | None, alt: str) -> Image | None:
    return Image(url=url, alt=alt) if url else None


def is_quantity(value: Decimal) -> bool:
    """Whether things can be counted by it: a store may send any number, and some take a minute to be written out."""
    return value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS


def quantity(value: Decimal | None) -> Number | None:
    if value is None or not is_quantity(value):
        return None
    return Number(number=int(value) if value == value.to_integral_value() else float(value))


def ref(label: str, link: Link) -> Ref:
    return Ref(label=label, link=link)


def fields(**values: Value | None) -> list[FieldsItem]:
    """Labels from the names (``paid_at`` is "Paid at"); what is not there is left out."""
    return [
        FieldsItem(label=name.replace("_", " ").capitalize(), value=value) for name, value in values.items() if value
    ]


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the currency's digits, as the host shows it."""
    return amount.quantize(Decimal(1).scaleb(-_DIGITS.get(currency.upper(), 2)), ROUND_HALF_UP)


def plain_money(amount: Decimal, currency: str) -> str:
    """For a sentence, where the host cannot format."""
    return f"{rounded(amount, currency):,} {currency.upper()}".strip() if is_amount(amount) else "an unknown amount"


def person(first: str | None, last: str | None) -> str:
    return f"{(first or '').strip()} {(last or '').strip()}".strip()


def buyer(order: wire.Order) -> str:
    """The customer's name, or the email of one who gave none."""
    customer = order.customer
    name = person(customer.first_name, customer.last_name) if customer else ""
    return name or order.email or (customer.email if customer else None) or "Guest"


def customer_name(customer: wire.Customer) -> str:
    """The email stands for one without a name."""
    name = person(customer.first_name, customer.last_name)
    return name or customer.company_name or customer.email or "Without a name"


def account_kind(customer: wire.Customer) -> Status:
    """Whether the customer signs in to the shop or bought as a guest."""
    return _REGISTERED if customer.has_account else _GUEST


def provider(id_: str) -> str:
    """``pp_stripe-ideal_stripe`` is "Stripe ideal": the provider's name and kind, each word once."""
    return " ".join(dict.fromkeys(re.split("[-_]+", id_.removeprefix("pp_")))).capitalize()


def number(order: wire.Order) -> str:
    return f"#{order.display_id}" if order.display_id is not None else "Unnumbered"


def address(place: wire.Address | None) -> str:
    """On several lines, as on a parcel."""
    if place is None:
        return ""
    city = " ".join(part for part in (place.postal_code, place.city) if part)
    country = (place.country_code or "").upper()
    name = person(place.first_name, place.last_name)
    lines = (name, place.company, place.address_1, place.address_2, city, place.province, country, place.phone)
    return "\n".join(line for line in lines if line)
