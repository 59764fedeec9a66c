"""Budgets of Harvest's projects that begin anew every month are told as retainers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.core.cycle import Cycle
from connector.core.ports import TermsSource
from connector.core.problems import Problem
from connector.core.told_terms import ToldRetainer
from tests.core.builders import eur
from tests.sources.test_harvest_entries import source
from tests.standins import harvest

MONTHLY = {"budget_is_monthly": True, "budget_by": "project", "budget": Decimal("20.5")}


@pytest.fixture
def api() -> harvest.Harvest:
    """Return an account with a client."""
    api = harvest.api()
    api.add_client("10001 Adler")
    return api


def told(api: harvest.Harvest, **values: Any) -> list[ToldRetainer | Problem]:  # noqa: ANN401 - JSON
    """Return what the source tells of one project."""
    api.add_project("P-1", "Betreuung", api.clients[0], **values)
    harvest_ = source(api, customer_id="first_word")
    assert isinstance(harvest_, TermsSource)
    return [each for each in harvest_.terms() if isinstance(each, ToldRetainer | Problem)]


def test_a_budget_in_hours_is_the_work_that_is_included(api: harvest.Harvest) -> None:
    """With the project's days."""
    assert told(api, **MONTHLY, starts_on="2026-01-01", ends_on="2026-12-31") == [
        ToldRetainer(
            "harvest: project P-1",
            "Betreuung",
            customer="10001",
            project="P-1",
            start=date(2026, 1, 1),
            last_day=date(2026, 12, 31),
            cycle=Cycle.MONTH,
            seconds=73_800,
        )
    ]


@pytest.mark.parametrize(
    ("values", "budget"),
    [
        ({"budget": None, "cost_budget": 2400}, eur(2400)),
        ({"budget": 2400}, eur(2400)),
        ({"budget": None}, None),
    ],
)
def test_a_budget_in_money_is_told_as_one(api: harvest.Harvest, values: dict[str, Any], budget: object) -> None:
    """Whether it is the fee, Harvest does not say."""
    [retainer] = told(api, **{**MONTHLY, "budget_by": "project_cost", **values})
    assert isinstance(retainer, ToldRetainer)
    assert (retainer.budget, retainer.seconds) == (budget, None)


@pytest.mark.parametrize("by", ["task", "task_fees", "person"])
def test_budgets_by_task_or_person_have_no_sum(api: harvest.Harvest, by: str) -> None:
    """That there is a monthly budget is told all the same."""
    [retainer] = told(api, **{**MONTHLY, "budget_by": by})
    assert isinstance(retainer, ToldRetainer)
    assert (retainer.budget, retainer.seconds, retainer.cycle) == (None, None, Cycle.MONTH)


@pytest.mark.parametrize(
    "change", [{"budget_is_monthly": False}, {"budget_is_monthly": None}, {"is_active": False}, {"budget_by": "none"}]
)
def test_what_is_not_monthly_or_archived_is_no_retainer(api: harvest.Harvest, change: dict[str, Any]) -> None:
    """It is an offer, or over."""
    assert told(api, **{**MONTHLY, **change}) == []


def test_a_project_without_a_code_is_left_to_the_check(api: harvest.Harvest) -> None:
    """No agreement could name it."""
    api.add_project("", "Betreuung", api.clients[0], **MONTHLY)
    assert list(source(api).terms()) == []


def test_an_amount_in_a_currency_nobody_knows_is_told(api: harvest.Harvest) -> None:
    """As a notice."""
    api.clients[0]["currency"] = "ABC"
    [problem] = told(api, **{**MONTHLY, "budget_by": "project_cost"})
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place, problem.holds) == ("UnreadableRecord", "harvest: project P-1", False)
