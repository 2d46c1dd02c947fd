"""The harness itself: what it forbids, and the stores it gives."""

import socket
from decimal import Decimal

import anyio
import pytest

from tests.medusa_lab import Medusa


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "169.254.169.254", "::ffff:8.8.8.8"])
def test_an_address_that_is_not_loopback_is_not_reached(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as plain, pytest.raises(OSError, match="loopback only"):
        plain.connect((address, 80))


@pytest.mark.anyio
async def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(OSError, match="resolve no names"):
        await anyio.connect_tcp("shop.example.com", 443)


def test_loopback_is_reached_by_name_and_by_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        for host in ("localhost", "127.0.0.1"):
            socket.create_connection((host, server.getsockname()[1])).close()


@pytest.mark.medusa
def test_the_seeded_store_has_sixty_orders_in_every_state(medusa: Medusa) -> None:
    orders = medusa.api("GET", "/admin/orders?limit=100")["orders"]
    assert len(orders) == 60
    assert {order["status"] for order in orders} == {"pending", "completed", "canceled", "archived"}
    paid = {order["payment_status"] for order in orders}
    sent = {order["fulfillment_status"] for order in orders}
    assert paid >= {"authorized", "captured", "partially_captured", "partially_refunded", "refunded", "canceled"}
    assert sent == {"not_fulfilled", "partially_fulfilled", "fulfilled", "shipped", "delivered", "canceled"}


@pytest.mark.medusa
def test_the_seeded_store_has_products_of_every_kind(medusa: Medusa) -> None:
    fields = "id,title,status,thumbnail,collection_id,variants.manage_inventory"
    products = medusa.api("GET", f"/admin/products?limit=100&fields={fields}")["products"]
    titles = [product["title"] for product in products]
    sizes = sorted(len(product["variants"]) for product in products)
    assert len(products) == 34
    assert {product["status"] for product in products} == {"published", "draft", "proposed", "rejected"}
    assert "<script>alert(1)</script>" in titles
    assert max(map(len, titles)) == 300
    assert (sizes[0], sizes[-1]) == (0, 130)
    for absent in ("thumbnail", "collection_id"):
        assert {bool(product[absent]) for product in products} == {True, False}
    assert {variant["manage_inventory"] for product in products for variant in product["variants"]} == {True, False}


@pytest.mark.medusa
def test_the_seeded_store_has_people_drafts_and_regions(medusa: Medusa) -> None:
    customers = medusa.api("GET", "/admin/customers?limit=100&fields=id,first_name,has_account,*addresses")["customers"]
    assert len(customers) == 30
    assert {customer["has_account"] for customer in customers} == {True, False}
    assert {len(customer["addresses"]) for customer in customers} == {0, 1, 2}
    assert any(customer["first_name"] is None for customer in customers)
    assert medusa.api("GET", "/admin/draft-orders?limit=0")["count"] == 6
    assert medusa.api("GET", "/admin/collections?limit=0")["count"] == 4
    regions = medusa.api("GET", "/admin/regions")["regions"]
    assert {region["currency_code"] for region in regions} == {"eur", "usd", "jpy"}


@pytest.mark.medusa
def test_amounts_arrive_as_decimals(medusa: Medusa) -> None:
    orders = medusa.api("GET", "/admin/orders?limit=100")["orders"]
    assert Decimal("258.4375") in {item["unit_price"] for order in orders for item in order["items"]}


@pytest.mark.medusa
@pytest.mark.parametrize("_turn", [1, 2])
def test_a_fresh_store_knows_nothing_of_the_test_before(fresh_medusa: Medusa, _turn: int) -> None:
    before = fresh_medusa.api("GET", "/admin/collections")["count"]
    fresh_medusa.api("POST", "/admin/collections", {"title": "Made by a test"})
    assert before == 4


@pytest.mark.medusa
def test_tokens_can_be_short(short_token_medusa: Medusa) -> None:
    answer = short_token_medusa.api(
        "POST", "/auth/user/emailpass", {"email": short_token_medusa.email, "password": short_token_medusa.password}
    )
    assert answer["token"]
