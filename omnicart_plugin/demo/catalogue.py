"""What is sold: products, their variants with prices and stock, and collections."""

from datetime import date
from decimal import Decimal
from itertools import product as every_choice
from typing import NamedTuple

from msgspec.structs import replace

from omnicart_plugin.demo.identity import moment, new_id
from omnicart_plugin.demo.pictures import picture
from omnicart_plugin.medusa import wire

_GRINDS = ("Grind", ("Whole bean", "Filter", "Espresso"))
_KINDS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "coffee": (("Size", ("250 g", "1 kg")), _GRINDS),
    "tea": (("Size", ("50 g", "100 g")),),
    "colours": (("Colour", ("Oat", "Slate", "Forest")),),
    "sizes": (("Size", ("Small", "Large")),),
    "single": (("Format", ("Standard",)),),
    "card": (("Value", ("25", "50", "100")),),
    "sampler": (
        ("First bag", ("Guji", "Huila", "Nyeri", "Tarrazú")),
        ("Second bag", ("Sidama", "Antigua", "Kayanza", "Sumatra")),
        _GRINDS,
    ),
}
_DEARER = {
    "1 kg": Decimal("3.6"),
    "100 g": Decimal("1.8"),
    "Large": Decimal("1.4"),
    "50": Decimal(2),
    "100": Decimal(4),
}


class Ware(NamedTuple):
    """``euros`` is the price of the cheapest variant; None has no price yet. ``kind`` "" has no variants yet."""

    title: str
    subtitle: str | None
    collection: str | None
    kind: str
    euros: str | None
    drawing: str
    colour: str
    status: str = "published"


