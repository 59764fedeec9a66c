"""The slots of requests that all processes share which use one account of a vendor.

They do not live behind the lock of the store's writers: a call must not wait for a run that is writing, and what is
promised for a second need not be on the disk. Beside a SQLite store they have a file of their own; in PostgreSQL a
table of their own, written outside of transactions and not logged.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from connector.core.ports import Rate
from connector.store.engine import BUSY_SECONDS, Database
from connector.store.faults import translated
from connector.store.lock import held

LONGEST_SECONDS = 900
"""No slot is pushed back further; a vendor that wants more says so again. One that is twice as far ahead was left by a
clock that went wrong, and is ignored."""

_TABLE = "TABLE IF NOT EXISTS slots (account TEXT PRIMARY KEY, next BIGINT NOT NULL)"

_RESERVE = sa.text(
    "INSERT INTO slots (account, next) VALUES (:account, :now + :interval)"
    " ON CONFLICT (account) DO UPDATE SET next = :interval +"
    " CASE WHEN slots.next BETWEEN :now AND :latest THEN slots.next ELSE :now END"
    " RETURNING next"
)

_PUSH_BACK = sa.text("UPDATE slots SET next = :until WHERE account = :account AND next NOT BETWEEN :until AND :latest")


class Slots:
    """Satisfies the port of that name. Times are microseconds since 1970 by the store's clock.

    Machines that share a store keep their clocks together, as NTP does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._opening = threading.Lock()
        self._engine: sa.Engine | None = None

    def reserve(self, account: str, rate: Rate) -> int:
        """Take the account's next free slot, in one statement; return the microseconds until it, 0 if it is now."""
        with self._opened().connect() as connection:
            now = _microseconds(self._database.now())  # only now, because to open the slots takes a while
            slot = {"account": account, "now": now, "interval": rate.interval, "latest": now + _furthest(rate)}
            following = connection.execute(_RESERVE, slot).scalar_one()
        return max(0, int(following) - rate.interval - rate.ahead - now)

    def push_back(self, account: str, rate: Rate, seconds: int) -> None:
        """Give out no slot of the account for so long, at most LONGEST_SECONDS."""
        now = _microseconds(self._database.now())
        until = now + min(seconds, LONGEST_SECONDS) * 1_000_000 + rate.ahead
        slot = {"account": account, "until": until, "latest": now + _furthest(rate)}
        with self._opened().connect() as connection:
            connection.execute(_PUSH_BACK, slot)

    def close(self) -> None:
        """Let go of the database."""
        if self._engine is not None:
            self._engine.dispose()

    def _opened(self) -> sa.Engine:
        with self._opening:
            if self._engine is None:
                self._engine = _open(self._database.engine)
            return self._engine


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _furthest(rate: Rate) -> int:
    return 2 * LONGEST_SECONDS * 1_000_000 + rate.ahead


def _open(store: sa.Engine) -> sa.Engine:
    """Return an engine on the table of slots, which is made if need be; each statement counts at once."""
    on_file = store.dialect.name == "sqlite"
    address = store.url.set(database=f"{store.url.database}.slots") if on_file else store.url
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    event.listen(engine, "handle_error", translated)
    if on_file:
        event.listen(engine, "connect", _set_up_file)
    with held(store, "slots", BUSY_SECONDS, "another process is making the slots"), engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE {'' if on_file else 'UNLOGGED '}{_TABLE}")
    return engine


def _set_up_file(connection: Any, _record: object) -> None:  # noqa: ANN401 (a driver's connection)
    """Write without waiting for the disk; a power cut forgets the last slots, and no file is damaged by it."""
    for pragma in (f"busy_timeout = {BUSY_SECONDS * 1000}", "journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
