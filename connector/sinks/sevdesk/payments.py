"""Payment and dunning back: what changed, what is overdue, what was dunned (domain 10.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from connector.core.errors import NotFound, UnexpectedAnswer
from connector.core.money import Money
from connector.core.payment import Dunning, PaymentState, PaymentStatus, state_of
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.sinks.sevdesk.calls import Calls, Record, id_in
from connector.sinks.sevdesk.documents import DRAFT
from connector.sinks.sevdesk.records import (
    CANCELLATION,
    CREDIT_NOTE,
    REMINDER,
    amount_in,
    day_in,
    is_credit_note,
    is_draft,
    sums_of,
)
from connector.sinks.sevdesk.search import cancellation_of

OPEN, PART_PAID, PAID = "200", "750", "1000"
"""Status of issued documents. Those that were part paid before June 2024 may still say open."""

_DISCARDED = "was the draft discarded there? then cancel it here too: honorar cancel"

OVERLAP = timedelta(days=1)
"""So much earlier than asked for: the clocks may differ."""


def statuses(
    calls: Calls, zone: tzinfo, receipts: Sequence[Receipt], since: datetime | None
) -> Iterator[PaymentStatus | Problem]:
    """Yield the status of every receipt's document that changed since then or is overdue or dunned, of all for None.

    MissingInSink where a document is gone, which only a look at everything can tell.
    """
    seen = _look(calls, {receipt.reference for receipt in receipts}, since)
    for receipt in receipts:
        if receipt.reference.startswith(CREDIT_NOTE):
            yield _told_of_credit_note(calls, zone, receipt)
            continue
        row = seen.rows.get(receipt.reference)
        if row is not None:
            yield _told(calls, zone, receipt, row, seen)
        elif since is None:
            yield _gone(receipt)


@dataclass
class _Seen:
    """Rows of our documents and the reminders on them, by id; `overdue` is None where sevDesk did not tell."""

    rows: dict[str, Record] = field(default_factory=dict)
    reminders: dict[str, list[Record]] = field(default_factory=dict)
    overdue: set[str] | None = None


def _look(calls: Calls, ours: Collection[str], since: datetime | None) -> _Seen:
    changed = {"updateAfter": int((since - OVERLAP).timestamp())} if since else {}
    seen = _Seen()
    for row in calls.rows("Invoice", {**changed, "showAll": "true", "showMa": "all"}):
        _note(seen, row, ours)
    for row in calls.rows("Invoice", {"onlyDunned": "true"}):
        _note(seen, row, ours)
    late = list(calls.rows("Invoice", {"delinquent": "true"}))
    for row in late:
        _note(seen, row, ours)
    # A filter that is not known is ignored: then what is paid, or never was issued, stands in the list too.
    if all(row.get("status") in (OPEN, PART_PAID) for row in late):
        seen.overdue = {row["id"] for row in late}
    return seen


def _note(seen: _Seen, row: Record, ours: Collection[str]) -> None:
    if row["id"] in ours:
        seen.rows[row["id"]] = row
    origin = id_in(row, "origin")
    if row.get("invoiceType") == REMINDER and origin in ours and not is_draft(row):
        seen.reminders.setdefault(origin, []).append(row)


def _gone(receipt: Receipt) -> Problem:
    message = f"document {receipt.number or receipt.key} is gone"
    return Problem("MissingInSink", message, receipt.link or receipt.reference, _DISCARDED)


def _told_of_credit_note(calls: Calls, zone: tzinfo, receipt: Receipt) -> PaymentStatus | Problem:
    """Return the status of a credit note; they are few, and no list tells which of them changed."""
    try:
        return _told(calls, zone, receipt, calls.one(receipt.reference), _Seen())
    except NotFound:
        return _gone(receipt)


def _told(calls: Calls, zone: tzinfo, receipt: Receipt, row: Record, seen: _Seen) -> PaymentStatus | Problem:
    try:
        return _status(calls, zone, receipt, row, seen)
    except UnexpectedAnswer as error:
        where = receipt.link or receipt.reference
        return Problem("PaymentNotUnderstood", error.message, where, "look at the document there")


def _status(calls: Calls, zone: tzinfo, receipt: Receipt, row: Record, seen: _Seen) -> PaymentStatus:
    """Return what the row says; UnexpectedAnswer where it cannot be understood."""
    word = str(row.get("status"))
    if word not in (DRAFT, OPEN, PART_PAID, PAID):
        message = f"status {word} is not documented"
        raise UnexpectedAnswer(message)
    state, still_open = _state(calls, row, word)
    return PaymentStatus(
        key=receipt.key,
        state=state,
        open=still_open,
        paid_on=day_in(row, "payDate", zone) if state is PaymentState.PAID else None,
        overdue=None if seen.overdue is None else row["id"] in seen.overdue,
        dunning=_dunning(zone, row, seen.reminders.get(row["id"], [])),
        word=word,
    )


def _state(calls: Calls, row: Record, word: str) -> tuple[PaymentState, Money]:
    """Return the state and what is still open; what was cancelled counts as paid over there, without a payment."""
    gross, paid = sums_of(row).gross, amount_in(row, "paidAmount", "0")
    nothing = Money.zero(gross.currency)
    if is_credit_note(row):
        still_open = nothing if word == PAID else gross + _paid_back(row, word, paid)
        return state_of(gross, still_open), still_open
    if word != PAID:
        return state_of(gross, gross - paid), gross - paid
    may_be_cancelled = gross and not paid and row.get("invoiceType") != CANCELLATION
    if may_be_cancelled and cancellation_of(calls, row):
        return PaymentState.CANCELLED, nothing
    return PaymentState.PAID, nothing


def _paid_back(row: Record, word: str, paid: Money) -> Money:
    """Return what was paid back of a credit note, whatever its sign there; UnexpectedAnswer where it is not told."""
    if word == PART_PAID and not paid:
        message = "it is paid in part, but not told how much"
        raise UnexpectedAnswer(message, place=f"credit note {row['id']}")
    return -paid if paid.amount < 0 else paid


def _dunning(zone: tzinfo, row: Record, reminders: Sequence[Record]) -> Dunning | None:
    """Return how far the document was dunned, by itself and by the reminders on it; None where neither tells."""
    newest = max(reminders, key=level_of, default=None)
    if newest is None or level_of(newest) < level_of(row):
        return Dunning(level_of(row)) if level_of(row) else None
    fee = amount_in(newest, "reminderCharge", "0")
    return Dunning(
        level=max(1, level_of(newest)),
        name=str(newest.get("header") or ""),
        on=day_in(newest, "invoiceDate", zone),
        fee=fee or None,
        reference=newest["id"],
    )


def level_of(row: Record) -> int:
    """Return how far the invoice was dunned, or which level a reminder is; 0 where the record does not say."""
    text = str(row.get("dunningLevel") or "0")
    return int(text) if text.isdecimal() else 0
