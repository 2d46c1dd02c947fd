from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from anyio import to_thread

from omnicart_plugin.storage.engine import Database


def _hurry(database: Database) -> None:
    with closing(database._engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA synchronous=OFF")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """On its one connection SQLite does not wait for the disk."""
    database = await Database.open(f"sqlite:///{tmp_path / 'omnicart.db'}")
    await to_thread.run_sync(_hurry, database)
    yield database
    await database.close()
