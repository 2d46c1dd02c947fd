"""Drafts, and two orders that came from drafts: one with next to nothing in it, one with an odd price."""

from typing import Any

from .customers import Person
from .shop import Shop


def draft(shop: Shop, variants: list[str], people: list[Person]) -> None:
    for bare in ({}, {"items": [{"title": "Rigging, cut to measure", "quantity": 1, "unit_price": 258.4375}]}):
        _convert(shop, _make(shop, "eur", email="counter@example.com", **bare))
    lines: list[dict[str, Any]] = [
        {"variant_id": variants[0], "quantity": 2},
        {"variant_id": variants[1], "quantity": 1},
    ]
    engraving = {"title": "Engraving", "quantity": 1, "unit_price": 12}
    for number, currency in enumerate(("eur", "eur", "usd", "jpy")):
        person = people[number]
        _make(shop, currency, email=person.email, items=[*lines, engraving], **_delivery(shop, person))
    _make(shop, "eur", email=people[4].email, items=[engraving])
    _make(shop, "eur", email="nobody-yet@example.com")


def _make(shop: Shop, currency: str, **more: object) -> str:
    body = {"region_id": shop.regions[currency], "sales_channel_id": shop.channel, **more}
    made: str = shop.admin("POST", "/admin/draft-orders", body)["draft_order"]["id"]
    return made


def _convert(shop: Shop, made: str) -> None:
    shop.admin("POST", f"/admin/draft-orders/{made}/convert-to-order", {})


def _delivery(shop: Shop, person: Person) -> dict[str, object]:
    address = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "address_1": "Kai 3",
        "city": "Hamburg",
        "postal_code": "20457",
        "country_code": "de",
    }
    method = {"shipping_option_id": shop.shipping, "name": "Standard", "amount": 4.9}
    return {"shipping_address": address, "shipping_methods": [method]}
