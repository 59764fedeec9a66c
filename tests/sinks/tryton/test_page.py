"""The page an admin reads says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from connector.mapping import MappingTables
from connector.sinks.tryton import Settings
from connector.sinks.tryton.sink import SETTLES_AFTER

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/sinks/tryton.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)


def test_the_examples_work_as_they_stand() -> None:
    """What the page tells to write is understood."""
    sink, mapping = map(tomllib.loads, EXAMPLES)
    written = sink["sink"]
    del written["type"]
    assert Settings.model_validate({**written, "api_key": "resolved"}).taxes["AE"] == ""
    [rule] = MappingTables.model_validate(mapping).revenue
    assert (rule.account, rule.automatic) == ("4.1.2", True)


def test_the_wait_after_a_lost_answer_is_that_of_the_page() -> None:
    """In seconds."""
    assert f"not there {SETTLES_AFTER} seconds later" in TEXT
