"""Answers of the shapes that the facts about Furious describe, read by our source; they are made up, not recorded.

They lie in ../shared, or where HONORAR_SHARED says; without them these tests are skipped, in CI they fail.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.sources.furious.query import Operator
from connector.sources.furious.resources import CUSTOMERS, everything
from connector.sources.furious.settings import Settings
from tests.sources.furious_agency import settings_for
from tests.sources.furious_standin import World
from tests.support.found import good

pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def facts() -> Path:
    """Return the folder of the facts about Furious; without it the test is skipped, in CI it fails."""
    shared = Path(os.environ.get("HONORAR_SHARED") or Path(__file__).parents[2] / ".." / "shared")
    folder = shared / "facts" / "furious"
    if not folder.is_dir():
        message = f"no facts about Furious in {folder}; set HONORAR_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder


def loaded(path: Path) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON of the file."""
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def test_the_described_rate_card_is_three_phases(facts: Path) -> None:
    """5,000, three deliveries that come to 10,000, and 15,000."""
    rows = loaded(facts / "synthetic_fixture_shapes.json")["proposal_rate_card_search"]["data"]["ProposalRateCard"]
    world = World()
    world.row("proposal")["id"] = rows[0]["proposal_id"]
    world.api.tables["proposal-rate-card"] = rows
    [offer] = good(world.source().offers())
    assert [(each.category, str(each.total), each.vat_class) for each in offer.positions] == [
        ("Phase 1 – Audit", "5000.00 EUR", "standard"),
        ("Phase 2 – Konzeption", "10000.00 EUR", "standard"),
        ("Phase 3 – Entwicklung", "15000.00 EUR", "standard"),
    ]


def test_names_operators_and_addresses_are_those_of_the_facts(facts: Path) -> None:
    """Every resource that is searched may be searched, under the name we give it."""
    told = loaded(facts / "api_facts.json")
    settings = Settings.model_validate(settings_for("https://agency.furious-squad.com"))
    resources = [asked.search.resource for asked in everything(settings)] + [CUSTOMERS["company"]]
    for resource in resources:
        described = told["resources"][resource.path]
        assert described["graphql_name"] == resource.name
        assert "SEARCH" in described["actions"]
    assert settings.base == told["base_url"].replace("<instance>", "agency")
    operators = told["search"]["operators"]
    assert (operators["Less"], operators["GreatestOrEqual"]) == (Operator.LESS, Operator.AT_LEAST)


def test_fields_that_stand_as_defaults_were_seen(facts: Path) -> None:
    """But for those of addenda, which a public client alone asks for; whatever else was not seen is a setting."""
    told = loaded(facts / "api_facts.json")["resources"]
    minimal = {"url": "https://a", "username": "u", "password": "p", "price_is": "unit_price"}
    settings = Settings.model_validate({**minimal, "proposal": {"states": {"accepted": ["3"]}}})
    for asked in everything(settings):
        seen = told[asked.search.resource.path]["fields_seen"]
        assert [field for field in asked.fields.values() if field not in seen] == []
