"""One HTTP exchange: bounded, without redirects, proxies or cookies, over a pool that lives for ever."""

from collections.abc import AsyncIterator, Mapping
from functools import cache
from ssl import SSLContext
from typing import Any

import anyio
import httpcore
import httpx
import msgspec

from omnicart_plugin.medusa.answer import read
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import Unreachable
from omnicart_plugin.medusa.faults import of_exception

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 30.0
"""From the wait for a free connection to the last byte."""
KEPT_SECONDS = 4.0
"""Medusa closes an idle connection after 5 s, and a request sent at that moment is lost."""
MOST_CONNECTIONS = 10


class Request(msgspec.Struct, frozen=True):
    """``headers`` may hold credentials, so a repr shows none."""

    method: str
    url: str
    params: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = {}
    body: bytes | None = None

    def __repr__(self) -> str:
        return f"Request({self.method} {self.url})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("url", self.url)]


class Answer(msgspec.Struct, frozen=True):
    status: int
    headers: httpx.Headers
    body: bytes


class PoolTransport(httpx.AsyncBaseTransport):
    """httpx's own transport, but for the network backend, which that one does not let in, and for the queue.

    httpcore's pool loses a slot when a request gives up just as it is handed one, so none ever waits in there.
    """

    def __init__(self, egress: Egress) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_ssl_context(),
            max_connections=None,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=egress,
        )
        self._free = anyio.Semaphore(MOST_CONNECTIONS)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=_Body(request.content),
            extensions=request.extensions,
        )
        await request.extensions["trace"]("pool.entered", {})
        await self._free.acquire()
        try:
            answer = await self._pool.handle_async_request(asked)
        except BaseException:
            self._free.release()
            raise
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer, self._free))

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body:
    """No async generator: one that is left in the middle has to be closed by somebody."""

    def __init__(self, content: bytes) -> None:
        self._left = [content]

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if not self._left:
            raise StopAsyncIteration
        return self._left.pop()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, free: anyio.Semaphore) -> None:
        self._answer = answer
        self._free = free

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_stream()

    async def aclose(self) -> None:
        try:
            await self._answer.aclose()
        finally:
            self._free.release()


@cache
def _ssl_context() -> SSLContext:
    """One for all: it takes milliseconds and half a megabyte to make."""
    return httpx.create_ssl_context(trust_env=False)


class _Progress:
    """How far a request came, told by httpcore's trace; the worst is assumed where nothing is told."""

    def __init__(self) -> None:
        self.connected = self.sent = True
        self.securing = False

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        match event:
            case "pool.entered":
                self.connected = self.sent = False
            case "connection.connect_tcp.started":
                self.connected = True
            case "connection.start_tls.started":
                self.securing = True
            case "http11.send_request_headers.started":
                self.securing, self.sent = False, True
            case "http11.send_request_headers.failed" if isinstance(info["exception"], httpcore.WriteError):
                self.sent = False  # the socket was closed before a byte was taken

    def was_stale(self, error: Exception, method: str) -> bool:
        """Whether a kept connection was found closed, with a request that may go again on another."""
        lost = isinstance(error, Unreachable) and error.reason == "closed"
        return lost and not self.connected and (method == "GET" or not self.sent)


async def exchange(transport: httpx.AsyncBaseTransport, request: Request) -> Answer:
    """Send it, and once more where a kept connection turns out to be closed.

    Raises:
        Unreachable, UpstreamInvalid: There is no whole answer. Whatever its status, an answer is returned.
    """
    for _ in range(MOST_CONNECTIONS):
        progress = _Progress()
        try:
            with anyio.fail_after(TOTAL_SECONDS):
                return await _once(transport, request, progress)
        except Exception as exc:  # noqa: BLE001 - the table of faults is total
            error = of_exception(exc, sent=progress.sent, securing=progress.securing)
        if not progress.was_stale(error, request.method):
            break
    raise error


async def _once(transport: httpx.AsyncBaseTransport, request: Request, progress: _Progress) -> Answer:
    timeout = {"connect": CONNECT_SECONDS, "read": TOTAL_SECONDS, "write": TOTAL_SECONDS, "pool": TOTAL_SECONDS}
    answer = await transport.handle_async_request(
        httpx.Request(
            request.method,
            httpx.URL(request.url, params=request.params),
            headers={"Accept": "application/json", "Accept-Encoding": "gzip", **request.headers},
            content=request.body,
            extensions={"timeout": timeout, "trace": progress.trace},
        )
    )
    try:
        body = await read(answer.aiter_raw(), answer.headers.get("content-encoding", "").strip().lower())
    finally:
        with anyio.CancelScope(shield=True):
            await answer.aclose()
    return Answer(answer.status_code, answer.headers, body)
