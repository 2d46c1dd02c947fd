"""The host's calls over HTTP. Every request's context is made here; what a page sends is the rest of it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import anyio
import msgspec
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from omnicart_plugin import webos
from omnicart_plugin.desktop import kinds

WORKSPACE = "local"
_LARGEST_BODY = 262_144
_BEAT_SECONDS = 15
_TILE = ("id", "name", "version", "summary", "category", "icon", "keywords", "bundle")
_ADDRESS = {
    "app": "app_id",
    "account": "account_id",
    "panel": "panel",
    "item": "item_id",
    "q": "search",
    "sort": "sort",
    "offset": "offset",
}
R = TypeVar("R", webos.AppLaunch, webos.PaletteQuery, webos.PanelRequest, webos.ActionCall, webos.HostEvent)


class Served(Protocol):
    """What the desktop needs of a host. `webos.LocalHost` is one."""

    @property
    def apps(self) -> Sequence[Any]:
        """Tiles: id, name, version, summary, category, icon, keywords, bundle."""

    @property
    def data_dir(self) -> Path:
        """Where the key of the cookies is kept."""

    async def launch(self, request: webos.AppLaunch) -> bytes: ...
    async def panel(self, request: webos.PanelRequest) -> bytes: ...
    async def action(self, call: webos.ActionCall) -> bytes: ...
    async def palette(self, query: webos.PaletteQuery) -> bytes: ...
    async def event(self, event: webos.HostEvent) -> None: ...
    def events(self) -> AsyncIterator[webos.AppEvent]: ...


def routes(host: Served, bundles: frozenset[str], stopping: anyio.Event) -> list[Route]:
    """All that a page may ask. Event streams end when ``stopping`` is set."""

    async def apps(_: Request) -> Response:
        return _json(msgspec.json.encode([{name: getattr(app, name) for name in _TILE} for app in host.apps]))

    async def hear(event: webos.HostEvent) -> bytes:
        await host.event(event)
        return b"{}"

    async def events(_: Request) -> Response:
        return EventStream(host, stopping)

    def answering(kind: type[R], ask: Callable[[R], Awaitable[bytes]]) -> Callable[[Request], Awaitable[Response]]:
        return partial(_answer, kind, ask, bundles)

    return [
        Route("/api/apps", apps),
        Route("/api/launch", answering(webos.AppLaunch, host.launch), methods=["POST"]),
        Route("/api/panel", answering(webos.PanelRequest, host.panel), methods=["POST"]),
        Route("/api/action", answering(webos.ActionCall, host.action), methods=["POST"]),
        Route("/api/palette", answering(webos.PaletteQuery, host.palette), methods=["POST"]),
        Route("/api/event", answering(webos.HostEvent, hear), methods=["POST"]),
        Route("/api/events", events),
        Route("/api/kinds", _kinds),
        Route("/schema", _schema),
    ]


def ahead(host: Served, bundles: frozenset[str], request: Request) -> BackgroundTask | None:
    """Asks for the panel in a page's address, so that its app is at work on it before the page can ask.

    `static/js/address.js` writes that address. The answer is dropped: an app remembers what it was asked just now.
    """
    params = request.query_params
    asked = {ours: params[theirs] for theirs, ours in _ADDRESS.items() if params.get(theirs)}
    filters = {key[2:]: value for key, value in params.items() if key.startswith("f.")}
    try:
        panel = msgspec.convert(
            {**asked, "filters": filters, "ctx": _context(request, bundles)}, webos.PanelRequest, strict=False
        )
    except msgspec.MsgspecError:
        return None
    return BackgroundTask(host.panel, panel)


async def _answer(
    kind: type[R], ask: Callable[[R], Awaitable[bytes]], bundles: frozenset[str], request: Request
) -> Response:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return _refused("That is too much to send at once.", 413)
    try:
        asked = msgspec.convert({**msgspec.json.decode(body, type=dict), "ctx": _context(request, bundles)}, kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as exc:
        return _refused(f"The page sent something else than was expected: {exc}", 400)
    return _json(await ask(asked))


def _refused(detail: str, status: int) -> Response:
    return _json(webos.encode(webos.problem("bad-request", "That did not work", detail)), status)


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="application/json", headers={"cache-control": "no-store"})


async def _kinds(_: Request) -> Response:
    return _json(kinds.as_json())


async def _schema(_: Request) -> Response:
    return _json(webos.contract_schema())


def _context(request: Request, bundles: frozenset[str]) -> webos.Context:
    return webos.Context(
        workspace_id=WORKSPACE,
        user_id="local",
        role="owner",
        bundles=bundles,
        locale=_locale(request.headers.get("accept-language", "")),
        timezone=_timezone(request.cookies.get("timezone", "")),
    )


def _locale(header: str) -> str:
    """The first language of ``Accept-Language``."""
    first = re.match(r"\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\s*(?:[,;]|$)", header)
    return first[1] if first else "en"


def _timezone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (LookupError, ValueError, OSError):
        return "UTC"


class EventStream(Response):
    """Server-sent events, until the page leaves or the server stops."""

    media_type = "text/event-stream"

    def __init__(self, host: Served, stopping: anyio.Event) -> None:
        super().__init__(headers={"cache-control": "no-store"})
        del self.headers["content-length"]
        self._host = host
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's own
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})

        async def write(text: bytes) -> None:
            await send({"type": "http.response.body", "body": text, "more_body": True})

        async with anyio.create_task_group() as tasks:

            async def end_after(wait: Callable[[], Awaitable[object]]) -> None:
                await wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(end_after, self._stopping.wait)
            tasks.start_soon(end_after, partial(_gone, receive))
            tasks.start_soon(end_after, partial(self._forward, write))
            tasks.start_soon(_beat, write)
        await send({"type": "http.response.body", "body": b""})

    async def _forward(self, write: Callable[[bytes], Awaitable[None]]) -> None:
        async for event in self._host.events():
            if event.workspace_id == WORKSPACE:
                await write(b"data: " + webos.encode(event) + b"\n\n")


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _beat(write: Callable[[bytes], Awaitable[None]]) -> None:
    """Tells a page whose machine slept that the line is dead."""
    while True:
        await write(b": \n\n")
        await anyio.sleep(_BEAT_SECONDS)
