"""The first tables. Written out, so that later changes of ``tables.py`` do not change the past."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _accounts()
    _intents()
    _payments()
    _ledgers()


def _account_id() -> sa.Column[str]:
    return sa.Column("account_id", sa.String, nullable=False)


def _belongs_to_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=f"fk_{table}_account_id", ondelete="CASCADE")


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("workspace_id", sa.String, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("base_url", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("signed_in_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("workspace_id", "base_url", name="uq_accounts_workspace_id_base_url"),
    )


def _intents() -> None:
    op.create_table(
        "intents",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("workspace_id", sa.String, nullable=False),
        _account_id(),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("item_id", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("user_id", sa.String, nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("state_before", sa.Text, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("settled_at", _TIME),
        sa.Column("holder", sa.String),
        sa.Column("held_until", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_intents"),
        _belongs_to_account("intents"),
    )
    _unique_where("uq_intents_undecided_thing", "item_id", sa.text("outcome IN ('open', 'unknown')"))
    _unique_where("uq_intents_request", "request_id", sa.text("request_id <> ''"))


def _unique_where(name: str, column: str, where: sa.TextClause) -> None:
    op.create_index(name, "intents", ["account_id", column], unique=True, sqlite_where=where, postgresql_where=where)


def _payments() -> None:
    op.create_table(
        "payments",
        _account_id(),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("order_id", sa.String),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "id", name="pk_payments"),
        _belongs_to_account("payments"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "movements",
        _account_id(),
        sa.Column("payment_id", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("mega", sa.BigInteger, nullable=False),
        sa.Column("micro", sa.BigInteger, nullable=False),
        sa.Column("atto", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "payment_id", "number", name="pk_movements"),
        sa.ForeignKeyConstraint(
            ["account_id", "payment_id"],
            ["payments.account_id", "payments.id"],
            name="fk_movements_account_id_payment_id",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_movements_figures", "movements", ["account_id", "currency", "at", "mega", "micro", "atto"])


def _ledgers() -> None:
    op.create_table(
        "ledgers",
        _account_id(),
        sa.Column("payments_until", _TIME),
        sa.Column("orders_until", _TIME),
        sa.Column("done", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("total", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("filled_at", _TIME),
        sa.Column("checked_at", _TIME),
        sa.Column("holder", sa.String),
        sa.Column("held_until", _TIME),
        sa.PrimaryKeyConstraint("account_id", name="pk_ledgers"),
        _belongs_to_account("ledgers"),
    )
    op.create_table(
        "order_days",
        _account_id(),
        sa.Column("starts_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=False),
        sa.Column("orders", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "starts_at", "ends_at", name="pk_order_days"),
        _belongs_to_account("order_days"),
    )
