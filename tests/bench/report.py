"""The table of what was found: for the terminal, and for docs/performance.md with date and machine."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from rich.table import Table

from tests.bench.measure import Finding

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
"""What stands between them in the page is written anew."""

HEADINGS = ("what", "result", "target", "floor", "ratio", "verdict")


def cells(finding: Finding) -> tuple[str, ...]:
    """Return the finding as the cells of a row, in the order of the headings."""
    ratio = "" if finding.ratio is None else f"{finding.ratio:.1f} ×"
    return finding.what, finding.result, finding.target, finding.floor, ratio, finding.verdict


def table(findings: Iterable[Finding]) -> Table:
    """Return the table for the terminal."""
    shown = Table(title="Speed and memory")
    for heading in HEADINGS:
        shown.add_column(heading, justify="right" if heading in ("result", "target", "ratio") else "left")
    for finding in findings:
        shown.add_row(*cells(finding), style="" if finding.reached >= 1 else "bold red")
    return shown


def machine() -> str:
    """Return what the numbers depend on: processor, cores, Python, SQLite; nothing that names a host or a path."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{processor()}, {os.cpu_count()} cores, {platform.system()}, {python}, SQLite {sqlite3.sqlite_version}"


def processor() -> str:
    """Return the model of the processor where Linux tells it, else its architecture."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def write(findings: Sequence[Finding], page: Path, today: date) -> None:
    """Put date, machine and table into the page, in place of what was measured before."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        message = f"{page.name} has no {BEGIN} … {END} to write between"
        raise ValueError(message)
    measured = "\n".join(("", f"{today}, {machine()}:", "", *_rows(findings), ""))
    page.write_text(before + BEGIN + measured + END + after, encoding="utf-8")


def _rows(findings: Iterable[Finding]) -> Iterator[str]:
    yield _row(HEADINGS)
    yield _row("---" if heading in ("what", "floor", "verdict") else "---:" for heading in HEADINGS)
    yield from (_row(cells(finding)) for finding in findings)


def _row(values: Iterable[str]) -> str:
    return f"| {' | '.join(values)} |"
