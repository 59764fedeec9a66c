"""Read the sources into the store: all of one source in one transaction, nothing half-read (domain 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Protocol, TypeVar

from connector.core.agreement import Agreement
from connector.core.cycle import LONGEST_DAYS
from connector.core.materials_terms import MaterialsTerms
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.ports import (
    Changes,
    ChangeSource,
    CustomerSource,
    MetricSource,
    OfferSource,
    ProgressSource,
    ProjectSource,
    Record,
    TimeSource,
)
from connector.core.problems import Problem
from connector.core.readings import Reading
from connector.core.retainer_terms import RetainerTerms
from connector.core.timesheet import TimeEntry
from connector.jobs import events

ENTRIES = "entries"
"""The kind under which time entries are counted."""

FEW = 20
"""So many time entries may vanish at once where some are left; more, if they are not the greater part."""

FIRST_DAY = date(2000, 1, 1)
"""The first pull of a source reads entries from here on; no project tool holds older ones."""

ENTRIES_UNTIL = "entries_until"
"""Cursor: the last day up to which the entries of a source were read."""

READINGS = "readings"
"""The kind of records that is asked for up to a day."""

NOT_DATED = "ProgressNotDated"
"""The code of what a source says where it knows only of a later day how far something is."""

CHANGES_UNTIL = "changes_until"
"""Cursor: the moment up to which all changes of a source's entries are known, of those whose day was read."""

OVERLAP = timedelta(days=1)
"""So much earlier changes are asked for again: clocks differ, and a tool may show a change late."""

Value = TypeVar("Value")


class Batch(Protocol):
    """One source's pull in the making; it takes effect when its context ends without an error."""

    def replace(self, kind: str, told: Iterable[Record], until: date | None = None, /) -> Changes:
        """Make the records of the kind exactly these; with `until`, those of later days stay as they are."""
        ...

    def sync_entries(self, window: Period, told: Iterable[TimeEntry], /) -> Changes:
        """Make the time entries of the window exactly these."""
        ...

    def readings(self, until: date, /) -> Iterable[Reading]:
        """Return the source's readings up to the day as they were told last."""
        ...

    def vanished_projects(self) -> Mapping[str, int]:
        """Return the projects that are told no longer, with how many entries of the window each takes along."""
        ...

    def set_cursor(self, name: str, value: str, /) -> None:
        """Keep the value under the name."""
        ...


class PullStore(Protocol):
    """Where pulls put what they read."""

    def pull(self, source: str, /) -> AbstractContextManager[Batch]:
        """Return a batch for the source; one transaction."""
        ...

    def cursor(self, source: str, name: str, /) -> str:
        """Return what was kept under the name, '' for nothing."""
        ...


@dataclass(frozen=True, slots=True)
class NamedSource:
    """An adapter with its name in the configuration; `requests` tells how many calls went out for it so far."""

    name: str
    adapter: object
    requests: Callable[[], int] = int


@dataclass(frozen=True, slots=True)
class PullOptions:
    """How to pull.

    `begun_at` is the moment the pull begins. `skip_bad_rows` lets the good records count though others are bad;
    `accept_empty` names sources whose empty answer is the truth; `reread_days` is how far back entries are read again,
    and `reread_from` a day from which on they are this time at any rate (domain 6).
    """

    as_of: date
    reread_days: int
    begun_at: datetime
    reread_from: date | None = None
    skip_bad_rows: bool = False
    accept_empty: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PulledSource:
    """What one source brought: changes per kind, its problems, whether it was taken over, and the calls it took."""

    name: str
    changes: Mapping[str, Changes]
    problems: tuple[Problem, ...]
    taken: bool
    requests: int = 0


class _RefusedError(Exception):
    """The pull of a source is given up; its transaction rolls back."""


