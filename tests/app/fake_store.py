"""A Medusa store that writes down what it is asked, and is another store to each user that signs in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
from anyio.abc import ByteStream
from msgspec.structs import replace

from omnicart_plugin.demo import answers
from omnicart_plugin.demo.rows import Refused
from omnicart_plugin.demo.sample import Sample, sample
from tests.medusa.raw_server import Asked, answer, raw_server

_JSON = msgspec.json.Encoder(decimal_format="number")
_STATUS = {"cancel": "canceled", "complete": "completed", "archive": "archived", "": ""}
_MORNING = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
"""Later than anything in the sample of this day."""


class FakeStore:
    """The sample store of the demo, and orders in it can be changed. Any password signs in; the token is the email.

    ``asked`` holds the requests of each user, the sign-ins among them.
    """

    def __init__(self) -> None:
        self.url = ""
        self.asked: dict[str, list[Asked]] = {}
        self._samples: dict[str, Sample] = {}

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[FakeStore]":
        async with raw_server(self._reply) as server:
            self.url = server.url
            yield self

    def writes(self, user: str) -> list[str]:
        """The paths that were written to, without the sign-ins."""
        return [a.path for a in self.asked.get(user, []) if a.method != "GET" and not a.path.startswith("/auth")]

    async def _reply(self, asked: Asked, stream: ByteStream) -> None:
        try:
            await stream.send(answer(_JSON.encode(self._answer(asked))))
        except Refused as refused:
            await stream.send(answer(refused.body, refused.status))

    def _answer(self, asked: Asked) -> Any:
        """Medusa's for what the app asks. Raises Refused."""
        url = urlsplit(asked.path)
        if url.path == "/health":
            return msgspec.Raw(b"OK")
        if url.path == "/auth/user/emailpass":
            user = msgspec.json.decode(asked.body)["email"]
            self.asked.setdefault(user, []).append(asked)
            return {"token": user}
        user = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if not user:
            raise Refused(401, message="Unauthorized")
        self.asked.setdefault(user, []).append(asked)
        path = url.path
        if asked.method == "POST":
            self._change(user, path.removeprefix("/admin/orders/"), msgspec.json.decode(asked.body or b"{}"))
            path = "/".join(path.split("/")[:4])
        found = answers.answer(self._of(user), path, httpx.QueryParams(url.query))
        if found is None:
            raise Refused(404, type="not_found", message=f"Cannot {asked.method} {path}")
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
