"""Time entries, streamed in stretches of days; rows are many, so each is read as the plain dictionary it comes as.

Hours come with two decimals, whatever was typed or measured: 20 minutes are 0.33. Start and end are times of day for
people ("3:00pm") and need not fit the hours, so they are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from connector.core.errors import UnexpectedAnswer
from connector.core.money import rounded_units
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.quantity import seconds_of_hours
from connector.core.timesheet import TimeEntry
from connector.sources.harvest.calls import Calls, Params, Row
from connector.sources.harvest.directory import Directory
from connector.sources.harvest.settings import Hours, PositionIn

MOST_ROWS = 20_000
"""A longer list is read in two halves, so that memory stays flat."""

SECONDS_PER_MINUTE = 60
MINUTES_PER_HOUR = 60

Told = TimeEntry | Problem

_NOTHING: Mapping[str, Any] = {}
_POSITION = re.compile(r"\s*\[(?P<key>[^\[\]/\s][^\[\]/]*/[^\[\]/]*[^\[\]/\s])\]")


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads time entries; those changed since the moment, if one is given."""

    calls: Calls
    directory: Directory
    since: datetime | None = None

    def entries(self, period: Period) -> Iterator[Told]:
        """Yield every entry of the period once, and problems."""
        params = self._within(period)
        total = self.calls.total("time_entries", params)
        if total == 0:
            return
        if total is not None and total > MOST_ROWS and period.days > 1:
            middle = period.start + (period.end - period.start) / 2
            yield from self.entries(Period(period.start, middle))
            yield from self.entries(Period(middle, period.end))
            return
        listing = self.calls.listing("time_entries", params, self._taking(period))
        yield from listing.once(self._place)

    def _within(self, period: Period) -> Params:
        days = {"from": period.start.isoformat(), "to": period.last_day.isoformat()}
        return {**days, "updated_since": f"{self.since:%Y-%m-%dT%H:%M:%SZ}"} if self.since else days

    def _taking(self, period: Period) -> Callable[[Row], Told]:
        """Return what reads a row of the period; UnexpectedAnswer for one outside: the filter was ignored."""

        def take(row: Row) -> Told:
            place = self._place(row["id"])
            try:
                entry = self._entry(row, place)
            except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
                message = f"not as Harvest documents it: {type(error).__name__} {error}"
                return Problem("BadTimeEntry", message, place, "look at it in Harvest")
            if entry.day in period:
                return entry
            message = f"time of {entry.day} came, though {period.start} to {period.last_day} was asked for"
            raise UnexpectedAnswer(message, place=place, hint="the filter from, to is ignored")

        return take

    def _entry(self, row: Row, place: str) -> TimeEntry:
        settings = self.directory.settings
        activity, notes = row["task"]["name"], row.get("notes") or ""
        position = ""
        if settings.position_in is PositionIn.TASK:
            activity, position = without_position(activity)
        elif settings.position_in is PositionIn.NOTES:
            notes, position = without_position(notes)
        return TimeEntry(
            id=str(row["id"]),
            project=self._project(row["project"]),
            day=date.fromisoformat(row["spent_date"]),
            seconds=None if _truth(row, "is_running") else _seconds(row, settings.hours),
            person=(row.get("user") or _NOTHING).get("name") or "",
            activity=activity,
            position=position,
            text=notes or activity,
            billable=_truth(row, "billable"),
            approved=_truth(row, "is_closed"),
            changed=row.get("updated_at") or "",
            origin=place,
        )

    def _project(self, nested: Mapping[str, Any]) -> str:
        """Return what agreements call the project; the code beside the entry if the project was not in the list."""
        project = self.directory.projects.get(nested["id"])
        return self.directory.project_id(project) if project else str(nested.get("code") or nested["id"])

    def _place(self, key: object) -> str:
        return f"{self.calls.source}: time entry {key}"


def without_position(text: str) -> tuple[str, str]:
    """Return the text without '[offer/position]', and the position; '' if it names none."""
    match = _POSITION.search(text)
    if match is None:
        return text, ""
    return f"{text[: match.start()]}{text[match.end() :]}".strip(), match["key"]


def _seconds(row: Row, hours: Hours) -> int:
    """Return the duration in whole seconds; ValueError for one below zero, TypeError for what is no number."""
    value = row["rounded_hours" if hours is Hours.ROUNDED else "hours"]
    if type(value) not in (int, Decimal):
        message = f"hours are {value!r}, no number"
        raise TypeError(message)
    if value < 0:
        message = f"hours are {value}, below zero"
        raise ValueError(message)
    if hours is Hours.MINUTES:
        return rounded_units(value, 0, MINUTES_PER_HOUR) * SECONDS_PER_MINUTE
    return seconds_of_hours(value)


def _truth(row: Row, name: str) -> bool:
    value = row[name]
    if not isinstance(value, bool):
        message = f"{name} is {value!r}, neither true nor false"
        raise TypeError(message)
    return value
