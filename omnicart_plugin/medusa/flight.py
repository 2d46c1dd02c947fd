"""Calls that run to their end whatever becomes of those who wait for them.

httpcore 1.0 on asyncio loses a slot of its pool for good when a caller is cancelled inside it, so callers never are.
"""

import copy
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar, TypeVarTuple

import anyio
from anyio.abc import TaskGroup

from omnicart_plugin.medusa.errors import MedusaError, Unreachable
from omnicart_plugin.medusa.faults import of_exception

R = TypeVar("R")
Args = TypeVarTuple("Args")


class Flight(Generic[R]):
    """A call in a task of `tasks`, and its result for however many wait.

    An error reaches each of them as a copy: the first one's traceback holds frames with credentials in them.
    """

    def __init__(self, tasks: TaskGroup, call: Callable[[*Args], Awaitable[R]], *args: *Args) -> None:
        self._landed = anyio.Event()
        self._outcome: list[R] | MedusaError = Unreachable("The connection to the store is being closed.")
        tasks.start_soon(self._fly, call, args)

    async def _fly(self, call: Callable[[*Args], Awaitable[R]], args: tuple[*Args]) -> None:
        try:
            self._outcome = [await call(*args)]
        except Exception as exc:  # noqa: BLE001 - nothing may escape into the task group that all requests share
            self._outcome = copy.copy(of_exception(exc))
        finally:
            self._landed.set()

    async def result(self) -> R:
        await self._landed.wait()
        if isinstance(self._outcome, MedusaError):
            raise copy.copy(self._outcome)
        return self._outcome[0]
