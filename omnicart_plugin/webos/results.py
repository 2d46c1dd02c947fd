"""What an app answers. Each is told apart by its tag, ``kind``; a problem by its type, never by its status."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from omnicart_plugin.webos.requests import Link
from omnicart_plugin.webos.views import Action, Node

ProblemType = Literal[
    "connection-failed",
    "bundle-required",
    "role-forbidden",
    "store-forbidden",
    "demo-read-only",
    "reauth-required",
    "bad-request",
    "not-found",
    "not-allowed",
    "store-unavailable",
    "rate-limited",
    "outcome-unknown",
    "upstream-invalid",
    "storage-unavailable",
    "internal",
]

STATUS_OF: dict[ProblemType, int] = {
    "connection-failed": 422,
    "bundle-required": 403,
    "role-forbidden": 403,
    "store-forbidden": 403,
    "demo-read-only": 403,
    "reauth-required": 401,
    "bad-request": 400,
    "not-found": 404,
    "not-allowed": 409,
    "store-unavailable": 503,
    "rate-limited": 429,
    "outcome-unknown": 504,
    "upstream-invalid": 502,
    "storage-unavailable": 507,
    "internal": 500,
}


class _Part(msgspec.Struct, frozen=True):
    pass


class _Answer(_Part, frozen=True, tag_field="kind", tag=str.lower):
    pass


class AccountRef(_Part, frozen=True, kw_only=True):
    """A connected account as the selector shows it."""

    id: str
    label: str
    base_url: str
    status: Literal["ok", "reauth", "unreachable", "demo"] = "ok"
    actions: list[Action] = []


class NavItem(_Part, frozen=True, kw_only=True):
    panel: str
    label: str
    icon: str


class MenuItem(_Part, frozen=True, kw_only=True):
    """Leads to ``link`` or runs ``action``; the other is None."""

    label: str
    icon: str
    link: Link | None = None
    action: Action | None = None


class Screen(_Answer, frozen=True, kw_only=True):
    """The frame of the app's window, and the link to render in it first."""

    app_id: str
    title: str
    accounts: list[AccountRef]
    account_id: str | None
    navigation: list[NavItem]
    menu: list[MenuItem]
    link: Link


class PaletteItem(_Part, frozen=True, kw_only=True):
    """One result: leads to ``link`` or runs ``action``; the other is None."""

    app_id: str
    id: str
    title: str
    subtitle: str = ""
    icon: str | None = None
    group: str = ""
    link: Link | None = None
    action: Action | None = None
    score: float = 0.0
    """0 to 1."""
    matches: list[tuple[int, int]] = []
    """Half-open ranges of the title's characters that match what was typed."""


class PaletteResults(_Answer, tag="palette", frozen=True, kw_only=True):
    items: list[PaletteItem]
    partial: bool = False
    """Some source was late or failed; what is here is right all the same."""


class Freshness(_Part, frozen=True, kw_only=True):
    as_of: datetime
    source: Literal["live", "cache", "demo"] = "live"
    stale: bool = False


class Crumb(_Part, frozen=True, kw_only=True):
    label: str
    link: Link


class Panel(_Answer, frozen=True, kw_only=True):
    id: str
    title: str
    subtitle: str = ""
    body: list[Node]
    actions: list[Action] = []
    freshness: Freshness
    trail: list[Crumb] = []


class Done(_Answer, frozen=True, kw_only=True):
    """It took effect. ``refresh`` names the panels whose data it changed."""

    message: str
    refresh: list[str] = []
    link: Link | None = None


class Invalid(_Answer, frozen=True, kw_only=True):
    """What was typed is wrong by its form; nothing was sent."""

    message: str
    errors: dict[str, str]
    """By the name of the field."""


class Confirm(_Answer, frozen=True, kw_only=True):
    """Ask the person first, then call again with ``confirmed``."""

    title: str
    text: str
    accept: str
    """The button's words."""
    danger: bool = False


class Problem(_Answer, frozen=True, kw_only=True):
    """It could not be done. RFC 9457 in spirit."""

    type: ProblemType
    status: int
    title: str
    detail: str
    field: str | None = None
    actions: list[Action] = []
    trace_id: str | None = None


class AppEvent(_Answer, frozen=True, kw_only=True):
    """What these panels of an app show has changed."""

    app_id: str
    workspace_id: str
    account_id: str | None = None
    panels: list[str] = []


Answer = Screen | PaletteResults | Panel | Done | Invalid | Confirm | Problem | AppEvent


def problem(
    type: ProblemType,  # noqa: A002 - the contract's own word
    title: str,
    detail: str,
    *,
    field: str | None = None,
    actions: Sequence[Action] = (),
    trace_id: str | None = None,
) -> Problem:
    """A problem with the status that its type has."""
    status = STATUS_OF[type]
    return Problem(
        type=type, status=status, title=title, detail=detail, field=field, actions=list(actions), trace_id=trace_id
    )
