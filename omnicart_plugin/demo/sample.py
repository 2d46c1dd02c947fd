"""All that the sample store holds on a day."""

from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from omnicart_plugin.demo.catalogue import Catalogue, catalogue
from omnicart_plugin.demo.people import people
from omnicart_plugin.demo.trade import Trade, trade
from omnicart_plugin.medusa import wire


class Sample(NamedTuple):
    stock: Catalogue
    trade: Trade
    customers: tuple[wire.Customer, ...]


@lru_cache(maxsize=2)
def sample(today: date) -> Sample:
    """Made once for all that look at it; the day before stays for answers that are on their way."""
    stock, everyone = catalogue(today), people(today)
    done = trade(today, stock, everyone)
    return Sample(stock, done, tuple(_customers([person.customer for person in everyone], done)))


def _customers(known: list[wire.Customer], done: Trade) -> list[wire.Customer]:
    """A guest became known to the store by the first order."""
    first: dict[str, datetime] = {}
    for order in (*done.orders, *done.drafts):
        if order.customer and order.created_at:
            first[order.customer.id] = min(order.created_at, first.get(order.customer.id, order.created_at))
    return [
        customer if customer.has_account else replace(customer, created_at=first[customer.id])
        for customer in known
        if customer.has_account or customer.id in first
    ]
