"""The address of a store as people type it, made into the one form that is kept."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import idna

LENGTH_MAX = 2000
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")


class AddressError(ValueError):
    """It is no address of a store; the text says what to type instead."""


def normalise(typed: str) -> str:
    """Scheme, host in lower case, port unless it is the scheme's own, path without its last slash.

    A missing scheme is https, and http for this machine or a bare private address.

    Raises:
        AddressError: It is empty, has a space, user name, query or fragment, or is no http address.
    """
    text = typed.strip()
    if not text:
        raise AddressError("Type the address of your store's server, such as https://api.example.com.")
    if len(text) > LENGTH_MAX:
        raise AddressError(f"This address is too long: it may have {LENGTH_MAX} characters.")
    if any(not letter.isprintable() or letter.isspace() for letter in text):
        raise AddressError("An address has no spaces in it.")
    parts = _split(text)
    host = _host(parts)
    port = "" if parts.port in {None, _PORTS[parts.scheme]} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"


def _split(text: str) -> SplitResult:
    if not _SCHEME.match(text):
        text = f"{'http' if _is_local(text) else 'https'}://{text.lstrip('/')}"
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise AddressError("This is not an address. It looks like https://api.example.com.") from None
    if parts.scheme not in _PORTS:
        raise AddressError("The address of a store begins with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise AddressError("Leave the user name and password out of the address; they have fields of their own.")
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        raise AddressError("Leave out what follows the ? or # in the address.")
    return parts


def _is_local(text: str) -> bool:
    host = urlsplit(f"//{text}").hostname or "" if text.count("[") == text.count("]") else ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if ":" in host:
        return f"[{ip_address(host).compressed}]"
    try:
        host = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        host = ""
    if not _HOST.fullmatch(host):
        raise AddressError("This is not an address. It looks like https://api.example.com.")
    return host
