"""OpenProject over its API v3: projects, time, and progress on request (docs/sources/openproject.md).

OpenProject knows no customers, offers or prices; a ledger laid over it brings them. Written from the vendor's API
documentation and the example answers in it; never tried against a running one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property

from connector.core.offer import Project
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.readings import Reading
from connector.core.timesheet import TimeEntry
from connector.http import Transport
from connector.http.visits import Visits
from connector.sources.openproject.calls import Calls
from connector.sources.openproject.entries import EntryReader
from connector.sources.openproject.progress import ProgressReader
from connector.sources.openproject.projects import Projects, translated
from connector.sources.openproject.settings import Progress, Settings
from connector.sources.openproject.work_packages import WorkPackages

__all__ = ["OpenProject", "Settings", "build"]


def build(settings: Settings, transport: Transport) -> OpenProject:
    """Return the source; nothing is asked before the first record is wanted."""
    return OpenProject(settings, transport)


class OpenProject:
    """Satisfies the ports for projects, progress and time."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._calls = Calls(settings, transport)
        self._visits = Visits(lambda: _Visit(self._calls, self._settings))

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the projects, and in which of them the key's user does not see everything."""
        yield from translated(self._visits.of("projects").projects)

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield how far positions were on the day; nothing unless the settings ask for it."""
        packages = self._visits.of("readings").packages
        if self._settings.progress is not Progress.NONE:
            yield from ProgressReader(packages, self._calls.zone, as_of).readings()

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period, each entry once."""
        yield from EntryReader(self._calls, self._visits.of("entries").packages).entries(period)

    def changed_entries(self, period: Period, since: datetime) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period that was changed since the moment."""
        packages = self._visits.of("changed entries").packages
        yield from EntryReader(self._calls, packages, since).entries(period)

    def check(self) -> Iterator[Problem]:
        """Yield all that is wrong with address, key, rights, projects, work packages, and the fields that are named."""
        yield from (found for found in self.projects() if isinstance(found, Problem))
        packages = self._visits.of("check").packages
        yield from packages.problems
        yield from EntryReader(self._calls, packages).fields()
        if self._settings.work_package.position and not packages.records:
            message = f"{self._settings.work_package.position!r} cannot be checked: there is no work package yet"
            place, hint = f"{self._calls.source}: work_package.position", "check again when there is"
            yield Problem("FieldNotSeen", message, place, hint, Severity.NOTICE)


class _Visit:
    """One pull: projects and work packages are read once, so that all records fit together."""

    def __init__(self, calls: Calls, settings: Settings) -> None:
        self._calls = calls
        self._settings = settings

    @cached_property
    def projects(self) -> Projects:
        return Projects.read(self._calls, self._settings)

    @cached_property
    def packages(self) -> WorkPackages:
        return WorkPackages.read(self._calls, self.projects)
