"""Accounts belong to a workspace, and to no other."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, select

from omnicart_plugin.storage import accounts, tables
from tests.storage.rows import connect

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_same_base_url_in_a_workspace_is_one_account_updated(conn: Connection) -> None:
    first = connect(conn, "w1", "https://shop.test")
    again = accounts.upsert(
        conn,
        workspace_id="w1",
        base_url="https://shop.test",
        label="Renamed",
        kind="secret_key",
        seal=lambda account_id: f"new secret of {account_id}".encode(),
        now=NOON,
    )

    assert again.id == first.id
    assert again.created_at == first.created_at
    assert (again.label, again.kind, again.signed_in_at) == ("Renamed", "secret_key", NOON)
    assert again.sealed == f"new secret of {first.id}".encode()
    assert accounts.list_accounts(conn, "w1") == [again]


def test_the_secret_is_sealed_for_the_id_that_is_stored(conn: Connection) -> None:
    row = connect(conn, "w1", "https://shop.test")

    assert row.sealed == row.id.encode()
    assert len(row.id) > 20


def test_the_same_base_url_in_two_workspaces_is_two_accounts(conn: Connection) -> None:
    mine, theirs = (connect(conn, workspace, "https://shop.test") for workspace in ("w1", "w2"))

    assert mine.id != theirs.id
    assert accounts.list_accounts(conn, "w1") == [mine]


def test_another_workspace_can_neither_see_nor_change_an_account(conn: Connection) -> None:
    mine = connect(conn, "w1", "https://shop.test")

    assert accounts.get(conn, "w2", mine.id) is None
    assert not accounts.rename(conn, "w2", mine.id, "Stolen")
    assert not accounts.remove(conn, "w2", mine.id)
    assert accounts.get(conn, "w1", mine.id) == mine


def test_an_account_is_renamed_and_nothing_else_of_it_changes(conn: Connection) -> None:
    mine = connect(conn, "w1", "https://shop.test")

    assert accounts.rename(conn, "w1", mine.id, "Müller & 山田")
    assert accounts.get(conn, "w1", mine.id) == replace(mine, label="Müller & 山田")


def test_accounts_are_listed_oldest_first(conn: Connection) -> None:
    made = [connect(conn, "w1", f"https://{age}.test", NOON - timedelta(seconds=age)) for age in range(8)]

    assert accounts.list_accounts(conn, "w1") == made[::-1]


def test_a_removed_account_leaves_nothing_behind(conn: Connection) -> None:
    mine = connect(conn, "w1", "https://shop.test")

    assert accounts.remove(conn, "w1", mine.id)
    assert not accounts.remove(conn, "w1", mine.id)
    assert accounts.list_accounts(conn, "w1") == []
    assert conn.execute(select(tables.accounts)).all() == []


def test_a_secret_that_changed_meanwhile_is_not_resealed(conn: Connection) -> None:
    seen = connect(conn, "w1", "https://shop.test")
    assert accounts.reseal(conn, seen, b"new")

    assert not accounts.reseal(conn, seen, b"late")
    row = accounts.get(conn, "w1", seen.id)
    assert row is not None
    assert row.sealed == b"new"


def test_the_demo_has_no_secret_to_reseal(conn: Connection) -> None:
    accounts.upsert(conn, workspace_id="w1", base_url="demo:", label="Demo", kind="demo", seal=lambda _: b"", now=NOON)

    assert accounts.sealed_accounts(conn) == []


def test_a_repr_shows_no_secret_and_no_label(conn: Connection) -> None:
    row = connect(conn, "w1", "https://shop.test")

    assert "sealed" not in repr(row)
    assert "shop.test" not in repr([row])


def test_times_come_back_in_utc_whatever_zone_they_went_in_with(conn: Connection) -> None:
    row = connect(
        conn, "w1", "https://shop.test", datetime(2026, 3, 1, 17, 45, 0, 123456, timezone(timedelta(hours=5.75)))
    )

    assert row.created_at == datetime(2026, 3, 1, 12, 0, 0, 123456, UTC)
    assert row.created_at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(conn: Connection) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        connect(conn, "w1", "https://shop.test", datetime(2026, 3, 1))  # noqa: DTZ001 - the fault under test
