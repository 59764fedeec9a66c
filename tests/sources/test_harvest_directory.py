"""Clients and projects of Harvest as customers and projects, and what is wrong with them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.offer import Project, ProjectBilling
from connector.core.party import Party
from connector.core.problems import Problem
from connector.sources.harvest import Settings
from tests.sources.harvest_agency import settings_for
from tests.sources.test_harvest_entries import source
from tests.standins import harvest


@pytest.fixture
def api() -> harvest.Harvest:
    """Return an account with a client."""
    api = harvest.api()
    api.add_client("10001  Müller & Söhne", " Am Fluss 1 \r\n\r\n01067 Dresden\n")
    return api


def problem_of(found: list[Any]) -> Problem:
    """Return the one problem among the values."""
    [problem] = [value for value in found if isinstance(value, Problem)]
    return problem


@pytest.mark.parametrize(
    ("customer_id", "key", "name"),
    [
        ("id", "5735000", "10001 Müller & Söhne"),
        ("name", "10001 Müller & Söhne", "10001 Müller & Söhne"),
        ("first_word", "10001", "Müller & Söhne"),
    ],
)
def test_a_customer_is_called_as_the_settings_say(api: harvest.Harvest, customer_id: str, key: str, name: str) -> None:
    """The project says whose it is by the same name; the address is one text."""
    api.add_project("P-1", "Projekt", api.clients[0])
    told = source(api, customer_id=customer_id)
    [party], [project] = told.customers(), told.projects()

    assert isinstance(party, Party)
    assert (party.id, party.name, party.address.street) == (key, name, "Am Fluss 1, 01067 Dresden")
    assert getattr(project, "customer", None) == key


def test_a_name_of_one_word_is_both(api: harvest.Harvest) -> None:
    """There is nothing else."""
    api.clients[0]["name"] = "Adler"

    assert [(each.id, each.name) for each in source(api).customers() if isinstance(each, Party)] == [("Adler", "Adler")]


def test_two_customers_of_one_number_are_told(api: harvest.Harvest) -> None:
    """The first counts."""
    api.add_client("10001 Meier")
    found = list(source(api).customers())

    assert problem_of(found).code == "DuplicateRecord"
    assert len([value for value in found if isinstance(value, Party)]) == 1


@pytest.mark.parametrize(
    ("more", "billing"),
    [
        ({"is_fixed_fee": True}, ProjectBilling.FIXED_PRICE),
        ({}, ProjectBilling.TIME_AND_MATERIALS),
        ({"is_billable": False}, ProjectBilling.UNSTATED),
    ],
)
def test_projects_say_how_they_are_billed(
    api: harvest.Harvest, more: dict[str, object], billing: ProjectBilling
) -> None:
    """A monthly budget makes no retainer: Harvest calls that time and materials."""
    api.add_project("P-1", "Projekt", api.clients[0], budget=Decimal(20), budget_is_monthly=True, **more)

    assert [each.billing for each in source(api).projects() if isinstance(each, Project)] == [billing]


def test_a_project_without_a_code_is_told(api: harvest.Harvest) -> None:
    """Agreements could not name it; by its id they can."""
    row = api.add_project("", "Projekt", api.clients[0])

    assert problem_of(list(source(api).projects())).code == "ProjectWithoutKey"
    by_id = source(api, project_id="id").projects()
    assert [each.id for each in by_id if isinstance(each, Project)] == [str(row["id"])]


def test_a_code_that_is_given_twice_is_told(api: harvest.Harvest) -> None:
    """Harvest allows it; agreements could not tell the two apart."""
    for name in ("Eins", "Zwei"):
        api.add_project("P-1", name, api.clients[0])
    found = list(source(api).projects())
    [project] = [value for value in found if isinstance(value, Project)]

    assert problem_of(found).message == f"the code 'P-1' is also that of the project {project.name!r}"


def test_unreadable_records_do_not_hide_the_others(api: harvest.Harvest) -> None:
    """Each is named as far as it has a name."""
    api.add_client("10002 B")["name"] = None
    api.add_project("P-1", "Projekt", api.clients[0])["client"] = None
    api.add_project("P-2", "Projekt", api.clients[0])
    told = source(api)
    companies, projects = list(told.customers()), list(told.projects())

    assert problem_of(companies).place == "harvest: client 5735001"
    assert problem_of(projects).place == "harvest: project P-1"
    assert (len(companies), len(projects)) == (2, 2)


@pytest.mark.parametrize(
    ("user", "code"),
    [
        ({"id": 1, "access_roles": ["administrator"]}, None),
        ({"id": 1, "access_roles": ["manager", "project_creator"]}, "RightMissing"),
        ({"id": 1, "is_admin": True}, None),
        ({"id": 1, "is_admin": False}, "RightMissing"),
        ({"id": 1}, None),
        ({"id": "me"}, "UnreadableRecord"),
    ],
)
def test_the_token_must_see_everything(api: harvest.Harvest, user: harvest.Row, code: str | None) -> None:
    """Others get their own time alone, without a word: it would look as if the rest were deleted."""
    api.user = user
    found = [value.code for value in source(api).projects() if isinstance(value, Problem)]

    assert found == ([code] if code else [])


def test_the_check_tells_all_that_is_wrong(api: harvest.Harvest) -> None:
    """Rights, customers, projects and offers."""
    api.user = {"id": 1, "access_roles": ["member"]}
    api.add_client("10001 Meier")
    api.add_estimate("A-1", api.clients[0], state="accepted")
    found = {each.code for each in source(api, offers=["estimates"]).check()}

    assert found == {"RightMissing", "DuplicateRecord", "BadOffer"}


@pytest.mark.parametrize(
    "wrong",
    [{"account_id": "acme"}, {"contact": "ü@x.example"}, {"contact": " "}, {"url": "http://api.harvestapp.com"}],
)
def test_settings_refuse_what_harvest_would(wrong: dict[str, str]) -> None:
    """An account is a number, a header is plain text, a token does not travel in clear."""
    with pytest.raises(ValidationError):
        Settings.model_validate(settings_for("http://localhost:1") | wrong)
