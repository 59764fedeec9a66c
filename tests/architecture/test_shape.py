from __future__ import annotations

import pytest

from tests.architecture.shape import (
    LONGEST_FILE,
    LONGEST_FUNCTION,
    MAY_CHANGE,
    broad_handlers,
    changeable_values,
    length,
    long_file,
    long_functions,
    percentile,
    undocumented,
    unreasoned_silence,
)
from tests.architecture.syntax import Rule, assert_kept, house, parse


@pytest.mark.parametrize("rule", [long_functions, long_file, unreasoned_silence])
def test_everything_stays_readable(rule: Rule) -> None:
    """No function above 60 lines, no file above 500, no silenced lint without a reason, in the tests neither."""
    assert_kept(rule, house() + house("tests"))


@pytest.mark.parametrize("rule", [undocumented, broad_handlers, changeable_values])
def test_the_house_is_documented_careful_and_firm(rule: Rule) -> None:
    """Public names have docstrings, no handler catches everything, values of the core never change."""
    assert_kept(rule, house())


def test_most_functions_and_files_are_short() -> None:
    """Functions: half have at most 10 lines, nine in ten at most 30. Files: half have at most 150."""
    functions = [length(function) for source in house() for function in source.functions()]
    assert percentile(functions, 50) <= 10
    assert percentile(functions, 90) <= 30
    assert percentile([source.length for source in house()], 50) <= 150


def test_a_long_function_is_found() -> None:
    """One line more than allowed is found, also in a class and in an async function; the limit itself is not."""
    body = "        pass\n" * (LONGEST_FUNCTION - 1)
    assert not long_functions(parse(f"class A:\n    def f(self):\n{body}"))
    assert len(long_functions(parse(f"class A:\n    def f(self):\n{body}        pass"))) == 1
    assert len(long_functions(parse(f"class A:\n    async def f(self):\n{body}        pass"))) == 1


def test_a_long_file_is_found() -> None:
    """One line more than allowed is found; the limit itself is not."""
    assert not long_file(parse("x = 1\n" * LONGEST_FILE))
    assert len(long_file(parse("x = 1\n" * (LONGEST_FILE + 1)))) == 1


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([3, 1, 2], 50, 2), ([1, 2, 3, 4], 50, 2), ([*range(1, 11)], 90, 9), ([7], 90, 7), ([1, 9], 100, 9)],
)
def test_a_percentile_is_a_value_that_occurs(values: list[int], percent: int, expected: int) -> None:
    """So many percent of the values do not exceed it."""
    assert percentile(values, percent) == expected


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("x = 1", ["the module has no docstring"]),
        ('"""M."""\ndef f(): pass', ["f has no docstring"]),
        ('"""M."""\nasync def f(): pass', ["f has no docstring"]),
        ('"""M."""\nclass A:\n    def f(self): pass', ["A has no docstring", "f has no docstring"]),
        ('"""M."""\nclass A:\n    """A."""\n    class B: pass', ["B has no docstring"]),
    ],
)
def test_a_missing_docstring_is_found(text: str, missing: list[str]) -> None:
    """Modules, functions, classes, methods and inner classes need one."""
    assert [finding.split(": ", 1)[1] for finding in undocumented(parse(text))] == missing


@pytest.mark.parametrize(
    "text",
    [
        '"""M."""\ndef _f(): pass',
        '"""M."""\nclass _A:\n    def f(self): pass',
        '"""M."""\nclass A:\n    """A."""\n    def __str__(self): pass',
        '"""M."""\n@typing.overload\ndef f(): ...',
        '"""M."""\ndef f():\n    """F."""\n    def inner(): pass',
    ],
)
def test_private_names_need_no_docstring(text: str) -> None:
    """Private, magic, overloading and inner names say enough by their name."""
    assert not undocumented(parse(text))


@pytest.mark.parametrize(
    "kind", ["", " Exception", " BaseException", " (ValueError, Exception)", " Exception as error"]
)
def test_a_broad_handler_is_found(kind: str) -> None:
    """Bare, broad and half-broad handlers are found."""
    assert len(broad_handlers(parse(f"try:\n    f()\nexcept{kind}:\n    pass"))) == 1


def test_broad_suppression_is_found() -> None:
    """suppress(Exception) is a broad handler in other words."""
    assert broad_handlers(parse("with contextlib.suppress(Exception):\n    f()"))
    assert not broad_handlers(parse("with suppress(FileNotFoundError):\n    f()"))


@pytest.mark.parametrize("kind", ["ValueError", "(KeyError, OSError)", "errors.Locked as error", "ExceptionGroup"])
def test_a_handler_that_names_its_errors_is_left_alone(kind: str) -> None:
    """Named errors, alone or together, are what handlers are for."""
    assert not broad_handlers(parse(f"try:\n    f()\nexcept {kind}:\n    pass"))


@pytest.mark.parametrize("decorator", ["dataclass", "dataclass(slots=True)", "dataclasses.dataclass(frozen=False)"])
def test_a_changeable_value_is_found(decorator: str) -> None:
    """A value that was checked when it was made must not change afterwards."""
    text = f"@{decorator}\nclass Share:\n    value: int"
    assert len(changeable_values(parse(text, "connector.core.share"))) == 1
    assert not changeable_values(parse(text, "connector.cli"))


@pytest.mark.parametrize(
    "decorator", ["dataclass(frozen=True, slots=True)", "dataclasses.dataclass(frozen=True)", "final"]
)
def test_a_frozen_value_is_left_alone(decorator: str) -> None:
    """Frozen dataclasses and plain classes are no findings."""
    assert not changeable_values(parse(f"@{decorator}\nclass Share:\n    value: int", "connector.core.share"))


def test_what_may_change_has_a_reason_and_is_still_there() -> None:
    """A class that was renamed or frozen leaves no permission behind."""
    texts = {source.name: source.text for source in house()}
    for name, reason in MAY_CHANGE.items():
        module, _, kind = name.rpartition(".")
        assert reason
        assert f"class {kind}:" in texts[module]


@pytest.mark.parametrize("comment", ["# noqa", "# noqa: S608", "#noqa:S608,E501", "# noqa: S608 --"])
def test_silence_without_a_reason_is_found(comment: str) -> None:
    """A lint is silenced by its code and with a reason, not at large."""
    assert len(unreasoned_silence(parse(f"x = 1  {comment}"))) == 1


@pytest.mark.parametrize("comment", ["# noqa: S608 -- no user input", "# noqa: S608, E501 (our own table)", "# no"])
def test_silence_with_a_reason_is_left_alone(comment: str) -> None:
    """However the reason is set off."""
    assert not unreasoned_silence(parse(f"x = 1  {comment}"))
