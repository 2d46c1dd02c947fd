"""The desktop's server in a thread, and plain requests to it."""

import http.client
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from anyio.from_thread import BlockingPortal, start_blocking_portal

from omnicart_plugin.desktop import serve
from tests.desktop.library import Library


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Served:
    """A desktop that runs. `address` holds the token, `url` does not."""

    address: str
    library: Library
    portal: BlockingPortal

    @property
    def url(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def port(self) -> int:
        port = urlsplit(self.address).port
        assert port is not None
        return port

    def ask(self, path: str, body: Any = None, *, method: str | None = None, **headers: str) -> Answer:
        """One request; underscores in the names of headers are hyphens. A body goes out as JSON unless it is bytes."""
        raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        named = {"Origin": self.url} if raw is not None else {}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method or ("GET" if raw is None else "POST"), path, raw, named)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def cookie(self) -> Mapping[str, str]:
        """The header of a browser that is in."""
        answer = self.ask(self.address.removeprefix(self.url))
        return {"Cookie": answer.headers["set-cookie"].split(";")[0]}

    def emit(self, *panels: str) -> None:
        self.portal.call(self.library.emit, *panels)


@contextmanager
def serving(library: Library, **options: Any) -> Iterator[Served]:
    with start_blocking_portal("asyncio") as portal, address_of(portal, library, **options) as address:
        yield Served(address, library, portal)


@contextmanager
def address_of(portal: BlockingPortal, host: Any, **options: Any) -> Iterator[str]:
    """The address, with its token, of a desktop that runs before a host in the portal's loop."""
    said: SimpleQueue[str] = SimpleQueue()
    running = portal.start_task_soon(
        partial(serve, host, announce=said.put, **{"port": 0, "open_browser": False, **options})
    )
    try:
        yield _address(said, running)
    finally:
        running.cancel()


def _address(said: SimpleQueue[str], running: Future[None]) -> str:
    while True:
        try:
            return said.get(timeout=0.2).split()[-1]
        except Empty:
            if running.done():
                running.result()
