"""The connected stores of each workspace, and their sealed secrets."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import inf
from time import monotonic
from typing import Literal

import msgspec

from omnicart_plugin.accounts.vault import Vault
from omnicart_plugin.medusa.auth import Credentials, Password, SecretKey
from omnicart_plugin.storage import accounts as rows
from omnicart_plugin.storage.accounts import AccountRow
from omnicart_plugin.storage.engine import Database

REMEMBERED_SECONDS = 1.0
"""For so long at most, and until any process writes to the database file.

Machines that share a database read it every time: a change made through one is seen on the others at once.
"""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A connected store, without its secret."""

    id: str
    workspace_id: str
    label: str
    base_url: str
    kind: Literal["password", "secret_key", "demo"]
    """How it signs in."""
    created_at: datetime
    signed_in_at: datetime
    """When its credentials were given last."""


class UnknownAccountError(Exception):
    """The workspace has no such account, whatever others have."""


class Directory:
    """What is connected where. Every question names the workspace; another's accounts do not exist."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._remembered: dict[str, tuple[float, int | None, list[Account]]] = {}
        """By workspace: when they began to be read, monotonic, and when the file had been written to by then."""
        self._forgotten_at = -inf

    async def accounts(self, workspace_id: str) -> list[Account]:
        """Oldest first."""
        asked_at, written_at = monotonic(), self._database.written_at()
        known = [_account(row) for row in await self._database.run(rows.list_accounts, workspace_id)]
        if asked_at > self._forgotten_at:
            self._remembered[workspace_id] = asked_at, written_at, known
        return [*known]

    async def account(self, workspace_id: str, account_id: str) -> Account:
        """Raises UnknownAccountError."""
        asked_at, known_at, known = self._remembered.get(workspace_id, (-inf, None, []))
        written_at = self._database.written_at()
        if written_at is None or written_at != known_at or monotonic() > asked_at + REMEMBERED_SECONDS:
            known = []
        found = [account for account in known if account.id == account_id]
        if not found:  # another process may have connected it just now
            found = [account for account in await self.accounts(workspace_id) if account.id == account_id]
        if not found:
            raise UnknownAccountError
        return found[0]

    def forget(self) -> None:
        """Something was changed: read anew, also what is being read now."""
        self._remembered.clear()
        self._forgotten_at = monotonic()

    async def credentials(self, account: Account) -> Credentials:
        """What the account signs in with. Raises UnknownAccountError; VaultError where the secret does not open."""
        secret = await self._database.run(rows.unsealed, account.workspace_id, account.id, self._open)
        if secret is None:
            raise UnknownAccountError
        return _unpacked(secret)

    async def lost_keys(self) -> set[str]:
        """The ids of keys that secrets are sealed with and the ring lacks."""
        return {self._vault.lost_key(row.sealed) for row in await self._database.run(rows.sealed_accounts)} - {""}

    async def connect(self, workspace_id: str, base_url: str, label: str, credentials: Credentials) -> Account:
        """Keep a store that has just signed in: a new account, or the one at this base URL updated."""
        secret = _packed(credentials)

        def seal(account_id: str) -> bytes:
            return self._vault.seal(secret, workspace_id=workspace_id, account_id=account_id, base_url=base_url)

        kind: rows.Kind = "password" if isinstance(credentials, Password) else "secret_key"
        return await self._upsert(workspace_id, base_url, label, kind, seal)

    async def connect_demo(self, workspace_id: str, base_url: str, label: str) -> Account:
        """The workspace's demo store, which has no secret."""
        return await self._upsert(workspace_id, base_url, label, "demo", lambda _: b"")

    async def rename(self, account: Account, label: str) -> None:
        """Raises UnknownAccountError."""
        renamed = await self._database.run(rows.rename, account.workspace_id, account.id, label)
        self.forget()
        if not renamed:
            raise UnknownAccountError

    async def remove(self, account: Account) -> None:
        """Row, secret and all that was kept for it. Raises UnknownAccountError."""
        removed = await self._database.run(rows.remove, account.workspace_id, account.id)
        self.forget()
        if not removed:
            raise UnknownAccountError
        await self._database.scrub()

    def _open(self, row: AccountRow) -> bytes:
        return self._vault.open(row.sealed, **binding(row))

    async def _upsert(
        self, workspace_id: str, base_url: str, label: str, kind: rows.Kind, seal: Callable[[str], bytes]
    ) -> Account:
        row = await self._database.run(
            rows.upsert,
            workspace_id=workspace_id,
            base_url=base_url,
            label=label,
            kind=kind,
            seal=seal,
            now=datetime.now(UTC),
        )
        self.forget()
        await self._database.scrub()
        return _account(row)


def binding(row: AccountRow) -> dict[str, str]:
    """What the vault ties the row's secret to."""
    return {"workspace_id": row.workspace_id, "account_id": row.id, "base_url": row.base_url}


def _account(row: AccountRow) -> Account:
    return Account(
        id=row.id,
        workspace_id=row.workspace_id,
        label=row.label,
        base_url=row.base_url,
        kind=row.kind,
        created_at=row.created_at,
        signed_in_at=row.signed_in_at or row.created_at,
    )


def _packed(credentials: Credentials) -> bytes:
    if isinstance(credentials, SecretKey):
        return msgspec.json.encode({"secret_key": credentials.key})
    return msgspec.json.encode({"email": credentials.email, "password": credentials.password})


def _unpacked(secret: bytes) -> Credentials:
    parts = msgspec.json.decode(secret, type=dict[str, str])
    if "secret_key" in parts:
        return SecretKey(parts["secret_key"])
    return Password(parts["email"], parts["password"])
