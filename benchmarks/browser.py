"""What Medusa's own dashboard asks a store for a page, asked as a browser asks: at most 6 at a time, connections kept.

`medusa_admin.json` holds the requests of version 2.21.2 for each page in waves, as a browser was seen to send them; a
wave begins when the one before has ended. ``{order}`` and its kin stand for an id.
"""

import json
import re
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit

from benchmarks.rows import NotMeasuredError

_CONNECTIONS = 6
_PAGES: Mapping[str, list[list[str]]] = json.loads((Path(__file__).parent / "medusa_admin.json").read_text("utf-8"))
_KEPT_SECONDS = 4.0
"""The store closes an idle connection after 5."""
_SAFE = "/?=&,:[]{}*+-_.~"


@dataclass(frozen=True)
class Load:
    """What one page took."""

    seconds: float
    requests: int
    size: int
    """Bytes of the bodies."""


class Bare:
    """One kept connection, and nothing around it: `http.client` alone."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        address = urlsplit(url)
        self._connection = HTTPConnection(address.hostname or "", address.port, timeout=120)
        self._headers = dict(headers)
        self._used = 0.0

    def get(self, target: str) -> bytes:
        """Raises NotMeasuredError where the store refuses."""
        if time.monotonic() - self._used > _KEPT_SECONDS:
            self._connection.close()
        try:
            status, body = self._send(target)
        except ConnectionError:  # the store was faster to close it than this machine to use it
            self._connection.close()
            status, body = self._send(target)
        self._used = time.monotonic()
        if status >= 400:  # noqa: PLR2004 - HTTP
            raise NotMeasuredError(f"the store answered {status} to {target}")
        return body

    def _send(self, target: str) -> tuple[int, bytes]:
        self._connection.request("GET", target, headers=self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def seconds(self, target: str) -> float:
        began = time.perf_counter()
        self.get(target)
        return time.perf_counter() - began

    def close(self) -> None:
        self._connection.close()


class Browser:
    """A browser in which somebody is signed in."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._url = url
        self._headers = headers
        self._own = threading.local()
        self._opened: list[Bare] = []
        self._workers = ThreadPoolExecutor(_CONNECTIONS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._workers.shutdown()
        for connection in self._opened:
            connection.close()

    def load(self, waves: list[list[str]]) -> Load:
        began = time.perf_counter()
        sizes = [size for wave in waves for size in self._workers.map(self._get, wave)]
        return Load(time.perf_counter() - began, len(sizes), sum(sizes))

    def _get(self, target: str) -> int:
        bare: Bare | None = getattr(self._own, "bare", None)
        if bare is None:
            bare = self._own.bare = Bare(self._url, self._headers)
            self._opened.append(bare)
        return len(bare.get(target))


def waves(page: str, ids: Mapping[str, str]) -> list[list[str]]:
    """The requests for a page, with ids in place."""
    return [[_filled(target, ids) for target in wave] for wave in _PAGES[page]]


def _filled(target: str, ids: Mapping[str, str]) -> str:
    return quote(re.sub(r"\{(\w+)\}", lambda name: ids[name[1]], target), safe=_SAFE)
