"""A source over a stand-in that has the example agency in it, all that it tells, and answers bent on the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from importlib import import_module
from typing import Any

from connector import registry
from connector.core.errors import HonorarError
from connector.core.period import Period
from connector.core.problems import Problem
from tests.standins.agency import Agency, example_agency
from tests.standins.server import Api, Asked, Said, as_json
from tests.support.direct import Direct
from tests.support.keyed_tenant import stand_in_of, without_limit

TOOLS = [name for name in registry.sources() if stand_in_of(name)]
"""Those whose stand-in can tell the agency (`api`, `fill`); their tests/sources/<tool>_agency.py has `settings_for`."""

READERS = ("customers", "projects", "offers", "readings", "metrics", "entries")
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
AGENCY = replace(example_agency(), entries=example_agency().entries[:30])
"""Whole but for its time, so that a visit is short."""

Bend = Callable[[Asked, Any], Any]
"""Returns the JSON that goes out instead."""


@dataclass
class Bent:
    """An API whose answers are bent on the way out; `seen` is what it said, for the choice of what to bend."""

    api: Api
    bend: Bend | None = None
    instead: Said | None = None
    seen: list[tuple[str, Any]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        """Answer as the stand-in does, bent."""
        said = self.api.answer(asked)
        if self.instead and not is_login(asked):
            return self.instead
        if said.status >= 300 or not said.payload():
            return said
        told = json.loads(said.payload())
        self.seen.append((asked.path, told))
        return Said(said.status, as_json(self.bend(asked, told)).encode() if self.bend else said.body, said.headers)


def is_login(asked: Asked) -> bool:
    """Tell whether a token is asked for."""
    return asked.path.rstrip("/").endswith("/auth")


@dataclass
class Tool:
    """A stand-in with the agency in it, and how its source is built."""

    name: str
    bent: Bent

    @cached_property
    def sound(self) -> tuple[int, list[tuple[str, Any]]]:
        """Return how many values are told where nothing is bent, and the answers that have records."""
        self.bent.seen.clear()
        whole = good(self.told())
        return whole, [(path, answer) for path, answer in self.bent.seen if any(records_in(answer))]

    @classmethod
    def telling(cls, name: str, agency: Agency = AGENCY) -> Tool:
        """Return the tool with the agency in it; the vendor's limit is off, so that nothing waits."""
        module = stand_in_of(name)
        api = without_limit(module.api())
        module.fill(api, agency)
        return cls(name, Bent(api))

    def source(self) -> Any:  # noqa: ANN401 - each adapter has ports of its own
        """Return the source as a tenant would configure it, new."""
        module = registry.source(self.name)
        agency: Any = import_module(f"tests.sources.{self.name}_agency")
        given = agency.settings_for("http://127.0.0.1:1") | getattr(agency, "ESTIMATES", {})
        return module.build(module.Settings.model_validate(given), Direct(self.name, self.bent))

    def told(self, period: Period = YEAR) -> dict[str, list[Any]]:
        """Return all that a new source reads, by reader; an error of ours counts as one problem."""
        return told_by(self.source(), self.name, period)


def told_by(source: Any, name: str, period: Period = YEAR) -> dict[str, list[Any]]:  # noqa: ANN401 - see above
    """Return all that the source reads, by reader; an error of ours counts as one problem."""
    return {each: list(safely(name, reader)) for each, reader in readers(source, period)}


def readers(source: Any, period: Period = YEAR) -> Iterator[tuple[str, Callable[[], Iterator[Any]]]]:  # noqa: ANN401 - see above
    """Yield how each reader of the source is asked, by name."""
    arguments: dict[str, tuple[Any, ...]] = {"readings": (period.last_day,), "entries": (period,)}
    for name in READERS:
        if reader := getattr(source, name, None):
            yield name, partial(reader, *arguments.get(name, ()))


def safely(name: str, reader: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    """Yield what the reader yields; an error of ours as a problem."""
    try:
        yield from reader()
    except HonorarError as error:
        yield Problem("Raised", error.message, error.place or name, error.hint)


def problems(told: dict[str, list[Any]]) -> list[Problem]:
    """Return the problems of all readers."""
    return [value for values in told.values() for value in values if isinstance(value, Problem)]


def good(told: dict[str, list[Any]]) -> int:
    """Return how many values there are."""
    return sum(not isinstance(value, Problem) for values in told.values() for value in values)


def records_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    """Yield the path of every object in the JSON."""
    if isinstance(value, dict):
        yield path
        for name, inner in value.items():
            yield from records_in(inner, (*path, name))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from records_in(inner, (*path, at))


def at(value: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401 - any JSON
    """Return what lies at the path; None where there is nothing."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
