"""Following a store costs what changed, however much is known of it: SQLite looks rows up and reads through none."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from omnicart_plugin.storage import ledgers, payments
from omnicart_plugin.storage.engine import Database
from omnicart_plugin.storage.payments import Movement, Payment
from tests.storage.rows import connect

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def some(*, is_open: bool) -> list[Payment]:
    return [
        Payment(
            id=f"p{number}", currency="eur", created_at=NOON, captures=[Movement(NOON, Decimal(1))], is_open=is_open
        )
        for number in range(5)
    ]


def take_in(conn: Connection, account_id: str) -> None:
    payments.upsert(conn, account_id, some(is_open=False))


def look_again(conn: Connection, account_id: str) -> None:
    for after in (None, (NOON, "p2")):
        payments.open_payments(conn, account_id, after, 100)


def remember(conn: Connection, account_id: str) -> None:
    ledgers.order_counts(conn, account_id, [(NOON, NOON + timedelta(days=day)) for day in range(5)])


def explained(conn: Connection, work: Callable[[Connection, str], None]) -> list[str]:
    """How SQLite goes about each of its statements that looks for rows."""
    account_id = connect(conn, "w1", "https://shop.test").id
    payments.upsert(conn, account_id, some(is_open=True))
    sent: list[tuple[str, Any]] = []

    def note(_conn: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool) -> None:
        if not many:
            sent.append((statement, parameters))

    event.listen(conn, "before_cursor_execute", note)
    work(conn, account_id)
    event.remove(conn, "before_cursor_execute", note)
    plans = [conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters) for statement, parameters in sent]
    return [str(step.detail) for plan in plans for step in plan]


@pytest.mark.parametrize("work", [take_in, look_again, remember])
async def test_a_look_reads_through_nothing(tmp_path: Path, work: Callable[[Connection, str], None]) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'omnicart.db'}")
    steps = await database.run(explained, work)
    await database.close()

    looked = [step for step in steps if "payments" in step or "movements" in step or "order_days" in step]
    assert looked
    for step in looked:
        assert "SEARCH" in step, step
        assert "ix_payments_open" in step or (" AND " in step and step.endswith("=?)")), step
