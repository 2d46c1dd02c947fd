"""What an app says of itself without being imported: `manifest.toml`, read from the files of its distribution."""

import json
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import Distribution, EntryPoint, entry_points
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from urllib.request import url2pathname

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from omnicart_plugin.webos.requests import Role

CONTRACT = "1.0"
"""The version of the contract that this package carries."""

ENTRY_POINT_GROUP = "webos.apps"
FILE_NAME = "manifest.toml"


class ManifestError(ValueError):
    """A manifest that cannot be used, or that differs from the app's code. Says which, by name."""


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class AppInfo(_Section, frozen=True, kw_only=True):
    """The app's tile in a launcher."""

    id: str
    name: str
    version: str
    summary: str
    category: str
    icon: str
    keywords: list[str]
    bundle: str
    """What a workspace must have to use the app; the tile is shown without it too."""
    contract: str
    """The versions of the contract it is written for, as a version specifier."""


class PanelInfo(_Section, frozen=True, kw_only=True):
    id: str
    title: str
    icon: str
    navigation: bool
    """Whether it stands in the sidebar."""


class ActionInfo(_Section, frozen=True, kw_only=True):
    id: str
    title: str
    effect: Literal["write", "destructive"]
    roles: list[Role]


class Manifest(_Section, frozen=True, kw_only=True):
    schema: Literal[1]
    app: AppInfo
    panels: list[PanelInfo]
    actions: list[ActionInfo]

    @classmethod
    def parse(cls, text: str) -> "Manifest":
        """Read the text of a `manifest.toml`.

        Raises:
            ManifestError: It is not TOML, has other keys, names a thing twice or asks for another contract.
        """
        try:
            manifest = msgspec.toml.decode(text, type=cls)
            fits = SpecifierSet(manifest.app.contract).contains(CONTRACT)
        except (msgspec.DecodeError, InvalidSpecifier) as error:
            raise ManifestError(f"{FILE_NAME}: {error}") from error
        if not fits:
            raise ManifestError(
                f"{manifest.app.id} is written for contract {manifest.app.contract}; this is {CONTRACT}"
            )
        for kind, ids in (("panel", manifest.panel_ids), ("action", manifest.action_ids)):
            twice = [id_ for id_, count in Counter(ids).items() if count > 1]
            if twice:
                raise ManifestError(f"{manifest.app.id}: {FILE_NAME} names the {kind} {twice[0]} twice")
        return manifest

    @property
    def panel_ids(self) -> list[str]:
        return [panel.id for panel in self.panels]

    @property
    def action_ids(self) -> list[str]:
        return [action.id for action in self.actions]

    def check(self, panels: set[str], actions: set[str]) -> None:
        """Compare with what the app's code has.

        Raises:
            ManifestError: Naming every panel and action that only one of the two knows.
        """
        differences = [
            f"{kind} {id_} is only in the {'manifest' if id_ in listed else 'code'}"
            for kind, listed, coded in (("panel", {*self.panel_ids}, panels), ("action", {*self.action_ids}, actions))
            for id_ in sorted(listed ^ coded)
        ]
        if differences:
            raise ManifestError(f"{self.app.id}: {'; '.join(differences)}")


def installed() -> Iterator[tuple[EntryPoint, Manifest | ManifestError]]:
    """Every installed app, once each, with its manifest or with what is wrong with it. Imports none of them."""
    seen = set[str]()
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        if entry.name not in seen:
            seen.add(entry.name)
            yield entry, _manifest_of(entry)


def manifest_of(app_id: str) -> Manifest:
    """The manifest of an installed app.

    Raises:
        ManifestError: It is not installed, or its manifest cannot be used.
    """
    for entry, manifest in installed():
        if entry.name == app_id:
            if isinstance(manifest, ManifestError):
                raise manifest
            return manifest
    raise ManifestError(f"{app_id} is not installed")


def _manifest_of(entry: EntryPoint) -> Manifest | ManifestError:
    try:
        path = _manifest_path(entry.dist) if entry.dist else None
        if path is None:
            raise ManifestError(f"{entry.name}: its distribution carries no {FILE_NAME}")
        manifest = Manifest.parse(path.read_text("utf-8"))
        if manifest.app.id != entry.name:
            raise ManifestError(f"{entry.name}: {FILE_NAME} is that of {manifest.app.id}")
    except (ManifestError, OSError, UnicodeDecodeError) as error:
        return ManifestError(f"{entry.name}: {error}")
    return manifest


def _manifest_path(distribution: Distribution) -> Path | None:
    """In an editable install the source tree's own file (PEP 610 says where), else the one that was installed."""
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    if origin.get("dir_info", {}).get("editable"):
        return Path(url2pathname(urlsplit(origin["url"]).path)) / FILE_NAME
    found = [file for file in distribution.files or [] if file.name == FILE_NAME]
    return Path(str(min(found, key=lambda file: len(file.parts)).locate())) if found else None
