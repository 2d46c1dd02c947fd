"""The six hooks of an app. The host calls one app at a time and awaits what comes back."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import pluggy

from omnicart_plugin.webos.requests import ActionCall, AppLaunch, HostEvent, PaletteQuery, PanelRequest
from omnicart_plugin.webos.results import (
    AppEvent,
    Confirm,
    Done,
    Invalid,
    PaletteResults,
    Panel,
    Problem,
    Screen,
)

PROJECT = "webos"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Host(Protocol):
    """What an app may ask of its host."""

    @property
    def data_dir(self) -> Path:
        """A directory of the host's that outlives the process."""

    @property
    def database_url(self) -> str:
        """An SQLAlchemy URL: SQLite in `data_dir`, or a PostgreSQL that several hosts may share."""

    @property
    def allow_private_network(self) -> bool:
        """Whether the app may reach loopback and private addresses."""

    def keys(self) -> Mapping[str, bytes]:
        """Ordered, key id to 32 bytes: the first seals, all open. Asked again when an unknown id is met."""

    def emit(self, event: AppEvent) -> None:
        """Tell whoever listens that panels have changed. Never blocks."""


@hookspec(firstresult=True)
def webos_lifespan(host: Host) -> AbstractAsyncContextManager[None]:
    """The app's life: entered before its first call and left after its last, in a task of the app's own."""
    raise NotImplementedError


@hookspec(firstresult=True)
async def webos_app_launch(request: AppLaunch) -> Screen | Problem:
    """Open the app's window."""
    raise NotImplementedError


@hookspec(firstresult=True)
async def webos_command_palette(query: PaletteQuery) -> PaletteResults:
    """Find commands and things for what is typed."""
    raise NotImplementedError


@hookspec(firstresult=True)
async def webos_render_panel(request: PanelRequest) -> Panel | Problem:
    """Show one panel."""
    raise NotImplementedError


@hookspec(firstresult=True)
async def webos_invoke_action(call: ActionCall) -> Done | Invalid | Confirm | Problem:
    """Change something: the only way to."""
    raise NotImplementedError


@hookspec(firstresult=True)
async def webos_event(event: HostEvent) -> None:
    """Hear what happened in the host."""
