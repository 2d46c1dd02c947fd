"""Alembic's entry: the connection, in its transaction, comes from the engine; a migration that fails leaves nothing."""

from alembic import context

from omnicart_plugin.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
