"""What one process changed, told to the others on the same PostgreSQL at once, by LISTEN and NOTIFY.

Processes that share an SQLite file tell each other nothing: they find accounts there when they look, and
what they remember of a store grows old by itself.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import anyio
import msgspec
from sqlalchemy import Connection, text

from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError

if TYPE_CHECKING:
    from psycopg import Connection as PostgresConnection  # an extra

log = logging.getLogger("omnicart")

CHANNEL = "omnicart"
RECONNECT_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""How long to wait before each new try to listen; the last one again and again."""


class News(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace's account, or the workspace itself, was changed, and with it what these panels show."""

    workspace_id: str
    account_id: str | None
    panels: list[str]


Hear = Callable[[News | None], Awaitable[None]]
"""Given what another process told, or None when it begins to listen, as something may have been missed before."""


class _Letter(msgspec.Struct, frozen=True, array_like=True):
    sender: str
    news: News


class Peers:
    """The other processes on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._name = secrets.token_hex(8)

    async def tell(self, news: News) -> None:
        """Raises StorageError."""
        if self._database.shared:
            letter = msgspec.json.encode(_Letter(self._name, news)).decode()
            await self._database.run(_notify, letter)

    async def listen(self, hear: Hear) -> None:
        """As long as the caller lives, however often the connection is lost; at an end where nothing can be heard."""
        tries = 0
        while self._database.shared:
            try:
                async with self._database.listening(CHANNEL) as line:
                    tries = 0
                    await hear(None)
                    while True:
                        await anyio.wait_readable(line.fileno())
                        for news in self._arrived(line):
                            await hear(news)
            except StorageError as error:
                log.warning("what other processes change is not heard: %s", error)
            await anyio.sleep(RECONNECT_SECONDS[min(tries, len(RECONNECT_SECONDS) - 1)])
            tries += 1

    def _arrived(self, line: "PostgresConnection") -> list[News]:
        """What others told, without waiting. Raises StorageError."""
        from psycopg import OperationalError  # noqa: PLC0415 - an extra

        try:
            line.pgconn.consume_input()
        except OperationalError:
            raise StorageError("The database closed the connection.") from None
        letters = [letter for payload in _payloads(line) if (letter := _read(payload))]
        return [letter.news for letter in letters if letter.sender != self._name]


def _payloads(line: "PostgresConnection") -> Iterator[bytes]:
    while notice := line.pgconn.notifies():
        yield notice.extra


def _read(payload: bytes) -> _Letter | None:
    """None for what another program, or another OmniCart, has written in its own way."""
    try:
        return msgspec.json.decode(payload, type=_Letter)
    except msgspec.MsgspecError:
        return None


def _notify(conn: Connection, letter: str) -> None:
    conn.execute(text("SELECT pg_notify(:channel, :letter)"), {"channel": CHANNEL, "letter": letter})
