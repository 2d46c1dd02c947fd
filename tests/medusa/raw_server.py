"""A store on loopback that answers whatever bytes a test makes up, and remembers what it was asked."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import anyio
import msgspec
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.buffered import BufferedByteReceiveStream

Reply = Callable[["Asked", ByteStream], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class RawServer:
    url: str
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def count(self, path: str) -> int:
        return sum(asked.path.startswith(path) for asked in self.asked)


def answer(body: bytes | Any = b"", status: int = 200, **headers: str) -> bytes:
    """A whole answer; what is no bytes goes as JSON. Underscores in names of headers stand for hyphens."""
    if not isinstance(body, bytes):
        body = msgspec.json.encode(body)
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def jwt(lifetime: float, *, issued_at: float = 1_700_000_000, n: int = 0) -> str:
    claims = msgspec.json.encode({"iat": issued_at, "exp": issued_at + lifetime, "n": n})
    return f"e30.{urlsafe_b64encode(claims).decode().rstrip('=')}.c2ln"


@asynccontextmanager
async def raw_server(reply: Reply) -> AsyncIterator[RawServer]:
    """`reply` may write, wait or close; after it the connection is read for the next request."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(SocketAttribute.local_port)  # noqa: S610 - anyio's, not Django's
    server = RawServer(f"http://127.0.0.1:{port}")

    failure: Exception | None = None

    async def serve(stream: ByteStream) -> None:
        server.connections += 1
        async with stream:
            reader = BufferedByteReceiveStream(stream)
            with suppress(
                anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError, anyio.ClosedResourceError
            ):
                while True:
                    asked = await _read(reader)
                    server.asked.append(asked)
                    await reply(asked, stream)

    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, serve)
        try:
            yield server
        except Exception as exc:  # noqa: BLE001 - it goes on below, without a group around it
            failure = exc
        tasks.cancel_scope.cancel()
    if failure:
        raise failure


async def _read(reader: BufferedByteReceiveStream) -> Asked:
    head = (await reader.receive_until(b"\r\n\r\n", 65536)).decode()
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    method, path, _ = first.split(" ")
    return Asked(method, path, headers, await reader.receive_exactly(int(headers.get("content-length", "0"))))
