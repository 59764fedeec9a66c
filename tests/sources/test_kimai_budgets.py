"""Budgets as offers, and what Kimai keeps that belongs into agreements."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connector.core.cycle import Cycle
from connector.core.offer import OfferState
from connector.core.ports import TermsSource
from connector.core.told_terms import ToldRetainer
from tests.core.builders import eur
from tests.sources.kimai_world import JANUARY, NINE, served, source
from tests.standins import Asked, Said, kimai
from tests.standins.kimai import Row
from tests.support.found import good, problems

BUDGETS: dict[str, Any] = {"offers": ["budgets"]}


@pytest.fixture
def api() -> kimai.Kimai:
    """Return an empty instance."""
    return kimai.api()


@pytest.fixture
def customer(api: kimai.Kimai) -> Row:
    """Return a customer."""
    return api.add_customer("10001", "Müller")


def test_a_budget_is_an_offer_of_one_flat_position(api: kimai.Kimai, customer: Row) -> None:
    """With the time budget as the effort planned; the project's time counts for it, unless it names another."""
    project = api.add_project("P-1", "Projekt", customer, budget=2400, timeBudget=72_000)
    api.add_time(NINE, 3600, project)
    api.add_time(NINE, 3600, project, "Konzept [A-1/1]")
    [offer] = good(source(api, **BUDGETS).offers())
    [position] = offer.positions

    assert (offer.id, offer.project, offer.state, offer.label) == ("P-1", "P-1", OfferState.ACCEPTED, "Projekt")
    assert (position.key, str(position.total), position.planned_seconds) == ("P-1/budget", "2400.00 EUR", 72_000)
    found = good(source(api, **BUDGETS, position_in="activity").entries(JANUARY))
    assert [each.position for each in found] == ["P-1/budget", "A-1/1"]


@pytest.mark.parametrize("kind", [None, "", "full"])
def test_a_budget_without_a_type_is_for_everything(api: kimai.Kimai, customer: Row, kind: str | None) -> None:
    """Without a time budget no effort is planned."""
    api.add_project("P-1", "Projekt", customer, budget=2400, budgetType=kind)
    [offer] = good(source(api, **BUDGETS).offers())

    assert offer.positions[0].planned_seconds is None


@pytest.mark.parametrize(
    ("more", "settings"),
    [
        ({"budget": 2400}, {}),
        ({"budget": 0, "timeBudget": 72_000}, BUDGETS),
        ({"budget": None, "timeBudget": None}, BUDGETS),
        ({"budget": 2400, "budgetType": "month"}, BUDGETS),
        ({"budget": 2400, "number": None}, BUDGETS),
        ({"budget": 2400, "customer": 77}, BUDGETS),
    ],
    ids=["not asked for", "time alone", "none", "monthly", "without a number", "without a customer"],
)
def test_what_is_no_budget_of_money_is_no_offer(
    api: kimai.Kimai, customer: Row, more: dict[str, Any], settings: dict[str, Any]
) -> None:
    """Nor does time count for it."""
    project = api.add_project("P-1", "Projekt", customer)
    api.add_time(NINE, 3600, project)
    project.update(more)
    told = source(api, **settings)

    assert good(told.offers()) == []
    if more.get("customer") != 77:
        assert [each.position for each in good(told.entries(JANUARY))] == [""]


@pytest.mark.parametrize("change", [{"currency": "ABC"}, {"currency": ""}])
def test_a_budget_that_cannot_be_billed_is_told(api: kimai.Kimai, customer: Row, change: dict[str, Any]) -> None:
    """In a currency nobody knows, nothing is rounded; the other offers go on."""
    api.add_project("P-1", "Gut", api.add_customer("10002", "Gut"), budget=2400)
    customer.update(change)
    api.add_project("P-2", "Schlecht", customer, budget=2400)
    found = list(source(api, **BUDGETS).offers())

    assert [(each.code, each.place) for each in problems(found)] == [("BadPosition", "kimai: project P-2")]
    assert len(found) == 2


