"""A Medusa store seen through plain `http.client`: other eyes than the product's own."""

import base64
import http.client
import json
import threading
import time
from collections.abc import Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

_IDLE = 4.0  # seconds; the store closes a connection after 5, and nothing may be sent twice


class Refused(Exception):  # noqa: N818 - the store refused; that is no fault of a program
    """The store answered with 400 or more."""

    def __init__(self, request: str, status: int, answer: str) -> None:
        super().__init__(f"{request}: {status} {answer[:500]}")
        self.status = status


class Api:
    """Calls over one connection; each answer is decoded with its fractions as `Decimal`."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        self._lock = threading.Lock()
        self._used = 0.0
        self.headers = dict(headers or {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def __call__(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Any:
        sent = None if body is None else json.dumps(body)
        with self._lock:
            status, answer = self._send(method, path, sent, {**self.headers, **(headers or {})})
        if status >= http.client.BAD_REQUEST:
            raise Refused(f"{method} {path}", status, answer)
        return json.loads(answer, parse_float=Decimal) if answer else None

    def close(self) -> None:
        self._connection.close()

    def _send(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> tuple[int, str]:
        if time.monotonic() - self._used > _IDLE:
            self.close()
        data = body.encode() if body is not None else None
        self._connection.request(method, path, data, {"content-type": "application/json", **headers})
        answer = self._connection.getresponse()
        text = answer.read().decode()
        self._used = time.monotonic()
        return answer.status, text


def by_key(secret_key: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{secret_key}:".encode()).decode()}


def by_password(api: Api, email: str, password: str) -> dict[str, str]:
    token = api("POST", "/auth/user/emailpass", {"email": email, "password": password})["token"]
    return {"authorization": f"Bearer {token}"}