_COLLECTIONS = ("Single origins", "Blends & espresso", "Brew gear", "Cups & ceramics", "Winter reserve")
_SINGLE, _BLEND, _GEAR, _CUPS, _ = _COLLECTIONS
WARES = (
    Ware("Guji Uraga Washed", "Ethiopia · jasmine, apricot, lime", _SINGLE, "coffee", "14.5", "bag", "#c8553d"),
    Ware("Huila El Mirador", "Colombia · red apple, caramel", _SINGLE, "coffee", "12.95", "bag", "#588157"),
    Ware("Nyeri Gatomboya AA", "Kenya · blackcurrant, grapefruit", _SINGLE, "coffee", "16.8", "bag", "#6d2e46"),
    Ware("Tarrazú La Pastora", "Costa Rica · honey, orange", _SINGLE, "coffee", "13.75", "bag", "#e09f3e"),
    Ware("Sidama Bombe Natural", "Ethiopia · strawberry, cocoa", _SINGLE, "coffee", "15.25", "bag", "#b5446e"),
    Ware("Antigua Pulcal", "Guatemala · milk chocolate, plum", _SINGLE, "coffee", "13.2", "bag", "#335c67"),
    Ware("Kayanza Gahahe", "Burundi · lemon, black tea", _SINGLE, "coffee", "14.1", "bag", "#9a031e"),
    Ware("Sumatra Lintong", "Indonesia · cedar, dark cherry", _SINGLE, "coffee", "12.6", "bag", "#344e41"),
    Ware("Panama Gesha Lot 7", "Bergamot, mango · 90 bags", _SINGLE, "coffee", "38.5", "bag", "#1d3557"),
    Ware("Lantern House Blend", "Hazelnut, brown sugar", _BLEND, "coffee", "10.95", "bag", "#bc6c25"),
    Ware("Larch Espresso", "Dark chocolate, toffee", _BLEND, "coffee", "11.5", "bag", "#432818"),
    Ware("Midnight Decaf", "Sugar cane process · cocoa, fig", _BLEND, "coffee", "12.4", "bag", "#22223b"),
    Ware("Harvest Filter Blend", "Peach, almond", _BLEND, "coffee", "11.8", "bag", "#dda15e"),
    Ware("Breakfast Blend Organic", "Toast, orange marmalade", _BLEND, "coffee", "11.25", "bag", "#a98467"),
    Ware("Wild Rooibos", "Cape · vanilla, honey", None, "tea", "7.9", "tin", "#a44a3f"),
    Ware("Sencha Uji", "Kyoto · sea breeze, fresh peas", None, "tea", "11.4", "tin", "#6a994e"),
    Ware("Earl of Østerbro", "Black tea, bergamot", None, "tea", "8.6", "tin", "#3d405b"),
    Ware("Mountain Oolong", "Nantou · orchid, cream", None, "tea", "13.9", "tin", "#386641"),
    Ware("Fellside Gooseneck Kettle", "0.9 l, stovetop", _GEAR, "colours", "64", "kettle", "#52796f"),
    Ware("Ceramic Dripper 02", "With 40 filters", _GEAR, "colours", "24.5", "dripper", "#d4a373"),
    Ware("Hand Grinder Nº 5", "Steel burrs, 30 g", _GEAR, "single", "89", "grinder", "#6c757d"),
    Ware("Paper Filters 02", "100 sheets, unbleached", _GEAR, "single", "4.75", "box", "#c9ada7"),
    Ware("Pocket Scale", "0.1 g, with timer", _GEAR, "single", "39", "box", "#4a4e69"),
    Ware("Cold Brew Bottle", "Fine mesh core", _GEAR, "sizes", "27.5", "tin", "#457b9d"),
    Ware("Travel Press", "Insulated, leak-proof", _GEAR, "colours", "34.9", "tin", "#2f3e46"),
    Ware("Espresso Tamper 58", "Oiled walnut", _GEAR, "single", "42", "grinder", "#7f5539"),
    Ware("Stoneware Mug", "Thrown in Bornholm", _CUPS, "colours", "19.5", "cup", "#84a98c"),
    Ware("Espresso Cup, pair", "80 ml, glazed inside", _CUPS, "colours", "26", "cup", "#e07a5f"),
    Ware("Latte Bowl", "360 ml", _CUPS, "colours", "22.4", "cup", "#81b29a"),
    Ware("Enamel Camp Cup", None, _CUPS, "single", "12", "cup", "#f2cc8f"),
    Ware("Build-your-own Sampler", "Two bags of 100 g", None, "sampler", "15.6", "box", "#bc4749"),
    Ware("Gift Card", "Sent by email", None, "card", "25", "card", "#6d597a"),
    Ware("Roastery Tour", "Saturdays, 90 minutes", None, "single", "35", "", ""),
    Ware("Holiday Box", "Three coffees and a candle", None, "", None, "box", "#9d0208", "draft"),
    Ware("Barista Apron", "Waxed canvas", _GEAR, "sizes", None, "", "", "proposed"),
    Ware("Instant Sachets", "Freeze-dried, box of 10", _BLEND, "single", "13", "", "", "rejected"),
)
_STOCK = (184, 62, 0, 310, 25, 8, 140, 4, 96, 51, 12)
_NOT_COUNTED = {"card", "sampler"}


class Catalogue(NamedTuple):
    products: tuple[wire.Product, ...]
    variants: dict[str, tuple[wire.Variant, ...]]
    """By the id of their product."""
    collections: tuple[wire.Collection, ...]


def catalogue(today: date) -> Catalogue:
    named = {title: _collection(today, number, title) for number, title in enumerate(_COLLECTIONS)}
    products = tuple(_product(today, number, ware, named) for number, ware in enumerate(WARES))
    variants = {
        product.id: tuple(_variants(number, ware))
        for number, (product, ware) in enumerate(zip(products, WARES, strict=True))
    }
    return Catalogue(products, variants, tuple(_filled(group, products) for group in named.values()))


def price(ware: Ware, choices: tuple[str, ...], currency: str) -> Decimal:
    """Yen are whole hundreds, so that a tenth of a tenth is whole too."""
    euros = Decimal(ware.euros or 0)
    for choice in choices:
        euros *= _DEARER.get(choice, 1)
    match currency:
        case "usd":
            return (euros * Decimal("1.12")).quantize(Decimal(1)) - Decimal("0.01")
        case "jpy":
            return (euros * Decimal("1.6")).quantize(Decimal(1)) * 100
        case _:
            return euros


