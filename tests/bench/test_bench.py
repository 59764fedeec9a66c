"""The benchmarks run and report; nothing here depends on how fast the machine is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from tests.bench import __main__ as bench
from tests.bench import report
from tests.bench.child import found
from tests.bench.measure import QUICK, Finding, Scale, fastest, multiple, seconds, speed

HALF = Finding("Painting", "5/s", "≥ 10/s", 0.5, "bare wall: 50/s", 10.0)
WHOLE = Finding("Memory", "1 MB", "≤ 2 MB", 2.0)

PAGE = f"Before.\n{report.BEGIN}\nolder numbers\n{report.END}\nAfter.\n"


def clock(*moments: float) -> Callable[[], float]:
    """Return a clock that shows these moments, one after the other."""
    shown = iter(moments)
    return lambda: next(shown)


@pytest.mark.parametrize("name", bench.SUBJECTS)
def test_every_subject_measures_something(name: str) -> None:
    """Each finding has a result and a target, whatever they are."""
    findings = list(found(name, QUICK))
    assert findings
    assert all(each.what and each.result and each.target and each.reached > 0 for each in findings)


def test_every_module_that_measures_is_a_subject() -> None:
    """A benchmark that nobody runs cannot lie in the folder."""
    folder = Path(bench.__file__).parent
    measuring = {path.stem for path in folder.glob("*.py") if "\ndef measure(" in path.read_text(encoding="utf-8")}
    assert measuring == set(bench.SUBJECTS)


def test_a_subject_is_measured_in_a_process_of_its_own() -> None:
    """What the other process found comes back whole."""
    [first, *_] = bench.isolated("exporting", quick=True)
    assert (first.what, first.target) == ("Writing 199 rows of a DATEV file", "≥ 200,000/s")
    assert first.ratio


def test_what_a_work_returns_is_kept_until_the_clock_was_read() -> None:
    """Seconds are those between two looks at the clock."""
    assert seconds(list, clock(10, 12.5)) == 2.5


def test_the_fastest_go_of_each_work_counts() -> None:
    """Works take turns; a work that took no time at all counts as taking next to none."""
    first, second = iter([3.0, 1.0, 2.0]), iter([0.0, 5.0, 6.0])
    assert fastest(Scale(1, 3, 0), lambda: next(first), lambda: next(second)) == [1.0, pytest.approx(0, abs=1e-6)]


def test_speed_and_multiples_are_held_against_target_and_floor() -> None:
    """100 things in 4 s are 25 a second; the floor does them in 1 s."""
    assert speed("Painting", 100, 4, 50, ("bare wall", 1)) == Finding(
        "Painting", "25/s", "≥ 50/s", 0.5, "bare wall: 100/s", 4.0
    )
    assert multiple("Start", 0.25, 5, ("bare", 0.1)) == Finding(
        "Start", "250.0 ms", "≤ 5 × floor", 2.0, "bare: 100.0 ms", 2.5
    )


def test_the_verdict_says_how_far_a_target_was_missed() -> None:
    """Met, or the part that was reached."""
    assert (WHOLE.verdict, HALF.verdict) == ("met", "missed (50%)")


def test_the_table_shows_every_finding() -> None:
    """One row each, with the ratio where there is a floor."""
    console = Console(width=160)
    with console.capture() as printed:
        console.print(report.table([HALF, WHOLE]))
    painting, memory = (line for line in printed.get().splitlines() if "Painting" in line or "Memory" in line)
    assert [cell.strip() for cell in painting.split("│")[1:-1]] == [
        "Painting", "5/s", "≥ 10/s", "bare wall: 50/s", "10.0 ×", "missed (50%)",
    ]  # fmt: skip
    assert "met" in memory


def test_the_page_keeps_its_text_and_takes_new_numbers(tmp_path: Path) -> None:
    """Only what stands between the marks is replaced; date and machine stand above the table."""
    page = tmp_path / "performance.md"
    page.write_text(PAGE, encoding="utf-8")
    report.write([HALF, WHOLE], page, date(2026, 1, 31))
    before, *measured, after = page.read_text(encoding="utf-8").splitlines()
    assert (before, after) == ("Before.", "After.")
    assert measured[1].startswith("2026-01-31, ")
    assert "SQLite" in measured[1]
    assert measured[-3:-1] == [
        "| Painting | 5/s | ≥ 10/s | bare wall: 50/s | 10.0 × | missed (50%) |",
        "| Memory | 1 MB | ≤ 2 MB |  |  | met |",
    ]


def test_a_page_without_the_marks_is_left_alone(tmp_path: Path) -> None:
    """Nothing is written where the place for it is gone."""
    page = tmp_path / "performance.md"
    page.write_text(report.BEGIN, encoding="utf-8")
    with pytest.raises(ValueError, match=r"performance\.md has no"):
        report.write([], page, date(2026, 1, 31))
    assert page.read_text(encoding="utf-8") == report.BEGIN


def test_the_page_of_the_documentation_has_the_marks() -> None:
    """`make bench` can write there, and its last numbers have a row for each heading."""
    text = report.PAGE.read_text(encoding="utf-8")
    assert text.index(report.BEGIN) < text.index(" | ".join(report.HEADINGS)) < text.index(report.END)


def test_the_command_prints_what_it_measured_and_writes_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Chosen subjects alone are measured; --quick reaches them."""
    asked: list[tuple[str, bool]] = []

    def isolated(name: str, *, quick: bool) -> list[Finding]:
        asked.append((name, quick))
        return [HALF]

    page = tmp_path / "performance.md"
    page.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(bench, "isolated", isolated)
    monkeypatch.setattr(report, "PAGE", page)
    bench.main(["storing", "--quick"])
    assert asked == [("storing", True)]
    assert "older numbers" in page.read_text(encoding="utf-8")
    bench.main(["--write"])
    assert [name for name, _ in asked[1:]] == list(bench.SUBJECTS)
    assert "older numbers" not in page.read_text(encoding="utf-8")
    assert "missed (50%)" in capsys.readouterr().out
