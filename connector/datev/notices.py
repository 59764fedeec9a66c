"""What was changed so that a text fits, told to the operator; nothing here holds a document back."""

from __future__ import annotations

from collections.abc import Iterator

from connector.core.booking import Booking
from connector.core.problems import Problem, Severity
from connector.datev.columns import Column
from connector.datev.debtors import Debtor
from connector.datev.records import TEXT_LENGTH, Field
from connector.datev.rules import place_of
from connector.datev.tables import BUCHUNGSSTAPEL, DEBITOREN
from connector.datev.texts import Fitted, as_it_is, fitted


def of_booking(booking: Booking) -> Iterator[Problem]:
    """Yield what was changed in the texts of the document's rows."""
    for row in booking.rows:
        if row.gross and as_it_is(row.text, TEXT_LENGTH) is None:
            text = fitted(row.text, TEXT_LENGTH)
            yield from _changes(BUCHUNGSSTAPEL[Field.TEXT - 1], text, place_of(booking), booking.invoice.agreement)


def of_debtor(debtor: Debtor) -> Iterator[Problem]:
    """Yield what was changed in the debtor's name and address."""
    for number, text in debtor.changed.items():
        yield from _changes(DEBITOREN[number - 1], text, f"debtor {debtor.account}", "")


def _changes(column: Column, text: Fitted, place: str, agreement: str) -> Iterator[Problem]:
    if text.replaced:
        message = f"{column}: Windows-1252 lacks {', '.join(map(repr, text.replaced))}; written as {text.text!r}"
        hint = "nothing to do, if it reads well"
        yield Problem("TextTransliterated", message, place, hint, Severity.NOTICE, agreement)
    if text.cut:
        message = f"{column}: it holds {column.length} characters; left out is {text.cut!r}"
        yield Problem("TextCut", message, place, "shorten the text at its source", Severity.NOTICE, agreement)
