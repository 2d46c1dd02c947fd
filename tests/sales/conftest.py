import shutil
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
async def database(tmp_path: Path, first_start: Path) -> AsyncIterator[Database]:
    """On its one connection SQLite does not wait for the disk."""
    path = shutil.copy(first_start, tmp_path)
    database = await Database.open(f"sqlite:///{path}")
    await to_thread.run_sync(_hurry, database)
    yield database
    await database.close()
