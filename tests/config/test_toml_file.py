"""TOML files, and the one fault that keeps each from being read."""

from decimal import Decimal
from pathlib import Path

import pytest

from connector.config.toml_file import TomlFile, read_toml
from connector.core.problems import Problem


def written(tmp_path: Path, content: bytes) -> TomlFile | Problem:
    """Return the content as it is read from a file."""
    path = tmp_path / "some.toml"
    path.write_bytes(content)
    return read_toml(path)


def faulty(tmp_path: Path, content: bytes) -> Problem:
    """Return the fault; the test fails where the file can be read."""
    problem = written(tmp_path, content)
    assert isinstance(problem, Problem)
    return problem


def read(tmp_path: Path, content: bytes) -> TomlFile:
    """Return the file; the test fails where it cannot be read."""
    file = written(tmp_path, content)
    assert isinstance(file, TomlFile), file
    return file


def test_values_bytes_and_places_are_kept(tmp_path: Path) -> None:
    """Numbers with a decimal point stay as written; a missing key stands at the nearest table around it."""
    file = read(tmp_path, b"# first\n[a]\nb = 1.50\n")
    assert file.data == {"a": {"b": Decimal("1.50")}}
    assert str(file.data["a"]["b"]) == "1.50"
    assert file.content == b"# first\n[a]\nb = 1.50\n"
    assert [file.place(path) for path in [("a", "b"), ("a", "c", 0), ("x",), ()]] == [
        "some.toml:3",
        "some.toml:2",
        "some.toml:1",
        "some.toml:1",
    ]


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    """What Windows editors put before the first line is no fault."""
    file = read(tmp_path, "\ufeffa = 'ä'\r\nb = 2\r\n".encode())
    assert (file.data, file.place(("b",))) == ({"a": "ä", "b": 2}, "some.toml:2")


@pytest.mark.parametrize(
    ("content", "place"),
    [("a = 1\nb = 'ä'\n".encode("cp1252"), "some.toml:2"), ("a = 1".encode("utf-16"), "some.toml:1")],
)
def test_a_foreign_encoding_is_told_with_its_line(tmp_path: Path, content: bytes, place: str) -> None:
    """Windows-1252 and UTF-16 are not guessed."""
    problem = faulty(tmp_path, content)
    assert (problem.code, problem.place, problem.hint) == ("ConfigEncoding", place, "save it as UTF-8")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a = 1\n\na = 2\nb = 3\n", 3),
        ("a = 1\nb = \nc = 3\n", 2),
        ("[t]\nx = 1\n[t]\ny = 2\n", 3),
        ("a = 010\n", 1),
        ("a = 1\nb = 'open", 2),
        ("a = 1\nb = [1,\n\n", 3),
        ("a: 1\n", 1),
    ],
)
def test_faults_of_syntax_have_their_line(tmp_path: Path, content: str, line: int) -> None:
    """Keys twice, missing values, leading zeros, open quotes and brackets are told where they are seen."""
    problem = faulty(tmp_path, content.encode())
    assert (problem.code, problem.place) == ("ConfigSyntax", f"some.toml:{line}")
    assert problem.message.startswith("not TOML: ")
    assert "(at " not in problem.message


def test_an_empty_file_is_toml(tmp_path: Path) -> None:
    """What is missing in it is for the models to say."""
    assert read(tmp_path, b"").data == {}


def test_a_file_that_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    """The system's own reason is given, and the full path as a hint."""
    (tmp_path / "folder.toml").mkdir()
    for name, reason in (("missing.toml", "No such file or directory"), ("folder.toml", "Is a directory")):
        problem = read_toml(tmp_path / name)
        assert isinstance(problem, Problem)
        assert (problem.code, problem.place) == ("ConfigUnreadable", name)
        assert reason in problem.message
        assert str(tmp_path / name) in problem.hint
