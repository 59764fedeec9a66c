"""% Complete of work packages as dated readings of the positions they name.

OpenProject says how far a work package is now, and when it was last changed: from that day on it holds. What it was
before is told in words only, so a work package that was changed after the day asked for has no reading of that day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction

from connector.core.period import local_day
from connector.core.problems import Problem, Severity
from connector.core.quantity import SECONDS_PER_HOUR
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from connector.sources.openproject.settings import Progress
from connector.sources.openproject.work_packages import WorkPackage, WorkPackages

ALL_PERCENT = 100


@dataclass(frozen=True, slots=True)
class ProgressReader:
    """Tells how far positions were on a day; `zone` says on which day an instant lies."""

    packages: WorkPackages
    zone: tzinfo
    as_of: date

    def readings(self) -> Iterator[Reading | Problem]:
        """Yield one reading per position that work packages of the day name, and notices."""
        groups: dict[str, list[WorkPackage]] = {}
        for record in self.packages.records.values():
            position = self.packages.own_position(record)
            if position and self._day(record.created) <= self.as_of:
                groups.setdefault(position, []).append(record)
        for position, group in groups.items():
            yield from self._reading(position, group)

    def _reading(self, position: str, group: Sequence[WorkPackage]) -> Iterator[Reading | Problem]:
        place = ", ".join(self.packages.place(each.id) for each in group)
        on = max(self._day(each.changed) for each in group)
        project = self.packages.projects.records.get(group[0].project)
        if on > self.as_of:
            message = f"changed after {self.as_of}, and OpenProject does not tell what % Complete was before"
            hint = "what was read of it up to that day stands in; else pull with a later day, or keep it in a ledger"
            yield Problem("ProgressNotDated", message, place, hint, Severity.NOTICE)
        elif len(group) > 1 and not all(self._estimate(each) for each in group):
            message = f"several work packages stand for {position}, and not all of them have an estimate (work)"
            hint = "estimate each, so that they can be weighed"
            yield Problem("ProgressNotWeighed", message, place, hint, Severity.NOTICE)
        elif project and any(self._percent(each) is not None for each in group):
            key = self.packages.projects.id_of(project)
            yield Reading(key, ReadingScope.POSITION, position, on, share=self._share(group), origin=place)

    def _share(self, group: Sequence[WorkPackage]) -> Share:
        """Return % Complete; of several work packages, each by its estimate."""
        if len(group) == 1:
            percent = self._percent(group[0]) or 0
            return Share.of(percent, ALL_PERCENT, f"{percent} %")
        whole = sum(self._estimate(each) for each in group)
        done = sum(Fraction((self._percent(each) or 0) * self._estimate(each), ALL_PERCENT) for each in group)
        return Share.of(done, whole, f"{_hours(int(done))} h of {_hours(whole)} h")

    def _percent(self, record: WorkPackage) -> int | None:
        return record.total_percent if self._in_total else record.percent

    def _estimate(self, record: WorkPackage) -> int:
        return (record.total_estimate if self._in_total else record.estimate) or 0

    @property
    def _in_total(self) -> bool:
        return self.packages.projects.settings.progress is Progress.TOTAL_PERCENT_DONE

    def _day(self, instant: datetime) -> date:
        return local_day(instant, self.zone)


def _hours(seconds: int) -> str:
    """Return '12:30' for display."""
    return f"{seconds // SECONDS_PER_HOUR}:{seconds % SECONDS_PER_HOUR // 60:02}"
