"""The page an admin reads says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from connector.core.quantity import Unit
from connector.sources.odoo import Settings
from connector.sources.odoo.calls import PAGE_ROWS
from connector.sources.odoo.positions import UNITS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sources/odoo.md").read_text(encoding="utf-8")
ADAPTER = sorted((ROOT / "connector/sources/odoo").glob("*.py"))


def test_every_setting_is_explained_with_its_values() -> None:
    """An admin finds each setting by its name, in the table."""
    section = TEXT.split("## Settings")[1].split("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| `")]

    assert rows == [f"`{name}`" for name in Settings.model_fields]


def test_every_fault_is_explained() -> None:
    """Each code the source can give stands in the table of faults, and no other."""
    codes = {code for file in ADAPTER for code in re.findall(r'Problem\(\s*"(\w+)"', file.read_text(encoding="utf-8"))}
    section = TEXT.split("## Faults and notices")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]

    assert len(codes) > 8
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == codes


def test_bounds_and_units_are_those_of_the_program() -> None:
    """Whoever reads them can rely on them."""
    assert f"{PAGE_ROWS:,} rows at a time" in TEXT
    assert all(f"`{symbol}`" in TEXT for symbol in UNITS if symbol)


def test_the_example_works_as_it_stands() -> None:
    """What the page tells to write is accepted."""
    [example] = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    [written] = tomllib.loads(example)["source"]
    own = {name: value for name, value in written.items() if name not in ("name", "type")}

    settings = Settings.model_validate({**own, "api_key": "resolved"})

    assert (settings.units, settings.vat_classes) == ({"Monat": Unit.MONTH}, {"7%": "reduced"})
