"""An answer is bounded in bytes, depth and time, and whatever comes is a value or a sentence."""

import gzip
import inspect
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpcore
import httpx
import pytest
import trio
from anyio.abc import ByteStream, TaskGroup
from trio.testing import MockClock

from omnicart_plugin.medusa import commands, queries, transport
from omnicart_plugin.medusa.answer import MOST_BYTES
from omnicart_plugin.medusa.auth import SecretKey
from omnicart_plugin.medusa.client import Client
from omnicart_plugin.medusa.egress import Egress
from omnicart_plugin.medusa.errors import (
    Forbidden,
    MedusaError,
    NotAllowed,
    NotFound,
    RateLimited,
    ServerError,
    Unauthorized,
    Unreachable,
    UpstreamInvalid,
)
from omnicart_plugin.medusa.faults import REASONS, SENTENCES, of_exception, of_status
from tests.medusa.raw_server import Asked, answer, raw_server

pytestmark = pytest.mark.anyio
COUNT = queries.count_orders()
MIB = 1024 * 1024
Ask = Callable[[bytes], Awaitable[int]]


def gzip_bomb(mebibytes: int) -> bytes:
    """Zeros; it has no end, which nobody should live to miss."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(MIB)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (mebibytes - 1)


async def ask(tasks: TaskGroup, url: str) -> int:
    store = Client(url, SecretKey("sk_canary-x"), tasks=tasks, egress=Egress(allow_private=True))
    try:
        return (await store.get(COUNT)).count
    finally:
        await store.aclose()


@pytest.fixture
def ask_for(tasks: TaskGroup) -> Ask:
    """Ask a store whose answer are these bytes, after which it closes."""

    async def ask_once(raw: bytes) -> int:
        async def reply(_: Asked, stream: ByteStream) -> None:
            await stream.send(raw)
            await stream.aclose()

        async with raw_server(reply) as server:
            return await ask(tasks, server.url)

    return ask_once


async def test_a_bomb_of_1_gib_costs_under_16_mib(ask_for: Ask) -> None:
    bomb = answer(gzip_bomb(1024), Content_Encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(UpstreamInvalid, match="too large"):
            await ask_for(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * MIB


async def test_an_endless_plain_answer_ends(tasks: TaskGroup) -> None:
    sent = 0

    async def reply(_: Asked, stream: ByteStream) -> None:
        nonlocal sent
        await stream.send(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            await stream.send(b"10000\r\n" + bytes(65536) + b"\r\n")
            sent += 65536

    async with raw_server(reply) as server:
        with pytest.raises(UpstreamInvalid, match="too large"):
            await ask(tasks, server.url)
    assert sent < 4 * MOST_BYTES


@pytest.mark.parametrize("drip", [b"HTTP/1.1 200 X\r\nX: ", b"HTTP/1.1 200 X\r\nContent-Length: 9999\r\n\r\n"])
async def test_one_byte_at_a_time_ends_in_time(tasks: TaskGroup, monkeypatch: pytest.MonkeyPatch, drip: bytes) -> None:
    monkeypatch.setattr(transport, "TOTAL_SECONDS", 0.3)

    async def reply(_: Asked, stream: ByteStream) -> None:
        await stream.send(drip)
        while True:
            await stream.send(b"x")
            await anyio.sleep(0.01)

    async with raw_server(reply) as server:
        with pytest.raises(Unreachable, match="too long") as caught:
            await ask(tasks, server.url)
    assert (caught.value.reason, caught.value.sent) == ("timeout", True)


class Dripping(httpcore.AsyncMockStream):
    """One byte a second."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - httpcore's signature
        await anyio.sleep(1)
        return await super().read(1)


