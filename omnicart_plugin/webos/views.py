"""What a host draws: nodes in a panel, values in a node.

Text is text, never markup. Money, dates and numbers leave raw and typed: the host writes them for its user's locale
and time zone. A renderer that meets an unknown kind shows a placeholder, so that a new kind is a minor change.
"""

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from omnicart_plugin.webos.requests import Input, Link

Tone = Literal["neutral", "info", "success", "warning", "danger"]
FieldType = Literal["text", "email", "url", "secret", "textarea", "number", "choice", "flag", "pick"]


class _View(msgspec.Struct, frozen=True):
    pass


class _Tagged(_View, frozen=True, tag_field="kind", tag=str.lower):
    pass


class Option(_View, frozen=True, kw_only=True):
    """One choice of a field or a filter."""

    value: str
    label: str


class Field(_View, frozen=True, kw_only=True):
    """An input to ask a person for. ``pick`` chooses rows, several, by searching the table of ``panel``."""

    name: str
    label: str
    type: FieldType = "text"
    required: bool = False
    help: str = ""
    placeholder: str = ""
    value: Input | None = None
    """What stands in it at first; never a stored secret."""
    options: list[Option] = []
    panel: str | None = None


class Action(_View, frozen=True, kw_only=True):
    """A button. The host asks for ``fields`` and copies ``account_id``, ``item_id`` and ``values`` into the call."""

    id: str
    label: str
    icon: str | None = None
    style: Literal["default", "primary", "danger"] = "default"
    account_id: str | None = None
    item_id: str | None = None
    values: dict[str, Input] = {}
    fields: list[Field] = []
    disabled: str | None = None
    """Why it cannot be used now, in plain words; None when it can."""


# Values


class Text(_Tagged, frozen=True, kw_only=True):
    text: str


class Number(_Tagged, frozen=True, kw_only=True):
    number: int | float
    """Counts are whole."""


class Money(_Tagged, frozen=True, kw_only=True):
    """An exact amount in major units (12.5 is twelve and a half); a string in JSON, rounded by the host alone."""

    amount: Decimal
    currency: str
    """ISO 4217, upper case."""


class Time(_Tagged, frozen=True, kw_only=True):
    at: datetime
    """Aware, UTC."""


class Status(_Tagged, frozen=True, kw_only=True):
    code: str
    label: str
    tone: Tone = "neutral"


class Image(_Tagged, frozen=True, kw_only=True):
    url: str
    alt: str = ""


class Flag(_Tagged, frozen=True, kw_only=True):
    on: bool


class Ref(_Tagged, frozen=True, kw_only=True):
    label: str
    link: Link


Value = Text | Number | Money | Time | Status | Image | Flag | Ref


# Nodes


class Notice(_Tagged, frozen=True, kw_only=True):
    tone: Tone = "info"
    title: str
    text: str = ""
    actions: list[Action] = []


class Empty(_Tagged, frozen=True, kw_only=True):
    title: str
    text: str = ""
    actions: list[Action] = []


class Metric(_View, frozen=True, kw_only=True):
    id: str
    label: str
    value: Value | None
    hint: str = ""
    link: Link | None = None
    change: float | None = None
    """Against the period before, as a ratio: 0.25 is a quarter more. None where there is nothing to compare."""


class Metrics(_Tagged, frozen=True, kw_only=True):
    items: list[Metric]


class Series(_View, frozen=True, kw_only=True):
    label: str
    points: list[tuple[str, Decimal]]
    """x is an ISO date or month in the person's time zone (``2026-11-23``, ``2026-11``), y an exact amount."""


class Chart(_Tagged, frozen=True, kw_only=True):
    title: str
    shape: Literal["bar", "line"] = "bar"
    unit: str = ""
    """An ISO 4217 code where y is money, else empty."""
    series: list[Series]


class Column(_View, frozen=True, kw_only=True):
    key: str
    label: str
    align: Literal["start", "center", "end"] = "start"
    sortable: bool = False


class Row(_View, frozen=True, kw_only=True):
    id: str
    cells: dict[str, Value | None]
    """By the key of the column."""
    link: Link | None = None
    actions: list[Action] = []


class Search(_View, frozen=True, kw_only=True):
    placeholder: str
    value: str = ""


class Filter(_View, frozen=True, kw_only=True):
    key: str
    label: str
    options: list[Option]
    """The empty value is the one without a filter."""
    value: str = ""


class Table(_Tagged, frozen=True, kw_only=True):
    id: str
    columns: list[Column]
    rows: list[Row]
    total: int | None = None
    """How many rows there are on all pages; None when nobody knows."""
    offset: int = 0
    limit: int = 20
    search: Search | None = None
    filters: list[Filter] = []
    sort: str | None = None
    empty: Empty | None = None
    """What to show instead of no rows."""


class FieldsItem(_View, frozen=True, kw_only=True):
    label: str
    value: Value | None


class Fields(_Tagged, frozen=True, kw_only=True):
    title: str = ""
    items: list[FieldsItem]


class TimelineEntry(_View, frozen=True, kw_only=True):
    at: datetime
    title: str
    text: str = ""
    tone: Tone = "neutral"


class Timeline(_Tagged, frozen=True, kw_only=True):
    title: str = ""
    entries: list[TimelineEntry]


class Form(_Tagged, frozen=True, kw_only=True):
    id: str
    title: str = ""
    text: str = ""
    fields: list[Field]
    submit: Action
    secondary: list[Action] = []


class Progress(_Tagged, frozen=True, kw_only=True):
    label: str
    done: int
    total: int | None = None
    """None when nobody knows."""


class ImagesItem(_View, frozen=True, kw_only=True):
    url: str
    alt: str = ""


class Images(_Tagged, frozen=True, kw_only=True):
    items: list[ImagesItem]


Node = Notice | Empty | Metrics | Chart | Table | Fields | Timeline | Form | Progress | Images
