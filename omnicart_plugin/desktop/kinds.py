"""One of every kind of node and value, about a library, for the page that shows host authors what they look like."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from omnicart_plugin.webos import (
    Action,
    Chart,
    Column,
    Empty,
    Field,
    Fields,
    FieldsItem,
    Filter,
    Flag,
    Form,
    Image,
    Images,
    ImagesItem,
    Link,
    Metric,
    Metrics,
    Money,
    Node,
    Notice,
    Number,
    Option,
    Progress,
    Ref,
    Row,
    Search,
    Series,
    Status,
    Table,
    Text,
    Time,
    Timeline,
    TimelineEntry,
    Value,
)

_AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
_SHELF = Link(panel="shelf")
_COVER = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 60 80'%3E"
    "%3Crect width='60' height='80' fill='%233b6ea5'/%3E%3Ccircle cx='30' cy='34' r='14' fill='%23f4d58d'/%3E%3C/svg%3E"
)

VALUES: dict[str, Value | None] = {
    "text": Text(text="The Waves, by Virginia Woolf"),
    "number": Number(number=12345.5),
    "money": Money(amount=Decimal("1234567.891"), currency="EUR"),
    "time": Time(at=_AT),
    "status": Status(code="lent", label="Lent", tone="warning"),
    "image": Image(url=_COVER, alt="A cover with a sun on blue"),
    "flag": Flag(on=True),
    "ref": Ref(label="Shelf 7", link=_SHELF),
    "nothing": None,
}

_LEND = Action(
    id="book.lend",
    label="Lend",
    icon="book",
    style="primary",
    fields=[Field(name="reader", label="Reader", required=True, help="Name or card number")],
)
_DISCARD = Action(id="book.discard", label="Discard", style="danger")
_BOUND = Action(id="book.bind", label="Bind", disabled="The binder is closed until Monday")

_FIELDS = [
    Field(name="title", label="Title", required=True, placeholder="As on the cover"),
    Field(name="mail", label="Email", type="email"),
    Field(name="site", label="Web address", type="url"),
    Field(name="pin", label="PIN", type="secret", help="Never shown again"),
    Field(name="note", label="Note", type="textarea"),
    Field(name="copies", label="Copies", type="number", value="1"),
    Field(
        name="size",
        label="Size",
        type="choice",
        value="octavo",
        options=[Option(value="folio", label="Folio"), Option(value="octavo", label="Octavo")],
    ),
    Field(name="reference", label="Stays in the house", type="flag", value=True),
    Field(name="authors", label="Authors", type="pick", panel="authors"),
]

_DAYS = [f"2026-03-{day:02}" for day in range(1, 15)]
_LENT = (12, 18, 9, 0, 25, 31, 14, 8, 19, 22, 4, 17, 28, 33)
_FEES = ("4.50", "-2.00", "0", "12.25", "8.10", "-6.40", "3.30", "15", "9.75", "2", "0", "-1.5", "7.25", "11")


def _points(values: Sequence[int | str]) -> list[tuple[str, Decimal]]:
    return [(day, Decimal(value)) for day, value in zip(_DAYS, values, strict=True)]


def _row(number: int, title: str, state: Status, fee: str) -> Row:
    cells: dict[str, Value | None] = {
        "cover": Image(url=_COVER if number % 2 else "", alt=""),
        "title": Text(text=title),
        "state": state,
        "copies": Number(number=number),
        "fee": Money(amount=Decimal(fee), currency="EUR"),
    }
    more = [_DISCARD] if number % 2 else [_LEND, _BOUND, _DISCARD]
    return Row(id=f"book_{number}", cells=cells, link=_SHELF, actions=more)


_TABLE = Table(
    id="books",
    columns=[
        Column(key="cover", label=""),
        Column(key="title", label="Title", sortable=True),
        Column(key="state", label="State"),
        Column(key="copies", label="Copies", align="end", sortable=True),
        Column(key="fee", label="Late fee", align="end"),
    ],
    rows=[
        _row(1, "The Waves", VALUES["status"], "0.50"),  # type: ignore[arg-type]  # the dict holds every kind of value
        _row(2, "Middlemarch", Status(code="in", label="On the shelf", tone="success"), "0"),
    ],
    total=42,
    offset=20,
    search=Search(placeholder="Title or author"),
    filters=[
        Filter(
            key="state",
            label="State",
            options=[
                Option(value="", label="All"),
                Option(value="in", label="On the shelf"),
                Option(value="lent", label="Lent"),
            ],
        )
    ],
    sort="title",
)

_CHOICE = Table(
    id="period",
    columns=[],
    rows=[],
    filters=[
        Filter(
            key="period",
            label="Period",
            options=[Option(value="7d", label="7 days"), Option(value="30d", label="30 days")],
            value="30d",
        )
    ],
)

NODES: list[tuple[str, Node | dict[str, str]]] = [
    ("Every value, in fields", Fields(title="A book", items=[FieldsItem(label=k, value=v) for k, v in VALUES.items()])),
    ("Notice", Notice(tone="info", title="New shelves arrived", text="They stand in the east wing.")),
    ("Notice: success", Notice(tone="success", title="All books are back")),
    ("Notice: warning", Notice(tone="warning", title="Two books are late", text="Since Tuesday.", actions=[_LEND])),
    ("Notice: danger", Notice(tone="danger", title="The roof leaks", text="Above the maps.")),
    ("Notice: neutral", Notice(tone="neutral", title="Closed on Sundays")),
    ("Empty", Empty(title="No books yet", text="Add the first one.", actions=[_LEND])),
    (
        "Metrics",
        Metrics(
            items=[
                Metric(id="lent", label="Lent", value=Number(number=1234), change=0.125, hint="30 days before: 1,097"),
                Metric(id="fees", label="Late fees", value=VALUES["money"], change=-0.4, link=_SHELF),
                Metric(id="new", label="New readers", value=Number(number=0), change=0.0),
                Metric(id="none", label="Longest wait", value=None),
            ]
        ),
    ),
    ("Chart: bars", Chart(title="Lent by day", series=[Series(label="Lent", points=_points(_LENT))])),
    (
        "Chart: a line below zero, in money",
        Chart(title="Late fees", shape="line", unit="EUR", series=[Series(label="Fees", points=_points(_FEES))]),
    ),
    ("Chart: one point", Chart(title="One day", series=[Series(label="Lent", points=[("2026-03", Decimal(7))])])),
    (
        "Chart: two series, much against little",
        Chart(
            title="Visits and loans",
            shape="line",
            series=[
                Series(label="Visits", points=[(day, Decimal(value) * 4321) for day, value in _points(_LENT)]),
                Series(label="Loans", points=_points(_LENT)),
            ],
        ),
    ),
    ("Chart: zeros", Chart(title="Quiet days", series=[Series(label="Lent", points=_points((0,) * len(_DAYS)))])),
    ("Chart: nothing", Chart(title="No day yet", series=[])),
    ("Table", _TABLE),
    (
        "Table without rows",
        Table(
            id="none",
            columns=_TABLE.columns,
            rows=[],
            total=0,
            empty=Empty(title="Nothing matches", text="Look wider."),
        ),
    ),
    ("Table without columns: a choice that the whole panel follows", _CHOICE),
    (
        "Timeline",
        Timeline(
            title="What happened",
            entries=[
                TimelineEntry(at=_AT, title="Lent", text="To Ada", tone="info"),
                TimelineEntry(at=_AT, title="Reported lost", tone="danger"),
                TimelineEntry(at=_AT, title="Found behind the shelf", tone="success"),
            ],
        ),
    ),
    (
        "Form",
        Form(
            id="new-book",
            title="A new book",
            text="Every type of field.",
            fields=_FIELDS,
            submit=Action(id="book.add", label="Add book", style="primary"),
            secondary=[_BOUND],
        ),
    ),
    ("Progress", Progress(label="Reading the catalogue", done=340, total=1200)),
    ("Progress without an end", Progress(label="Counting pages", done=98)),
    ("Images", Images(items=[ImagesItem(url=_COVER, alt="The cover"), ImagesItem(url="https://[bad", alt="Lost")])),
    ("A kind that this desktop does not know", {"kind": "hologram", "title": "Later"}),
]


def as_json() -> bytes:
    """The samples as a page reads them: title and node of each."""
    return msgspec.json.encode([{"title": title, "node": node} for title, node in NODES])
