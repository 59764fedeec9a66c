"""Every trap of Kimai's time, and what happens to bad records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connector.core.errors import UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Severity
from connector.core.timesheet import TimeEntry
from connector.sources.kimai import entries
from tests.sources.kimai_world import JANUARY, NINE, source
from tests.standins import kimai
from tests.standins.kimai import BERLIN, Row
from tests.support.found import good, problems


@pytest.fixture
def api() -> kimai.Kimai:
    """Return an empty instance."""
    return kimai.api()


@pytest.fixture
def project(api: kimai.Kimai) -> Row:
    """Return a project."""
    return api.add_project("P-1", "Projekt", api.add_customer("10001", "Müller"))


def entry(api: kimai.Kimai, **more: object) -> TimeEntry:
    """Return the one entry of January."""
    [found] = good(source(api, **more).entries(JANUARY))
    return found


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        ({}, 3600),
        ({"duration": 0}, 0),
        ({"duration": 1800, "break": 1800}, 1800),
        ({"end": None, "duration": 0}, None),
        ({"end": None, "duration": 600}, None),
        ({"exported": True}, 3600),
    ],
    ids=["stopped", "nothing", "with a break", "running", "running with a duration", "exported"],
)
def test_a_duration_is_in_whole_seconds(
    api: kimai.Kimai, project: Row, more: dict[str, Any], seconds: int | None
) -> None:
    """The break is off it already; without an end it is a running timer; whether it was exported says nothing."""
    api.add_time(NINE, 3600, project, **more)

    assert entry(api).seconds == seconds


@pytest.mark.parametrize(
    ("begin", "day"),
    [
        ("2026-01-15T00:20:00+0100", 15),
        ("2026-01-15T23:50:00+0100", 15),
        ("2026-01-15T00:20:00+01:00", 15),
        ("2026-01-14T23:20:00+0000", 14),
        ("2026-01-15T12:20:00+1300", 15),
        ("2026-01-15T12:20:00-1000", 15),
    ],
)
def test_the_day_is_that_of_whoever_booked(api: kimai.Kimai, project: Row, begin: str, day: int) -> None:
    """Kimai tells the begin in their zone, whatever the tenant's is."""
    api.add_time(NINE, 3600, project)["begin"] = begin

    assert entry(api).day == date(2026, 1, day)


@pytest.mark.parametrize(
    "change",
    [
        {"begin": None},
        {"begin": "gestern"},
        {"duration": None},
        {"duration": -1},
        {"duration": "3600"},
        {"duration": True},
        {"project": None},
        {"project": 7},
        {"project": {"id": "7"}},
        {"activity": None},
        {"activity": {"id": 1, "name": 7}},
        {"user": None},
        {"billable": None},
        {"billable": "yes"},
        {"tags": [7]},
        {"description": []},
    ],
)
def test_a_bad_record_is_told_and_the_others_go_on(api: kimai.Kimai, project: Row, change: dict[str, Any]) -> None:
    """Nothing is guessed, and nothing counts as no time."""
    bad = api.add_time(NINE, 3600, project)
    bad.update(change)
    api.add_time(NINE, 7200, project)
    api._passes = lambda *_: True  # type: ignore[method-assign]  # noqa: SLF001 - a begin that is none passes no filter
    found = list(source(api).entries(JANUARY))

    assert [each.seconds for each in found if isinstance(each, TimeEntry)] == [7200]
    assert [(each.code, each.place) for each in problems(found)] == [("BadTimeEntry", f"kimai: time entry {bad['id']}")]


def test_a_record_without_an_end_of_any_kind_is_bad(api: kimai.Kimai, project: Row) -> None:
    """A field that is missing is no running timer."""
    del api.add_time(NINE, 3600, project)["end"]

    assert [each.code for each in problems(source(api).entries(JANUARY))] == ["BadTimeEntry"]


def test_everything_that_is_told_of_a_record(api: kimai.Kimai, project: Row) -> None:
    """A person without an alias has a name to log in; without a description the activity is the text."""
    first = api.add_time(NINE, 3600, project, description=" Abstimmung ", billable=False)
    api.add_time(NINE, 3600, project, user={"id": 9, "alias": None, "username": "kim"})
    one, two = good(source(api).entries(JANUARY))

    assert one == TimeEntry(
        str(first["id"]), "P-1", NINE.date(), 3600, "Anna Berg", "Konzept", text="Abstimmung", billable=False,
        origin=f"kimai: time entry {first['id']}",
    )  # fmt: skip
    assert (two.person, two.text) == ("kim", "Konzept")


