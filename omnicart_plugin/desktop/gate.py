"""Who may come in: asked by a known name, from the desktop's own pages, with the cookie that the printed address gives.

A page of another origin can make a browser send requests here, also under a name that it points at this machine
(DNS rebinding). Host, Origin and Sec-Fetch-Site stop both before anything is looked at.
"""

import hashlib
import hmac
import ipaddress
import os
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import anyio
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from omnicart_plugin.desktop.files import file_answer

_PUBLIC = {"/static/css/gate.css"}
_KEY_BYTES = 32
_MOST_WAITING = 4
"""Guesses in line behind the one that is looked at."""
_LONGEST_FORM = 4096
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' https: data: http://127.0.0.1:* http://localhost:*; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",  # without a referrer browsers call the origin of a form "null"
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach what listens at ``address``."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def cookie_key(directory: Path) -> bytes:
    """The key that cookies are made with. It outlives the process, so that a restart signs nobody out.

    Raises:
        ValueError: The file holds something else.
    """
    path = directory / "desktop.key"
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as new:
            new.write(secrets.token_bytes(_KEY_BYTES))
    except FileExistsError:
        pass
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise ValueError(f"{path} is not a key of {_KEY_BYTES} bytes. Remove it and start again.")
    return key


def _new_token() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What opens the gate at one address."""

    address: str
    port: int
    key: bytes = field(repr=False)
    password: str | None = field(default=None, repr=False)
    token: str = field(default_factory=_new_token, repr=False)
    _passes: set[str] = field(default_factory=set, repr=False, init=False)

    @property
    def cookie_name(self) -> str:
        """Cookies know no ports: two desktops on one machine must not sign each other out."""
        return f"desktop-{self.port}"

    @property
    def cookie(self) -> str:
        """A new password makes every older cookie worthless."""
        return hmac.new(self.key, (self.password or "").encode(), hashlib.sha256).hexdigest()

    def new_pass(self) -> str:
        """A token that opens once: for a command line, which everybody on the machine can read."""
        made = _new_token()
        self._passes.add(made)
        return made

    def takes(self, token: str) -> bool:
        """Whether ``token`` opens the gate. A pass is used up by that."""
        if token in self._passes:
            self._passes.remove(token)
            return True
        return secrets.compare_digest(token.encode(), self.token.encode())

    def knows_host(self, header: str) -> bool:
        """Whether ``header`` names this server. Rebinding needs a name, so an address of another interface is fine."""
        try:
            parts = urlsplit(f"//{header}")
            name, port = parts.hostname or "", parts.port or 80
        except ValueError:
            return False
        return port == self.port and (name in {self.address, "localhost"} or self._is_own(name))

    def _is_own(self, name: str) -> bool:
        if is_loopback(self.address):
            return is_loopback(name)
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name == socket.gethostname().lower()
        return True

    def allows(self, request: Request) -> bool:
        """Whether a browser sent it by itself, or for a page of this desktop."""
        headers = request.headers
        host = headers.get("host", "")
        origin = headers.get("origin")
        if not self.knows_host(host) or (origin is None and request.method != "GET"):
            return False
        if origin is not None and origin not in {f"http://{host}", f"https://{host}"}:
            return False
        followed_a_link = headers.get("sec-fetch-mode") == "navigate" and request.method == "GET"
        return followed_a_link or headers.get("sec-fetch-site", "none") in {"same-origin", "none"}


class Gate:
    """Lets through what may come in, answers the rest itself, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, entry: Entry) -> None:
        self._app = app
        self._entry = entry
        self._one_guess = anyio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = await self._answer(Request(scope, receive)) or self._app
        await answer(scope, receive, _with_headers(send))

    async def _answer(self, request: Request) -> Response | None:
        if not self._entry.allows(request):
            return PlainTextResponse("Refused.", status_code=403)
        if self._entry.password is not None and request.method == "POST" and request.url.path == "/":
            return await self._sign_in(request, self._entry.password)
        if self._entry.takes(request.query_params.get("token", "")):
            return self._welcome(request)
        if request.url.path in _PUBLIC or self._has_cookie(request):
            return None
        return self._closed(request)

    def _has_cookie(self, request: Request) -> bool:
        cookie = request.cookies.get(self._entry.cookie_name, "")
        return secrets.compare_digest(cookie.encode(), self._entry.cookie.encode())

    def _closed(self, request: Request) -> Response:
        if request.url.path != "/":
            return PlainTextResponse("Sign in first.", status_code=401)
        page = "token.html" if self._entry.password is None else "login.html"
        return file_answer(page, request, status=401)

    async def _sign_in(self, request: Request, password: str) -> Response:
        """One guess at a time and two wrong ones a second, however many ask."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LONGEST_FORM:
                return PlainTextResponse("Too long.", status_code=413)
        typed = parse_qs(body.decode("utf-8", "replace")).get("password", [""])[0]
        if self._one_guess.statistics().tasks_waiting >= _MOST_WAITING:
            return PlainTextResponse("Too many guesses. Try again in a moment.", status_code=429)
        async with self._one_guess:
            if secrets.compare_digest(typed.encode(), password.encode()):
                return self._welcome(request)
            await anyio.sleep(0.5)
        return file_answer("wrong.html", request, status=401)

    def _welcome(self, request: Request) -> Response:
        rest = [(name, value) for name, value in request.query_params.multi_items() if name != "token"]
        answer = RedirectResponse("/" + (f"?{urlencode(rest)}" if rest else ""), status_code=303)
        answer.set_cookie(self._entry.cookie_name, self._entry.cookie, httponly=True, samesite="strict", path="/")
        return answer


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return send_with_headers
