"""Which requests joined a write that was on its way already: repeated later, they are answered and not run."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "joined",
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("intent_id", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "request_id", name="pk_joined"),
        sa.ForeignKeyConstraint(["intent_id"], ["intents.id"], name="fk_joined_intent_id", ondelete="CASCADE"),
    )
    op.create_index("ix_joined_intent_id", "joined", ["intent_id"])
