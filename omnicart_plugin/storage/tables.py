"""The tables, the same on SQLite and PostgreSQL. Whatever belongs to an account goes when the account goes."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

HEAD = "0005"
"""The newest revision in ``migrations/``."""


class UtcTime(TypeDecorator[datetime]):
    """An aware instant, in UTC in the database and out of it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a time zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _of_account(*, primary_key: bool) -> Column[str]:
    return Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=primary_key, nullable=False)


accounts = Table(
    "accounts",
    metadata,
    Column("id", String, primary_key=True),
    Column("workspace_id", String, nullable=False),
    Column("label", String, nullable=False),
    Column("base_url", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("signed_in_at", UtcTime),
    UniqueConstraint("workspace_id", "base_url"),
)

intents = Table(
    "intents",
    metadata,
    Column("id", String, primary_key=True),
    Column("workspace_id", String, nullable=False),
    _of_account(primary_key=False),
    Column("action", String, nullable=False),
    Column("item_id", String, nullable=False),
    Column("request_id", String, nullable=False),
    Column("user_id", String, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("state_before", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("outcome", String, nullable=False),
    Column("answer", LargeBinary),
    Column("settled_at", UtcTime),
    Column("holder", String),
    Column("held_until", UtcTime),
)
_UNDECIDED = text("outcome IN ('open', 'unknown')")
_NAMED_REQUEST = text("request_id <> ''")
Index(
    "uq_intents_undecided_thing",
    intents.c.account_id,
    intents.c.item_id,
    unique=True,
    sqlite_where=_UNDECIDED,
    postgresql_where=_UNDECIDED,
)
Index(
    "uq_intents_request",
    intents.c.account_id,
    intents.c.request_id,
    unique=True,
    sqlite_where=_NAMED_REQUEST,
    postgresql_where=_NAMED_REQUEST,
)

joined = Table(  # requests that met a write of the same which was on its way already, and are answered by it
    "joined",
    metadata,
    Column("account_id", String, primary_key=True),
    Column("request_id", String, primary_key=True),
    Column("intent_id", ForeignKey("intents.id", ondelete="CASCADE"), nullable=False, index=True),
)

payments = Table(
    "payments",
    metadata,
    _of_account(primary_key=True),
    Column("id", String, primary_key=True),
    Column("order_id", String),
    Column("created_at", UtcTime, nullable=False),
    Column("is_open", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)
OPEN_PAYMENT = text("is_open")
"""SQLite takes the index for questions that say the very same."""
Index(
    "ix_payments_open",
    payments.c.account_id,
    payments.c.created_at,
    sqlite_where=OPEN_PAYMENT,
    postgresql_where=OPEN_PAYMENT,
)

movements = Table(  # money that a payment moved: a capture is positive, a refund negative
    "movements",
    metadata,
    Column("account_id", String, primary_key=True),
    Column("payment_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("currency", String, nullable=False),
    Column("mega", BigInteger, nullable=False),
    Column("micro", BigInteger, nullable=False),
    Column("atto", BigInteger, nullable=False),
    ForeignKeyConstraint(["account_id", "payment_id"], ["payments.account_id", "payments.id"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)
Index(  # holds all that a sum needs, so that figures never touch the table
    "ix_movements_figures",
    movements.c.account_id,
    movements.c.currency,
    movements.c.at,
    movements.c.mega,
    movements.c.micro,
    movements.c.atto,
)

earnings = Table(  # the sum of an account's movements in each currency, kept with them
    "earnings",
    metadata,
    _of_account(primary_key=True),
    Column("currency", String, primary_key=True),
    Column("movements", Integer, nullable=False),
    Column("mega", BigInteger, nullable=False),
    Column("micro", BigInteger, nullable=False),
    Column("atto", BigInteger, nullable=False),
)

ledgers = Table(
    "ledgers",
    metadata,
    _of_account(primary_key=True),
    Column("payments_until", UtcTime),
    Column("orders_until", UtcTime),
    Column("done", Integer, nullable=False, server_default=text("0")),
    Column("total", Integer, nullable=False, server_default=text("0")),
    Column("filled_at", UtcTime),
    Column("checked_at", UtcTime),
    Column("holder", String),
    Column("held_until", UtcTime),
    Column("version", Integer, nullable=False, server_default=text("0")),
)

order_days = Table(
    "order_days",
    metadata,
    _of_account(primary_key=True),
    Column("starts_at", UtcTime, primary_key=True),
    Column("ends_at", UtcTime, primary_key=True),
    Column("orders", Integer, nullable=False),
)


def insert_if_new(conn: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that does nothing when a unique index already holds such a row."""
    return _insert(conn, table).on_conflict_do_nothing()


def add_to(conn: Connection, table: Table, key: Mapping[str, str], amounts: Mapping[str, int]) -> None:
    """Add to the numbers in the row of this primary key, which begins at zero."""
    new = _insert(conn, table).values(**key, **amounts)
    sums = {name: table.c[name] + new.excluded[name] for name in amounts}
    conn.execute(new.on_conflict_do_update(index_elements=[*key], set_=sums))


def _insert(conn: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return (sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert)(table)
