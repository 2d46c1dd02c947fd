"""The payments of a store and the money they moved: revenue is what was captured minus what was refunded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain, pairwise
from typing import Any

import msgspec
from sqlalchemy import Connection, Integer, Select, Table, column, delete, func, insert, select, tuple_, values

from omnicart_plugin.storage.money import join, split
from omnicart_plugin.storage.tables import OPEN_PAYMENT, UtcTime, add_to, earnings, movements, payments

Turn = tuple[datetime, str]
"""When the last payment of a turn was made, and its id."""


class Movement(msgspec.Struct, frozen=True):
    """Money that was captured or refunded, always positive."""

    at: datetime
    amount: Decimal


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    order_id: str | None = None
    currency: str
    created_at: datetime
    is_open: bool = False
    """It may yet be captured, in part at least."""
    captures: Sequence[Movement] = ()
    refunds: Sequence[Movement] = ()


def upsert(conn: Connection, account_id: str, batch: Iterable[Payment]) -> None:
    """Each payment as it is now, in place of what was known of it. Of the same payment twice the last one counts.

    Raises ValueError for an amount that is no number below 10¹⁸.
    """
    latest = {payment.id: payment for payment in batch}
    if not latest:
        return
    rows = [row for payment in latest.values() for row in _movements(account_id, payment)]
    _earn(conn, account_id, _moved(conn, account_id, latest), rows)
    conn.execute(delete(payments).where(payments.c.account_id == account_id, payments.c.id.in_(latest)))
    _insert(conn, payments, [_payment(account_id, payment) for payment in latest.values()])
    _insert(conn, movements, rows)


def forget(conn: Connection, account_id: str) -> None:
    for table in (payments, earnings):
        conn.execute(delete(table).where(table.c.account_id == account_id))


def count(conn: Connection, account_id: str) -> int:
    """To compare with the store's own number of payments."""
    counted = select(func.count()).select_from(payments).where(payments.c.account_id == account_id)
    return conn.scalars(counted).one()


def open_payments(
    conn: Connection, account_id: str, after: Turn | None, most: int
) -> tuple[dict[str, int], Turn | None]:
    """Payments that may yet be captured, each with the number of its movements, and where the next turn begins.

    Half of them are the newest, the others those that came ``after``, the oldest first.
    """
    half = most // 2
    place = payments.c.created_at, payments.c.id
    mine = select(*place).where(payments.c.account_id == account_id, OPEN_PAYMENT).limit(half)
    newest = conn.execute(mine.order_by(payments.c.created_at.desc())).all()
    left = mine.where(tuple_(*place) > after) if after else mine
    others = conn.execute(left.order_by(*place)).all()
    found = dict.fromkeys([row.id for row in (*newest, *others)], 0)
    moved = (movements.c.account_id == account_id) & movements.c.payment_id.in_(found)
    counted = select(movements.c.payment_id.label("id"), func.count().label("moved"))
    found |= {row.id: row.moved for row in conn.execute(counted.where(moved).group_by(movements.c.payment_id))}
    return found, (others[-1].created_at, others[-1].id) if len(others) == half else None


_PARTS = ("mega", "micro", "atto")
_SUMS = [func.sum(movements.c[part]).label(part) for part in _PARTS]


def revenue(conn: Connection, account_id: str) -> dict[str, Decimal]:
    """Of all time, by currency: kept with each payment, so that it costs the same however many there are."""
    kept = select(earnings).where(earnings.c.account_id == account_id)
    return {row.currency: _amount(row) for row in conn.execute(kept)}


def revenue_between(conn: Connection, account_id: str, edges: Sequence[datetime]) -> list[dict[str, Decimal]]:
    """By currency, for each span from one edge up to the next, so one less than there are edges."""
    spans = [(number, *span) for number, span in enumerate(pairwise(edges))]
    found: list[dict[str, Decimal]] = [{} for _ in spans]
    if not spans:
        return found
    span = values(column("number", Integer), column("starts", UtcTime), column("ends", UtcTime)).data(spans).cte("span")
    inside = (movements.c.at >= span.c.starts) & (movements.c.at < span.c.ends)
    query = select(span.c.number, movements.c.currency, *_SUMS).select_from(span.join(movements, inside))
    query = query.where(movements.c.account_id == account_id, movements.c.currency.in_(_currencies(account_id)))
    for row in conn.execute(query.group_by(span.c.number, movements.c.currency)):
        found[row.number][row.currency] = _amount(row)
    return found


