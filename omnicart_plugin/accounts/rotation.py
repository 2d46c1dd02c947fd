"""New keys for old while hosts run: at every moment each secret opens with a key that all of them can ask for.

A host seals within the transaction that writes the row, and opens within the one that reads it. The key file changes
within a transaction too, so on SQLite nobody is between a key and its row when one is retired.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

from omnicart_plugin.accounts.directory import binding
from omnicart_plugin.accounts.vault import Keys, UnreadableError, Vault, VaultError
from omnicart_plugin.storage import accounts as rows
from omnicart_plugin.storage.accounts import AccountRow
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.errors import StorageError
from omnicart_plugin.webos.keyfile import KeyFile


class Tally(NamedTuple):
    resealed: int
    unreadable: int
    """Secrets that no key of the ring opens; they stay as they are."""


class RotationError(ValueError):
    """Why it stopped, in a sentence. Every secret still opens."""


async def rotate(database_url: str, keys: KeyFile) -> Tally:
    """A new key, all secrets under it, and the old ones forgotten. Stopped anywhere, it can be begun again.

    Raises:
        RotationError, HostError.
    """
    async with _opened(database_url) as database:
        vault = Vault(keys)
        await database.run(lambda _: keys.add())
        tally = again = await _sweep(database, vault, keys.keep_first)
        while again.resealed:
            again = await _sweep(database, vault, keys.keep_first)
        await database.scrub()
        return tally


async def reseal(database_url: str, keys: Keys) -> Tally:
    """All secrets under the first key of a ring that is changed elsewhere. Raises as `rotate` does."""
    async with _opened(database_url) as database:
        return await _sweep(database, Vault(keys), lambda: None)


@asynccontextmanager
async def _opened(database_url: str) -> AsyncIterator[Database]:
    try:
        database = await Database.open(database_url)
        try:
            yield database
        finally:
            await database.close()
    except (StorageError, VaultError) as error:
        raise RotationError(str(error)) from None


async def _sweep(database: Database, vault: Vault, when_none: Callable[[], None]) -> Tally:
    unreadable: set[str] = set()

    def anew(row: AccountRow) -> bytes | None:
        try:
            return vault.reseal(row.sealed, **binding(row)) if vault.needs_reseal(row.sealed) else None
        except UnreadableError:
            unreadable.add(row.id)
            return None

    resealed = await database.run(rows.reseal_each, anew, when_none=when_none)
    return Tally(resealed, len(unreadable))
