"""The example agency, told by Kimai, is the one its ledger tells; what differs is listed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connector.core.offer import Project, ProjectBilling
from connector.core.party import Party
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.sources.kimai import Kimai, Settings, build
from tests.sources.kimai_agency import settings_for
from tests.standins import kimai, serving
from tests.standins.agency import ALL_DAYS, Agency, example_agency
from tests.support.transports import transport_for


@pytest.fixture(scope="module")
def agency() -> Agency:
    """Return the agency of the example tenant."""
    return example_agency()


@pytest.fixture(scope="module")
def url(agency: Agency) -> Iterator[str]:
    """Yield the address of a Kimai with the agency in it."""
    api = kimai.api()
    kimai.fill(api, agency)
    with serving(api) as standin:
        yield standin.url


def source(url: str) -> Kimai:
    """Return the source as the tenant configures it."""
    return build(Settings.model_validate(settings_for(url)), transport_for("kimai"))


def test_customers_differ_in_payment_days_and_language(url: str, agency: Agency) -> None:
    """Number, name, address, country, VAT id and e-mail are the same."""
    told = [replace(each, origin="") for each in source(url).customers() if isinstance(each, Party)]

    assert told == [replace(each, payment_days=None, language="de", origin="") for each in agency.customers]


def test_projects_differ_in_parent_and_billing(url: str, agency: Agency) -> None:
    """Number, customer and dates are the same; the number stands before the name."""
    unstated = ProjectBilling.UNSTATED
    told = [replace(each, origin="") for each in source(url).projects() if isinstance(each, Project)]

    assert told == [
        replace(each, name=f"{each.id} {each.name}", parent="", billing=unstated, origin="") for each in agency.projects
    ]


def test_time_differs_in_ids_only(url: str, agency: Agency) -> None:
    """Every second is the agency's; so are day, person, activity, position, billable and approved."""

    def told(entry: TimeEntry) -> TimeEntry:
        return replace(entry, id="", changed="", origin="", text=entry.text or entry.activity)

    found = [told(entry) for entry in source(url).entries(ALL_DAYS) if isinstance(entry, TimeEntry)]

    assert sorted(found, key=repr) == sorted(map(told, agency.entries), key=repr)


def test_nothing_is_wrong_with_it(url: str) -> None:
    """The check finds no fault, and no reader tells a problem."""
    kimai_ = source(url)
    told = [*kimai_.check(), *kimai_.customers(), *kimai_.projects(), *kimai_.offers()]

    assert [value for value in (*told, *kimai_.entries(ALL_DAYS)) if isinstance(value, Problem)] == []
