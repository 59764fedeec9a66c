"""% Complete of work packages as readings of positions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from connector.core.problems import Problem, Severity
from connector.core.readings import Reading, ReadingScope
from tests.sources.openproject_world import source
from tests.standins import openproject
from tests.standins.openproject import PACKAGES, Row
from tests.support.found import good, problems

AS_OF = date(2026, 1, 31)


@pytest.fixture
def api() -> openproject.OpenProject:
    """Return an instance with the custom field of work packages."""
    api = openproject.api()
    api.add_field(PACKAGES, "Position")
    return api


@pytest.fixture
def project(api: openproject.OpenProject) -> Row:
    """Return a project."""
    return api.add_project("portal", "Portal")


def readings(api: openproject.OpenProject, progress: str = "percent_done") -> list[Reading | Problem]:
    """Return what was known at the end of January."""
    return list(source(api, progress=progress, work_package={"position": "Position"}).readings(AS_OF))


def test_percent_complete_is_a_reading_of_the_position(api: openproject.OpenProject, project: Row) -> None:
    """Dated to the local day of the last change; work packages that name no position tell nothing."""
    package = api.add_package(project, "Konzept", {"Position": "A-1/1"}, percentageDone=33)
    package["updatedAt"] = "2026-01-30T23:30:00Z"
    api.add_package(project, "Intern", percentageDone=50)
    api.add_package(project, "Workshop", parent=package, percentageDone=100)
    [found] = good(readings(api))

    assert (found.project, found.scope, found.target) == ("portal", ReadingScope.POSITION, "A-1/1")
    assert (found.on, found.origin) == (date(2026, 1, 31), "openproject: work package #1")
    assert found.share is not None
    assert (found.share.value, found.share.written) == (Fraction(33, 100), "33 %")


def test_the_total_includes_the_work_packages_below(api: openproject.OpenProject, project: Row) -> None:
    """Where the settings ask for it."""
    more: Row = {"percentageDone": 0, "derivedPercentageDone": 40}
    api.add_package(project, "Konzept", {"Position": "A-1/1"}, **more)

    assert [each.share and each.share.written for each in good(readings(api, "total_percent_done"))] == ["40 %"]
    assert [each.share and each.share.written for each in good(readings(api))] == ["0 %"]


@pytest.mark.parametrize("progress", ["percent_done", "total_percent_done"])
def test_several_work_packages_of_a_position_count_by_their_estimates(
    api: openproject.OpenProject, project: Row, progress: str
) -> None:
    """Exactly; one that says nothing of its progress has not begun."""
    total: Row = {"derivedPercentageDone": 33, "derivedEstimatedTime": "P1DT6H"}
    api.add_package(project, "Konzept", {"Position": "A-1/1"}, percentageDone=33, estimatedTime="P1DT6H", **total)
    more: Row = {"estimatedTime": "PT10H", "derivedEstimatedTime": "PT10H"}
    api.add_package(project, "Workshop", {"Position": "A-1/1"}, **more)
    [found] = good(readings(api, progress))

    assert found.share is not None
    assert (found.share.value, found.share.written) == (Fraction(99, 400), "9:54 h of 40:00 h")
    assert found.origin == "openproject: work package #1, openproject: work package #2"


@pytest.mark.parametrize("estimate", [None, "PT0S"])
def test_several_without_estimates_cannot_be_weighed(
    api: openproject.OpenProject, project: Row, estimate: str | None
) -> None:
    """A mean would be a guess."""
    api.add_package(project, "Konzept", {"Position": "A-1/1"}, percentageDone=33, estimatedTime="PT10H")
    api.add_package(project, "Workshop", {"Position": "A-1/1"}, percentageDone=50, estimatedTime=estimate)
    [found] = problems(readings(api))

    assert (found.code, found.severity) == ("ProgressNotWeighed", Severity.NOTICE)
    assert found.place == "openproject: work package #1, openproject: work package #2"


def test_what_changed_after_the_day_is_not_known(api: openproject.OpenProject, project: Row) -> None:
    """Only what it is now is told; a work package that was not there yet tells nothing at all."""
    api.add_package(project, "Konzept", {"Position": "A-1/1"}, percentageDone=33)["updatedAt"] = "2026-02-01T10:00:00Z"
    later = api.add_package(project, "Entwurf", {"Position": "A-1/2"}, percentageDone=33)
    later |= {"createdAt": "2026-02-01T10:00:00Z", "updatedAt": "2026-02-01T10:00:00Z"}

    [found] = readings(api)
    assert isinstance(found, Problem)
    assert (found.code, found.severity, found.place) == (
        "ProgressNotDated",
        Severity.NOTICE,
        "openproject: work package #1",
    )


def test_a_work_package_that_says_nothing_has_no_reading(api: openproject.OpenProject, project: Row) -> None:
    """% Complete is empty where neither work nor progress was told; nor has one of a project that is not read."""
    api.add_package(project, "Konzept", {"Position": "A-1/1"})
    strange = api.add_package(project, "Entwurf", {"Position": "A-1/2"}, percentageDone=33)
    strange["_links"]["project"] = {"href": "/api/v3/projects/77"}

    assert readings(api) == []


def test_nothing_is_read_unless_the_settings_ask_for_it(api: openproject.OpenProject, project: Row) -> None:
    """The ledger may tell it."""
    api.add_package(project, "Konzept", {"Position": "A-1/1"}, percentageDone=33)

    assert readings(api, "none") == []


@pytest.mark.parametrize(
    "change",
    [
        {"percentageDone": 101},
        {"percentageDone": "viel"},
        {"estimatedTime": "-PT1H"},
        {"estimatedTime": 7},
        {"createdAt": None},
        {"updatedAt": "gestern"},
        {"_links": {}},
    ],
)
def test_a_bad_work_package_is_told_and_the_others_go_on(
    api: openproject.OpenProject, project: Row, change: dict[str, Any]
) -> None:
    """Once in a pull, with the entries, and by the check."""
    api.add_package(project, "Konzept", {"Position": "A-1/1"}, percentageDone=33).update(change)
    api.add_package(project, "Entwurf", {"Position": "A-1/2"}, percentageDone=50)
    told = source(api, progress="percent_done", work_package={"position": "Position"})

    assert [each.target for each in good(told.readings(AS_OF))] == ["A-1/2"]
    assert [each.code for each in problems(told.check())] == ["UnreadableRecord"]


def test_a_work_package_that_comes_twice_counts_once(api: openproject.OpenProject, project: Row) -> None:
    """The first of them."""
    api.work_packages.append(api.add_package(project, "Konzept", {"Position": "A-1/1"}, percentageDone=33))
    told = source(api, progress="percent_done", work_package={"position": "Position"})

    assert len(good(told.readings(AS_OF))) == 1
    assert [each.code for each in problems(told.check())] == ["DuplicateRecord"]
