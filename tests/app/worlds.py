"""Hosts that people of several workspaces use, and all that one workspace can see or leave behind there."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import anyio.lowlevel
from anyio.from_thread import start_blocking_portal

from omnicart_plugin import webos
from omnicart_plugin.storage.tables import metadata
from omnicart_plugin.webos import ActionCall, AppLaunch, Context, HostEvent, PaletteQuery, PanelRequest
from tests.app.desk import BUNDLE
from tests.app.fake_store import FakeStore

NEVER = "acc_never-was-anywhere"
_UNLIKE = {"sealed", "holder", "request_id"}
"""Columns that differ from one world to another by chance or by time."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d(:|%3A)\d\d(:|%3A)\d\d(\.\d+)?(Z|\+00:00|%2B00%3A00)?")
_INTENT = re.compile(r"int_[\w-]{22}")


class Step(NamedTuple):
    """Something that a person does: which call, with what, about which account."""

    kind: str
    name: str
    account: int | None
    """The number of the workspace's account, in the order of their connecting; -1 is one of another workspace."""
    details: dict[str, Any]


class Seen(NamedTuple):
    """What came of it."""

    answer: str
    events: list[str]
    asked: list[tuple[str, str]]
    rows: dict[str, list[str]]


class World:
    """A host and a store, in an event loop of their own."""

    def __init__(self, backend: str, data_dir: Path) -> None:
        self._backend = backend
        self._data_dir = data_dir
        self.store = FakeStore()
        self._accounts: defaultdict[str, list[str]] = defaultdict(list)

    @contextmanager
    def running(self) -> "Iterator[World]":
        with ExitStack() as stack:
            self._portal = stack.enter_context(start_blocking_portal(self._backend))
            stack.enter_context(self._portal.wrap_async_context_manager(self.store.running()))
            self.host = webos.LocalHost(data_dir=self._data_dir, allow_private_network=True)
            stack.enter_context(self._portal.wrap_async_context_manager(self.host))
            self._portal.call(self.host.launch, AppLaunch(ctx=_context(""), app_id="omnicart"))
            self._heard = self._portal.call(self._listen)
            self._tasks = self.host._running["omnicart"]._plugins.get_plugin("omnicart")._app._tasks  # type: ignore[union-attr]  # it runs
            self._always = self._busy()
            yield self

    def do(self, steps: dict[str, Step]) -> dict[str, Seen]:
        """One step of each workspace, at the same time; returns when nothing goes on any more."""
        before = {workspace: len(self._asked(workspace)) for workspace in steps}
        answers = self._portal.call(self._do, steps)
        events = [*self._heard._queue]
        self._heard._queue.clear()
        return {
            workspace: Seen(
                self._plain(workspace, answers[workspace]),
                sorted(self._plain(workspace, webos.encode(e)) for e in events if e.workspace_id == workspace),
                sorted(self._asked(workspace)[before[workspace] :]),
                self._rows(workspace),
            )
            for workspace in steps
        }

    async def _listen(self) -> Any:
        return self.host.events()

    async def _do(self, steps: dict[str, Step]) -> dict[str, bytes]:
        answers: dict[str, bytes] = {}

        async def do(workspace: str, step: Step) -> None:
            answers[workspace] = await self._call(workspace, step)

        async with anyio.create_task_group() as tasks:
            for workspace, step in steps.items():
                tasks.start_soon(do, workspace, step)
        with anyio.fail_after(30):
            while self._busy() > self._always:
                await anyio.lowlevel.checkpoint()
        return answers

    async def _call(self, workspace: str, step: Step) -> bytes:
        where: dict[str, Any] = {"ctx": _context(workspace), "account_id": self._account(workspace, step.account)}
        match step.kind:
            case "launch":
                return await self.host.launch(AppLaunch(app_id="omnicart", **where))
            case "panel":
                return await self.host.panel(PanelRequest(app_id="omnicart", panel=step.name, **where, **step.details))
            case "palette":
                return await self.host.palette(PaletteQuery(text=step.name, **where, **step.details))
            case "event":
                await self.host.event(HostEvent(name=step.name, **where, **step.details))  # type: ignore[arg-type]  # one of the two names
                return b""
            case _:
                return await self._act(step, where)

    async def _act(self, step: Step, where: dict[str, Any]) -> bytes:
        workspace = where["ctx"].workspace_id
        details = dict(step.details)
        if "user" in (inputs := dict(details.pop("inputs", {}))):
            inputs |= {"email": f"{workspace}.{inputs.pop('user')}", "password": "secret"}
        if step.name == "account.connect":
            inputs["base_url"] = self.store.url
        call = ActionCall(app_id="omnicart", action=step.name, inputs=inputs, **where, **details)
        answer = await self.host.action(call)
        done = webos.decode(answer, webos.Done | webos.Invalid | webos.Confirm | webos.Problem)  # type: ignore[arg-type]  # msgspec takes unions
        if (
            isinstance(done, webos.Done)
            and done.link
            and done.link.account_id not in {None, *self._accounts[workspace]}
        ):
            self._accounts[workspace].append(done.link.account_id or "")
        return answer

    def _account(self, workspace: str, number: int | None) -> str | None:
        own = self._accounts[workspace]
        if number is None:
            return None
        if 0 <= number < len(own):
            return own[number]
        others = [ids[0] for other, ids in self._accounts.items() if other != workspace and ids]
        return others[-1] if others else NEVER

    def _busy(self) -> int:
        children: Sequence[Any] = getattr(self._tasks, "_tasks", None) or self._tasks._nursery.child_tasks
        return len(children)

    def _asked(self, workspace: str) -> list[tuple[str, str]]:
        every = ((user, asked) for user, of in self.store.asked.items() for asked in of)
        return [
            (user, MOMENT.sub("T", f"{asked.method} {asked.path} {asked.body.decode()}"))
            for user, asked in every
            if user.startswith(f"{workspace}.")
        ]

    def _rows(self, workspace: str) -> dict[str, list[str]]:
        """What the database holds of the workspace's accounts."""
        found = {}
        with closing(sqlite3.connect(self._data_dir / "webos.db")) as conn:
            conn.row_factory = sqlite3.Row
            for table in metadata.tables.values():
                if "workspace_id" in table.c or "account_id" in table.c:
                    own = "workspace_id" if "workspace_id" in table.c else "account_id"
                    wanted = [workspace] if own == "workspace_id" else self._accounts[workspace]
                    marks = ",".join("?" * len(wanted))
                    rows = conn.execute(f"SELECT * FROM {table.name} WHERE {own} IN ({marks})", wanted)  # noqa: S608 - our own names
                    shown = [str({key: row[key] for key in row.keys() if key not in _UNLIKE}) for row in rows]  # noqa: SIM118 - a Row is no mapping
                    found[table.name] = sorted(self._plain(workspace, text.encode()) for text in shown)
        return found

    def _plain(self, workspace: str, answer: bytes) -> str:
        """Without what chance and time have made: ids of the workspace's accounts, moments, the store's port."""
        text = answer.decode().replace(self.store.url, "http://store")
        for number, account_id in enumerate(self._accounts[workspace]):
            text = text.replace(account_id, f"account {number}")
        for foreign in (NEVER, *(id_ for other, ids in self._accounts.items() if other != workspace for id_ in ids)):
            text = text.replace(foreign, "no account")
        return _INTENT.sub("intent", MOMENT.sub("T", text))


def _context(workspace: str) -> Context:
    return Context(workspace_id=workspace, user_id="someone", role="owner", bundles=BUNDLE)
