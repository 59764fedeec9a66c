"""Documents from what is due: one per agreement, currency and tax treatment (domain 3.6, 7.1, 7.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from connector.core.agreement import Agreement, ScheduleTerms
from connector.core.billed import BilledEntry, BilledKind, BilledState
from connector.core.due import Due
from connector.core.invoice import DocumentKind, Invoice, InvoiceLine, breakdown_of
from connector.core.keys import DocumentKey
from connector.core.money import Money
from connector.core.offer import Position, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.texts import covers_text, progress_text
from connector.core.vat import VatCase, VatCategory, VatDecision, VatLine

VatDecider = Callable[[VatCase], VatDecision | Problem]

Treatment = tuple[str, VatCategory]
"""What may not be mixed on one document: currency and VAT category."""

Part = tuple[Due, Period, VatDecision]
"""A due with its service period and VAT decision."""


def kind_of(vat: Iterable[VatLine]) -> DocumentKind:
    """Return credit note where the document as a whole owes the customer, else invoice (domain 3.7, 7.1)."""
    gross = sum(row.base.amount + row.tax.amount for row in vat)
    return DocumentKind.CREDIT_NOTE if gross < 0 else DocumentKind.INVOICE


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A document that is due, still without a number, and the log entries that go with it."""

    invoice: Invoice
    log: tuple[BilledEntry, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What all documents of an agreement share. `sequence` counts its documents, this one included."""

    tenant: str
    agreement: Agreement
    sequence: int
    issue_date: date
    payment_days: int
    seller: Party
    buyer: Party
    who: str


@dataclass(frozen=True, slots=True)
class Composer:
    """Turns dues into documents; knows the projects' dates, what was billed and the VAT rules."""

    projects: Mapping[str, Project]
    billed: Mapping[str, BilledState]
    vat: VatDecider

    def compose(
        self, header: Header, dues: Iterable[Due], covered: Sequence[Position]
    ) -> tuple[list[PlannedDocument], list[Problem]]:
        """Return the documents for the dues (in their order), or the problems of the VAT decisions.

        `covered` are the positions listed for information on a schedule's document.
        """
        groups: dict[Treatment, list[Part]] = {}
        decisions: dict[tuple[str, str, date], VatDecision | Problem] = {}
        for due in dues:
            period = self._service_period(due, header.issue_date)
            case = (due.position.vat_class, due.position.service, period.last_day)
            if case not in decisions:
                decisions[case] = self.vat(VatCase(header.seller, header.buyer, *case))
            decision = decisions[case]
            if isinstance(decision, VatDecision):
                treatment = (due.amount.currency, decision.rate.category)
                groups.setdefault(treatment, []).append((due, period, decision))
        if problems := [found for found in decisions.values() if isinstance(found, Problem)]:
            return [], [replace(problem, agreement=header.agreement.id) for problem in dict.fromkeys(problems)]
        notes = _covers(header, covered)
        owed = [(treatment, parts) for treatment, parts in groups.items() if any(due.amount for due, _, _ in parts)]
        return [_document(header, treatment, parts, notes) for treatment, parts in owed], []

    def _service_period(self, due: Due, issue_date: date) -> Period:
        """Return from the day after the last service period billed (else the start) to the day of the evidence."""
        position = due.position
        state = self.billed.get(position.key)
        project = self.projects.get(position.project)
        start = (state and state.through) or position.start or (project and project.start) or due.on
        return Period.inclusive(start, due.on) if start <= due.on else Period.inclusive(issue_date, issue_date)


def _covers(header: Header, covered: Sequence[Position]) -> tuple[str, ...]:
    terms = header.agreement.terms
    if not isinstance(terms, ScheduleTerms) or not terms.list_positions:
        return ()
    return (covers_text(header.buyer.language, "; ".join(position.label for position in covered)),)


def _document(
    header: Header,
    treatment: Treatment,
    parts: Sequence[Part],
    notes: tuple[str, ...],
) -> PlannedDocument:
    currency, category = treatment
    lines = tuple(_line(header, number, *part) for number, part in enumerate(parts, start=1))
    vat = breakdown_of(lines, currency)
    family = "schedule" if isinstance(header.agreement.terms, ScheduleTerms) else "progress"
    grouping = f"{currency}/{category}"
    key = DocumentKey(header.tenant, header.agreement.id, family, str(header.sequence), grouping).digest()
    legal_notes = dict.fromkeys(decision.note for _, _, decision in parts if decision.note)
    invoice = Invoice(
        key=key,
        number="",
        agreement=header.agreement.id,
        kind=kind_of(vat),
        issue_date=header.issue_date,
        due_date=header.issue_date + timedelta(days=header.payment_days),
        currency=currency,
        seller=header.seller,
        buyer=header.buyer,
        lines=lines,
        vat=vat,
        prepaid=Money.zero(currency),
        notes=(*notes, *legal_notes),
    )
    return PlannedDocument(
        invoice, tuple(_log_entry(header, key, due, period) for due, period, _ in parts if due.amount)
    )


def _line(header: Header, number: int, due: Due, period: Period, decision: VatDecision) -> InvoiceLine:
    position = due.position
    return InvoiceLine(
        number=number,
        position=position.key,
        text=_text(header, due),
        category=position.category,
        service=position.service,
        project=position.project,
        quantity=due.printed.quantity,
        unit=due.printed.unit,
        unit_price=due.printed.unit_price,
        net=due.amount,
        period=period,
        vat=decision,
        reason=due.reason,
    )


def _text(header: Header, due: Due) -> str:
    if isinstance(header.agreement.terms, ScheduleTerms):
        return due.position.label
    return progress_text(header.buyer.language, due.position.label, due.share_before, due.share_after.value)


def _log_entry(header: Header, key: str, due: Due, period: Period) -> BilledEntry:
    return BilledEntry(
        agreement=header.agreement.id,
        position=due.position,
        document=key,
        kind=BilledKind.BILLED,
        on=header.issue_date,
        share_before=due.share_before,
        share_after=due.share_after.value,
        quantity=due.quantity,
        computed=due.amount,
        invoiced=due.amount,
        period=period,
        who=header.who,
        vanished=due.vanished,
    )
