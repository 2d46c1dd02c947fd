"""The connected stores of a workspace. Every query carries the workspace: another's account does not exist."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Update, delete, select, update

from omnicart_plugin.storage.tables import accounts, insert_if_new

T = TypeVar("T")
Kind = Literal["password", "secret_key", "demo"]


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    workspace_id: str
    label: str
    base_url: str
    kind: Kind
    sealed: bytes
    """What the vault made of the secret; empty for the demo."""
    created_at: datetime
    signed_in_at: datetime | None

    def __repr__(self) -> str:
        return f"AccountRow(id={self.id!r}, kind={self.kind!r})"


def list_accounts(conn: Connection, workspace_id: str) -> list[AccountRow]:
    """Oldest first."""
    query = select(accounts).where(accounts.c.workspace_id == workspace_id)
    return [_row(row) for row in conn.execute(query.order_by(accounts.c.created_at, accounts.c.id))]


def get(conn: Connection, workspace_id: str, account_id: str) -> AccountRow | None:
    if not account_id.isprintable():  # PostgreSQL takes no NUL, and no id has one
        return None
    row = conn.execute(select(accounts).where(_is(workspace_id, account_id))).one_or_none()
    return None if row is None else _row(row)


def unsealed(conn: Connection, workspace_id: str, account_id: str, unseal: Callable[[AccountRow], T]) -> T | None:
    """What `unseal` makes of the row, within the transaction that reads it: no key is retired in between."""
    row = get(conn, workspace_id, account_id)
    return None if row is None else unseal(row)


def upsert(
    conn: Connection,
    *,
    workspace_id: str,
    base_url: str,
    label: str,
    kind: Kind,
    seal: Callable[[str], bytes],
    now: datetime,
) -> AccountRow:
    """The workspace's account at this base URL, new or updated, just signed in.

    ``seal`` is given the account's id, which is known only here, and which the sealed secret is bound to.
    """
    found = {"workspace_id": workspace_id, "base_url": base_url}
    fresh = {"id": f"acc_{secrets.token_urlsafe(16)}", "label": label, "kind": kind, "sealed": b"", "created_at": now}
    conn.execute(insert_if_new(conn, accounts).values(found | fresh))
    here = (accounts.c.workspace_id == workspace_id) & (accounts.c.base_url == base_url)
    account_id: str = conn.scalars(select(accounts.c.id).where(here).with_for_update()).one()
    changes = {"label": label, "kind": kind, "sealed": seal(account_id), "signed_in_at": now}
    conn.execute(_change(workspace_id, account_id).values(changes))
    return _row(conn.execute(select(accounts).where(_is(workspace_id, account_id))).one())


def rename(conn: Connection, workspace_id: str, account_id: str, label: str) -> bool:
    return conn.execute(_change(workspace_id, account_id).values(label=label)).rowcount == 1


def remove(conn: Connection, workspace_id: str, account_id: str) -> bool:
    """The row, its secret, and by the tables' cascades its intents, payments and ledger."""
    return conn.execute(delete(accounts).where(_is(workspace_id, account_id))).rowcount == 1


def sealed_accounts(conn: Connection) -> list[AccountRow]:
    """Of all workspaces, for the key ring alone."""
    return [_row(row) for row in conn.execute(select(accounts).where(accounts.c.sealed != b"").order_by(accounts.c.id))]


def reseal(conn: Connection, row: AccountRow, sealed: bytes) -> bool:
    """False when the row has another secret by now, or is gone: then nothing is changed."""
    unchanged = accounts.c.sealed == row.sealed
    return conn.execute(_change(row.workspace_id, row.id).where(unchanged).values(sealed=sealed)).rowcount == 1


def reseal_each(
    conn: Connection, anew: Callable[[AccountRow], bytes | None], *, when_none: Callable[[], None] = lambda: None
) -> int:
    """Give every secret the seal that `anew` makes for it; how many it was made for.

    ``when_none`` is called, within the transaction, where that is none: then all seals that are in use are kept ones.
    """
    made = [(row, sealed) for row in sealed_accounts(conn) if (sealed := anew(row))]
    for row, sealed in made:
        reseal(conn, row, sealed)
    if not made:
        when_none()
    return len(made)


def _is(workspace_id: str, account_id: str) -> ColumnElement[bool]:
    return (accounts.c.workspace_id == workspace_id) & (accounts.c.id == account_id)


def _change(workspace_id: str, account_id: str) -> Update:
    return update(accounts).where(_is(workspace_id, account_id))


def _row(row: Row[Any]) -> AccountRow:
    return AccountRow(**row._asdict())
