"""Which payments may yet be captured: of a capture in part no time in a store's lists tells."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("payments", sa.Column("is_open", sa.Boolean, nullable=False, server_default=sa.false()))
    is_open = sa.text("is_open")
    op.create_index(
        "ix_payments_open", "payments", ["account_id", "created_at"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.execute("UPDATE ledgers SET filled_at = NULL, done = 0")  # read anew, to learn which they are
