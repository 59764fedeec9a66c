"""How far a position is: its share from readings, dates, effort or units (domain 3.1 to 3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from connector.core.agreement import Agreement, ProgressMode, ProgressTerms
from connector.core.elapsed import days_elapsed, days_in
from connector.core.offer import Position, Project
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.quantity import SECONDS_PER_HOUR
from connector.core.readings import Reading, ReadingScope
from connector.core.reason import Reason, step
from connector.core.share import NOTHING, Share
from connector.core.timesheet import BookedTime

_RANK = {ReadingScope.PROJECT: 0, ReadingScope.CATEGORY: 1, ReadingScope.POSITION: 2}

Subject = tuple[ReadingScope, str, str]
"""What readings are looked up by: scope, project ('' for positions, whose key is enough), and target."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A share with the day it speaks of and the steps that led to it."""

    share: Share
    on: date
    reason: Reason


class ReadingIndex:
    """The newest readings on or before a day, by what they speak of."""

    def __init__(self, readings: Iterable[Reading], as_of: date) -> None:
        """Keep of each subject the readings of its newest day, shares and units apart."""
        self._shares: dict[Subject, list[Reading]] = {}
        self._units: dict[Subject, list[Reading]] = {}
        for reading in readings:
            if reading.on <= as_of:
                _keep_newest(self._shares if reading.share is not None else self._units, reading)

    def share(self, position: Position, projects: Sequence[str]) -> Reading | Problem | None:
        """Return the newest share for the position; on the same day position beats category beats project.

        `projects` are the position's project and those it is a part of, nearest first (the nearest wins a tie).
        """
        subjects: list[Subject] = [(ReadingScope.POSITION, "", position.key)]
        if position.category:
            subjects += [(ReadingScope.CATEGORY, project, position.category) for project in projects]
        return self._newest([*subjects, *_whole(projects)])

    def project_share(self, projects: Sequence[str]) -> Reading | Problem | None:
        """Return the newest share of the first project as a whole, or of one it is a part of."""
        return self._newest(_whole(projects))

    def units(self, position: Position) -> Reading | Problem | None:
        """Return the newest count of units of the position."""
        readings = self._units.get((ReadingScope.POSITION, "", position.key))
        return _agreed(readings) if readings else None

    def _newest(self, subjects: Iterable[Subject]) -> Reading | Problem | None:
        best: list[Reading] | None = None
        for subject in subjects:
            readings = self._shares.get(subject)
            if readings and (best is None or _precedence(readings[0]) > _precedence(best[0])):
                best = readings
        return _agreed(best) if best else None


def _whole(projects: Sequence[str]) -> list[Subject]:
    return [(ReadingScope.PROJECT, project, "") for project in projects]


def _subject(reading: Reading) -> Subject:
    project = "" if reading.scope is ReadingScope.POSITION else reading.project
    return reading.scope, project, reading.target


def _keep_newest(index: dict[Subject, list[Reading]], reading: Reading) -> None:
    kept = index.setdefault(_subject(reading), [])
    if kept and kept[0].on < reading.on:
        kept.clear()
    if not kept or kept[0].on == reading.on:
        kept.append(reading)


def _precedence(reading: Reading) -> tuple[date, int]:
    return reading.on, _RANK[reading.scope]


def _agreed(readings: Sequence[Reading]) -> Reading | Problem:
    first = readings[0]
    for other in readings[1:]:
        if (other.share, other.units) != (first.share, first.units):
            return Problem(
                "ReadingsContradict",
                f"two readings of {first.on} for {first.target or first.project} differ: "
                f"{_written(first)} and {_written(other)}",
                f"{first.origin}; {other.origin}",
                "remove the wrong one, or date it to the day it was true",
            )
    return first


def _written(reading: Reading) -> str:
    return reading.share.written if reading.share is not None else f"{reading.units} units"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What progress is measured from: readings, booked time per position key, and the projects' dates."""

    as_of: date
    readings: ReadingIndex
    booked: Mapping[str, BookedTime]
    projects: Mapping[str, Project]


def measure(agreement: Agreement, terms: ProgressTerms, position: Position, evidence: Evidence) -> Measured | Problem:
    """Return the position's own share by its mode; a Problem where something it needs is missing."""
    mode = terms.mode_of(position)
    if mode is ProgressMode.MANUAL:
        return _by_reading(position, evidence)
    if mode is ProgressMode.DATES:
        project = evidence.projects.get(position.project)
        start = position.start or (project.start if project else None)
        end = position.end or (project.end if project else None)
        return _by_dates(agreement, terms, position.key, (start, end), evidence)
    if mode is ProgressMode.EFFORT:
        return _by_effort(agreement, terms, [position], evidence)
    return _by_units(agreement, position, evidence)


def measure_project(
    agreement: Agreement, terms: ProgressTerms, positions: Sequence[Position], evidence: Evidence
) -> Measured | Problem:
    """Return the one share that applies to all the positions (`differentiate = false`, domain 3.2)."""
    if terms.mode is ProgressMode.MANUAL:
        chain = project_chain(agreement.project, evidence.projects)
        return _from_reading(evidence.readings.project_share(chain), evidence)
    if terms.mode is ProgressMode.DATES:
        project = evidence.projects.get(agreement.project)
        span = (project.start, project.end) if project else (None, None)
        return _by_dates(agreement, terms, agreement.project, span, evidence)
    if terms.mode is ProgressMode.EFFORT:
        return _by_effort(agreement, terms, positions, evidence)
    return Problem(
        "UnitsNeedPositions",
        "progress by units is counted per position, but differentiate = false asks for one share of the project",
        agreement.place,
        "set differentiate = true, or choose another progress mode",
    )


