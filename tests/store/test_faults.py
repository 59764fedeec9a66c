from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from connector.core.errors import HonorarError, Locked, StoreError, TemporaryError, Unavailable
from connector.store import Store, open_store
from connector.store.schema import audit, billed_log
from tests.store.world import TENANT, add, rows


@pytest.fixture
def path(sqlite_store: Path, tmp_path: Path) -> Path:
    """Return a SQLite store's file."""
    copy = tmp_path / "honorar.db"
    copy.write_bytes(sqlite_store.read_bytes())
    return copy


def test_full_disk_is_named_and_leaves_nothing_half_done(path: Path) -> None:
    """When the disk fills up in the middle of a document, the document is not there and the next run can go on."""
    with open_store(f"sqlite:///{path}", TENANT) as store:
        _limit_pages(store)
        with pytest.raises(TemporaryError, match="the disk of the store is full") as caught:
            add_many(store)
        assert caught.value.place == f"sqlite:///{path}"
    with open_store(f"sqlite:///{path}", TENANT) as store:
        numbers = [document.number for document in store.billing.documents()]
        assert numbers == [f"RE-2026-{each:04}" for each in range(1, len(numbers) + 1)]
        assert len(rows(store, billed_log)) == len(rows(store, audit)) == len(numbers)
        assert add(store, f"k-{len(numbers) + 1}").is_new


def add_many(store: Store) -> None:
    """Store more documents than the disk takes."""
    for number in range(1, 1000):
        add(store, f"k-{number}")


def _limit_pages(store: Store) -> None:
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 8}")

    store.database.engine.dispose()
    event.listen(store.database.engine, "connect", limit)


def test_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    """A wrong path to some other file is not taken for a damaged store."""
    (tmp_path / "notes.txt").write_text("These are notes, and long enough not to be an empty database file.\n" * 20)
    with pytest.raises(StoreError, match="the file is not a store"), open_store(f"sqlite:///{tmp_path}/notes.txt", "a"):
        pytest.fail("opened")


def test_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """A folder in the place of the file is reported in plain words."""
    (tmp_path / "honorar.db").mkdir()
    with (
        pytest.raises(StoreError, match="the store cannot be opened"),
        open_store(f"sqlite:///{tmp_path}/honorar.db", "a"),
    ):
        pytest.fail("opened")


def test_store_that_may_not_be_written_is_named(path: Path) -> None:
    """A store mounted read-only can be read but says why it cannot be written."""
    with open_store(f"sqlite:///{path}", TENANT) as store:
        event.listen(store.database.engine, "begin", lambda c: c.exec_driver_sql("PRAGMA query_only = ON"))
        with pytest.raises(StoreError, match="the store may not be written"):
            add(store)


def test_damaged_store_is_named(path: Path) -> None:
    """A page overwritten with something else is noticed."""
    content = bytearray(path.read_bytes())
    content[4096:] = b"\x5a" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="the store is damaged"), open_store(f"sqlite:///{path}", TENANT) as store:
        rows(store, audit)


def test_database_that_cannot_be_reached_is_worth_another_try() -> None:
    """PostgreSQL that is down is a matter of waiting; the password is not repeated."""
    url = "postgresql://honorar:secret@127.0.0.1:1/honorar?connect_timeout=2"
    with pytest.raises(Unavailable, match="cannot be reached") as caught, open_store(url, TENANT):
        pytest.fail("opened")
    assert "secret" not in str(caught.value)
    assert "127.0.0.1:1" in caught.value.place


def test_connection_that_breaks_is_worth_another_try(postgres_store: str, postgres: sa.Engine) -> None:
    """PostgreSQL restarted in the middle of a run is a matter of waiting, too."""
    url = postgres.url.set(database=postgres_store).render_as_string(hide_password=False)
    with open_store(url, TENANT) as store, store.database.engine.connect() as connection:
        own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with postgres.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
        with pytest.raises(Unavailable):
            connection.exec_driver_sql("SELECT 1")


@pytest.mark.parametrize(
    ("state", "error"),
    [("55P03", Locked), ("40P01", Locked), ("53100", TemporaryError), ("42501", StoreError), ("25006", StoreError)],
)
def test_refusals_of_postgresql_are_named(
    postgres_store: str, postgres: sa.Engine, state: str, error: type[HonorarError]
) -> None:
    """PostgreSQL's codes for locks, a full disk and missing rights become the errors an operator knows."""
    url = postgres.url.set(database=postgres_store).render_as_string(hide_password=False)
    statement = f"DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$"
    with open_store(url, TENANT) as store, store.database.engine.connect() as connection, pytest.raises(error):
        connection.exec_driver_sql(statement)


def test_faults_of_the_program_are_not_dressed_up(store: Store) -> None:
    """A statement that is wrong fails as what it is: nobody but a programmer can mend it."""
    with store.database.reading() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.exec_driver_sql("SELECT nonsense FROM nowhere")
