"""Time entries: what a source told of a window of days, and what changed behind us (domain 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa

from connector.core.errors import StoreError
from connector.core.period import Period
from connector.core.timesheet import TimeEntry
from connector.store.schema import Instant, entries, entry_changes
from connector.store.sync import Row, Sync

staging = sa.MetaData()

_TOLD = tuple(column for column in entries.columns if column.name not in ("tenant", "source", "first_seen_at", "month"))

staged_entries = sa.Table(
    "staged_entries",
    staging,
    *(
        sa.Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable)
        for column in _TOLD
    ),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)

_FINGERPRINT_BYTES = 16

MOST_SECONDS = 2**31 - 1
"""The longest time a database keeps; no one worked for 68 years."""


def rows(told: Iterable[TimeEntry]) -> Iterator[Row]:
    """Yield the staging rows of the entries; StoreError for a text or a duration that no database keeps."""
    for entry in told:
        if abs(entry.seconds or 0) > MOST_SECONDS:
            message = f"time entry {entry.id} lasts {entry.seconds} seconds, which cannot be stored"
            raise StoreError(message, place=entry.origin, hint="correct its duration in the project tool")
        day = entry.day.isoformat()
        yield (
            entry.id,
            entry.project,
            day,
            entry.seconds,
            entry.person,
            entry.activity,
            entry.position,
            entry.billable,
            entry.approved,
            entry.text,
            entry.changed,
            _fingerprint(entry, day),
            entry.origin,
        )


def _fingerprint(entry: TimeEntry, day: str) -> str:
    """Return 32 hexadecimal digits over all the entry says; where it was read from is no part of it."""
    said = "\x1f".join(
        (
            entry.project,
            day,
            "" if entry.seconds is None else str(entry.seconds),
            entry.person,
            entry.activity,
            entry.position,
            "b" if entry.billable else "",
            "a" if entry.approved else "",
            entry.text,
            entry.changed,
        )
    )
    try:
        content = said.encode()
    except UnicodeEncodeError:
        content = b"\0"
    if b"\0" in content:
        message = f"time entry {entry.id} has a character in it that cannot be stored"
        raise StoreError(message, place=entry.origin, hint="write its text anew in the project tool")
    return hashlib.blake2b(content, digest_size=_FINGERPRINT_BYTES).hexdigest()


def comparison(tenant: str, source: str, window: Period, now: datetime) -> Sync:
    """Return the comparison of the source's stored entries with the staged ones.

    The source speaks for the days of the window; an entry that moved into it from another day is found by its id.
    """
    mine = sa.and_(entries.c.tenant == tenant, entries.c.source == source)
    return Sync(
        target=entries,
        staged=staged_entries,
        key="id",
        watched=("fingerprint", "origin"),
        mine=mine,
        spoken_for=sa.and_(mine, entries.c.day >= window.start, entries.c.day < window.end),
        heard=sa.true(),
        added={"tenant": tenant, "source": source, "first_seen_at": now},
    )


def keep_changes(connection: sa.Connection, sync: Sync, now: datetime) -> None:
    """Write the entries that will be edited or deleted, as they were, to `entry_changes`."""
    names = [column.name for column in entries.columns if column.name in entry_changes.c]
    for change, condition in (("edited", sync.edited), ("deleted", sync.vanished)):
        before = sa.select(*(entries.c[name] for name in names), sa.literal(change), sa.literal(now, Instant)).where(
            condition
        )
        connection.execute(sa.insert(entry_changes).from_select([*names, "change", "noticed_at"], before))
