"""Connections and transactions: the one place that knows which database it is.

SQLite: write-ahead log, every commit on the disk before it counts (synchronous=FULL), one writer at a time by
BEGIN IMMEDIATE. PostgreSQL: the same by an advisory lock that each write transaction of the tenant takes first. So
everything else may be written as if it were alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from connector.core.errors import ConfigError
from connector.store.faults import translated

BUSY_SECONDS = 10
"""How long a transaction waits for another writer before the store counts as locked."""

READ_ROWS: dict[str, Any] = {"yield_per": 1000}
"""Execution options of a long read: so many rows are held in memory at once."""

_WRITES = "honorar_writes"

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)

URL_HINT = "write sqlite:///honorar.db or postgresql://user@host/database"


def utc_now() -> datetime:
    """Return the present moment; the store's only clock, replaced in tests."""
    return datetime.now(UTC)


def advisory_key(*names: str) -> int:
    """Return the 64-bit number that stands for the names among PostgreSQL's advisory locks."""
    return int.from_bytes(hashlib.sha256("\0".join(("honorar", *names)).encode()).digest()[:8], signed=True)


@dataclass(frozen=True, slots=True)
class Database:
    """The store of one tenant: read and write transactions, and the clock."""

    engine: sa.Engine
    tenant: str
    now: Callable[[], datetime]

    @contextmanager
    def connection(self) -> Iterator[sa.Connection]:
        """Yield a connection without a transaction."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Yield a connection that sees one state of the store until the block ends."""
        with self.engine.connect() as connection, begin(connection):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Yield a connection whose work is kept as a whole, or not at all if the block fails.

        Raises Locked where another writer stays longer than BUSY_SECONDS.
        """
        with self.engine.connect() as connection, begin(connection, writes=True):
            yield connection


@contextmanager
def begin(connection: sa.Connection, *, writes: bool = False) -> Iterator[None]:
    """Run the block in one transaction of the connection; with `writes`, as the tenant's only writer."""
    with as_writer(connection, writes=writes).begin():
        yield


def as_writer(connection: sa.Connection, *, writes: bool = True) -> sa.Connection:
    """Return the connection, told whether the transactions it begins from now on write."""
    return connection.execution_options(**{_WRITES: writes})


def open_engine(url: str, tenant: str) -> sa.Engine:
    """Return the engine for 'sqlite:///path' (folders are made) or 'postgresql://…'; ConfigError for anything else."""
    address = _parsed(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    return _postgresql(address, tenant)


def _parsed(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        message = "the address of the store is not one"
        raise ConfigError(message, hint=URL_HINT) from None
    if address.drivername not in ("sqlite", "postgresql", "postgresql+psycopg"):
        message = f"the store cannot be kept in {address.drivername!r}"
        raise ConfigError(message, hint=URL_HINT)
    return address


def _sqlite(address: sa.URL) -> sa.Engine:
    if address.database in (None, "", ":memory:"):
        message = "the address of the store names no file"
        raise ConfigError(message, hint=URL_HINT)
    path = Path(str(address.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder of the store cannot be made: {error.strerror}"
        raise ConfigError(message, place=str(path.parent)) from error
    engine = sa.create_engine(address)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", translated)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (a driver's connection)
    connection.isolation_level = None  # the driver must not begin or commit on its own
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(address: sa.URL, tenant: str) -> sa.Engine:
    try:
        engine = sa.create_engine(
            address.set(drivername="postgresql+psycopg"),
            paramstyle="format",
        )
    except ModuleNotFoundError:
        message = "PostgreSQL needs a driver"
        raise ConfigError(message, hint="pip install 'honorar[postgres]'") from None
    writes = f"SELECT pg_advisory_xact_lock({advisory_key('writer', tenant)})"
    reads = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"

    def _begin_postgresql(connection: sa.Connection) -> None:
        connection.exec_driver_sql(writes if connection.get_execution_options().get(_WRITES) else reads)

    event.listen(engine, "connect", _set_up_postgresql)
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "handle_error", translated)
    return engine


def _set_up_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 (a driver's connection)
    connection.execute(f"SET lock_timeout = {BUSY_SECONDS * 1000}")
    connection.commit()
