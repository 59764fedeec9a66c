"""Time entries as a source tells them, and their sums (domain 1.4, 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """One booking of time. `seconds` is whole; None while the timer runs. `day` is local to the tenant.

    `position` is the key of a position ('offer/position'), '' if the entry names none; `changed` is the source's own
    mark of its last change ('' if it has none) and takes part in the fingerprint that finds edits (domain 6).
    """

    id: str
    project: str
    day: date
    seconds: int | None
    person: str = ""
    activity: str = ""
    position: str = ""
    text: str = ""
    billable: bool = True
    approved: bool = True
    changed: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class BookedTime:
    """The sum of finished entries on one position up to a day: whole seconds, and how many entries."""

    seconds: int
    entries: int
