"""Every trap of OpenProject's time entries, and what happens to bad ones."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from connector.core.errors import UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.timesheet import TimeEntry
from connector.sources.openproject import entries
from tests.sources.openproject_world import DAY, JANUARY, source
from tests.standins import openproject
from tests.standins.openproject import ENTRIES, PACKAGES, Row
from tests.support.found import good, problems


@pytest.fixture
def api() -> openproject.OpenProject:
    """Return an instance with the custom fields of entries and work packages."""
    api = openproject.api()
    for kind, name, type_ in (
        (ENTRIES, "Position", "String"),
        (ENTRIES, "Abrechenbar", "Boolean"),
        (ENTRIES, "Freigegeben", "CustomOption"),
        (PACKAGES, "Position", "String"),
    ):
        api.add_field(kind, name, type_)
    return api


@pytest.fixture
def project(api: openproject.OpenProject) -> Row:
    """Return a project."""
    return api.add_project("portal", "Portal")


def entry(api: openproject.OpenProject, **more: object) -> TimeEntry:
    """Return the one entry of January."""
    [found] = good(source(api, **more).entries(JANUARY))
    return found


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [
        ("PT5H", 18_000),
        ("PT1H30M", 5400),
        ("PT0S", 0),
        ("PT19M48S", 1188),
        ("P1DT2H", 26 * 3600),
        ("P1W", 168 * 3600),
        ("P2W1DT0H1M", 15 * 86_400 + 60),
    ],
)
def test_durations_are_iso_8601(api: openproject.OpenProject, project: Row, hours: str, seconds: int) -> None:
    """Whatever the vendor's specification calls them; days have 24 hours."""
    api.add_entry(DAY, hours, project)

    assert entry(api).seconds == seconds


@pytest.mark.parametrize("hours", [None, "PT1H"])
def test_a_running_timer_has_no_duration_yet(api: openproject.OpenProject, project: Row, hours: str | None) -> None:
    """Whatever its hours say."""
    api.add_entry(DAY, hours, project, ongoing=True)

    assert entry(api).seconds is None


@pytest.mark.parametrize(
    "change",
    [
        {"hours": None},
        {"hours": ""},
        {"hours": "5"},
        {"hours": "1:30"},
        {"hours": 5},
        {"hours": "-PT1H"},
        {"hours": "P1W-1D"},
        {"hours": "PT1.5H"},
        {"spentOn": None},
        {"spentOn": "2026-13-45"},
        {"spentOn": 20260115},
        {"_links": None},
        {"_links": {}},
        {"_links": {"project": None}},
        {"customField2": "vielleicht"},
    ],
)
def test_a_bad_entry_is_told_and_the_others_go_on(
    api: openproject.OpenProject, project: Row, change: dict[str, Any]
) -> None:
    """Nothing is guessed, and nothing counts as no time."""
    api.add_entry(DAY, "PT1H", project).update(change)
    api.add_entry(DAY, "PT2H", project)
    # The stand-in itself must still find it.
    api.time_entries[0] |= {"spentOn": change.get("spentOn", str(DAY))}
    api._passes = lambda *_: True  # type: ignore[method-assign]  # noqa: SLF001 - a day that is none passes no filter
    found = list(source(api, entry={"billable": "Abrechenbar"}).entries(JANUARY))

    assert [each.seconds for each in found if isinstance(each, TimeEntry)] == [7200]
    assert [(each.code, each.place) for each in problems(found)] == [("BadTimeEntry", "openproject: time entry 1")]


def test_everything_that_is_told_of_an_entry(api: openproject.OpenProject, project: Row) -> None:
    """Person and activity are titles of links; without a comment the activity is the text."""
    api.add_entry(DAY, "PT1H", project, user="Kim Lé", activity="Beratung", comment="Abstimmung")
    api.add_entry(DAY, "PT1H", project, activity="Beratung", updatedAt="2026-01-20T10:00:00Z")
    first, second = good(source(api).entries(JANUARY))

    assert first == TimeEntry(
        "1", "portal", DAY, 3600, "Kim Lé", "Beratung", text="Abstimmung", changed=openproject.NOON,
        origin="openproject: time entry 1",
    )  # fmt: skip
    assert (second.text, second.changed) == ("Beratung", "2026-01-20T10:00:00Z")


