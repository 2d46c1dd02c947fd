"""No packet reaches a network that it must not reach, whatever a name resolves to, and whenever."""

import socket
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from random import Random
from typing import Any

import anyio
import httpcore
import pytest
from anyio.abc import TaskGroup
from hypothesis import given
from hypothesis import strategies as st

from omnicart_plugin.medusa import queries
from omnicart_plugin.medusa.auth import SecretKey
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress, allowed
from omnicart_plugin.medusa.errors import AddressForbidden, Unreachable, UpstreamInvalid
from tests.medusa.raw_server import Asked, answer, raw_server

COUNT = queries.count_orders()
METADATA = [
    *("169.254.169.254", "169.254.170.2", "169.254.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
    *("fd00:ec2::254", "fd20:ce::254", "fe80::1", "fe80::a9fe:a9fe", "224.0.0.1", "255.255.255.255", "ff02::1"),
]
PRIVATE = [
    *("127.0.0.1", "127.255.255.254", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1"),
    *("192.168.255.255", "100.64.0.1", "100.127.255.255", "0.0.0.0", "0.1.2.3", "::1", "::", "fc00::1", "fdff::1"),  # noqa: S104 - nothing binds here
]
NOT_GLOBAL = [
    *("192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.255"),
    *("2001:db8::1", "2001:2::1", "2001:10::1", "2001:20::1", "3fff::1", "5f00::1", "100::1", "fec0::1", "4000::1"),
    *("64:ff9b:1::808:808", "2001:0:808:808::f7f7:f7f7"),
]


def carriers(inner: IPv4Address) -> list[IPv6Address]:
    """Every form in which an IPv6 address carries this one."""
    number = int(inner)
    nat64_local = int(IPv6Address("64:ff9b:1::"))
    return [
        IPv6Address(number),
        IPv6Address(f"::ffff:{inner}"),
        IPv6Address(f"::ffff:0:{inner}"),
        IPv6Address(f"64:ff9b::{inner}"),
        IPv6Address(0x2002 << 112 | number << 80 | 1),
        IPv6Address(0x20010000 << 96 | number << 64 | 0x12345678),  # Teredo's server
        IPv6Address(0x20010000 << 96 | 0x08080808 << 64 | (number ^ 0xFFFFFFFF)),  # Teredo's client
        IPv6Address(int(IPv6Address("2a00:1::")) | 0x5EFE << 32 | number),  # ISATAP
        IPv6Address(int(IPv6Address("2a00:1::")) | 0x02005EFE << 32 | number),
        IPv6Address(nat64_local | number),
        IPv6Address(nat64_local | number >> 16 << 64 | (number & 0xFFFF) << 40),
        IPv6Address(nat64_local | number >> 24 << 64 | (number & 0xFFFFFF) << 32),
        IPv6Address(nat64_local | number << 24),
    ]


def with_carriers(addresses: Iterable[str]) -> list[str]:
    found = [ip_address(address) for address in addresses]
    inner = [address for address in found if isinstance(address, IPv4Address)]
    return [str(address) for address in [*found, *(outer for address in inner for outer in carriers(address))]]


NEVER = with_carriers(METADATA)
NOT_OUTSIDE = with_carriers([*METADATA, *PRIVATE, *NOT_GLOBAL])


class Recorder(httpcore.AsyncMockBackend):
    """Dials nobody, and remembers whom it was asked to dial."""

    def __init__(self) -> None:
        super().__init__([answer({"count": 3})])
        self.dialled: list[str] = []

    async def connect_tcp(self, host: str, *rest: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        return await super().connect_tcp(host, *rest, **named)


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Make every name resolve to these addresses, one list a look-up; the names asked for are returned."""

    def prepare(*lookups: Iterable[str]) -> list[str]:
        asked: list[str] = []

        async def getaddrinfo(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
            addresses = list(lookups[min(len(asked), len(lookups) - 1)])
            asked.append(host)
            return [(socket.AF_UNSPEC, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(anyio, "getaddrinfo", getaddrinfo)
        return asked

    return prepare


def egress_of(*, private: bool) -> tuple[Egress, Recorder]:
    egress, recorder = Egress(allow_private=private), Recorder()
    egress._dialler = recorder
    return egress, recorder


async def connect(host: str, *, private: bool) -> list[str]:
    """Whom a connection to the host dials."""
    egress, recorder = egress_of(private=private)
    with suppress(AddressForbidden):
        await egress.connect_tcp(host, 443)
    return recorder.dialled


def test_there_are_cases_enough() -> None:
    assert len(NEVER) + len(NOT_OUTSIDE) + len(ENCODINGS) + 4 * len(REBOUND) + 30 >= 500
    assert len(GOOD) >= 200


@pytest.mark.anyio
@pytest.mark.parametrize("address", NOT_OUTSIDE)
async def test_no_private_address_is_dialled_where_they_are_forbidden(
    resolve: Callable[..., list[str]], address: str
) -> None:
    resolve([address])
    assert await connect("shop.test", private=False) == []


@pytest.mark.anyio
@pytest.mark.parametrize("address", NEVER)
async def test_no_metadata_is_dialled_even_where_private_addresses_are_allowed(
    resolve: Callable[..., list[str]], address: str
) -> None:
    resolve([address])
    assert await connect("shop.test", private=True) == []


@pytest.mark.anyio
@pytest.mark.parametrize("address", PRIVATE)
async def test_private_addresses_are_dialled_where_they_are_allowed(
    resolve: Callable[..., list[str]], address: str
) -> None:
    resolve([address])
    assert await connect("shop.test", private=True) == [address]


def good_hosts() -> list[str]:
    """Public addresses of many networks, and those that NAT64 and 6to4 make of them."""
    random = Random(12)  # noqa: S311 - the same in every run
    networks: list[IPv4Network | IPv6Network] = [
        ip_network(block)
        for block in (
            *("1.1.1.0/24", "8.8.8.0/24", "13.32.0.0/15", "34.64.0.0/10", "52.0.0.0/10", "76.76.21.0/24"),
            *("99.83.128.0/17", "104.16.0.0/13", "151.101.0.0/16", "172.64.0.0/13", "185.199.108.0/22"),
            *("192.0.66.0/24", "198.20.0.0/16", "203.0.112.0/24", "100.128.0.0/9", "11.0.0.0/8", "223.255.255.0/24"),
            *("2001:4860::/32", "2606:4700::/32", "2a00:1450::/32", "2400:cb00::/32", "2620:fe::/48", "2001:200::/32"),
        )
    ]
    found = [network[random.randrange(1, network.num_addresses - 1)] for network in networks for _ in range(10)]
    mapped = [IPv6Address(f"64:ff9b::{address}") for address in found[:30:3]]
    return [str(address) for address in [*found, *mapped]]


GOOD = good_hosts()


@pytest.mark.anyio
@pytest.mark.parametrize("address", GOOD)
async def test_good_hosts_are_dialled(resolve: Callable[..., list[str]], address: str) -> None:
    asked = resolve([address])
    assert await connect("shop.test", private=False) == [address]
    assert asked == ["shop.test"]


ENCODINGS = [
    *("127.1", "127.0.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0177.0.0.1", "0", "0x0", "10.1"),
    *("0xa9fea9fe", "2852039166", "169.254.43518", "0251.0376.0251.0376", "192.168.1", "0300.0250.1", "172.16.1"),
]
FORMS = ["::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::7f00:1", "0:0:0:0:0:0:0:1", "localhost"]


@pytest.mark.anyio
@pytest.mark.parametrize("host", ENCODINGS)
async def test_an_encoding_is_judged_by_what_it_resolves_to(resolve: Callable[..., list[str]], host: str) -> None:
    resolve([socket.inet_ntoa(socket.inet_aton(host))])  # as a resolver reads it
    assert await connect(host, private=False) == []


@pytest.mark.anyio
@pytest.mark.parametrize("host", [*FORMS, "fe80::1%lo"])
async def test_a_form_that_the_machine_itself_resolves_is_judged_too(host: str) -> None:
    assert await connect(host, private=False) == []


@pytest.mark.anyio
@pytest.mark.parametrize("bad", ["10.0.0.1", "::1", "169.254.169.254", "::ffff:10.0.0.1", "not an address", ""])
@pytest.mark.parametrize("place", range(3))
async def test_one_bad_address_among_good_ones_is_enough(
    resolve: Callable[..., list[str]], bad: str, place: int
) -> None:
    addresses = ["8.8.8.8", "2606:4700::1111"]
    resolve([*addresses[:place], bad, *addresses[place:]])
    assert await connect("shop.test", private=False) == []


REBOUND = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1"]


@pytest.mark.anyio
@pytest.mark.parametrize("address", REBOUND)
@pytest.mark.parametrize("calls_before", range(4))
async def test_dns_that_changes_its_mind_does_not_help(
    resolve: Callable[..., list[str]], tasks: TaskGroup, calls_before: int, address: str
) -> None:
    asked = resolve(*[["8.8.8.8"]] * calls_before, [address])
    egress, recorder = egress_of(private=False)
    for _ in range(calls_before):
        store = Client("http://shop.test", SecretKey("sk_canary-x"), tasks=tasks, egress=egress)
        assert (await store.get(COUNT)).count == 3
        await store.aclose()
    store = Client("http://shop.test", SecretKey("sk_canary-x"), tasks=tasks, egress=egress)
    with pytest.raises(AddressForbidden) as caught:
        await store.get(COUNT)
    await store.aclose()
    assert (caught.value.reason, caught.value.sent) == ("forbidden", False)
    assert recorder.dialled == ["8.8.8.8"] * calls_before
    assert asked == ["shop.test"] * (calls_before + 1)


@pytest.mark.anyio
async def test_the_name_is_kept_in_the_host_header_while_the_checked_address_is_dialled(
    resolve: Callable[..., list[str]], tasks: TaskGroup
) -> None:
    async def reply(_: Asked, stream: anyio.abc.ByteStream) -> None:
        await stream.send(answer({"count": 3}))

    async with raw_server(reply) as server:
        resolve(["127.0.0.1"])
        url = server.url.replace("127.0.0.1", "shop.test")
        store = Client(url, SecretKey("sk_canary-x"), tasks=tasks, egress=Egress(allow_private=True))
        await store.get(COUNT)
        await store.aclose()
        assert server.asked[0].headers["host"] == url.removeprefix("http://")


@pytest.mark.anyio
async def test_the_name_is_kept_in_tls_while_the_checked_address_is_dialled(
    resolve: Callable[..., list[str]], tasks: TaskGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[tuple[str | None, ssl.VerifyMode, bool]] = []

    async def start_tls(self: Any, ssl_context: ssl.SSLContext, server_hostname: str | None = None, **_: Any) -> Any:
        named.append((server_hostname, ssl_context.verify_mode, ssl_context.check_hostname))
        return self

    monkeypatch.setattr(httpcore.AsyncMockStream, "start_tls", start_tls)
    resolve(["8.8.8.8"])
    egress, recorder = egress_of(private=False)
    store = Client("https://shop.test", SecretKey("sk_canary-x"), tasks=tasks, egress=egress)
    assert (await store.get(COUNT)).count == 3
    await store.aclose()
    assert (recorder.dialled, named) == (["8.8.8.8"], [("shop.test", ssl.CERT_REQUIRED, True)])


@pytest.mark.anyio
async def test_an_address_that_does_not_answer_gives_way_to_the_next(
    resolve: Callable[..., list[str]], tasks: TaskGroup
) -> None:
    async def reply(_: Asked, stream: anyio.abc.ByteStream) -> None:
        await stream.send(answer({"count": 3}))

    async with raw_server(reply) as server:
        resolve(["127.0.0.2", "127.0.0.3", "127.0.0.1"])
        url = server.url.replace("127.0.0.1", "shop.test")
        store = Client(url, SecretKey("sk_canary-x"), tasks=tasks, egress=Egress(allow_private=True))
        assert (await store.get(COUNT)).count == 3
        await store.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize(
    "host", ["169.254.169.254", "0xa9fea9fe", "2852039166", "[::ffff:a9fe:a9fe]", "localhost", "shop.test"]
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(
    resolve: Callable[..., list[str]], tasks: TaskGroup, status: int, host: str
) -> None:
    asked = resolve(["8.8.8.8"], ["169.254.169.254"])
    egress, recorder = egress_of(private=False)
    recorder._buffer = [answer(b"", status, Location=f"http://{host}/latest/meta-data/")]
    store = Client("http://shop.test", SecretKey("sk_canary-x"), tasks=tasks, egress=egress)
    with pytest.raises(UpstreamInvalid, match="redirects"):
        await store.get(COUNT)
    await store.aclose()
    assert (recorder.dialled, asked) == (["8.8.8.8"], ["shop.test"])


@pytest.mark.anyio
async def test_an_unknown_name_is_a_sentence(tasks: TaskGroup) -> None:
    for host in ("nowhere.invalid", "a" * 64 + ".invalid", "a." * 1500 + "invalid", "xn--bcher-kva.invalid"):
        store = Client(f"http://{host}", SecretKey("sk_canary-x"), tasks=tasks, egress=Egress(allow_private=True))
        with pytest.raises(Unreachable) as caught:
            await store.get(COUNT)
        await store.aclose()
        assert caught.value.reason in ("dns", "address")
        assert not caught.value.sent


@given(st.ip_addresses(v=4))
def test_what_carries_a_forbidden_address_is_forbidden(inner: Any) -> None:
    for outer in carriers(inner):
        for private in (False, True):
            assert allowed(inner, private=private) or not allowed(outer, private=private)


@given(st.ip_addresses())
def test_nothing_is_allowed_outside_that_python_itself_calls_private(address: Any) -> None:
    if allowed(address, private=False) and address not in ip_network("64:ff9b::/96"):
        mapped = getattr(address, "ipv4_mapped", None) or address
        assert mapped.is_global
        assert not mapped.is_multicast
