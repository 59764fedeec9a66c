"""The settings, and what `check` asks a Furious for."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.errors import AuthenticationFailed, NotAllowed, RefusedError, UnexpectedAnswer
from connector.sources.furious.resources import everything
from connector.sources.furious.settings import Settings
from tests.sources.furious_agency import settings_for
from tests.sources.furious_standin import SETTINGS, World, codes
from tests.support.found import problems


def test_nothing_is_wrong_with_a_sound_one() -> None:
    """Every resource and field was asked for, with one record each."""
    world = World()
    assert list(world.source().check()) == []
    assert [query for query in world.wire.searches() if "limit:1," in query]
    assert list(world.source(project_line="").check()) == []


def test_every_field_that_is_refused_is_told_with_its_setting() -> None:
    """In Furious' own words; what is read with refused fields is not read."""
    world = World()
    fields = {"number": "cf_nummer", "start": "beginn"}
    found = problems(world.source(project=fields, sprint={"billable": "cf_ja"}, project_line="nothing").check())
    assert [(each.code, each.place) for each in found] == [
        ("UnknownField", "furious: project.number"),
        ("UnknownField", "furious: project.start"),
        ("UnknownField", "furious: project_line"),
        ("UnknownField", "furious: sprint.billable"),
    ]
    assert 'Cannot query field "cf_nummer" on type "Project"' in found[0].message


def test_a_resource_that_is_refused_is_told_once() -> None:
    """The user lacks the right, or this Furious does not have it."""
    world = World()
    answer = world.wire.get_json

    def refusing(url: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        return {"success": False, "message": "Accès refusé"} if "/sprint/" in url else answer(url, **more)

    world.wire.get_json = refusing  # type: ignore[method-assign]  # one resource of a server
    [problem] = world.source().check()
    assert (problem.code, problem.place) == ("RightMissing", "furious")
    assert "Sprint cannot be read: Furious refuses the search: Accès refusé" in problem.message


@pytest.mark.parametrize("error", [AuthenticationFailed, NotAllowed, UnexpectedAnswer])
def test_a_refused_user_or_a_strange_server_is_an_error(error: type[RefusedError]) -> None:
    """There is nothing to ask further."""
    world = World()

    def refusing(url: str, **_: Any) -> Any:  # noqa: ANN401 - JSON
        raise error(url)

    world.wire.get_json = refusing  # type: ignore[method-assign]  # a server that refuses
    with pytest.raises(error):
        list(world.source().check())


def test_faults_of_customers_projects_and_offers_are_told_too() -> None:
    """Once the fields are good."""
    world = World()
    world.row("crm")["country"] = "Deutschland"
    world.row("project")["title"] = ""
    assert codes(world.source().check()) == ["BadCustomer", "UnreadableRecord", "BadOffer"]


def test_every_field_of_the_settings_is_asked_for() -> None:
    """A field nobody asks for would never be found wrong."""
    settings = Settings.model_validate(settings_for("https://agency.furious.example"))
    asked = {(each.table, key): field for each in everything(settings) for key, field in each.fields.items()}
    assert asked["customer", "number"] == "cf_kundennummer"
    assert asked["addendum", "number"] == "cf_nachtragsnummer"
    assert asked["progress", "line"] == "project_rate_card_id"
    assert asked["metrics", "cost"] == "cost"
    assert asked["", "project_line"] == "proposal_rate_card_id"
    assert not {"states", "resource", "not_billable", "planned", "kinds"} & {key for _, key in asked}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "http://agency.furious.example"),
        ("url", "agency.furious.example"),
        ("url", "https://agency.furious.example/?x=1"),
        ("price_is", "guess"),
        ("currency", "XYZ"),
        ("project_line", "a,b"),
        ("project_line", "a}"),
        ("customer", {"name": ""}),
        ("proposal", {"states": {"accepted": []}}),
        ("proposal", {}),
        ("countries", {"Deutschland": "de"}),
        ("requests_per_minute", 0),
        ("page_rows", 1),
        ("progress", [{"resource": "sprint", "on": "date"}]),
        ("metrics", [{"name": "x", "kinds": []}]),
    ],
)
def test_settings_that_cannot_work_are_refused(key: str, value: object) -> None:
    """A password goes nowhere in clear, names cannot leave their place in a query, nothing is billed from a guess."""
    with pytest.raises(ValidationError):
        Settings.model_validate({**SETTINGS, key: value})


@pytest.mark.parametrize(
    "url", ["https://a.example", "https://a.example/sub/", "http://127.0.0.1:8099", "http://localhost"]
)
def test_an_address_leads_to_the_api(url: str) -> None:
    """On this machine also without encryption."""
    settings = Settings.model_validate({**SETTINGS, "url": url})
    assert settings.base == f"{url.rstrip('/')}/api/v2"


@pytest.mark.parametrize("missing", ["price_is", "proposal", "password", "username", "url"])
def test_what_decides_about_money_has_no_default(missing: str) -> None:
    """Neither what an amount is, nor which proposals are won."""
    with pytest.raises(ValidationError, match=missing):
        Settings.model_validate({key: value for key, value in SETTINGS.items() if key != missing})
