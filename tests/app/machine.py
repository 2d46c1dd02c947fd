"""A host in a process of its own, as on a machine of its own: asked and answered in lines of JSON."""

import base64
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import msgspec
from anyio.streams.buffered import BufferedByteReceiveStream

from omnicart_plugin import webos
from omnicart_plugin.webos import ActionCall, AppEvent, AppLaunch, PanelRequest

KEYS = {"tests": b"k" * 32}
_LINE = 10_000_000
Asked = ActionCall | AppLaunch | PanelRequest
_ASKS: dict[type[Asked], str] = {ActionCall: "action", AppLaunch: "launch", PanelRequest: "panel"}


class Machine:
    """Where a `LocalHost` is expected: its answers come from another process, and so do its events."""

    def __init__(self, process: anyio.abc.Process) -> None:
        self.process = process
        self._answers: dict[int, bytes] = {}
        self._news = anyio.Condition()
        self._asking = anyio.Lock()
        self._asked = 0
        self.heard: list[AppEvent] = []

    async def action(self, call: ActionCall) -> bytes:
        return await self._ask(call)

    async def launch(self, request: AppLaunch) -> bytes:
        return await self._ask(request)

    async def panel(self, request: PanelRequest) -> bytes:
        return await self._ask(request)

    async def hears(self, panel: str) -> AppEvent:
        """The first event that says so of a panel; taken out of those that were heard. A second is all it may take."""
        with anyio.fail_after(1):
            async with self._news:
                while True:
                    for event in self.heard:
                        if panel in event.panels:
                            self.heard.remove(event)
                            return event
                    await self._news.wait()

    async def _ask(self, asked: Asked) -> bytes:
        self._asked += 1
        number = self._asked
        line = msgspec.json.encode([number, _ASKS[type(asked)], asked]) + b"\n"
        assert self.process.stdin
        async with self._asking:
            await self.process.stdin.send(line)
        async with self._news:
            while number not in self._answers:
                await self._news.wait()
        return self._answers.pop(number)

    async def _read(self) -> None:
        assert self.process.stdout
        lines = BufferedByteReceiveStream(self.process.stdout)
        while True:
            try:
                line = await lines.receive_until(b"\n", _LINE)
            except (anyio.EndOfStream, anyio.IncompleteRead):
                return
            number, said = msgspec.json.decode(line, type=tuple[int, str])
            async with self._news:
                if number:
                    self._answers[number] = base64.b64decode(said)
                else:
                    self.heard.append(webos.decode(base64.b64decode(said), AppEvent))
                self._news.notify_all()


@asynccontextmanager
async def machine(url: str, data_dir: Path) -> AsyncIterator[Machine]:
    """Ends with its standard input; what went wrong in it is seen then."""
    command = [sys.executable, "-W", "error", "-m", "tests.app.machine", url, str(data_dir)]
    async with (
        await anyio.open_process(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}) as process,
        anyio.create_task_group() as tasks,
    ):
        running = Machine(process)
        tasks.start_soon(running._read)
        with anyio.fail_after(30):
            async with running._news:
                while not running._answers:
                    await running._news.wait()
        running._answers.clear()
        yield running
        assert process.stdin
        assert process.stderr
        await process.stdin.aclose()
        said = b"".join([part async for part in process.stderr]).decode()
        assert await process.wait() == 0, said
        assert "Traceback" not in said
        assert "Warning" not in said


async def _serve(url: str, data_dir: str) -> None:
    async with (
        webos.LocalHost(data_dir=data_dir, database_url=url, keys=KEYS, allow_private_network=True) as host,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(_tell, host.events())
        launch = AppLaunch(ctx=webos.Context(workspace_id="", user_id=""), app_id="omnicart")
        _say(1, await host.launch(launch))
        async for line in anyio.wrap_file(sys.stdin):
            number, kind, asked = msgspec.json.decode(line, type=tuple[int, str, msgspec.Raw])
            tasks.start_soon(_answer, host, number, kind, asked)
        tasks.cancel_scope.cancel()


async def _answer(host: webos.LocalHost, number: int, kind: str, asked: msgspec.Raw) -> None:
    of = {name: type_ for type_, name in _ASKS.items()}[kind]
    ask: Any = getattr(host, kind)
    _say(number, await ask(msgspec.json.decode(asked, type=of)))


async def _tell(events: Any) -> None:
    async for event in events:
        _say(0, webos.encode(event))


def _say(number: int, said: bytes) -> None:
    print(msgspec.json.encode([number, base64.b64encode(said).decode()]).decode(), flush=True)  # noqa: T201 - the protocol


if __name__ == "__main__":
    anyio.run(_serve, sys.argv[1], sys.argv[2])
