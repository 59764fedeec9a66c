"""What the commands print with --json; amounts are decimal strings, days ISO dates, service days inclusive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from connector.core.bank_entries import BankEntry, PeriodStatement, TimeBank
from connector.core.billed import BilledEntry
from connector.core.catalogue import ItemUnit, money_of, units_of
from connector.core.charge_due import DueCharge
from connector.core.invoice import Invoice, InvoiceLine
from connector.core.payment import Dunning
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.core.receivables import Receivables
from connector.core.reminder import Reminder
from connector.core.settlement import Owed
from connector.core.standing import Standing
from connector.core.vat import VatLine
from connector.documents.timebank import movements
from connector.jobs.bill import Outlook
from connector.jobs.pull import PulledSource
from connector.jobs.settle import Settled
from connector.store import AuditRow, DocumentSummary, ExportSummary


def plan_as_json(outlook: Outlook) -> dict[str, Any]:
    """Return `{"as_of", "documents", "problems"}`; documents that a problem holds back are not among them."""
    return {
        "as_of": outlook.plan.as_of.isoformat(),
        "documents": [invoice_as_json(document.invoice) for document in outlook.ready],
        "problems": problems_as_json(outlook.plan.problems),
    }


def invoice_as_json(invoice: Invoice) -> dict[str, Any]:
    """Return key, agreement, customer, kind, currency, lines, net, vat and gross.

    Where something was prepaid, also by which documents, how much it comes to, and what is left to pay.
    """
    return {
        "key": invoice.key,
        "agreement": invoice.agreement,
        "customer": invoice.buyer.id,
        "kind": invoice.kind.value,
        "currency": invoice.currency,
        "lines": [_line(line) for line in invoice.lines],
        "net": str(invoice.net.amount),
        "vat": [_vat(row) for row in invoice.vat],
        "gross": str(invoice.gross.amount),
        **_prepaid(invoice),
    }


def numbered_as_json(invoice: Invoice) -> dict[str, Any]:
    """Return the document with its number and dates; a correction also with the number it takes back."""
    dates = {"issue_date": invoice.issue_date.isoformat(), "due_date": invoice.due_date.isoformat()}
    corrects = {"corrects": invoice.corrects} if invoice.corrects else {}
    return {"number": invoice.number, **dates, **corrects, **invoice_as_json(invoice)}


def problems_as_json(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return code, message, place and hint of each."""
    return [{"code": p.code, "message": p.message, "place": p.place, "hint": p.hint} for p in problems]


def pulled_as_json(sources: Iterable[PulledSource]) -> list[dict[str, Any]]:
    """Return per source its name, whether it was taken over, what changed per kind, and how many calls it took."""
    return [
        {
            "name": source.name,
            "taken": source.taken,
            "changes": {kind: asdict(changes) for kind, changes in source.changes.items()},
            "requests": source.requests,
        }
        for source in sources
    ]


def summary_as_json(summary: DocumentSummary) -> dict[str, Any]:
    """Return a document of a list."""
    return {
        "key": summary.key,
        "number": summary.number,
        "agreement": summary.agreement,
        "customer": summary.customer,
        "kind": summary.kind.value,
        "state": summary.state.value,
        "issue_date": summary.issue_date.isoformat(),
        "due_date": summary.due_date.isoformat(),
        "currency": summary.net.currency,
        "net": str(summary.net.amount),
        "gross": str(summary.gross.amount),
    }


def export_as_json(export: ExportSummary) -> dict[str, Any]:
    """Return an export with its files."""
    return {
        "sink": export.sink,
        "number": export.number,
        "made_at": export.made_at.isoformat(),
        "repeat": export.repeat,
        "finished": export.finished_at is not None,
        "documents": export.documents,
        "files": list(export.files),
    }


def receipt_as_json(receipt: Receipt) -> dict[str, str]:
    """Return what the sink answered: our key, its own id, number and address."""
    return {"key": receipt.key, "reference": receipt.reference, "number": receipt.number, "link": receipt.link}


def settled_as_json(settled: Settled) -> dict[str, Any]:
    """Return how many documents were asked for, and those of whose payment something new was told."""
    changed = [
        {"key": each.receipt.key, "number": each.number, "agreement": each.agreement, **_payment(each)}
        for each in settled.changed
    ]
    return {"asked": settled.asked, "changed": changed}


