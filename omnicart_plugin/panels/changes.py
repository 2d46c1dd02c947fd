"""Writes to a store: each happens once, and the person learns whether it did.

An intent is committed before anything leaves. When the answer is lost the thing is read back until it shows whether
the write took effect. Nothing is sent a second time by itself.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, cast

import anyio
import msgspec
from anyio.abc import TaskGroup

from omnicart_plugin import problems
from omnicart_plugin.medusa.errors import MedusaError, NotFound
from omnicart_plugin.medusa.queries import Delete, Get, Post
from omnicart_plugin.panels.visit import StoreVisit, refused
from omnicart_plugin.storage import intents
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.intents import Intent
from omnicart_plugin.stores import Store
from omnicart_plugin.webos import Action, ActionCall, Confirm, Done, Problem, decode, encode, problem

T = TypeVar("T")
I = TypeVar("I", bound=msgspec.Struct)  # noqa: E741 - inputs
Command = Post[Any] | Delete[Any]

READ_BACK_SECONDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""How long to wait before each look at a thing whose write got no answer."""


class Change(msgspec.Struct, Generic[T, I], frozen=True, kw_only=True):
    """One kind of write, as a row: when it is offered, how it asks, what it sends and how its effect shows."""

    action: str
    inputs: type[I]
    thing: Callable[[str], Get[T]]
    """The question that shows the thing, from its id."""
    blocked: Callable[[T], str | None]
    """Why the store would not take it now, in plain words."""
    asks: Callable[[T, I], Confirm] | None = None
    commands: Callable[[T, I], Sequence[Command]]
    """Sent one after the other."""
    took_effect: Callable[[T], bool]
    """Whether the thing, as read back, shows it."""
    undo: Callable[[T], Command | None] = lambda _: None
    """What to take back when it did not take effect."""
    done: Callable[[T, T, I], Done]
    """From the thing before and after."""


class Settled(msgspec.Struct, frozen=True):
    outcome: intents.Outcome
    answer: Done | Problem


CHANGES: dict[str, Change[Any, Any]] = {}


class Changes:
    """Runs changes, and settles those that a process left open when it ended."""

    def __init__(self, database: Database, tasks: TaskGroup) -> None:
        self._database = database
        self._tasks = tasks
        self._running: dict[str, anyio.Event] = {}

    async def run(self, visit: StoreVisit, call: ActionCall, inputs: msgspec.Struct) -> Done | Confirm | Problem:
        """Ask first where the change asks; else carry it out, or join whoever carries out the same."""
        change = CHANGES[call.action]
        repeated = await self._database.run(intents.find, visit.account.id, call.request_id)
        if repeated is not None:
            return await self._join(repeated, call)
        if change.asks and not call.confirmed:
            thing = await visit.ask(change.thing(visit.item_id))
            _refuse_if(change.blocked(thing))
            return change.asks(thing, inputs)
        intent = Intent(
            workspace_id=visit.workspace_id,
            account_id=visit.account.id,
            action=call.action,
            item_id=visit.item_id,
            request_id=call.request_id,
            user_id=call.ctx.user_id,
            state_before=msgspec.json.encode(inputs).decode(),
            created_at=datetime.now(UTC),
        )
        begun = await self._database.run(intents.begin, intent)
        if begun.id == intent.id:
            self._running[intent.id] = anyio.Event()
            self._tasks.start_soon(self._carry_out, change, visit.store, intent, inputs)
        return await self._join(begun, call)

    async def settle_open(self, store_of: Callable[[Intent], Any]) -> None:
        """Look what became of the writes whose process ended before it knew."""
        for intent in await self._database.run(intents.open_intents, datetime.now(UTC)):
            change = CHANGES.get(intent.action)
            if change and intent.id not in self._running:
                inputs = msgspec.json.decode(intent.state_before, type=change.inputs)
                store = await store_of(intent)
                await self._settle(intent, await _read_back(change, store, intent, None, inputs))

    async def _join(self, intent: Intent, call: ActionCall) -> Done | Problem:
        """The answer of a write that someone carries out or has carried out."""
        if (intent.action, intent.item_id) != (call.action, call.item_id or ""):
            raise refused("not-allowed", "This is being changed right now", "Try again in a moment.")
        running = self._running.get(intent.id)
        for pause in (0.0, *READ_BACK_SECONDS, *READ_BACK_SECONDS):
            await (running.wait() if running else anyio.sleep(pause))
            known = await self._database.run(intents.get, intent.workspace_id, intent.id)
            if known and known.answer:
                return cast("Done | Problem", decode(known.answer, cast("type[Any]", Done | Problem)))
        raise refused("not-allowed", "This is being changed right now", "Refresh to see what became of it.")

    async def _carry_out(self, change: Change[T, I], store: Store, intent: Intent, inputs: I) -> None:
        try:
            settled = await _send(change, store, intent, inputs)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            settled = Settled("not-done", problems.of(error, writing=True))
        with anyio.CancelScope(shield=True):
            await self._settle(intent, settled)
            self._running.pop(intent.id).set()

    async def _settle(self, intent: Intent, settled: Settled) -> None:
        answer = encode(settled.answer)
        await self._database.run(intents.settle, intent.id, settled.outcome, answer, datetime.now(UTC))


