from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from connector.core.errors import ConfigError, Locked
from connector.store import Store, engine, open_store
from connector.store.engine import advisory_key, begin, open_engine, utc_now
from connector.store.schema import cursors
from tests.store.world import TENANT, rows

_CURSOR = {"tenant": TENANT, "source": "redmine", "name": "until", "value": "2026-01-31"}


def test_sqlite_makes_the_folders_of_its_file(tmp_path: Path) -> None:
    """A first run needs no folder made by hand."""
    with open_store(f"sqlite:///{tmp_path}/var/lib/honorar.db", TENANT):
        assert (tmp_path / "var/lib/honorar.db").exists()


def test_sqlite_is_set_to_lose_nothing(tmp_path: Path) -> None:
    """Commits are on the disk, references are checked, readers do not wait, and writers wait a while."""
    with open_store(f"sqlite:///{tmp_path}/honorar.db", TENANT) as store, store.database.reading() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("honorar.db", "is not one"),
        ("", "is not one"),
        ("mysql://host/honorar", "cannot be kept in 'mysql'"),
        ("postgresql+asyncpg://host/honorar", "cannot be kept in 'postgresql\\+asyncpg'"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_address_that_is_none_is_refused_in_plain_words(url: str, message: str) -> None:
    """A wrong URL is the operator's to mend, so the error says how one looks."""
    with pytest.raises(ConfigError, match=message) as caught:
        open_engine(url, TENANT)
    assert caught.value.hint == "write sqlite:///honorar.db or postgresql://user@host/database"


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """Where a file is in the way of a folder, the error names the place."""
    (tmp_path / "var").write_text("in the way")
    with pytest.raises(ConfigError, match="the folder of the store cannot be made") as caught:
        open_engine(f"sqlite:///{tmp_path}/var/lib/honorar.db", TENANT)
    assert caught.value.place == f"{tmp_path}/var/lib"


def test_missing_driver_of_postgresql_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL is an extra: without it the error says what to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match="PostgreSQL needs a driver") as caught:
        open_engine("postgresql://host/honorar", TENANT)
    assert "honorar[postgres]" in caught.value.hint


def test_writing_keeps_all_or_nothing(store: Store) -> None:
    """A block that fails leaves nothing of what it wrote."""

    def fail_halfway() -> None:
        with store.database.writing() as connection:
            connection.execute(sa.insert(cursors), _CURSOR)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert rows(store, cursors) == []
    with store.database.writing() as connection:
        connection.execute(sa.insert(cursors), _CURSOR)
    assert rows(store, cursors) == [_CURSOR]


def test_reading_sees_one_state(store: Store) -> None:
    """What is written meanwhile is not seen halfway through a read, and does not wait for it."""
    with store.database.reading() as reader:
        before = reader.execute(sa.select(cursors.c.name)).all()
        with store.database.writing() as writer:
            writer.execute(sa.insert(cursors), _CURSOR)
        assert before == reader.execute(sa.select(cursors.c.name)).all() == []


def test_second_writer_of_a_tenant_waits_and_is_turned_away(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes never write for one tenant at the same time; the later one hears of it in plain words."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 1)
    with (
        open_store(url, TENANT) as first,
        open_store(url, TENANT) as second,
        first.database.writing(),
        pytest.raises(Locked, match="another process is writing to the store"),
        second.database.writing(),
    ):
        pytest.fail("two writers at once")


def test_staging_does_not_keep_writers_waiting(store: Store) -> None:
    """A connection that reads or fills temporary tables leaves the store to others."""
    with store.database.connection() as connection:
        with begin(connection):
            connection.exec_driver_sql("CREATE TEMPORARY TABLE staged (id TEXT)")
        with begin(connection):
            connection.exec_driver_sql("INSERT INTO staged VALUES ('1')")
            with store.database.writing() as writer:
                writer.execute(sa.insert(cursors), _CURSOR)
    assert len(rows(store, cursors)) == 1


def test_advisory_keys_differ_by_name_and_fit_in_64_bits() -> None:
    """Locks of different names do not meet, however the names are cut."""
    keys = {advisory_key("writer", "a"), advisory_key("writer", "b"), advisory_key("writera"), advisory_key("a", "b")}
    assert len(keys) == 4
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_clock_tells_utc() -> None:
    """The store's own clock is the present, with its zone."""
    assert utc_now().tzinfo is UTC
    assert abs(utc_now() - datetime.now(UTC)) < timedelta(minutes=1)
