"""A server on loopback that answers what a test tells it to, in place of a store."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from anyio.abc import ByteStream

from tests.medusa.raw_server import Asked, raw_server


def http(status: str, body: bytes, kind: str = "application/json") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@asynccontextmanager
async def answering(
    reply: bytes, *, at: Mapping[bytes, bytes] | None = None, asked: list[bytes] | None = None
) -> AsyncIterator[str]:
    """Its base URL. It answers everything alike, but for the paths in `at`; `asked` is filled with the targets.

    A path counts with its query where `at` has it so, else without.
    """

    async def say(question: Asked, stream: ByteStream) -> None:
        target = question.path.encode()
        if asked is not None:
            asked.append(target)
        known = {target.split(b"?")[0]: reply, **(at or {})}
        await stream.send(known.get(target) or known[target.split(b"?")[0]])
        if not reply.startswith(b"HTTP"):
            await stream.aclose()

    async with raw_server(say) as server:
        yield server.url
