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
    def pair(self) -> sa.ColumnElement[bool]:
        """Return the condition that a target row and a staged row are about the same record."""
        return sa.and_(self.mine, self.heard, self.target.c[self.key] == self.staged.c[self.key])

    @property
    def edited(self) -> sa.ColumnElement[bool]:
        """Return the condition that the two rows of a pair tell different things."""
        return sa.and_(self.pair, self.target.c.fingerprint != self.staged.c.fingerprint)

    @property
    def vanished(self) -> sa.ColumnElement[bool]:
        """Return the condition that a target row was spoken for and is no longer told."""
        return sa.and_(self.spoken_for, ~sa.exists().where(self.pair).correlate(self.target))

    @property
    def new(self) -> sa.ColumnElement[bool]:
        """Return the condition that a staged row has no partner yet."""
        return sa.and_(self.heard, ~sa.exists().where(self.pair).correlate(self.staged))

    def compare(self, connection: sa.Connection) -> Changes:
        """Return what applying would change."""

        def count(table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
            return connection.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0

        edited = sa.exists().where(self.edited).correlate(self.staged)
        return Changes(count(self.staged, self.new), count(self.staged, edited), count(self.target, self.vanished))

    def apply(self, connection: sa.Connection) -> None:
        """Delete what vanished, overwrite what differs, insert what is new."""
        told = [column.name for column in self.staged.columns]
        overwrite = {name: self.staged.c[name] for name in told if name not in self.target.primary_key.columns}
        differs = sa.or_(*(self.target.c[name] != self.staged.c[name] for name in self.watched))
        constants = [sa.literal(value) for value in self.added.values()]
        connection.execute(sa.delete(self.target).where(self.vanished))
        connection.execute(sa.update(self.target).where(self.pair, differs).values(overwrite))
        rows = sa.select(*self.staged.columns, *constants).where(self.new)
        connection.execute(sa.insert(self.target).from_select([*told, *self.added], rows))


def stage(connection: sa.Connection, staged: sa.Table, rows: Iterable[Row]) -> int:
    """Write the rows (values in the order of the columns) into the staging table and return how many were told.

    A record told twice, as happens when a list shifts while it is paged, counts for what was told last.
    """
    told = 0
    statement = _insert(connection, staged)
    with begin(connection):
        for batch in batches(rows):
            connection.exec_driver_sql(statement, batch)
            told += len(batch)
    return told


def _insert(connection: sa.Connection, staged: sa.Table) -> str:
    key = ", ".join(staged.primary_key.columns.keys())
    overwrite = ", ".join(f'"{name}" = excluded."{name}"' for name in staged.columns.keys())  # noqa: SIM118 (columns, not a dict)
    return f"{sa.insert(staged).compile(dialect=connection.dialect)} ON CONFLICT ({key}) DO UPDATE SET {overwrite}"


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
