"""A server on loopback that answers what a test tells it to, in place of a store."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import anyio
from anyio.abc import SocketAttribute, SocketStream
from anyio.streams.buffered import BufferedByteReceiveStream

MOST_BYTES = 65_536


def http(status: str, body: bytes, kind: str = "application/json") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@asynccontextmanager
async def answering(
    reply: bytes, *, at: Mapping[bytes, bytes] | None = None, asked: list[bytes] | None = None
) -> AsyncIterator[str]:
    """Its base URL. It answers everything alike, but for the paths in `at`; `asked` is filled with the targets.

    A path counts with its query where `at` has it so, else without.
    """

    async def answer(stream: SocketStream) -> None:
        received = BufferedByteReceiveStream(stream)
        async with stream:
            try:
                while True:
                    target = await _target(received)
                    if asked is not None:
                        asked.append(target)
                    known = {target.split(b"?")[0]: reply, **(at or {})}
                    await stream.send(known.get(target) or known[target.split(b"?")[0]])
                    if not reply.startswith(b"HTTP"):
                        return
            except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError, anyio.DelimiterNotFound):
                return

    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, answer)
        yield f"http://127.0.0.1:{listener.extra(SocketAttribute.local_port)}"  # noqa: S610 - anyio's, not Django's
        tasks.cancel_scope.cancel()


async def _target(received: BufferedByteReceiveStream) -> bytes:
    """The path and query of the next request, whose body is read too."""
    head = await received.receive_until(b"\r\n\r\n", MOST_BYTES)
    first, *headers = head.split(b"\r\n")
    length = next((line for line in headers if line.lower().startswith(b"content-length:")), b":0")
    await received.receive_exactly(int(length.partition(b":")[2]))
    return first.split(b" ")[1]
