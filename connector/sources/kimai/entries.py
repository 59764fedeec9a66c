"""Time (timesheets), streamed in stretches of days; rows are many, so each is read as the plain dictionary it comes as.

`begin` comes in the zone of whoever booked it: its day is the local one. `duration` is what was worked, without the
break. The filters `begin` and `end` are local times without a zone, in that of the token's user.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connector.core.errors import UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.timesheet import TimeEntry
from connector.sources.kimai.budgets import BUDGET, has_offer
from connector.sources.kimai.calls import Calls, Params, Row
from connector.sources.kimai.directory import Directory, nested
from connector.sources.kimai.settings import PositionIn

MOST_ROWS = 20_000
"""A longer list is read in two halves, so that memory stays flat."""

MARGIN = timedelta(days=1)
"""A day in the zone of the token's user and the same day in another one are at most so far apart."""

EVERYBODY: Params = {"user": "all", "full": "true"}
"""Everybody's time, with names beside ids."""

Told = TimeEntry | Problem

_IN_BRACKETS = re.compile(r"\s*\[(?P<key>[^\[\]/\s][^\[\]/]*/[^\[\]/]*[^\[\]/\s])\]")


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads time, that changed since the moment if one is given, and tells which position it belongs to."""

    calls: Calls
    directory: Directory
    since: datetime | None = None

    def entries(self, period: Period) -> Iterator[Told]:
        """Yield every entry of the period once, and problems."""
        params = _within(period)
        if self.since:
            params = {**params, "modified_after": f"{self.since:%Y-%m-%dT%H:%M:%S}"}
        if (self.calls.total("/timesheets", params) or 0) > MOST_ROWS and period.days > 1:
            middle = period.start + (period.end - period.start) / 2
            yield from self.entries(Period(period.start, middle))
            yield from self.entries(Period(middle, period.end))
            return
        listing = self.calls.listing("/timesheets", params, self._taking(period))
        for told in listing.once(self._place):
            if isinstance(told, Problem) or told.day in period:
                yield told

    def check(self) -> Iterator[Problem]:
        """Yield a notice if the custom field that the settings name is on none of the newest entries."""
        name = self.directory.settings.position_field
        rows = self.calls.newest("/timesheets", EVERYBODY) if name else []
        if rows and name not in {_text(each["name"]) for row in rows for each in row.get("metaFields") or ()}:
            message = f"no custom field {name!r} on any of the {len(rows)} newest entries"
            place, hint = f"{self.calls.source}: position_field", "is it called so in Kimai, and visible?"
            yield Problem("FieldNotSeen", message, place, hint, Severity.NOTICE)

    def _taking(self, period: Period) -> Callable[[Row], Told]:
        """Return what reads a row of the period; UnexpectedAnswer for one far outside: the filter was ignored."""
        earliest, latest = period.start - 2 * MARGIN, period.end + 2 * MARGIN

        def take(row: Row) -> Told:
            place = self._place(row["id"])
            try:
                entry = self._entry(row, place)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                message = f"not as Kimai documents it: {type(error).__name__} {error}"
                return Problem("BadTimeEntry", message, place, "look at it in Kimai")
            if earliest <= entry.day <= latest:
                return entry
            message = f"time of {entry.day} came, though {period.start} to {period.last_day} was asked for"
            raise UnexpectedAnswer(message, place=place, hint="the filter begin, end is ignored")

        return take

    def _entry(self, row: Row, place: str) -> TimeEntry:
        project, user = nested(row, "project"), nested(row, "user")
        activity, tags = _text(nested(row, "activity")["name"]), _tags(row)
        activity, position = self._position(row, activity, tags)
        key = self.directory.project_named(project["id"], _text(project.get("number")), _text(project.get("name")))
        known = self.directory.projects.get(project["id"])
        if not position and known and has_offer(known, self.directory):
            position = f"{key}/{BUDGET}"
        return TimeEntry(
            id=str(row["id"]),
            project=key,
            day=datetime.fromisoformat(row["begin"]).date(),
            seconds=None if row["end"] is None else _seconds(row),
            person=_text(user.get("alias")) or _text(user.get("username")),
            activity=activity,
            position=position,
            text=_text(row.get("description")) or activity,
            billable=_truth(row, "billable"),
            approved=not any(tag in self.directory.settings.unapproved_tags for tag in tags),
            origin=place,
        )

    def _position(self, row: Row, activity: str, tags: list[str]) -> tuple[str, str]:
        """Return the activity without a position in its name, and the position that the row names; '' for none."""
        settings = self.directory.settings
        if settings.position_in is PositionIn.ACTIVITY and (match := _IN_BRACKETS.search(activity)):
            return f"{activity[: match.start()]}{activity[match.end() :]}".strip(), match["key"]
        if settings.position_in is PositionIn.TAG:
            return activity, next((tag for tag in tags if "/" in tag), "")
        if settings.position_in is PositionIn.FIELD:
            fields = {each["name"]: each["value"] for each in row.get("metaFields") or ()}
            return activity, _text(fields.get(settings.position_field))
        return activity, ""

    def _place(self, key: object) -> str:
        return f"{self.calls.source}: time entry {key}"


def _within(period: Period) -> Params:
    """Return the filter for the period, a day wider on either side."""
    start, end = period.start - MARGIN, period.end + MARGIN
    return {**EVERYBODY, "begin": f"{start}T00:00:00", "end": f"{end}T00:00:00"}


def _seconds(row: Row) -> int:
    seconds = row["duration"]
    if type(seconds) is not int or seconds < 0:
        message = f"the duration is {seconds!r}, not whole seconds from 0"
        raise ValueError(message)
    return seconds


def _truth(row: Row, name: str) -> bool:
    value = row[name]
    if not isinstance(value, bool):
        message = f"{name} is {value!r}, neither true nor false"
        raise TypeError(message)
    return value


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return the text; TypeError for anything but a text or nothing."""
    if not isinstance(value, str | None):
        message = f"{value!r} is no text"
        raise TypeError(message)
    return (value or "").strip()


def _tags(row: Mapping[str, Any]) -> list[str]:
    return [_text(tag) for tag in row.get("tags") or ()]
