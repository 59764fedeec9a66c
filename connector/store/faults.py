"""What the database says when it cannot go on, in plain words and as the error the operator acts on."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from sqlalchemy.engine import ExceptionContext

from connector.core.errors import HonorarError, Locked, StoreError, TemporaryError, Unavailable


class _Meaning(NamedTuple):
    error: type[HonorarError]
    message: str
    hint: str


_BUSY = _Meaning(Locked, "another process is writing to the store", "try again later")
_FULL = _Meaning(TemporaryError, "the disk of the store is full", "make room; the next run goes on")
_NOT_WRITABLE = _Meaning(StoreError, "the store may not be written", "look at the rights of its file, folder or role")
_GONE = _Meaning(Unavailable, "the database of the store cannot be reached", "look at its address and whether it runs")

_PRIMARY_CODE = 0xFF

_SQLITE = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _NOT_WRITABLE,
    sqlite3.SQLITE_PERM: _NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: _Meaning(
        StoreError, "the store cannot be opened", "look at the rights of its file and folder"
    ),
    sqlite3.SQLITE_IOERR: _Meaning(StoreError, "the disk of the store fails", "look at the disk, then at the backup"),
    sqlite3.SQLITE_CORRUPT: _Meaning(StoreError, "the store is damaged", "restore the backup"),
    sqlite3.SQLITE_NOTADB: _Meaning(StoreError, "the file is not a store", "look at the address of the store"),
}
"""By SQLite's primary result code."""

_POSTGRESQL = {
    "55P03": _BUSY,
    "40P01": _BUSY,
    "53100": _FULL,
    "25006": _NOT_WRITABLE,
    "42501": _NOT_WRITABLE,
    "57P01": _GONE,
    "57P02": _GONE,
    "57P03": _GONE,
}
"""By SQLSTATE (PostgreSQL, appendix A)."""


def translated(context: ExceptionContext) -> HonorarError | None:
    """Return our error for what the operator can act on; None for all else: a fault of the program."""
    fault = context.original_exception
    meaning = _of_sqlite(fault) if isinstance(fault, sqlite3.Error) else _of_postgresql(fault, context)
    if meaning is None:
        return None
    place = context.engine.url.render_as_string() if context.engine else ""
    return meaning.error(meaning.message, place=place, hint=meaning.hint)


def _of_sqlite(fault: sqlite3.Error) -> _Meaning | None:
    return _SQLITE.get(getattr(fault, "sqlite_errorcode", 0) & _PRIMARY_CODE)


def _of_postgresql(fault: BaseException, context: ExceptionContext) -> _Meaning | None:
    state = getattr(fault, "sqlstate", None)
    if state is None and (context.is_disconnect or type(fault).__name__ == "OperationalError"):
        return _GONE
    return _POSTGRESQL.get(state or "")
