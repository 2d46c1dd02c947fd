"""Signing in: one request however many wait, and never again with a password that was refused."""

from base64 import b64encode, urlsafe_b64decode
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

import msgspec
from anyio.abc import TaskGroup

from omnicart_plugin.medusa.answer import decode
from omnicart_plugin.medusa.errors import Refusal, TwoFactor, Unauthorized
from omnicart_plugin.medusa.faults import of_status
from omnicart_plugin.medusa.flight import Flight
from omnicart_plugin.medusa.transport import Answer

LONGEST_SECONDS = 55 * 60.0
MARGIN_SECONDS = 60.0


class _Secret(msgspec.Struct, frozen=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []


class Password(_Secret, frozen=True):
    email: str
    password: str


class SecretKey(_Secret, frozen=True):
    key: str


Credentials = Password | SecretKey


class _Token(msgspec.Struct):
    token: str = ""
    mfa_required: bool = False
    verification_required: bool = False


class _Claims(msgspec.Struct):
    """Seconds since 1970 by the store's clock."""

    iat: float
    exp: float


class Session:
    """What the credentials became. New credentials make a new session, so nothing of the old ones can come back."""

    def __init__(
        self, credentials: Credentials, sign_in: Callable[[bytes], Awaitable[Answer]], tasks: TaskGroup
    ) -> None:
        self._credentials = credentials
        self._post = sign_in
        self._tasks = tasks
        self._header = ""
        self._good_until = 0.0
        self._refused: Refusal | None = None
        self._signing_in: Flight[str] | None = None

    async def authorization(self) -> str:
        """The value of the header.

        Raises:
            Unauthorized, TwoFactor: The store refused them, now or before.
        """
        if isinstance(self._credentials, SecretKey):
            return "Basic " + b64encode(f"{self._credentials.key}:".encode()).decode()
        if self._header and monotonic() < self._good_until:
            return self._header
        if self._refused:
            raise type(self._refused)(self._refused.message, status=self._refused.status)
        if self._signing_in is None:
            self._signing_in = Flight(self._tasks, self._sign_in, self._credentials)
        return await self._signing_in.result()

    def renew(self, header: str) -> bool:
        """Forget a token that the store refused. Whether there may be another."""
        if header == self._header:
            self._header = ""
        return isinstance(self._credentials, Password)

    async def _sign_in(self, credentials: Password) -> str:
        asked_at = monotonic()
        try:
            token = _token(await self._post(msgspec.json.encode(credentials)))
        except (Unauthorized, TwoFactor) as refused:
            self._refused = refused
            raise
        finally:
            self._signing_in = None
        self._header = f"Bearer {token}"
        self._good_until = asked_at + _lifetime(token)
        return self._header


def _token(answer: Answer) -> str:
    if answer.status == 401:  # noqa: PLR2004 - HTTP
        raise Unauthorized("The store does not accept this email and password.", status=401)
    if answer.status >= 300:  # noqa: PLR2004 - HTTP
        raise of_status(answer.status, answer.headers, answer.body)
    said = decode(answer.body, _Token)
    if said.mfa_required or said.verification_required or not said.token:
        raise TwoFactor("This user needs a second factor: use a secret API key, or a user without one.")
    return said.token


def _lifetime(token: str) -> float:
    """Seconds, from the difference of the token's own times: the two clocks need not agree."""
    payload = token.split(".")[1] if token.count(".") > 1 else ""
    try:
        claims = msgspec.json.decode(urlsafe_b64decode(payload + "=="), type=_Claims)
    except ValueError:
        return LONGEST_SECONDS  # not a JWT: a 401 will tell
    lifetime = claims.exp - claims.iat
    return min(LONGEST_SECONDS, lifetime - min(MARGIN_SECONDS, lifetime / 5))
