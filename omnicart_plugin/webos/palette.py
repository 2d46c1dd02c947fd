"""The host's part of the palette: tiles for the apps, and one ranked list of what all of them found."""

from collections.abc import Iterable, Sequence

from omnicart_plugin.webos import fuzzy
from omnicart_plugin.webos.manifest import Manifest
from omnicart_plugin.webos.requests import Link, PaletteQuery
from omnicart_plugin.webos.results import PaletteItem, PaletteResults

LIMIT_MAX = 200
KEYWORD_WEIGHT = 0.6


def tiles(typed: str, manifests: Iterable[Manifest]) -> list[PaletteItem]:
    """The apps whose name or a keyword fits what is typed."""
    return [tile for tile in (_tile(typed, manifest) for manifest in manifests) if tile]


def merge(query: PaletteQuery, own: Sequence[PaletteItem], answers: Iterable[PaletteResults | None]) -> PaletteResults:
    """Rank what the host and its apps found; None stands for an app that gave no answer."""
    given = [*answers]
    items = [*own, *(item for answer in given if answer for item in answer.items)]
    items.sort(key=lambda item: -item.score)
    partial = any(answer is None or answer.partial for answer in given)
    return PaletteResults(items=items[: max(1, min(query.limit, LIMIT_MAX))], partial=partial)


def _tile(typed: str, manifest: Manifest) -> PaletteItem | None:
    app = manifest.app
    by_name = fuzzy.match(typed, app.name)
    by_keyword = max((m.score for m in (fuzzy.match(typed, word) for word in app.keywords) if m), default=0.0)
    if by_name is None and not by_keyword:
        return None
    home = next((panel.id for panel in manifest.panels if panel.navigation), manifest.panels[0].id)
    return PaletteItem(
        app_id=app.id,
        id=f"app:{app.id}",
        title=app.name,
        subtitle=app.summary,
        icon=app.icon,
        group="Apps",
        link=Link(panel=home),
        score=max(by_name.score if by_name else 0.0, by_keyword * KEYWORD_WEIGHT),
        matches=by_name.spans if by_name else [],
    )
