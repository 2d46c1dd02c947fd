"""Commands, and what was opened lately. Nothing here waits: memory alone is asked."""

from collections.abc import Iterator, Mapping, Sequence

from omnicart_plugin.accounts.directory import Account
from omnicart_plugin.palette.memory import Memory
from omnicart_plugin.webos import Link, Manifest, PaletteItem, PaletteQuery, fuzzy

OF_WORKSPACE = {"connect", "accounts"}
"""Panels that stand in the menu instead of the navigation."""
HOME = "overview"
OPENED_AT_FIRST = 5
"""How many of the things that were opened stand above the commands while nothing is typed."""


def commands(query: PaletteQuery, manifest: Manifest, memory: Memory) -> list[PaletteItem]:
    """The best first, as many as are asked for."""
    accounts = memory.accounts(query.ctx.workspace_id) or ()
    account_id = query.account_id or (accounts[0].id if accounts else None)
    items = [
        *_opened(query, manifest, memory, {account.id: account.label for account in accounts}),
        *_panels(query, manifest, account_id),
        *_refresh(query, manifest, memory, account_id),
        *_accounts(query, manifest, accounts),
    ]
    items.sort(key=lambda item: -item.score)
    return items[: max(1, query.limit)]


def _panels(query: PaletteQuery, manifest: Manifest, account_id: str | None) -> Iterator[PaletteItem]:
    for panel in manifest.panels:
        if not panel.navigation and panel.id not in OF_WORKSPACE:
            continue
        found = fuzzy.match(query.text, panel.title)
        if found:
            yield PaletteItem(
                app_id=manifest.app.id,
                id=f"panel:{panel.id}",
                title=panel.title,
                subtitle=manifest.app.name,
                icon=panel.icon,
                group="Go to",
                link=Link(panel=panel.id, account_id=account_id if panel.navigation else None),
                score=found.score,
                matches=found.spans,
            )


def _refresh(query: PaletteQuery, manifest: Manifest, memory: Memory, account_id: str | None) -> Iterator[PaletteItem]:
    """A link to what is shown already: a host that follows it asks anew."""
    found = fuzzy.match(query.text, "Refresh")
    if found and account_id:
        start = (manifest.app.name, Link(panel=HOME, account_id=account_id))
        title, link = memory.opened(query.ctx).last.get(account_id, start)
        yield PaletteItem(
            app_id=manifest.app.id,
            id="refresh",
            title="Refresh",
            subtitle=title,
            icon="refresh",
            group="Commands",
            link=link,
            score=found.score,
            matches=found.spans,
        )


def _accounts(query: PaletteQuery, manifest: Manifest, accounts: Sequence[Account]) -> Iterator[PaletteItem]:
    for account in accounts:
        found = fuzzy.match(query.text, account.label)
        if found:
            yield PaletteItem(
                app_id=manifest.app.id,
                id=f"account:{account.id}",
                title=account.label,
                subtitle="" if account.kind == "demo" else account.base_url,
                icon="building",
                group="Stores",
                link=Link(panel=HOME, account_id=account.id),
                score=found.score,
                matches=found.spans,
            )


def _opened(
    query: PaletteQuery, manifest: Manifest, memory: Memory, labels: Mapping[str, str]
) -> Iterator[PaletteItem]:
    icons = {panel.id: panel.icon for panel in manifest.panels}
    most = query.limit if query.text.strip() else OPENED_AT_FIRST
    for found, thing in memory.opened(query.ctx).find(query.text, most):
        elsewhere = labels.get(thing.account_id, "") if len(labels) > 1 else ""
        yield PaletteItem(
            app_id=manifest.app.id,
            id=f"{thing.panel}:{thing.account_id}:{thing.item_id}",
            title=thing.title,
            subtitle=" · ".join(filter(None, (thing.subtitle, elsewhere))),
            icon=icons.get(thing.panel),
            group="Opened lately",
            link=thing.link,
            score=found.score,
            matches=found.spans,
        )
