"""The page an admin reads says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from connector.sources.redmine import Settings
from connector.sources.redmine.settings import CustomerFields, EntryFields, PositionFields, ProjectFields, WriteBack
from tests.sources.redmine_stories import FIELDS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sources/redmine.md").read_text(encoding="utf-8")
ADAPTER = sorted((ROOT / "connector/sources/redmine").glob("*.py"))


@pytest.mark.parametrize("table", [Settings, CustomerFields, ProjectFields, PositionFields, EntryFields, WriteBack])
def test_every_setting_is_explained(table: type[Settings]) -> None:
    """An admin finds each setting by its name."""
    assert [name for name in table.model_fields if f"`{name}`" not in TEXT] == []


def test_every_fault_is_explained() -> None:
    """Each code the source can give stands in the table of faults, and no other."""
    codes = {code for file in ADAPTER for code in re.findall(r'Problem\(\s*"(\w+)"', file.read_text(encoding="utf-8"))}
    section = TEXT.split("## Faults and notices")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]

    assert len(codes) > 10
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == codes


def test_the_example_works_as_it_stands() -> None:
    """What the page tells to write is what the recorded stories were read with."""
    [example] = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    [written] = tomllib.loads(example)["source"]
    own = {name: value for name, value in written.items() if name not in ("name", "type")}

    assert {name: own[name] for name in FIELDS} == FIELDS
    assert Settings.model_validate({**own, "api_key": "resolved"}).projects == ("relaunch",)
