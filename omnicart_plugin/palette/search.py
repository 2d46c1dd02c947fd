"""Finding things in a store as people name them: a number, an id, an email, a title, a SKU.

The sources are asked side by side. One that fails yields nothing, and the answer says that it is not whole.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import anyio
import msgspec
from anyio.abc import TaskGroup

from omnicart_plugin.medusa import queries, wire
from omnicart_plugin.medusa.errors import MedusaError, NotAllowed, NotFound
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.panels.order_changes import order_actions
from omnicart_plugin.panels.order_search import exact
from omnicart_plugin.panels.visit import StoreVisit
from omnicart_plugin.panels.words import buyer, number, person
from omnicart_plugin.webos import Action, Link, PaletteItem, PaletteResults, fuzzy

MOST_OF_A_KIND = 5
TEXT_MAX = 200
_NUMBER = re.compile(r"(?:(?:order|draft)\s*)?(#?)\s*(\d{1,9})", re.ASCII | re.IGNORECASE)
_ORDER_ID = re.compile(r"order_\w{1,60}", re.ASCII)

GROUPS = {
    "order": "Orders",
    "draft-order": "Draft orders",
    "product": "Products",
    "customer": "Customers",
    "collection": "Collections",
}
"""By the panel that shows one."""
EXACT = 1.0
OF_ITS_DETAIL = 0.95
"""What a match with the detail, such as the email, counts for against one with the name."""
ELSEWHERE = 0.3
"""The store found it by something that is not shown, such as a SKU or an address."""
_IN_ONE_PIECE = 0.5
"""The score from which on the letters stand together."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the store has. ``order`` is there where its actions are to be offered."""

    panel: str
    id: str
    name: str
    detail: str = ""
    order: wire.Order | None = None


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """How the store's lists are asked for it, and how one of its rows is called."""

    panel: str
    list: Callable[[str], Get[Any]]
    rows: str
    found: Callable[[Any], tuple[str, str]]
    """Name and detail of a row of the list, or of a hit of the search, which has the same fields."""


KINDS: Mapping[str, Kind] = {
    "order": Kind(
        panel="order",
        list=lambda q: queries.order_summaries(q, limit=MOST_OF_A_KIND),
        rows="orders",
        found=lambda order: (f"Order {number(order)}", order.email or ""),
    ),
    "product": Kind(
        panel="product",
        list=lambda q: queries.products(q, limit=MOST_OF_A_KIND),
        rows="products",
        found=lambda product: (product.title or "Untitled product", ""),
    ),
    "customer": Kind(
        panel="customer",
        list=lambda q: queries.customers(q, limit=MOST_OF_A_KIND),
        rows="customers",
        found=lambda customer: _named(person(customer.first_name, customer.last_name), customer.email or ""),
    ),
    "product_collection": Kind(
        panel="collection",
        list=lambda q: queries.collection_titles(q, limit=MOST_OF_A_KIND),
        rows="collections",
        found=lambda collection: (collection.title or "Untitled collection", ""),
    ),
}
"""By the store's word for it."""


async def search(visit: StoreVisit, typed: str, limit: int) -> PaletteResults:
    """What the store has for it, the best first."""
    asking = _Search(visit, _plain(typed))
    await asking.run()
    icons = {panel.id: panel.icon for panel in visit.manifest.panels}
    kinds = [*GROUPS]
    # Each kind comes from one source alone, so what comes first does not depend on who is faster.
    ranked = sorted(asking.found, key=lambda found: kinds.index(found.panel))
    items = [item for found in ranked for item in _items(visit, asking.text, found, icons[found.panel])]
    items.sort(key=lambda item: -item.score)
    return PaletteResults(items=items[: max(1, limit)], partial=asking.partial)


def _plain(typed: str) -> str:
    """What a store can be asked for: it knows no NUL, and ``# 12`` is ``#12``."""
    text = typed.replace("\0", "").strip()[:TEXT_MAX]
    numbered = _NUMBER.fullmatch(text)
    return numbered[1] + numbered[2] if numbered else text


