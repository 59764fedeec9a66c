"""Priced issues as positions of offers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from connector.core.offer import Offer, Position
from connector.core.problems import Problem
from connector.core.quantity import Quantity, Unit
from tests.sources.redmine_stories import FIELDS
from tests.sources.redmine_world import source
from tests.standins.redmine import Row, StandIn, issue, project
from tests.support.found import good

PROJECTS = [project(1, "one"), project(2, "one-web", 1), project(3, "two")]

MORE = {
    **FIELDS["position"],
    "discount_percent": "Rabatt",
    "vat_class": "Steuer",
    "service": "Leistungsart",
    "offer": "Angebot",
}


def found_in(*issues: Row, **settings: Any) -> list[Offer | Problem]:  # noqa: ANN401 - settings
    """Return the offers of the issues, by the field 'Angebot' unless said otherwise."""
    standin = StandIn(projects=PROJECTS, issues=list(issues))
    return list(source(standin, **{"offer_by": "field", "position": MORE, **settings}).offers())


def position_of(fields: dict[str, object], **attributes: object) -> Position:
    """Return the one position of an issue with these fields."""
    [offer] = good(found_in(issue(7, {"Angebot": "A-1", **fields}, **attributes)))
    [position] = offer.positions
    return position


def fault_of(fields: dict[str, object], **attributes: object) -> Problem:
    """Return the one problem of an issue with these fields; the offer must be withheld."""
    [problem] = found_in(issue(7, {"Angebot": "A-1", **fields}, **attributes))
    assert isinstance(problem, Problem)
    return problem


def test_everything_an_issue_says() -> None:
    """Price, quantity, discount, service, dates and effort become the position's."""
    position = position_of(
        {
            "Stundensatz": "120.50",
            "Menge": "2.50",
            "Einheit": "PT",
            "Rabatt": "10",
            "Steuer": "reduced",
            "Leistungsart": "Web",
        },
        subject="Umsetzung",
        start_date="2026-01-05",
        due_date="2026-02-27",
        estimated_hours=Decimal("20.5"),
    )
    assert position == Position(
        id="7",
        offer="A-1",
        project="one",
        label="Umsetzung",
        quantity=Quantity(Decimal("2.5"), Unit.DAY),
        unit_price=Decimal("120.50"),
        currency="EUR",
        discount=Fraction(1, 10),
        vat_class="reduced",
        service="Web",
        start=date(2026, 1, 5),
        end=date(2026, 2, 27),
        planned_seconds=73_800,
        origin="redmine: issue #7",
    )


def test_prices_have_the_currency_of_the_settings() -> None:
    """Redmine knows no currencies."""
    [offer] = good(found_in(issue(1, {"Angebot": "A-1", "Festpreis": "1"}), currency="CHF"))
    assert [str(each.total) for each in offer.positions] == ["1.00 CHF"]


def test_a_fixed_price_is_one_flat() -> None:
    """A fixed price needs no quantity."""
    position = position_of({"Festpreis": "5000"})
    assert (position.quantity, position.unit_price) == (Quantity(Decimal(1), Unit.FLAT), Decimal(5000))


@pytest.mark.parametrize("hours", [Decimal("10.0"), 10])
def test_hours_that_are_not_stated_are_those_estimated(hours: Decimal) -> None:
    """An hourly rate without quantity takes the estimated hours, written as people write them."""
    position = position_of({"Stundensatz": "100"}, estimated_hours=hours)
    assert str(position.quantity.value) == "10"


def test_effort_of_issues_below_counts_where_the_issue_has_none() -> None:
    """A position that is only estimated in its subtasks is planned with their sum; no estimate is no plan."""
    assert position_of({"Festpreis": "1"}, total_estimated_hours=Decimal("7.5")).planned_seconds == 27_000
    assert position_of({"Festpreis": "1"}, estimated_hours=0, total_estimated_hours=0).planned_seconds is None


@pytest.mark.parametrize(
    ("word", "unit"),
    [("h", Unit.HOUR), ("Stunden", Unit.HOUR), ("tage", Unit.DAY), ("Stück", Unit.PIECE), ("Monat", Unit.MONTH)],
)
def test_units_as_people_write_them(word: str, unit: Unit) -> None:
    """German and English words are known, in any case."""
    assert position_of({"Stundensatz": "1", "Menge": "3", "Einheit": word}).quantity == Quantity(Decimal(3), unit)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"Festpreis": "viel"}, "not a number: 'viel'"),
        ({"Festpreis": "1,234"}, "not a number: '1,234'"),
        ({"Festpreis": "1e3"}, "not a number: '1e3'"),
        ({"Festpreis": "0.0000001"}, "more than 6 decimals"),
        ({"Festpreis": "99999999999999"}, "is too large"),
        ({"Festpreis": "1", "Stundensatz": "2"}, "a fixed price and a unit price"),
        ({"Festpreis": "1", "Menge": "2"}, "a fixed price has no quantity"),
        ({"Stundensatz": "100"}, "a unit price without a quantity"),
        ({"Stundensatz": "100", "Einheit": "Tag"}, "a unit price without a quantity"),
        ({"Stundensatz": "100", "Menge": "1.23456"}, "too fine a quantity"),
        ({"Stundensatz": "100", "Menge": "1", "Einheit": "Meter"}, "unknown: 'Meter'"),
        ({"Festpreis": "1", "Rabatt": "101"}, "not a discount in percent"),
        ({"Festpreis": "1", "Rabatt": "-1"}, "not a discount in percent"),
        ({"Festpreis": "1", "Angebot": ""}, "a priced issue without 'Angebot'"),
    ],
)
def test_what_cannot_be_billed_is_told(fields: dict[str, object], told: str) -> None:
    """Each value that means nothing, or two things, is a problem that names the issue; nothing is guessed."""
    problem = fault_of(fields)
    assert (problem.code, problem.place, problem.holds) == ("BadPosition", "redmine: issue #7", True)
    assert told in problem.message
    assert problem.hint


