"""The page an admin reads says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from connector.sources.kimai import Settings
from tests.sources.kimai_agency import settings_for

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sources/kimai.md").read_text(encoding="utf-8")
ADAPTER = [*(ROOT / "connector/sources/kimai").glob("*.py"), ROOT / "connector/http/listing.py"]


def test_every_fault_is_explained() -> None:
    """Each code the source can give stands in the table of faults, and no other."""
    codes = {code for file in ADAPTER for code in re.findall(r'Problem\(\s*"(\w+)"', file.read_text(encoding="utf-8"))}
    section = TEXT.split("## Faults and notices")[1].split("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)`", section, flags=re.MULTILINE)) == codes


def test_every_default_is_told_as_it_is() -> None:
    """The table of settings names each with its default."""
    section = TEXT.split("## Settings")[1].split("\n## ")[0]
    told = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", section, flags=re.MULTILINE))

    assert told.keys() == Settings.model_fields.keys()
    assert told["requests_per_minute"] == str(Settings.model_fields["requests_per_minute"].default)
    for name in ("customer_id", "project_id", "position_in"):
        assert told[name] == f"`{Settings.model_fields[name].default}`"


def test_the_example_works_as_it_stands() -> None:
    """What the page tells to write is what the tests read the agency with."""
    [example] = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    written, _ledger = tomllib.loads(example)["source"]
    own = {name: value for name, value in written.items() if name not in ("name", "type", "api_key")}

    assert Settings.model_validate(own | {"api_key": "resolved"}).project_id == "first_word"
    assert own | {"url": "", "api_key": ""} == settings_for("") | {"api_key": ""}
