from __future__ import annotations

from connector.core.problems import Problem, Severity
from connector.datev import notices
from connector.datev.debtors import debtor_of
from tests.datev.samples import booked, party


def test_a_text_that_fits_gives_no_notice() -> None:
    """Nor does a line break, which becomes a blank."""
    assert not list(notices.of_booking(booked(text="Für 50 € – „Relaunch“")))
    assert not list(notices.of_booking(booked(text="Zeile\nZeile")))


def test_replaced_characters_and_cut_ends_are_told() -> None:
    """With document, field, and what became of the text."""
    text = "Łódź " + "x" * 60
    assert list(notices.of_booking(booked(text=text))) == [
        Problem(
            "TextTransliterated",
            f"field 14 Buchungstext: Windows-1252 lacks 'Ł', 'ź'; written as 'Lódz {'x' * 55}'",
            "document RE-2026-0001 of website",
            "nothing to do, if it reads well",
            Severity.NOTICE,
            "website",
        ),
        Problem(
            "TextCut",
            "field 14 Buchungstext: it holds 60 characters; left out is 'xxxxx'",
            "document RE-2026-0001 of website",
            "shorten the text at its source",
            Severity.NOTICE,
            "website",
        ),
    ]


def test_a_row_that_is_not_written_gives_no_notice() -> None:
    """Its text stands nowhere."""
    assert not list(notices.of_booking(booked("RE-1", "0.00", text="Łódź")))


def test_a_changed_name_is_told_with_the_account() -> None:
    """The debtor is named, not a document."""
    (problem,) = notices.of_debtor(debtor_of(booked(buyer=party("Šš Ţţ"))))
    assert problem.place == "debtor 10001"
    assert problem.message == "field 2 Name (Adressattyp Unternehmen): Windows-1252 lacks 'Ţ', 'ţ'; written as 'Šš Tt'"
    assert not problem.holds