@dataclass(slots=True)
class _Reading:
    """One source being read: problems are collected while the values stream by."""

    name: str
    options: PullOptions
    problems: list[Problem] = field(default_factory=list)
    changes: dict[str, Changes] = field(default_factory=dict)
    seen: int = 0

    def values(self, found: Iterable[Value | Problem]) -> Iterator[Value]:
        """Yield the good values and keep the problems; `seen` counts the values."""
        self.seen = 0
        for value in self.further(found):
            self.seen += 1
            yield value

    def further(self, found: Iterable[Value | Problem]) -> Iterator[Value]:
        """Yield the good values and keep the problems; `seen` does not count these."""
        for value in found:
            if isinstance(value, Problem):
                self.problems.append(value)
            else:
                yield value

    def with_stand_ins(self, found: Iterable[Record | Problem], batch: Batch) -> Iterator[Record | Problem]:
        """Yield what is found, and what was read before of that which the source knows only of a later day."""
        later: set[str] = set()
        told: set[str] = set()
        for each in found:
            if not isinstance(each, Problem):
                told.add(each.origin)
            elif each.code == NOT_DATED:
                later.add(each.place)
            yield each
        if missing := later - told:
            yield from (each for each in batch.readings(self.options.as_of) if each.origin in missing)

    def note(self, kind: str, changes: Changes) -> None:
        """Keep what changed; a source that has nothing left where it had something is not believed.

        Nor is one that lost the greater part of its time.
        """
        self.changes[kind] = changes
        went_empty = changes.deleted and not self.seen
        shrank = kind == ENTRIES and changes.deleted > max(self.seen, FEW)
        if (went_empty or shrank) and self.name not in self.options.accept_empty:
            self.problems.append(_went_empty(self.name, kind, changes.deleted, self.seen))
            raise _RefusedError

    def note_vanished(self, projects: Mapping[str, int]) -> None:
        """Refuse to believe that projects are gone with their time: it would be credited."""
        if projects and self.name not in self.options.accept_empty:
            self.problems += [_project_vanished(self.name, project, count) for project, count in projects.items()]
            raise _RefusedError

    def refuse_if_bad(self) -> None:
        """Give the source up if a problem holds and bad records are not to be skipped."""
        if any(problem.holds for problem in self.problems) and not self.options.skip_bad_rows:
            raise _RefusedError


def reread_days(agreements: Iterable[Agreement], configured: int) -> int:
    """Return how many days are read again: as configured, and no fewer than the longest period billed by time has.

    A period is billed by what its entries say when it closes, also by those edited since they were first read.
    """
    terms = (each.terms for each in agreements)
    cycles = [each.calendar.cycle for each in terms if isinstance(each, RetainerTerms | MaterialsTerms)]
    return max([configured, *(LONGEST_DAYS[cycle] for cycle in cycles)])


def pull(sources: Sequence[NamedSource], store: PullStore, options: PullOptions) -> list[PulledSource]:
    """Read every source into the store; one with problems leaves the store as it was (but see `skip_bad_rows`)."""
    return [_logged(_pull_one(source, store, options)) for source in sources]


def _logged(pulled: PulledSource) -> PulledSource:
    changes = sum(pulled.changes.values(), Changes())
    calls = f", {pulled.requests} requests" if pulled.requests else ""
    if pulled.taken:
        events.done("source %s: +%d ~%d -%d%s", pulled.name, changes.added, changes.edited, changes.deleted, calls)
    else:
        events.done("source %s: not taken over%s", pulled.name, calls)
    events.noticed(pulled.problems)
    return pulled


def _pull_one(source: NamedSource, store: PullStore, options: PullOptions) -> PulledSource:
    reading, before = _Reading(source.name, options), source.requests()
    try:
        with store.pull(source.name) as batch:
            for kind, read in _readers(source.adapter, options.as_of):
                found, until = _once(kind, read()), None
                if kind == READINGS:
                    found, until = reading.with_stand_ins(found, batch), options.as_of
                reading.note(kind, batch.replace(kind, reading.values(found), until))
            if isinstance(source.adapter, TimeSource):
                _read_entries(source.adapter, store, batch, reading)
                reading.note_vanished(batch.vanished_projects())
            reading.refuse_if_bad()
    except _RefusedError:
        return PulledSource(source.name, {}, tuple(reading.problems), taken=False, requests=source.requests() - before)
    requests, problems = source.requests() - before, tuple(reading.problems)
    return PulledSource(source.name, reading.changes, problems, taken=True, requests=requests)


