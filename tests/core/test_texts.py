"""What a line says to the customer."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from connector.core.invoice import DocumentKind, Prepayment
from connector.core.texts import (
    KINDS,
    LANGUAGES,
    cancels_text,
    covers_text,
    deducts_text,
    percent,
    period_text,
    prepaid_text,
    progress_text,
)
from tests.core.builders import JANUARY, invoice, line


@pytest.mark.parametrize(
    ("share", "german", "english"),
    [
        (Fraction(0), "0 %", "0 %"),
        (Fraction(1), "100 %", "100 %"),
        (Fraction(1, 2), "50 %", "50 %"),
        (Fraction(1, 3), "33,33 %", "33.33 %"),
        (Fraction(2, 3), "66,67 %", "66.67 %"),
        (Fraction(1, 8), "12,5 %", "12.5 %"),
        (Fraction(6, 5), "120 %", "120 %"),
        (Fraction(1, 1000), "0,1 %", "0.1 %"),
        (Fraction(1, 10**6), "0 %", "0 %"),
        (Fraction(-1, 4), "-25 %", "-25 %"),
        (Fraction(100), "10000 %", "10000 %"),
    ],
)
def test_a_share_is_written_in_percent_without_needless_zeros(share: Fraction, german: str, english: str) -> None:
    """Two decimals at most, with the mark of the language."""
    assert (percent(share, "de"), percent(share, "en")) == (german, english)


def test_progress_names_label_and_both_shares() -> None:
    """How far it is and how far it was."""
    half, third = Fraction(1, 2), Fraction(1, 3)
    assert progress_text("de", "Entwurf", third, half) == "Entwurf – Leistungsstand 50 % (bisher 33,33 %)"
    assert progress_text("en", "Draft", third, half) == "Draft – progress 50 % (so far 33.33 %)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_braces_in_a_label_stay_as_they_are(language: str) -> None:
    """A label is text, never a template."""
    assert "{after}" in progress_text(language, "{after}", Fraction(0), Fraction(1))
    assert "{positions}" in covers_text(language, "{positions}")


def test_other_documents_are_named_by_kind_number_and_day() -> None:
    """What a correction cancels, and what a final invoice deducts or takes as prepaid, with its VAT."""
    partial = replace(invoice(line("1710.50"), kind=DocumentKind.PARTIAL), number="RE-1")
    assert cancels_text("de", partial) == "Storno: Abschlagsrechnung RE-1 vom 31.01.2026"
    assert cancels_text("en", partial) == "Cancels: Partial invoice RE-1 of 2026-01-31"
    earlier = Prepayment("RE-1", partial.kind, partial.issue_date, partial.vat, "", "", "WEB", JANUARY)
    assert deducts_text("de", earlier) == "abzüglich Abschlagsrechnung RE-1 vom 31.01.2026"
    assert deducts_text("en", earlier) == "less: Partial invoice RE-1 of 2026-01-31"
    part = replace(earlier, in_part=True)
    assert deducts_text("de", part) == "abzüglich Teilzahlung auf Abschlagsrechnung RE-1 vom 31.01.2026"
    assert deducts_text("en", part) == "less: part payment of Partial invoice RE-1 of 2026-01-31"
    assert prepaid_text("de", earlier) == (
        "Abschlagsrechnung RE-1 vom 31.01.2026: 1.710,50 EUR netto, 325,00 EUR USt, 2.035,50 EUR brutto"
    )
    assert prepaid_text("en", earlier) == (
        "Partial invoice RE-1 of 2026-01-31: 1,710.50 EUR net, 325.00 EUR VAT, 2,035.50 EUR gross"
    )


def test_the_days_of_service_are_named_with_the_last_one() -> None:
    """As people count: the last day belongs to them."""
    assert period_text("de", JANUARY) == "Leistungszeitraum 01.01.2026 bis 31.01.2026"
    assert period_text("en", JANUARY) == "Service period 2026-01-01 to 2026-01-31"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_document_has_a_name(language: str) -> None:
    """In every language."""
    assert set(KINDS[language]) == set(DocumentKind)