class Line(httpcore.AsyncMockBackend):
    async def connect_tcp(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        return Dripping([bytes([byte]) for byte in answer(bytes(9999))])


def test_one_byte_a_second_ends_after_the_total_time() -> None:
    """By trio's clock, which jumps."""

    async def wait() -> float:
        began = trio.current_time()
        egress = Egress(allow_private=True)
        egress._dialler = Line([])
        async with anyio.create_task_group() as tasks:
            store = Client("http://127.0.0.1:9", SecretKey("sk_canary-x"), tasks=tasks, egress=egress)
            with pytest.raises(Unreachable, match=r"took too long to answer\.$"):
                await store.get(COUNT)
            await store.aclose()
        return trio.current_time() - began

    assert trio.run(wait, clock=MockClock(autojump_threshold=0)) == pytest.approx(transport.TOTAL_SECONDS)


def test_a_bomb_of_1_gib_costs_the_process_under_16_mib() -> None:
    """As the machine counts it, zlib's own memory with it, in a process of its own."""
    program = """
import resource, sys, zlib
import anyio
from omnicart_plugin.medusa.answer import read
from omnicart_plugin.medusa.errors import UpstreamInvalid
from tests.medusa.test_answer import gzip_bomb

bomb = gzip_bomb(1024)
async def chunks():
    for at in range(0, len(bomb), 65536):
        yield bomb[at : at + 65536]

async def main():
    try:
        await read(chunks(), "gzip")
    except UpstreamInvalid as refused:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, refused.message)

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
anyio.run(main)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)  # noqa: S603 - a program of the tests
    kibibytes, sentence = done.stdout.strip().split(" ", 1)
    assert int(kibibytes) < 16 * 1024
    assert sentence == "The store's answer is too large."


PLAIN = b'{"count": 12}'
RAW_DEFLATE = zlib.compress(PLAIN)[2:-4]


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("identity", PLAIN),
        ("gzip", gzip.compress(PLAIN)),
        ("x-gzip", gzip.compress(PLAIN)),
        ("GZip", gzip.compress(PLAIN) + b"padding"),
        ("deflate", zlib.compress(PLAIN)),
        ("deflate", RAW_DEFLATE),
    ],
)
async def test_a_packed_answer_is_unpacked(ask_for: Ask, encoding: str, body: bytes) -> None:
    assert await ask_for(answer(body, Content_Encoding=encoding)) == 12


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", PLAIN),
        ("gzip, gzip", gzip.compress(gzip.compress(PLAIN))),
        ("gzip", PLAIN),
        ("gzip", gzip.compress(PLAIN)[:-12]),
        ("deflate", b"\x08" * 40),
        ("gzip", b""),
    ],
)
async def test_an_answer_packed_otherwise_is_refused(ask_for: Ask, encoding: str, body: bytes) -> None:
    with pytest.raises(UpstreamInvalid):
        await ask_for(answer(body, Content_Encoding=encoding))


async def test_an_empty_object_is_a_thing_that_is_not_there(ask_for: Ask) -> None:
    with pytest.raises(NotFound):
        await ask_for(answer(b"{}"))


DEEP = 300_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b"7",
        b'{"count": "many"}',
        b'{"count"',
        b"\xff\xfe",
        b"\x00" * 100,
        b"<!DOCTYPE html><title>Shop</title>",
        b'{"count": 1, "x": ' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"count": 1, "x": ' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}",
        b"[" * DEEP,
        b'{"count": 1, "x": ["]]]]]]]]]]", ' + b'["]", ' * DEEP,
    ],
)
async def test_what_is_no_answer_is_a_sentence(ask_for: Ask, body: bytes) -> None:
    with pytest.raises(UpstreamInvalid) as caught:
        await ask_for(answer(body))
    assert caught.value.message.endswith(".")
    assert caught.value.unsettled


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x15\x03\x01",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n" + PLAIN,
        b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 X\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 X\r\n" + b"X: y\r\n" * 40_000,
    ],
)
async def test_a_broken_exchange_is_a_lost_connection(ask_for: Ask, raw: bytes) -> None:
    with pytest.raises(Unreachable) as caught:
        await ask_for(raw)
    assert (caught.value.reason, caught.value.unsettled) == ("closed", True)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308])
async def test_a_redirect_is_named_and_not_followed(ask_for: Ask, status: int) -> None:
    with pytest.raises(UpstreamInvalid, match=r"redirects to http://127\.0\.0\.1:1:") as caught:
        await ask_for(answer(PLAIN, status, Location="http://127.0.0.1:1/secret?x=y"))
    assert (caught.value.code, caught.value.status) == ("redirect", status)


@pytest.mark.parametrize("location", ["", "/login", "http://[", "http://a\tb/", "javascript:alert(1)", "x" * 9000])
async def test_a_redirect_to_nowhere_is_a_sentence_too(ask_for: Ask, location: str) -> None:
    with pytest.raises((UpstreamInvalid, Unreachable)):
        await ask_for(answer(b"", 302, Location=location))


async def test_a_write_whose_answer_is_lost_says_so_and_is_not_sent_again(tasks: TaskGroup) -> None:
    async def reply(_: Asked, stream: ByteStream) -> None:
        await stream.aclose()

    async with raw_server(reply) as server:
        store = Client(server.url, SecretKey("sk_canary-x"), tasks=tasks, egress=Egress(allow_private=True))
        with pytest.raises(Unreachable) as caught:
            await store.send(commands.cancel_order("order_1"))
        await store.aclose()
        assert caught.value.unsettled
        assert len(server.asked) == 1


async def test_where_nothing_listens_nothing_was_sent(tasks: TaskGroup) -> None:
    store = Client("http://127.0.0.1:1", SecretKey("sk_canary-x"), tasks=tasks, egress=Egress(allow_private=True))
    with pytest.raises(Unreachable) as caught:
        await store.send(commands.cancel_order("order_1"))
    await store.aclose()
    assert (caught.value.reason, caught.value.sent, caught.value.unsettled) == ("refused", False, False)


@pytest.mark.parametrize("status", range(400, 600))
def test_every_status_is_an_error_of_ours(status: int) -> None:
    error = of_status(status, {"retry-after": "7"}, b'{"type": "not_allowed", "message": "No\x07 more."}')
    own = {401: Unauthorized, 403: Forbidden, 404: NotFound, 410: NotFound, 429: RateLimited}
    assert type(error) is own.get(status, NotAllowed if status < 500 else ServerError)
    assert error.unsettled is (status >= 500)
    assert error.status == status
    if isinstance(error, RateLimited):
        assert error.retry_after == 7


def test_the_stores_own_words_are_kept_short_and_printable() -> None:
    body = b'{"type": "invalid_data", "message": "Handle\\u0000: x, already exists.' + b"!" * 1000 + b'"}'
    error = of_status(400, {}, body)
    assert error.message.startswith("Handle : x, already exists.")
    assert (len(error.message), error.code) == (300, "invalid_data")


def exceptions_of(module: object) -> list[type[Exception]]:
    found = [value for _, value in inspect.getmembers(module) if inspect.isclass(value)]
    return [kind for kind in found if issubclass(kind, Exception)]


@pytest.mark.parametrize("kind", [*exceptions_of(httpx), *exceptions_of(httpcore)], ids=lambda kind: kind.__name__)
def test_every_exception_of_httpx_and_httpcore_is_an_error_of_ours(kind: type[Exception]) -> None:
    error = of_exception(kind.__new__(kind), sent=False)
    assert isinstance(error, MedusaError)
    assert error.message in SENTENCES.values()
    unforeseen = {httpx.CookieConflict, httpcore.ConnectionNotAvailable}
    assert kind in unforeseen or any(base in REASONS for base in kind.__mro__[: kind.__mro__.index(Exception)])