def _readers(adapter: object, as_of: date) -> Iterator[tuple[str, Callable[[], Iterator[Record | Problem]]]]:
    if isinstance(adapter, CustomerSource):
        yield "customers", adapter.customers
    if isinstance(adapter, ProjectSource):
        yield "projects", adapter.projects
    if isinstance(adapter, OfferSource):
        yield "offers", adapter.offers
    if isinstance(adapter, ProgressSource):
        yield READINGS, lambda: adapter.readings(as_of)
    if isinstance(adapter, MetricSource):
        yield "metrics", adapter.metrics


def _once(kind: str, found: Iterable[Record | Problem]) -> Iterator[Record | Problem]:
    """Yield what is found; of two records with one id the first and a problem, for one would take the other's place."""
    origins: dict[str, str] = {}
    for record in found:
        if isinstance(record, Party | Project | Offer):
            if record.id in origins:
                place = f"{record.origin}; {origins[record.id]}"
                yield Problem("DuplicateRecord", f"two {kind} are called {record.id!r}", place, "give each its own")
                continue
            origins[record.id] = record.origin
        yield record


def _read_entries(adapter: TimeSource, store: PullStore, batch: Batch, reading: _Reading) -> None:
    """Compare the entries of the window, and take in those before it that were changed since they were last read.

    The window is read first: what is moved out of it meanwhile is then among the changes, and counts as told there.
    What was moved out of it earlier is among them too, so that it is not taken for deleted.
    """
    options = reading.options
    last_read = store.cursor(reading.name, ENTRIES_UNTIL)
    changes = adapter if isinstance(adapter, ChangeSource) else None
    known_until = store.cursor(reading.name, CHANGES_UNTIL) if changes else last_read
    window = Period.inclusive(_first_day(last_read, options) if known_until else FIRST_DAY, options.as_of)
    told = [reading.values(adapter.entries(window))]
    if changes and known_until and window.start > FIRST_DAY:
        since = min(datetime.fromisoformat(known_until), options.begun_at) - OVERLAP  # a clock may have been wrong
        told.append(reading.further(changes.changed_entries(Period(FIRST_DAY, window.start), since)))
    reading.note(ENTRIES, batch.sync_entries(window, chain.from_iterable(told)))
    if options.as_of.isoformat() < last_read:  # changes of the days after it are yet to be read
        return
    batch.set_cursor(ENTRIES_UNTIL, options.as_of.isoformat())
    if changes:
        batch.set_cursor(CHANGES_UNTIL, options.begun_at.astimezone(UTC).isoformat())


def _first_day(last_read: str, options: PullOptions) -> date:
    start = min(date.fromisoformat(last_read), options.as_of) - timedelta(days=options.reread_days)
    return min(start, options.reread_from or start)


def _went_empty(source: str, kind: str, gone: int, left: int) -> Problem:
    now = (
        f"tells {gone} {kind} no longer and has {left} left"
        if left
        else f"had {gone} {kind} last time and now has none"
    )
    hint = f"an expired key looks like this, or one that sees less: check it; if it is true, --accept-empty {source}"
    return Problem("SourceWentEmpty", f"source {source} {now}", source, hint)


def _project_vanished(source: str, project: str, entries: int) -> Problem:
    return Problem(
        "ProjectVanished",
        f"source {source} tells neither the project {project!r} any more nor its time: {entries} entries",
        source,
        f"was it archived, or may the key no longer see it? If it is truly gone, pull with --accept-empty {source}",
    )
