"""Every trap of awork's time entries, and what happens to bad ones."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from connector.core.errors import UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.timesheet import TimeEntry
from connector.sources.awork import Awork, Settings, build
from tests.sources.awork_agency import settings_for
from tests.standins import awork
from tests.support.direct import Direct

DAY = date(2026, 1, 15)
JANUARY = Period.month_of(DAY)


def source(api: awork.Awork, **settings: object) -> Awork:
    """Return the source of the stand-in, without a field for positions."""
    told = {**settings_for("http://localhost:1"), "position_field": "", **settings}
    return build(Settings.model_validate(told), Direct("awork", api))


def told(api: awork.Awork, period: Period = JANUARY) -> list[TimeEntry | Problem]:
    """Return what the period's time is."""
    return list(source(api).entries(period))


def entry(api: awork.Awork, period: Period = JANUARY) -> TimeEntry:
    """Return the one entry of the period."""
    [found] = told(api, period)
    assert isinstance(found, TimeEntry)
    return found


@pytest.fixture
def api() -> awork.Awork:
    """Return an empty workspace."""
    return awork.api()


@pytest.fixture
def project(api: awork.Awork) -> awork.Row:
    """Return a project of nobody."""
    return api.add_project("P-1", "Projekt")


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ({}, 100),
        ({"duration": 0}, 0),
        (awork.times(DAY, time(9), 100), 100),
        (awork.running(DAY, time(9)), None),
        ({**awork.running(DAY, time(9)), "duration": 0, "endTimeUtc": None}, None),
        ({"breakDuration": 60}, 100),
    ],
    ids=["typed in", "nothing", "timed", "running with a duration", "just begun", "with a break"],
)
def test_a_duration_is_in_whole_seconds(
    api: awork.Awork, project: awork.Row, more: dict[str, Any], seconds: int | None
) -> None:
    """A start without an end is a running timer, whatever its duration; the rest is taken as it comes."""
    api.add_entry(DAY, 100, project, **more)

    assert entry(api).seconds == seconds


@pytest.mark.parametrize(
    ("more", "day"),
    [
        ({"startDateLocal": "2026-01-16T00:00:00", "startDateUtc": "2026-01-15T00:00:00Z"}, date(2026, 1, 16)),
        (
            {"startDateLocal": None, "startDateUtc": "2026-01-15T00:00:00Z", "startTimeUtc": "23:30:00.0254002"},
            date(2026, 1, 16),
        ),
        ({"startDateLocal": None, "startDateUtc": "2026-01-15T00:00:00Z"}, date(2026, 1, 15)),
    ],
    ids=["local day", "instant", "only a day in UTC"],
)
def test_the_day_is_the_local_one(api: awork.Awork, project: awork.Row, more: dict[str, Any], day: date) -> None:
    """What awork says is local counts; else the instant in the tenant's zone (domain 1.7)."""
    api.add_entry(DAY, 100, project, **{"endTimeUtc": "23:59:00", **more})

    assert entry(api).day == day


def test_an_entry_tells_who_did_what(api: awork.Awork, project: awork.Row) -> None:
    """Person, activity, text, flags and last change come along; isBilled counts for nothing."""
    more = {**awork.person("Jörg Weiß"), **awork.type_of_work("Konzept"), "note": "Moodboards", "isBilled": True}
    row = api.add_entry(DAY, 100, project, **more)

    assert entry(api) == TimeEntry(
        id=row["id"],
        project="P-1",
        day=DAY,
        seconds=100,
        person="Jörg Weiß",
        activity="Konzept",
        text="Moodboards",
        changed=row["updatedOn"],
        origin=f"awork: time entry {row['id']}",
    )


def test_an_entry_may_say_little(api: awork.Awork, project: awork.Row) -> None:
    """Without a note the task's name is the text; without a name the user's id is the person."""
    api.add_entry(DAY, 100, project, api.add_task(project, "Konzept"), userId="u-1", typeOfWork=None, isBillable=False)
    found = entry(api)

    assert (found.text, found.person, found.activity, found.billable) == ("Konzept", "u-1", "", False)


@pytest.mark.parametrize(
    "more",
    [
        {"duration": None},
        {"duration": -1},
        {"duration": 1.5},
        {"duration": True},
        {"isBillable": None},
        {"startDateLocal": "yesterday"},
        {"user": "Jörg"},
    ],
)
def test_a_bad_entry_is_told_and_the_others_go_on(api: awork.Awork, project: awork.Row, more: dict[str, Any]) -> None:
    """The problem names the entry; nothing is guessed, and nothing is 0 for want of a value."""
    bad = api.add_entry(DAY, 100, project, **more)
    api.add_entry(DAY, 200, project)
    problem, good = sorted(told(api), key=lambda value: isinstance(value, TimeEntry))

    assert isinstance(problem, Problem)
    assert isinstance(good, TimeEntry)
    assert (problem.code, problem.place) == ("BadTimeEntry", f"awork: time entry {bad['id']}")
    assert good.seconds == 200


