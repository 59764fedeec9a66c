"""The example agency, told by awork, is the one its ledger tells; what differs is listed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from connector.core.offer import Project, ProjectBilling
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.sources.awork import Awork, Settings, build
from tests.sources.awork_agency import settings_for
from tests.standins import awork, serving
from tests.standins.agency import ALL_DAYS, Agency, example_agency
from tests.support.transports import transport_for


@pytest.fixture(scope="module")
def agency() -> Agency:
    """Return the agency of the example tenant."""
    return example_agency()


@pytest.fixture(scope="module")
def source(agency: Agency) -> Iterator[Awork]:
    """Yield awork with the agency in it, over a network."""
    api = awork.api()
    awork.fill(api, agency)
    with serving(api) as standin:
        yield build(Settings.model_validate(settings_for(standin.url)), transport_for("awork"))


def test_customers_are_the_same(source: Awork, agency: Agency) -> None:
    """Number, name, address, VAT id, payment days and language; all are businesses."""
    told = [replace(each, origin="") for each in source.customers() if isinstance(each, Party)]

    assert told == [replace(each, origin="") for each in agency.customers]


def test_projects_differ_in_what_awork_does_not_know(source: Awork, agency: Agency) -> None:
    """Key, name, customer and dates are the same; parent and way of billing are the ledger's to tell."""
    expected = [replace(each, parent="", billing=ProjectBilling.UNSTATED, origin="") for each in agency.projects]

    assert [replace(each, origin="") for each in source.projects() if isinstance(each, Project)] == expected


def test_time_differs_in_ids_and_approval(source: Awork, agency: Agency) -> None:
    """Day, seconds, person, activity, position and text are the same; what is not approved is not billable."""

    def told(entry: TimeEntry) -> TimeEntry:
        billable = entry.billable and entry.approved
        return replace(entry, id="", changed="", origin="", billable=billable, approved=True)

    found = [told(entry) for entry in source.entries(ALL_DAYS) if isinstance(entry, TimeEntry)]

    assert sorted(found, key=repr) == sorted(map(told, agency.entries), key=repr)


def test_a_month_has_its_local_days(source: Awork, agency: Agency) -> None:
    """Time begun after midnight lies on the day before in UTC, and counts for the local day."""
    march = Period.month_of(date(2026, 3, 1))
    found = [entry.day for entry in source.entries(march) if isinstance(entry, TimeEntry)]

    assert sorted(found) == sorted(entry.day for entry in agency.entries if entry.day in march)


def test_nothing_is_wrong_with_it(source: Awork) -> None:
    """The check finds no fault, and no reader tells a problem."""
    told = [*source.check(), *source.customers(), *source.projects(), *source.entries(ALL_DAYS)]

    assert [value for value in told if isinstance(value, Problem)] == []
