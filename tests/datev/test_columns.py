from __future__ import annotations

import pytest

from connector.datev.columns import Column, line_of, names_of, repeated, table
from connector.datev.tables import BUCHUNGSSTAPEL, DEBITOREN, HEADER


@pytest.mark.parametrize(
    ("kind", "length", "value", "cell"),
    [
        ("text", 10, "Müller", '"Müller"'),
        ("text", 12, 'Der "Kunde"', '"Der ""Kunde"""'),
        ("int", 3, "021", "021"),
        ("decimal", 13, "1234,50", "1234,50"),
        ("account", 9, "10001", "10001"),
        ("date_ttmm", 4, "0102", "0102"),
        ("date8", 8, "20260101", "20260101"),
    ],
)
def test_a_value_stands_in_its_cell(kind: str, length: int, value: str, cell: str) -> None:
    """Text is quoted with its quotes doubled; numbers and dates stand as they are."""
    length += value.count('"')
    assert table(f"{kind} {length} Name")[0].cell(value) == cell


@pytest.mark.parametrize(
    ("kind", "length", "value", "reason"),
    [
        ("text", 5, "Müller", "longer than 5"),
        ("text", 5, 'ab"cd', "longer than 5"),
        ("text", 5, "Łódź", "Windows-1252 lacks"),
        ("text", 5, "a\nb", "control characters"),
        ("text", 5, "a\x7fb", "control characters"),
        ("int", 3, "1a", "is no int"),
        ("decimal", 13, "1234.50", "is no decimal"),
        ("decimal", 13, "-1,00", "is no decimal"),
        ("account", 9, "0000", "is no account"),
        ("account", 4, "10001", "longer than 4"),
        ("date_ttmm", 4, "102", "is no date_ttmm"),
        ("bool01", 1, "2", "is no bool01"),
        ("timestamp", 17, "20260101", "is no timestamp"),
        ("empty", 0, "x", "longer than 0"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(kind: str, length: int, value: str, reason: str) -> None:
    """Length, kind and characters are checked, and the message names the field."""
    column = table(f"{kind} {length} Name")[0]
    assert reason in column.fault(value)
    with pytest.raises(ValueError, match="field 1 Name: "):
        column.cell(value)


def test_an_empty_text_is_two_quotes_and_an_empty_number_nothing() -> None:
    """A reserved field stays truly empty."""
    columns = table('text 3 A\nint 3 B\nempty 0 C\nint" 3 D')
    assert line_of(columns, {}) == '"";;;""\r\n'


def test_values_stand_at_their_number() -> None:
    """Columns count from 1; a number may be one that is quoted."""
    columns = table('text 3 A\nint 3 B\nint" 3 C')
    assert line_of(columns, {2: "7", 3: "8"}) == '"";7;"8"\r\n'
    assert names_of(columns) == "A;B;C\r\n"


def test_a_block_is_repeated_with_its_number() -> None:
    """The ten bank accounts are one block."""
    assert [column.name for column in table(repeated((1, 2), "text 1 Art {i}\ntext 2 Leer"))] == [
        "Art 1",
        "Leer",
        "Art 2",
        "Leer",
    ]


@pytest.mark.parametrize(("columns", "count"), [(HEADER, 31), (BUCHUNGSSTAPEL, 125), (DEBITOREN, 254)])
def test_a_line_has_all_its_columns(columns: tuple[Column, ...], count: int) -> None:
    """Header 700 has 31 fields, Buchungsstapel 13 has 125, Debitoren/Kreditoren 5 has 254."""
    assert [column.number for column in columns] == list(range(1, count + 1))
    assert line_of(columns, {}).count(";") == count - 1


@pytest.mark.parametrize(
    ("columns", "number", "name"),
    [
        (HEADER, 31, "Anwendungsinformation"),
        (BUCHUNGSSTAPEL, 37, "KOST1 - Kostenstelle"),
        (BUCHUNGSSTAPEL, 88, "Stück"),
        (BUCHUNGSSTAPEL, 114, "Festschreibung"),
        (BUCHUNGSSTAPEL, 125, "Abw. Skontokonto"),
        (DEBITOREN, 96, "Leerfeld"),
        (DEBITOREN, 101, "Sprache"),
        (DEBITOREN, 165, "Bankleitzahl 6"),
        (DEBITOREN, 254, "Letzte Frist"),
    ],
)
def test_columns_have_their_place(columns: tuple[Column, ...], number: int, name: str) -> None:
    """DATEV reads by position, so a column lost or doubled would shift all that follow."""
    assert columns[number - 1].name == name
