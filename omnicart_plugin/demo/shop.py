"""The store itself: a coffee roaster in Copenhagen that ships to Europe, North America and Japan."""

from decimal import Decimal
from typing import NamedTuple

from omnicart_plugin.demo.identity import new_id
from omnicart_plugin.medusa import wire

NAME = "Larch & Lantern Coffee"


class Land(NamedTuple):
    """A country that is shipped to. ``tax`` is the rate, ``streets`` and ``towns`` pair up freely."""

    name: str
    currency: str
    tax: Decimal
    dialling: str
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]


LANDS = {
    "de": Land(
        "Germany",
        "eur",
        Decimal("0.19"),
        "+49",
        ("Lindenstraße {}", "Am Alten Hafen {}", "Goethestraße {}"),
        (("Hamburg", "20457"), ("Leipzig", "04109"), ("Köln", "50667")),
    ),
    "dk": Land(
        "Denmark",
        "eur",
        Decimal("0.25"),
        "+45",
        ("Jægersborggade {}", "Søndergade {}"),
        (("København N", "2200"), ("Aarhus C", "8000"), ("Odense", "5000")),
    ),
    "es": Land(
        "Spain",
        "eur",
        Decimal("0.21"),
        "+34",
        ("Calle de la Luna {}", "Carrer de Verdi {}"),
        (("Madrid", "28015"), ("Barcelona", "08012")),
    ),
    "fr": Land(
        "France",
        "eur",
        Decimal("0.2"),
        "+33",
        ("{} rue des Lilas", "{} quai de la Loire"),
        (("Paris", "75019"), ("Nantes", "44000"), ("Lyon", "69001")),
    ),
    "gb": Land(
        "United Kingdom",
        "eur",
        Decimal("0.2"),
        "+44",
        ("{} Mill Lane", "{} Canal Street"),
        (("Bristol", "BS1 4QA"), ("Edinburgh", "EH6 6QU")),
    ),
    "it": Land(
        "Italy",
        "eur",
        Decimal("0.22"),
        "+39",
        ("Via dei Tigli {}", "Corso Sempione {}"),
        (("Milano", "20154"), ("Torino", "10124")),
    ),
    "nl": Land(
        "Netherlands",
        "eur",
        Decimal("0.21"),
        "+31",
        ("Prinsengracht {}", "Oudegracht {}"),
        (("Amsterdam", "1016 GX"), ("Utrecht", "3511 AL")),
    ),
    "se": Land(
        "Sweden",
        "eur",
        Decimal("0.25"),
        "+46",
        ("Götgatan {}", "Storgatan {}"),
        (("Stockholm", "118 46"), ("Malmö", "211 42")),
    ),
    "us": Land(
        "United States",
        "usd",
        Decimal(0),
        "+1",
        ("{} Maple Avenue", "{} Division Street", "{} 14th Street"),
        (("Portland", "97202"), ("Brooklyn", "11215"), ("Chicago", "60622"), ("Oakland", "94607")),
    ),
    "ca": Land(
        "Canada",
        "usd",
        Decimal("0.05"),
        "+1",
        ("{} Rue Saint-Denis", "{} Commercial Drive"),
        (("Montréal", "H2J 2L1"), ("Vancouver", "V5L 3Y2")),
    ),
    "jp": Land(
        "Japan",
        "jpy",
        Decimal("0.1"),
        "+81",
        ("神宮前{}丁目", "北浜{}丁目"),
        (("東京都渋谷区", "150-0001"), ("大阪市中央区", "541-0041"), ("京都市左京区", "606-8267")),
    ),
}
SHIPPING = {"eur": Decimal("4.9"), "usd": Decimal("6.5"), "jpy": Decimal(800)}
_REGIONS = {"eur": "Europe", "jpy": "Japan", "usd": "North America"}

REGIONS = {
    currency: wire.Region(
        id=new_id("reg", currency),
        name=name,
        currency_code=currency,
        automatic_taxes=True,
        countries=tuple(
            wire.Country(iso_2=code, display_name=land.name)
            for code, land in sorted(LANDS.items(), key=lambda item: item[1].name)
            if land.currency == currency
        ),
        payment_providers=(wire.PaymentProvider(id="pp_stripe_stripe"), wire.PaymentProvider(id="pp_system_default")),
    )
    for currency, name in _REGIONS.items()
}
_ROASTERY = wire.StockLocation(id=new_id("sloc", "roastery"), name="Roastery")
STOCK_LOCATIONS = (_ROASTERY, wire.StockLocation(id=new_id("sloc", "portland"), name="Warehouse Portland"))
ONLINE = wire.SalesChannel(id=new_id("sc", "online"), name="Online shop", stock_locations=STOCK_LOCATIONS)
WHOLESALE = wire.SalesChannel(id=new_id("sc", "wholesale"), name="Wholesale", stock_locations=(_ROASTERY,))
SALES_CHANNELS = (
    wire.SalesChannel(id=new_id("sc", "market"), name="Market stall"),
    ONLINE,
    WHOLESALE,
)
_CURRENCIES = (
    wire.Currency(code="eur", name="Euro", symbol="€", symbol_native="€", decimal_digits=2),
    wire.Currency(code="usd", name="US Dollar", symbol="$", symbol_native="$", decimal_digits=2),
    wire.Currency(code="jpy", name="Japanese Yen", symbol="¥", symbol_native="￥", decimal_digits=0),
)
STORE = wire.Store(
    id=new_id("store"),
    name=NAME,
    default_region_id=REGIONS["eur"].id,
    default_sales_channel_id=ONLINE.id,
    default_location_id=_ROASTERY.id,
    supported_currencies=tuple(
        wire.SupportedCurrency(currency_code=currency.code, is_default=currency.code == "eur", currency=currency)
        for currency in _CURRENCIES
    ),
)
