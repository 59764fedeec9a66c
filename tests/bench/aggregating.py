"""Summing time per position in the database: one month, and everything, of five years of entries."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from connector.store import Store, open_store
from tests.bench.measure import Finding, Scale, fastest, multiple, seconds
from tests.bench.storing import bare_database
from tests.store.world import TENANT

ENTRIES = 1_000_000
MOST_TIMES = 2.5
FIRST_DAY = date(2021, 1, 1)
DAYS_OF_A_MONTH = 30
MONTHS = 60
SOURCE = "redmine"

_TOLD = """
    CREATE TEMPORARY TABLE told AS
    WITH RECURSIVE number (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i < :count - 1)
    SELECT i AS id, date(:first, (i * :days / :count) || ' days') AS day, 'A1/' || i % 200 AS position,
        900 * (1 + i % 32) AS seconds
    FROM number
"""
"""So many entries, evenly over the days; SQLite makes them faster than we could hand them in."""

_INTO_STORE = """
    INSERT INTO entries
        (tenant, source, id, day, seconds, position, project, person, activity, text, changed, fingerprint, origin,
         billable, approved, first_seen_at)
    SELECT :tenant, :source, id, day, seconds, position, 'WEB', 'Jo', 'Design', 'Entwurf', '2026-01-31T10:00:00Z',
        hex(id), 'redmine: time entry #' || id, 1, 1, '2026-02-01 08:00:00'
    FROM told
"""

_INTO_BARE = (
    "CREATE TABLE bare (day TEXT, position TEXT, seconds INTEGER)",
    "INSERT INTO bare SELECT day, position, seconds FROM told",
    "CREATE INDEX in_order ON bare (day, position, seconds)",
)

_BARE_SUM = "SELECT position, SUM(seconds), COUNT(*) FROM bare WHERE day <= ? GROUP BY position"


def measure(scale: Scale) -> Iterator[Finding]:
    """Yield the time for the first month and for all, held against the GROUP BY of a bare table that is indexed."""
    count = scale.of(ENTRIES)
    with (
        TemporaryDirectory() as folder,
        open_store(f"sqlite:///{folder}/honorar.db", TENANT) as store,
        closing(bare_database(Path(folder))) as bare,
    ):
        fill(store, count)
        fill_bare(bare, count)
        for name, months in (("One month", 1), ("Everything", MONTHS)):
            until = FIRST_DAY + timedelta(days=months * DAYS_OF_A_MONTH - 1)
            spent, floor = fastest(
                scale,
                partial(seconds, partial(store.collected([SOURCE]).booked, until)),
                partial(seconds, partial(bare_sums, bare, until)),
            )
            yield multiple(f"{name} of {count:,} time entries, summed", spent, MOST_TIMES, ("bare GROUP BY", floor))


def fill(store: Store, count: int) -> None:
    """Put the entries into the store."""
    with store.database.writing() as connection:
        connection.exec_driver_sql(_TOLD, _told(count))
        connection.exec_driver_sql(_INTO_STORE, {"tenant": TENANT, "source": SOURCE})


def fill_bare(bare: sqlite3.Connection, count: int) -> None:
    """Put day, position and seconds of the same entries into a table with nothing else, and an index over them."""
    bare.execute(_TOLD, _told(count))
    for statement in _INTO_BARE:
        bare.execute(statement)


def _told(count: int) -> dict[str, int | str]:
    return {"count": count, "first": FIRST_DAY.isoformat(), "days": MONTHS * DAYS_OF_A_MONTH}


def bare_sums(bare: sqlite3.Connection, until: date) -> list[tuple[str, int, int]]:
    """Return seconds and entries per position up to the day."""
    return bare.execute(_BARE_SUM, (until.isoformat(),)).fetchall()
