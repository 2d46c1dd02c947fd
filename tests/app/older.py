"""A store as an older Medusa is: one on loopback before a newer one, without the route that searches everything."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.medusa_lab import Medusa

_PASSED_ON = ("authorization", "content-type")


class Before:
    """Another address of the same store.

    ``asked`` are the paths that came by; those in `lacks` are answered as Medusa answers unknown routes, those in
    `fails` as one that has a fault.
    """

    def __init__(self, store: Medusa, *, lacks: tuple[str, ...] = (), fails: tuple[str, ...] = ()) -> None:
        self.lacks, self.fails = lacks, fails
        self.asked: list[str] = []
        self._behind = urlsplit(store.url).netloc
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = True
        self.server = server
        self.store = Medusa(f"http://127.0.0.1:{server.server_port}", store.email, store.password, store.secret_key)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        before = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def do_GET(self) -> None:
                status, body = before.answer(self.command, self.path, self._sent(), dict(self.headers.items()))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 - the name that http.server calls

            def _sent(self) -> bytes:
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def answer(self, method: str, target: str, sent: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        path = target.partition("?")[0]
        self.asked.append(path)
        if path in self.fails:
            return 500, b'{"type": "unknown_error"}'
        if path in self.lacks:
            return 404, b"<!DOCTYPE html><pre>Cannot GET</pre>"
        connection = http.client.HTTPConnection(self._behind, timeout=60)
        connection.request(method, target, sent, {k: v for k, v in headers.items() if k.lower() in _PASSED_ON})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body


@contextmanager
def before(store: Medusa, **how: tuple[str, ...]) -> Iterator[Before]:
    """``lacks`` and ``fails`` name paths."""
    one = Before(store, **how)
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield one
    finally:
        one.server.shutdown()
        thread.join()
        one.server.server_close()