def test_time_of_a_project_nobody_lists_keeps_its_name(api: awork.Awork) -> None:
    """The key beside the entry stands, as newer and older answers have it; else awork's id."""
    gone = {"id": "0", "name": "Gone", "projectKey": "GONE"}
    for nested in (gone, {"key": "OLD"}, None):
        api.add_entry(DAY, 100, gone)["project"] = nested

    assert [each.project for each in told(api) if isinstance(each, TimeEntry)] == ["GONE", "OLD", "0"]


def test_billable_time_without_a_project_is_one_notice(api: awork.Awork) -> None:
    """So awork leaves the time of a project that was deleted; what is not billable is nobody's business."""
    for _ in range(4):
        api.add_entry(DAY, 100)
    api.add_entry(DAY, 100, isBillable=False)
    *entries, notice = told(api)

    assert [each.project for each in entries if isinstance(each, TimeEntry)] == [""] * 5
    assert isinstance(notice, Problem)
    assert (notice.code, notice.severity) == ("TimeWithoutProject", Severity.NOTICE)
    assert notice.message.startswith("4 billable")


def test_a_period_has_its_own_entries_once(api: awork.Awork, project: awork.Row) -> None:
    """The days around it are asked for because of UTC, and left out; months do not double a day between them."""
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28)):
        api.add_entry(day, 100, project)
        api.add_entry(day, 100, project, **awork.times(day, time(0, 5), 100))
    found = told(api, Period(date(2026, 1, 1), date(2026, 2, 28)))

    days = [each.day for each in found if isinstance(each, TimeEntry)]
    assert days == [date(2026, 1, 1)] * 2 + [date(2026, 1, 31)] * 2 + [date(2026, 2, 1)] * 2


def test_old_and_future_entries_are_only_bounded_by_the_period(api: awork.Awork, project: awork.Row) -> None:
    """Ten years back and two ahead come if they are asked for."""
    for day in (date(2016, 2, 29), date(2028, 2, 29)):
        api.add_entry(day, 100, project)

    assert len(told(api, Period(date(2000, 1, 1), date(2100, 1, 1)))) == 2
    assert told(api) == []


def test_months_are_found_though_the_first_entry_is_bad(api: awork.Awork, project: awork.Row) -> None:
    """A bad first or last entry does not hide the month."""
    for day in (DAY, date(2026, 1, 20)):
        api.add_entry(day, 100, project, startDateLocal="?")
    api.add_entry(date(2026, 1, 16), 100, project)

    assert [type(each).__name__ for each in told(api)] == ["Problem", "Problem", "TimeEntry"]


def test_a_server_that_ignores_the_filter_is_not_believed(api: awork.Awork, project: awork.Row) -> None:
    """Else the time of other months would be deleted here or doubled."""
    api.add_entry(DAY, 100, project)
    row = api.add_entry(DAY, 100, project)
    row["startDateLocal"] = "2026-06-01T00:00:00"

    with pytest.raises(UnexpectedAnswer, match="time of 2026-06-01 came"):
        told(api)


def test_time_leads_to_positions_through_its_task(api: awork.Awork, project: awork.Row) -> None:
    """The custom field of the task names the position; a task without one, and time without a task, name none."""
    api.add_field(awork.POSITION_FIELD)
    chosen = {"customFieldDefinitionId": api.fields[0]["id"], "textValue": None, "selectionOption": {"value": "A/2"}}
    tasks = [api.add_task(project, "1", "A/1"), api.add_task(project, "2", customFields=[chosen]), None]
    for task in (*tasks, api.add_task(project, "3")):
        api.add_entry(DAY, 100, project, task)
    found = source(api, position_field=awork.POSITION_FIELD).entries(JANUARY)

    assert [each.position for each in found if isinstance(each, TimeEntry)] == ["A/1", "A/2", "", ""]


def test_without_its_field_no_time_is_believed(api: awork.Awork, project: awork.Row) -> None:
    """A field that is gone would take all time from its positions: so it holds the source."""
    api.add_entry(DAY, 100, project, api.add_task(project, "1"))
    *_, problem = source(api, position_field="Position").entries(JANUARY)

    assert isinstance(problem, Problem)
    assert (problem.code, problem.holds, problem.hint) == ("UnknownField", True, "none is known")
