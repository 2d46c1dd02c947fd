"""A host with the app in it, asked as a person of a workspace asks."""

from typing import Any, TypeVar

import msgspec

from omnicart_plugin import webos
from omnicart_plugin.webos import ActionCall, AppLaunch, Context, Link, PanelRequest, Role, Row, Table
from tests.medusa_lab import Medusa

T = TypeVar("T", bound=msgspec.Struct)
BUNDLE = frozenset({"marketing-commerce"})
READ_ONLY = "The demo store can be looked at, not changed. Connect a store of your own."


class Desk:
    """Answers come decoded: `kind` tells which they are."""

    def __init__(self, host: webos.LocalHost, workspace_id: str = "w", role: Role = "owner") -> None:
        self.host = host
        self.ctx = Context(workspace_id=workspace_id, user_id="u", role=role, bundles=BUNDLE)

    async def panel(self, panel: str, **where: Any) -> Any:
        data = await self.host.panel(PanelRequest(ctx=self.ctx, app_id="omnicart", panel=panel, **where))
        return webos.decode(data, webos.Panel | webos.Problem)  # type: ignore[arg-type]  # msgspec takes unions

    async def action(self, action: str, inputs: Any = None, **where: Any) -> Any:
        call = ActionCall(ctx=self.ctx, app_id="omnicart", action=action, inputs=inputs or {}, **where)
        union = webos.Done | webos.Invalid | webos.Confirm | webos.Problem
        return webos.decode(await self.host.action(call), union)  # type: ignore[arg-type]  # msgspec takes unions

    async def launch(self, account_id: str | None = None, link: Link | None = None) -> Any:
        data = await self.host.launch(AppLaunch(ctx=self.ctx, app_id="omnicart", account_id=account_id, link=link))
        return webos.decode(data, webos.Screen | webos.Problem)  # type: ignore[arg-type]  # msgspec takes unions

    async def palette(self, text: str, **how: Any) -> webos.PaletteResults:
        query = webos.PaletteQuery(ctx=self.ctx, text=text, **how)
        return webos.decode(await self.host.palette(query), webos.PaletteResults)

    async def connect(self, store: Medusa, **other: str) -> str:
        """The id of the new account."""
        inputs = {"base_url": store.url, "email": store.email, "password": store.password, **other}
        done = await self.action("account.connect", inputs)
        assert isinstance(done, webos.Done), done
        assert done.link
        return done.link.account_id or ""

    async def rows(self, account_id: str, **where: Any) -> list[Row]:
        return (await self.orders(account_id, **where)).rows

    async def orders(self, account_id: str, **where: Any) -> Table:
        return await self.table("orders", account_id, **where)

    async def table(self, panel: str, account_id: str, *, id_: str = "", **where: Any) -> Table:
        """The panel's one table, or the one of this id."""
        shown = await self.panel(panel, account_id=account_id, **where)
        assert isinstance(shown, webos.Panel), shown
        (table,) = [node for node in shown.body if isinstance(node, Table) and id_ in {"", node.id}]
        return table


def cell(row: Row, key: str) -> Any:
    """What stands in a cell, without its kind: text, an exact amount, a number, a code, a label, a URL."""
    value = row.cells[key]
    plain = msgspec.structs.asdict(value) if value else {}
    return next(
        (plain[name] for name in ("text", "amount", "number", "code", "label", "url", "at") if name in plain), None
    )


def fields(panel: webos.Panel, title: str) -> dict[str, Any]:
    """The values of the fields under a title, by their labels."""
    (node,) = [node for node in panel.body if isinstance(node, webos.Fields) and node.title == title]
    return {item.label: item.value for item in node.items}


def numbers(rows: list[Row]) -> list[str]:
    return [str(getattr(row.cells["display_id"], "text", "")) for row in rows]
