"""The migrations lead from nothing to the tables, or nowhere."""

from unittest.mock import patch

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.engine.interfaces import ReflectedIndex

from omnicart_plugin.storage import tables
from omnicart_plugin.storage.engine import Database


def test_the_migrated_tables_are_the_declared_ones(conn: Connection) -> None:
    context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})

    assert compare_metadata(context, tables.metadata) == []


def test_indexes_and_cascades_are_the_declared_ones(conn: Connection) -> None:
    """What ``compare_metadata`` does not see: conditions of indexes, and what a removed account takes along."""
    migrated = _shape(conn)
    tables.metadata.drop_all(conn)
    tables.metadata.create_all(conn)

    assert _shape(conn) == migrated


def _shape(conn: Connection) -> object:
    look = inspect(conn)
    return {
        table: (
            [index | {"dialect_options": _words(index)} for index in look.get_indexes(table)],
            look.get_foreign_keys(table),
            look.get_pk_constraint(table),
        )
        for table in tables.metadata.tables
    }


def _words(index: ReflectedIndex) -> dict[str, str]:
    return {name: str(condition) for name, condition in index.get("dialect_options", {}).items()}


@pytest.mark.anyio
async def test_a_migration_that_fails_leaves_the_database_as_it_was(url: str) -> None:
    create_index = op.create_index

    def fail_late(name: str, *args: object, **options: object) -> None:
        if name == "ix_movements_figures":
            raise LookupError("half way")
        create_index(name, *args, **options)  # type: ignore[arg-type]  # handed on as they came

    with patch.object(op, "create_index", fail_late), pytest.raises(LookupError):
        await Database.open(url)
    database = await Database.open(url)
    assert await database.run(lambda conn: set(inspect(conn).get_table_names())) == {
        *tables.metadata.tables,
        "alembic_version",
    }
    await database.close()
