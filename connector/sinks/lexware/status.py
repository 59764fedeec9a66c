"""Payments and reminders read back from Lexware Office (domain 10.1).

One list tells what changed since the last time, another what is overdue: `overdue` must be asked for alone. Only
changed invoices on which something was paid are asked for their payments. There is no list of reminders; an invoice
that is overdue names its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from connector.core.errors import HonorarError, NotFound, UnexpectedAnswer
from connector.core.money import Money
from connector.core.payment import Dunning, PaymentState, PaymentStatus, state_of
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.sinks.lexware.calls import Calls, Record

CURRENCY = "EUR"

PAYMENTS = "payments"

TYPES = "invoice,creditnote"

_NOTHING_OPEN = ("paid", "paidoff")
"""States in which a row may leave out what is open."""

_CREDITED = "partPaymentCreditNote"
"""The kind of a payment that is a credit note tied to the invoice: no money came."""

_LOST = "irrecoverableReceivable"
"""The kind of a payment that is none: the rest was written off."""


@dataclass(frozen=True, slots=True)
class StatusReader:
    """Reads the payments of one organisation; days begin at midnight of the zone."""

    calls: Calls
    zone: tzinfo

    def statuses(self, receipts: Sequence[Receipt], since: datetime | None) -> Iterator[PaymentStatus | Problem]:
        """Yield the state of every document that changed since then or is overdue today."""
        ours = {receipt.reference: receipt for receipt in receipts}
        overdue = {row["id"]: row for row in self._rows("overdue", None) if row["id"] in ours}
        changed = {row["id"]: row for row in self._rows("any", since) if row["id"] in ours}
        for reference, row in {**overdue, **changed}.items():
            try:
                status = self._status(ours[reference].key, row, with_payments=reference in changed)
                dunning = self._dunning(reference) if reference in overdue else None
                yield replace(status, overdue=reference in overdue, dunning=dunning)
            except (UnexpectedAnswer, NotFound) as error:
                yield _not_understood(ours[reference], error)

    def still_open(self, reference: str) -> Money:
        """Return what is open of the invoice at this moment."""
        return self._amount(self.calls.get(f"{PAYMENTS}/{reference}"), "openAmount")

    def _rows(self, status: str, since: datetime | None) -> Iterator[Record]:
        changed = {"updatedDateFrom": since.astimezone(self.zone).date().isoformat()} if since else {}
        return self.calls.rows(
            "voucherlist", voucherType=TYPES, voucherStatus=status, sort="updatedDate,ASC", **changed
        )

    def _status(self, key: str, row: Record, *, with_payments: bool) -> PaymentStatus:
        """Return what the row says, and of an invoice on which something was paid, what its payments say."""
        sign = -1 if row.get("voucherType") == "creditnote" else 1
        total = self._amount(row, "totalAmount", sign)
        word = str(row.get("voucherStatus", ""))
        if word == "voided":
            return PaymentStatus(key, PaymentState.CANCELLED, Money.zero(CURRENCY), word=word)
        if row.get("openAmount") is None and word in _NOTHING_OPEN:
            still_open = Money.zero(CURRENCY)
        else:
            still_open = total if word == "draft" else self._amount(row, "openAmount", sign)
        status = PaymentStatus(key, state_of(total, still_open), still_open, word=word)
        if status.state is PaymentState.OPEN or sign < 0 or not with_payments:
            return status
        return self._with_payments(status, row["id"], total)

    def _with_payments(self, status: PaymentStatus, reference: str, total: Money) -> PaymentStatus:
        payment = self.calls.get(f"{PAYMENTS}/{reference}")
        if not isinstance(payment, dict) or not isinstance(payment.get("paymentItems"), list):
            raise self.calls.not_understood(PAYMENTS)
        still_open = self._amount(payment, "openAmount")
        kinds = {item.get("paymentItemType") for item in payment["paymentItems"]}
        if not still_open and kinds == {_CREDITED}:
            return replace(status, state=PaymentState.CANCELLED, open=still_open)
        return replace(
            status,
            state=PaymentState.WRITTEN_OFF if not still_open and _LOST in kinds else state_of(total, still_open),
            open=still_open,
            paid_on=self._paid_on(payment),
        )

    def _paid_on(self, payment: Mapping[str, Any]) -> date | None:
        """Return the day it was paid, or the last part of it."""
        moments = [item.get("postingDate") for item in payment["paymentItems"]]
        found = payment.get("paidDate") or max(filter(None, moments), default=None)
        return self._day(found) if found else None

    def _dunning(self, reference: str) -> Dunning | None:
        """Return how often the invoice was reminded, by the reminders it names; None where it names none.

        Levels and fees are unknown there: every reminder counts as one level, unless it was discarded.
        """
        related = self.calls.record(self.calls.get(f"invoices/{reference}"), "invoices").get("relatedVouchers") or []
        named = (each["id"] for each in related if each.get("voucherType") == "dunning")
        reminders = [found for name in named if (found := self._reminder(name))]
        if not reminders:
            return None
        last = reminders[-1]
        name, on = str(last.get("title") or ""), self._day(last.get("voucherDate"))
        return Dunning(len(reminders), name, on, reference=last["id"])

    def _reminder(self, reference: str) -> Record | None:
        try:
            return self.calls.record(self.calls.get(f"dunnings/{reference}"), "dunnings")
        except NotFound:  # a draft that somebody discarded
            return None

    def _day(self, moment: object) -> date:
        try:
            return datetime.fromisoformat(str(moment)).astimezone(self.zone).date()
        except ValueError:
            raise self.calls.not_understood(PAYMENTS) from None

    def _amount(self, record: Mapping[str, Any], name: str, sign: int = 1) -> Money:
        """Return the amount with our sign; the documentation shows one as a text."""
        try:
            return Money.exactly(sign * Decimal(record[name]), CURRENCY)
        except (KeyError, TypeError, ValueError, ArithmeticError):
            raise self.calls.not_understood(name) from None


def _not_understood(receipt: Receipt, error: HonorarError) -> Problem:
    place = ", ".join(filter(None, (error.place, receipt.number or receipt.reference, receipt.link)))
    hint = "look at it there; it is asked for again"
    return Problem("PaymentNotUnderstood", f"its payment cannot be read: {error.message}", place, hint)
