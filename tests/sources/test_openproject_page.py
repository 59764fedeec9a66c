"""The page an admin reads says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from connector.sources.openproject import Settings
from connector.sources.openproject.settings import EntryFields, ProjectFields, WorkPackageFields
from tests.sources.openproject_agency import settings_for

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sources/openproject.md").read_text(encoding="utf-8")
ADAPTER = [*(ROOT / "connector/sources/openproject").glob("*.py"), ROOT / "connector/http/listing.py"]


@pytest.mark.parametrize("table", [Settings, ProjectFields, WorkPackageFields, EntryFields])
def test_every_setting_is_explained(table: type[Settings]) -> None:
    """An admin finds each setting by its name."""
    assert [name for name in table.model_fields if f"`{name}`" not in TEXT] == []


def test_every_fault_is_explained() -> None:
    """Each code the source can give stands in the table of faults, and no other."""
    codes = {code for file in ADAPTER for code in re.findall(r'Problem\(\s*"(\w+)"', file.read_text(encoding="utf-8"))}
    section = TEXT.split("## Faults and notices")[1].split("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)`", section, flags=re.MULTILINE)) == codes


def test_the_example_works_as_it_stands() -> None:
    """What the page tells to write is what the tests read the agency with."""
    [example] = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    written, _ledger = tomllib.loads(example)["source"]
    own = {name: value for name, value in written.items() if name not in ("name", "type", "api_key")}

    assert Settings.model_validate(own | {"api_key": "resolved"}).project_id == "field"
    assert own | {"url": "", "api_key": ""} == settings_for("") | {"api_key": ""}
