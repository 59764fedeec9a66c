"""The example agency, told by Harvest, is the one its ledger tells; what differs is listed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connector.core.offer import Offer, Project, ProjectBilling
from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.sources.harvest import Harvest, Settings, build
from tests.sources.harvest_agency import ESTIMATES, settings_for
from tests.standins import harvest, serving
from tests.standins.agency import ALL_DAYS, Agency, example_agency
from tests.support.transports import transport_for


@pytest.fixture(scope="module")
def agency() -> Agency:
    """Return the agency of the example tenant."""
    return example_agency()


@pytest.fixture(scope="module")
def url(agency: Agency) -> Iterator[str]:
    """Yield the address of a Harvest with the agency in it."""
    api = harvest.api()
    harvest.fill(api, agency)
    with serving(api) as standin:
        yield standin.url


def source(url: str, **settings: object) -> Harvest:
    """Return the source as the tenant configures it."""
    return build(Settings.model_validate(settings_for(url) | settings), transport_for("harvest"))


def test_customers_differ_in_what_harvest_does_not_know(url: str, agency: Agency) -> None:
    """Number and name are the same; the address is one text, country and all that follows is the ledger's to tell."""
    told = {each.id: each for each in source(url).customers() if isinstance(each, Party)}

    assert {key: each.name for key, each in told.items()} == {each.id: each.name for each in agency.customers}
    first = agency.customers[0].address
    street = f"{first.street}, {first.postal_code} {first.city}"
    assert told[agency.customers[0].id].address == Address(street=street)


def test_projects_differ_in_parent_and_billing(url: str, agency: Agency) -> None:
    """Code, name, customer and dates are the same; what is no fixed fee is time and materials in Harvest."""

    def billing(project: Project) -> ProjectBilling:
        fixed = project.billing is ProjectBilling.FIXED_PRICE
        return project.billing if fixed else ProjectBilling.TIME_AND_MATERIALS

    expected = [replace(each, parent="", billing=billing(each), origin="") for each in agency.projects]
    told = [replace(each, origin="") for each in source(url).projects() if isinstance(each, Project)]

    assert sorted(told, key=repr) == sorted(expected, key=repr)


def test_time_differs_in_ids_only(url: str, agency: Agency) -> None:
    """With hours to the minute, every second is the agency's; so are activity, position and approval."""

    def told(entry: TimeEntry) -> TimeEntry:
        return replace(entry, id="", changed="", origin="", text=entry.text or entry.activity)

    found = [told(entry) for entry in source(url).entries(ALL_DAYS) if isinstance(entry, TimeEntry)]

    assert sorted(found, key=repr) == sorted(map(told, agency.entries), key=repr)


def test_hours_as_told_are_off_by_seconds(url: str, agency: Agency) -> None:
    """Two decimals lose up to 18 seconds an entry: that is why the agency reads minutes."""
    seconds = sum(each.seconds or 0 for each in agency.entries)
    told = source(url, hours="as_told").entries(ALL_DAYS)
    off = sum(each.seconds or 0 for each in told if isinstance(each, TimeEntry)) - seconds

    assert 0 < abs(off) < 18 * len(agency.entries)


def test_estimates_come_to_the_same_totals(url: str, agency: Agency) -> None:
    """Project, state, quantity, unit and total are the same; ids are Harvest's, discounts are in prices."""
    told = {each.id: each for each in source(url, **ESTIMATES).offers() if isinstance(each, Offer)}

    assert told.keys() == {each.id for each in agency.offers}
    for offer in agency.offers:
        mine = [each for each in offer.positions if each.billable]
        found = told[offer.id]
        assert (found.project, found.state, found.label) == (offer.project, offer.state, offer.label)
        assert found.accepted_on == offer.accepted_on
        assert [(each.label, each.quantity, each.total, each.vat_class) for each in found.positions] == [
            (each.label, each.quantity, each.total, each.vat_class) for each in mine
        ]


def test_nothing_is_wrong_with_it(url: str) -> None:
    """The check finds no fault, and no reader tells a problem."""
    harvest_ = source(url, **ESTIMATES)
    told = [*harvest_.check(), *harvest_.customers(), *harvest_.projects(), *harvest_.offers()]

    assert [value for value in (*told, *harvest_.entries(ALL_DAYS)) if isinstance(value, Problem)] == []