def test_a_comment_may_be_a_plain_text(api: openproject.OpenProject, project: Row) -> None:
    """The vendor's schema says so, and its example otherwise."""
    api.add_entry(DAY, "PT1H", project)["comment"] = "Abstimmung"

    assert entry(api).text == "Abstimmung"


@pytest.mark.parametrize(("told", "billable"), [(True, True), (False, False), (None, True)])
def test_an_entry_is_billable_unless_it_says_no(
    api: openproject.OpenProject, project: Row, *, told: bool | None, billable: bool
) -> None:
    """Entries that are older than the field have none."""
    api.add_entry(DAY, "PT1H", project, values={"Abrechenbar": told})

    assert entry(api, entry={"billable": "Abrechenbar"}).billable is billable


@pytest.mark.parametrize(("told", "approved"), [("Ja", True), ("nein", False), (None, False)])
def test_an_entry_is_approved_only_if_it_says_yes(
    api: openproject.OpenProject, project: Row, *, told: str | None, approved: bool
) -> None:
    """Where the settings name a field; here it is a list that people made in place of a yes or no."""
    api.add_entry(DAY, "PT1H", project, values={"Freigegeben": told})

    assert entry(api, entry={"approved": "Freigegeben"}).approved is approved
    assert entry(api, entry={"billable": "Abrechenbar"}).approved


def test_the_position_is_that_of_the_nearest_work_package_above(api: openproject.OpenProject, project: Row) -> None:
    """Its own first; time without a work package, or below none that names a position, has none."""
    top = api.add_package(project, "Konzept", {"Position": "A-1/1"})
    below = api.add_package(project, "Workshop", parent=top)
    other = api.add_package(project, "Entwurf", {"Position": "A-1/2"}, parent=below)
    free = api.add_package(project, "Intern")
    for package in (top, below, other, free, None):
        api.add_entry(DAY, "PT1H", project, package)
    found = good(source(api, work_package={"position": "Position"}).entries(JANUARY))

    assert [each.position for each in found] == ["A-1/1", "A-1/1", "A-1/2", "", ""]


def test_work_packages_in_a_circle_end(api: openproject.OpenProject, project: Row) -> None:
    """Nothing of the kind should be; it would never end."""
    package = api.add_package(project, "Konzept")
    package["_links"]["parent"] = openproject.link(PACKAGES, package)
    api.add_entry(DAY, "PT1H", project, package)

    assert entry(api, work_package={"position": "Position"}).position == ""


def test_the_position_of_an_entry_itself_comes_first(api: openproject.OpenProject, project: Row) -> None:
    """Before that of its work package."""
    package = api.add_package(project, "Konzept", {"Position": "A-1/1"})
    api.add_entry(DAY, "PT1H", project, package, {"Position": "A-1/7"})

    assert entry(api, work_package={"position": "Position"}, entry={"position": "Position"}).position == "A-1/7"


@pytest.mark.parametrize(("kind", "position"), [("work_packages", "A-1/1"), ("meetings", "")])
def test_newer_answers_call_the_work_package_entity(
    api: openproject.OpenProject, project: Row, kind: str, position: str
) -> None:
    """Which may be a meeting as well."""
    package = api.add_package(project, "Konzept", {"Position": "A-1/1"})
    row = api.add_entry(DAY, "PT1H", project)
    row["_links"]["entity"] = {"href": f"/api/v3/{kind}/{package['id']}"}

    assert entry(api, work_package={"position": "Position"}).position == position


def test_a_closed_work_package_is_read_too(api: openproject.OpenProject, project: Row) -> None:
    """Without a filter OpenProject leaves it out."""
    package = api.add_package(project, "Konzept", {"Position": "A-1/1"})
    package["_links"]["status"] = {"href": "/api/v3/statuses/12", "title": "Closed"}
    api.add_entry(DAY, "PT1H", project, package)

    assert entry(api, work_package={"position": "Position"}).position == "A-1/1"


def test_a_bad_work_package_is_told(api: openproject.OpenProject, project: Row) -> None:
    """Its time is read without a position."""
    package = api.add_package(project, "Konzept", {"Position": "A-1/1"}, estimatedTime="2 h")
    api.add_entry(DAY, "PT1H", project, package)
    api.add_package(project, "Entwurf", {"Position": "A-1/2"})
    problem, told = source(api, work_package={"position": "Position"}).entries(JANUARY)

    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("UnreadableRecord", "openproject: work package #1")
    assert isinstance(told, TimeEntry)
    assert told.position == ""