def captured_between(conn: Connection, account_id: str, starts: datetime, ends: datetime) -> dict[str, int]:
    """How many payments something was captured of, by currency."""
    query = select(movements.c.currency, func.count(movements.c.payment_id.distinct()).label("paid")).where(
        movements.c.account_id == account_id,
        movements.c.currency.in_(_currencies(account_id)),
        movements.c.at >= starts,
        movements.c.at < ends,
        movements.c.mega >= 0,
    )
    return {row.currency: row.paid for row in conn.execute(query.group_by(movements.c.currency))}


def _currencies(account_id: str) -> Select[tuple[str]]:
    return select(earnings.c.currency).where(earnings.c.account_id == account_id)


def _moved(conn: Connection, account_id: str, ids: Iterable[str]) -> dict[str, list[int]]:
    """By currency how many movements of these payments are known, and the parts of their sum.

    Grouped by the database, SQLite would read all of the account's in the order of their currency.
    """
    known = (movements.c.account_id == account_id) & movements.c.payment_id.in_(ids)
    query = select(movements.c.currency, *(movements.c[part] for part in _PARTS)).where(known)
    return _counted((currency, (1, *parts)) for currency, *parts in conn.execute(query))


def _earn(conn: Connection, account_id: str, gone: Mapping[str, list[int]], rows: Iterable[tuple[Any, ...]]) -> None:
    """Take from what was earned what some payments were known to move, and add what they do now."""
    taken = ((currency, [-figure for figure in figures]) for currency, figures in gone.items())
    added = ((currency, (1, *parts)) for _, _, _, _, currency, *parts in rows)
    for currency, figures in _counted(chain(taken, added)).items():
        values = dict(zip(("movements", *_PARTS), figures, strict=True))
        add_to(conn, earnings, {"account_id": account_id, "currency": currency}, values)
    conn.execute(delete(earnings).where(earnings.c.account_id == account_id, earnings.c.movements == 0))


def _counted(figures: Iterable[tuple[str, Iterable[int]]]) -> dict[str, list[int]]:
    """By currency how many movements, and the parts of their sum."""
    found: dict[str, list[int]] = {}
    for currency, more in figures:
        found[currency] = [sum(pair) for pair in zip(found.get(currency, [0] * 4), more, strict=True)]
    return found


def _amount(row: Any) -> Decimal:
    return join(int(row.mega), int(row.micro), int(row.atto))  # PostgreSQL's sums of 64-bit numbers are Decimal


def _insert(conn: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows with a value for each column, in the table's order: none of them costs SQLAlchemy more than the database."""
    if not rows:
        return
    names, types, dialect = table.columns.keys(), [column.type for column in table.columns], conn.dialect
    statement = insert(table).compile(dialect=dialect)
    binds = [kind.dialect_impl(dialect).bind_processor(dialect) for kind in types]
    columns = [map(bind, sent) if bind else sent for bind, sent in zip(binds, zip(*rows, strict=True), strict=True)]
    sent = zip(*columns, strict=True)
    many = [*sent] if statement.positional else [dict(zip(names, row, strict=True)) for row in sent]
    conn.exec_driver_sql(str(statement), many)


def _payment(account_id: str, payment: Payment) -> tuple[Any, ...]:
    return account_id, payment.id, payment.order_id, payment.created_at, payment.is_open


def _movements(account_id: str, payment: Payment) -> Iterator[tuple[Any, ...]]:
    signed = [(capture.at, capture.amount) for capture in payment.captures]
    signed += [(refund.at, -refund.amount) for refund in payment.refunds]
    for number, (at, amount) in enumerate(signed):
        yield account_id, payment.id, number, at, payment.currency, *split(amount)
