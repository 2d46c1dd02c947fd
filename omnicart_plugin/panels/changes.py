"""Writes to a store: each happens once, and the person learns whether it did.

An intent is committed before anything leaves, and held by the process that carries it out. Whoever wants the same at
that moment gets the same answer. Where a process died, another takes its intent over and looks what became of it.
Nothing is sent a second time by itself.
"""

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from typing import Any, cast

import anyio
import msgspec
from anyio.abc import TaskGroup

from omnicart_plugin import problems
from omnicart_plugin.medusa.errors import MedusaError
from omnicart_plugin.panels.visit import InvalidError, StoreVisit, refused
from omnicart_plugin.panels.writing import Answer, Change, Settled, Write
from omnicart_plugin.storage import intents
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError
from omnicart_plugin.storage.intents import Intent
from omnicart_plugin.stores import Store
from omnicart_plugin.webos import Action, ActionCall, Confirm, Done, Problem, decode, encode, problem

HELD_SECONDS = 6.0
"""How long an intent stays with a process that is not heard of any more."""
ORPHANS_SECONDS = 60.0
"""Between two looks for intents whose process is gone."""
POLL_SECONDS = 0.2
"""Between two looks at an intent that another process holds."""
KEPT_DAYS = 30
"""How long a repeated request is answered as before."""

CHANGES: dict[str, Change[Any, Any]] = {}

_Job = Callable[[Intent, Write[Any, Any]], Awaitable[Settled]]


class Changes:
    """Runs changes, and settles those that a process left open when it ended.

    Args:
        announce: Called with the panels that may look different, when an intent is settled.
    """

    def __init__(self, database: Database, tasks: TaskGroup, announce: Callable[[Intent, set[str]], None]) -> None:
        self._database = database
        self._tasks = tasks
        self._announce = announce
        self._holder = secrets.token_hex(8)
        self._running: dict[str, anyio.Event] = {}

    async def run(self, visit: StoreVisit, call: ActionCall, inputs: msgspec.Struct) -> Answer | Confirm:
        """Ask first where the change asks; else carry it out, or join whoever carries out the same.

        While it is not known what became of an earlier write of the same thing, that is looked at first; where this
        one is the same, the look is all that happens.
        """
        if visit.item_id.startswith(intents.PREFIX):
            return await self._look_again(visit, call)
        change = CHANGES[call.action]
        wanted = _intent(change, visit, call, inputs)
        earlier = await self._database.run(intents.in_the_way, wanted)
        while True:
            if earlier is not None:
                answer = await self._answer(earlier, visit.store)
                if earlier.wants_the_same_as(wanted) or getattr(answer, "type", "") == "outcome-unknown":
                    return answer
                if earlier.request_id == wanted.request_id != "":
                    raise refused("bad-request", "This request was made before", "It was for something else then.")
            if change.asks and not call.confirmed:
                return await _ask(change, change.asks, visit, wanted, inputs)
            begun = await self._database.run(intents.begin, wanted, self._holder, HELD_SECONDS)
            if begun.id == wanted.id:
                self._start(wanted, Write(change, visit.store, wanted.item_id, inputs), self._carry_out)
            earlier = begun

    async def settle_orphans(self, store_of: Callable[[Intent], Awaitable[Store]]) -> None:
        """Look what became of writes whose process ended before it knew; for ever, as other processes end too."""
        for pause in chain((0.0, HELD_SECONDS), repeat(ORPHANS_SECONDS)):
            await anyio.sleep(pause)
            try:
                await self._database.run(intents.prune, datetime.now(UTC) - timedelta(days=KEPT_DAYS))
                orphans = await self._database.run(intents.orphans)
            except StorageError:
                continue
            for intent in orphans:
                try:
                    await self._take_over(intent, await store_of(intent))
                except Exception as error:  # noqa: BLE001 - the others must be settled all the same
                    problems.log.warning("an open write could not be settled: %s", type(error).__name__)

    async def _look_again(self, visit: StoreVisit, call: ActionCall) -> Answer:
        """What became of a write that is named by its intent. Sends nothing."""
        intent = await self._database.run(intents.get, visit.workspace_id, visit.item_id)
        if intent is None or (intent.account_id, intent.action) != (visit.account.id, call.action):
            raise refused("not-found", "This was too long ago", "Refresh to see how things stand.")
        return await self._answer(intent, visit.store)

    async def _answer(self, intent: Intent, store: Store) -> Answer:
        """Of a write that someone carries out or has carried out; where it is not known, after another look."""
        looked = False
        while not self._tasks.cancel_scope.cancel_called:
            running = self._running.get(intent.id)
            if running:
                await running.wait()
                looked = True
            known = await self._database.run(intents.get, intent.workspace_id, intent.id)
            if known is None:
                break
            if known.answer and (known.outcome != "unknown" or looked):
                return cast("Answer", decode(known.answer, cast("type[Any]", Answer)))
            if not await self._take_over(known, store):
                await anyio.sleep(POLL_SECONDS)
                looked = known.outcome == "unknown"
        raise refused("outcome-unknown", "OmniCart let go of this store", "Refresh to see what became of it.")

    async def _take_over(self, intent: Intent, store: Store) -> bool:
        """Settle it here, if nobody else is at it."""
        held = await self._database.run(intents.hold, intent.id, self._holder, HELD_SECONDS)
        if held and intent.id not in self._running:
            change = CHANGES[intent.action]
            inputs = msgspec.json.decode(intent.inputs, type=change.inputs)
            self._start(intent, Write(change, store, intent.item_id, inputs), self._settle)
        return held

    def _start(self, intent: Intent, write: Write[Any, Any], job: _Job) -> None:
        self._running[intent.id] = anyio.Event()
        self._tasks.start_soon(self._work, intent, write, job)

    async def _work(self, intent: Intent, write: Write[Any, Any], job: _Job) -> None:
        """Do the job while holding the intent. What cannot be written down is left for the next look at orphans."""
        try:
            async with anyio.create_task_group() as beside:
                beside.start_soon(self._go_on_holding, intent)
                try:
                    settled = await job(intent, write)
                except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                    settled = Settled("unknown", problems.of(error))
                beside.cancel_scope.cancel()
            write.store.forget()
            answer = encode(_addressed(settled.answer, intent))
            with anyio.CancelScope(shield=True):
                await self._database.run(intents.settle, intent.id, settled.outcome, answer, datetime.now(UTC))
            self._announce(intent, {*write.change.shown_in})
        except StorageError as error:
            problems.log.warning("a write could not be settled: %s", error)
        finally:
            self._running.pop(intent.id).set()

    async def _go_on_holding(self, intent: Intent) -> None:
        while True:
            await anyio.sleep(HELD_SECONDS / 3)
            try:
                await self._database.run(intents.hold, intent.id, self._holder, HELD_SECONDS)
            except StorageError:
                continue

    async def _carry_out(self, intent: Intent, write: Write[Any, Any]) -> Settled:
        try:
            before = await write.look()
        except MedusaError as error:
            return Settled("not-done", problems.of(error, writing=True))
        if reason := write.change.blocked(before):
            return Settled("not-done", _not_possible(reason))
        state = msgspec.json.encode(before).decode()
        if not await self._database.run(intents.record, intent.id, self._holder, state):
            return _interrupted()
        return await write.send(before)

    async def _settle(self, intent: Intent, write: Write[Any, Any]) -> Settled:
        """What became of it, now that it is held here and nobody else sends anything."""
        known = await self._database.run(intents.get, intent.workspace_id, intent.id)
        if known is None or not known.state_before:
            return _interrupted()
        thing = write.change.thing(intent.item_id, write.inputs)
        return await write.read_back(msgspec.json.decode(known.state_before, type=thing.type))