@pytest.mark.parametrize(
    ("tags", "approved"), [([], True), (None, True), (["eilig"], True), (["eilig", "offen"], False)]
)
def test_time_is_approved_unless_a_tag_says_otherwise(
    api: kimai.Kimai, project: Row, *, tags: list[str] | None, approved: bool
) -> None:
    """Kimai has no approval of its own."""
    api.add_time(NINE, 3600, project, tags=tags)

    assert entry(api, unapproved_tags=["offen"]).approved is approved


@pytest.mark.parametrize(
    ("more", "position", "activity"),
    [
        ({}, "", "Konzept [A-1/1]"),
        ({"position_in": "activity"}, "A-1/1", "Konzept"),
        ({"position_in": "tag"}, "A-1/2", "Konzept [A-1/1]"),
        ({"position_in": "field", "position_field": "Position"}, "A-1/3", "Konzept [A-1/1]"),
        ({"position_in": "field", "position_field": "Anderes"}, "", "Konzept [A-1/1]"),
    ],
)
def test_time_names_its_position_where_the_settings_say(
    api: kimai.Kimai, project: Row, more: dict[str, Any], position: str, activity: str
) -> None:
    """Brackets leave the name of the activity; of the tags, the first with a slash counts."""
    fields = [{"name": "Position", "value": "A-1/3"}, {"name": "Ort", "value": None}]
    api.add_time(NINE, 3600, project, "Konzept [A-1/1]", tags=["eilig", "A-1/2", "A-1/4"], metaFields=fields)
    found = entry(api, **more)

    assert (found.position, found.activity) == (position, activity)


@pytest.mark.parametrize("position_in", ["activity", "tag"])
def test_time_may_name_no_position(api: kimai.Kimai, project: Row, position_in: str) -> None:
    """It is read all the same."""
    api.add_time(NINE, 3600, project, "Konzept [intern]", tags=["eilig"])

    assert entry(api, position_in=position_in).position == ""


def test_time_of_a_project_that_is_not_there_is_kept(api: kimai.Kimai, project: Row) -> None:
    """Under the number beside it."""
    api.add_time(NINE, 3600, project)
    api.projects.clear()

    assert entry(api).project == "P-1"


def test_only_the_days_of_the_period_are_told(api: kimai.Kimai, project: Row) -> None:
    """Those a day before and after come, too, and are dropped; old and future time is read if asked for."""
    for day in (-1, 0, 30, 31):
        api.add_time(datetime(2026, 1, 1, 0, 10, tzinfo=BERLIN) + timedelta(days=day), 3600, project)
    for year in (2016, 2036):
        api.add_time(datetime(year, 1, 1, 9, tzinfo=UTC), 3600, project)

    assert [each.day.day for each in good(source(api).entries(JANUARY))] == [1, 31]
    assert len(good(source(api).entries(Period(date(2000, 1, 1), date(2100, 1, 1))))) == 6


def test_a_filter_that_is_ignored_stops_the_pull(api: kimai.Kimai, project: Row) -> None:
    """All time there is would come in place of a month."""
    api.add_time(datetime(2025, 12, 29, 9, tzinfo=BERLIN), 3600, project)
    api._passes = lambda *_: True  # type: ignore[method-assign]  # noqa: SLF001 - a server that ignores filters

    with pytest.raises(UnexpectedAnswer, match="time of 2025-12-29 came"):
        list(source(api).entries(JANUARY))


def test_much_time_is_read_in_stretches(api: kimai.Kimai, project: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that memory stays flat; a single day is not divided, and no record comes twice."""
    monkeypatch.setattr(entries, "MOST_ROWS", 3)
    days = [1, 1, 1, 1, 2, 15, 16, 16, 31]
    for day in days:
        api.add_time(datetime(2026, 1, day, 9, tzinfo=BERLIN), 3600, project)

    assert [each.day.day for each in good(source(api).entries(JANUARY))] == days


def test_a_custom_field_that_nobody_has_is_a_notice(api: kimai.Kimai, project: Row) -> None:
    """Kimai does not tell which fields there are; the newest records do, if there are any."""
    field: dict[str, Any] = {"position_in": "field", "position_field": "Position"}
    assert list(source(api, **field).check()) == []

    api.add_time(NINE, 3600, project, metaFields=[{"name": "Ort", "value": "Dresden"}])
    [found] = source(api, **field).check()
    assert (found.code, found.severity) == ("FieldNotSeen", Severity.NOTICE)

    api.add_time(NINE, 3600, project, metaFields=[{"name": "Position", "value": None}])
    assert list(source(api, **field).check()) == []
