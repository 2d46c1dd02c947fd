"""One app inside a host: loaded, alive in a task of its own, called alone, and dead without harm to others."""

import logging
import secrets
from contextlib import AbstractAsyncContextManager, nullcontext
from importlib.metadata import EntryPoint
from typing import Any, NamedTuple

import anyio
import pluggy

from omnicart_plugin.webos.codec import encode
from omnicart_plugin.webos.hookspecs import Host
from omnicart_plugin.webos.manifest import Manifest
from omnicart_plugin.webos.results import problem

log = logging.getLogger("webos")

LEAVING_SECONDS = 10.0


class Reply(NamedTuple):
    answer: Any
    data: bytes
    """The answer, encoded."""


class RunningApp:
    """An app from its entry point. What goes wrong in it ends here, in a log line with a trace id."""

    def __init__(self, entry: EntryPoint, manifest: Manifest, plugins: pluggy.PluginManager) -> None:
        self.manifest = manifest
        self._entry = entry
        self._plugins = plugins
        self._ready = anyio.Event()
        self._leaving = anyio.Event()
        self._left = anyio.Event()
        self._alive = False
        self._calls: set[anyio.CancelScope] = set()

    @property
    def id(self) -> str:
        return self.manifest.app.id

    async def live(self, host: Host) -> None:
        """Load the app, enter its lifespan, and leave it when told to."""
        try:
            app = self._entry.load()()
            self._plugins.register(app, name=self.id)
            async with self._lifespan(host):
                self._alive = True
                self._ready.set()
                await self._leaving.wait()
        except Exception:
            log.exception("app %s has died", self.id)
        finally:
            self._alive = False
            self._ready.set()
            self._left.set()
            for scope in self._calls:
                scope.cancel()

    async def leave(self) -> None:
        """Let the lifespan end; whoever takes longer than `LEAVING_SECONDS` is cancelled by the host."""
        self._leaving.set()
        with anyio.move_on_after(LEAVING_SECONDS):
            await self._left.wait()

    async def call(self, hook: str, answers: tuple[type[Any], ...], **arguments: object) -> Reply:
        """Call one hook of this app alone. An app that raises, is dead, or answers another thing is a `Problem`."""
        if not self._ready.is_set():  # waiting costs a turn of the event loop even then
            await self._ready.wait()
        with anyio.CancelScope() as scope:
            self._calls.add(scope)
            try:
                if self._alive:
                    answer = await self._hook(hook)(**arguments)
                    if isinstance(answer, answers):
                        return Reply(answer, encode(answer))
                    log.error("app %s answered %s with a %s", self.id, hook, type(answer).__name__)
            except Exception:  # noqa: BLE001 - whatever an app raises costs its own answer only
                return self._internal(hook, failed=True)
            finally:
                self._calls.discard(scope)
        return self._internal(hook, failed=False)

    async def answers(self, hook: str) -> bool:
        """Whether the app has this hook."""
        await self._ready.wait()
        return self.id in {impl.plugin_name for impl in getattr(self._plugins.hook, hook).get_hookimpls()}

    def _lifespan(self, host: Host) -> AbstractAsyncContextManager[None]:
        return self._hook("webos_lifespan")(host=host) or nullcontext()

    def _hook(self, name: str) -> pluggy.HookCaller:
        others = [plugin for id_, plugin in self._plugins.list_name_plugin() if id_ != self.id]
        return self._plugins.subset_hook_caller(name, remove_plugins=others)

    def _internal(self, hook: str, *, failed: bool) -> Reply:
        trace_id = secrets.token_hex(8)
        log.error("app %s failed in %s, trace %s", self.id, hook, trace_id, exc_info=failed)
        answer = problem(
            "internal",
            "Something went wrong",
            f"{self.manifest.app.name} could not answer. Try again; if it stays so, pass on the trace id {trace_id}.",
            trace_id=trace_id,
        )
        return Reply(answer, encode(answer))