async def _send(change: Change[T, I], store: Store, intent: Intent, inputs: I) -> Settled:
    """Raises MedusaError before anything was sent."""
    before = (await store.ask(change.thing(intent.item_id), fresh=True)).value
    if reason := change.blocked(before):
        return Settled("not-done", problem("not-allowed", "This is not possible now", reason))
    try:
        for command in change.commands(before, inputs):
            await store.send(command)
    except MedusaError as error:
        if error.unsettled:
            return await _read_back(change, store, intent, before, inputs)
        await _undo(change, store, intent)
        return Settled("not-done", problems.of(error, writing=True))
    return Settled("done", change.done(before, await _look_or(before, change, store, intent), inputs))


async def _read_back(change: Change[T, I], store: Store, intent: Intent, before: T | None, inputs: I) -> Settled:
    """Done, not done, or not known, as far as the thing shows it."""
    seen: T | None = None
    for pause in READ_BACK_SECONDS:
        await anyio.sleep(pause)
        try:
            seen = await store.client.get(change.thing(intent.item_id))
        except MedusaError as error:
            seen = None
            if isinstance(error, NotFound):
                return Settled("not-done", problems.of(error))
            continue
        if change.took_effect(seen):
            store.forget()
            return Settled("done", change.done(before or seen, seen, inputs))
    if seen is None:
        return Settled("unknown", _unknown(intent))
    await _undo(change, store, intent)
    detail = "The store did not take it. Nothing was changed; you can try again."
    return Settled("not-done", problem("store-unavailable", "The store did not answer", detail))


async def _undo(change: Change[T, I], store: Store, intent: Intent) -> None:
    try:
        command = change.undo(await store.client.get(change.thing(intent.item_id)))
        if command:
            await store.send(command)
    except MedusaError:
        return  # what was refused stays refused; the next look shows what is left


async def _look_or(before: T, change: Change[T, I], store: Store, intent: Intent) -> T:
    try:
        return await store.client.get(change.thing(intent.item_id))
    except MedusaError:
        return before


def _unknown(intent: Intent) -> Problem:
    again = Action(id=intent.action, label="Look again", account_id=intent.account_id, item_id=intent.item_id)
    detail = "The store took the request and did not answer. It may have happened. Look again before you repeat it."
    return problem("outcome-unknown", "It is not known whether this happened", detail, actions=[again])


def _refuse_if(reason: str | None) -> None:
    if reason:
        raise refused("not-allowed", "This is not possible now", reason)
