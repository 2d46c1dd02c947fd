"""A host in the process: finds the installed apps, gives each its life, and passes requests to one app at a time."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import anyio
import pluggy
from anyio.abc import TaskGroup

from omnicart_plugin.webos import hookspecs, palette
from omnicart_plugin.webos.codec import encode
from omnicart_plugin.webos.keyfile import HostError, KeyFile, fault
from omnicart_plugin.webos.listeners import Listener, Listeners
from omnicart_plugin.webos.manifest import AppInfo, ManifestError, installed
from omnicart_plugin.webos.requests import ActionCall, AppLaunch, HostEvent, PaletteQuery, PanelRequest
from omnicart_plugin.webos.results import (
    Answer,
    AppEvent,
    Confirm,
    Done,
    Invalid,
    PaletteResults,
    Panel,
    Problem,
    Screen,
    problem,
)
from omnicart_plugin.webos.running import RunningApp

log = logging.getLogger("webos")
A = TypeVar("A")

EVENT_SECONDS = 30.0
PALETTE_SECONDS = {"instant": 1.0, "store": 8.0}

Keys = Mapping[str, bytes] | Callable[[], Mapping[str, bytes]]


class LocalHost:
    """Runs every installed app on this machine. Implements `hookspecs.Host` for them.

    Args:
        data_dir: Made where it is missing, for its owner alone.
        allow_private_network: Let apps reach loopback and private addresses.
        database_url: An SQLAlchemy URL; SQLite in `data_dir` where it is not given.
        keys: Key id to 32 bytes, the first seals; a key file in `data_dir` where they are not given.

    Raises:
        HostError: A database that machines share, and no keys; at entry, keys that cannot be used.
    """

    def __init__(
        self,
        *,
        data_dir: Path | str,
        allow_private_network: bool = False,
        database_url: str | None = None,
        keys: Keys | None = None,
    ) -> None:
        self.data_dir = Path(data_dir)
        self.allow_private_network = allow_private_network
        self.database_url = database_url or f"sqlite:///{self.data_dir / 'webos.db'}"
        if not keys and not self.database_url.startswith("sqlite"):
            raise HostError("A shared database needs keys that all its hosts know: give each host the same key ring.")
        self._keys = keys if keys is not None else KeyFile(self.data_dir)
        self._listeners = Listeners()
        found = [*installed()]
        self.refused = [str(fault) for _, fault in found if isinstance(fault, ManifestError)]
        """Installed apps that cannot be used, a sentence each."""
        self._found = [(entry, manifest) for entry, manifest in found if not isinstance(manifest, ManifestError)]
        self.apps: tuple[AppInfo, ...] = tuple(manifest.app for _, manifest in self._found)
        """The launcher's tiles, from manifests alone."""
        self._running: dict[str, RunningApp] = {}

    async def __aenter__(self) -> Self:
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if wrong := fault(self.keys()):
            raise HostError(wrong)
        for sentence in self.refused:
            log.error("app refused: %s", sentence)
        plugins = pluggy.PluginManager(hookspecs.PROJECT)
        plugins.add_hookspecs(hookspecs)
        self._running = {m.app.id: RunningApp(entry, m, plugins) for entry, m in self._found}
        self._tasks: TaskGroup = await anyio.create_task_group().__aenter__()
        for app in self._running.values():
            self._tasks.start_soon(app.live, self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listeners.close()
        with anyio.CancelScope(shield=True):
            async with anyio.create_task_group() as leaving:
                for app in self._running.values():
                    leaving.start_soon(app.leave)
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(None, None, None)  # an error of the body's own leaves as it is, in no group

    def keys(self) -> Mapping[str, bytes]:
        return self._keys() if callable(self._keys) else self._keys

    def emit(self, event: AppEvent) -> None:
        self._listeners.put(event)

    def events(self) -> Listener:
        """What apps emit from now on."""
        return self._listeners.listen()

    async def launch(self, request: AppLaunch) -> bytes:
        return await self._call(request.app_id, "webos_app_launch", (Screen, Problem), request=request)

    async def panel(self, request: PanelRequest) -> bytes:
        return await self._call(request.app_id, "webos_render_panel", (Panel, Problem), request=request)

    async def action(self, call: ActionCall) -> bytes:
        return await self._call(call.app_id, "webos_invoke_action", (Done, Invalid, Confirm, Problem), call=call)

    async def palette(self, query: PaletteQuery) -> bytes:
        """The apps' items and tiles of the host's own, the best first. An app that fails or is late is left out."""
        answers = await self._ask_all(
            "webos_command_palette", PaletteResults, PALETTE_SECONDS[query.reach], query=query
        )
        tiles = palette.tiles(query.text, [app.manifest for app in self._running.values()])
        return encode(palette.merge(query, tiles, answers))

    async def event(self, event: HostEvent) -> None:
        """Tell every app; returns when all have heard it."""
        await self._ask_all("webos_event", type(None), EVENT_SECONDS, event=event)

    async def _call(self, app_id: str, hook: str, answers: tuple[type[Answer], ...], **arguments: object) -> bytes:
        app = self._running.get(app_id)
        if app is None:
            return encode(problem("not-found", "No such app", "This app is not installed here."))
        return (await app.call(hook, answers, **arguments)).data

    async def _ask_all(self, hook: str, answer: type[A], seconds: float, **arguments: object) -> list[A | None]:
        """The answer of each app that has the hook, None for one that fails or is late, also with its start."""
        answers: dict[str, A | None] = dict.fromkeys(self._running)

        async def ask(app: RunningApp) -> None:
            with anyio.move_on_after(seconds):
                if not await app.answers(hook):
                    del answers[app.id]
                    return
                given = (await app.call(hook, (answer,), **arguments)).answer
                answers[app.id] = given if isinstance(given, answer) else None

        async with anyio.create_task_group() as asking:
            for app in self._running.values():
                asking.start_soon(ask, app)
        return [*answers.values()]
