"""Collections, products of every kind, and stock."""

import base64
import itertools
import random
import struct
import zlib
from dataclasses import dataclass, field
from typing import Any

from .shop import Shop

_COLLECTIONS = ("Autumn Harbour", "Deck Essentials", "Galley", "Empty Shelf")
_WORDS = ("Harbour", "North", "Drift", "Salt", "Lee")
_NOUNS = ("Parka", "Jumper", "Sea Boots", "Kettle", "Enamel Mug", "Rope Mat", "Lantern", "Deck Chair", "Wool Cap")
_STATUSES = ("published", "published", "published", "draft", "published", "proposed", "published", "rejected")
_NO_SUCH_PICTURE = "http://127.0.0.1:1/missing.png"
_PLENTY = 5000


@dataclass(frozen=True)
class _Product:
    title: str
    price: float
    status: str = "published"
    collection: int | None = None
    picture: str | None = None
    options: dict[str, list[str]] = field(default_factory=lambda: {"Size": ["One size"]})
    managed: bool = True


def fill_shelves(shop: Shop, chance: random.Random) -> list[str]:
    """The variants that a shop front can sell."""
    collections = [_collection(shop, title) for title in _COLLECTIONS]
    products = [_usual(number, chance) for number in range(24)]
    variants: list[str] = []
    for number, product in enumerate([*products, *_UNUSUAL]):
        made = shop.admin("POST", "/admin/products", _body(shop, number, product, collections))["product"]
        if product.status == "published":
            variants += [variant["id"] for variant in made["variants"]][:6]
    _gift_wrap(shop)
    _stock(shop)
    return variants


def _collection(shop: Shop, title: str) -> str:
    made = shop.admin("POST", "/admin/collections", {"title": title, "handle": title.lower().replace(" ", "-")})
    collection: str = made["collection"]["id"]
    return collection


def _usual(number: int, chance: random.Random) -> _Product:
    options = {"Size": ["S", "M", "L"] if number % 3 == 0 else ["One size"]}
    if number % 4 == 0:
        options["Colour"] = ["Navy", "Sand"]
    return _Product(
        title=f"{chance.choice(_WORDS)} {_NOUNS[number % len(_NOUNS)]} {number + 1}",
        price=chance.randrange(9, 240) + 0.95,
        status=_STATUSES[number % len(_STATUSES)],
        collection=number % 3 if number % 6 else None,
        picture=_picture(number) if number % 5 else None,
        options=options,
    )


def _picture(number: int) -> str:
    """A square of one colour, 8 by 8, that needs no server."""
    row = b"\0" + bytes([number * 53 % 256, 90, 200 - number * 7 % 200]) * 8
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(row * 8)), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    ]
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()


_LETTERS = [chr(ord("A") + number) for number in range(13)]
_SIZES = [f"{10 * number} cm" for number in range(1, 11)]
_UNUSUAL = (
    _Product("<script>alert(1)</script>", 19.95, collection=0),
    _Product("Long line " * 30, 7.5, collection=1),
    _Product("معطف المطر", 89, picture=_picture(30)),
    _Product("海港大衣 · 港のコート", 120, picture=_picture(31)),
    _Product("Lantern 🏮🌊👩🏽‍🚀", 33.3),
    _Product("Chain, by the metre", 12.3456, collection=1),
    _Product("Print without a picture", 15, picture=_NO_SUCH_PICTURE),
    _Product("Tide Tables, a download", 4, managed=False),
    _Product("Signal Flag", 9.5, collection=2, options={"Letter": _LETTERS, "Height": _SIZES}),
)


def _body(shop: Shop, number: int, product: _Product, collections: list[str]) -> dict[str, Any]:
    chosen = {} if product.collection is None else {"collection_id": collections[product.collection]}
    pictures = {} if product.picture is None else {"thumbnail": product.picture, "images": [{"url": product.picture}]}
    return {
        "title": product.title,
        "subtitle": "Made for weather",
        "description": f"{product.title}: made for weather, mended for life.",
        "handle": f"product-{number + 1}",
        "status": product.status,
        "shipping_profile_id": shop.profile,
        "sales_channels": [{"id": shop.channel}],
        "options": [{"title": title, "values": values} for title, values in product.options.items()],
        "variants": _variants(number, product),
        **chosen,
        **pictures,
    }


def _variants(number: int, product: _Product) -> list[dict[str, Any]]:
    prices = {"eur": product.price, "usd": round(product.price + 10.5, 4), "jpy": round(product.price * 160)}
    return [
        {
            "title": " / ".join(values),
            "sku": f"HG-{number + 1:03d}-{place:03d}",
            "options": dict(zip(product.options, values, strict=True)),
            "manage_inventory": product.managed,
            "prices": [{"currency_code": code, "amount": amount} for code, amount in prices.items()],
        }
        for place, values in enumerate(itertools.product(*product.options.values()), start=1)
    ]


def _gift_wrap(shop: Shop) -> None:
    """A product without variants, prices, pictures or a collection."""
    options = [{"title": "Paper", "values": ["Brown"]}]
    channels = [{"id": shop.channel}]
    body = {"title": "Gift Wrap", "status": "published", "sales_channels": channels, "options": options}
    shop.admin("POST", "/admin/products", body)


def _stock(shop: Shop) -> None:
    """Plenty of most things, and a few of every ninth."""
    items = shop.admin("GET", "/admin/inventory-items?limit=1000&fields=id&order=sku")["inventory_items"]
    levels = [
        {
            "inventory_item_id": item["id"],
            "location_id": shop.location,
            "stocked_quantity": _PLENTY if number % 9 else 40,
        }
        for number, item in enumerate(items)
    ]
    shop.admin("POST", "/admin/inventory-items/location-levels/batch", {"create": levels})
