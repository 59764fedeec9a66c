from __future__ import annotations

from pathlib import Path

import pytest

from connector.datev.read import NotExtfError, cells_of, header_of, lines_of, records_of, value_of


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ('1,00;"S";;""', ["1,00", "S", "", ""]),
        ('"a;b";2', ["a;b", "2"]),
        ('"BEDI ""E0A0""";x;\r\n', ['BEDI "E0A0"', "x", ""]),
        ("", [""]),
    ],
)
def test_cells_are_told_apart(line: str, values: list[str]) -> None:
    """A semicolon within quotes is text; doubled quotes mean one."""
    assert [value_of(cell) for cell in cells_of(line)] == values


@pytest.mark.parametrize("line", ['1;"open', '1;"a"b;2', 'a"b'])
def test_a_quote_that_stands_alone_is_refused(line: str) -> None:
    """Everything behind it would fall into the wrong field."""
    with pytest.raises(NotExtfError, match=r"cell [12]: a quote stands alone"):
        cells_of(line)


def test_a_file_is_header_names_and_records(tmp_path: Path) -> None:
    """Lines are read one by one, in Windows-1252."""
    path = tmp_path / "EXTF_x.csv"
    path.write_bytes('"EXTF";700\r\nName;Umsatz\r\n"Müller";1,00\r\n"Šik";2,00\r\n'.encode("cp1252"))
    assert list(lines_of(path))[2] == ('"Müller"', "1,00")
    assert list(records_of(path)) == [("Müller", "1,00"), ("Šik", "2,00")]
    assert header_of(path) == ('"EXTF"', "700")


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    """File and line are in the message."""
    path = tmp_path / "EXTF_x.csv"
    path.write_text('"EXTF"\nName\n"open\n')
    with pytest.raises(NotExtfError, match=r"EXTF_x\.csv line 3"):
        list(records_of(path))


@pytest.mark.parametrize("content", [b"", b"Name;Umsatz\n", b'"open\n', b"\x81\x8d\n", b'"OTHER";1\n'])
def test_what_is_not_in_the_format_has_no_header(tmp_path: Path, content: bytes) -> None:
    """Whatever lies there, it is not ours."""
    path = tmp_path / "EXTF_x.csv"
    path.write_bytes(content)
    assert header_of(path) == ()
