"""The page an admin reads says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from connector.core.vat import VatCategory
from connector.sinks.sevdesk import Settings
from connector.sinks.sevdesk.taxes import rule_of, tax_fields
from tests.core.builders import invoice, party
from tests.sinks.sevdesk_world import settings_for, taxed

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/sinks/sevdesk.md").read_text(encoding="utf-8")

SETTINGS = Settings.model_validate(settings_for("https://my.sevdesk.de"))


def test_the_tax_rules_are_those_of_the_page() -> None:
    """For a customer at home, and one abroad; in both systems."""
    section = TEXT.split("| VAT category | 2.0: tax rule")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z, ]+).* \| (.*) \| (.*) \|$", section, flags=re.MULTILINE)
    told = {name.strip(): cells for names, *cells in rows for name in names.replace(" ", "").split(",") if name}
    told["Z"] = told["S"]
    assert set(told) == {category.value for category in VatCategory}
    for category in VatCategory:
        for country in ("DE", "CH"):
            percent = 19 if category is VatCategory.STANDARD else 0
            made = invoice(taxed(category, percent), buyer=party(country=country))
            rule, kind = rule_of(SETTINGS, made), (tax_fields(SETTINGS, made, "1.0") or {}).get("taxType")
            new, old = told[category.value]
            assert re.search(rf"\b{rule or 'none'}\b", new)
            assert (f"`{kind}`" if kind else "none") in old
