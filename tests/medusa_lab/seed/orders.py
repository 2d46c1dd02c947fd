"""Orders through carts, as a shop front makes them; then the staff takes each to an end of its own."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .customers import Person, bearer
from .shop import Shop

_TOWNS = {
    "eur": (("de", "Hamburg", "20457"), ("dk", "Aarhus", "8000"), ("fr", "Brest", "29200")),
    "usd": (("us", "Portland", "04101"), ("ca", "Halifax", "B3H 1A1")),
    "jpy": (("jp", "横浜市", "220-0012"),),
}
_CURRENCIES = ("eur", "eur", "eur", "usd", "usd", "jpy")


def sell(shop: Shop, chance: random.Random, variants: list[str], people: list[Person]) -> None:
    for number in range(58):
        order = _order(shop, chance, variants, chance.choice(people))
        _FATES[number % len(_FATES)](_Sale(shop, number, order))


def _order(shop: Shop, chance: random.Random, variants: list[str], person: Person) -> str:
    currency = chance.choice(_CURRENCIES)
    country, city, postal_code = chance.choice(_TOWNS[currency])
    address = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "address_1": f"Quay Street {chance.randrange(200)}",
        "city": city,
        "postal_code": postal_code,
        "country_code": country,
    }
    lines = [
        {"variant_id": variant, "quantity": chance.randrange(1, 4)}
        for variant in chance.sample(variants, chance.randrange(1, 5))
    ]
    body = {
        "region_id": shop.regions[currency],
        "sales_channel_id": shop.channel,
        "email": person.email,
        "shipping_address": address,
        "billing_address": address,
        "items": lines,
    }
    return _buy(shop, shop.front("POST", "/store/carts", body, bearer(person.token))["cart"]["id"])


def _buy(shop: Shop, cart: str) -> str:
    front = shop.front
    front("POST", f"/store/carts/{cart}/shipping-methods", {"option_id": shop.shipping})
    payment = front("POST", "/store/payment-collections", {"cart_id": cart})["payment_collection"]["id"]
    front("POST", f"/store/payment-collections/{payment}/payment-sessions", {"provider_id": "pp_system_default"})
    order: str = front("POST", f"/store/carts/{cart}/complete", {})["order"]["id"]
    return order


@dataclass(frozen=True)
class _Sale:
    """What the staff can do with one order."""

    shop: Shop
    number: int
    order: str

    def act(self, verb: str, body: object = None) -> Any:
        return self.shop.admin("POST", f"/admin/orders/{self.order}/{verb}", body or {})

    def payment(self) -> dict[str, Any]:
        answer = self.shop.admin("GET", f"/admin/orders/{self.order}?fields=*payment_collections.payments")
        payment: dict[str, Any] = answer["order"]["payment_collections"][0]["payments"][0]
        return payment

    def pay(self, verb: str, amount: Decimal | None = None, **more: str) -> None:
        body = more if amount is None else {"amount": float(amount), **more}
        self.shop.admin("POST", f"/admin/payments/{self.payment()['id']}/{verb}", body)

    def pack(self, most: int | None = None) -> str:
        """A parcel with the first lines of the order, at most so many; all without a number."""
        items = self.shop.admin("GET", f"/admin/orders/{self.order}?fields=*items")["order"]["items"]
        lines = [{"id": item["id"], "quantity": item["quantity"]} for item in items[:most]]
        self.act("fulfillments", {"items": lines, "location_id": self.shop.location})
        parcels = self.shop.admin("GET", f"/admin/orders/{self.order}?fields=*fulfillments")["order"]["fulfillments"]
        parcel: str = max(parcels, key=lambda parcel: parcel["created_at"])["id"]
        return parcel

    def ship(self, parcel: str) -> None:
        items = self.shop.admin("GET", f"/admin/orders/{self.order}?fields=*items")["order"]["items"]
        lines = [{"id": item["id"], "quantity": item["quantity"]} for item in items]
        number = f"HG{self.number:08d}"
        tracking = f"https://track.example.com/{number}"
        label = {"tracking_number": number, "tracking_url": tracking, "label_url": f"{tracking}/label"}
        self.act(f"fulfillments/{parcel}/shipments", {"items": lines, "labels": [label]})

    def deliver(self) -> None:
        parcel = self.pack()
        self.ship(parcel)
        self.act(f"fulfillments/{parcel}/mark-as-delivered")


def _waiting(sale: _Sale) -> None:
    """Authorized, and nobody has looked at it yet."""


def _completed(sale: _Sale) -> None:
    sale.pay("capture")
    sale.deliver()
    sale.act("complete")


def _archived(sale: _Sale) -> None:
    _completed(sale)
    sale.act("archive")


def _shipped(sale: _Sale) -> None:
    sale.pay("capture")
    sale.ship(sale.pack())


def _packed(sale: _Sale) -> None:
    sale.pay("capture")
    sale.pack()


def _packed_in_part(sale: _Sale) -> None:
    sale.pay("capture")
    sale.pack(1)


def _unpacked(sale: _Sale) -> None:
    sale.pay("capture")
    sale.act(f"fulfillments/{sale.pack()}/cancel")


def _paid(sale: _Sale) -> None:
    sale.pay("capture")


def _paid_in_part(sale: _Sale) -> None:
    sale.pay("capture", _part(sale, 2))


def _refunded_in_part(sale: _Sale) -> None:
    sale.pay("capture")
    sale.pay("refund", _part(sale, 10), note="one item was late")
    sale.pay("refund", _part(sale, 8), note="and it was scratched")


def _refunded(sale: _Sale) -> None:
    sale.pay("capture")
    sale.pay("refund", note="returned unopened")


def _completed_unshipped(sale: _Sale) -> None:
    sale.pay("capture")
    sale.act("complete")


def _canceled(sale: _Sale) -> None:
    sale.act("cancel")


def _canceled_after_payment(sale: _Sale) -> None:
    sale.pay("capture")
    sale.act("cancel")


def _canceled_and_archived(sale: _Sale) -> None:
    sale.act("cancel")
    sale.act("archive")


def _part(sale: _Sale, share: int) -> Decimal:
    return round(Decimal(sale.payment()["amount"]) / share, 2)


_FATES: tuple[Callable[[_Sale], None], ...] = (
    _completed,
    _waiting,
    _shipped,
    _packed,
    _paid,
    _refunded_in_part,
    _canceled,
    _archived,
    _paid_in_part,
    _waiting,
    _refunded,
    _canceled_after_payment,
    _packed_in_part,
    _unpacked,
    _canceled_and_archived,
    _completed_unshipped,
)
