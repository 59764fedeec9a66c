"""Shares from readings, dates, effort and units: edges and failures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.agreement import DayCount, ProgressMode, ProgressTerms
from connector.core.offer import Position, Project
from connector.core.problems import Problem
from connector.core.progress import (
    Evidence,
    Measured,
    ReadingIndex,
    measure,
    measure_project,
    project_chain,
    project_share,
)
from connector.core.quantity import Unit
from connector.core.readings import Reading, ReadingScope
from connector.core.reason import Step, step
from connector.core.share import NOTHING, WHOLE, Share
from connector.core.timesheet import BookedTime
from tests.core.books import JAN
from tests.core.builders import agreement, position, progress_terms, project, reading

HOUR = 3600
PROJECTS = {"WEB": project(), "SHOP": project("SHOP", parent="WEB", start=None, end=None)}
SHOP = position("1", "1000", project="SHOP", category="Design")

PLACE = "agreements.toml:1 A1/1"
NEED_DATES = "progress by dates needs start and end, but A1/1 has no"
GIVE_DATES = "give them to the position or to its project"
NEED_HOURS = "progress by effort needs planned hours, but A1/1 has none"
GIVE_HOURS = "give the position planned hours, count it in hours, or count it in days and set hours_per_day"
NEED_SOME_HOURS = "progress by effort needs planned hours above zero for A1/1"


def evidence(
    *readings: Reading, booked: dict[str, BookedTime] | None = None, projects: dict[str, Project] | None = None
) -> Evidence:
    """Return what is known on 31 January."""
    known = PROJECTS if projects is None else projects
    return Evidence(JAN, ReadingIndex(readings, JAN), booked or {}, known)


def measured(
    what: Position, *readings: Reading, terms: ProgressTerms | None = None, booked: dict[str, BookedTime] | None = None
) -> Measured:
    """Return the share of the position; it must have one."""
    found = measure(agreement(), terms or progress_terms(), what, evidence(*readings, booked=booked))
    assert isinstance(found, Measured)
    return found


def problem(
    what: Position, terms: ProgressTerms, *readings: Reading, projects: dict[str, Project] | None = None
) -> Problem:
    """Return why the position has no share."""
    found = measure(agreement(), terms, what, evidence(*readings, projects=projects))
    assert isinstance(found, Problem)
    return found


def by(scope: ReadingScope, target: str, share: str, day: int = 31, project: str = "WEB") -> Reading:
    """Return a reading of a day of January."""
    return reading(share, target, scope=scope, on=date(2026, 1, day), project=project)


def test_a_newer_day_beats_a_narrower_scope() -> None:
    """The project read on the 20th counts more than the position read on the 10th."""
    older = by(ReadingScope.POSITION, "A1/1", "10 %", 10)
    newer = by(ReadingScope.PROJECT, "", "20 %", 20)
    assert measured(SHOP, older, newer).share == Share.parse("20 %")
    assert measured(SHOP, newer, older).on == date(2026, 1, 20)


def test_on_one_day_the_narrower_scope_counts() -> None:
    """Position beats category beats project, in whatever order they come."""
    readings = [
        by(ReadingScope.PROJECT, "", "10 %"),
        by(ReadingScope.CATEGORY, "Design", "20 %"),
        by(ReadingScope.POSITION, "A1/1", "30 %"),
    ]
    assert [measured(SHOP, *readings[:n]).share.written for n in (1, 2, 3)] == ["10 %", "20 %", "30 %"]
    assert measured(SHOP, *reversed(readings)).share.written == "30 %"


def test_a_reading_of_the_parent_project_speaks_of_its_parts() -> None:
    """A subproject without readings follows its parent; on the same day its own reading is nearer."""
    parent = by(ReadingScope.PROJECT, "", "10 %")
    own = by(ReadingScope.PROJECT, "", "50 %", project="SHOP")
    assert measured(SHOP, parent).share.written == "10 %"
    assert measured(SHOP, parent, own).share.written == "50 %"
    assert measured(SHOP, by(ReadingScope.CATEGORY, "Design", "20 %"), own).share.written == "20 %"


def test_a_position_without_category_takes_no_categorys_reading() -> None:
    """An empty category is none, even where a reading names one by mistake."""
    assert measured(replace(SHOP, category=""), by(ReadingScope.CATEGORY, "", "20 %")).share == NOTHING


def test_without_a_reading_nothing_is_done() -> None:
    """The share is 0 and the reason says that nothing was read up to the day."""
    found = measured(SHOP)
    assert (found.share, found.on) == (NOTHING, JAN)
    assert found.reason[0].rule == "no_reading"


def test_contradicting_readings_of_one_day_are_a_problem() -> None:
    """Both are named with their place; neither is believed."""
    one, other = replace(reading("30 %"), origin="a.csv:2"), replace(reading("40 %"), origin="b.csv:7")
    found = problem(SHOP, progress_terms(), one, other)
    assert found == Problem(
        "ReadingsContradict",
        "two readings of 2026-01-31 for A1/1 differ: 30 % and 40 %",
        "a.csv:2; b.csv:7",
        "remove the wrong one, or date it to the day it was true",
    )


def test_the_same_reading_twice_is_no_contradiction() -> None:
    """1 of 2 and 50 % say the same."""
    assert measured(SHOP, reading("1 of 2"), reading("50 %")).share.value == Fraction(1, 2)


def test_an_older_or_wider_contradiction_does_not_matter() -> None:
    """Only the readings that count are compared."""
    older = [by(ReadingScope.POSITION, "A1/1", share, 10) for share in ("10 %", "20 %")]
    wider = [by(ReadingScope.PROJECT, "", share) for share in ("10 %", "20 %")]
    assert measured(SHOP, *older, *wider, reading("30 %")).share.written == "30 %"


def test_units_and_shares_are_kept_apart() -> None:
    """A count of units is no share, and the other way round."""
    units = progress_terms(ProgressMode.UNITS)
    pieces = position("1", "50", quantity=20, unit=Unit.PIECE)
    assert measured(pieces, reading(units=5), reading("90 %"), terms=units).share.value == Fraction(1, 4)
    assert measured(pieces, reading(units=5)).share == NOTHING
    assert measured(pieces, reading("90 %"), terms=units).share == NOTHING


def test_contradicting_units_are_a_problem() -> None:
    """Two counts of one day."""
    found = problem(SHOP, progress_terms(ProgressMode.UNITS), reading(units=5), reading(units=6))
    assert found.code == "ReadingsContradict"
    assert "5 units and 6 units" in found.message


@pytest.mark.parametrize("quantity", [0, -3])
def test_units_need_a_quantity(quantity: int) -> None:
    """Nothing can be divided by a quantity of zero or below."""
    found = problem(position(quantity=quantity), progress_terms(ProgressMode.UNITS), reading(units=1))
    message = f"progress by units needs a quantity above zero, but A1/1 has {quantity}"
    assert found == Problem("QuantityMissing", message, PLACE, "correct its quantity")


def test_dates_of_the_position_go_before_those_of_the_project() -> None:
    """The project runs to June (31 of 181 days), the position to February (31 of 59)."""
    dates = progress_terms(ProgressMode.DATES)
    assert measured(position(), terms=dates).share.value == Fraction(31, 181)
    assert measured(position(end=date(2026, 2, 28)), terms=dates).share.value == Fraction(31, 59)
    assert measured(position(start=JAN, end=JAN), terms=dates).share == WHOLE


def test_after_the_end_the_share_speaks_of_the_last_day() -> None:
    """The service period must not run on."""
    ended = position(start=date(2026, 1, 1), end=date(2026, 1, 10))
    assert measured(ended, terms=progress_terms(ProgressMode.DATES)).on == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("what", "code", "message", "hint"),
    [
        (position(project="SHOP"), "DatesMissing", f"{NEED_DATES} start", GIVE_DATES),
        (position(project="SHOP", start=JAN), "DatesMissing", f"{NEED_DATES} end", GIVE_DATES),
        (position(project="NONE", end=JAN), "DatesMissing", f"{NEED_DATES} start", GIVE_DATES),
        (position(project="NONE", start=JAN), "DatesMissing", f"{NEED_DATES} end", GIVE_DATES),
        (
            position(start=JAN, end=date(2026, 1, 1)),
            "DatesReversed",
            "A1/1 ends on 2026-01-01, before it starts on 2026-01-31",
            "correct the dates of the position or its project",
        ),
        (
            position(start=JAN, end=date(2026, 2, 1)),
            "DatesMissing",
            "A1/1 has no working day between 2026-01-31 and 2026-02-01",
            "correct the dates, or count calendar days",
        ),
    ],
)
def test_dates_that_give_no_share_are_a_problem(what: Position, code: str, message: str, hint: str) -> None:
    """Missing, reversed, or without a working day (31 January 2026 is a Saturday)."""
    found = problem(what, ProgressTerms(ProgressMode.DATES, day_count=DayCount.WORKING))
    assert found == Problem(code, message, PLACE, hint)


def test_effort_without_time_is_nothing() -> None:
    """No entry on the position: 0 of 8 hours."""
    found = measured(position(planned_seconds=8 * HOUR), terms=progress_terms(ProgressMode.EFFORT))
    assert (found.share, found.share.written) == (NOTHING, "0:00 of 8:00 h")


def test_effort_is_written_in_hours_and_minutes() -> None:
    """Seconds only where there are some."""
    booked = {"A1/1": BookedTime(2 * HOUR + 61, 3)}
    found = measured(position(planned_seconds=8 * HOUR), terms=progress_terms(ProgressMode.EFFORT), booked=booked)
    assert found.share.written == "2:01:01 of 8:00 h"
    assert ("entries", "3") in found.reason[0].values


@pytest.mark.parametrize(
    ("what", "message", "hint"),
    [
        (position(), NEED_HOURS, GIVE_HOURS),
        (position(unit=Unit.DAY), NEED_HOURS, GIVE_HOURS),
        (position(unit=Unit.HOUR, quantity=0), NEED_SOME_HOURS, "plan its effort"),
        (position(planned_seconds=0), NEED_SOME_HOURS, "plan its effort"),
    ],
)
def test_effort_needs_planned_hours(what: Position, message: str, hint: str) -> None:
    """A flat position without a plan, days without `hours_per_day`, and a plan of nothing."""
    found = problem(what, progress_terms(ProgressMode.EFFORT))
    assert found == Problem("PlannedHoursMissing", message, PLACE, hint)


def test_days_are_planned_hours_where_the_agreement_says_how_many() -> None:
    """Half a day of 7.5 hours is 3:45."""
    terms = ProgressTerms(ProgressMode.EFFORT, hours_per_day=Decimal("7.5"))
    booked = {"A1/1": BookedTime(HOUR, 1)}
    found = measured(position(quantity="0.5", unit=Unit.DAY), terms=terms, booked=booked)
    assert found.share.written == "1:00 of 3:45 h"


def test_the_mode_of_a_position_goes_before_that_of_its_category() -> None:
    """Position, category, project: the narrowest mode is measured by."""
    terms = ProgressTerms(
        ProgressMode.UNITS, {"Design": ProgressMode.DATES}, mode_by_position={"A1/1": ProgressMode.MANUAL}
    )
    found = reading("12 %")
    assert measured(SHOP, found, terms=terms).share.written == "12 %"
    by_dates = replace(SHOP, id="2", project="WEB")
    assert measured(by_dates, found, terms=terms).share.written == "31 of 181 days"
    assert measured(position("3"), reading(units=1, target="A1/3"), terms=terms).share == WHOLE


PARTS = [position("1", planned_seconds=HOUR), position("2", planned_seconds=3 * HOUR)]


def of_project(mode: ProgressMode, project: str = "WEB", *readings: Reading) -> Measured | Problem:
    """Return the one share of the project."""
    terms = ProgressTerms(mode, differentiate=False)
    booked = {"A1/2": BookedTime(HOUR, 1), "A9/9": BookedTime(HOUR, 1)}
    return measure_project(agreement(project=project), terms, PARTS, evidence(*readings, booked=booked))


def test_the_share_of_a_project_by_hand_is_its_newest_reading() -> None:
    """Readings of positions do not count; those of the project it is a part of do."""
    whole = by(ReadingScope.PROJECT, "", "40 %")
    found = of_project(ProgressMode.MANUAL, "SHOP", whole, reading("90 %"))
    assert isinstance(found, Measured)
    assert found.share.written == "40 %"


def test_the_share_of_a_project_by_dates_is_that_of_its_own_dates() -> None:
    """31 of 181 days; a project without dates, or an unknown one, is a problem."""
    found = of_project(ProgressMode.DATES)
    assert isinstance(found, Measured)
    assert found.share.value == Fraction(31, 181)
    for unknown in ("SHOP", "NONE"):
        missing = of_project(ProgressMode.DATES, unknown)
        assert isinstance(missing, Problem)
        assert (missing.code, missing.place) == ("DatesMissing", f"agreements.toml:1 {unknown}")


def test_the_share_of_a_project_by_effort_is_all_hours_of_all_planned() -> None:
    """One of four hours; time on positions that are not among them does not count."""
    found = of_project(ProgressMode.EFFORT)
    assert isinstance(found, Measured)
    assert found.share.value == Fraction(1, 4)


def test_units_have_no_share_of_a_project() -> None:
    """Pieces of different positions cannot be added up."""
    found = of_project(ProgressMode.UNITS)
    assert found == Problem(
        "UnitsNeedPositions",
        "progress by units is counted per position, but differentiate = false asks for one share of the project",
        "agreements.toml:1",
        "set differentiate = true, or choose another progress mode",
    )


def test_a_problem_with_the_effort_of_a_project_names_its_agreement() -> None:
    """One position without planned hours is enough."""
    terms = ProgressTerms(ProgressMode.EFFORT, differentiate=False)
    found = measure_project(agreement(), terms, [*PARTS, position("3")], evidence())
    assert isinstance(found, Problem)
    assert found.place == "agreements.toml:1 A1/3"


def test_a_project_nobody_read_stands_at_nothing() -> None:
    """And says until when nothing was found."""
    found = of_project(ProgressMode.MANUAL)
    assert found == Measured(NOTHING, JAN, (step("no_reading", as_of=JAN),))


@pytest.mark.parametrize(
    ("mode", "known", "why"),
    [
        (
            ProgressMode.MANUAL,
            [reading("1 of 3")],
            step("reading", share="1 of 3", on=JAN, scope="position", subject="A1/1", origin="progress.csv:2"),
        ),
        (
            ProgressMode.MANUAL,
            [by(ReadingScope.PROJECT, "", "1 of 3")],
            step("reading", share="1 of 3", on=JAN, scope="project", subject="WEB", origin="progress.csv:2"),
        ),
        (ProgressMode.MANUAL, [], step("no_reading", as_of=JAN)),
        (ProgressMode.UNITS, [], step("no_reading", as_of=JAN)),
        (
            ProgressMode.UNITS,
            [reading(units=7)],
            step("units", units=7, quantity=20, on=JAN, origin="progress.csv:2"),
        ),
        (
            ProgressMode.DATES,
            [],
            step("elapsed", start="2026-01-01", end="2026-06-30", elapsed=31, days=181, count="calendar"),
        ),
        (ProgressMode.EFFORT, [], step("effort", seconds=5400, entries=2, planned=72000)),
    ],
)
def test_the_reason_says_all_that_was_worked_on(mode: ProgressMode, known: list[Reading], why: Step) -> None:
    """What was read, when, of what and where; days, seconds and entries (domain 11)."""
    what = position(quantity=20, unit=Unit.HOUR)
    found = measured(what, *known, terms=progress_terms(mode), booked={"A1/1": BookedTime(5400, 2)})
    assert found.reason == (why,)


def test_contradictions_about_a_project_name_the_project() -> None:
    """A reading of the whole project has no other target."""
    found = problem(SHOP, progress_terms(), *(by(ReadingScope.PROJECT, "", share) for share in ("1 %", "2 %")))
    assert "two readings of 2026-01-31 for WEB differ" in found.message
    found = problem(SHOP, progress_terms(), reading("1 %"), reading("2 %"))
    assert "for A1/1 differ" in found.message


def test_a_project_worth_nothing_stands_at_nothing() -> None:
    """No positions, or positions whose totals cancel out."""
    assert project_share([]) == 0
    assert project_share([(position("1", "100"), WHOLE), (position("2", "-100"), NOTHING)]) == 0


def test_the_chain_of_projects_ends_where_it_is_unknown_or_closes() -> None:
    """Parents upwards; a circle in the data is no endless loop."""
    known = {"A": project("A", parent="B"), "B": project("B", parent="C"), "D": project("D", parent="D")}
    assert project_chain("A", {"A": project("A")}) == ["A"]
    circle = {"A": project("A", parent="B"), "B": project("B", parent="A")}
    assert project_chain("A", known) == ["A", "B", "C"]
    assert project_chain("A", circle) == ["A", "B"]
    assert project_chain("D", known) == ["D"]
