"""What was pulled, sources laid over one another: the facts a plan is made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.readings import Metric, Reading
from connector.core.timesheet import BookedTime
from connector.store.codec import decode
from connector.store.engine import READ_ROWS, Database
from connector.store.schema import entries, records

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
