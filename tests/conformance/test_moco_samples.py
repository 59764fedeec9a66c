"""The vendor's own sample records are read as they stand.

They lie in ../shared, or where HONORAR_SHARED says; without them these tests are skipped, in CI they fail.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from connector.core.offer import Offer, OfferState
from connector.core.party import Address, Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.sources.moco.records import (
    ItemType,
    PaymentRecord,
    ProjectRecord,
    RecurringRecord,
    TaskRecord,
    record_of,
)
from tests.sources.moco_world import World
from tests.standins import moco as standin
from tests.support.found import good

pytestmark = pytest.mark.conformance

ROOT = Path(__file__).parents[2]

Sample = Callable[[str], Any]


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Return how a sample is read; without the samples the test is skipped, in CI it fails."""
    shared = Path(os.environ.get("HONORAR_SHARED") or ROOT / ".." / "shared")
    folder = shared / "facts" / "moco" / "samples"
    if not folder.is_dir():
        message = f"no samples of MOCO in {folder}; set HONORAR_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return lambda name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"), parse_float=Decimal)


def world_of(**lists: list[Any]) -> World:
    """Return a world that has these records and no others."""
    world = World()
    for rows in world.api.lists.values():
        rows.clear()
    for name, rows in lists.items():
        world.api.lists[f"/{name}"] += rows
    return world


def test_the_company_is_a_customer(sample: Sample) -> None:
    """Its number is text, its address has three lines."""
    [customer] = list(world_of(companies=[sample("companies_1")]).source().customers())

    assert customer == Party(
        "36",
        "Beispiel AG",
        Address("Beispielstrasse 123", "12345", "Beispielstadt", "CH"),
        vat_id="CH999999999",
        payment_days=30,
        email="info@beispiel-ag.com",
        origin="moco: company 36",
    )


def test_the_offer_has_four_positions(sample: Sample) -> None:
    """Two of its six lines are comments; its discount holds for the others; as a draft it is told without them."""
    project, offer = sample("projects_1"), sample("offers_1")
    world = world_of(projects=[{**project, "id": offer["project"]["id"]}], offers=[offer])

    [draft] = good(world.source().offers())
    offer["status"] = "accepted"
    [accepted] = good(world.source().offers())

    assert (draft.id, draft.state, draft.positions) == ("A1704-042", OfferState.DRAFT, ())
    assert isinstance(accepted, Offer)
    assert (accepted.project, accepted.accepted_on) == ("P001", date(2022, 12, 12))
    assert [(each.id, str(each.total), each.service) for each in accepted.positions] == [
        ("29", "1350.00 EUR", "Hosting"),
        ("30", "4050.00 EUR", ""),
        ("34", "5400.00 EUR", "Software-Entwicklung"),
        ("38", "675.00 EUR", "Projektleitung"),
    ]
    assert {each.discount for each in accepted.positions} == {Fraction(1, 10)}


def test_the_activity_is_a_time_entry(sample: Sample) -> None:
    """Not billable, an hour and a quarter; its project is not among the samples and is called by # and its number."""
    activity = sample("activities_1")
    source = world_of(activities=[activity]).source()

    told = list(source.entries(Period.month_of(date(2018, 7, 1))))

    assert [each.code for each in told if isinstance(each, Problem)] == ["ProjectNotRead"]
    [entry] = [each for each in told if isinstance(each, TimeEntry)]
    assert (entry.id, entry.seconds, entry.billable, entry.person) == ("982237015", 4500, False, "John Doe")
    assert (entry.activity, entry.project, entry.changed) == ("Concept", "#944587499", activity["updated_at"])


def test_the_other_samples_are_records(sample: Sample) -> None:
    """Project, task, recurring expense and payment schedule."""
    project = record_of(sample("projects_1"), ProjectRecord, "sample")
    recurring = record_of(sample("project_recurring_expenses_1"), RecurringRecord, "sample")
    payment = record_of(sample("project_payment_schedules_1"), PaymentRecord, "sample")
    task = record_of(sample("project_tasks_1"), TaskRecord, "sample")

    assert isinstance(project, ProjectRecord)
    assert isinstance(task, TaskRecord)
    assert project.rate_of(task) == Decimal(150)
    assert isinstance(recurring, RecurringRecord)
    assert (recurring.title, recurring.finish_date) == ("Hosting XS", date(2017, 12, 31))
    assert isinstance(payment, PaymentRecord)
    assert (payment.net_total, payment.billed) == (Decimal(1000), False)


@pytest.mark.parametrize(
    ("path", "name", "own"),
    [
        ("/companies", "companies_1", set()),
        ("/projects", "projects_1", {"tasks", "contracts"}),
        ("/offers", "offers_1", {"items"}),
        ("/activities", "activities_1", set()),
        ("/recurring_expenses", "project_recurring_expenses_1", set()),
        ("/projects/payment_schedules", "project_payment_schedules_1", set()),
    ],
)
def test_the_stand_in_invents_no_field(sample: Sample, path: str, name: str, own: set[str]) -> None:
    """Whatever a new record of the stand-in has, the vendor's sample has too."""
    row = standin.api().add(path)

    assert set(row) - set(sample(name)) - own == set()


def test_the_stand_in_knows_the_lines_of_the_sample(sample: Sample) -> None:
    """Items of both services and comments, each of a type we know."""
    assert {ItemType(item["type"]) for item in sample("offers_1")["items"]} == {ItemType.ITEM, ItemType.DESCRIPTION}
