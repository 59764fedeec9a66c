"""Looking for documents: by our key, by number, and by the document they hang on."""

from __future__ import annotations

from collections.abc import Iterator

from connector.sinks.sevdesk.calls import Calls, Record, id_in
from connector.sinks.sevdesk.records import CANCELLATION, CREDIT_NOTE, REMINDER, is_draft

NOTE_FILTERS = ("customerInternalNote", "customerIntenalNote")
"""The note's name as measured, and as the documentation spells it; whichever an account knows does the filtering."""


def carrying(calls: Calls, key: str, kind: str = "Invoice") -> Record | None:
    """Return the oldest document of the kind that carries our key; cancellations and reminders, which inherit it, not.

    Every row is compared: were neither filter known, sevDesk would answer with all it has, and the search still hold.
    """
    found = (row for row in _noted(calls, key, kind) if row.get("invoiceType") not in (CANCELLATION, REMINDER))
    return min(found, key=lambda row: int(row["id"]), default=None)


def issued(calls: Calls, number: str) -> Record | None:
    """Return the issued invoice of the number, None where there is none."""
    for row in calls.rows("Invoice", {"invoiceNumber": number}):
        wanted = row.get("invoiceNumber") == number and row.get("invoiceType") not in (CANCELLATION, REMINDER)
        if wanted and not is_draft(row):
            return row
    return None


def cancellation_of(calls: Calls, original: Record) -> Record | None:
    """Return the cancellation invoice of the document, which carries the same note, None where there is none."""
    for row in _noted(calls, str(original.get("customerInternalNote") or "")):
        if row.get("invoiceType") == CANCELLATION and id_in(row, "origin") == original["id"]:
            return row
    return None


def number_is_taken(calls: Calls, credit_note: Record) -> bool:
    """Tell whether another credit note was issued under the number of this one, which is a draft."""
    number = credit_note.get("creditNoteNumber")
    return any(
        row.get("creditNoteNumber") == number and row["id"] != credit_note["id"] and not is_draft(row)
        for row in calls.rows(CREDIT_NOTE, {"creditNoteNumber": str(number)})
    )


def _noted(calls: Calls, note: str, kind: str = "Invoice") -> Iterator[Record]:
    for row in calls.rows(kind, dict.fromkeys(NOTE_FILTERS, note)):
        if (row.get("customerInternalNote") or "") == note:
            yield row
