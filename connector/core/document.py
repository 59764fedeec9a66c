"""Documents from what is due: one per agreement, currency and tax treatment (domain 3.6, 7.1, 7.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from connector.core.agreement import Agreement
from connector.core.billed import BilledEntry, BilledKind
from connector.core.booking import Booking
from connector.core.claim import Claim
from connector.core.invoice import DocumentKind, Invoice, InvoiceLine, Prepayment, Treatment, breakdown_of, prepaid_by
from connector.core.keys import DocumentKey
from connector.core.numbering import NumberFormat
from connector.core.party import Party
from connector.core.problems import Problem
from connector.core.texts import prepaid_text
from connector.core.vat import VatCase, VatDecision, VatLine

VatDecider = Callable[[VatCase], VatDecision | Problem]

Part = tuple[Claim, VatDecision]
"""A claim with its VAT decision."""


def kind_of(vat: Iterable[VatLine]) -> DocumentKind:
    """Return credit note where the document as a whole owes the customer, else invoice (domain 3.7, 7.1)."""
    gross = sum(row.base.amount + row.tax.amount for row in vat)
    return DocumentKind.CREDIT_NOTE if gross < 0 else DocumentKind.INVOICE


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A document that is due, still without a number, and the log entries that go with it."""

    invoice: Invoice
    log: tuple[BilledEntry, ...]


Finish = Callable[[str], tuple[Invoice, Booking | None]]
"""Makes the document and its booking once its number is known; what it raises leaves nothing behind."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to be stored, and how it is finished under the next number of its series."""

    invoice: Invoice
    template: NumberFormat
    finish: Finish
    config_hash: str


@dataclass(frozen=True, slots=True)
class Header:
    """What all documents of an agreement share. `sequence` counts its documents, this one included.

    `kind` is that of a document without a sign of its own: a partial or final invoice stays one whatever it comes to.
    `prepaid` are the earlier documents a final invoice takes as prepaid (domain 7.3, `final = full`).
    """

    tenant: str
    agreement: Agreement
    sequence: int
    issue_date: date
    payment_days: int
    seller: Party
    buyer: Party
    who: str
    kind: DocumentKind = DocumentKind.INVOICE
    prepaid: tuple[Prepayment, ...] = ()


def compose(
    header: Header, claims: Iterable[Claim], vat: VatDecider, notes: tuple[str, ...] = ()
) -> tuple[list[PlannedDocument], list[Problem]]:
    """Return the documents for the claims (in their order), or the problems of the VAT decisions.

    `notes` stand on every document, before the notes the law asks for.
    """
    groups: dict[Treatment, list[Part]] = {}
    decisions: dict[tuple[str, str, date], VatDecision | Problem] = {}
    for claim in claims:
        case = (claim.position.vat_class, claim.position.service, claim.period.last_day)
        if claim.vat is None and case not in decisions:
            decisions[case] = vat(VatCase(header.seller, header.buyer, *case))
        decision = claim.vat or decisions[case]
        if isinstance(decision, VatDecision):
            treatment = (claim.amount.currency, decision.rate.category)
            groups.setdefault(treatment, []).append((claim, decision))
    if problems := [found for found in decisions.values() if isinstance(found, Problem)]:
        return [], [replace(problem, agreement=header.agreement.id) for problem in dict.fromkeys(problems)]
    if problem := _strangely_taxed(header, groups):
        return [], [problem]
    owed = [(treatment, parts) for treatment, parts in groups.items() if any(_counts(claim) for claim, _ in parts)]
    return [_document(header, treatment, parts, notes) for treatment, parts in owed], []


def _document(
    header: Header,
    treatment: Treatment,
    parts: Sequence[Part],
    notes: tuple[str, ...],
) -> PlannedDocument:
    currency, category = treatment
    lines = tuple(_line(number, *part) for number, part in enumerate(parts, start=1))
    vat = breakdown_of(lines, currency)
    grouping = f"{currency}/{category}"
    agreement = header.agreement
    key = DocumentKey(header.tenant, agreement.id, agreement.terms.family, str(header.sequence), grouping).digest()
    legal_notes = dict.fromkeys(decision.note for _, decision in parts if decision.note)
    prepaid = tuple(earlier for earlier in header.prepaid if earlier.treatment == treatment)
    prepaid_notes = (prepaid_text(header.buyer.language, earlier) for earlier in prepaid)
    invoice = Invoice(
        key=key,
        number="",
        agreement=agreement.id,
        kind=kind_of(vat) if header.kind is DocumentKind.INVOICE else header.kind,
        issue_date=header.issue_date,
        due_date=header.issue_date + timedelta(days=header.payment_days),
        currency=currency,
        seller=header.seller,
        buyer=header.buyer,
        lines=lines,
        vat=vat,
        prepaid=prepaid_by(prepaid, currency),
        prepayments=prepaid,
        notes=(*notes, *prepaid_notes, *legal_notes),
    )
    logged = (claim for claim, _ in parts if claim.noted or any(claim.logged))
    return PlannedDocument(invoice, tuple(_log_entry(header, key, claim) for claim in logged))


def _strangely_taxed(header: Header, groups: Mapping[Treatment, object]) -> Problem | None:
    """Return the problem of earlier documents whose tax treatment none of today's lines has."""
    strangers = [earlier.number for earlier in header.prepaid if earlier.treatment not in groups]
    if not strangers:
        return None
    return Problem(
        "PrepaidTaxedDifferently",
        f"the final invoice of agreement {header.agreement.id} is taxed differently from {', '.join(strangers)}",
        header.agreement.place,
        'deduct them line by line with their own VAT: final = "remainder"; or cancel them with honorar cancel',
        agreement=header.agreement.id,
    )


def _counts(claim: Claim) -> bool:
    return bool(claim.amount) or any(claim.logged)


def _line(number: int, claim: Claim, decision: VatDecision) -> InvoiceLine:
    position = claim.position
    return InvoiceLine(
        number=number,
        position=position.key,
        text=claim.text,
        category=position.category,
        service=position.service,
        project=position.project,
        quantity=claim.quantity,
        unit=claim.unit,
        unit_price=claim.unit_price,
        net=claim.amount,
        period=claim.period,
        vat=decision,
        reason=claim.reason,
        credits=claim.credits,
    )


def _log_entry(header: Header, key: str, claim: Claim) -> BilledEntry:
    computed, invoiced = claim.logged
    return BilledEntry(
        agreement=header.agreement.id,
        position=claim.position,
        document=key,
        kind=BilledKind.BILLED,
        on=header.issue_date,
        share_before=claim.share_before,
        share_after=claim.share_after,
        quantity=claim.done,
        computed=computed,
        invoiced=invoiced,
        period=claim.period,
        who=header.who,
        vanished=claim.vanished,
    )
