"""The page an admin reads says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from connector.core.vat import VatCategory
from connector.sinks.lexware.documents import tax_type_of
from tests.core.builders import invoice, line, party, vat_decision, vat_rate
from tests.sinks.lexware.world import settings_of

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/sinks/lexware.md").read_text(encoding="utf-8")


def test_the_tax_types_are_those_of_the_page() -> None:
    """For a customer at home, and one abroad."""
    section = TEXT.split("| VAT category | tax type |")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| (\w+) \| (.*) \|$", section, flags=re.MULTILINE))
    assert set(rows) == {category.value for category in VatCategory}
    for category in VatCategory:
        rate = vat_rate(19 if category is VatCategory.STANDARD else 0, category)
        for country in ("DE", "CH"):
            made = invoice(line(vat=vat_decision(rate)), buyer=party(country=country))
            found = tax_type_of(settings_of("https://api.lexware.io"), made)
            assert f"`{found}`" in rows[category.value] or (found is None and rows[category.value].startswith("none"))
