"""Making what is stored equal to what a source just told, by set-based statements over a staging table.

A pull first streams its records into temporary tables, where nobody waits for it and memory stays flat; comparing and
applying then take one statement each, however many records there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa

from connector.core.ports import Changes
from connector.store.engine import begin

BATCH_ROWS = 2000
"""Rows handed to the driver at once: enough for speed, little memory."""

Row = tuple[Any, ...]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sync:
    """One comparison: `target` rows and the `staged` rows that shall replace them.

    Rows are paired by the column `key` and overwritten where one of the columns `watched` differs. `spoken_for` selects
    the target rows the source spoke of (what is missing there was deleted), `mine` the target rows and `heard` the
    staged rows of this comparison. `added` gives the target's further columns their values for new rows.
    """

    target: sa.Table
    staged: sa.Table
    key: str
    watched: tuple[str, ...]
    mine: sa.ColumnElement[bool]
    spoken_for: sa.ColumnElement[bool]
    heard: sa.ColumnElement[bool]
    added: dict[str, str | datetime]

    @property
    def edited(self) -> sa.ColumnElement[bool]:
        """Return the condition that a target row is told differently now."""
        differs = self.target.c.fingerprint != self.staged.c.fingerprint
        told = sa.select(self.staged.c[self.key]).where(self.heard)  # first, so that history is not walked
        return sa.and_(self.mine, self.target.c[self.key].in_(told), self._partner(differs))

    @property
    def vanished(self) -> sa.ColumnElement[bool]:
        """Return the condition that a target row was spoken for and is no longer told."""
        return sa.and_(self.spoken_for, ~self._partner())

    def compare(self, connection: sa.Connection) -> Changes:
        """Return what applying would change."""
        pairs = self.staged.outerjoin(self.target, sa.and_(self.mine, self._same))
        differs = self.target.c.fingerprint != self.staged.c.fingerprint
        edited = sa.func.coalesce(sa.func.sum(sa.case((differs, 1), else_=0)), 0)
        told = sa.select(sa.func.count() - sa.func.count(self.target.c[self.key]), edited).select_from(pairs)
        deleted = sa.select(sa.func.count()).select_from(self.target).where(self.vanished)
        new, changed = connection.execute(told.where(self.heard)).one()
        return Changes(new, changed, connection.execute(deleted).scalar_one())

    def apply(self, connection: sa.Connection) -> None:
        """Delete what vanished, insert what is new, overwrite what differs."""
        constants = [sa.literal(value) for value in self.added.values()]
        overwrite = _overwriting(self.target, self.staged, self.watched)
        rows = sa.select(*self.staged.columns, *constants).where(self.heard).suffix_with(sa.text(overwrite))
        columns = [*(column.name for column in self.staged.columns), *self.added]
        connection.execute(sa.delete(self.target).where(self.vanished))
        connection.execute(sa.insert(self.target).from_select(columns, rows))

    @property
    def _same(self) -> sa.ColumnElement[bool]:
        return self.target.c[self.key] == self.staged.c[self.key]

    def _partner(self, *further: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        return sa.exists().where(self.heard, self._same, *further).correlate(self.target)


def stage(connection: sa.Connection, staged: sa.Table, rows: Iterable[Row]) -> int:
    """Write the rows (values in the order of the columns) into the staging table and return how many were told.

    A record told twice, as happens when a list shifts while it is paged, counts for what was told last.
    """
    told = 0
    insert = sa.insert(staged).compile(dialect=connection.dialect)
    statement = f"{insert} {_overwriting(staged, staged)}"
    with begin(connection):
        for batch in batches(rows):
            connection.exec_driver_sql(statement, batch)
            told += len(batch)
    return told


def _overwriting(target: sa.Table, told: sa.Table, watched: Iterable[str] = ()) -> str:
    """Return the end of an INSERT (SQLite and PostgreSQL alike) that overwrites where one of the watched differs."""
    key = ", ".join(column.name for column in target.primary_key)
    values = ", ".join(f'"{column.name}" = excluded."{column.name}"' for column in told.columns)
    differs = " OR ".join(f'{target.name}."{name}" <> excluded."{name}"' for name in watched)
    return f"ON CONFLICT ({key}) DO UPDATE SET {values}" + (f" WHERE {differs}" if differs else "")


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    """Yield the rows in lists of at most BATCH_ROWS."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH_ROWS)):
        yield batch


def put(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows, each in place of the one with its primary key."""
    if rows:
        own = [column == sa.bindparam(f"old_{name}") for name, column in table.primary_key.columns.items()]
        keys = table.primary_key.columns.keys()
        connection.execute(sa.delete(table).where(*own), [{f"old_{name}": row[name] for name in keys} for row in rows])
        connection.execute(sa.insert(table), rows)
