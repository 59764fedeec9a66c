"""The page an admin reads says what the program does."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from connector.sources.moco.calls import MOST_ROWS, MOST_SETBACKS
from connector.sources.moco.settings import ProjectProperties

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sources/moco.md").read_text(encoding="utf-8")


def test_the_bounds_are_those_of_the_program() -> None:
    """Whoever reads them can rely on them."""
    assert f"more than {MOST_ROWS:,} is halved" in TEXT
    assert f"at most {MOST_SETBACKS} times" in TEXT


def test_a_day_without_a_share_is_refused() -> None:
    """It would be the day of nothing."""
    with pytest.raises(ValidationError, match="name both"):
        ProjectProperties(share_on="Stand vom")
