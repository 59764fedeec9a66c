"""`python -m tests.bench [--quick] [--write] [NAME …]`: a process for each subject, then the table."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date

from rich.console import Console

from tests.bench import report
from tests.bench.measure import Finding

SUBJECTS = (
    "planning",
    "retainers",
    "storing",
    "reading",
    "aggregating",
    "exporting",
    "delivering",
    "limiting",
    "starting",
)
"""The modules of this package that measure something."""

LOG_WIDTH = 160
"""Columns of the table where no terminal says how wide it is."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print; with --write also into docs/performance.md."""
    chosen = _parser().parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else LOG_WIDTH)
    findings = []
    for name in chosen.subjects or SUBJECTS:
        with console.status(f"measuring {name}"):
            findings += isolated(name, quick=chosen.quick)
    console.print(report.table(findings))
    console.print(report.machine())
    if chosen.write:
        report.write(findings, report.PAGE, date.today())  # noqa: DTZ011 (the day it is for whoever measures)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure speed and memory.")
    parser.add_argument("subjects", nargs="*", metavar="NAME", help=f"only these: {', '.join(SUBJECTS)}")
    parser.add_argument("--quick", action="store_true", help="little of each: shows that it works, not how fast")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/performance.md")
    return parser


def isolated(name: str, *, quick: bool) -> list[Finding]:
    """Return what a fresh process finds, so that no subject's memory counts for another."""
    line = [sys.executable, "-m", "tests.bench.child", name, *(["--quick"] if quick else [])]
    done = subprocess.run(line, stdout=subprocess.PIPE, check=True, text=True)
    return [Finding(**each) for each in json.loads(done.stdout)]


if __name__ == "__main__":
    main()
