"""Reminders (Mahnungen) in Lexware Office: drafts tied to an invoice, which a person sends.

The API knows neither level nor fee, and no list of them: what is asked for stands in the lines, and the last line of
the text carries our key with the level.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from connector.core.errors import DocumentRejected, NotFound, OutcomeUnknown
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.core.reminder import Reminder
from connector.core.reminder_texts import Part, parts_of
from connector.sinks.lexware.calls import Calls, Record
from connector.sinks.lexware.documents import LONGEST_TEXT, MOST_LINES, moment
from connector.sinks.lexware.settings import Settings
from connector.sinks.lexware.status import CURRENCY, StatusReader

DUNNINGS = "dunnings"

_REMINDED_OF = ("open", "overdue")
"""Status of invoices that something is to be paid of; whatever else it became since payments were read."""

SETTLE_FIRST = "read payments first: honorar settle"

_UNIT = {"de": "pauschal", "en": "flat"}


@dataclass(frozen=True, slots=True)
class Dunnings:
    """The reminders of one organisation; days begin at midnight of the zone."""

    settings: Settings
    calls: Calls
    zone: tzinfo

    def refusals(self, reminder: Reminder) -> Iterator[Problem]:
        """Yield every reason why the reminder does not fit."""
        if reminder.open.currency != CURRENCY:
            yield _refusal("CurrencyRefused", reminder, f"only {CURRENCY} is taken", "remind of it by hand")
        if len(reminder.text) > LONGEST_TEXT:
            message = f"its text has {len(reminder.text)} characters; {LONGEST_TEXT} are taken"
            yield _refusal("TextTooLong", reminder, message, "shorten text in dunning.toml")
        if len(list(parts_of(reminder, reminder.language))) > MOST_LINES:
            yield _refusal("TooManyLines", reminder, f"more than {MOST_LINES} amounts", "remind of it by hand")

    def write(self, reminder: Reminder, document: Receipt) -> Receipt:
        """Write the reminder as a draft; customer and tax conditions are those the invoice has there."""
        invoice = self._invoice(document)
        if invoice.get("voucherStatus") not in _REMINDED_OF:
            message = f"the invoice is {invoice.get('voucherStatus')} there by now"
            raise DocumentRejected(message, hint=SETTLE_FIRST)
        if (still_open := StatusReader(self.calls, self.zone).still_open(document.reference)) != reminder.open:
            message = f"{still_open} of the invoice are open there by now"
            raise DocumentRejected(message, hint=SETTLE_FIRST)
        body = self._body(reminder, invoice)
        answer = self.calls.send("POST", DUNNINGS, body, precedingSalesVoucherId=document.reference)
        if not isinstance(answer.get("id"), str):
            message = "the reminder was taken, but the answer names no id"
            raise OutcomeUnknown(message, place=f"{self.calls.name}: {DUNNINGS}")
        return self._receipt(reminder, answer)

    def find(self, reminder: Reminder, document: Receipt, known: Collection[str]) -> Receipt | None:
        """Return the receipt of the reminder if the invoice names it; that it names none proves nothing."""
        for related in self._invoice(document).get("relatedVouchers") or []:
            if related.get("voucherType") == "dunning" and related.get("id") not in known:
                try:
                    found = self.calls.record(self.calls.get(f"{DUNNINGS}/{related['id']}"), DUNNINGS)
                except NotFound:  # a draft that somebody discarded
                    continue
                if self._mark(reminder) in str(found.get("remark") or ""):
                    return self._receipt(reminder, found)
        return None

    def _invoice(self, document: Receipt) -> Record:
        return self.calls.record(self.calls.get(f"invoices/{document.reference}"), "invoices")

    def _body(self, reminder: Reminder, invoice: Record) -> dict[str, Any]:
        kept: dict[str, Any] = {
            name: invoice[name] for name in ("taxConditions", "shippingConditions") if name in invoice
        }
        return {
            "language": reminder.language,
            "voucherDate": moment(reminder.on, self.zone),
            "address": {"contactId": (invoice.get("address") or {}).get("contactId")},
            "lineItems": [_line(part, reminder) for part in parts_of(reminder, reminder.language)],
            "totalPrice": {"currency": CURRENCY},
            "title": reminder.name,
            "introduction": reminder.text,
            "remark": self._mark(reminder),
            **kept,
        }

    def _mark(self, reminder: Reminder) -> str:
        return self.settings.key_text.replace("{key}", f"{reminder.key}-{reminder.level}")

    def _receipt(self, reminder: Reminder, answer: Record) -> Receipt:
        link = f"{self.settings.app_url}/permalink/{DUNNINGS}/edit/{answer['id']}"
        return Receipt(reminder.key, answer["id"], link=link, version=str(answer.get("version", "")))


def _line(part: Part, reminder: Reminder) -> dict[str, Any]:
    """Return an amount without VAT: that of the invoice is in what is open, and damages for default bear none."""
    price = {"currency": CURRENCY, "netAmount": part.amount.amount, "taxRatePercentage": 0}
    reckoned = {"description": part.reckoned} if part.reckoned else {}
    plain = {"type": "custom", "name": part.label, "quantity": 1, "unitName": _UNIT[reminder.language]}
    return {**plain, **reckoned, "unitPrice": price}


def _refusal(code: str, reminder: Reminder, message: str, hint: str) -> Problem:
    return Problem(code, f"Lexware Office: {message}", reminder.place, hint, agreement=reminder.agreement)
