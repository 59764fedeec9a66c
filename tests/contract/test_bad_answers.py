"""What every source does with bad answers: each whose tool has a stand-in with the example agency is held to it.

A tool takes part when it has a stand-in that can tell the agency (`api`, `fill`) and tests/sources/<tool>_agency.py
(`settings_for`). Whatever comes, a source yields values and Problems or raises one of our errors; it never dies of a
surprise, and one bad record does not hide the others.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from importlib import import_module
from typing import Any

import pytest

from connector import registry
from connector.core.errors import AuthenticationFailed, HonorarError, NotAllowed, UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem
from tests.standins.agency import example_agency
from tests.standins.server import Api, Asked, Said, as_json
from tests.support.direct import Direct
from tests.support.keyed_tenant import stand_in_of, without_limit

TOOLS = [name for name in registry.sources() if stand_in_of(name)]
READERS = ("customers", "projects", "offers", "readings", "metrics", "entries")
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
AGENCY = replace(example_agency(), entries=example_agency().entries[:30])
"""Whole but for its time, so that a visit is short."""

Bend = Callable[[Asked, Any], Any]
"""Returns the JSON that goes out instead."""

STRANGE: tuple[Any, ...] = (None, "", "?!", -1, 10**30, True, [], {}, "2026-13-45", [{}], {"id": {}})


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
        if self.instead and not _is_login(asked):
            return self.instead
        if said.status >= 300 or not said.payload():
            return said
        told = json.loads(said.payload())
        self.seen.append((asked.path, told))
        return Said(said.status, as_json(self.bend(asked, told)).encode() if self.bend else said.body, said.headers)


def _is_login(asked: Asked) -> bool:
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

    def source(self) -> Any:  # noqa: ANN401 - each adapter has ports of its own
        """Return the source as a tenant would configure it, new."""
        module = registry.source(self.name)
        given = import_module(f"tests.sources.{self.name}_agency").settings_for("http://127.0.0.1:1")
        return module.build(module.Settings.model_validate(given), Direct(self.name, self.bent))

    def told(self) -> dict[str, list[Any]]:
        """Return all that a new source reads, by reader; an error of ours counts as one problem."""
        source = self.source()
        return {name: list(_safely(self.name, reader)) for name, reader in _readers(source)}


def _readers(source: Any) -> Iterator[tuple[str, Callable[[], Iterator[Any]]]]:  # noqa: ANN401 - see above
    arguments: dict[str, tuple[Any, ...]] = {"readings": (YEAR.last_day,), "entries": (YEAR,)}
    for name in READERS:
        if reader := getattr(source, name, None):
            yield name, partial(reader, *arguments.get(name, ()))


def _safely(name: str, reader: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    try:
        yield from reader()
    except HonorarError as error:
        yield Problem("Raised", error.message, error.place or name, error.hint)


@pytest.fixture(scope="module", params=TOOLS)
def tool(request: pytest.FixtureRequest) -> Tool:
    """Return each tool with the agency in it, in turn; the vendor's limit is off, so that nothing waits."""
    module = stand_in_of(request.param)
    api = without_limit(module.api())
    module.fill(api, AGENCY)
    return Tool(request.param, Bent(api))