class _Search:
    """One text, asked of all sources at once."""

    def __init__(self, visit: StoreVisit, text: str) -> None:
        self.text = text
        self.found: list[Found] = []
        self.partial = False
        self._visit = visit
        self._tasks: TaskGroup

    async def run(self) -> None:
        async with anyio.create_task_group() as self._tasks:
            for source in self._sources() if self.text else ():
                self._tasks.start_soon(self._take, source)

    async def _take(self, source: Awaitable[Iterable[Found]]) -> None:
        try:
            self.found.extend(await source)
        except MedusaError:
            self.partial = True

    def _sources(self) -> Iterator[Awaitable[Iterable[Found]]]:
        """An exact number is told by the list of orders alone, so the search is not asked for orders then.

        The slowest is sent first: a store computes for the drafts while its database looks through the orders.
        """
        if _ORDER_ID.fullmatch(self.text):
            yield self._by_id()
            return
        number = _NUMBER.fullmatch(self.text)
        if number:
            yield self._numbered(number[2], alone=bool(number[1]))
        if not (number and number[1]):
            yield self._everything([kind for kind in KINDS if not (number and kind == "order")])
            yield self._drafts(self.text)

    async def _by_id(self) -> Iterable[Found]:
        """A draft is an order to its id."""
        try:
            order = (await self._visit.ask(queries.order_summary(self.text))).order
        except NotFound:
            return ()
        return [_draft(order) if order.status == "draft" else _exact(order)]

    async def _numbered(self, digits: str, *, alone: bool) -> Iterable[Found]:
        """``alone``: a number and nothing else is meant. Orders and drafts share one count, so one of them has it."""

        def question(offset: int) -> Get[wire.Orders]:
            return queries.order_summaries(digits, sort="display_id", offset=offset)

        page = await self._visit.ask(question(0))
        meant = await exact(self._visit, int(digits), page, question)
        others = [order for order in page.orders if order.display_id != int(digits)]
        if alone and not meant:
            self._tasks.start_soon(self._take, self._drafts(digits))
        first = [_exact(meant)] if meant else []
        return [*first, *(_of_kind("order", order) for order in others[:MOST_OF_A_KIND])]

    async def _drafts(self, text: str) -> Iterable[Found]:
        asked = await self._visit.ask(queries.draft_summaries(text, limit=MOST_OF_A_KIND))
        return [_draft(draft) for draft in asked.draft_orders]

    async def _everything(self, kinds: Sequence[str]) -> Iterable[Found]:
        """In one request where the store can. An older one cannot, and its lists are asked instead."""
        if self._visit.store.searches:
            try:
                answer = await self._visit.ask(queries.search(self.text, kinds, limit=MOST_OF_A_KIND))
                return [
                    _of_kind(hits.entity, hit) for hits in answer.results if hits.entity in kinds for hit in hits.data
                ]
            except (NotFound, NotAllowed):
                self._visit.store.searches = False
        for kind in kinds:
            self._tasks.start_soon(self._take, self._listed(kind))
        return ()

    async def _listed(self, kind: str) -> Iterable[Found]:
        asked = await self._visit.ask(KINDS[kind].list(self.text))
        return [_of_kind(kind, row) for row in getattr(asked, KINDS[kind].rows)]


def _of_kind(kind: str, row: Any) -> Found:
    name, detail = KINDS[kind].found(row)
    return Found(panel=KINDS[kind].panel, id=row.id, name=name, detail=detail)


def _exact(order: wire.Order) -> Found:
    return Found(panel="order", id=order.id, name=f"Order {number(order)}", detail=buyer(order), order=order)


def _draft(order: wire.Order) -> Found:
    return Found(panel="draft-order", id=order.id, name=f"Draft {number(order)}", detail=buyer(order))


def _named(name: str, email: str) -> tuple[str, str]:
    return (name, email) if name else (email or "Unnamed customer", "")


def _items(visit: StoreVisit, text: str, found: Found, icon: str) -> Iterator[PaletteItem]:
    """The thing itself, and what can be done with it now."""
    title, score, matches = _marked(text, found)
    yield PaletteItem(
        app_id=visit.manifest.app.id,
        id=f"{found.panel}:{visit.account.id}:{found.id}",
        title=title,
        subtitle=found.detail if title == found.name else "",
        icon=icon,
        group=GROUPS[found.panel],
        link=Link(panel=found.panel, item_id=found.id, account_id=visit.account.id),
        score=EXACT if found.order else score,
        matches=matches,
    )
    if found.order:
        possible = [action for action in order_actions(visit, found.order) if not action.disabled]
        for place, action in enumerate(possible, 1):
            yield _action(visit, text, action, found.order, EXACT - place / 100)


def _action(visit: StoreVisit, text: str, action: Action, order: wire.Order, score: float) -> PaletteItem:
    title = f"{action.label} {number(order)}{'…' if action.fields else ''}"
    _, _, matches = _marked(text, Found(panel="order", id=order.id, name=title))
    return PaletteItem(
        app_id=visit.manifest.app.id,
        id=f"{action.id}:{visit.account.id}:{order.id}",
        title=title,
        subtitle=buyer(order),
        icon="bolt",
        group="Actions",
        action=action,
        score=score,
        matches=matches,
    )


def _marked(text: str, found: Found) -> tuple[str, float, list[tuple[int, int]]]:
    """What to show it as: its name, and its detail where it was found by that; the score; the letters to mark."""
    of_name = fuzzy.match(text, found.name)
    if of_name and of_name.score >= _IN_ONE_PIECE:
        return found.name, of_name.score, of_name.spans
    of_detail = fuzzy.match(text, found.detail)
    if of_detail and of_detail.score >= _IN_ONE_PIECE:
        shown = f"{found.name} · "
        spans = [(start + len(shown), end + len(shown)) for start, end in of_detail.spans]
        return shown + found.detail, of_detail.score * OF_ITS_DETAIL, spans
    return found.name, ELSEWHERE, []
