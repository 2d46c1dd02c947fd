"""Many listeners to what apps emit, each with a bounded queue that drops its oldest."""

from collections import deque
from weakref import WeakSet

import anyio

from omnicart_plugin.webos.results import AppEvent

QUEUE_LENGTH = 256


class Listener:
    """An async iterator of the events since it was made; ends when the host is left."""

    def __init__(self) -> None:
        self._queue: deque[AppEvent] = deque(maxlen=QUEUE_LENGTH)
        self._news = anyio.Event()
        self._closed = False

    def __aiter__(self) -> "Listener":
        return self

    async def __anext__(self) -> AppEvent:
        while not self._queue:
            if self._closed:
                raise StopAsyncIteration
            self._news = anyio.Event()
            await self._news.wait()
        return self._queue.popleft()

    def put(self, event: AppEvent) -> None:
        self._queue.append(event)
        self._news.set()

    def close(self) -> None:
        self._closed = True
        self._news.set()


class Listeners:
    """Those who still listen; one that is no longer held anywhere is forgotten."""

    def __init__(self) -> None:
        self._all: WeakSet[Listener] = WeakSet()

    def listen(self) -> Listener:
        listener = Listener()
        self._all.add(listener)
        return listener

    def put(self, event: AppEvent) -> None:
        for listener in [*self._all]:
            listener.put(event)

    def close(self) -> None:
        for listener in [*self._all]:
            listener.close()