def _payment(owed: Owed) -> dict[str, Any]:
    """Return where the payment of a document stands; `told` is the sink's own word."""
    status = owed.known.status
    return {
        "state": status.state.value,
        "currency": status.open.currency,
        "open": str(status.open.amount),
        "paid_on": status.paid_on and status.paid_on.isoformat(),
        "dunning": status.dunning and _dunning(status.dunning),
        "told": status.word,
    }


def reminder_as_json(reminder: Reminder) -> dict[str, Any]:
    """Return what a reminder asks for; each stretch of the interest with its days and rates, in percent a year."""
    amounts = {name: str(getattr(reminder, name).amount) for name in ("open", "fee", "lump_sum", "total")}
    days = {name: getattr(reminder, name).isoformat() for name in ("on", "due_date", "pay_by")}
    named = {name: getattr(reminder, name) for name in ("key", "number", "agreement", "customer", "level", "name")}
    stretches = [
        {
            "from": each.period.start.isoformat(),
            "to": each.period.last_day.isoformat(),
            "days": each.period.days,
            "open": str(each.open.amount),
            "base_rate": str(each.base),
            "points": str(each.points),
            "interest": str(each.interest.amount),
        }
        for each in reminder.interest
    ]
    money = {"currency": reminder.open.currency, **amounts, "interest": str(reminder.interest_sum.amount)}
    return {**named, **days, **money, "stretches": stretches, "text": reminder.text}


def _dunning(dunning: Dunning) -> dict[str, Any]:
    """Return how far a document was dunned; what the sink does not say is None or ''."""
    return {
        "level": dunning.level,
        "name": dunning.name,
        "on": dunning.on and dunning.on.isoformat(),
        "fee": dunning.fee and str(dunning.fee.amount),
        "interest": dunning.interest and str(dunning.interest.amount),
        "blocked": dunning.blocked,
    }


def open_items_as_json(found: Receivables) -> list[dict[str, Any]]:
    """Return every open item; `days_overdue` counts from the due date."""
    return [
        {
            "key": item.key,
            "number": item.number,
            "agreement": item.agreement,
            "customer": item.customer,
            "issue_date": item.issue_date.isoformat(),
            "due_date": item.due_date.isoformat(),
            "currency": item.open.currency,
            "gross": str(item.gross.amount),
            "open": str(item.open.amount),
            "days_overdue": item.days_overdue(found.on),
            "dunning": item.dunning and _dunning(item.dunning),
            "told": item.word,
        }
        for item in found.items
    ]


def aging_as_json(found: Receivables) -> dict[str, Any]:
    """Return open amounts by age, and days sales outstanding, by currency."""
    names = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90_days")
    aging = [
        {
            "currency": each.currency,
            **{name: str(bucket.amount) for name, bucket in zip(names, each.buckets, strict=True)},
            "total": str(each.total.amount),
        }
        for each in found.aging
    ]
    return {"aging": aging, "dso": {name: f"{days:f}" for name, days in found.days_sales_outstanding.items()}}


def entry_as_json(entry: BilledEntry, numbers: Mapping[str, str]) -> dict[str, Any]:
    """Return a line of the billed log; `numbers` gives the document's number for its key."""
    return {
        "on": entry.on.isoformat(),
        "kind": entry.kind.value,
        "document": numbers.get(entry.document, ""),
        "key": entry.document,
        "share_before": str(entry.share_before),
        "share_after": str(entry.share_after),
        "quantity": f"{entry.quantity:f}",
        "currency": entry.computed.currency,
        "computed": str(entry.computed.amount),
        "invoiced": str(entry.invoiced.amount),
        "who": entry.who,
        "comment": entry.comment,
    }


def deed_as_json(deed: AuditRow, numbers: Mapping[str, str]) -> dict[str, Any]:
    """Return a line of the audit trail; `numbers` gives the document's number for its key."""
    return {
        "at": deed.at.isoformat(),
        "who": deed.who,
        "action": deed.action,
        "subject": numbers.get(deed.subject, deed.subject),
        "details": dict(deed.details),
    }


def let_through_as_json(due: DueCharge) -> dict[str, Any]:
    """Return a charge that was let through: its key, what was billed of it, and what it comes to now."""
    return {
        "position": due.charge.key,
        "correction": due.correction,
        "currency": due.amount.currency,
        "billed": str(due.billed.amount),
        "now": str(due.charge.net.amount),
        "due": str(due.amount.amount),
    }


