"""How alembic runs the migrations: on the connection it is given, each with its version mark in one transaction."""

from __future__ import annotations

from alembic import context

from connector.store.engine import as_writer
from connector.store.schema import metadata

context.configure(
    connection=as_writer(context.config.attributes["connection"]),
    target_metadata=metadata,
    transaction_per_migration=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
