"""What goes into an order, and what that comes to."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import NamedTuple

from omnicart_plugin.demo.catalogue import Catalogue
from omnicart_plugin.demo.identity import new_id
from omnicart_plugin.demo.shop import SHIPPING
from omnicart_plugin.medusa import wire


class Terms(NamedTuple):
    """``tax`` and ``discount`` are rates; shipping is taxed like the goods and never discounted."""

    currency: str
    tax: Decimal
    discount: Decimal
    shipping: Decimal


class Basket(NamedTuple):
    items: tuple[wire.LineItem, ...]
    terms: Terms
    subtotal: Decimal
    discount: Decimal

    @property
    def tax(self) -> Decimal:
        return (self.subtotal - self.discount + self.terms.shipping) * self.terms.tax

    @property
    def total(self) -> Decimal:
        return self.subtotal - self.discount + self.terms.shipping + self.tax


def terms(currency: str, tax: Decimal, discount: Decimal) -> Terms:
    return Terms(currency, tax, discount, SHIPPING[currency])


def fill(rnd: Random, key: object, stock: Catalogue, agreed: Terms, *, lines: int, most: int) -> Basket:
    """``lines`` different products, up to `most` of each."""
    on_sale = [p for p in stock.products if p.status == "published"]
    chosen = rnd.sample(on_sale, lines)
    items, discount = [], Decimal(0)
    for place, product in enumerate(chosen):
        variant = rnd.choice(stock.variants[product.id])
        item, less = _line(new_id("ordli", key, place), product, variant, agreed, Decimal(rnd.randint(1, most)))
        items.append(item)
        discount += less
    return Basket(tuple(items), agreed, sum((item.subtotal or Decimal(0) for item in items), Decimal(0)), discount)


def with_service(basket: Basket, key: object, title: str, price: Decimal) -> Basket:
    """Add a line that is no product."""
    line = wire.LineItem(
        id=new_id("ordli", key, title),
        title=title,
        quantity=Decimal(1),
        unit_price=price,
        subtotal=price,
    )
    return basket._replace(items=(*basket.items, line), subtotal=basket.subtotal + price)


def _line(
    line_id: str, product: wire.Product, variant: wire.Variant, agreed: Terms, quantity: Decimal
) -> tuple[wire.LineItem, Decimal]:
    """With what is taken off."""
    unit = next(_plain_prices(variant, agreed.currency))
    subtotal = unit * quantity
    less = (subtotal * agreed.discount).quantize(Decimal("0.01"))
    line = wire.LineItem(
        id=line_id,
        title=product.title,
        subtitle=variant.title,
        thumbnail=product.thumbnail,
        product_id=product.id,
        variant_title=variant.title,
        variant_sku=variant.sku,
        quantity=quantity,
        unit_price=unit,
        subtotal=subtotal,
    )
    return line, less


def _plain_prices(variant: wire.Variant, currency: str) -> Iterator[Decimal]:
    return (
        p.amount for p in variant.prices if p.currency_code == currency and p.amount is not None and not p.min_quantity
    )
