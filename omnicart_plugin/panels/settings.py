"""How the store is set up, and how OmniCart signs in to it. The store's part is for reading alone."""

from collections.abc import Iterable

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.panels import words
from omnicart_plugin.panels.accounts import SIGN_IN, STATUS, account_actions
from omnicart_plugin.panels.registry import panel
from omnicart_plugin.panels.visit import StoreVisit, whole_table
from omnicart_plugin.webos import Column, Empty, Fields, FieldsItem, Flag, Number, Panel, Row, Table, Text

NOT_SET = Text(text="Not set")
_Named = wire.Region | wire.SalesChannel | wire.StockLocation


@panel("settings")
async def settings(visit: StoreVisit) -> Panel:
    asked_stores = visit.begin(queries.stores())
    asked_regions = visit.begin(queries.regions())
    asked_channels = visit.begin(queries.sales_channels())
    store = next(iter((await asked_stores()).stores), None) or wire.Store(id="")
    regions = (await asked_regions()).regions
    channels = (await asked_channels()).sales_channels
    usual = next((one.currency_code for one in store.supported_currencies if one.is_default), "")
    items = [
        FieldsItem(label="Name", value=words.text(store.name) or NOT_SET),
        FieldsItem(label="Default currency", value=words.text(usual.upper()) or NOT_SET),
        FieldsItem(label="Default region", value=_name(regions, store.default_region_id)),
        FieldsItem(label="Default sales channel", value=_name(channels, store.default_sales_channel_id)),
        FieldsItem(label="Default location", value=await _location(visit, channels, store.default_location_id)),
    ]
    return visit.panel(
        "Settings",
        [Fields(title="Store", items=items), _currencies(store), _regions(regions), _connection(visit)],
        subtitle=visit.account.label,
        actions=account_actions(visit, visit.account),
    )


def _name(things: Iterable[_Named], id_: str | None) -> Text:
    return next((Text(text=thing.name) for thing in things if thing.id == id_ and thing.name), NOT_SET)


async def _location(visit: StoreVisit, channels: Iterable[wire.SalesChannel], id_: str | None) -> Text:
    """Its name: most often that of one that a channel sells from; else it has to be asked for."""
    known = _name((place for channel in channels for place in channel.stock_locations), id_)
    if id_ is None or known is not NOT_SET:
        return known
    return _name((await visit.ask(queries.stock_locations([id_]))).stock_locations, id_)


def _currencies(store: wire.Store) -> Table:
    columns = [
        Column(key="name", label="Currency"),
        Column(key="code", label="Code"),
        Column(key="symbol", label="Symbol"),
        Column(key="digits", label="Digits", align="end"),
        Column(key="default", label="Default"),
    ]
    rows = [
        Row(
            id=supported.currency_code,
            cells={
                "name": words.text(known.name if known else None),
                "code": words.text(supported.currency_code.upper()),
                "symbol": words.text((known.symbol_native or known.symbol) if known else None),
                "digits": Number(number=known.decimal_digits) if known and known.decimal_digits is not None else None,
                "default": Flag(on=supported.is_default),
            },
        )
        for supported in store.supported_currencies
        for known in [supported.currency]
    ]
    return whole_table("currencies", columns, rows, Empty(title="No currencies", text="They are added in Medusa."))


def _regions(regions: Iterable[wire.Region]) -> Table:
    columns = [
        Column(key="name", label="Region"),
        Column(key="countries", label="Countries"),
        Column(key="currency", label="Currency"),
        Column(key="taxes", label="Taxes"),
        Column(key="payment", label="Payment providers"),
    ]
    rows = [
        Row(
            id=region.id,
            cells={
                "name": words.text(region.name),
                "countries": words.text(", ".join(_country(country) for country in region.countries)),
                "currency": words.text(region.currency_code.upper()),
                "taxes": Text(text="Automatic" if region.automatic_taxes else "Not automatic"),
                "payment": words.text(", ".join(words.provider(known.id) for known in region.payment_providers)),
            },
        )
        for region in regions
    ]
    return whole_table("regions", columns, rows, Empty(title="No regions", text="They are added in Medusa."))


def _country(country: wire.Country) -> str:
    return country.display_name or country.iso_2.upper()


def _connection(visit: StoreVisit) -> Fields:
    account = visit.account
    items = words.fields(
        address=None if account.kind == "demo" else words.text(account.base_url),
        signs_in_with=words.text(SIGN_IN[account.kind]),
        since=words.time(account.signed_in_at),
        status=STATUS[visit.stores.status(account)],
    )
    return Fields(title="Account", items=items)
