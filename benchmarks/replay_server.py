"""The process behind `replay`: prints its port, and serves until it is killed or its parent is gone."""

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from benchmarks.replay import CONTROL

KEPT_SECONDS = 5.0
_COPY = re.compile(r"~(\d+)")
"""Ends the id of a thing that the store does not have: its answer is the original's under a number of its own."""
_PASSED = {"authorization", "content-type", "accept"}
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date"}


@dataclass(frozen=True)
class _Question:
    method: str
    target: str
    body: bytes


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seconds: float

    def sent(self, etag: str) -> bytes:
        """On the wire. Whoever has it already is told so, as Medusa does."""
        known = bool(etag) and etag == dict(self.headers).get("ETag")
        body = b"" if known else self.body
        lines = [
            f"HTTP/1.1 {304 if known else self.status} Replayed",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        lines += [f"Content-Length: {len(body)}", f"Keep-Alive: timeout={KEPT_SECONDS:.0f}", "Connection: keep-alive"]
        return "\r\n".join([*lines, "", ""]).encode() + body


class _Server:
    def __init__(self, upstream: str) -> None:
        address = urlsplit(upstream)
        self._upstream = (address.hostname or "", address.port)
        self._known: dict[_Question, _Answer] = {}
        self._took: dict[_Question, list[float]] = {}
        self._log: list[dict[str, Any]] = []
        self._settings: dict[str, Any] = {"forward": False, "latency": None}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                async with asyncio.timeout(KEPT_SECONDS):
                    head = await reader.readuntil(b"\r\n\r\n")
                start, headers = _parsed(head)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                writer.write(await self._answer(_Question(start[0], start[1], body), headers))
                await writer.drain()
        except (asyncio.IncompleteReadError, TimeoutError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, question: _Question, headers: dict[str, str]) -> bytes:
        if question.target == CONTROL:
            return self._controlled(question.body)
        answer = None if self._settings["forward"] else self._recalled(question)
        if answer is None:
            answer = await asyncio.to_thread(self._forwarded, question, headers)
            took = self._took.setdefault(question, [])
            took.append(answer.seconds)
            self._known[question] = replace(answer, seconds=median(took))
        else:
            latency = self._settings["latency"]
            await asyncio.sleep(answer.seconds if latency is None else latency)
        self._log.append(
            {"method": question.method, "target": question.target, "size": len(answer.body), "seconds": answer.seconds}
        )
        return answer.sent(headers.get("if-none-match", ""))

    def _recalled(self, question: _Question) -> _Answer | None:
        copy = _COPY.search(question.target)
        if question in self._known or copy is None:
            return self._known.get(question)
        plain = _Question(question.method, _COPY.sub("", question.target), question.body)
        original = self._known.get(plain)
        return original and _numbered(original, copy[1])

    def _forwarded(self, question: _Question, headers: dict[str, str]) -> _Answer:
        connection = HTTPConnection(*self._upstream, timeout=120)
        passed = {name: value for name, value in headers.items() if name in _PASSED}
        began = time.perf_counter()
        try:
            connection.request(question.method, question.target, question.body or None, passed)
            given = connection.getresponse()
            body = given.read()
        finally:
            connection.close()
        kept = tuple((name, value) for name, value in given.getheaders() if name.lower() not in _HOP)
        return _Answer(given.status, kept, body, time.perf_counter() - began)

    def _controlled(self, body: bytes) -> bytes:
        self._settings |= json.loads(body)
        log, self._log = self._log, []
        return _Answer(200, (("Content-Type", "application/json"),), json.dumps(log).encode(), 0.0).sent("")


def _parsed(head: bytes) -> tuple[list[str], dict[str, str]]:
    start, *lines = head.decode("latin-1").split("\r\n")
    fields = (line.partition(":") for line in lines if line)
    return start.split(" "), {name.lower(): value.strip() for name, _, value in fields}


def _numbered(answer: _Answer, number: str) -> _Answer:
    body = re.sub(rb'"display_id":\d+', b'"display_id":' + number.encode(), answer.body)
    return _Answer(answer.status, tuple(pair for pair in answer.headers if pair[0] != "ETag"), body, answer.seconds)


async def _main(upstream: str) -> None:
    server = await asyncio.start_server(_Server(upstream).serve, "127.0.0.1", 0, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - read by the parent
    await asyncio.to_thread(sys.stdin.read)  # ends with the parent


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
