"""Run by Alembic: applies the migrations on the connection it was handed."""

from alembic import context

from vault.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # All of a migration or nothing of it: both engines can roll back a change of tables.
    transactional_ddl=True,
    render_as_batch=True,
)

with context.begin_transaction():
    context.run_migrations()