def choices_of(ware: Ware) -> tuple[tuple[str, ...], ...]:
    """The choices that make each variant."""
    if not ware.kind:
        return ()
    return tuple(every_choice(*(values for _, values in _KINDS[ware.kind])))


def _collection(today: date, number: int, title: str) -> wire.Collection:
    handle = title.lower().replace(" & ", "-").replace(" ", "-")
    made = moment(today, 420 - 90 * number, 36_000)
    return wire.Collection(id=new_id("pcol", title), title=title, handle=handle, created_at=made)


def _filled(group: wire.Collection, products: tuple[wire.Product, ...]) -> wire.Collection:
    held = (wire.Product(id=p.id) for p in products if p.collection and p.collection.id == group.id)
    return replace(group, products=tuple(held))


def _product(today: date, number: int, ware: Ware, collections: dict[str, wire.Collection]) -> wire.Product:
    backs = ("#f3ece2", "#e7ecef") if ware.drawing else ()
    images = tuple(wire.Image(url=picture(ware.drawing, ware.colour, back)) for back in backs)
    made = moment(today, 400 - 11 * number, 32_000 + 97 * number)
    return wire.Product(
        id=new_id("prod", ware.title),
        title=ware.title,
        subtitle=ware.subtitle,
        handle="".join(c if c.isalnum() else "-" for c in ware.title.lower()).replace("--", "-"),
        status=ware.status,
        description=_description(ware),
        thumbnail=images[0].url if images else None,
        created_at=made,
        updated_at=max(made, moment(today, 7 * (number % 9) + 1, 40_000)),
        collection=collections[ware.collection] if ware.collection else None,
        options=tuple(
            wire.ProductOption(title=title, values=tuple(wire.OptionValue(value=v) for v in values))
            for title, values in _KINDS.get(ware.kind, ())
        ),
        images=images,
    )


def _description(ware: Ware) -> str | None:
    if ware.kind in {"coffee", "sampler"}:
        return "Roasted every Tuesday in small batches and sent the same day. Best from day 7 to day 40 after roasting."
    if ware.kind == "tea":
        return "Loose leaf in a tin that closes tightly. Enough for about 25 or 50 cups."
    return f"{ware.title}. Chosen and tested at our own bar." if ware.subtitle else None


def _variants(number: int, ware: Ware) -> list[wire.Variant]:
    return [
        wire.Variant(
            id=new_id("variant", ware.title, choices),
            title=" / ".join(choices),
            sku=f"LL-{number + 1:02d}-{place + 1:02d}" if ware.euros else None,
            manage_inventory=ware.kind not in _NOT_COUNTED,
            inventory_items=() if ware.kind in _NOT_COUNTED else _stock(3 * number + place),
            prices=_prices(ware, choices) if ware.euros else (),
        )
        for place, choices in enumerate(choices_of(ware))
    ]


def _stock(place: int) -> tuple[wire.VariantInventoryItem, ...]:
    """Some of it is sold, and not sent yet."""
    stocked = _STOCK[place % len(_STOCK)]
    held = wire.InventoryItem(stocked_quantity=Decimal(stocked), reserved_quantity=Decimal(stocked // 20))
    return (wire.VariantInventoryItem(required_quantity=Decimal(1), inventory=held),)


def _prices(ware: Ware, choices: tuple[str, ...]) -> tuple[wire.Price, ...]:
    plain = [wire.Price(currency_code=code, amount=price(ware, choices, code)) for code in ("eur", "usd", "jpy")]
    if "1 kg" in choices:  # cafés take it by the dozen
        for_cafes = (price(ware, choices, "eur") * Decimal("0.85")).quantize(Decimal("0.0001"))
        plain.append(wire.Price(currency_code="eur", amount=for_cafes, min_quantity=Decimal(12)))
    return tuple(plain)
