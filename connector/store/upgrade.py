"""Bringing a store to the tables of today; each migration is one transaction, so a killed one leaves the old state."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from connector.core.errors import SchemaTooNew
from connector.store.engine import begin
from connector.store.lock import held
from connector.store.schema import HEAD

MIGRATIONS = Path(__file__).with_name("migrations")

WAIT_SECONDS = 60
"""How long to wait for another process that is upgrading the same store."""

_version = sa.table("alembic_version", sa.column("version_num"))


def revision(engine: sa.Engine) -> str | None:
    """Return the revision of the store's tables, None for an empty store."""
    with engine.connect() as connection, begin(connection):
        if not sa.inspect(connection).has_table(_version.name):
            return None
        return connection.scalar(sa.select(_version.c.version_num))


def bring_up_to_date(engine: sa.Engine) -> None:
    """Run the migrations the store lacks; SchemaTooNew where it has one that this Honorar does not know."""
    if revision(engine) == HEAD:
        return
    with held(engine, "upgrade", WAIT_SECONDS, "another process is upgrading the store"):
        migrate(engine, HEAD)


def migrate(engine: sa.Engine, target: str) -> None:
    """Run the migrations up to the target revision; SchemaTooNew as above. Only for one who holds the upgrade lock."""
    from alembic import command, config, script  # noqa: PLC0415 (a store that is up to date need not load it)

    settings = config.Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {None, *(step.revision for step in script.ScriptDirectory.from_config(settings).walk_revisions())}
    found = revision(engine)
    if found not in known:
        message = f"the store has schema {found}, this Honorar knows schemas up to {HEAD}"
        raise SchemaTooNew(message, place=str(engine.url), hint="install the newer Honorar that wrote it")
    with engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, target)