@pytest.fixture(autouse=True)
def straight(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let nothing be bent after a test."""
    yield
    if "tool" in request.fixturenames:
        bent = request.getfixturevalue("tool").bent
        bent.bend, bent.instead = None, None


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


def test_the_tools_are_found_at_all() -> None:
    """The rules below look at tools, not at an empty list."""
    assert "moco" in TOOLS


def test_a_sound_agency_has_no_problem(tool: Tool) -> None:
    """What is tested below is what was bent."""
    assert problems(tool.told()) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<!doctype html><title>Log in</title>", "text/html"),
        (b'{"truncated": [', "application/json"),
        (b"", "application/json"),
    ],
    ids=["login page", "truncated", "empty"],
)
def test_what_is_not_json_is_an_unexpected_answer(tool: Tool, body: bytes, kind: str) -> None:
    """A page for people, half an answer, or none: nothing is taken from it, and the place is named."""
    tool.bent.instead = Said(200, body, {"Content-Type": kind})
    for _, reader in _readers(tool.source()):
        with pytest.raises(UnexpectedAnswer) as caught:
            list(reader())
        assert tool.name in caught.value.place


@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationFailed), (403, NotAllowed)])
def test_a_key_that_is_refused_is_told(tool: Tool, status: int, error: type[HonorarError]) -> None:
    """Nothing looks like an empty account; `check` says it too."""
    tool.bent.instead = Said(status, {"message": "no"})
    for _, reader in _readers(tool.source()):
        with pytest.raises(error):
            list(reader())
    assert [found for found in _safely(tool.name, tool.source().check) if isinstance(found, Problem)] != []


def test_json_of_another_shape_is_an_unexpected_answer(tool: Tool) -> None:
    """Where a list of records belongs, there is something else."""
    shapes: tuple[Any, ...] = (None, 7, "text", [7], [[]], {})
    for shape in shapes:
        tool.bent.bend = partial(_reshaped, shape)
        told = tool.told()
        assert all(values == [] or problems({name: values}) for name, values in told.items()), shape
        assert good(told) == 0


def _reshaped(shape: Any, asked: Asked, told: Any) -> Any:  # noqa: ANN401 - any JSON
    return told if _is_login(asked) else shape


@pytest.mark.parametrize("seed", range(80))
def test_a_bent_record_is_a_problem_or_harmless(tool: Tool, seed: int) -> None:
    """A field that is missing or strange never kills the source, and the other records go on."""
    choice = random.Random(seed)  # noqa: S311 - not for secrets
    whole, answers = tool.sound
    path, answer = choice.choice(answers)
    where = choice.choice([each for each in records_in(answer) if at(answer, each)])
    name = choice.choice(sorted(at(answer, where)))
    value = choice.choice((*STRANGE, ...))

    def bend(asked: Asked, told: Any) -> Any:  # noqa: ANN401 - any JSON
        record = at(told, where) if asked.path == path else None
        if isinstance(record, dict) and record.get("id") == at(answer, where).get("id"):
            if value is ...:
                record.pop(name, None)
            else:
                record[name] = value
        return told

    tool.bent.bend = bend
    found = tool.told()

    assert all(each.message and each.place for each in problems(found))
    nothing = not good(found)  # which a pull does not believe
    assert problems(found) or nothing or good(found) > whole / 2, (path, where, name, value)


def test_a_record_told_twice_counts_once(tool: Tool) -> None:
    """A page that shifts while it is read shows a record again; no id is yielded twice."""

    def twice(_: Asked, told: Any) -> Any:  # noqa: ANN401 - any JSON
        for path in list(records_in(told)):
            if path and isinstance(path[-1], int) and path[-1] == 0 and "id" in at(told, path):
                at(told, path[:-1]).append(at(told, path))
        return told

    tool.bent.bend = twice
    found = tool.told()

    for name in ("customers", "projects", "offers", "entries"):
        ids = [value.id for value in found.get(name, ()) if not isinstance(value, Problem)]
        assert len(ids) == len(set(ids)), name


@pytest.mark.parametrize("name", TOOLS)
def test_time_of_any_age_is_read_and_that_of_the_future_waits(name: str) -> None:
    """Ten years ago, on days on which the clocks change, at the end of the year, and behind it (domain 1.7)."""
    days = [date(2016, 2, 29), date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31), date(2027, 1, 1)]
    dated = [replace(entry, day=day) for entry, day in zip(AGENCY.entries, days, strict=False)]
    module = stand_in_of(name)
    api = without_limit(module.api())
    module.fill(api, replace(AGENCY, entries=tuple(dated)))
    source = Tool(name, Bent(api)).source()

    until_now = [(each.day, each.seconds) for each in source.entries(Period(date(2000, 1, 1), YEAR.end))]
    later = [(each.day, each.seconds) for each in source.entries(Period(YEAR.end, date(2028, 1, 1)))]

    assert sorted(until_now) == [(each.day, each.seconds) for each in dated[:4]]
    assert later == [(dated[4].day, dated[4].seconds)]
