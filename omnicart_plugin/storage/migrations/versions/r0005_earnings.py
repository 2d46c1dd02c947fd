"""The sum of an account's movements in each currency, so that nobody has to add all of them up."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "earnings",
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("movements", sa.Integer, nullable=False),
        sa.Column("mega", sa.BigInteger, nullable=False),
        sa.Column("micro", sa.BigInteger, nullable=False),
        sa.Column("atto", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "currency", name="pk_earnings"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_earnings_account_id", ondelete="CASCADE"),
    )
    op.execute(
        "INSERT INTO earnings SELECT account_id, currency, count(*), sum(mega), sum(micro), sum(atto)"
        " FROM movements GROUP BY account_id, currency"
    )
