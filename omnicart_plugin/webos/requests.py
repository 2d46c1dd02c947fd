"""What a host asks of an app. Frozen, by keyword, and safe to log: a repr never shows what a person typed."""

from typing import Literal

import msgspec

Role = Literal["owner", "admin", "member", "guest"]
Input = str | bool | list[str]


class _Request(msgspec.Struct, frozen=True):
    pass


class Context(_Request, frozen=True, kw_only=True):
    """Who asks: a person in a workspace, with what the workspace has paid for and how they like to read."""

    workspace_id: str
    user_id: str
    role: Role = "member"
    bundles: frozenset[str] = frozenset()
    locale: str = "en"
    """A BCP 47 tag."""
    timezone: str = "UTC"
    """An IANA name."""


class Link(_Request, frozen=True, kw_only=True):
    """An address inside an app: a panel and how it is looked at."""

    panel: str
    item_id: str | None = None
    account_id: str | None = None
    search: str = ""
    filters: dict[str, str] = {}
    sort: str | None = None
    offset: int = 0


class AppLaunch(_Request, frozen=True, kw_only=True):
    """Open the app, at a link if there is one."""

    ctx: Context
    app_id: str
    account_id: str | None = None
    link: Link | None = None


class PaletteQuery(_Request, frozen=True, kw_only=True):
    """What is typed into the palette: ``instant`` answers from memory alone, ``store`` may ask the network."""

    ctx: Context
    text: str
    account_id: str | None = None
    reach: Literal["instant", "store"] = "instant"
    limit: int = 20


class PanelRequest(_Request, frozen=True, kw_only=True):
    """Render a panel. ``search``, ``filters``, ``sort`` and the page speak to its one table."""

    ctx: Context
    app_id: str
    panel: str
    account_id: str | None = None
    item_id: str | None = None
    search: str = ""
    filters: dict[str, str] = {}
    sort: str | None = None
    """The key of a column, with ``-`` before it for the greatest first."""
    offset: int = 0
    limit: int = 20
    fresh: bool = False
    """Ask the source again, whatever is remembered."""


class ActionCall(_Request, frozen=True, kw_only=True):
    """Run an action: the only way to change anything. A repeated ``request_id`` is the same call again."""

    ctx: Context
    app_id: str
    action: str
    account_id: str | None = None
    item_id: str | None = None
    inputs: dict[str, Input] = {}
    confirmed: bool = False
    request_id: str = ""

    def __repr__(self) -> str:
        return (
            f"ActionCall(ctx={self.ctx!r}, app_id={self.app_id!r}, action={self.action!r}, "
            f"account_id={self.account_id!r}, item_id={self.item_id!r}, inputs=<{len(self.inputs)} hidden>, "
            f"confirmed={self.confirmed!r}, request_id={self.request_id!r})"
        )


class HostEvent(_Request, frozen=True, kw_only=True):
    """``refresh``: what these panels show is to be asked anew; ``timer``: these panels are open."""

    ctx: Context
    name: Literal["refresh", "timer"]
    account_id: str | None = None
    panels: list[str] = []
