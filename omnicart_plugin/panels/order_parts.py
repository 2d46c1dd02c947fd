"""The parts of one order or draft on the screen."""

from collections.abc import Iterator
from decimal import Decimal

from omnicart_plugin.medusa import wire
from omnicart_plugin.panels import words
from omnicart_plugin.panels.order_money import outstanding, paid, payments, taken
from omnicart_plugin.panels.timeline import cancel_reason
from omnicart_plugin.panels.visit import StoreVisit, whole_table
from omnicart_plugin.webos import Column, Empty, Fields, FieldsItem, Node, Row, Status, Table

LINE_COLUMNS = (
    Column(key="image", label=""),
    Column(key="item", label="Item"),
    Column(key="sku", label="SKU"),
    Column(key="price", label="Price", align="end"),
    Column(key="quantity", label="Quantity", align="end"),
    Column(key="amount", label="Before tax", align="end"),
)


def details(visit: StoreVisit, order: wire.Order) -> Iterator[Node]:
    """All but the timeline; a part that the order has nothing for is left out."""
    yield Fields(items=_head(order))
    yield _lines(visit, order)
    yield Fields(title="Totals", items=[*_totals(order)])
    yield from _payments(order)
    yield from _parcels(order)
    yield Fields(title="Customer", items=_customer(visit, order))
    if shipping := _shipping(order):
        yield Fields(title="Shipping", items=shipping)


def _head(order: wire.Order) -> list[FieldsItem]:
    return words.fields(
        status=words.status(order.status, words.ORDER_STATUS),
        payment=words.status(order.payment_status, words.PAYMENT_STATUS),
        fulfilment=words.fulfillment(order),
        **{"created" if order.status == "draft" else "placed": words.time(order.created_at)},
        sales_channel=words.text(order.sales_channel.name if order.sales_channel else None),
        region=words.text(order.region.name if order.region else None),
        reason_for_cancelling=words.text(cancel_reason(order)),
    )


def _lines(visit: StoreVisit, order: wire.Order) -> Table:
    rows = [
        Row(
            id=line.id,
            link=visit.link("product", line.product_id) if line.product_id else None,
            cells={
                "image": words.image(line.thumbnail, line.title),
                "item": words.text(
                    " · ".join(part for part in (line.title, line.subtitle or line.variant_title) if part)
                ),
                "sku": words.text(line.variant_sku),
                "price": words.money(line.unit_price, order.currency_code),
                "quantity": words.quantity(line.quantity),
                "amount": words.money(line.subtotal, order.currency_code),
            },
        )
        for line in order.items
    ]
    empty = Empty(title="No items", text="Nothing was ordered.")
    return whole_table("lines", LINE_COLUMNS, rows, empty)


def _totals(order: wire.Order) -> Iterator[FieldsItem]:
    """Rows that add up to the total; tax stands in a row of its own, and in no other."""
    summands = {
        "Items": order.item_subtotal,
        "Shipping": order.shipping_subtotal,
        "Discount": _negative(order.discount_subtotal),
        "Tax": order.tax_total,
        "Refunded or credited": _negative(order.credit_line_total),
    }
    for label, amount in summands.items():
        if amount or label in {"Items", "Shipping", "Tax"}:
            yield FieldsItem(label=label, value=words.money(amount, order.currency_code))
    yield FieldsItem(label="Total", value=words.money(order.total, order.currency_code))
    if order.payment_collections:
        yield FieldsItem(label="Paid", value=words.money(paid(order), order.currency_code))
    if owed := outstanding(order):
        label = "Outstanding" if owed > 0 else "Paid too much"
        yield FieldsItem(label=label, value=words.money(abs(owed), order.currency_code))


def _payments(order: wire.Order) -> Iterator[Node]:
    rows = [
        row
        for payment in payments(order)
        for row in _payment_rows(payment, payment.currency_code or order.currency_code)
    ]
    if rows:
        columns = [
            Column(key="what", label="Payment"),
            Column(key="state", label="Status"),
            Column(key="at", label="Date"),
            Column(key="amount", label="Amount", align="end"),
        ]
        yield Table(id="payments", columns=columns, rows=rows, total=len(rows), limit=len(rows))


def _payment_rows(payment: wire.Payment, currency: str) -> Iterator[Row]:
    yield Row(
        id=payment.id,
        cells={
            "what": words.text(words.provider(payment.provider_id or "") or "Payment"),
            "state": _payment_state(payment),
            "at": words.time(payment.captured_at or payment.created_at),
            "amount": words.money(payment.amount, currency),
        },
    )
    for refund in payment.refunds:
        yield Row(
            id=refund.id,
            cells={
                "what": words.text(f"Refund: {refund.note}" if refund.note else "Refund"),
                "state": Status(code="refunded", label="Refunded"),
                "at": words.time(refund.created_at),
                "amount": words.money(_negative(refund.amount), currency),
            },
        )


def _payment_state(payment: wire.Payment) -> Status:
    if payment.canceled_at:
        return Status(code="canceled", label="Cancelled")
    if payment.captured_at or (taken(payment) and taken(payment) >= words.known(payment.amount)):
        return Status(code="captured", label="Captured", tone="success")
    if taken(payment):
        return Status(code="partially_captured", label="Partly captured", tone="warning")
    return Status(code="authorized", label="Authorised", tone="info")


def _parcels(order: wire.Order) -> Iterator[Node]:
    for number, parcel in enumerate(order.fulfillments, 1):
        tracking = ", ".join(label.tracking_number for label in parcel.labels if label.tracking_number)
        items = words.fields(
            tracking_number=words.text(tracking),
            packed=words.time(parcel.packed_at or parcel.created_at),
            shipped=words.time(parcel.shipped_at),
            delivered=words.time(parcel.delivered_at),
            cancelled=words.time(parcel.canceled_at),
        )
        yield Fields(title=f"Fulfilment {number}", items=items)


def _customer(visit: StoreVisit, order: wire.Order) -> list[FieldsItem]:
    customer, name = order.customer, words.buyer(order)
    phone = order.shipping_address.phone if order.shipping_address else None
    return words.fields(
        name=words.ref(name, visit.link("customer", customer.id)) if customer else words.text(name),
        email=words.text(order.email),
        account=words.account_kind(customer) if customer else None,
        phone=words.text(phone),
    )


def _shipping(order: wire.Order) -> list[FieldsItem]:
    """The billing address only where it is another one."""
    place, bill = words.address(order.shipping_address), words.address(order.billing_address)
    return words.fields(
        method=words.text(", ".join(method.name for method in order.shipping_methods if method.name)),
        ship_to=words.text(place),
        bill_to=words.text(bill if bill != place else None),
    )


def _negative(amount: Decimal | None) -> Decimal | None:
    return amount.copy_negate() if amount else amount
