from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.datev.texts import Fitted, as_it_is, cut, fitted, written


@pytest.mark.parametrize("text", ["", "Phase 1", "Für Möbel – 50 €", "„Kampagne“ ŠŽ", "33,33 %"])
def test_what_windows_1252_has_stays(text: str) -> None:
    """Umlauts, dashes, quotation marks and the euro sign are there."""
    assert as_it_is(text, 60) == text.encode("cp1252")
    assert fitted(text, 60) == Fitted(text)


@pytest.mark.parametrize(
    ("text", "result", "replaced"),
    [
        ("Łódź Śródmieście", "Lódz Sródmiescie", "ŁŚśź"),
        ("Dvořák", "Dvorák", "ř"),
        ("10 − 3", "10 - 3", "−"),
        ("A\u200bB", "AB", "\u200b"),
        ("A\x07B\x7f", "AB", "\x07\x7f"),
        ("αβ", "av", "αβ"),
    ],
)
def test_what_it_lacks_is_transliterated_and_told(text: str, result: str, replaced: str) -> None:
    """Foreign letters become their nearest; what has no likeness goes."""
    assert fitted(text, 60) == Fitted(result, replaced)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    """A letter followed by a combining dieresis is an umlaut (NFC), so nothing is replaced."""
    assert fitted("Mu\u0308ller", 60) == Fitted("Müller")


@pytest.mark.parametrize(
    "text", ["Zeile 1\nZeile 2", "Zeile 1 \r\n  Zeile 2", "Zeile 1\tZeile 2", "Zeile 1\u2028Zeile 2"]
)
def test_a_line_break_becomes_one_blank(text: str) -> None:
    """DATEV refuses control characters within text."""
    assert fitted(text, 60) == Fitted("Zeile 1 Zeile 2")


def test_a_blank_that_does_not_break_stays() -> None:
    """Windows-1252 has it, and DATEV takes it."""
    assert fitted("33\u00a0%", 60).text == "33\u00a0%"


def test_what_is_too_long_is_cut_and_told() -> None:
    """The part that was left out is known."""
    assert fitted("Website Relaunch", 7) == Fitted("Website", "", " Relaunch")


def test_a_doubled_quote_counts_twice() -> None:
    """The limit holds for what stands in the file, and a pair is never torn."""
    assert cut('ab"cd', 4) == 'ab"'
    assert cut('abc"', 4) == "abc"
    assert written('ab"cd', 4) == b'ab""'


def test_a_transliteration_may_make_a_text_too_long() -> None:
    """It is cut after the characters were replaced."""
    assert fitted("☃" * 10, 12).text == ":snowman2::s"


@given(st.text(), st.integers(1, 80))
def test_any_text_fits(text: str, length: int) -> None:
    """Whatever comes, the cell is Windows-1252, without control characters, and not too long."""
    cell = written(text, length)
    assert len(cell) <= length
    assert cell.replace(b'""', b"").count(b'"') == 0
    assert not any(byte < 0x20 or byte == 0x7F for byte in cell)
    assert fitted(cell.decode("cp1252").replace('""', '"'), length).replaced == ""
