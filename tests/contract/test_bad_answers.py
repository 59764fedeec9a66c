"""What every source does with bad answers: each whose tool has a stand-in with the example agency is held to it.

Whatever comes, a source yields values and Problems or raises one of our errors; it never dies of a surprise, and one
bad record does not hide the others (docs/sources/README.md).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from connector.core.errors import AuthenticationFailed, HonorarError, NotAllowed, UnexpectedAnswer
from connector.core.problems import Problem
from tests.contract.tool import TOOLS, Tool, at, good, is_login, problems, readers, records_in, safely
from tests.standins.server import Asked, Said

STRANGE: tuple[Any, ...] = (None, "", "?!", -1, 10**30, True, [], {}, "2026-13-45", [{}], {"id": {}})


@pytest.fixture(scope="module", params=TOOLS)
def tool(request: pytest.FixtureRequest) -> Tool:
    """Return each tool in turn."""
    return Tool.telling(request.param)


@pytest.fixture(autouse=True)
def straight(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let nothing be bent after a test."""
    yield
    if "tool" in request.fixturenames:
        bent = request.getfixturevalue("tool").bent
        bent.bend, bent.instead = None, None


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
    for _, reader in readers(tool.source()):
        with pytest.raises(UnexpectedAnswer) as caught:
            list(reader())
        assert tool.name in caught.value.place


@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationFailed), (403, NotAllowed)])
def test_a_key_that_is_refused_is_told(tool: Tool, status: int, error: type[HonorarError]) -> None:
    """Nothing looks like an empty account; `check` says it too."""
    tool.bent.instead = Said(status, {"message": "no"})
    for _, reader in readers(tool.source()):
        with pytest.raises(error):
            list(reader())
    assert [found for found in safely(tool.name, tool.source().check) if isinstance(found, Problem)] != []


def test_json_of_another_shape_is_an_unexpected_answer(tool: Tool) -> None:
    """Where a list of records belongs, there is something else."""
    shapes: tuple[Any, ...] = (None, 7, "text", [7], [[]], {})
    for shape in shapes:
        tool.bent.bend = partial(_reshaped, shape)
        told = tool.told()
        assert all(values == [] or problems({name: values}) for name, values in told.items()), shape
        assert good(told) == 0


def _reshaped(shape: Any, asked: Asked, told: Any) -> Any:  # noqa: ANN401 - any JSON
    return told if is_login(asked) else shape


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
