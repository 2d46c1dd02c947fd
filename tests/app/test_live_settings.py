"""How a real store is set up, compared with what the store says to another program."""

from typing import Any

import pytest

from omnicart_plugin import webos
from tests.app.desk import Desk, cell, fields
from tests.medusa_lab import Medusa

pytestmark = [pytest.mark.anyio, pytest.mark.medusa]


def name_of(store: Medusa, kind: str, id_: str) -> Any:
    (thing,) = [thing for thing in store.api("GET", f"/admin/{kind}")[kind.replace("-", "_")] if thing["id"] == id_]
    return thing["name"]


async def test_the_defaults_are_named_and_no_id_is_shown(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    store = medusa.api("GET", "/admin/stores")["stores"][0]
    panel = await desk.panel("settings", account_id=account_id)

    assert {label: value.text for label, value in fields(panel, "Store").items()} == {
        "Name": store["name"],
        "Default currency": "EUR",
        "Default region": name_of(medusa, "regions", store["default_region_id"]),
        "Default sales channel": name_of(medusa, "sales-channels", store["default_sales_channel_id"]),
        "Default location": name_of(medusa, "stock-locations", store["default_location_id"]),
    }
    shown = repr([fields(panel, title) for title in ("Store", "Account")])
    assert not any(prefix in shown for prefix in ("reg_", "sc_", "sloc_", "store_"))


async def test_currencies_have_their_symbol_and_digits(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    path = "/admin/stores?fields=*supported_currencies,*supported_currencies.currency"
    sent = medusa.api("GET", path)["stores"][0]["supported_currencies"]
    table = await desk.table("settings", account_id, id_="currencies")

    expected = {
        (one["currency_code"].upper(), one["currency"]["symbol_native"], one["currency"]["decimal_digits"])
        for one in sent
    }
    assert {tuple(cell(row, key) for key in ("code", "symbol", "digits")) for row in table.rows} == expected
    assert {"EUR", "USD", "JPY"} == {cell(row, "code") for row in table.rows}
    assert [row.id for row in table.rows if row.cells["default"] == webos.Flag(on=True)] == ["eur"]


async def test_regions_have_countries_currency_taxes_and_payment_providers(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    sent = medusa.api("GET", "/admin/regions?fields=*payment_providers,*countries,automatic_taxes,name,currency_code")[
        "regions"
    ]
    table = await desk.table("settings", account_id, id_="regions")

    assert {row.id for row in table.rows} == {region["id"] for region in sent}
    for region in sent:
        (row,) = [row for row in table.rows if row.id == region["id"]]
        names = {country["display_name"] for country in region["countries"]}
        assert set(cell(row, "countries").split(", ")) == names
        assert (cell(row, "name"), cell(row, "currency")) == (region["name"], region["currency_code"].upper())
        assert cell(row, "taxes") == ("Automatic" if region["automatic_taxes"] else "Not automatic")
        assert cell(row, "payment") == "System default"


async def test_the_account_says_how_it_signs_in_and_offers_what_can_be_done(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    panel = await desk.panel("settings", account_id=account_id)
    account = fields(panel, "Account")

    assert account["Address"].text == medusa.url
    assert account["Signs in with"].text == "Email and password"
    assert account["Since"].at.tzinfo is not None
    assert [action.id for action in panel.actions] == ["account.rename", "account.reconnect", "account.remove"]
    assert {action.account_id for action in panel.actions} == {account_id}
    assert medusa.password not in repr(panel)


async def test_after_a_new_name_or_sign_in_the_settings_are_among_what_is_shown_anew(
    desk: Desk, medusa: Medusa
) -> None:
    account_id = await desk.connect(medusa)
    renamed = await desk.action("account.rename", {"label": "Harbour 港"}, account_id=account_id)
    signed_in = await desk.action("account.reconnect", {"secret_key": medusa.secret_key}, account_id=account_id)
    panel = await desk.panel("settings", account_id=account_id)

    assert "settings" in {*renamed.refresh} & {*signed_in.refresh}
    assert panel.subtitle == "Harbour 港"
    assert fields(panel, "Account")["Signs in with"].text == "Secret API key"


async def test_what_hardly_changes_is_remembered(desk: Desk, medusa: Medusa) -> None:
    account_id = await desk.connect(medusa)
    first = await desk.panel("settings", account_id=account_id)
    second = await desk.panel("settings", account_id=account_id)
    anew = await desk.panel("settings", account_id=account_id, fresh=True)

    sources = [panel.freshness.source for panel in (first, second, anew)]
    assert sources == ["cache", "cache", "live"]  # the store told some of it when it was connected
    assert first.body == second.body