def project_share(measured: Iterable[tuple[Position, Share]]) -> Fraction:
    """Return Σ(share × total) ÷ Σ total, exact; 0 for a project worth nothing (domain 3.4)."""
    done = whole = Fraction(0)
    for position, share in measured:
        total = Fraction(position.total.amount)
        done += share.value * total
        whole += total
    return done / whole if whole else Fraction(0)


def project_chain(project: str, projects: Mapping[str, Project]) -> list[str]:
    """Return the project and those it is a part of, nearest first; a circle ends where it closes."""
    chain = [project]
    while (known := projects.get(chain[-1])) and known.parent and known.parent not in chain:
        chain.append(known.parent)
    return chain


def _by_reading(position: Position, evidence: Evidence) -> Measured | Problem:
    chain = project_chain(position.project, evidence.projects)
    return _from_reading(evidence.readings.share(position, chain), evidence)


def _from_reading(reading: Reading | Problem | None, evidence: Evidence) -> Measured | Problem:
    if isinstance(reading, Problem):
        return reading
    if reading is None or reading.share is None:
        return _unread(evidence)
    found = step(
        "reading",
        share=reading.share.written,
        on=reading.on,
        scope=reading.scope,
        subject=reading.target or reading.project,
        origin=reading.origin,
    )
    return Measured(reading.share, reading.on, (found,))


def _unread(evidence: Evidence) -> Measured:
    return Measured(NOTHING, evidence.as_of, (step("no_reading", as_of=evidence.as_of),))


def _by_dates(
    agreement: Agreement,
    terms: ProgressTerms,
    subject: str,
    span: tuple[date | None, date | None],
    evidence: Evidence,
) -> Measured | Problem:
    start, end = span
    place = f"{agreement.place} {subject}"
    if start is None or end is None:
        missing = "start" if start is None else "end"
        message = f"progress by dates needs start and end, but {subject} has no {missing}"
        return Problem("DatesMissing", message, place, "give them to the position or to its project")
    if end < start:
        message = f"{subject} ends on {end}, before it starts on {start}"
        return Problem("DatesReversed", message, place, "correct the dates of the position or its project")
    period = Period.inclusive(start, end)
    days = days_in(period, terms.day_count, terms.holidays)
    if not days:
        message = f"{subject} has no working day between {start} and {end}"
        return Problem("DatesMissing", message, place, "correct the dates, or count calendar days")
    elapsed = days_elapsed(period, evidence.as_of, terms.day_count, terms.holidays)
    share = Share(Fraction(elapsed, days), f"{elapsed} of {days} days")
    found = step("elapsed", start=start, end=end, elapsed=elapsed, days=days, count=terms.day_count)
    return Measured(share, min(evidence.as_of, end), (found,))


def _by_effort(
    agreement: Agreement, terms: ProgressTerms, positions: Sequence[Position], evidence: Evidence
) -> Measured | Problem:
    planned = 0
    for position in positions:
        effort = position.planned_effort(terms.hours_per_day)
        if effort is None:
            return Problem(
                "PlannedHoursMissing",
                f"progress by effort needs planned hours, but {position.key} has none",
                f"{agreement.place} {position.key}",
                "give the position planned hours, count it in hours, or count it in days and set hours_per_day",
            )
        planned += effort
    if planned <= 0:
        message = f"progress by effort needs planned hours above zero for {positions[0].key}"
        return Problem("PlannedHoursMissing", message, f"{agreement.place} {positions[0].key}", "plan its effort")
    booked = [evidence.booked[position.key] for position in positions if position.key in evidence.booked]
    seconds = sum(time.seconds for time in booked)
    share = Share(Fraction(seconds, planned), f"{_hours(seconds)} of {_hours(planned)} h")
    entries = sum(time.entries for time in booked)
    return Measured(share, evidence.as_of, (step("effort", seconds=seconds, entries=entries, planned=planned),))


def _hours(seconds: int) -> str:
    hours, rest = divmod(seconds, SECONDS_PER_HOUR)
    return f"{hours}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")


def _by_units(agreement: Agreement, position: Position, evidence: Evidence) -> Measured | Problem:
    reading = evidence.readings.units(position)
    if isinstance(reading, Problem):
        return reading
    if reading is None or reading.units is None:
        return _unread(evidence)
    if position.quantity.value <= 0:
        message = f"progress by units needs a quantity above zero, but {position.key} has {position.quantity.value}"
        return Problem("QuantityMissing", message, f"{agreement.place} {position.key}", "correct its quantity")
    share = Share.of(reading.units, position.quantity.value, f"{reading.units} of {position.quantity.value}")
    found = step("units", units=reading.units, quantity=position.quantity.value, on=reading.on, origin=reading.origin)
    return Measured(share, reading.on, (found,))
