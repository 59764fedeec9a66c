"""One at a time: locks that the operating system or the database lets go when the holder dies."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from connector.core.errors import Locked
from connector.store.engine import advisory_key, begin

_PAUSE_SECONDS = 0.1


@contextmanager
def held(engine: sa.Engine, name: str, wait_seconds: int, message: str) -> Iterator[None]:
    """Hold the lock of that name while the block runs; Locked with the message if another keeps it longer."""
    hold = _file_lock if engine.dialect.name == "sqlite" else _advisory_lock
    with hold(engine, name) as attempt:
        deadline = time.monotonic() + wait_seconds
        while not attempt():
            if time.monotonic() >= deadline:
                raise Locked(message, hint="wait for it to end")
            time.sleep(_PAUSE_SECONDS)
        yield


@contextmanager
def _file_lock(engine: sa.Engine, name: str) -> Iterator[Callable[[], bool]]:
    """Lock a file beside the store's. It stays behind: to remove it would let two runs lock two files of one name."""
    path = Path(f"{engine.url.database}.{quote(name, safe='')}.lock")
    with path.open("a") as file:

        def attempt() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield attempt


@contextmanager
def _advisory_lock(engine: sa.Engine, name: str) -> Iterator[Callable[[], bool]]:
    """Lock a number in PostgreSQL, on a connection of its own that is closed afterwards."""
    lock = sa.select(sa.func.pg_try_advisory_lock(advisory_key("lock", name)))
    with engine.connect() as connection:
        connection.detach()

        def attempt() -> bool:
            with begin(connection):
                return bool(connection.scalar(lock))

        yield attempt
