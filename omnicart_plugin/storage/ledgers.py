"""How far the figures of a store are known, who is bringing them up to date, and its counts of orders by day."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from omnicart_plugin.storage import payments
from omnicart_plugin.storage.tables import UtcTime, accounts, insert_if_new, ledgers, order_days

Span = tuple[datetime, datetime]
"""From an instant up to, not including, another: a day or a month in whichever time zone."""


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    account_id: str
    payments_until: datetime | None = None
    """All payments that the store changed before this are known."""
    orders_until: datetime | None = None
    """The refunds of all orders that the store changed before this are known."""
    done: int = 0
    """Of ``total`` payments of the first fill."""
    total: int = 0
    filled_at: datetime | None = None
    """When the first fill ended."""
    checked_at: datetime | None = None
    """When it was last compared with the store's own counts."""
    version: int = 0
    """Another one whenever its payments are written to; `write` alone counts it on."""


_FIELDS = [ledgers.c[name] for name in Ledger.__struct_fields__]


def read(conn: Connection, account_id: str) -> Ledger:
    row = conn.execute(select(*_FIELDS).where(ledgers.c.account_id == account_id)).one_or_none()
    return Ledger(account_id=account_id) if row is None else Ledger(**row._asdict())


def write(conn: Connection, ledger: Ledger, *, moved: bool = False) -> bool:
    """False when the account is gone. ``moved``: payments of it were written in this transaction."""
    _begin(conn, ledger.account_id)
    changes = msgspec.structs.asdict(ledger) | {"version": ledgers.c.version + int(moved)}
    return conn.execute(update(ledgers).where(ledgers.c.account_id == ledger.account_id).values(changes)).rowcount == 1


def hold(conn: Connection, account_id: str, holder: str, seconds: float) -> bool:
    """Take the ledger for so long, or go on holding it. False while another does, or when the account is gone.

    Whoever holds it writes to it, calling this first in the same transaction: so a holder that was believed dead
    writes no more. The time is the database's, as machines' clocks differ.
    """
    _begin(conn, account_id)
    now = conn.scalars(select(func.current_timestamp(type_=UtcTime))).one()
    free = or_(ledgers.c.holder.is_(None), ledgers.c.holder == holder, ledgers.c.held_until <= now)
    take = update(ledgers).where(ledgers.c.account_id == account_id, free)
    return conn.execute(take.values(holder=holder, held_until=now + timedelta(seconds=seconds))).rowcount == 1


def let_go(conn: Connection, account_id: str, holder: str) -> None:
    held = (ledgers.c.account_id == account_id) & (ledgers.c.holder == holder)
    conn.execute(update(ledgers).where(held).values(holder=None, held_until=None))


def forget(conn: Connection, account_id: str) -> None:
    """All that is known of the store's money and orders, so that it is asked anew. Who holds the ledger still does."""
    payments.forget(conn, account_id)
    conn.execute(delete(order_days).where(order_days.c.account_id == account_id))
    write(conn, Ledger(account_id=account_id), moved=True)


def order_counts(conn: Connection, account_id: str, spans: Sequence[Span]) -> dict[Span, int]:
    """Of those spans that are known."""
    starts, ends = ({edge[side] for edge in spans} for side in (0, 1))
    near = order_days.c.starts_at.in_(starts) & order_days.c.ends_at.in_(ends)
    query = select(order_days).where(order_days.c.account_id == account_id, near)
    found = {(row.starts_at, row.ends_at): row.orders for row in conn.execute(query)}
    return {span: found[span] for span in spans if span in found}


def keep_order_counts(conn: Connection, account_id: str, counts: Mapping[Span, int]) -> None:
    """Spans that are over, at least one, in place of what was known of them."""
    rows: list[dict[str, Any]] = [
        {"account_id": account_id, "starts_at": starts, "ends_at": ends, "orders": orders}
        for (starts, ends), orders in counts.items()
    ]
    keys = ("starts_at", "ends_at")
    same = [order_days.c[key] == bindparam(f"known_{key}") for key in keys]
    known = delete(order_days).where(order_days.c.account_id == account_id, *same)
    conn.execute(known, [{f"known_{key}": row[key] for key in keys} for row in rows])
    conn.execute(insert(order_days), rows)


def _begin(conn: Connection, account_id: str) -> None:
    """A row for the account, if there is an account."""
    there = select(accounts.c.id).where(accounts.c.id == account_id)
    conn.execute(insert_if_new(conn, ledgers).from_select(["account_id"], there))
