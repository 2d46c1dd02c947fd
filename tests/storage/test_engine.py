"""One piece of work is one transaction, whoever gives up and whatever breaks."""

import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import anyio
import pytest
from sqlalchemy import Connection, text

from omnicart_plugin.storage import accounts, tables
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError
from tests.storage.rows import connect

pytestmark = pytest.mark.anyio

COUNT = text("SELECT count(*) FROM accounts")


async def test_work_that_raises_leaves_nothing(database: Database) -> None:
    def fail(conn: Connection) -> None:
        connect(conn, "w1", "https://shop.test")
        raise LookupError("afterwards")

    with pytest.raises(LookupError):
        await database.run(fail)
    assert await database.run(accounts.list_accounts, "w1") == []


async def test_a_cancelled_caller_leaves_a_whole_transaction_and_no_open_connection(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(conn: Connection) -> None:
        begun.set()
        assert go_on.wait(10)
        connect(conn, "w1", "https://shop.test")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(database.run, slow)
        await anyio.to_thread.run_sync(begun.wait)
        tasks.cancel_scope.cancel()
        go_on.set()

    assert len(await database.run(accounts.list_accounts, "w1")) == 1
    assert database._engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool has it


async def test_work_in_line_that_is_cancelled_never_begins(database: Database) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.cancel_scope.cancel()
        tasks.start_soon(database.run, connect, "w1", "https://shop.test")

    assert await database.run(accounts.list_accounts, "w1") == []


async def test_many_callers_at_once_lose_nothing(database: Database) -> None:
    async with anyio.create_task_group() as tasks:
        for number in range(30):
            tasks.start_soon(database.run, connect, "w1", f"https://shop{number % 15}.test")

    assert len(await database.run(accounts.list_accounts, "w1")) == 15


async def test_two_databases_on_one_url_see_each_other(database: Database, url: str) -> None:
    other = await Database.open(url)
    row = await other.run(connect, "w1", "https://shop.test")

    assert await database.run(accounts.list_accounts, "w1") == [row]
    await other.close()


async def test_two_transactions_that_read_and_then_write_do_not_deadlock(database: Database, url: str) -> None:
    other = await Database.open(url)

    def read_and_write(conn: Connection, name: str) -> None:
        conn.scalar(COUNT)
        connect(conn, "w1", f"https://{name}.test")

    async with anyio.create_task_group() as tasks:
        for number in range(10):
            tasks.start_soon((database, other)[number % 2].run, read_and_write, f"shop{number}")
    assert await database.run(Connection.scalar, COUNT) == 10
    await other.close()


def test_processes_that_start_together_migrate_once(url: str) -> None:
    processes = [_opening(url) for _ in range(3)]

    assert [process.communicate("go")[0] for process in processes].count("migrated\n") == 1
    assert [process.returncode for process in processes] == [0, 0, 0]


async def test_databases_of_one_process_that_open_together_are_not_taken_for_each_other(tmp_path: Path) -> None:
    opened: list[Database] = []

    async def open_one(name: str) -> None:
        opened.append(await Database.open(f"sqlite:///{tmp_path / name}"))

    async with anyio.create_task_group() as tasks:
        for number in range(4):
            tasks.start_soon(open_one, f"{number}.db")
    for database in opened:
        assert await database.run(accounts.list_accounts, "w1") == []
        await database.close()


def test_a_database_at_its_newest_revision_is_opened_without_alembic(url: str) -> None:
    assert [_opening(url).communicate("go")[0] for _ in range(2)] == ["migrated\n", ""]


def _opening(url: str) -> subprocess.Popen[str]:
    """A process that opens the database when told to go, and says so when it imported Alembic."""
    program = (
        "import sys, anyio\n"
        "from omnicart_plugin.storage.engine import Database\n"
        "sys.stdin.read()\n"
        "anyio.run(Database.open, sys.argv[1])._engine.dispose()\n"
        "if 'alembic' in sys.modules: print('migrated')\n"
    )
    command = [sys.executable, "-W", "error", "-c", program, url]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words


async def test_a_database_of_a_newer_omnicart_is_refused_in_a_sentence(url: str) -> None:
    database = await Database.open(url)
    await database.run(Connection.execute, text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    await database.close()

    with pytest.raises(StorageError, match="newer OmniCart"):
        await Database.open(url)


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "mysql://user:canary@host/db", "postgresql://user:canary@host/db", "sqlite+aiosqlite:///x"],
)
async def test_an_address_of_another_kind_is_refused_without_being_shown(address: str) -> None:
    with pytest.raises(StorageError, match="must begin with") as caught:
        await Database.open(address)
    assert "canary" not in str(caught.value)


