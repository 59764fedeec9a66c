"""The example agency, told by an Odoo, is the one that the ledger tells: what is billed from it is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.core.offer import Offer, Position, ProjectBilling
from connector.core.readings import Reading
from connector.core.timesheet import TimeEntry
from connector.sources.odoo import Odoo, Settings, build
from tests.sources.odoo_agency import settings_for
from tests.standins import serving
from tests.standins.agency import ALL_DAYS, example_agency
from tests.standins.odoo import api, fill
from tests.support.found import good
from tests.support.transports import transport_for

AGENCY = example_agency()


@pytest.fixture(scope="module", params=["jsonrpc", "json2"])
def source(request: pytest.FixtureRequest) -> Iterator[Odoo]:
    """Yield the source over a stand-in that tells the agency, over either API."""
    standin = api(release=18 if request.param == "jsonrpc" else 19)
    fill(standin, AGENCY)
    with serving(standin) as running:
        settings = {**settings_for(running.url), "api": request.param}
        yield build(Settings.model_validate(settings), transport_for("odoo"))


def without_origin(values: Iterable[Any]) -> list[Any]:
    """Return the values without the places they were read from."""
    return [replace(value, origin="") for value in values]


def test_the_check_is_content(source: Odoo) -> None:
    """Every record is readable."""
    assert list(source.check()) == []


def test_customers_are_the_same(source: Odoo) -> None:
    """Reference, name, address, VAT id, days to pay, language and e-mail."""
    assert without_origin(source.customers()) == without_origin(AGENCY.customers)


def test_projects_are_the_same_but_for_what_odoo_does_not_know(source: Odoo) -> None:
    """It has no projects within projects, and does not say how they are billed."""
    expected = [replace(each, parent="", billing=ProjectBilling.UNSTATED, origin="") for each in AGENCY.projects]

    assert without_origin(source.projects()) == expected


def test_offers_are_the_same_but_for_what_they_amend(source: Odoo) -> None:
    """State, day of acceptance and label; an amendment is a further order."""
    told: list[Offer] = good(source.offers())

    assert [replace(each, positions=(), origin="") for each in told] == [
        replace(each, positions=(), amends="", origin="") for each in AGENCY.offers
    ]


def test_positions_are_the_same_to_the_cent(source: Odoo) -> None:
    """Headings are none of Odoo's positions; an option is one without a quantity; positions have no days."""
    told = {each.key: each for offer in good(source.offers()) for each in offer.positions}
    expected = [each for offer in AGENCY.offers for each in offer.positions if each.unit_price]

    assert list(told) == [each.key for each in expected]
    for position in expected:
        if position.billable:
            assert told[position.key] == _as_in_odoo(position, told[position.key].origin)
            assert told[position.key].total == position.total
        else:
            assert told[position.key].total.amount == 0


def _as_in_odoo(position: Position, origin: str) -> Position:
    return replace(position, start=None, end=None, origin=origin)


def test_units_are_those_of_the_last_day(source: Odoo) -> None:
    """Odoo tells what is delivered now; before and shares are the ledger's."""
    newest: dict[str, Reading] = {}
    for reading in sorted(AGENCY.readings, key=lambda each: each.on):
        if reading.units is not None:
            newest[reading.target] = replace(reading, origin="")

    assert sorted(without_origin(source.readings(date.max)), key=repr) == sorted(newest.values(), key=repr)


def test_time_is_the_same_but_for_its_ids(source: Odoo) -> None:
    """Whole seconds, local days, persons, activities and positions, billable or not, approved or not."""
    told = Counter(_bare(entry) for entry in good(source.entries(ALL_DAYS)))

    assert told == Counter(_bare(entry) for entry in AGENCY.entries)


def _bare(entry: TimeEntry) -> TimeEntry:
    return replace(entry, id="", changed="", origin="")
