"""The time that is billed by time and materials: what counts, what is left out, and its sums (domain 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from connector.core.time_rounding import RoundedPer, TimeRounding
from connector.core.timesheet import TimeEntry


class GroupBy(StrEnum):
    """What makes a line of its own."""

    POSITION = "position"
    ACTIVITY = "activity"
    PERSON = "person"
    ENTRY = "entry"


class Work(NamedTuple):
    """Time on one day of one person, activity, position and project, after rounding per entry or day.

    `entry` and `text` are those of the entry where each is a line of its own, else ''. `entries` is how many there
    were.
    """

    day: date
    seconds: int
    position: str = ""
    person: str = ""
    activity: str = ""
    project: str = ""
    entry: str = ""
    text: str = ""
    entries: int = 1


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many entries are not billed, and why; an entry is counted once, for the first of these reasons."""

    not_billable: int = 0
    running: int = 0
    not_approved: int = 0

    def __add__(self, other: LeftOut) -> LeftOut:
        """Return both together."""
        return LeftOut(
            self.not_billable + other.not_billable,
            self.running + other.running,
            self.not_approved + other.not_approved,
        )


def work_of(
    entries: Iterable[TimeEntry], group_by: GroupBy, rounding: TimeRounding, *, approved_only: bool
) -> tuple[list[Work], LeftOut]:
    """Return the billable work of the entries, summed by day, and what was left out.

    Running timers and entries without an end are left out; so are those not approved if `approved_only`. The sums do
    not depend on the order of the entries.
    """
    left_out = {"not_billable": 0, "running": 0, "not_approved": 0}
    sums: dict[Work, tuple[int, int]] = {}
    for entry in entries:
        if not entry.billable:
            left_out["not_billable"] += 1
        elif entry.seconds is None:
            left_out["running"] += 1
        elif approved_only and not entry.approved:
            left_out["not_approved"] += 1
        else:
            key = _key(entry, group_by)
            seconds, count = sums.get(key, (0, 0))
            sums[key] = seconds + rounding.at(RoundedPer.ENTRY, entry.seconds), count + 1
    work = [
        key._replace(seconds=rounding.at(RoundedPer.DAY, seconds), entries=count)
        for key, (seconds, count) in sorted(sums.items())
    ]
    return work, LeftOut(**left_out)


def _key(entry: TimeEntry, group_by: GroupBy) -> Work:
    """Return what entries are summed by: all that their rate and line depend on."""
    alone = group_by is GroupBy.ENTRY
    return Work(
        entry.day,
        0,
        entry.position,
        entry.person,
        entry.activity,
        entry.project,
        entry.id if alone else "",
        entry.text if alone else "",
    )
