"""What a line says to the customer, in German and English."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache

from connector.core.invoice import DocumentKind, Invoice, Prepayment
from connector.core.money import Money, rounded
from connector.core.period import Period

Named = Invoice | Prepayment
"""A document that a text names by kind, number and day."""

_TEXTS = {
    "de": {
        "progress": "{} – Leistungsstand {} (bisher {})",
        "covers": "Umfasst: {positions}",
        "named": "{kind} {number} vom {day}",
        "part": "Teilzahlung auf {document}",
        "cancels": "Storno: {document}",
        "deducts": "abzüglich {document}",
        "prepaid": "{document}: {net} netto, {tax} USt, {gross} brutto",
        "period": "Leistungszeitraum {first} bis {last}",
    },
    "en": {
        "progress": "{} – progress {} (so far {})",
        "covers": "Covers: {positions}",
        "named": "{kind} {number} of {day}",
        "part": "part payment of {document}",
        "cancels": "Cancels: {document}",
        "deducts": "less: {document}",
        "prepaid": "{document}: {net} net, {tax} VAT, {gross} gross",
        "period": "Service period {first} to {last}",
    },
}

KINDS = {
    "de": {
        DocumentKind.INVOICE: "Rechnung",
        DocumentKind.PARTIAL: "Abschlagsrechnung",
        DocumentKind.FINAL: "Schlussrechnung",
        DocumentKind.CORRECTION: "Rechnungskorrektur",
        DocumentKind.CREDIT_NOTE: "Kaufmännische Gutschrift",
    },
    "en": {
        DocumentKind.INVOICE: "Invoice",
        DocumentKind.PARTIAL: "Partial invoice",
        DocumentKind.FINAL: "Final invoice",
        DocumentKind.CORRECTION: "Correction",
        DocumentKind.CREDIT_NOTE: "Credit note",
    },
}
"""What people call the kinds of documents."""

LANGUAGES = tuple(_TEXTS)


def percent(share: Fraction, language: str) -> str:
    """Return the share as people read it: '33,33 %' in German, '33.33 %' in English, without needless zeros."""
    return _percent(share.numerator, share.denominator, language)


@lru_cache(1024)
def _percent(numerator: int, denominator: int, language: str) -> str:
    """Return the text of numerator ÷ denominator; known by two integers, which are looked up faster than a Fraction."""
    number = rounded(Fraction(numerator, denominator), 2, 100)
    plain = f"{number:f}".rstrip("0").rstrip(".")
    return f"{plain.replace('.', ',') if language == 'de' else plain} %"


def progress_text(language: str, label: str, before: Fraction, after: Fraction) -> str:
    """Return the label with the shares before and after."""
    return _TEXTS[language]["progress"].format(label, percent(after, language), percent(before, language))


def covers_text(language: str, positions: str) -> str:
    """Return the note that lists what an instalment covers, without amounts (domain 3.12)."""
    return _TEXTS[language]["covers"].format(positions=positions)


def cancels_text(language: str, document: Named) -> str:
    """Return the note of a correction that takes a document back."""
    return _TEXTS[language]["cancels"].format(document=_named(document, language))


def deducts_text(language: str, document: Prepayment) -> str:
    """Return the line of a final invoice that deducts an earlier document (domain 7.3)."""
    return _TEXTS[language]["deducts"].format(document=_paid_ahead(document, language))


def prepaid_text(language: str, document: Prepayment) -> str:
    """Return the note of a final invoice that names an earlier document with its VAT (domain 7.3)."""
    net, gross = document.net, document.gross
    amounts = {"net": net, "tax": gross - net, "gross": gross}
    shown = {name: amount_text(amount, language) for name, amount in amounts.items()}
    return _TEXTS[language]["prepaid"].format(document=_paid_ahead(document, language), **shown)


def period_text(language: str, period: Period) -> str:
    """Return the note that names the days of service."""
    first, last = (day_text(each, language) for each in (period.start, period.last_day))
    return _TEXTS[language]["period"].format(first=first, last=last)


def _paid_ahead(document: Prepayment, language: str) -> str:
    named = _named(document, language)
    return _TEXTS[language]["part"].format(document=named) if document.in_part else named


def _named(document: Named, language: str) -> str:
    kind, day = KINDS[language][document.kind], day_text(document.issue_date, language)
    return _TEXTS[language]["named"].format(kind=kind, number=document.number, day=day)


def day_text(on: date, language: str) -> str:
    """Return 31.01.2026 in German, else 2026-01-31."""
    return f"{on:%d.%m.%Y}" if language == "de" else on.isoformat()


def amount_text(amount: Money, language: str) -> str:
    """Return 8.333,33 EUR in German, else 8,333.33 EUR."""
    english = f"{amount.amount:,}"
    return f"{english.translate(_GERMAN_MARKS) if language == 'de' else english} {amount.currency}"


_GERMAN_MARKS = str.maketrans(",.", ".,")
