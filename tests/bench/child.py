"""One subject measured in this process: `python -m tests.bench.child NAME [--quick]` prints what it found as JSON."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module

from connector.cli import FEW_COLLECTIONS
from tests.bench.measure import FULL, QUICK, Finding, Scale


def found(name: str, scale: Scale) -> Iterator[Finding]:
    """Yield what the module of the subject finds at this scale."""
    yield from import_module(f"tests.bench.{name}").measure(scale)


if __name__ == "__main__":
    gc.set_threshold(*FEW_COLLECTIONS)  # as the command does
    name, *quick = sys.argv[1:]
    json.dump([asdict(each) for each in found(name, QUICK if quick else FULL)], sys.stdout)
