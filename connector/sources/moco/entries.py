"""Activities of a period of days, streamed as time entries; what changed in it is found by comparing (domain 6).

Rows are plain dictionaries, checked field by field: they are many, and a model for each would cost most of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.timesheet import TimeEntry
from connector.sources.moco.calls import Calls, Row
from connector.sources.moco.offers import RateCard
from connector.sources.moco.settings import PositionBy, Settings

FIELDS: tuple[tuple[str, type], ...] = (
    ("date", str), ("billable", bool), ("project", dict), ("task", dict), ("user", dict), ("updated_at", str),
)  # fmt: skip
"""What every activity has."""


@dataclass(slots=True)
class EntryReader:
    """Reads activities and tells which position of the rate card they belong to; asked once."""

    calls: Calls
    card: RateCard
    settings: Settings
    notices: list[Problem] = field(default_factory=list)
    projects: dict[int, str] = field(default_factory=dict)
    positions: dict[tuple[int, str], str] = field(default_factory=dict)

    def entries(self, period: Period, since: datetime | None = None) -> Iterator[TimeEntry | Problem]:
        """Yield every entry of the period (changed since the moment) once, with problems and notices between them."""
        changed = {"updated_after": f"{since:%Y-%m-%dT%H:%M:%SZ}"} if since else {}
        seen: set[int] = set()
        for row in self.calls.dated("/activities", period, **changed):
            place = f"{self.calls.source}: activity #{row['id']}"
            if row["id"] in seen:
                message = "it came twice; the first counts"
                yield Problem("DuplicateId", message, place, "the next run reads it again", Severity.NOTICE)
                continue
            seen.add(row["id"])
            told = self._translated(row, place)
            yield from self.notices
            self.notices.clear()
            yield told

    def _translated(self, row: Row, place: str) -> TimeEntry | Problem:
        if fault := self._fault(row):
            return Problem("BadTimeEntry", fault, place, "look at it in MOCO")
        number, task, user = row["project"]["id"], row["task"].get("name") or "", row["user"]
        try:
            day = date.fromisoformat(row["date"])
        except ValueError:
            return Problem("BadTimeEntry", f"no such day: {row['date']!r}", place, "look at it in MOCO")
        return TimeEntry(
            id=str(row["id"]),
            project=self._project(number, place),
            day=day,
            seconds=None if row.get("timer_started_at") else row[self.settings.seconds_by],
            person=f"{user.get('firstname') or ''} {user.get('lastname') or ''}".strip(),
            activity=task,
            position=self._position(number, task),
            text=row.get("description") or "",
            billable=row["billable"],
            approved=row.get("tag") not in self.settings.unapproved_tags,
            changed=row["updated_at"],
            origin=place,
        )

    def _fault(self, row: Row) -> str:
        """Return what makes the row no activity as MOCO documents it, '' for nothing."""
        for name, kind in FIELDS:
            if type(row.get(name)) is not kind:
                return _not_as_documented(name, row.get(name))
        if type(row["project"].get("id")) is not int:
            return _not_as_documented("project.id", row["project"].get("id"))
        seconds = row.get(self.settings.seconds_by)
        if type(seconds) is not int:
            return _not_as_documented(self.settings.seconds_by, seconds)
        return f"{seconds} seconds, less than none" if seconds < 0 else ""

    def _project(self, number: int, place: str) -> str:
        """Return what the project is called; one that is not there is told as #number of MOCO, with a notice."""
        if number not in self.projects:
            self.projects[number] = self.card.projects.ids.get(number, f"#{number}")
            if number not in self.card.projects.ids:
                message = f"its project #{number} is not among those that are read"
                hint = "may the key see it? its time is read, and belongs to nothing that is billed"
                self.notices.append(Problem("ProjectNotRead", message, place, hint, Severity.NOTICE))
        return self.projects[number]

    def _position(self, number: int, task: str) -> str:
        """Return the key of the one position that is called like the task, '' for none; a notice for several."""
        if (number, task) not in self.positions:
            found = self.card.titled.get((number, task), []) if self.settings.position_by is PositionBy.TASK else []
            self.positions[number, task] = found[0].key if len(found) == 1 else ""
            if len(found) > 1:
                place = f"{self.card.projects.place(number)} task {task!r}"
                self.notices.append(several(place, [each.key for each in found], "time"))
        return self.positions[number, task]


def several(place: str, keys: list[str], what: str) -> Problem:
    """Return the notice that a name leads to several positions."""
    message = f"several positions are called so ({', '.join(keys)}); the {what} is read without a position"
    return Problem("UnknownPosition", message, place, "give the items of the offers different titles", Severity.NOTICE)


def _not_as_documented(name: str, value: Any) -> str:  # noqa: ANN401 - JSON
    return f"{name} is missing" if value is None else f"{name} is not as MOCO documents it ({type(value).__name__})"
