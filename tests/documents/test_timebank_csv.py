"""The time bank statement as a file for spreadsheets."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal

import pytest

from connector.core.bank_entries import TimeBank
from connector.documents.timebank_csv import COLUMNS, statement_file
from tests.support.time_banks import booked, mixed_bank, worked_bank

_BOM = b"\xef\xbb\xbf"


def rows(bank: TimeBank, language: str = "de") -> list[dict[str, str]]:
    """Return the rows of the file by heading."""
    text = statement_file(bank, language).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";" if language == "de" else ","))


def of(bank: TimeBank, period: str, *columns: str, item: str = "Design") -> list[tuple[str, ...]]:
    """Return these columns of the rows of one period of an item."""
    found = [row for row in rows(bank) if (row["Zeitraum"], row["Posten"]) == (period, item)]
    return [tuple(row[column] for column in columns) for row in found]


def test_a_german_spreadsheet_opens_it_by_itself() -> None:
    """Byte order mark, semicolons, lines that end as Windows ends them, decimal comma, German days."""
    file = statement_file(worked_bank(), "de")
    assert file.startswith(_BOM)
    heading, *lines = file.removeprefix(_BOM).decode().split("\r\n")
    assert heading == (
        "Posten;Zeitraum;Stand;Art;Datum;Person;Projekt;Projektname;Tätigkeit;Text;Menge;Einheit;Dauer;Gebucht;"
        "Kennung;Herkunft"
    )
    entry = "Design;2026-01;abgeschlossen;Eintrag;10.01.2026;Zoë;WEB;Website;Design;did T1;14,00;Std.;14:00;14:00;T1;"
    assert entry in lines
    assert lines[-1] == ""
    assert "\n" not in "".join(lines)


def test_an_english_spreadsheet_opens_it_by_itself() -> None:
    """Commas, decimal point, days that no one mistakes."""
    file = statement_file(worked_bank(), "en")
    assert file.startswith(_BOM + b"Item,Period,State,Kind,Date,")
    assert b"\r\nDesign,2026-01,closed,Entry,2026-01-10," in file
    assert b",14.00,hours,14:00,14:00,T1," in file


def test_every_row_has_all_columns() -> None:
    """An empty one as an empty cell."""
    for bank in (worked_bank(), mixed_bank()):
        assert {len(row) for row in rows(bank)} == {len(COLUMNS)}


def test_rule_4_6_a_period_reads_from_top_to_bottom() -> None:
    """What there was, what was booked, what is left; the text of the last row says what becomes of the overage."""
    assert of(worked_bank(), "2026-03", "Art", "Menge", "Dauer", "Kennung", "Text") == [
        ("Anfangsbestand", "3,00", "3:00", "", ""),
        ("davon Übertrag", "3,00", "3:00", "", ""),
        ("Kontingent", "20,00", "20:00", "", ""),
        ("Eintrag", "30,00", "30:00", "T3", "did T3"),
        ("Verbrauch", "30,00", "30:00", "", ""),
        ("Verfall", "0,00", "0:00", "", ""),
        ("Mehraufwand", "7,00", "7:00", "", ""),
        ("Endbestand", "0,00", "0:00", "", "Mehraufwand 7:00 h: wird sofort berechnet"),
    ]
    assert {row["Stand"] for row in rows(worked_bank()) if row["Zeitraum"] == "2026-05"} == {"läuft"}


def test_entries_and_rounding_add_up_to_what_was_used() -> None:
    """In the column of quantities, as a spreadsheet adds them."""
    for period in ("2026-01", "2026-02", "2026-03", "2026-04"):
        found = of(worked_bank(), period, "Art", "Menge")
        sums = {kind: Decimal(0) for kind in ("Eintrag", "Rundung", "Verbrauch")}
        for kind, quantity in found:
            if kind in sums:
                sums[kind] += Decimal(quantity.replace(",", "."))
        assert sums["Eintrag"] + sums["Rundung"] == sums["Verbrauch"]


def test_units_are_pieces() -> None:
    """A reading has neither person nor duration; it says where it was read."""
    columns = ("Art", "Datum", "Person", "Text", "Menge", "Einheit", "Dauer", "Gebucht", "Herkunft")
    found = of(mixed_bank(), "2026-01", *columns, item="Posts")
    assert found[3] == ("Eintrag", "10.01.2026", "", "posts", "9,5", "Stück", "", "", "metrics:2")
    assert found[4][:2] + found[4][4:6] == ("Verbrauch", "", "9,5", "Stück")


def test_money_comes_from_hours_by_activity() -> None:
    """Entries in hours, what their sum is rounded by, what each activity costs, and the sum in money."""
    columns = ("Art", "Tätigkeit", "Text", "Menge", "Einheit", "Dauer")
    assert of(mixed_bank(), "2026-01", *columns, item="Budget")[3:9] == [
        ("Eintrag", "Design", "did T1", "9,25", "Std.", "9:15"),
        ("Eintrag", "Design", "did T2", "0,40", "Std.", "0:24"),
        ("Eintrag", "Text", "did T3", "2,00", "Std.", "2:00"),
        ("Rundung", "", "", "0,35", "Std.", "0:21"),
        ("Betrag", "Design", "× 120,00 EUR", "1200,00", "EUR", "10:00"),
        ("Betrag", "Text", "× 90,50 EUR", "181,00", "EUR", "2:00"),
    ]


def test_hours_that_two_decimals_do_not_tell_have_four() -> None:
    """Twenty minutes; the duration is exact."""
    third = replace(booked("T1", "1"), seconds=1200)
    assert of(mixed_bank(third), "2026-01", "Menge", "Dauer", "Gebucht", item="Budget")[3] == ("0,3333", "0:20", "0:20")


@pytest.mark.parametrize("text", ["=1+1", "+49 30 1", "-2", "@SUM(A1)", "\tx"])
def test_no_text_becomes_a_formula(text: str) -> None:
    """Anybody may book such a text; a spreadsheet would execute it."""
    assert of(mixed_bank(booked("T1", "1", text=text)), "2026-01", "Text", item="Budget")[3] == (f"'{text}",)


def test_texts_keep_their_marks() -> None:
    """Separators, quotes and line breaks stay in their cell."""
    odd = 'Forms; "protected",\nall'
    text = statement_file(mixed_bank(booked("T1", "1", text=odd)), "de").decode("utf-8-sig")
    cells = [row["Text"] for row in csv.DictReader(text.splitlines(keepends=True), delimiter=";")]
    assert odd in cells
