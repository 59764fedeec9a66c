from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from connector.store import Store
from connector.store.schema import Instant, cursors, exports, metadata
from tests.store.world import TENANT

_NOON = datetime(2026, 2, 1, 12, tzinfo=timezone(timedelta(hours=1)))


def test_instants_come_back_as_the_same_moment_in_utc(store: Store) -> None:
    """A moment survives, whatever zone it was written in; none stays none."""
    row = {
        "tenant": TENANT,
        "sink": "datev",
        "number": 1,
        "token": "",
        "made_at": _NOON,
        "repeat": False,
        "files": "[]",
    }
    with store.database.writing() as connection:
        connection.execute(sa.insert(exports), row)
        made_at, finished_at = connection.execute(sa.select(exports.c.made_at, exports.c.finished_at)).one()
    assert made_at == _NOON
    assert made_at.tzinfo == UTC
    assert finished_at is None


def test_moments_without_a_zone_are_refused() -> None:
    """A moment that does not say where it holds could be an hour off, so it is no moment."""
    with pytest.raises(ValueError, match="without a time zone"):
        Instant().process_bind_param(datetime(2026, 2, 1, 12), sqlite.dialect())  # noqa: DTZ001 (the fault tested)


def test_no_moment_stays_none() -> None:
    """What has not happened yet has no moment, on either side."""
    assert Instant().process_bind_param(None, sqlite.dialect()) is None
    assert Instant().process_result_value(None, sqlite.dialect()) is None


def test_every_table_belongs_to_tenants() -> None:
    """One store holds many tenants: no table can mix them up."""
    assert [table.name for table in metadata.tables.values() if "tenant" not in table.columns] == []


def test_no_column_is_inexact() -> None:
    """No amount, share or duration is ever kept as a floating-point number."""
    inexact = [
        str(column) for table in metadata.tables.values() for column in table.c if isinstance(column.type, sa.Numeric)
    ]
    assert inexact == []


def test_database_knows_its_own_rules(store: Store) -> None:
    """Empty values that must be there are refused by the database itself."""
    with store.database.writing() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.insert(cursors), {"tenant": TENANT, "source": "redmine", "name": "until", "value": None})


def test_every_table_is_explained() -> None:
    """Whoever looks into a store finds each table in its manual."""
    manual = (Path(__file__).parents[2] / "docs" / "store.md").read_text()
    assert [name for name in metadata.tables if f"- `{name}`: " not in manual] == []
