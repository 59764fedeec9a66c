"""The page an admin reads says what the program does."""

from __future__ import annotations

from pathlib import Path

from connector.sources.tryton.calls import PAGE_ROWS
from connector.sources.tryton.positions import UNITS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sources/tryton.md").read_text(encoding="utf-8")


def test_bounds_and_units_are_those_of_the_program() -> None:
    """Whoever reads them can rely on them."""
    assert f"{PAGE_ROWS:,} rows at a time" in TEXT
    assert all(f"`{symbol}`" in TEXT for symbol in UNITS if symbol)
