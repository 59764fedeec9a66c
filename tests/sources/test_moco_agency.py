"""The example agency, told by a MOCO, is the one that the ledger tells: what is billed from it is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from connector.core.offer import Offer, OfferState, Position, Project, ProjectBilling
from connector.core.timesheet import TimeEntry
from connector.sources.moco import Moco, Settings, build
from tests.sources.moco_agency import settings_for
from tests.standins import serving
from tests.standins.agency import ALL_DAYS, example_agency
from tests.standins.moco import api, fill
from tests.support.found import good
from tests.support.transports import transport_for

AGENCY = example_agency()

RETAINERS = {"PORTAL-26", "APP-26", "APP-26-S", "NEWS-26", "MEDIA-26"}


@pytest.fixture(scope="module")
def source() -> Iterator[Moco]:
    """Yield the source over a stand-in that tells the agency."""
    standin = api()
    fill(standin, AGENCY)
    with serving(standin) as running:
        yield build(Settings.model_validate(settings_for(running.url)), transport_for("moco"))


def without_origin(values: Iterable[Any]) -> list[Any]:
    """Return the values without the places they were read from."""
    return [replace(value, origin="") for value in values]


def priced(position: Position) -> tuple[Any, ...]:
    """Return what is billed of a position: its price after discount, for a discount may stand in the price."""
    return (
        position.key,
        position.project,
        position.label,
        position.quantity,
        Fraction(position.net_price),
        position.total,
        position.category,
        position.vat_class,
        position.service,
        position.start,
        position.end,
        position.planned_seconds,
        position.billable,
    )


def test_the_check_is_content(source: Moco) -> None:
    """Custom properties are there, every record is readable, and MOCO keeps no terms that are not read."""
    assert list(source.check()) == []


def test_customers_are_the_same(source: Moco) -> None:
    """Number, name, address, VAT id, days to pay, language and e-mail; also of the one that is archived."""
    assert without_origin(source.customers()) == without_origin(AGENCY.customers)


def test_projects_are_the_same_but_for_what_moco_must_have(source: Moco) -> None:
    """A retainer begins on the first of a month and has an end; what bills how, MOCO always says."""
    expected = list(map(_as_in_moco, AGENCY.projects))

    assert without_origin(source.projects()) == expected


def _as_in_moco(project: Project) -> Project:
    if project.id in RETAINERS:
        first = (project.start or date(2026, 1, 1)).replace(day=1)
        return replace(project, start=first, end=date(2026, 12, 31), origin="")
    fixed = project.billing is ProjectBilling.UNSTATED
    return replace(project, billing=ProjectBilling.FIXED_PRICE if fixed else project.billing, origin="")


def test_offers_are_the_same_but_for_items_of_those_not_accepted(source: Moco) -> None:
    """State, day of acceptance, label and amendment; a lost offer is archived without an order confirmation."""
    told: list[Offer] = good(source.offers())

    assert [replace(each, positions=(), origin="") for each in told] == [
        replace(each, positions=(), origin="") for each in AGENCY.offers
    ]
    assert [each.id for each in told if not each.positions] == [
        each.id for each in AGENCY.offers if each.state is not OfferState.ACCEPTED
    ]


def test_positions_are_the_same_to_the_cent(source: Moco) -> None:
    """Headings and page breaks are none of MOCO's positions; an option is one that is not billed."""
    told = [each for offer in good(source.offers()) for each in offer.positions]
    accepted = [offer for offer in AGENCY.offers if offer.state is OfferState.ACCEPTED]
    expected = [each for offer in accepted for each in offer.positions if each.unit_price]

    assert list(map(priced, told)) == list(map(priced, expected))


def test_a_discount_of_single_items_stands_in_their_price(source: Moco) -> None:
    """MOCO has one discount for the whole offer; where the agency gives it on one line only, the price is lower."""
    told = {each.key: each for offer in good(source.offers()) for each in offer.positions}
    apart = {
        each.key: (each.discount, told[each.key].discount)
        for offer in AGENCY.offers
        for each in offer.positions
        if each.key in told and each.discount != told[each.key].discount
    }

    assert apart == {
        "AN-2026-002/1": (Fraction(1, 20), Fraction(0)),
        "AN-2026-006/2": (Fraction(1, 10), Fraction(0)),
    }
    assert told["AN-2026-005/1"].discount == Fraction(1, 20)


def test_units_are_the_same_and_shares_are_the_ledgers(source: Moco) -> None:
    """Expenses of pieces add up to what was counted; MOCO has no place for shares of positions and categories."""
    told = without_origin(source.readings(date.max))

    assert sorted(told, key=repr) == sorted(
        without_origin(each for each in AGENCY.readings if each.units is not None), key=repr
    )


def test_time_is_the_same_but_for_its_ids(source: Moco) -> None:
    """Whole seconds, local days, persons and positions; where the task is the position, it is the activity as well."""
    labels = {each.key: each.label for offer in AGENCY.offers for each in offer.positions}
    told = Counter(_bare(entry) for entry in good(source.entries(ALL_DAYS)))

    assert told == Counter(
        replace(_bare(entry), activity=labels.get(entry.position, entry.activity)) for entry in AGENCY.entries
    )


def _bare(entry: TimeEntry) -> TimeEntry:
    return replace(entry, id="", changed="", origin="")
