"""Commands for Cmd+K."""

from collections.abc import Iterator

from omnicart_plugin.webos import Link, Manifest, PaletteItem, PaletteQuery, PaletteResults, fuzzy

OF_WORKSPACE = {"connect", "accounts"}
"""Panels that stand in the menu instead of the navigation."""


def commands(query: PaletteQuery, manifest: Manifest) -> PaletteResults:
    """The panels that can be gone to, from memory alone."""
    return PaletteResults(items=[*_panels(query, manifest)])


def _panels(query: PaletteQuery, manifest: Manifest) -> Iterator[PaletteItem]:
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
                link=Link(panel=panel.id, account_id=query.account_id if panel.navigation else None),
                score=found.score,
                matches=found.spans,
            )
