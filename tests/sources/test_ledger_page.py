from __future__ import annotations

import re
from pathlib import Path

import pytest

from connector.sources.ledger.rows import FILES, Row
from tests.sources.ledger_folder import faults, written

PAGE = Path(__file__).parents[2] / "docs/sources/ledger.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"```csv (\w+)\n(.*?)```", TEXT, flags=re.DOTALL))


@pytest.mark.parametrize("model", FILES)
def test_the_page_names_every_column_and_marks_those_that_must_be_there(model: type[Row]) -> None:
    """An admin finds each column of each file, and sees in bold which ones are needed."""
    section = TEXT.split(f"### {model.file}.csv\n")[1].split("\n### ")[0].split("\n## ")[0]
    cells = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")][1:]
    named = [name for cell in cells if not cell.startswith("---") for name in cell.split(", ")]

    assert sorted(name.strip("*") for name in named) == sorted(model.columns())
    assert sorted(name.strip("*") for name in named if name.startswith("**")) == sorted(model.required())


def test_the_examples_of_the_page_are_read_without_a_fault(tmp_path: Path) -> None:
    """What the page shows works as it stands, all files together."""
    written(tmp_path, **EXAMPLES)

    assert sorted(EXAMPLES) == sorted(model.file for model in FILES)
    assert faults(tmp_path) == []


def test_the_page_explains_every_fault(tmp_path: Path) -> None:
    """Each code that a bad ledger gives stands on the page."""
    written(
        tmp_path,
        customers="id;name;country\nK1;A;Deutschland\nK2;;DE\nK2;A;DE\nK3;A\n",
        projects='id;name;customer\nP1;"A"B;K1\nP1;A;K9\n',
        offers="offer;project;stat;offer\n",
        metrics="date;project;metric;value\n2026-01-31;P1;m;1\n2026-01-31;P1;m;2\n",
        time="",
    )

    codes = {code for code, *_ in [*faults(tmp_path, progress="p.csv"), *faults(tmp_path, folder="empty")]}

    assert len(codes) == 13
    assert [code for code in codes if f"`{code}`" not in TEXT] == []
