"""A server that answers as Medusa answered: what it is asked first it asks the store, and from then on it repeats.

The bytes are the store's own, and so is the time they take, of several the median, unless another is set. Connections
are kept for 5 s, as Medusa keeps them. It runs in a process of its own, so that its work is not taken for ours.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

CONTROL = "/_replay"
"""Where it is told what to do; answers with what it was asked since."""


@dataclass(frozen=True)
class Asked:
    """A question, and what its answer took."""

    method: str
    target: str
    size: int
    """Bytes of the body."""
    seconds: float
    """That the store needed, when it was asked itself."""


class Replay:
    """A running one."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port

    def set(self, *, forward: bool = False, latency: float | None = None) -> None:
        """``forward`` asks the store each time; ``latency`` in seconds is that of every repeated answer."""
        self._tell({"forward": forward, "latency": latency})

    def asked(self) -> list[Asked]:
        """What it was asked since this was called last; signing in and being found to be a Medusa is no part of it."""
        log = [Asked(**entry) for entry in self._tell({})]
        return [asked for asked in log if asked.method == "GET" and asked.target != "/health"]

    def _tell(self, settings: dict[str, Any]) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request("POST", CONTROL, json.dumps(settings))
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


@contextmanager
def replay(upstream: str) -> Iterator[Replay]:
    """`upstream` is the base URL of the store."""
    command = [sys.executable, "-m", "benchmarks.replay_server", upstream]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:  # noqa: S603 - our own
        try:
            assert server.stdout  # noqa: S101 - it is a pipe
            yield Replay(int(server.stdout.readline()))
        finally:
            server.kill()
