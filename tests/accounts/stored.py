"""A data directory with stores in it, and what a thief or a rotation would find there."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from omnicart_plugin.accounts import rotation
from omnicart_plugin.accounts.directory import Directory
from omnicart_plugin.accounts.vault import Vault, VaultError
from omnicart_plugin.medusa.auth import Credentials, Password
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.webos.keyfile import KeyFile

CANARY = Password("me@shop.test", "canary-pa55word")


@asynccontextmanager
async def directory(folder: Path) -> AsyncIterator[Directory]:
    """As a host that starts now has it."""
    database = await Database.open(url(folder))
    yield Directory(database, Vault(KeyFile(folder)))
    await database.close()


async def connect(folder: Path, stores: int) -> None:
    """In three workspaces by turns, each store at a host of its own."""
    async with directory(folder) as own:
        for number in range(stores):
            await own.connect(f"w{number % 3}", f"https://shop{number}.test", "Shop", CANARY)


async def credentials(folder: Path) -> list[Credentials | None]:
    """Of every account; None for one that does not open."""
    found: list[Credentials | None] = []
    async with directory(folder) as own:
        for account in [account for number in range(3) for account in await own.accounts(f"w{number}")]:
            try:
                found.append(await own.credentials(account))
            except VaultError:
                found.append(None)
    return found


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'webos.db'}"


def execute(folder: Path, statement: str, *rows: tuple[bytes | str, ...]) -> list[tuple[bytes, ...]]:
    with closing(sqlite3.connect(folder / "webos.db", isolation_level=None)) as connection:
        if rows:
            connection.executemany(statement, rows)
            return []
        return connection.execute(statement).fetchall()


def key_ids(folder: Path) -> set[str]:
    """Of the keys that the rows are sealed with."""
    rows = execute(folder, "SELECT sealed FROM accounts")
    return {sealed[2 : 2 + sealed[1]].decode() for (sealed,) in rows}


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def lose_keys(folder: Path) -> None:
    (folder / "keys.json").unlink()


async def rotate(folder: Path) -> rotation.Tally:
    return await rotation.rotate(url(folder), KeyFile(folder))
