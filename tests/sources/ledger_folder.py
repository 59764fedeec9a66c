"""A tenant's folder with ledger files, written as text in the tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent
from typing import Any, TypeVar

from connector.core.problems import Problem
from connector.sources import ledger
from tests.support.transports import transport_for

T = TypeVar("T")


def written(folder: Path, /, **files: str | bytes) -> Path:
    """Write the files into the folder's data folder, each named without '.csv'; text is dedented."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    for name, content in files.items():
        raw = content if isinstance(content, bytes) else dedent(content).lstrip("\n").encode()
        (data / f"{name}.csv").write_bytes(raw)
    return folder


def opened(tenant: Path, /, **settings: Any) -> ledger.Ledger:  # noqa: ANN401 -- settings as a configuration has them
    """Return the ledger of the tenant's folder, in German notation unless said otherwise."""
    given = ledger.Settings.model_validate({"locale": "de", **settings})
    return ledger.build(given, transport_for("ledger", folder=tenant))


def good(found: Iterable[T | Problem]) -> list[T]:
    """Return the values; fails where there is a problem among them."""
    values = list(found)
    problems = [value for value in values if isinstance(value, Problem)]
    assert problems == []
    return [value for value in values if not isinstance(value, Problem)]


def bad(found: Iterable[T | Problem]) -> list[Problem]:
    """Return the problems; the values are left out."""
    return [value for value in found if isinstance(value, Problem)]


def faults(tenant: Path, **settings: str) -> list[tuple[str, str, str, str]]:
    """Return code, place, message and hint of everything that is wrong with the ledger."""
    return [(each.code, each.place, each.message, each.hint) for each in opened(tenant, **settings).check()]
