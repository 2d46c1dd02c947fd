"""A Medusa store on loopback that writes down what it is asked, and is another store to each user that signs in."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec.structs import replace

from omnicart_plugin.demo.answers import answer
from omnicart_plugin.demo.rows import Refused
from omnicart_plugin.demo.sample import Sample, sample

_JSON = msgspec.json.Encoder(decimal_format="number")
_STATUS = {"cancel": "canceled", "complete": "completed", "archive": "archived", "": ""}
_MORNING = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
"""Later than anything in the sample of this day."""


class Asked(NamedTuple):
    method: str
    path: str
    """With its query."""
    body: str


class FakeStore:
    """The sample store of the demo, and orders in it can be changed. Any password signs in; the token is the email.

    ``asked`` holds the requests of each user, the sign-ins among them.
    """

    def __init__(self) -> None:
        self.asked: dict[str, list[Asked]] = {}
        self._samples: dict[str, Sample] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> "Iterator[FakeStore]":
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def writes(self, user: str) -> list[str]:
        """The paths that were written to, without the sign-ins."""
        return [a.path for a in self.asked.get(user, []) if a.method != "GET" and not a.path.startswith("/auth")]

    def respond(self, method: str, target: str, authorization: str, body: str) -> tuple[int, bytes]:
        """Status and body. Medusa's for what the app asks."""
        if target == "/health":
            return 200, b"OK"
        if target == "/auth/user/emailpass":
            user = json.loads(body)["email"]
            self._note(user, Asked(method, target, ""))
            return 200, _JSON.encode({"token": user})
        user = authorization.removeprefix("Bearer ")
        if not user:
            return 401, _JSON.encode({"message": "Unauthorized"})
        self._note(user, Asked(method, target, body))
        try:
            return 200, _JSON.encode(self._answer(user, method, target, body))
        except Refused as refused:
            return refused.status, _JSON.encode(refused.body)

    def _note(self, user: str, asked: Asked) -> None:
        with self._lock:
            self.asked.setdefault(user, []).append(asked)

    def _answer(self, user: str, method: str, target: str, body: str) -> Any:
        url = urlsplit(target)
        path = url.path
        with self._lock:
            if method == "POST":
                self._change(user, path.removeprefix("/admin/orders/"), json.loads(body or "{}"))
                path = "/".join(path.split("/")[:4])
            found = answer(self._of(user), path, httpx.QueryParams(url.query))
        if found is None:
            raise Refused(404, type="not_found", message=f"Cannot {method} {path}")
        return found

    def _change(self, user: str, place: str, body: dict[str, Any]) -> None:
        order_id, _, verb = place.partition("/")
        store = self._of(user)
        if verb not in _STATUS or order_id not in {order.id for order in store.trade.orders}:
            raise Refused(404, type="not_found", message="Not found")
        changes: dict[str, Any] = {"status": _STATUS[verb]} if verb else {"metadata": body["metadata"]}
        changes["updated_at"] = _MORNING + timedelta(seconds=len(self.asked[user]))
        orders = tuple(replace(o, **changes) if o.id == order_id else o for o in store.trade.orders)
        self._samples[user] = store._replace(trade=store.trade._replace(orders=orders))

    def _of(self, user: str) -> Sample:
        """Each user's own: whose it is shows in every order's email."""
        if user not in self._samples:
            made = sample(_MORNING.date())
            orders = tuple(replace(order, email=f"{order.display_id}-of-{user}") for order in made.trade.orders)
            self._samples[user] = made._replace(trade=made.trade._replace(orders=orders))
        return self._samples[user]


def _handler(store: FakeStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(ConnectionError):  # a client may leave as it likes
                super().handle()

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            authorization = self.headers.get("authorization") or ""
            status, answered = store.respond(self.command, self.path, authorization, body)
            self.send_response(status)
            self.send_header("content-type", "application/json" if answered[:1] == b"{" else "text/html")
            self.send_header("content-length", str(len(answered)))
            self.end_headers()
            self.wfile.write(answered)

        do_POST = do_GET  # noqa: N815 - the name that http.server looks for
        do_DELETE = do_GET  # noqa: N815 - as above

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
