"""The part of a project's time budget that was used up to a day, as progress of the whole project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from connector.core.problems import Problem
from connector.core.quantity import SECONDS_PER_HOUR
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from connector.core.timesheet import TimeEntry
from connector.sources.awork.entries import EntryReader
from connector.sources.awork.records import ProjectRecord


@dataclass(frozen=True, slots=True)
class BudgetProgress:
    """Adds up the time of every project with a budget; awork's own sum is that of today, whatever the day."""

    entries: EntryReader
    as_of: date

    def readings(self) -> Iterator[Reading | Problem]:
        """Yield one reading per project with a time budget that has time up to the day, and unreadable entries."""
        directory = self.entries.directory
        for project in directory.projects.values():
            if project.time_budget and directory.project_id(project):
                yield from self._readings(project, project.time_budget)

    def _readings(self, project: ProjectRecord, budget: int) -> Iterator[Reading | Problem]:
        used, last = 0, None
        for told in self.entries.of_project(project.id):
            if isinstance(told, Problem):
                yield told
            elif told.day <= self.as_of and self._counts(told, project):
                used += told.seconds or 0
                last = max(last or told.day, told.day)
        if last is not None:
            yield Reading(
                project=self.entries.directory.project_id(project),
                scope=ReadingScope.PROJECT,
                target="",
                on=last,
                share=Share.of(used, budget, f"{_hours(used)} h of {_hours(budget)} h"),
                origin=self.entries.directory.place(project),
            )

    def _counts(self, entry: TimeEntry, project: ProjectRecord) -> bool:
        return entry.billable or project.deduct_non_billable_hours


def _hours(seconds: int) -> str:
    """Return '12:30' for display."""
    return f"{seconds // SECONDS_PER_HOUR}:{seconds % SECONDS_PER_HOUR // 60:02}"
