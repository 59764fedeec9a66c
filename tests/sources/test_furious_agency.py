"""The example agency, told by a Furious, is the one that the ledger tells: what is billed from it is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.core.offer import Position
from connector.core.timesheet import TimeEntry
from connector.sources import furious
from tests.sources.furious_agency import settings_for
from tests.standins import serving
from tests.standins.agency import ALL_DAYS, Agency, example_agency
from tests.standins.furious import api, fill
from tests.support.transports import transport_for

AGENCY = example_agency()


@pytest.fixture(scope="module")
def source() -> Iterator[furious.Furious]:
    """Yield the source over a stand-in that tells the agency."""
    standin = api()
    fill(standin, AGENCY)
    with serving(standin) as running:
        yield furious.build(furious.Settings.model_validate(settings_for(running.url)), transport_for("furious"))


def without_origin(values: Any) -> list[Any]:  # noqa: ANN401 - values of any kind
    """Return the values without the places they were read from."""
    return [replace(value, origin="") for value in values]


def lines(offers: Any) -> list[Position]:  # noqa: ANN401 - offers with positions of either source
    """Return the positions that Furious has a place for; headings and page breaks have no price and no service."""
    return without_origin(each for offer in offers for each in offer.positions if each.service)


def by_day(entries: Any) -> Counter[TimeEntry]:  # noqa: ANN401 - entries or problems
    """Return the entries without their ids, which are Furious' own."""
    return Counter(replace(entry, id="", origin="") for entry in entries)


def test_customers_are_the_same(source: furious.Furious) -> None:
    """Number, name, address, VAT id, days to pay, language and e-mail; Furious keeps nothing else of them."""
    assert without_origin(source.customers()) == without_origin(AGENCY.customers)


def test_projects_are_the_same(source: furious.Furious) -> None:
    """Number, name, customer, parent, days, and how they are billed."""
    assert without_origin(source.projects()) == without_origin(AGENCY.projects)


def test_offers_are_the_same(source: furious.Furious) -> None:
    """Every line to the cent; amendments follow the offers, in the ledger they stand where they were written."""
    told = list(source.offers())
    assert lines(told) == lines(AGENCY.offers)
    assert [replace(offer, positions=()) for offer in without_origin(told)] == [
        replace(offer, positions=()) for offer in without_origin(AGENCY.offers)
    ]


def test_readings_are_the_same(source: furious.Furious) -> None:
    """Shares keep their written form: '1 von 3' is no percentage."""
    told = without_origin(source.readings(date.max))
    assert sorted(told, key=repr) == sorted(without_origin(AGENCY.readings), key=repr)
    assert {each.share.written for each in told if each.share} == {
        each.share.written for each in AGENCY.readings if each.share
    }


def test_time_is_the_same_but_for_what_is_not_approved(source: furious.Furious) -> None:
    """Whole seconds, local days, persons, activities and positions; three entries that nobody approved are plans."""
    told = list(source.entries(ALL_DAYS))
    assert by_day(told) == by_day(entry for entry in AGENCY.entries if entry.approved)
    assert len(AGENCY.entries) - len(told) == 3


def test_metrics_are_the_same(source: furious.Furious) -> None:
    """What was spent on media, by project and day."""
    assert without_origin(source.metrics()) == without_origin(AGENCY.metrics)


def test_nothing_is_wrong_with_it(source: furious.Furious) -> None:
    """Every field of the settings is there, and every total is that of its lines."""
    assert list(source.check()) == []


def test_nothing_is_left_unsaid() -> None:
    """The agency has every kind of record, so that the tests above compare more than nothing."""
    assert all(getattr(AGENCY, name) for name in Agency.__dataclass_fields__)
