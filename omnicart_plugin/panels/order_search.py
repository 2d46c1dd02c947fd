"""Finding orders as people name them: ``#12``, ``12`` or ``Order #12``, ``order_…``, an email or a part of it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.panels.visit import StoreVisit

ALL = "all"
"""The status filter that leaves no order out; an empty one leaves the archived ones out."""
_NUMBER = re.compile(r"(?:order\s*)?#?\s*(\d{1,9})", re.IGNORECASE)


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
    """The order of this number first, then whatever else holds its digits."""
    offset, limit = visit.request.offset, visit.request.limit
    begun = visit.begin(_by_number(number, 0))
    page = await visit.ask(_window(visit, number, offset))
    found = await exact(visit, number, await begun(), lambda offset: _by_number(number, offset))
    first = found if found and _passes(visit, found) else None
    hidden = first is not None and first.status == "archived" and not visit.request.filters.get("status")
    total = (page.count or 0) + hidden
    if 0 < total <= offset:
        offset = (total - 1) // limit * limit
        page = await visit.ask(_window(visit, number, offset))
    rest = [order for order in page.orders if order.display_id != number]
    if offset == 0:
        return Found([first, *rest][:limit] if first else rest, total, offset)
    if len(rest) == len(page.orders):
        rest = rest[:limit] if first and (hidden or _comes_later(visit, number, rest)) else rest[1:]
    return Found(rest, total, offset)


async def exact(
    visit: StoreVisit, number: int, page: wire.Orders, question: Callable[[int], Get[wire.Orders]]
) -> wire.Order | None:
    """The order of this number among those that hold its digits, which ``question`` asks for by number from an offset.

    ``page`` is the first of them. The store's search knows no exact number, and in a town whose postcode has the same
    digits many smaller numbers come first: then the rest is halved until it is found.
    """
    low, high, offset = 0, page.count or 0, 0
    while page.orders:
        numbers = [order.display_id or 0 for order in page.orders]
        if number in numbers:
            return page.orders[numbers.index(number)]
        low, high = (offset + len(numbers), high) if number > numbers[-1] else (low, offset)
        if low >= high or numbers[0] < number < numbers[-1]:
            break
        offset = (low + high) // 2
        page = await visit.ask(question(offset))
    return None


def _by_number(number: int, offset: int) -> Get[wire.Orders]:
    return queries.orders(str(number), sort="display_id", offset=offset)


def _window(visit: StoreVisit, number: int, offset: int) -> Get[wire.Orders]:
    """From the second page on it begins one row early, as a row from further down may have been moved to the top."""
    return _question(visit, str(number), max(offset - 1, 0), visit.request.limit + bool(offset))


def _comes_later(visit: StoreVisit, number: int, orders: Sequence[wire.Order]) -> bool:
    """Whether the order of this number stands behind these; numbers and dates sort alike."""
    backwards = (visit.request.sort or "-").startswith("-")
    return any((number > (order.display_id or 0)) != backwards for order in orders[:1])


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