def test_schemas_are_asked_for_some_at_a_time(
    api: openproject.OpenProject, project: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address must not grow too long."""
    monkeypatch.setattr("connector.sources.openproject.work_packages.SCHEMAS_AT_ONCE", 1)
    for number in range(3):
        api.add_package(project, "Konzept")["_links"]["schema"]["href"] = f"/api/v3/work_packages/schemas/1-{number}"
    asked: list[str] = []
    api.on_page = asked.append
    good(source(api, work_package={"position": "Position"}).entries(JANUARY))

    assert asked.count("work_packages/schemas") == 3


def test_a_field_nobody_knows_is_a_fault_at_every_pull(api: openproject.OpenProject, project: Row) -> None:
    """Else time would be billable, or without a position, in silence."""
    api.add_package(project, "Konzept")
    told = source(api, entry={"billable": "Abrechenba"}, work_package={"position": "Positon"})
    found = problems(told.entries(JANUARY))

    assert [(each.code, each.place) for each in found] == [
        ("UnknownField", "openproject: entry.billable"),
        ("UnknownField", "openproject: work_package.position"),
    ]
    assert [each.code for each in problems(told.check())] == ["UnknownField"] * 2


def test_a_field_of_work_packages_cannot_be_checked_without_any(api: openproject.OpenProject) -> None:
    """Their schemas are those of work packages that are there."""
    told = source(api, work_package={"position": "Positon"})

    assert [(each.code, each.severity) for each in told.check()] == [("FieldNotSeen", Severity.NOTICE)]
    assert list(told.entries(JANUARY)) == []


def test_time_of_a_project_that_is_not_there_is_kept(api: openproject.OpenProject, project: Row) -> None:
    """Under # and its number, which no project of the agency's bears; one that cannot be seen has none."""
    for href in ("/api/v3/projects/77", "/api/v3/projects/77", "urn:openproject-org:api:v3:undisclosed"):
        api.add_entry(DAY, "PT1H", project)["_links"]["project"] = {"href": href}
    found = list(source(api).entries(JANUARY))

    assert [each.project for each in found if isinstance(each, TimeEntry)] == ["#77", "#77", ""]
    assert [(each.code, each.severity) for each in problems(found)] == [("ProjectNotRead", Severity.NOTICE)] * 2


def test_only_the_days_of_the_period_are_told(api: openproject.OpenProject, project: Row) -> None:
    """Those a day before and after come, too, and are dropped; old and future time is read if asked for."""
    for days in (-1, 0, 30, 31):
        api.add_entry(JANUARY.start + timedelta(days=days), "PT1H", project)
    api.add_entry(date(2016, 1, 1), "PT1H", project)
    api.add_entry(date(2036, 1, 1), "PT1H", project)

    assert [each.day.day for each in good(source(api).entries(JANUARY))] == [1, 31]
    assert len(good(source(api).entries(Period(date(2000, 1, 1), date(2100, 1, 1))))) == 6


def test_a_filter_that_is_ignored_stops_the_pull(api: openproject.OpenProject, project: Row) -> None:
    """All time there is would come in place of a month."""
    api.add_entry(date(2025, 12, 30), "PT1H", project)
    api._passes = lambda *_: True  # type: ignore[method-assign]  # noqa: SLF001 - a server that ignores filters

    with pytest.raises(UnexpectedAnswer, match="time of 2025-12-30 came") as caught:
        list(source(api).entries(JANUARY))
    assert caught.value.place == "openproject: time entry 1"


def test_much_time_is_read_in_stretches(
    api: openproject.OpenProject, project: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that memory stays flat; a single day is not divided, and no entry comes twice."""
    monkeypatch.setattr(entries, "MOST_ROWS", 3)
    for day in (1, 1, 1, 1, 2, 15, 16, 16, 31):
        api.add_entry(date(2026, 1, day), "PT1H", project)

    assert [each.day.day for each in good(source(api).entries(JANUARY))] == [1, 1, 1, 1, 2, 15, 16, 16, 31]