def time_bank_as_json(bank: TimeBank) -> dict[str, Any]:
    """Return the statements item by item; `counted_in` says of what the figures of an item are.

    Seconds are whole numbers; units and amounts (by their currency) are decimal strings.
    """
    return {
        "agreement": bank.agreement.id,
        "label": bank.terms.label,
        "customer": bank.agreement.customer,
        "currency": bank.terms.currency,
        "as_of": bank.as_of.isoformat(),
        "items": [
            {
                "item": item.id,
                "label": item.label,
                "unit": item.unit.value,
                "counted_in": _COUNTED_IN.get(item.unit, bank.terms.currency),
                "periods": [_statement(each, bank.terms.currency) for each in statements],
            }
            for item, statements in bank.items()
        ],
        "problems": problems_as_json(bank.problems),
    }


_COUNTED_IN = {ItemUnit.HOURS: "seconds", ItemUnit.UNITS: "units"}


def _statement(statement: PeriodStatement, currency: str) -> dict[str, Any]:
    bank, movement = statement.bank, statement.bank.movement

    def figure(grains: int) -> int | str:
        if bank.item.unit is ItemUnit.HOURS:
            return grains
        if bank.item.unit is ItemUnit.UNITS:
            return f"{units_of(grains).value:f}"
        return str(money_of(grains, currency).amount)

    return {
        "period": bank.period.name,
        "start": bank.period.covered.start.isoformat(),
        "end": bank.period.covered.last_day.isoformat(),
        "closed": bank.closed,
        **{name: figure(grains) for name, grains in movements(movement).items()},
        "deducted": figure(movement.deducted),
        "drawn": [{"period": each.period, "amount": figure(each.grains)} for each in movement.drawn],
        "lapses": [
            {"period": each.period, "amount": figure(each.grains), "cause": each.cause.value}
            for each in movement.lapses
        ],
        "rounding": statement.rounding,
        "roles": [
            {
                "role": each.role,
                "seconds": each.seconds,
                "price": f"{bank.item.role_rates[each.role]:f}",
                "amount": str(each.priced.net.amount),
            }
            for each in bank.consumed.roles
        ],
        "entries": [_bank_entry(entry) for entry in statement.entries],
    }


def _bank_entry(entry: BankEntry) -> dict[str, Any]:
    """Return a time entry with its seconds, or a reading with its units."""
    time = {"booked": entry.booked, "counted": entry.counted}
    return {
        "id": entry.id,
        "day": entry.day.isoformat(),
        "person": entry.person,
        "project": entry.project,
        "project_name": entry.project_name,
        "activity": entry.activity,
        "text": entry.text,
        **(time if entry.units is None else {"units": f"{entry.units:f}"}),
        "origin": entry.origin,
    }


def _line(line: InvoiceLine) -> dict[str, str]:
    return {
        "position": line.position,
        "text": line.text,
        "quantity": f"{line.quantity:f}",
        "unit": line.unit.value,
        "unit_price": f"{line.unit_price:f}",
        "net": str(line.net.amount),
        "service_start": line.period.start.isoformat(),
        "service_end": line.period.last_day.isoformat(),
    }


def _prepaid(invoice: Invoice) -> dict[str, Any]:
    if not invoice.prepayments:
        return {}
    earlier = [
        {"number": each.number, "issue_date": each.issue_date.isoformat(), "vat": [_vat(row) for row in each.vat]}
        for each in invoice.prepayments
    ]
    sums = {"prepaid": str(invoice.prepaid.amount), "payable": str(invoice.payable.amount)}
    return {"prepayments": earlier, **sums}


def _vat(row: VatLine) -> dict[str, str]:
    return {
        "category": row.rate.category.value,
        "rate": f"{row.rate.percent:f}",
        "base": str(row.base.amount),
        "amount": str(row.tax.amount),
    }


def standing_as_json(standing: Standing) -> dict[str, Any]:
    """Return where an agreement stands; `share` is an exact fraction ('1/3'), null with `total` for a retainer."""
    return {
        "agreement": standing.agreement,
        "currency": standing.computed.currency,
        "total": None if standing.total is None else str(standing.total.amount),
        "share": None if standing.share is None else str(standing.share),
        "computed": str(standing.computed.amount),
        "invoiced": str(standing.invoiced.amount),
        "deviation": str(standing.deviation.amount),
    }
