"""Read the sources into the store: all of one source in one transaction, nothing half-read (domain 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol, TypeVar

from connector.core.period import Period
from connector.core.ports import (
    Changes,
    CustomerSource,
    MetricSource,
    OfferSource,
    ProgressSource,
    ProjectSource,
    Record,
    TimeSource,
)
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry

FIRST_DAY = date(2000, 1, 1)
"""The first pull of a source reads entries from here on; no project tool holds older ones."""

ENTRIES_UNTIL = "entries_until"
"""Cursor: the last day up to which the entries of a source were read."""

Value = TypeVar("Value")


class Batch(Protocol):
    """One source's pull in the making; it takes effect when its context ends without an error."""

    def replace(self, kind: str, records: Iterable[Record]) -> Changes:
        """Make the records of the kind exactly these."""
        ...

    def sync_entries(self, window: Period, entries: Iterable[TimeEntry]) -> Changes:
        """Make the time entries of the window exactly these."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Return how many records of each kind the source has now."""
        ...

    def entries_in(self, window: Period) -> int:
        """Return how many entries of the window are known."""
        ...

    def cursor(self, name: str) -> str:
        """Return what was kept under the name, '' for nothing."""
        ...

    def set_cursor(self, name: str, value: str) -> None:
        """Keep the value under the name."""
        ...


class PullStore(Protocol):
    """Where pulls put what they read."""

    def pull(self, source: str) -> AbstractContextManager[Batch]:
        """Return a batch for the source; one transaction."""
        ...


@dataclass(frozen=True, slots=True)
class NamedSource:
    """An adapter with its name in the configuration."""

    name: str
    adapter: object


@dataclass(frozen=True, slots=True)
class PullOptions:
    """How to pull.

    `skip_bad_rows` lets the good records count though others are bad; `accept_empty` names sources whose empty answer
    is the truth; `reread_days` is how far back entries are read again (domain 6).
    """

    as_of: date
    reread_days: int
    skip_bad_rows: bool = False
    accept_empty: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PulledSource:
    """What one source brought: changes per kind, its problems, and whether it was taken over."""

    name: str
    changes: Mapping[str, Changes]
    problems: tuple[Problem, ...]
    taken: bool


class _RefusedError(Exception):
    """The pull of a source is given up; its transaction rolls back."""


@dataclass(slots=True)
class _Reading:
    """One source being read: problems are collected while the values stream by."""

    name: str
    options: PullOptions
    problems: list[Problem] = field(default_factory=list)
    changes: dict[str, Changes] = field(default_factory=dict)

    def values(self, found: Iterable[Value | Problem]) -> Iterator[Value]:
        for value in found:
            if isinstance(value, Problem):
                self.problems.append(value)
            else:
                yield value

    def refuse_if_bad(self) -> None:
        if any(problem.holds for problem in self.problems) and not self.options.skip_bad_rows:
            raise _RefusedError

    def refuse_if_empty(self, kind: str, before: int, after: int) -> None:
        if before and not after and self.name not in self.options.accept_empty:
            self.problems.append(_went_empty(self.name, kind, before))
            raise _RefusedError


def pull(sources: Sequence[NamedSource], store: PullStore, options: PullOptions) -> list[PulledSource]:
    """Read every source into the store; one with problems leaves the store as it was (but see `skip_bad_rows`)."""
    return [_pull_one(source, store, options) for source in sources]


def _pull_one(source: NamedSource, store: PullStore, options: PullOptions) -> PulledSource:
    reading = _Reading(source.name, options)
    try:
        with store.pull(source.name) as batch:
            _read_records(source.adapter, batch, reading)
            if isinstance(source.adapter, TimeSource):
                _read_entries(source.adapter, batch, reading)
            reading.refuse_if_bad()
    except _RefusedError:
        return PulledSource(source.name, {}, tuple(reading.problems), taken=False)
    return PulledSource(source.name, reading.changes, tuple(reading.problems), taken=True)


def _readers(adapter: object, as_of: date) -> Iterator[tuple[str, Callable[[], Iterator[Record | Problem]]]]:
    if isinstance(adapter, CustomerSource):
        yield "customers", adapter.customers
    if isinstance(adapter, ProjectSource):
        yield "projects", adapter.projects
    if isinstance(adapter, OfferSource):
        yield "offers", adapter.offers
    if isinstance(adapter, ProgressSource):
        yield "readings", lambda: adapter.readings(as_of)
    if isinstance(adapter, MetricSource):
        yield "metrics", adapter.metrics


def _read_records(adapter: object, batch: Batch, reading: _Reading) -> None:
    before = batch.counts()
    for kind, read in _readers(adapter, reading.options.as_of):
        reading.changes[kind] = batch.replace(kind, reading.values(read()))
        reading.refuse_if_empty(kind, before.get(kind, 0), batch.counts().get(kind, 0))


def _read_entries(adapter: TimeSource, batch: Batch, reading: _Reading) -> None:
    options = reading.options
    last_read = batch.cursor(ENTRIES_UNTIL)
    reread = timedelta(days=options.reread_days)
    start = min(date.fromisoformat(last_read), options.as_of) - reread if last_read else FIRST_DAY
    window = Period.inclusive(start, options.as_of)
    before = batch.entries_in(window)
    reading.changes["entries"] = batch.sync_entries(window, reading.values(adapter.entries(window)))
    reading.refuse_if_empty("entries", before, batch.entries_in(window))
    batch.set_cursor(ENTRIES_UNTIL, max(last_read, options.as_of.isoformat()))


def _went_empty(source: str, kind: str, before: int) -> Problem:
    return Problem(
        "SourceWentEmpty",
        f"source {source} had {before} {kind} last time and now has none",
        source,
        f"an expired key looks like this: check the source; if it is true, pull with --accept-empty {source}",
    )
