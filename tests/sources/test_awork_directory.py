"""Companies and projects of awork as customers and projects, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.party import Party
from connector.core.problems import Problem
from connector.sources.awork import Settings
from tests.sources.test_awork_entries import source
from tests.standins import awork

NUMBER = {"type": "custom", "label": awork.NUMBER, "value": " 10001 "}


@pytest.fixture
def api() -> awork.Awork:
    """Return an empty workspace."""
    return awork.api()


def problem_of(found: list[Any]) -> Problem:
    """Return the one problem among the values."""
    [problem] = [value for value in found if isinstance(value, Problem)]
    return problem


def test_the_details_for_invoices_go_first(api: awork.Awork) -> None:
    """A company may have several addresses and e-mail addresses."""
    api.add_company(
        "A",
        [
            NUMBER,
            {"type": "email", "subType": "central", "value": "info@a.example"},
            {"type": "email", "subType": "invoice", "value": "bill@a.example"},
            {"type": "address", "subType": "central", "addressLine1": "Weg 1", "city": "Ort", "country": "AT"},
        ],
    )
    [party] = source(api).customers()

    assert isinstance(party, Party)
    assert (party.id, party.email, party.address.street, party.address.country) == (
        "10001",
        "bill@a.example",
        "Weg 1",
        "AT",
    )
    assert (party.payment_days, party.language, party.vat_id) == (None, "de", "")


def test_without_a_label_awork_names_the_customer(api: awork.Awork) -> None:
    """Its own id is the only other thing that never changes."""
    company = api.add_company("A")
    api.add_project("P-1", "Projekt", company)
    bare = source(api, customer={})

    assert [each.id for each in bare.customers() if isinstance(each, Party)] == [company["id"]]
    assert [getattr(each, "customer", None) for each in bare.projects()] == [company["id"]]


@pytest.mark.parametrize(
    ("label", "value"),
    [(awork.PAYMENT_DAYS, "bald"), (awork.PAYMENT_DAYS, "400"), (awork.PAYMENT_DAYS, "1.5"), (awork.LANGUAGE, "fr")],
)
def test_details_that_mean_nothing_are_told(api: awork.Awork, label: str, value: str) -> None:
    """The problem names the company."""
    api.add_company("A", [NUMBER, {"type": "custom", "label": label, "value": value}])
    problem = problem_of(list(source(api).customers()))

    assert (problem.code, problem.place) == ("BadCustomer", "awork: company A")


def test_a_country_is_a_code(api: awork.Awork) -> None:
    """VAT is decided by it, so it is not guessed."""
    api.add_company("A", [NUMBER, {"type": "address", "country": "Deutschland"}])

    assert problem_of(list(source(api).customers())).code == "BadCustomer"


def test_a_company_without_a_number_matters_when_a_project_is_its(api: awork.Awork) -> None:
    """Prospects need no number; a project is told all the same, of nobody."""
    company = api.add_company("A")
    assert list(source(api).customers()) == []

    api.add_project("P-1", "Projekt", company)
    problem, project = source(api).projects()
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("CustomerMissing", "awork: project P-1")
    assert "'Kundennummer'" in problem.hint
    assert getattr(project, "customer", None) == ""


def test_a_company_that_is_not_seen_is_told(api: awork.Awork) -> None:
    """The project names it, but it is not in the list."""
    api.add_project("P-1", "Projekt", api.add_company("A", [NUMBER]))
    api.companies.clear()

    assert problem_of(list(source(api).projects())).message == "its company is not among the companies"


def test_a_project_without_a_key_is_told(api: awork.Awork) -> None:
    """Agreements could not name it; by its id they can."""
    row = api.add_project("", "Projekt")

    assert problem_of(list(source(api).projects())).code == "ProjectWithoutKey"
    assert [getattr(each, "id", None) for each in source(api, project_id="id").projects()] == [row["id"]]


def test_older_answers_call_the_key_otherwise(api: awork.Awork) -> None:
    """Responses of 2021 have `key`, the API's description `projectKey`."""
    row = api.add_project("P-1", "Projekt")
    row["key"] = row.pop("projectKey")

    assert [getattr(each, "id", None) for each in source(api).projects()] == ["P-1"]


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2026-03-01T00:00:00Z", date(2026, 3, 1)),
        ("2026-03-01T23:30:00Z", date(2026, 3, 2)),
        ("2026-03-01T11:23:10.4231513Z", date(2026, 3, 1)),
        (None, None),
    ],
)
def test_dates_are_local_days(api: awork.Awork, told: str | None, day: date | None) -> None:
    """Midnight in UTC stands for the day; any other time of day is an instant."""
    api.add_project("P-1", "Projekt", startDate=told)

    assert [getattr(each, "start", "?") for each in source(api).projects()] == [day]


def test_a_date_that_is_none_is_told(api: awork.Awork) -> None:
    """The project is withheld."""
    api.add_project("P-1", "Projekt", dueDate="soon")

    assert problem_of(list(source(api).projects())).code == "UnreadableRecord"


def test_unreadable_records_do_not_hide_the_others(api: awork.Awork) -> None:
    """Each is named as far as it has a name; an id that comes twice counts once."""
    api.add_company("A", [NUMBER])
    api.companies += [{**api.companies[0], "name": None}, {**api.add_company("C", [NUMBER]), "name": 7}]
    api.projects += [{**api.add_project("P-1", "Projekt"), "id": "x", "timeBudget": "much"}]
    companies, projects = list(source(api).customers()), list(source(api).projects())

    assert [value.code for value in companies if isinstance(value, Problem)] == ["DuplicateRecord", "DuplicateRecord"]
    assert len([value for value in companies if isinstance(value, Party)]) == 2
    problem = problem_of(projects)
    assert (problem.code, problem.place) == ("UnreadableRecord", "awork: project P-1")
    assert "timeBudget" in problem.message


def test_settings_refuse_what_does_not_go_together() -> None:
    """A budget is of a whole project; a key does not travel in clear."""
    with pytest.raises(ValidationError, match="progress by effort"):
        Settings.model_validate({"api_key": "k", "progress": "budget", "position_field": "P"})
    with pytest.raises(ValidationError, match="url"):
        Settings.model_validate({"api_key": "k", "url": "http://api.awork.com/api/v1"})
