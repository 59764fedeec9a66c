"""What was pulled, sources laid over one another: the facts a plan is made from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from connector.core.feeding import Group
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.readings import Metric, Reading
from connector.core.summing import Summing
from connector.core.timesheet import BookedTime, TimeEntry
from connector.core.work import LeftOut, Work
from connector.store.codec import decode
from connector.store.engine import READ_ROWS, Database
from connector.store.schema import entries, records
from connector.store.sync import batches
from connector.store.work import Conditions, counts_left_out, sums

Identified = TypeVar("Identified", Party, Project, Offer)
Dated = TypeVar("Dated", Reading, Metric)


class Collected:
    """The records and time entries of the named sources; of two with one id, that of the later source counts."""

    def __init__(self, database: Database, sources: Sequence[str]) -> None:
        self._database = database
        self._sources = tuple(sources)

    def customers(self) -> dict[str, Party]:
        """Return the customers by id."""
        return self._by_id("customers", Party)

    def projects(self) -> dict[str, Project]:
        """Return the projects by id."""
        return self._by_id("projects", Project)

    def offers(self) -> dict[str, Offer]:
        """Return the offers by id."""
        return self._by_id("offers", Offer)

    def readings(self, as_of: date) -> tuple[Reading, ...]:
        """Return all sources' readings on or before the day."""
        return tuple(self._dated("readings", Reading, as_of))

    def metrics(self, as_of: date) -> tuple[Metric, ...]:
        """Return all sources' metrics on or before the day."""
        return tuple(self._dated("metrics", Metric, as_of))

    def booked(self, as_of: date) -> dict[str, BookedTime]:
        """Return the sums of the finished entries up to the day by position key, computed in the database."""
        finished = (
            entries.c.tenant == self._database.tenant,
            entries.c.source.in_(self._sources),
            entries.c.day <= as_of,
            entries.c.position != "",
            entries.c.seconds.is_not(None),
        )
        sums = (
            sa.select(entries.c.position, sa.func.sum(entries.c.seconds), sa.func.count())
            .where(*finished)
            .group_by(entries.c.position)
        )
        with self._database.reading() as connection:
            return {position: BookedTime(int(seconds), count) for position, seconds, count in connection.execute(sums)}

    def work(self, projects: Collection[str], summing: Summing, as_of: date) -> Iterator[Work]:
        """Yield the billable work on the projects up to the day, rounded and summed in the database."""
        for mine in self._entries_of(projects):
            with self._database.reading() as connection:
                for chosen in sums((*mine, entries.c.day <= as_of), summing):
                    yield from map(Work._make, connection.execute(chosen, execution_options=READ_ROWS))

    def left_out(self, projects: Collection[str], days: Period, *, approved_only: bool) -> dict[Group, LeftOut]:
        """Return what of the days' entries is not billed, and why, counted per project, activity and position."""
        found: dict[Group, LeftOut] = {}
        for mine in self._entries_of(projects, days):
            with self._database.reading() as connection:
                for row in connection.execute(counts_left_out(mine, approved_only=approved_only)):
                    project, activity, position, *counts = row
                    found[project, activity, position] = LeftOut(*map(int, counts))
        return found

    def entries(self, projects: Collection[str], days: Period) -> Iterator[TimeEntry]:
        """Yield the time entries of the projects on the days, of every kind, day by day."""
        told = [entries.c[field.name] for field in fields(TimeEntry)]
        for mine in self._entries_of(projects, days):
            chosen = sa.select(*told).where(*mine).order_by(entries.c.day, entries.c.source, entries.c.id)
            with self._database.reading() as connection:
                yield from (TimeEntry(*row) for row in connection.execute(chosen, execution_options=READ_ROWS))

    def _entries_of(self, projects: Collection[str], days: Period | None = None) -> Iterator[Conditions]:
        """Yield the conditions that select the entries of the projects, so many projects at a time as a query takes."""
        told = entries.c.source.in_(self._sources).is_(sa.true())  # so said, SQLite searches by project, not by this
        mine: Conditions = (entries.c.tenant == self._database.tenant, told)
        if days is not None:
            mine = (*mine, entries.c.day >= days.start, entries.c.day < days.end)
        for some in batches(sorted(set(projects))):
            yield (*mine, entries.c.project.in_(some))

    def _by_id(self, kind: str, value: type[Identified]) -> dict[str, Identified]:
        return {key: decode(value, body) for key, body in self._bodies(kind)}

    def _dated(self, kind: str, value: type[Dated], as_of: date) -> Iterator[Dated]:
        return (decode(value, body) for _, body in self._bodies(kind, as_of))

    def _bodies(self, kind: str, as_of: date | None = None) -> Iterator[tuple[str, str]]:
        """Yield key and body, the sources in their order, so that a later one takes the place of an earlier one."""
        mine = (records.c.tenant == self._database.tenant, records.c.kind == kind)
        until = () if as_of is None else (records.c.day <= as_of,)
        chosen = sa.select(records.c.key, records.c.body).where(*mine, *until).order_by(records.c.day, records.c.key)
        with self._database.reading() as connection:
            for source in self._sources:
                for row in connection.execute(chosen.where(records.c.source == source), execution_options=READ_ROWS):
                    yield row.key, row.body
