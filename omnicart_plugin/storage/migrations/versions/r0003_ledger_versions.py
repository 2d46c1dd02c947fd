"""Whether a ledger's payments are still those that were summed, without summing them again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("ledgers", sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")))