def _intent(change: Change[Any, Any], visit: StoreVisit, call: ActionCall, inputs: msgspec.Struct) -> Intent:
    """Raises InvalidError, RefusedError."""
    if faults := change.faults(inputs):
        raise InvalidError(faults)
    item_id = change.names(inputs) if change.names else visit.item_id
    if not item_id:
        raise refused("bad-request", "Nothing was chosen", "Choose what this is to be done with.")
    return Intent(
        workspace_id=visit.workspace_id,
        account_id=visit.account.id,
        action=call.action,
        item_id=item_id,
        request_id=call.request_id,
        user_id=call.ctx.user_id,
        inputs=msgspec.json.encode(inputs).decode(),
        created_at=datetime.now(UTC),
    )


async def _ask(
    change: Change[Any, Any], asks: Callable[[Any, Any], Confirm], visit: StoreVisit, wanted: Intent, inputs: Any
) -> Confirm | Problem:
    thing = await visit.ask(change.thing(wanted.item_id, inputs))
    if reason := change.blocked(thing):
        return _not_possible(reason)
    return asks(thing, inputs)


def _addressed(answer: Answer, intent: Intent) -> Answer:
    """With the account in the link, and with the way to look again, which names the intent and so sends nothing."""
    if isinstance(answer, Done) and answer.link:
        return msgspec.structs.replace(answer, link=msgspec.structs.replace(answer.link, account_id=intent.account_id))
    if isinstance(answer, Problem) and answer.type == "outcome-unknown":
        again = Action(id=intent.action, label="Look again", account_id=intent.account_id, item_id=intent.id)
        return msgspec.structs.replace(answer, actions=[again])
    return answer


def _not_possible(reason: str) -> Problem:
    return problem("not-allowed", "This is not possible now", reason)


def _interrupted() -> Settled:
    detail = "OmniCart was interrupted before it asked the store. Nothing was changed; you can try again."
    return Settled("not-done", problem("store-unavailable", "This was not done", detail))