def test_an_offer_with_a_bad_position_is_withheld() -> None:
    """Shares of an incomplete offer would be taken of the wrong total; other offers are delivered."""
    found = found_in(
        issue(1, {"Angebot": "A-1", "Festpreis": "1"}),
        issue(2, {"Angebot": "A-1", "Festpreis": "x"}),
        issue(3, {"Angebot": "A-2", "Festpreis": "1"}),
    )
    assert [each.code if isinstance(each, Problem) else each.id for each in found] == ["BadPosition", "A-2"]


def test_an_issue_that_cannot_be_read_withholds_all() -> None:
    """Nobody knows whose position it might be; its values are not shown."""
    found = found_in(issue(1, {"Angebot": "A-1", "Festpreis": "1"}), issue(2, done_ratio="geheim"))
    [problem] = found
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("UnreadableRecord", "redmine: issue #2")
    assert "done_ratio" in problem.message
    assert "geheim" not in problem.message


def test_an_offer_belongs_to_the_top_project() -> None:
    """Issues of a subproject join the offer of the project above, in the order of their numbers."""
    [offer] = good(
        found_in(
            issue(1, {"Festpreis": "1"}, project={"id": 2}),
            issue(2, {"Festpreis": "2"}),
            issue(3, {}),
            offer_by="project",
            position=FIELDS["position"],
        )
    )
    assert (offer.id, offer.project, offer.label) == ("one", "one", "One")
    assert [(each.id, each.project) for each in offer.positions] == [("1", "one"), ("2", "one")]


def test_an_offer_by_version() -> None:
    """The version is known by its number, because its name may change; an issue without one belongs to no offer."""
    version = {"id": 4, "name": "Phase 1"}
    offer, problem = sorted(
        found_in(
            issue(1, {"Festpreis": "1"}, fixed_version=version),
            issue(2, {"Festpreis": "2"}),
            offer_by="version",
            position=FIELDS["position"],
        ),
        key=lambda each: isinstance(each, Problem),
    )
    assert isinstance(offer, Offer)
    assert (offer.id, offer.label, len(offer.positions)) == ("one-v4", "Phase 1", 1)
    assert isinstance(problem, Problem)
    assert "without a version" in problem.message


def test_one_name_for_offers_of_two_projects_is_refused() -> None:
    """An offer's name that two top projects use would mix two customers; neither is delivered."""
    found = found_in(
        issue(1, {"Angebot": "A-1", "Festpreis": "1"}),
        issue(2, {"Angebot": "A-1", "Festpreis": "1"}, project={"id": 3}),
    )
    [problem] = found
    assert isinstance(problem, Problem)
    assert "one and two both have an offer of this name" in problem.message


@pytest.mark.parametrize(
    ("category_by", "category"),
    [("none", ""), ("version", "Phase 1"), ("tracker", "Feature"), ("issue_category", "Technik")],
)
def test_categories(category_by: str, category: str) -> None:
    """What groups positions is a setting."""
    named = {"fixed_version": {"id": 4, "name": "Phase 1"}, "category": {"id": 5, "name": "Technik"}}
    [offer] = good(found_in(issue(1, {"Angebot": "A-1", "Festpreis": "1"}, **named), category_by=category_by))
    assert [each.category for each in offer.positions] == [category]


def test_an_issue_without_the_grouping_has_no_category() -> None:
    """An issue without a version stands in no category."""
    [offer] = good(found_in(issue(1, {"Angebot": "A-1", "Festpreis": "1"}), category_by="version"))
    assert [each.category for each in offer.positions] == [""]


def test_a_field_with_several_values_is_no_number() -> None:
    """A field that takes several values is shown with all of them."""
    assert "'1, 2'" in fault_of({"Festpreis": ["1", "2"]}).message


def test_open_and_closed_issues_are_asked_for() -> None:
    """Redmine lists open issues only, unless all are named."""
    standin = StandIn(projects=PROJECTS)
    list(source(standin).offers())
    assert [params["status_id"] for path, params in standin.asked if path == "/issues.json"] == ["*"]
