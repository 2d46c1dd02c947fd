"""Rows that tests begin with."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from omnicart_plugin.storage import accounts


def connect(
    conn: Connection, workspace_id: str, base_url: str, now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)
) -> accounts.AccountRow:
    """An account whose sealed secret is its id."""
    return accounts.upsert(
        conn,
        workspace_id=workspace_id,
        base_url=base_url,
        label="Shop",
        kind="password",
        seal=lambda account_id: account_id.encode(),
        now=now,
    )
