from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.core.ports import Export
from connector.datev.batches import Span
from connector.datev.header import batch_label, booking_header, debtor_header
from connector.datev.read import cells_of
from tests.datev.samples import export, settings

JANUARY = Span.of(date(2026, 1, 31), settings())


def test_the_header_of_a_buchungsstapel() -> None:
    """It names the client, the days, and the export that the file belongs to."""
    chosen = settings(chart="03", dictation_initials="MM", exported_by="Buero_1")
    assert booking_header(chosen, export(), JANUARY, 1) == (
        '"EXTF";700;21;"Buchungsstapel";13;20260202093015123;;"RE";"Buero_1";"";29098;55003;20260101;4;20260101;20260131;'
        '"Rechnungsausgang 01/2026";"MM";1;0;0;"EUR";;"";;;"03";;;"";"0123456789abcdef"\r\n'
    )


def test_the_header_of_the_debtors() -> None:
    """Master data have neither days nor label nor currency."""
    assert debtor_header(settings(commit=1), export(), JANUARY) == (
        '"EXTF";700;16;"Debitoren/Kreditoren";5;20260202093015123;;"RE";"Honorar";"";29098;55003;20260101;4;;;'
        '"";"";;;0;"";;"";;;"";;;"";"0123456789abcdef"\r\n'
    )


@pytest.mark.parametrize("commit", [0, 1])
def test_whether_the_batch_is_committed_is_always_said(commit: int) -> None:
    """DATEV takes an empty field as committed."""
    assert cells_of(booking_header(settings(commit=commit), export(), JANUARY, 1))[20] == str(commit)


def test_the_fiscal_year_is_the_one_of_the_days() -> None:
    """With a fiscal year from July, January belongs to the year before."""
    chosen = settings(fiscal_year_start="07-01", account_length=6)
    cells = cells_of(booking_header(chosen, export(), Span.of(date(2026, 1, 31), chosen), 1))
    assert cells[12:16] == ("20250701", "6", "20260101", "20260131")


@pytest.mark.parametrize(
    ("handed_over", "part", "label"),
    [
        (export(), 1, "Rechnungsausgang 01/2026"),
        (export(), 2, "Rechnungsausgang 01/2026 2"),
        (export(repeat=True), 1, "Wiederholung 01/2026"),
        (export(repeat=True), 12, "Wiederholung 01/2026 12"),
    ],
)
def test_the_accountant_sees_a_repetition(handed_over: Export, part: int, label: str) -> None:
    """The batch's name says so, and stays within 30 characters."""
    assert batch_label(handed_over, JANUARY, part) == label


def test_a_token_that_does_not_fit_is_a_fault_of_the_program() -> None:
    """The field takes 16 characters; a cut token would not be known again."""
    with pytest.raises(ValueError, match="field 31 Anwendungsinformation"):
        booking_header(settings(), replace(export(), token="0123456789abcdef0"), JANUARY, 1)  # noqa: S106 - no secret
