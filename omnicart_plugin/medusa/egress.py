"""Which addresses may be reached. The name is looked up once per connection, and what was judged is what is dialled."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from socket import SOCK_STREAM

import anyio
import httpcore

from omnicart_plugin.medusa.errors import AddressForbidden, Unreachable
from omnicart_plugin.medusa.faults import SENTENCES

Address = IPv4Address | IPv6Address

_NEVER = [
    ip_network(block)
    for block in (
        "169.254.0.0/16",  # link-local: most clouds hand out keys at 169.254.169.254
        "100.100.100.200/32",  # Alibaba's metadata
        "168.63.129.16/32",  # Azure's wire server, a public address
        "192.0.0.192/32",  # Oracle's metadata
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "fd00:ec2::254/128",  # AWS's metadata
        "fd20:ce::254/128",  # GCP's metadata
        "fe80::/10",  # link-local
        "ff00::/8",  # multicast
    )
]
_PRIVATE = [  # what IANA's special-purpose registries call not globally reachable
    ip_network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("64:ff9b:1::/48", "2001::/23", "2001:db8::/32", "3fff::/20"),
    )
]
_UNICAST = ip_network("2000::/3")
_CARRIERS = {  # how far from the right the IPv4 address stands
    ip_network("::/96"): 0,  # compatible
    ip_network("::ffff:0:0/96"): 0,  # mapped
    ip_network("::ffff:0:0:0/96"): 0,  # translated
    ip_network("64:ff9b::/96"): 0,  # NAT64
    ip_network("2002::/16"): 80,  # 6to4
}
_NAT64_LOCAL = ip_network("64:ff9b:1::/48")


def allowed(address: Address, *, private: bool) -> bool:
    """Whether it may be dialled; one that carries others, only if all of them may."""
    carried = list(_carried(address)) if isinstance(address, IPv6Address) else []
    if any(address in block for block in _NEVER) or not all(allowed(inner, private=private) for inner in carried):
        return False
    unicast = address.version == 4 or bool(carried) or address in _UNICAST  # noqa: PLR2004 - IPv4
    return private or (unicast and not any(address in block for block in _PRIVATE))


def _carried(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that a packet may end at."""
    number = int(address)
    for block, shift in _CARRIERS.items():
        if address in block:
            yield _low_32(number >> shift)
    if address.teredo:
        yield from address.teredo
    if _low_32(number >> 32) in _ISATAP:
        yield _low_32(number)
    if address in _NAT64_LOCAL:  # RFC 6052: where it stands hangs on a prefix length that only the network knows
        yield _low_32(number)
        without_octet_8 = number >> 64 << 56 | number & (1 << 56) - 1
        yield from (_low_32(without_octet_8 >> 120 - length - 32) for length in (48, 56, 64))


def _low_32(number: int) -> IPv4Address:
    return IPv4Address(number & 0xFFFFFFFF)


_LAST_PORT = 65535
_ISATAP = {IPv4Address(0x00005EFE), IPv4Address(0x02005EFE)}


class Egress(httpcore.AsyncNetworkBackend):
    """Connects to allowed addresses only. ``allow_private`` opens loopback and private networks, never metadata."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._dialler: httpcore.AsyncNetworkBackend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Dial the addresses one after the other until one answers; each has its share of `timeout`, in seconds.

        Raises:
            AddressForbidden: One of them is not allowed; then none is dialled.
            Unreachable: This is no host and port.
        """
        if not host or port > _LAST_PORT:  # an empty host would be this machine
            raise Unreachable(SENTENCES["address"], reason="address", sent=False)
        with anyio.fail_after(timeout):
            found = await anyio.getaddrinfo(host, port, type=SOCK_STREAM)
        addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
        if not all(self._allows(address) for address in addresses):
            raise AddressForbidden(SENTENCES["forbidden"])
        share = timeout and timeout / len(addresses)
        for address in addresses[:-1]:
            try:
                return await self._dialler.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._dialler.connect_tcp(addresses[-1], port, share, local_address, socket_options)

    def _allows(self, address: str) -> bool:
        try:
            return allowed(ip_address(address), private=self._allow_private)
        except ValueError:
            return False

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)
