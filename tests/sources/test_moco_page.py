"""The page an admin reads says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from connector.sources.moco import Settings
from connector.sources.moco.calls import MOST_ROWS, MOST_SETBACKS
from connector.sources.moco.settings import CustomerProperties, OfferProperties, ProjectProperties

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sources/moco.md").read_text(encoding="utf-8")
ADAPTER = sorted((ROOT / "connector/sources/moco").glob("*.py"))


@pytest.mark.parametrize("table", [Settings, CustomerProperties, ProjectProperties, OfferProperties])
def test_every_setting_is_explained(table: type[BaseModel]) -> None:
    """An admin finds each setting by its name."""
    assert [name for name in table.model_fields if f"`{name}`" not in TEXT] == []


def test_every_fault_is_explained() -> None:
    """Each code the source can give stands in the table of faults, and no other."""
    codes = {code for file in ADAPTER for code in re.findall(r'Problem\(\s*"(\w+)"', file.read_text(encoding="utf-8"))}
    section = TEXT.split("## Faults and notices")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]

    assert len(codes) > 10
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == codes


def test_the_bounds_are_those_of_the_program() -> None:
    """Whoever reads them can rely on them."""
    assert f"more than {MOST_ROWS:,} is halved" in TEXT
    assert f"at most {MOST_SETBACKS} times" in TEXT


def test_the_example_works_as_it_stands() -> None:
    """What the page tells to write is accepted."""
    [example] = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    [written] = tomllib.loads(example)["source"]
    own = {name: value for name, value in written.items() if name not in ("name", "type")}

    settings = Settings.model_validate({**own, "api_key": "resolved"})

    assert (settings.vat_classes, settings.project.parent) == ({"Illustration": "reduced"}, "Hauptprojekt")


def test_a_day_without_a_share_is_refused() -> None:
    """It would be the day of nothing."""
    with pytest.raises(ValidationError, match="name both"):
        ProjectProperties(share_on="Stand vom")
