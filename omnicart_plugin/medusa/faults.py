"""The one seam where what httpx, httpcore, sockets and HTTP statuses say becomes an error of ours."""

import logging
import socket
import ssl
from collections.abc import Mapping

import httpcore
import httpx
import msgspec

from omnicart_plugin.medusa.errors import (
    Forbidden,
    MedusaError,
    NotAllowed,
    NotFound,
    RateLimited,
    Reason,
    Refusal,
    ServerError,
    Unauthorized,
    Unreachable,
    UpstreamInvalid,
)

REASONS: Mapping[type[Exception], Reason] = {
    TimeoutError: "timeout",
    httpcore.TimeoutException: "timeout",
    httpx.TimeoutException: "timeout",
    httpcore.ConnectError: "refused",
    httpx.ConnectError: "refused",
    ssl.SSLError: "tls",
    socket.gaierror: "dns",
    httpcore.UnsupportedProtocol: "address",
    httpx.UnsupportedProtocol: "address",
    httpx.InvalidURL: "address",
    UnicodeError: "address",
    httpcore.NetworkError: "closed",
    httpx.NetworkError: "closed",
    httpcore.ProtocolError: "closed",
    httpx.ProtocolError: "closed",
    httpcore.ProxyError: "closed",
    httpx.HTTPError: "closed",
    httpx.StreamError: "closed",
    OSError: "closed",
    Exception: "closed",
}
"""By the nearest class, so that the last row makes the table total."""

SENTENCES: Mapping[Reason, str] = {
    "address": "This is not the address of a store.",
    "forbidden": "This address is in a network that must not be reached from here.",
    "dns": "No such host is known: check the spelling of the address.",
    "refused": "Nothing answers at the store's address.",
    "tls": "No secure connection to the store could be made.",
    "timeout": "The store took too long to answer.",
    "closed": "The connection to the store was lost before it answered.",
}

STATUSES: Mapping[int, tuple[type[MedusaError], str]] = {
    401: (Unauthorized, "The store does not accept these credentials."),
    403: (Forbidden, "The store does not let this user do that."),
    404: (NotFound, "The store does not have it."),
    410: (NotFound, "The store does not have it any more."),
    429: (RateLimited, "The store asks for fewer requests: wait a moment."),
    4: (NotAllowed, "The store refused the request."),
    5: (ServerError, "The store failed to answer."),
}
"""By status, else by its first digit; what is in neither row is no answer of Medusa's."""

_LONGEST_MESSAGE = 300
_log = logging.getLogger(__name__)


class _Body(msgspec.Struct):
    type: str = ""
    message: str = ""


def of_exception(exc: Exception, *, sent: bool = True, securing: bool = False) -> MedusaError:
    """``securing``: it happened while TLS was being set up."""
    if isinstance(exc, MedusaError):
        return exc
    row = next(kind for kind in type(exc).__mro__ if kind in REASONS)
    if row is Exception:
        _log.error("Unforeseen %s", type(exc).__qualname__)
    reason = REASONS[row]
    if securing and reason in ("refused", "closed"):
        reason = "tls"
    return Unreachable(_certificate(exc) or SENTENCES[reason], reason=reason, sent=sent)


def _certificate(exc: Exception) -> str:
    """Why a certificate was not believed. httpcore keeps the exception it met as the first argument of its own."""
    met = exc.args[0] if exc.args else None
    if isinstance(met, ssl.SSLCertVerificationError):
        return f"The store's certificate is not valid: {met.verify_message}."
    return ""


def of_status(status: int, headers: Mapping[str, str], body: bytes) -> MedusaError:
    """The error that an answer of 300 and above stands for."""
    if 300 <= status < 400:  # noqa: PLR2004 - the class of redirects
        return _redirect(status, headers.get("location", ""))
    kind, sentence = (
        STATUSES.get(status) or STATUSES.get(status // 100) or (UpstreamInvalid, "The store answered oddly.")
    )
    said = _said(body)
    message = _plain(said.message) if issubclass(kind, Refusal) and kind is not Unauthorized else ""
    error = kind(message or sentence, status=status, code=said.type)
    if isinstance(error, RateLimited):
        seconds = headers.get("retry-after", "")
        error.retry_after = float(seconds) if seconds.isdecimal() else None
    return error


def _said(body: bytes) -> _Body:
    try:
        return msgspec.json.decode(body, type=_Body)
    except ValueError:
        return _Body()


def _plain(message: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in message)
    return printable.strip()[:_LONGEST_MESSAGE]


def _redirect(status: int, location: str) -> UpstreamInvalid:
    try:
        to = httpx.URL(location)
    except httpx.InvalidURL:
        to = httpx.URL()
    where = _plain(f"{to.scheme}://{to.netloc.decode()}") if to.host else "elsewhere"
    sentence = f"The store's address redirects to {where}: use the address that it leads to."
    return UpstreamInvalid(sentence, status=status, code="redirect")
