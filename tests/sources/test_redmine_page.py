"""The page an admin reads says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from connector.sources.redmine import Settings
from tests.sources.redmine_stories import FIELDS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sources/redmine.md").read_text(encoding="utf-8")


def test_the_example_works_as_it_stands() -> None:
    """What the page tells to write is what the recorded stories were read with."""
    [example] = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    [written] = tomllib.loads(example)["source"]
    own = {name: value for name, value in written.items() if name not in ("name", "type")}

    assert {name: own[name] for name in FIELDS} == FIELDS
    assert Settings.model_validate({**own, "api_key": "resolved"}).projects == ("relaunch",)
