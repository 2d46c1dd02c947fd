"""A host in the test's own hands: one app about a library of books, with everything that a desktop must handle."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import msgspec

from omnicart_plugin import webos
from omnicart_plugin.desktop import kinds
from omnicart_plugin.webos import Action, Column, Field, Fields, FieldsItem, Filter, Link, Option, Row, Table

BOOKS = 93
NAMES = ("The Waves", "Middlemarch", "Solaris", "Kokoro", "Die Wand", "Ficciones", "<script>alert(1)</script>")
_STATES = {"in": ("On the shelf", "success"), "lent": ("Lent", "warning"), "lost": ("Lost", "danger")}


@dataclass(frozen=True)
class Tile:
    """What a launcher is told of an app."""

    id: str = "library"
    name: str = "Library"
    version: str = "1.0"
    summary: str = "Books and their readers"
    category: str = "Reading"
    icon: str = "book"
    keywords: tuple[str, ...] = ("books",)
    bundle: str = "reading"


@dataclass
class Library:
    """A host with one app. What was asked is kept for the test to look at."""

    data_dir: Path
    apps: tuple[Tile, ...] = (
        Tile(),
        Tile(id="notes", name="Notes", category="Writing", icon="draft", summary="Short texts"),
    )
    asked: list[Any] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    gone: set[str | None] = field(default_factory=set)
    label: str = "East wing"
    slow_palette: float = 0
    stale: bool = False
    _listeners: list[Any] = field(default_factory=list)

    async def launch(self, request: webos.AppLaunch) -> bytes:
        self.asked.append(request)
        if request.app_id == "notes":
            return webos.encode(
                webos.problem("bundle-required", "Not in your plan", "Settings → Billing", trace_id="abc")
            )
        if request.account_id in self.gone:
            return _gone()
        accounts = [
            webos.AccountRef(
                id="east", label=self.label, base_url="https://east.example", actions=[_RENAME, _close("the east wing")]
            ),
            webos.AccountRef(id="west", label="West wing", base_url="https://west.example:9000", status="reauth"),
            webos.AccountRef(id="toy", label="Toy library", base_url="demo:", status="demo"),
        ]
        screen = webos.Screen(
            app_id="library",
            title="Library",
            accounts=accounts,
            account_id=request.account_id or "east",
            navigation=[
                webos.NavItem(panel="today", label="Today", icon="chart"),
                webos.NavItem(panel="books", label="Books", icon="book"),
                webos.NavItem(panel="card", label="House", icon="building"),
            ],
            menu=[webos.MenuItem(label="Add a library", icon="plug", link=Link(panel="join"))],
            link=request.link or Link(panel="today"),
        )
        return webos.encode(screen)

    async def panel(self, request: webos.PanelRequest) -> bytes:
        self.asked.append(request)
        draw = {"today": _today, "books": self._books, "book": self._book, "join": _join, "kinds": _kinds}.get(
            request.panel
        )
        if request.panel == "card":
            return webos.encode(_card(request, self.label))
        if request.account_id in self.gone:
            return _gone()
        if draw is None:
            return webos.encode(webos.problem("not-found", "There is no such panel", request.panel, trace_id="trace-1"))
        panel = draw(request)
        return webos.encode(msgspec.structs.replace(panel, freshness=_freshness(stale=self.stale)))

    async def action(self, call: webos.ActionCall) -> bytes:
        self.asked.append(call)
        return webos.encode(self._act(call))

    def _act(self, call: webos.ActionCall) -> webos.Answer:
        if call.action == "book.lose":
            if not call.confirmed:
                return webos.Confirm(
                    title="Strike it off?", text="The book leaves the list.", accept="Strike off", danger=True
                )
            self.lost.add(int(call.item_id or 0))
            return webos.Done(message="Struck off", refresh=["books", "book"])
        if call.action == "library.join" and call.inputs.get("secret") != "right":
            if not call.inputs.get("address"):
                return webos.Invalid(message="Something is missing", errors={"address": "Where is it?"})
            return webos.problem("connection-failed", "Could not join", "That word is wrong.", field="secret")
        if call.action == "house.rename":
            self.label = str(call.inputs["label"])
            return webos.Done(message="Renamed", refresh=["card"])
        return webos.Done(message="Done", refresh=[], link=Link(panel="books"))

    async def palette(self, query: webos.PaletteQuery) -> bytes:
        self.asked.append(query)
        if query.reach == "instant":
            return webos.encode(webos.PaletteResults(items=_commands(query.text)))
        await anyio.sleep(self.slow_palette)
        return webos.encode(webos.PaletteResults(items=_found(query.text)))

    async def event(self, event: webos.HostEvent) -> None:
        self.asked.append(event)

    async def events(self) -> AsyncIterator[webos.AppEvent]:
        send, receive = anyio.create_memory_object_stream[webos.AppEvent](16)
        self._listeners.append(send)
        try:
            async with send, receive:
                async for event in receive:
                    yield event
        finally:
            self._listeners.remove(send)

    def emit(self, *panels: str) -> None:
        self.send(webos.AppEvent(app_id="library", workspace_id="local", panels=list(panels)))

    def send(self, event: webos.AppEvent) -> None:
        for listener in self._listeners:
            listener.send_nowait(event)

    def _books(self, request: webos.PanelRequest) -> webos.Panel:
        wanted = [n for n in range(1, BOOKS + 1) if self._matches(n, request)]
        if request.sort:
            wanted.sort(key=lambda n: (_name(n), n), reverse=request.sort.startswith("-"))
        page = wanted[request.offset : request.offset + request.limit]
        table = Table(
            id="books",
            columns=[
                Column(key="title", label="Title", sortable=True),
                Column(key="since", label="Since"),
                Column(key="state", label="State"),
                Column(key="copies", label="Copies", align="end"),
                Column(key="fee", label="Late fee", align="end"),
            ],
            rows=[self._row(n) for n in page],
            total=len(wanted),
            offset=request.offset,
            limit=request.limit,
            search=webos.Search(placeholder="Title", value=request.search),
            filters=[
                Filter(
                    key="state",
                    label="State",
                    value=request.filters.get("state", ""),
                    options=[Option(value="", label="All"), *(Option(value=k, label=v[0]) for k, v in _STATES.items())],
                )
            ],
            sort=request.sort,
            empty=webos.Empty(title="No book is called that", text="Try a shorter word."),
        )
        return _panel("books", "Books", [table])

    def _matches(self, number: int, request: webos.PanelRequest) -> bool:
        state = request.filters.get("state")
        return request.search.lower() in _name(number).lower() and (not state or self._state(number) == state)

    def _state(self, number: int) -> str:
        return "lost" if number in self.lost else ("lent" if number % 3 == 0 else "in")

    def _row(self, number: int) -> Row:
        state = self._state(number)
        label, tone = _STATES[state]
        return Row(
            id=str(number),
            link=Link(panel="book", item_id=str(number)),
            cells={
                "title": webos.Text(text=_name(number)),
                "since": webos.Time(at=_AT - timedelta(days=number)),
                "state": webos.Status(code=state, label=label, tone=tone),  # type: ignore[arg-type]  # a tone by name
                "copies": webos.Number(number=number * 37),
                "fee": webos.Money(amount=Decimal(number) / 8, currency="JPY" if number % 5 == 0 else "EUR"),
            },
        )

    def _book(self, request: webos.PanelRequest) -> webos.Panel:
        number = int(request.item_id or 1)
        actions = [
            Action(
                id="book.lend",
                label="Lend",
                style="primary",
                fields=[Field(name="reader", label="Reader", required=True)],
            ),
            Action(id="book.bind", label="Bind", disabled="The binder is closed until Monday"),
            Action(
                id="book.lose",
                label="Strike off",
                style="danger",
                item_id=str(number),
                fields=[Field(name="why", label="Why", type="textarea")],
            ),
        ]
        table = Table(
            id="copies",
            columns=[Column(key="mark", label="Mark"), Column(key="fee", label="Late fee", align="end")],
            rows=[
                Row(id=str(n), cells={"mark": webos.Text(text=f"LIB-{n}-{number:05}"), "fee": kinds.VALUES["money"]})
                for n in range(3)
            ],
        )
        facts = Fields(title="Facts", items=[FieldsItem(label=k, value=v) for k, v in kinds.VALUES.items()])
        nodes = dict(kinds.NODES)
        return _panel(
            "book",
            _name(number),
            [webos.Notice(title="Read me", tone="info"), table, facts, nodes["Timeline"]],
            subtitle=_STATES[self._state(number)][0],
            actions=actions,
            trail=[webos.Crumb(label="Books", link=Link(panel="books"))],
        )


_AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
_RENAME = Action(
    id="house.rename", label="Rename", icon="draft", fields=[Field(name="label", label="Name", required=True)]
)


def _close(name: str) -> Action:
    return Action(id="book.lose", label="Close", icon="trash", style="danger", item_id="0", values={"name": name})


def _name(number: int) -> str:
    return f"{NAMES[(number - 1) % len(NAMES)]} {number}"


def _panel(id: str, title: str, body: list[Any], **more: Any) -> webos.Panel:  # noqa: A002 - as in the contract
    return webos.Panel(id=id, title=title, body=body, freshness=_freshness(), **more)


def _freshness(*, stale: bool = False) -> webos.Freshness:
    return webos.Freshness(as_of=datetime.now(UTC) - timedelta(minutes=2), stale=stale)


def _gone() -> bytes:
    return webos.encode(webos.problem("not-found", "No such library", "It was removed.", trace_id="gone"))


def _today(_: webos.PanelRequest) -> webos.Panel:
    nodes = dict(kinds.NODES)
    titles = ["Metrics", "Chart: bars", "Chart: a line below zero, in money", "Table", "Progress"]
    return _panel("today", "Today", [nodes[title] for title in titles], subtitle="What happened in the reading room")


def _card(request: webos.PanelRequest, label: str) -> webos.Panel:
    house = Fields(title="House", items=[FieldsItem(label="Name", value=webos.Text(text=label))])
    more = Fields(title="Account", items=[FieldsItem(label="Id", value=webos.Text(text=str(request.account_id)))])
    return _panel("card", "House", [house, more], actions=[_RENAME])


def _join(_: webos.PanelRequest) -> webos.Panel:
    def form(name: str, title: str, own: Field) -> webos.Form:
        return webos.Form(
            id=name,
            title=title,
            text="Use a reader's card of its own.",
            fields=[
                Field(
                    name="address", label="Address", type="url", required=True, placeholder="https://library.example"
                ),
                own,
                Field(name="secret", label="Secret word", type="secret", required=True),
                Field(name="wing", label="Wings", type="pick", panel="books"),
            ],
            submit=Action(id="library.join", label="Join"),
            secondary=[Action(id="library.toy", label="Look around first")],
        )

    forms = [
        form("mail", "By email", Field(name="mail", label="Email", type="email", required=True)),
        form("card", "By card", Field(name="card", label="Card number", required=True)),
    ]
    return _panel("join", "Join a library", list(forms))


def _kinds(_: webos.PanelRequest) -> webos.Panel:
    body = [node for _, node in kinds.NODES]
    return _panel("kinds", "Kinds", body)


def _item(id: str, title: str, group: str, link: Link | None, **more: Any) -> webos.PaletteItem:  # noqa: A002 - as above
    return webos.PaletteItem(app_id="library", id=id, title=title, group=group, link=link, **more)


def _commands(text: str) -> list[webos.PaletteItem]:
    at = "📚 Books".lower().find(text.lower())
    items = [
        _item(
            "books",
            "📚 Books",
            "Go to",
            Link(panel="books"),
            icon="book",
            matches=[(at, at + len(text))] if text else [],
        ),
        _item("today", "Today", "Go to", Link(panel="today"), icon="chart"),
        _item(
            "lose",
            "Strike off the first",
            "Do",
            None,
            icon="trash",
            action=Action(id="book.lose", label="Strike off", item_id="1"),
        ),
    ]
    return [item for item in items if text.lower() in item.title.lower()]


def _found(text: str) -> list[webos.PaletteItem]:
    hits = [n for n in range(1, BOOKS + 1) if text.lower() in _name(n).lower()][:5]
    return [
        _item(f"book-{n}", _name(n), "Books", Link(panel="book", item_id=str(n)), icon="book", subtitle=f"No. {n}")
        for n in hits
    ]
