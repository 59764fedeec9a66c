"""awork over its REST API: customers, projects, time, and progress on request (docs/sources/awork.md).

awork knows no offers and no prices; a ledger laid over it brings them. Written from the vendor's developer pages and
API description 1.3.0 and from responses others recorded; never tried against a real workspace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from connector.core.offer import Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.readings import Reading
from connector.core.timesheet import TimeEntry
from connector.http import Transport
from connector.http.visits import Visits
from connector.sources.awork.budget import BudgetProgress
from connector.sources.awork.calls import Calls
from connector.sources.awork.directory import Directory, customers, projects
from connector.sources.awork.entries import EntryReader
from connector.sources.awork.settings import Progress, Settings
from connector.sources.awork.tasks import TaskProgress, Tasks

__all__ = ["Awork", "Settings", "build"]


def build(settings: Settings, transport: Transport) -> Awork:
    """Return the source; nothing is asked before the first record is wanted."""
    return Awork(settings, transport)


class Awork:
    """Satisfies the ports for customers, projects, progress and time, and for marking time as billed."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._calls = Calls(settings, transport)
        self._visits = Visits(lambda: _Visit(self._calls, self._settings))

    def customers(self) -> Iterator[Party | Problem]:
        """Yield the companies that have a customer number."""
        yield from customers(self._visits.of("customers").directory)

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the projects, each with the customer its company is."""
        yield from projects(self._visits.of("projects").directory, self._transport.time_zone)

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield how far projects or positions were on the day; nothing unless the settings ask for it."""
        tasks = self._visits.of("readings").new_tasks()
        if self._settings.progress is Progress.TASKS:
            yield from TaskProgress(tasks, self._transport.time_zone, as_of).readings()
        elif self._settings.progress is Progress.BUDGET:
            yield from BudgetProgress(self._entries(tasks), as_of).readings()

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period, each entry once."""
        yield from self._entries(self._visits.of("entries").new_tasks()).entries(period)

    @property
    def marks_billed(self) -> bool:
        """Tell whether the tenant has switched it on."""
        return self._settings.mark_billed

    def mark_billed(self, ids: Sequence[str], *, billed: bool) -> Iterator[str]:
        """Set or unset the mark of the entries in one call; awork sets it, so a second time changes nothing."""
        self._calls.change("/timeentries/setbilled" if billed else "/timeentries/setunbilled", {"ids": list(ids)})
        yield from ids

    def check(self) -> Iterator[Problem]:
        """Yield all that is wrong with address, key, customers, projects, and the custom field the settings name."""
        for reader in (self.customers(), self.projects()):
            yield from (found for found in reader if isinstance(found, Problem))
        tasks = self._visits.of("check").new_tasks()
        if not tasks.definitions:
            yield from tasks.problems

    def _entries(self, tasks: Tasks) -> EntryReader:
        return EntryReader(self._calls, tasks.directory, tasks, self._transport.time_zone)


class _Visit:
    """One pull: companies and projects are read once, so that all records fit together."""

    def __init__(self, calls: Calls, settings: Settings) -> None:
        self._calls = calls
        self._settings = settings

    @cached_property
    def directory(self) -> Directory:
        return Directory.read(self._calls, self._settings)

    def new_tasks(self) -> Tasks:
        """Return a reader of tasks with problems of its own, so that none is told twice."""
        return Tasks(self._calls, self.directory)
