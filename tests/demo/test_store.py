"""The demo is a whole shop: full, exact, and the same for all on a day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import msgspec
import pytest

from omnicart_plugin.demo.sample import Sample, sample
from omnicart_plugin.medusa import wire
from tests.demo.conftest import TODAY

DAYS = [date(2026, 11, 24) + timedelta(days=days) for days in range(7)] + [date(2024, 2, 29), date(2027, 1, 1)]
PAYMENT = "not_paid awaiting authorized partially_authorized captured partially_captured refunded partially_refunded"
PARCELS = "not_fulfilled fulfilled shipped delivered partially_fulfilled partially_shipped partially_delivered canceled"


@pytest.fixture(params=DAYS, ids=str)
def store(request: pytest.FixtureRequest) -> Sample:
    return sample(request.param)


def _sold(store: Sample) -> tuple[wire.Order, ...]:
    return (*store.trade.orders, *store.trade.drafts)


def _exact(*amounts: Decimal | None) -> Decimal:
    assert None not in amounts
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _payments(order: wire.Order) -> list[wire.Payment]:
    return [payment for group in order.payment_collections for payment in group.payments]


# What is in it


def test_it_holds_a_shop_of_some_size(store: Sample) -> None:
    assert 220 <= len(store.trade.orders) <= 290
    assert (len(store.trade.drafts), len(store.stock.products), len(store.stock.collections)) == (8, 36, 5)
    assert 60 <= len(store.customers) <= 75
    assert {order.currency_code for order in store.trade.orders} == {"eur", "usd", "jpy"}
    sizes = [len(store.stock.variants[product.id]) for product in store.stock.products]
    assert (min(sizes), max(sizes)) == (0, 48)
    assert min(len(group.products) for group in store.stock.collections) == 0


def test_every_status_that_medusa_knows_is_there(store: Sample) -> None:
    assert {order.status for order in _sold(store)} == {
        *("pending", "completed", "canceled", "archived", "requires_action", "draft")
    }
    assert {order.payment_status for order in store.trade.orders} == {*PAYMENT.split(), "canceled", "requires_action"}
    assert {order.fulfillment_status for order in store.trade.orders} == {*PARCELS.split()}
    assert {product.status for product in store.stock.products} == {"published", "draft", "proposed", "rejected"}


def test_the_unusual_is_there_too(store: Sample) -> None:
    orders, variants = store.trade.orders, [v for held in store.stock.variants.values() for v in held]
    assert any(order.shipping_address is None for order in orders)
    assert any(not order.payment_collections for order in orders)
    assert any(order.metadata and order.metadata["cancel_reason"] for order in orders)
    assert any(order.discount_subtotal for order in orders)
    assert any((order.total or Decimal(0)).normalize().as_tuple().exponent == -4 for order in orders)
    assert any(refund.note for order in orders for payment in _payments(order) for refund in payment.refunds)
    assert any(label.tracking_number for order in orders for parcel in order.fulfillments for label in parcel.labels)
    assert any(not product.images for product in store.stock.products)
    assert any(item.inventory and not item.inventory.stocked_quantity for v in variants for item in v.inventory_items)
    assert any(not variant.manage_inventory for variant in variants)
    assert any(not variant.prices for variant in variants)
    assert any(customer.has_account and not customer.first_name for customer in store.customers)


def test_nothing_lies_in_the_future_or_before_its_order() -> None:
    for day in DAYS:
        begun = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
        for order in _sold(sample(day)):
            assert order.created_at is not None
            later = list(_moments({"order": order, "changes": sample(day).trade.changes[order.id]}))
            assert max(later) < begun, order.display_id
            assert min(later) == order.created_at, order.display_id


def _moments(value: Any) -> Iterator[datetime]:
    """Of the order itself, not of those that it names."""
    if isinstance(value, wire.Customer | wire.Region | wire.SalesChannel):
        return
    if isinstance(value, datetime):
        yield value
    below = msgspec.structs.asdict(value) if isinstance(value, wire.Wire) else value
    if isinstance(below, dict | tuple):
        for part in below.values() if isinstance(below, dict) else below:
            yield from _moments(part)


def test_ids_name_one_thing_each(store: Sample) -> None:
    seen: dict[str, Any] = {}
    rows: list[Any] = [*_sold(store), *store.customers, *store.stock.products, *store.stock.collections]
    for order in _sold(store):
        parts = (order.items, order.payment_collections, order.fulfillments, _payments(order))
        rows += [row for part in (*parts, store.trade.changes[order.id]) for row in part]
    rows += [variant for held in store.stock.variants.values() for variant in held]
    for row in rows:
        assert seen.setdefault(row.id, row) is row
    numbers = [order.display_id for order in _sold(store)]
    assert len(set(numbers)) == len(numbers)


def test_the_same_day_has_the_same_store_and_another_day_has_another() -> None:
    first, again, next_day = (sample.__wrapped__(day) for day in (TODAY, TODAY, TODAY + timedelta(days=1)))
    assert first == again
    assert first is not again
    assert first != next_day


def test_pictures_are_drawings_that_fetch_nothing(store: Sample) -> None:
    urls = [image.url for product in store.stock.products for image in product.images]
    assert len(set(urls)) > 60
    for url in urls:
        drawing = unquote(url.removeprefix("data:image/svg+xml,"))
        assert ET.fromstring(drawing).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own drawing
        assert "href" not in drawing


# Money


def test_totals_add_up_as_medusa_adds_them(store: Sample) -> None:
    for order in _sold(store):
        plus = _exact(order.item_subtotal, order.shipping_subtotal, order.tax_total)
        minus = _exact(order.discount_subtotal, order.credit_line_total)
        assert plus - minus == order.total
        assert _exact(*(item.subtotal for item in order.items)) == order.item_subtotal
        assert all(_exact(item.unit_price) * _exact(item.quantity) == item.subtotal for item in order.items)


def test_payments_captures_and_refunds_say_the_same_as_the_summary(store: Sample) -> None:
    for order in _sold(store):
        payments = _payments(order)
        assert order.summary is not None
        captured = _exact(*(capture.amount for payment in payments for capture in payment.captures))
        refunded = _exact(*(refund.amount for payment in payments for refund in payment.refunds))
        assert captured == order.summary.paid_total
        assert refunded == order.summary.refunded_total == order.credit_line_total


def test_payment_status_follows_from_what_was_paid(store: Sample) -> None:
    for order in store.trade.orders:
        assert order.summary is not None
        due = _exact(order.total, order.credit_line_total)
        paid, back = _exact(order.summary.paid_total), _exact(order.summary.refunded_total)
        if back:
            assert order.payment_status == ("refunded" if back == paid else "partially_refunded")
        elif paid:
            assert order.payment_status == ("captured" if paid == due else "partially_captured")
        else:
            assert "captured" not in order.payment_status
            assert "refunded" not in order.payment_status


def test_yen_have_no_fractions(store: Sample) -> None:
    amounts = [
        amount
        for order in _sold(store)
        if order.currency_code == "jpy"
        for amount in (order.total, order.tax_total, order.shipping_subtotal, *(item.subtotal for item in order.items))
    ]
    assert amounts
    assert all(amount == _exact(amount).to_integral_value() for amount in amounts)
