"""What the sources told: one pull of one source is kept as a whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from connector.core.period import Period
from connector.core.ports import Changes, Record
from connector.core.readings import Reading
from connector.core.timesheet import TimeEntry
from connector.store import entries, records
from connector.store.collected import Collected
from connector.store.engine import Database, begin
from connector.store.schema import cursors, pulls
from connector.store.sync import Sync, put, stage

ENTRIES = "entries"
"""The kind under which time entries are counted."""


class Pull:
    """One pull of one source: first everything is staged and compared, then written in one transaction.

    Waiting for the source happens while staging, so nobody waits for a slow source to finish.
    """

    def __init__(self, database: Database, connection: sa.Connection, source: str) -> None:
        self._database = database
        self._connection = connection
        self._source = source
        self._now = database.now()
        self._seen: dict[str, int] = {}
        self._records: list[Sync] = []
        self._entries: Sync | None = None
        self._cursors: dict[str, str] = {}

    def replace(self, kind: str, told: Iterable[Record], until: date | None = None) -> Changes:
        """Make the source's records of the kind ('customers', …) exactly these, and return what that changes.

        With `until`, the source was asked up to that day: readings of later days stay as they are.
        Of two customers, projects or offers with one id the last counts. Raises ValueError for a kind given twice.
        """
        self._once(kind)
        self._seen[kind] = stage(self._connection, records.staged_records, records.rows(kind, told))
        sync = records.comparison(self._database.tenant, self._source, kind, until)
        self._records.append(sync)
        return self._compare(sync)

    def sync_entries(self, window: Period, told: Iterable[TimeEntry]) -> Changes:
        """Make the source's time entries of the window exactly these, and return what that changes.

        Edits are found by fingerprint, deletions by absence; what was before is kept in `entry_changes`.
        """
        self._once(ENTRIES)
        self._seen[ENTRIES] = stage(self._connection, entries.staged_entries, entries.rows(told))
        self._entries = entries.comparison(self._database.tenant, self._source, window, self._now)
        return self._compare(self._entries)

    def readings(self, until: date) -> tuple[Reading, ...]:
        """Return the source's readings up to the day as they were told last."""
        return Collected(self._database, [self._source]).readings(until)

    def vanished_projects(self) -> Mapping[str, int]:
        """Return the projects that are told no longer, with how many entries of the window each takes along."""
        if "projects" not in self._seen or self._entries is None:
            return {}
        mine, projects = self._entries, records.comparison(self._database.tenant, self._source, "projects")
        gone = sa.select(projects.target.c.key).where(projects.vanished)
        project = mine.target.c.project
        chosen = sa.select(project, sa.func.count()).where(mine.vanished, project.in_(gone)).group_by(project)
        with begin(self._connection):
            return {row[0]: row[1] for row in self._connection.execute(chosen.order_by(project))}

    def set_cursor(self, name: str, value: str) -> None:
        """Remember how far the source was read."""
        self._cursors[name] = value

    def apply(self) -> None:
        """Write everything staged; called within the pull's one transaction."""
        for sync in self._records:
            sync.apply(self._connection)
        if self._entries is not None:
            entries.keep_changes(self._connection, self._entries, self._now)
            self._entries.apply(self._connection)
        owner = {"tenant": self._database.tenant, "source": self._source}
        put(
            self._connection, cursors, [owner | {"name": name, "value": value} for name, value in self._cursors.items()]
        )
        seen = [owner | {"kind": kind, "seen": count, "pulled_at": self._now} for kind, count in self._seen.items()]
        put(self._connection, pulls, seen)

    def _once(self, kind: str) -> None:
        if kind in self._seen:
            message = f"{kind} were told already in this pull"
            raise ValueError(message)

    def _compare(self, sync: Sync) -> Changes:
        with begin(self._connection):
            return sync.compare(self._connection)


@dataclass(frozen=True, slots=True)
class LastPull:
    """How much a source told of a kind when it was last pulled, and when."""

    source: str
    kind: str
    seen: int
    pulled_at: datetime


class Sources:
    """Pulls, and what is remembered of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def pull(self, source: str) -> Iterator[Pull]:
        """Yield a pull of the source; it is kept when the block ends, and leaves no trace if the block fails."""
        with self._database.connection() as connection:
            connection.detach()  # closed afterwards, and with it the staging tables go
            with begin(connection):
                records.staging.create_all(connection, checkfirst=False)
                entries.staging.create_all(connection, checkfirst=False)
            pull = Pull(self._database, connection, source)
            yield pull
            with begin(connection, writes=True):
                pull.apply()

    def cursor(self, source: str, name: str) -> str:
        """Return how far the source was read, '' if it never was."""
        mine = (cursors.c.tenant == self._database.tenant, cursors.c.source == source, cursors.c.name == name)
        with self._database.reading() as connection:
            return connection.scalar(sa.select(cursors.c.value).where(*mine)) or ""

    def last_pulls(self) -> tuple[LastPull, ...]:
        """Return the last pull of each source and kind."""
        chosen = sa.select(pulls.c.source, pulls.c.kind, pulls.c.seen, pulls.c.pulled_at)
        mine = chosen.where(pulls.c.tenant == self._database.tenant).order_by(pulls.c.source, pulls.c.kind)
        with self._database.reading() as connection:
            return tuple(LastPull(*row) for row in connection.execute(mine))
