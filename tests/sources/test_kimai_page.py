"""The page an admin reads says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from connector.sources.kimai import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sources/kimai.md").read_text(encoding="utf-8")


def test_every_default_is_told_as_it_is() -> None:
    """The table of settings names each with its default."""
    section = TEXT.split("## Settings")[1].split("\n## ")[0]
    told = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", section, flags=re.MULTILINE))

    assert told.keys() == Settings.model_fields.keys()
    assert told["requests_per_minute"] == str(Settings.model_fields["requests_per_minute"].default)
    for name in ("customer_id", "project_id", "position_in"):
        assert told[name] == f"`{Settings.model_fields[name].default}`"
