"""Contracts of Furious that state a fee or hours are told as retainers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.cycle import Cycle
from connector.core.ports import TermsSource
from connector.core.told_terms import ToldRetainer
from connector.sources.furious import Furious, Settings
from tests.core.builders import eur
from tests.sources.furious_standin import SETTINGS, World, codes
from tests.support.found import good, problems

FIELDS: Mapping[str, Any] = {
    "start": "cf_beginn",
    "cycle": "cf_turnus",
    "cycles": {"monatlich": "month", "pro Jahr": "year"},
    "fee": "cf_pauschale",
    "hours": "cf_stunden",
    "currency": "cf_waehrung",
}


def world(**values: object) -> World:
    """Return a Furious with a contract of 2,400 a month for 20 hours."""
    made = World()
    usual = {"name": "Betreuung", "client_company_id": 7, "project_id": made.project, "date_limit": "2026-12-31"}
    terms = {"cf_beginn": "2026-01-01", "cf_turnus": "monatlich", "cf_pauschale": "2400.00", "cf_stunden": "20"}
    made.add("contract", **{**usual, **terms, **values})
    return made


def source(made: World, **fields: Any) -> Furious:  # noqa: ANN401 - settings as a configuration has them
    """Return the source with these fields of contracts."""
    return made.source(contract={**FIELDS, **fields})


def told(**values: object) -> ToldRetainer:
    """Return the one retainer."""
    [found] = good(source(world(**values)).terms())
    assert isinstance(found, ToldRetainer)
    return found


def test_a_contract_is_told_with_all_that_it_states() -> None:
    """By the customer's and the project's number."""
    assert isinstance(source(world()), TermsSource)
    assert told() == ToldRetainer(
        "furious: contract #100",
        "Betreuung",
        customer="7",
        project="100",
        start=date(2026, 1, 1),
        last_day=date(2026, 12, 31),
        cycle=Cycle.MONTH,
        fee=eur(2400),
        seconds=72_000,
    )


def test_without_the_table_no_contract_is_read() -> None:
    """Off by default."""
    made = world()
    assert list(made.source().terms()) == []
    assert made.wire.searches("contract") == []


def test_what_a_contract_leaves_empty_is_not_stated() -> None:
    """Databases write that there is no day, or no project, as 0."""
    bare = told(cf_beginn="0000-00-00", date_limit=None, cf_turnus="", cf_stunden="", project_id=0)
    assert bare == ToldRetainer("furious: contract #100", "Betreuung", customer="7", fee=eur(2400))


def test_a_contract_without_fee_and_hours_is_no_retainer() -> None:
    """Furious keeps contracts of any kind."""
    made = world(cf_pauschale=None, cf_stunden=None)
    assert list(source(made).terms()) == []
    assert told(cf_pauschale=None).fee is None


@pytest.mark.parametrize(
    ("own", "of_project", "expected"), [("CHF", "EUR", "CHF"), ("", "CHF", "CHF"), (None, None, "EUR")]
)
def test_the_currency_is_its_own_else_the_projects(own: str | None, of_project: str | None, expected: str) -> None:
    """Else that of the settings."""
    made = world(cf_waehrung=own)
    made.row("project")["currency"] = of_project
    [found] = good(source(made).terms())
    assert isinstance(found, ToldRetainer)
    assert found.currency == expected


def test_a_project_that_was_not_read_is_named_by_its_id() -> None:
    """No agreement will match it by accident."""
    assert told(project_id=999).project == "#999"


@pytest.mark.parametrize(
    "values",
    [
        {"cf_pauschale": "2.400,00"},
        {"cf_pauschale": "2400.001"},
        {"cf_waehrung": "XYZ"},
        {"cf_turnus": "manchmal"},
        {"date_limit": "bald"},
        {"name": ""},
    ],
    ids=str,
)
def test_a_contract_that_cannot_be_read_is_told(values: dict[str, str]) -> None:
    """As a notice: it bills nothing. The others go on."""
    made = world(**values)
    made.add("contract", name="Zweiter", cf_stunden="5")
    found = list(source(made).terms())
    assert [(each.code, each.place, each.holds) for each in problems(found)] == [
        ("UnreadableRecord", "furious: contract #100", False)
    ]
    assert len(found) == 2


def test_a_record_without_an_id_is_told() -> None:
    """As in every list."""
    made = world()
    made.row("contract")["id"] = None
    assert codes(source(made).terms()) == ["UnreadableRecord"]


def test_the_check_asks_for_the_fields() -> None:
    """Nobody documents what a contract can be asked for."""
    assert list(source(world()).check()) == []
    found = problems(source(world(), fee="cf_honorar").check())
    assert [(each.code, each.place) for each in found] == [("UnknownField", "furious: contract.fee")]


def test_a_cycle_that_there_is_not_is_refused() -> None:
    """In the settings."""
    with pytest.raises(ValidationError, match="cycles"):
        Settings.model_validate({**SETTINGS, "contract": {"cycles": {"x": "fortnight"}}})
