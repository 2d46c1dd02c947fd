"""Finding orders as people name them: ``#12`` or ``12``, ``order_…``, an email or a part of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.panels.visit import StoreVisit

ALL = "all"
"""The status filter that leaves no order out; an empty one leaves the archived ones out."""
_NUMBER = re.compile(r"#?\s*(\d{1,9})")


@dataclass(frozen=True)
class Found:
    orders: Sequence[wire.Order]
    total: int | None
    offset: int


async def find(visit: StoreVisit) -> Found:
    """A page of what was searched for. Archived orders are left out unless they are asked for, by filter or by name."""
    typed = visit.request.search
    if typed.startswith("order_"):
        page = await visit.ask(queries.orders(ids=[typed]))
        return Found(page.orders, len(page.orders), 0)
    number = _NUMBER.fullmatch(typed)
    if number:
        return await _numbered(visit, int(number[1]))
    page, offset = await visit.page(lambda offset: _question(visit, typed, offset, visit.request.limit))
    return Found(page.orders, page.count, offset)


async def _numbered(visit: StoreVisit, number: int) -> Found:
    """The order of this number first, then whatever else holds its digits.

    The store's search knows no exact number. Sorted by number, at most as many hits as there are smaller numbers come
    before the one that is meant, and in practice few: those with the same digits in an address or email.
    """
    offset, limit = visit.request.offset, visit.request.limit
    # From the second page on the window begins one row early, as the first row was moved to the top.
    window = _question(visit, str(number), max(offset - 1, 0), limit + bool(offset))
    begun = visit.begin(queries.orders(str(number), sort="display_id"))
    page, exact = await visit.ask(window), await begun()
    first = [order for order in exact.orders if order.display_id == number and _passes(visit, order)]
    rest = [order for order in page.orders if order.display_id != number]
    hidden = [order for order in first if order.status == "archived" and not visit.request.filters.get("status")]
    orders = [*first, *rest][:limit] if offset == 0 else rest
    return Found(orders, (page.count or 0) + len(hidden), offset)


def _passes(visit: StoreVisit, order: wire.Order) -> bool:
    return visit.request.filters.get("status", "") in {"", ALL, order.status}


def _question(visit: StoreVisit, q: str, offset: int, limit: int) -> Get[wire.Orders]:
    status = visit.request.filters.get("status", "")
    return queries.orders(
        q,
        status=[] if status in {"", ALL} else [status],
        not_status="" if status else "archived",
        sort=visit.request.sort or "-created_at",
        offset=offset,
        limit=limit,
    )
