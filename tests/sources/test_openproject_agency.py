"""The example agency, told by OpenProject, is the one its ledger tells; what differs is listed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connector.core.offer import Project
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.sources.openproject import OpenProject, Settings, build
from tests.sources.openproject_agency import settings_for
from tests.standins import openproject, serving
from tests.standins.agency import ALL_DAYS, Agency, example_agency
from tests.support.transports import transport_for


@pytest.fixture(scope="module")
def agency() -> Agency:
    """Return the agency of the example tenant."""
    return example_agency()


@pytest.fixture(scope="module")
def url(agency: Agency) -> Iterator[str]:
    """Yield the address of an OpenProject with the agency in it."""
    api = openproject.api()
    openproject.fill(api, agency)
    with serving(api) as standin:
        yield standin.url


def source(url: str) -> OpenProject:
    """Return the source as the tenant configures it."""
    return build(Settings.model_validate(settings_for(url)), transport_for("openproject"))


def test_projects_differ_in_nothing(url: str, agency: Agency) -> None:
    """Number, name, customer, parent, dates and billing are the same; only where it was read differs."""
    told = [replace(each, origin="") for each in source(url).projects() if isinstance(each, Project)]

    assert told == [replace(each, origin="") for each in agency.projects]


def test_time_differs_in_ids_only(url: str, agency: Agency) -> None:
    """Every second is the agency's; so are day, person, activity, position, billable and approved."""

    def told(entry: TimeEntry) -> TimeEntry:
        return replace(entry, id="", changed="", origin="", text=entry.text or entry.activity)

    found = [told(entry) for entry in source(url).entries(ALL_DAYS) if isinstance(entry, TimeEntry)]

    assert sorted(found, key=repr) == sorted(map(told, agency.entries), key=repr)


def test_nothing_is_wrong_with_it(url: str) -> None:
    """The check finds no fault, and no reader tells a problem."""
    openproject_ = source(url)
    told = [*openproject_.check(), *openproject_.projects(), *openproject_.readings(ALL_DAYS.last_day)]

    assert [value for value in (*told, *openproject_.entries(ALL_DAYS)) if isinstance(value, Problem)] == []
