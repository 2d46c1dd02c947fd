"""The sample store behind httpx: requests are answered from memory, and no socket is opened."""

from base64 import urlsafe_b64encode
from datetime import date
from typing import Any

import httpx
import msgspec

from omnicart_plugin.demo.answers import answer
from omnicart_plugin.demo.identity import moment
from omnicart_plugin.demo.rows import Refused
from omnicart_plugin.demo.sample import Sample, sample
from omnicart_plugin.medusa.auth import Password

DEMO_BASE_URL = "https://demo.omnicart.invalid"
DEMO_CREDENTIALS = Password("demo@omnicart.invalid", "look-but-do-not-touch")
_DAY_SECONDS = 86_400
_JSON = msgspec.json.Encoder(decimal_format="number")
_NO_ROUTE = "<!DOCTYPE html>\n<html><head><title>Error</title></head><body><pre>Cannot {} {}</pre></body></html>\n"


class DemoTransport(httpx.AsyncBaseTransport):
    """A Medusa store as it is in the first hour of `today`. It answers every question and refuses every change."""

    def __init__(self, today: date) -> None:
        self._today = today

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if request.method == "POST" and path == "/auth/user/emailpass":
            return self._sign_in(await request.aread())
        if path == "/health":
            return _response(200, b"OK", "text/html; charset=utf-8")
        if request.headers.get("Authorization") != f"Bearer {self._token()}":
            return _json(401, {"message": "Unauthorized"})
        if request.method != "GET":
            return _json(403, {"type": "forbidden", "message": "The demo store cannot be changed"})
        return self._answer(request.url)

    def _sign_in(self, body: bytes) -> httpx.Response:
        if msgspec.json.decode(body) != msgspec.to_builtins(DEMO_CREDENTIALS):
            return _json(401, {"type": "unauthorized", "message": "Invalid email or password"})
        return _json(200, {"token": self._token()})

    def _token(self) -> str:
        """Valid for a day, as Medusa's are, and for nothing but this store."""
        since = int(moment(self._today, 0).timestamp())
        claims = {"actor_type": "user", "iat": since, "exp": since + _DAY_SECONDS}
        return ".".join(map(_part, ({"alg": "none", "typ": "JWT"}, claims, "demo")))

    def _sample(self) -> Sample:
        return sample(self._today)

    def _answer(self, url: httpx.URL) -> httpx.Response:
        try:
            body = answer(self._sample(), url.raw_path.split(b"?")[0].decode(), url.params)
        except Refused as refused:
            return _json(refused.status, refused.body)
        if body is None:
            return _response(404, _NO_ROUTE.format("GET", url.path).encode(), "text/html; charset=utf-8")
        return _json(200, body)


def _part(value: object) -> str:
    return urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("=")


def _json(status: int, body: Any) -> httpx.Response:
    return _response(status, _JSON.encode(body), "application/json; charset=utf-8")


def _response(status: int, body: bytes, kind: str) -> httpx.Response:
    """As a stream, because the body of a response that is made with its content cannot be read raw."""
    headers = {"Content-Type": kind, "Content-Length": str(len(body))}
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))
