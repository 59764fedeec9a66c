from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from connector import config
from tests.sources.sample_ledger import EXAMPLE, sample

PAGE = Path(__file__).parents[2] / "docs/example.md"
EXPECTED = Path(__file__).parent / "example_expected.csv"


def test_the_example_is_configured_without_a_fault() -> None:
    """Whoever copies the folder begins with a configuration that holds."""
    loaded = config.load(EXAMPLE)

    assert loaded.problems == ()
    assert loaded.tenant is not None
    assert loaded.tenant.id == "example"


def test_the_example_ledger_has_no_bad_row() -> None:
    """Every row of config/data is read."""
    assert list(sample().check()) == []


def test_the_page_of_the_example_says_what_the_scenario_expects() -> None:
    """The table that people read, with its sums, and the one that the scenario is held to are the same."""
    header, _, *rows = [_cells(line) for line in _table(PAGE.read_text(encoding="utf-8"))]
    shown = {(month, row[0]): Decimal(net) for row in rows for month, net in zip(header[1:-1], row[1:-1], strict=True)}
    expected = _expected()
    totals = {month: sum(net for (each, _), net in expected.items() if each == month) for month in header[1:-1]}

    assert shown == expected | {(month, "all"): total for month, total in totals.items()}
    assert all(Decimal(row[-1]) == sum(Decimal(net) for net in row[1:-1]) for row in rows)


def _expected() -> dict[tuple[str, str], Decimal]:
    """Return the net amounts by month and agreement."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return {(row["month"], row["agreement"]): Decimal(row["net"]) for row in csv.DictReader(file, delimiter=";")}


def _table(page: str) -> list[str]:
    """Return the lines of the first table under the heading of expected amounts."""
    section = page.split("## Expected net amounts")[1].split("\n## ", maxsplit=1)[0]
    return [line for line in section.splitlines() if line.startswith("|")]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
