"""The store itself: currencies, regions, taxes, a warehouse and one way to ship."""

from dataclasses import dataclass

from tests.medusa_lab.api import Api

COUNTRIES = {"eur": ["de", "fr", "dk", "gb"], "usd": ["us", "ca"], "jpy": ["jp"]}
_REGIONS = {"eur": "Europe", "usd": "North America", "jpy": "Japan"}
_TAXES = {"de": 19, "dk": 25, "us": 0, "jp": 10}
_SHIPPING = {"eur": 4.9, "usd": 6, "jpy": 800}


@dataclass(frozen=True)
class Shop:
    """The ids that everything else refers to. `regions` are by currency."""

    admin: Api
    front: Api
    channel: str
    location: str
    profile: str
    shipping: str
    regions: dict[str, str]


def open_shop(admin: Api, front: Api) -> Shop:
    store = admin("GET", "/admin/stores")["stores"][0]
    channel: str = store["default_sales_channel_id"]
    currencies = [{"currency_code": code, "is_default": code == "eur"} for code in _REGIONS]
    admin("POST", f"/admin/stores/{store['id']}", {"name": "Harbour Goods", "supported_currencies": currencies})
    regions = {code: _region(admin, code) for code in _REGIONS}
    location = _warehouse(admin, channel)
    defaults = {"default_location_id": location, "default_region_id": regions["eur"]}
    admin("POST", f"/admin/stores/{store['id']}", defaults)
    profile = _profile(admin)
    front.headers = {"x-publishable-api-key": _publishable_key(admin, channel)}
    return Shop(admin, front, channel, location, profile, _shipping(admin, location, profile), regions)


def _region(admin: Api, code: str) -> str:
    countries = COUNTRIES[code]
    for country in countries:
        if country in _TAXES:
            rate = {"rate": _TAXES[country], "name": f"{country.upper()} VAT", "code": f"{country}-vat"}
            tax = {"country_code": country, "provider_id": "tp_system", "default_tax_rate": rate}
            admin("POST", "/admin/tax-regions", tax)
    providers = ["pp_system_default"]
    body = {"name": _REGIONS[code], "currency_code": code, "countries": countries, "payment_providers": providers}
    region: str = admin("POST", "/admin/regions", body)["region"]["id"]
    return region


def _warehouse(admin: Api, channel: str) -> str:
    address = {"address_1": "Quay 1", "city": "Hamburg", "country_code": "de"}
    place = admin("POST", "/admin/stock-locations", {"name": "Main warehouse", "address": address})
    location: str = place["stock_location"]["id"]
    admin("POST", f"/admin/stock-locations/{location}/fulfillment-providers", {"add": ["manual_manual"]})
    admin("POST", f"/admin/stock-locations/{location}/sales-channels", {"add": [channel]})
    return location


def _profile(admin: Api) -> str:
    known = admin("GET", "/admin/shipping-profiles")["shipping_profiles"]
    if known:
        usual: str = known[0]["id"]
        return usual
    made = admin("POST", "/admin/shipping-profiles", {"name": "Default", "type": "default"})
    profile: str = made["shipping_profile"]["id"]
    return profile


def _shipping(admin: Api, location: str, profile: str) -> str:
    place = f"/admin/stock-locations/{location}"
    admin("POST", f"{place}/fulfillment-sets", {"name": "Parcels", "type": "shipping"})
    parcels = admin("GET", f"{place}?fields=*fulfillment_sets")["stock_location"]["fulfillment_sets"][0]["id"]
    world = [{"type": "country", "country_code": country} for codes in COUNTRIES.values() for country in codes]
    zones = admin("POST", f"/admin/fulfillment-sets/{parcels}/service-zones", {"name": "World", "geo_zones": world})
    option = {
        "name": "Standard",
        "service_zone_id": zones["fulfillment_set"]["service_zones"][0]["id"],
        "shipping_profile_id": profile,
        "provider_id": "manual_manual",
        "price_type": "flat",
        "type": {"label": "Standard", "description": "2 to 3 days", "code": "standard"},
        "prices": [{"currency_code": code, "amount": amount} for code, amount in _SHIPPING.items()],
        "rules": [
            {"attribute": "enabled_in_store", "operator": "eq", "value": "true"},
            {"attribute": "is_return", "operator": "eq", "value": "false"},
        ],
    }
    shipping: str = admin("POST", "/admin/shipping-options", option)["shipping_option"]["id"]
    return shipping


def _publishable_key(admin: Api, channel: str) -> str:
    key = admin("POST", "/admin/api-keys", {"title": "Shop front", "type": "publishable"})["api_key"]
    admin("POST", f"/admin/api-keys/{key['id']}/sales-channels", {"add": [channel]})
    token: str = key["token"]
    return token
