"""What Medusa sends: only the fields that are read.

Everything but an id, and the list or thing that an answer is about, may be missing. Money is in major units (12.5 is
twelve and a half) and exact; None where the store did not send it, never a made-up zero. Times are aware.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec

Money = Decimal | None
Moment = Annotated[datetime, msgspec.Meta(tz=True)] | None


class Wire(msgspec.Struct, frozen=True):
    """A part of an answer."""


class Address(Wire, frozen=True, kw_only=True):
    """Of an order or of a customer."""

    id: str = ""
    address_name: str | None = None
    company: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    address_1: str | None = None
    address_2: str | None = None
    postal_code: str | None = None
    city: str | None = None
    province: str | None = None
    country_code: str | None = None
    phone: str | None = None
    is_default_shipping: bool = False
    is_default_billing: bool = False


class Customer(Wire, frozen=True, kw_only=True):
    id: str
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company_name: str | None = None
    phone: str | None = None
    has_account: bool = False
    created_at: Moment = None
    addresses: tuple[Address, ...] = ()


class StockLocation(Wire, frozen=True, kw_only=True):
    id: str
    name: str = ""


class SalesChannel(Wire, frozen=True, kw_only=True):
    """``stock_locations`` are those that it sells from."""

    id: str
    name: str = ""
    stock_locations: tuple[StockLocation, ...] = ()


class Country(Wire, frozen=True, kw_only=True):
    iso_2: str
    display_name: str = ""


class PaymentProvider(Wire, frozen=True, kw_only=True):
    id: str


class Region(Wire, frozen=True, kw_only=True):
    id: str
    name: str = ""
    currency_code: str = ""
    automatic_taxes: bool = False
    countries: tuple[Country, ...] = ()
    payment_providers: tuple[PaymentProvider, ...] = ()


class LineItem(Wire, frozen=True, kw_only=True):
    """``subtotal`` is before tax and discount."""

    id: str
    title: str = ""
    subtitle: str | None = None
    thumbnail: str | None = None
    product_id: str | None = None
    variant_title: str | None = None
    variant_sku: str | None = None
    quantity: Money = None
    unit_price: Money = None
    subtotal: Money = None


class Summary(Wire, frozen=True, kw_only=True):
    paid_total: Money = None
    refunded_total: Money = None


class Capture(Wire, frozen=True, kw_only=True):
    id: str
    amount: Money = None
    created_at: Moment = None


class Refund(Wire, frozen=True, kw_only=True):
    id: str
    amount: Money = None
    note: str | None = None
    created_at: Moment = None


class Payment(Wire, frozen=True, kw_only=True):
    id: str
    amount: Money = None
    currency_code: str = ""
    provider_id: str | None = None
    created_at: Moment = None
    updated_at: Moment = None
    captured_at: Moment = None
    canceled_at: Moment = None
    captures: tuple[Capture, ...] = ()
    refunds: tuple[Refund, ...] = ()


class PaymentCollection(Wire, frozen=True, kw_only=True):
    id: str
    status: str = ""
    payments: tuple[Payment, ...] = ()


class Label(Wire, frozen=True, kw_only=True):
    tracking_number: str | None = None


class Fulfillment(Wire, frozen=True, kw_only=True):
    id: str
    created_at: Moment = None
    packed_at: Moment = None
    shipped_at: Moment = None
    delivered_at: Moment = None
    canceled_at: Moment = None
    labels: tuple[Label, ...] = ()


class ChangeAction(Wire, frozen=True, kw_only=True):
    action: str
    details: dict[str, Any] | None = None


class OrderChange(Wire, frozen=True, kw_only=True):
    id: str
    change_type: str | None = None
    status: str = ""
    created_at: Moment = None
    actions: tuple[ChangeAction, ...] = ()


class ShippingMethod(Wire, frozen=True, kw_only=True):
    """What the customer chose, by the name that it had then."""

    name: str = ""


class Order(Wire, frozen=True, kw_only=True):
    """An order or a draft.

    ``item_subtotal + shipping_subtotal - discount_subtotal + tax_total - credit_line_total`` is ``total``.
    """

    id: str
    display_id: int | None = None
    status: str = ""
    payment_status: str = ""
    fulfillment_status: str = ""
    email: str | None = None
    currency_code: str = ""
    created_at: Moment = None
    updated_at: Moment = None
    canceled_at: Moment = None
    metadata: dict[str, Any] | None = None
    item_subtotal: Money = None
    shipping_subtotal: Money = None
    discount_subtotal: Money = None
    tax_total: Money = None
    credit_line_total: Money = None
    total: Money = None
    summary: Summary | None = None
    items: tuple[LineItem, ...] = ()
    payment_collections: tuple[PaymentCollection, ...] = ()
    fulfillments: tuple[Fulfillment, ...] = ()
    shipping_methods: tuple[ShippingMethod, ...] = ()
    shipping_address: Address | None = None
    billing_address: Address | None = None
    customer: Customer | None = None
    sales_channel: SalesChannel | None = None
    region: Region | None = None


class Buyer(Wire, frozen=True, kw_only=True):
    """A customer as no more than who made these orders."""

    orders: tuple[Order, ...] = ()


class Collection(Wire, frozen=True, kw_only=True):
    """``products`` hold their ids alone, to be counted."""

    id: str
    title: str = ""
    handle: str | None = None
    created_at: Moment = None
    products: tuple["Product", ...] = ()


class OptionValue(Wire, frozen=True, kw_only=True):
    value: str


class ProductOption(Wire, frozen=True, kw_only=True):
    title: str
    values: tuple[OptionValue, ...] = ()


class Image(Wire, frozen=True, kw_only=True):
    url: str


class Product(Wire, frozen=True, kw_only=True):
    id: str
    title: str = ""
    subtitle: str | None = None
    handle: str | None = None
    status: str = ""
    description: str | None = None
    thumbnail: str | None = None
    created_at: Moment = None
    updated_at: Moment = None
    collection: Collection | None = None
    options: tuple[ProductOption, ...] = ()
    images: tuple[Image, ...] = ()


class Price(Wire, frozen=True, kw_only=True):
    """The plain price of a currency has neither rules nor quantities."""

    currency_code: str
    amount: Money = None
    min_quantity: Money = None
    max_quantity: Money = None
    rules: dict[str, Any] = {}


class InventoryItem(Wire, frozen=True, kw_only=True):
    stocked_quantity: Money | msgspec.UnsetType = msgspec.UNSET
    reserved_quantity: Money = None


class VariantInventoryItem(Wire, frozen=True, kw_only=True):
    """A part of a variant: how much one takes of it, and what there is in all locations, None where it has none."""

    required_quantity: Money = None
    inventory: InventoryItem | None = None


class Variant(Wire, frozen=True, kw_only=True):
    id: str
    title: str = ""
    sku: str | None = None
    manage_inventory: bool = False
    inventory_items: tuple[VariantInventoryItem, ...] = ()
    prices: tuple[Price, ...] = ()


class Currency(Wire, frozen=True, kw_only=True):
    code: str
    name: str = ""
    symbol: str = ""
    symbol_native: str = ""
    decimal_digits: int | None = None


class SupportedCurrency(Wire, frozen=True, kw_only=True):
    currency_code: str
    is_default: bool = False
    currency: Currency | None = None


class Store(Wire, frozen=True, kw_only=True):
    id: str
    name: str | None = None
    default_region_id: str | None = None
    default_sales_channel_id: str | None = None
    default_location_id: str | None = None
    supported_currencies: tuple[SupportedCurrency, ...] = ()


# Answers: pages of a list, and single things


class Page(Wire, frozen=True, kw_only=True):
    """``count`` is that of the whole list."""

    count: int | None = None


class Count(Wire, frozen=True, kw_only=True):
    count: int


class Orders(Page, frozen=True, kw_only=True):
    orders: tuple[Order, ...]


class OneOrder(Wire, frozen=True, kw_only=True):
    order: Order


class OrderChanges(Wire, frozen=True, kw_only=True):
    order_changes: tuple[OrderChange, ...]


class DraftOrders(Page, frozen=True, kw_only=True):
    draft_orders: tuple[Order, ...]


class OneDraftOrder(Wire, frozen=True, kw_only=True):
    draft_order: Order


class Products(Page, frozen=True, kw_only=True):
    products: tuple[Product, ...]


class OneProduct(Wire, frozen=True, kw_only=True):
    product: Product


class Variants(Page, frozen=True, kw_only=True):
    variants: tuple[Variant, ...]


class Collections(Page, frozen=True, kw_only=True):
    collections: tuple[Collection, ...]


class OneCollection(Wire, frozen=True, kw_only=True):
    collection: Collection


class Customers(Page, frozen=True, kw_only=True):
    customers: tuple[Customer, ...]


class OneCustomer(Wire, frozen=True, kw_only=True):
    customer: Customer


class OneBuyer(Wire, frozen=True, kw_only=True):
    customer: Buyer


class Payments(Page, frozen=True, kw_only=True):
    payments: tuple[Payment, ...]


class Stores(Wire, frozen=True, kw_only=True):
    stores: tuple[Store, ...]


class Regions(Page, frozen=True, kw_only=True):
    regions: tuple[Region, ...]


class SalesChannels(Page, frozen=True, kw_only=True):
    sales_channels: tuple[SalesChannel, ...]


class StockLocations(Page, frozen=True, kw_only=True):
    stock_locations: tuple[StockLocation, ...]


class Deleted(Wire, frozen=True, kw_only=True):
    id: str
    deleted: bool = False
