"""Many questions, a few of them on their way at a time."""

from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Generic, Self, TypeVar

from omnicart_plugin.medusa.flight import Flight
from omnicart_plugin.medusa.queries import Get

T = TypeVar("T")

Begin = Callable[[Get[Any]], Flight[Any]]
"""Sends a question now."""


class Ahead(Generic[T]):
    """The answers in the order of their questions; the next ones are on their way while one is read.

    Raises MedusaError.
    """

    def __init__(self, begin: Begin, questions: Iterable[Get[T]], at_once: int) -> None:
        self._begin = begin
        self._questions = iter(questions)
        self._coming: deque[Flight[T]] = deque()
        self._at_once = at_once

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        more = islice(self._questions, self._at_once - len(self._coming))
        self._coming.extend(self._begin(question) for question in more)
        if not self._coming:
            raise StopAsyncIteration
        return await self._coming.popleft().result()
