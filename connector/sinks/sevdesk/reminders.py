"""Reminders (type MA) in sevDesk: made from an invoice, and known by hanging on it (field origin).

The API takes nothing but the invoice: neither text nor fee nor interest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from connector.core.errors import DocumentRejected, OutcomeUnknown, UnexpectedAnswer
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.core.reminder import Reminder
from connector.sinks.sevdesk.calls import Calls, id_in, ref
from connector.sinks.sevdesk.payments import OPEN, PART_PAID, level_of
from connector.sinks.sevdesk.records import REMINDER, amount_in, day_in, receipt_of, sums_of

PATH = "Invoice/Factory/createInvoiceReminder"

ONE_DAY = timedelta(days=1)
"""So much earlier than an attempt its reminder may seem to be: the clocks may differ."""


def reminder_refusals(reminder: Reminder) -> Iterator[Problem]:
    """Yield why the reminder cannot be written as it is."""
    if reminder.total != reminder.open:
        message = "sevDesk takes neither fee nor lump sum nor interest on a reminder over its API"
        hint = "leave them out of this level in dunning.toml; or write it there by hand, then: honorar reminded"
        yield Problem("ReminderFeeRefused", message, reminder.place, hint, agreement=reminder.agreement)


@dataclass(frozen=True, slots=True)
class Reminders:
    """The reminders of one account; days begin at midnight of the zone."""

    calls: Calls
    app_url: str
    zone: tzinfo

    def write(self, reminder: Reminder, document: Receipt) -> Receipt:
        """Make the reminder; DocumentRejected where something else, or nothing, is open of the invoice there by now."""
        row = self.calls.one(f"Invoice/{document.reference}")
        status, still_open = str(row.get("status")), sums_of(row).gross - amount_in(row, "paidAmount", "0")
        if status not in (OPEN, PART_PAID) or still_open != reminder.open:
            message = f"the invoice has status {status} there by now, and {still_open} open"
            raise DocumentRejected(message, hint="read payments first: honorar settle")
        named = {"invoice[id]": document.reference, "invoice[objectName]": "Invoice"}
        answer = self.calls.send("POST", PATH, {"invoice": ref("Invoice", document.reference)}, named)
        try:
            return receipt_of(reminder.key, self.app_url, self.calls.record(answer, PATH))
        except UnexpectedAnswer:
            message = "the reminder was taken, but the answer names no id"
            raise OutcomeUnknown(message, place=f"{self.calls.name}: {PATH}") from None

    def find(self, reminder: Reminder, document: Receipt, since: datetime, known: Collection[str]) -> Receipt | None:
        """Return the receipt of a reminder on the document that is not known, and was made since then or has the level.

        The level, because our clock may have been wrong. One that a person wrote counts too: the customer was reminded.
        Filters are not relied on.
        """
        earliest = (since - ONE_DAY).astimezone(self.zone).date()
        for row in self.calls.rows("Invoice", {"showMa": "all", "invoiceType": REMINDER}):
            hangs_on = row.get("invoiceType") == REMINDER and id_in(row, "origin") == document.reference
            if not hangs_on or row["id"] in known:
                continue
            made_on = day_in(row, "create", self.zone)
            if level_of(row) >= reminder.level or (made_on and made_on >= earliest):
                return receipt_of(reminder.key, self.app_url, row)
        return None
