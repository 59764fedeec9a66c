"""Starting the command: its help, and a run that finds nothing to do, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.measure import Finding, Scale, fastest, milliseconds, multiple, seconds

MOST_TIMES = 8
MOST_SECONDS = 0.5
LAST_DAY = "2026-06-30"

HONORAR = str(Path(sys.executable).with_name("honorar"))
NOTHING = (sys.executable, "-c", "pass")

NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Where this is set, whatever was edited is compiled at every start; what is installed never is."""

SOME_HELD = 1
"""The example agency holds a document on purpose."""


def measure(scale: Scale) -> Iterator[Finding]:
    """Yield the wall time of the help and of a run with nothing to do, held against a Python that does nothing."""
    with TemporaryDirectory() as folder:
        tenant = str(Path(folder) / "agency")
        run = (HONORAR, "run", "--config", tenant, "--as-of", LAST_DAY)
        start((HONORAR, "init", "--example", tenant))
        start(run)
        goes = [
            partial(seconds, partial(start, line), time.perf_counter) for line in ((HONORAR, "--help"), run, NOTHING)
        ]
        help_, nothing_due, floor = fastest(scale, *goes)
    bare = ("python -c pass", floor)
    yield multiple("honorar --help", help_, MOST_TIMES, bare)
    yield Finding(
        "honorar run, nothing to do",
        milliseconds(nothing_due),
        f"≤ {milliseconds(MOST_SECONDS)}",
        MOST_SECONDS / nothing_due,
        f"{bare[0]}: {milliseconds(floor)}",
        nothing_due / floor,
    )


def start(line: tuple[str, ...]) -> None:
    """Run the command line; RuntimeError with what it said if it fails."""
    kept = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    done = subprocess.run(line, capture_output=True, check=False, text=True, env=kept)
    if done.returncode not in (0, SOME_HELD):
        raise RuntimeError(done.stderr)