def test_monthly_budgets_are_told_as_retainers(api: kimai.Kimai, customer: Row) -> None:
    """Of a customer for all of its projects; one of nothing is none."""
    customer |= {"budget": 2400, "timeBudget": 0, "budgetType": "month"}
    days = {"start": "2026-01-01", "end": "2026-12-31"}
    api.add_project("P-1", "Betreuung", customer, timeBudget=72_000, budgetType="month", **days)
    api.add_project("P-2", "Projekt", customer, budgetType="month")
    told = source(api)

    assert isinstance(told, TermsSource)
    assert good(told.terms()) == [
        ToldRetainer("kimai: customer 10001", "Müller", customer="10001", cycle=Cycle.MONTH, budget=eur(2400)),
        ToldRetainer(
            "kimai: project P-1",
            "Betreuung",
            customer="10001",
            project="P-1",
            start=date(2026, 1, 1),
            last_day=date(2026, 12, 31),
            cycle=Cycle.MONTH,
            seconds=72_000,
        ),
    ]


@pytest.mark.parametrize(
    "change", [{"visible": False}, {"number": None}, {"customer": 77}, {"budgetType": "full"}], ids=str
)
def test_budgets_that_are_over_or_of_nobody_are_no_retainers(
    api: kimai.Kimai, customer: Row, change: dict[str, Any]
) -> None:
    """What is wrong with the project, the check tells."""
    project = api.add_project("P-1", "Betreuung", customer, timeBudget=72_000, budgetType="month")
    project.update(change)
    assert good(source(api).terms()) == []


def test_a_monthly_budget_in_a_currency_nobody_knows_is_told(api: kimai.Kimai, customer: Row) -> None:
    """The others go on."""
    customer |= {"budget": 2400, "budgetType": "month", "currency": "ABC"}
    api.add_project("P-1", "Betreuung", customer, timeBudget=72_000, budgetType="month")
    found = list(source(api).terms())
    assert [(each.code, each.place) for each in problems(found)] == [("UnreadableRecord", "kimai: customer 10001")]
    assert len(found) == 2


def test_prices_of_visible_projects_are_shown(api: kimai.Kimai, customer: Row) -> None:
    """An hour's or a record's, of all or of one person; a bad one is told."""
    shown = api.add_project("P-1", "Projekt", customer)
    hidden = api.add_project("P-2", "Alt", customer, visible=False)
    anna = {"id": 2, "alias": "Anna Berg"}
    api.rates[shown["id"]] = [
        {"id": 1, "rate": 95, "isFixed": False, "user": None},
        {"id": 2, "rate": 40, "isFixed": True, "user": anna},
        {"id": 3, "rate": "viel"},
    ]
    api.rates[hidden["id"]] = [{"id": 4, "rate": 95}]
    found = list(source(api).check())

    assert [each.message.partition(";")[0] for each in found[:2]] == [
        "a price of 95 an hour",
        "a price of 40 a record of Anna Berg",
    ]
    assert [(each.code, each.place) for each in found] == [
        ("TermsNotRead", "kimai: project P-1"),
        ("TermsNotRead", "kimai: project P-1"),
        ("UnreadableRecord", "kimai: project P-1, rate #3"),
    ]


@pytest.mark.parametrize("status", [403, 404])
def test_prices_that_may_not_be_seen_are_not_missed(api: kimai.Kimai, customer: Row, status: int) -> None:
    """Nothing is read from them."""
    api.add_project("P-1", "Projekt", customer)
    answer = api.answer

    def told(asked: Asked) -> Said:
        return Said(status, {"message": "no"}) if asked.path.endswith("/rates") else answer(asked)

    api.answer = told  # type: ignore[method-assign]

    with served(api) as source_:
        assert list(source_.check()) == []
