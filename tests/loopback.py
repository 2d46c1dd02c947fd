"""A machine that is alone: names other than localhost do not resolve, and no address but loopback's is reached."""

import errno
import ipaddress
import socket
import sys
from typing import Any


def allow_only_loopback() -> None:
    """For this process and for good: an audit hook cannot be taken away, nor forgotten by a library's own socket."""
    sys.addaudithook(_look)


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"} and not _is_near(arguments[1]):
        raise OSError(errno.ENETUNREACH, f"tests reach loopback only, not {arguments[1]}")
    if event == "socket.getaddrinfo" and not _needs_no_asking(arguments[0]):
        raise socket.gaierror(socket.EAI_NONAME, f"tests resolve no names, and so not {arguments[0]}")


def _is_near(address: Any) -> bool:
    """Loopback, or the path of a Unix socket."""
    if not isinstance(address, tuple):
        return True
    ip = _ip(address[0])
    return address[0] == "localhost" or (ip is not None and ip.is_loopback)


def _needs_no_asking(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return not name or name == "localhost" or _ip(name) is not None


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