async def test_a_server_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(StorageError, match="cannot be reached") as caught:
        await Database.open("postgresql+psycopg://user:canary@127.0.0.1:1/db")
    assert "canary" not in str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "omnicart.db"


@pytest.fixture
def sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"


async def test_the_file_is_for_its_owner_alone(file: Path, sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    modes: list[int] = []

    def look(conn: Connection) -> None:
        connect(conn, "w1", "https://shop.test")
        modes.extend(stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir())

    await database.run(look)
    await database.close()

    assert modes == [0o600, 0o600]  # the file and its journal
    assert list(file.parent.iterdir()) == [file]


async def test_sqlite_keeps_nothing_that_was_deleted_and_flushes_what_was_kept(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    pragmas = {
        name: await database.run(Connection.scalar, text(f"PRAGMA {name}"))
        for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
    }
    await database.close()

    assert pragmas == {
        "journal_mode": "delete",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


async def test_removed_and_replaced_secrets_are_nowhere_in_the_file(file: Path, sqlite_url: str) -> None:
    """Of 200 accounts some are removed, some sealed anew; rows move between pages while that happens."""
    database = await Database.open(sqlite_url)

    def churn(conn: Connection) -> list[bytes]:
        gone = []
        for number in range(200):
            row = connect(conn, "w1", f"https://shop{number}.test")
            assert accounts.reseal(conn, row, b"secret-%03d-" % number * (number % 40 + 1))
        for number, row in enumerate(accounts.list_accounts(conn, "w1")):
            if number % 3 == 0:
                assert accounts.remove(conn, "w1", row.id)
            elif number % 3 == 1:
                assert accounts.reseal(conn, row, b"new" * 100)
            if number % 3 != 2:
                gone.append(row.sealed[:11])
        return gone

    gone = await database.run(churn)
    await database.scrub()
    kept = [row.sealed for row in await database.run(accounts.list_accounts, "w1")]
    await database.close()

    content = await anyio.Path(file).read_bytes()
    assert len(gone) == 134
    assert [secret for secret in gone if secret in content] == []
    assert all(secret[:30] in content for secret in kept)
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda file: file.write_bytes(b"not a database" * 100), "damaged"),
        (lambda file: file.mkdir(), "cannot be"),
    ],
)
async def test_a_file_that_is_no_database_is_a_sentence(
    file: Path, sqlite_url: str, spoil: object, sentence: str
) -> None:
    assert callable(spoil)
    spoil(file)

    with pytest.raises(StorageError, match=sentence):
        await Database.open(sqlite_url)


async def test_a_full_disk_is_a_sentence_and_changes_nothing(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)

    def fill(conn: Connection) -> None:
        conn.execute(text("PRAGMA max_page_count = 30"))
        row = connect(conn, "w1", "https://shop.test")
        accounts.reseal(conn, row, b"x" * 1_000_000)

    with pytest.raises(StorageError, match="disk of the database is full"):
        await database.run(fill)
    assert await database.run(accounts.list_accounts, "w1") == []
    await database.close()


async def test_a_database_that_another_process_holds_is_busy(
    file: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omnicart_plugin.storage.engine._SQLITE_WAIT", 0)
    database = await Database.open(sqlite_url)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="busy"):
        await database.run(accounts.list_accounts, "w1")
    holder.close()
    assert await database.run(accounts.list_accounts, "w1") == []
    await database.close()


async def test_a_server_that_ends_our_connections_is_asked_again(database: Database, kind: str) -> None:
    if kind == "sqlite":
        return  # has no server
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    end = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608 - our own words

    def end_own(conn: Connection) -> None:
        conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StorageError, match="cannot be reached"):
        await database.run(end_own)
    await database.run(Connection.execute, end)
    assert await database.run(accounts.list_accounts, "w1") == []


def test_the_tables_are_those_of_the_newest_revision() -> None:
    from alembic.config import Config  # noqa: PLC0415 - slow, for this test alone
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow, for this test alone

    config = Config()
    config.set_main_option("script_location", "omnicart_plugin.storage:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == tables.HEAD
