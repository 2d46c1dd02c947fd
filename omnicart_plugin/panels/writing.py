"""One write to a store: sent once, and read back until it shows what became of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

import anyio
import msgspec

from omnicart_plugin import problems
from omnicart_plugin.medusa.commands import Delete, Post
from omnicart_plugin.medusa.errors import MedusaError, NotAllowed, NotFound
from omnicart_plugin.medusa.queries import Get
from omnicart_plugin.stores import Store
from omnicart_plugin.webos import Confirm, Done, Invalid, Problem, problem

T = TypeVar("T")
I = TypeVar("I", bound=msgspec.Struct)  # noqa: E741 - stands for the inputs of a write
Command = Post[Any] | Delete[Any]
Answer = Done | Invalid | Problem

READ_BACK_SECONDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""How long to wait before each look at a thing whose write got no answer."""
UNKNOWN = "The store stopped answering on the way. It may have happened, or in part. Look again before you repeat it."


class Change(msgspec.Struct, Generic[T, I], frozen=True, kw_only=True):
    """One kind of write, as a row: when it is offered, how it asks, what it sends and how its effect shows."""

    action: str
    inputs: type[I]
    names: Callable[[I], str] | None = None
    """What a new thing will be called in the store, where the write makes one."""
    faults: Callable[[I], Mapping[str, str]] = lambda _: {}
    """What is wrong with the inputs by their form: a sentence for each field."""
    thing: Callable[[str, I], Get[T]]
    """The question that shows the thing, from its id or name: as much of it as is needed here."""
    blocked: Callable[[T], str | None] = lambda _: None
    """Why the store would not take it now, in plain words."""
    asks: Callable[[T, I], Confirm] | None = None
    commands: Callable[[str, I], Sequence[Command]]
    """Sent one after the other."""
    took_effect: Callable[[T, T | None, I], bool]
    """Whether the thing, as it was before and as it is read back, shows it. None: it is gone."""
    undo: Callable[[T, T, I], Command | None] | None = None
    """What to take back of the first commands when a later one did not take effect, from before and now."""
    refusals: Callable[[NotAllowed], Mapping[str, str]] = lambda _: {}
    """The fields that a refusal of the store is about, and what to tell at each."""
    done: Callable[[T, T, I], Done | Invalid]
    """From the thing before and after; what is gone is told from before. Invalid: the store passed over all of it."""
    shown_in: Sequence[str]
    """The panels that may look different afterwards."""


class Settled(msgspec.Struct, frozen=True):
    outcome: Literal["done", "not-done", "unknown"]
    answer: Answer


class Write(msgspec.Struct, Generic[T, I], frozen=True):
    """A change that someone wants of one thing."""

    change: Change[T, I]
    store: Store
    item_id: str
    inputs: I

    async def look(self) -> T:
        """The thing as it is now. Raises MedusaError."""
        return await self.store.client.get(self.change.thing(self.item_id, self.inputs))

    async def send(self, before: T) -> Settled:
        accepted = 0
        try:
            for command in self.change.commands(self.item_id, self.inputs):
                await self.store.send(command)
                accepted += 1
        except MedusaError as error:
            if error.unsettled:
                return await self.read_back(before)
            if accepted and not await self._taken_back(before):
                return _unknown()
            return Settled("not-done", self._refusal(error))
        try:
            return self._done(before, await self._seen() or before)
        except MedusaError:
            told = Done(message="It is done. The store does not answer now, so what is shown may be older.")
            return Settled("done", self._refreshing(told))

    async def read_back(self, before: T) -> Settled:
        """Done, not done or not known, as far as the thing shows it."""
        answered = False
        for pause in READ_BACK_SECONDS:
            await anyio.sleep(pause)
            try:
                seen = await self._seen()
            except MedusaError:
                answered = False
                continue
            answered = True
            if self.change.took_effect(before, seen, self.inputs):
                return self._done(before, seen or before)
        if not answered or not await self._taken_back(before):
            return _unknown()
        detail = "Nothing was changed so far. The store may still do it late: look at it again before you repeat it."
        return Settled("not-done", problem("store-unavailable", "The store did not answer", detail))

    async def _seen(self) -> T | None:
        """None where it is gone."""
        try:
            return await self.look()
        except NotFound:
            return None

    async def _taken_back(self, before: T) -> bool:
        """Whether nothing is left of the commands that came before the one that had no effect."""
        if self.change.undo is None:
            return True
        for pause in (0.0, *READ_BACK_SECONDS):
            await anyio.sleep(pause)
            try:
                seen = await self._seen()
                command = self.change.undo(before, seen, self.inputs) if seen else None
                if command:
                    await self.store.send(command)
            except MedusaError:
                continue
            return True
        return False

    def _done(self, before: T, after: T) -> Settled:
        told = self.change.done(before, after, self.inputs)
        return Settled("done", self._refreshing(told)) if isinstance(told, Done) else Settled("not-done", told)

    def _refreshing(self, told: Done) -> Done:
        return msgspec.structs.replace(told, refresh=[*self.change.shown_in])

    def _refusal(self, error: MedusaError) -> Invalid | Problem:
        fields = self.change.refusals(error) if isinstance(error, NotAllowed) else {}
        if fields:
            return Invalid(message="The store does not take this as it is.", errors=dict(fields))
        return problems.of(error, writing=True)


def _unknown() -> Settled:
    return Settled("unknown", problem("outcome-unknown", "It is not known whether this happened", UNKNOWN))
