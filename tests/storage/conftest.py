"""Every storage test runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import anyio
import pytest
from sqlalchemy import Connection, Engine

from omnicart_plugin.storage.engine import Database

SQLITE_AND_POSTGRES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session", params=SQLITE_AND_POSTGRES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database with nothing in it."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'omnicart.db'}"
    return str(request.getfixturevalue("postgres").new())


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def engine(kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("storage") / "omnicart.db"
    url = f"sqlite:///{path}" if kind == "sqlite" else request.getfixturevalue("postgres").new()
    engine = anyio.run(Database.open, url)._engine
    yield engine
    engine.dispose()


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """A transaction on migrated tables, undone at the end."""
    with engine.connect() as conn:
        yield conn
        conn.rollback()
