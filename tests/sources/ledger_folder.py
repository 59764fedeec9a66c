"""A tenant's folder with ledger files, written as text in the tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent
from typing import Any, TypeVar

from connector.core.problems import Problem
from connector.http import Transport
from connector.sources import ledger

T = TypeVar("T")


class NoInbox:
    """An inbox that keeps nothing."""

    def keep(self, source: str, place: str, payload: bytes) -> None:
        """Let the payload go."""


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
    transport = Transport("ledger", tenant, NoInbox())
    return ledger.build(ledger.Settings.model_validate({"locale": "de", **settings}), transport)


def good(found: Iterable[T | Problem]) -> list[T]:
    """Return the values; fails where there is a problem among them."""
    values = list(found)
    problems = [value for value in values if isinstance(value, Problem)]
    assert problems == []
    return [value for value in values if not isinstance(value, Problem)]


def bad(found: Iterable[T | Problem]) -> list[Problem]:
    """Return the problems; the values are left out."""
    return [value for value in found if isinstance(value, Problem)]
