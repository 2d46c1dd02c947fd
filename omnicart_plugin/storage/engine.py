"""The database: one engine, one transaction per piece of work, in a worker thread."""

import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from anyio import CapacityLimiter, to_thread
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from omnicart_plugin.storage.errors import StorageError, storage_error
from omnicart_plugin.storage.tables import HEAD

if TYPE_CHECKING:
    from psycopg import Connection as PostgresConnection  # an extra

P = ParamSpec("P")
T = TypeVar("T")

_SQLITE_WAIT = 10
"""Seconds to wait for another process's transaction."""
_POSTGRES_CONNECTIONS = 8
_POSTGRES_OPTIONS = "-c timezone=UTC -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s"
_KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""Seconds, seconds and tries, until a server that went silent is believed gone."""
_MIGRATION_LOCK = 0x6F6D6E6963617274
"""An arbitrary number that means "OmniCart migrates" among a PostgreSQL database's advisory locks."""
_UPGRADING = threading.Lock()
"""Alembic keeps what it works on in globals: two databases of one process would be taken for each other."""


class Database:
    """A database, brought to its newest revision before its first work. Belongs to the event loop that uses it.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://…``.

    Raises:
        StorageError: An address of another kind, which is not shown. One that nothing answers at is told by the work.
    """

    def __init__(self, url: str) -> None:
        address = _address(url)
        self.shared = address.get_backend_name() == "postgresql"
        """Whether processes that use it can tell each other."""
        self._file = Path(address.database or "")
        self._engine = _postgres(address) if self.shared else _sqlite(address)
        self._limiter = CapacityLimiter(_POSTGRES_CONNECTIONS if self.shared else 1)
        self._newest = False

    @classmethod
    async def open(cls, url: str) -> "Database":
        """One that has answered. Raises StorageError, never with the URL in it."""
        database = cls(url)
        try:
            await database.run(_revision)
        except BaseException:
            database._engine.dispose()
            raise
        return database

    async def run(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``work`` with a connection first, in a transaction of its own that is kept if ``work`` returns.

        A caller that is cancelled is let go when the transaction is over: it happened whole or not at all.
        """
        return await to_thread.run_sync(lambda: self._transaction(work, *args, **kwargs), limiter=self._limiter)

    def written_at(self) -> int | None:
        """When any process wrote to the file last, in ns; None where that cannot be told."""
        try:
            return None if self.shared else self._file.stat().st_mtime_ns
        except OSError:
            return None

    def _transaction(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            if not self._newest:
                self._prepare()
            with self._engine.begin() as conn:
                return work(conn, *args, **kwargs)
        except (DBAPIError, NoConnectionError) as error:
            raise storage_error(error) from error

    def _prepare(self) -> None:
        if not self.shared:
            _make_file(self._file)
        with self._engine.begin() as conn:
            _migrate(conn)
        self._newest = True

    @asynccontextmanager
    async def listening(self, channel: str) -> "AsyncIterator[PostgresConnection]":
        """A connection beside the others that PostgreSQL tells what is notified. Raises StorageError."""
        connection = await to_thread.run_sync(self._listening, channel, limiter=self._limiter)
        try:
            yield connection
        finally:
            connection.close()

    def _listening(self, channel: str) -> "PostgresConnection":
        from psycopg import Error  # noqa: PLC0415 - an extra
        from psycopg.sql import SQL, Identifier  # noqa: PLC0415 - an extra

        try:
            pooled = self._engine.raw_connection()
            connection = cast("PostgresConnection", pooled.driver_connection)
            pooled.detach()
            connection.autocommit = True
            connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
        except Error:
            raise StorageError("The database cannot be reached.") from None
        return connection

    async def scrub(self) -> None:
        """Leave no copy of what was removed: SQLite's ``secure_delete`` misses rows that moved between pages."""
        if self._engine.dialect.name == "sqlite":
            await to_thread.run_sync(self._vacuum, limiter=self._limiter)

    def _vacuum(self) -> None:
        try:
            with closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM")
        except (SQLAlchemyError, sqlite3.Error):
            raise StorageError("The database could not be cleared of what was removed.") from None

    async def close(self) -> None:
        await to_thread.run_sync(self._engine.dispose, limiter=self._limiter)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is None or address.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise StorageError("The database address must begin with sqlite:/// or postgresql+psycopg://.")
    return address


def _sqlite(address: URL) -> Engine:
    # One connection: SQLite has one writer at a time, and waiting in line is fairer than its polling.
    engine = create_engine(
        address, pool_size=1, max_overflow=0, hide_parameters=True, connect_args={"timeout": _SQLITE_WAIT}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _make_file(path: Path) -> None:
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError:
        raise StorageError("The database file cannot be made or opened.") from None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours, so that migrations roll back
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(conn: Connection) -> None:
    # A transaction that reads first and writes later would deadlock with another process's.
    conn.exec_driver_sql("BEGIN IMMEDIATE")


def _postgres(address: URL) -> Engine:
    try:
        return create_engine(
            address,
            pool_size=_POSTGRES_CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": 10, "options": _POSTGRES_OPTIONS, **_KEEPALIVE},
        )
    except ModuleNotFoundError:
        raise StorageError("PostgreSQL needs the extra omnicart[postgres] to be installed.") from None


def _migrate(conn: Connection) -> None:
    """Bring the tables to HEAD. Of processes that start together one migrates, the others wait."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    if _revision(conn) != HEAD:
        _upgrade(conn)


def _revision(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    revision: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(conn: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - takes 300 ms and is seldom needed
    from alembic.config import Config  # noqa: PLC0415 - as above
    from alembic.util import CommandError  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", "omnicart_plugin.storage:migrations")
    config.attributes["connection"] = conn
    try:
        with _UPGRADING:
            command.upgrade(config, "head")
    except CommandError:
        raise StorageError("The database was made by a newer OmniCart. Update this one.") from None
