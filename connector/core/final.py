"""The final invoice: it states the whole, deducts what was paid ahead, and asks for the rest (domain 7.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from connector.core.agreement import Agreement, FinalShape, Instalments, UnpaidRule
from connector.core.billed import BilledState
from connector.core.claim import Claim
from connector.core.due import Due, as_printed
from connector.core.dues import Dues, Rest
from connector.core.invoice import DocumentKind, Invoice, Prepayment
from connector.core.money import Money
from connector.core.numbering import is_working
from connector.core.offer import Position, Project
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.quantity import Quantity, Unit
from connector.core.reason import step
from connector.core.texts import deducts_text
from connector.core.vat import VatLine

DEDUCTION = "deduction"
"""The category of lines that deduct a down payment; the mapping asks for it."""


@dataclass(frozen=True, slots=True)
class DownPayment:
    """An earlier document of the agreement that stands: as a rule one that asked for money ahead.

    `received` is what came in of it so far, gross, at most all.
    """

    invoice: Invoice
    received: Money

    @property
    def missing(self) -> Money:
        """Return what nobody has paid of money asked for ahead; a supply is deducted paid or not."""
        asked_ahead = self.invoice.kind is DocumentKind.PARTIAL
        return self.invoice.gross - self.received if asked_ahead else Money.zero(self.invoice.currency)

    @property
    def deducted(self) -> tuple[VatLine, ...]:
        """Return what the final invoice deducts: of money asked for ahead what was received, with the VAT in it.

        That is how the law has it (§ 14 Abs. 5 UStG). It is split between the rates as the document is.
        """
        if not self.missing:
            return self.invoice.vat
        return tuple(row for row in _received(self.invoice, self.received) if row.gross)

    @property
    def is_deducted(self) -> bool:
        """Tell whether the final invoice deducts any of it."""
        return bool(self.deducted)

    @property
    def as_unpaid(self) -> str:
        """Return how messages name it: with what is missing, where a part was paid."""
        return f"{self.invoice.number} ({self.missing} open)" if self.received else self.invoice.number


def _received(invoice: Invoice, received: Money) -> Iterator[VatLine]:
    """Yield the VAT rows of a part of the document's gross amount; they add up to it."""
    whole, currency = Fraction(invoice.gross.amount), invoice.currency
    so_far = before = Money.zero(currency)
    for row in invoice.vat:
        so_far += row.gross
        until = Money.of(Fraction(so_far.amount) / whole, currency, received.amount)
        gross, before = until - before, until
        base = Money.of(Fraction(100) / (100 + Fraction(row.rate.percent)), currency, gross.amount)
        yield VatLine(row.rate, base, gross - base)


def is_final(agreement: Agreement, dues: Dues, *, has_final: bool) -> bool:
    """Tell whether the final invoice is due: money is asked for ahead, every position is complete, and none stands."""
    return (
        agreement.closing.instalments is Instalments.DOWN_PAYMENT
        and not has_final
        and not dues.held
        and bool(dues.whole)
        and all(due.share_after.value >= 1 or due.vanished for due in dues.whole)
        and all(each.rest is not Rest.NOT_SELECTED for each in dues.untouched)
    )


def unpaid_problem(agreement: Agreement, down_payments: Iterable[DownPayment]) -> Problem | None:
    """Return the problem of down payments nobody paid in full, unless the agreement leaves them open."""
    unpaid = [each.as_unpaid for each in down_payments if each.missing]
    if not unpaid or agreement.closing.unpaid is UnpaidRule.LEAVE_OPEN:
        return None
    return Problem(
        "DownPaymentsUnpaid",
        f"the final invoice of agreement {agreement.id} is due, but not paid are: {', '.join(unpaid)}",
        agreement.place,
        'record payments with honorar paid, cancel the others with honorar cancel, or set unpaid = "leave_open"',
        agreement=agreement.id,
    )


def unnumbered_problem(agreement: Agreement, down_payments: Iterable[DownPayment]) -> Problem | None:
    """Return the problem of documents to deduct that the sink has not numbered yet: a final invoice must name them."""
    waiting = [each.invoice.number for each in down_payments if each.is_deducted and is_working(each.invoice.number)]
    if not waiting:
        return None
    return Problem(
        "EarlierNotNumbered",
        f"the final invoice of agreement {agreement.id} is due, but without a number are: {', '.join(waiting)}",
        agreement.place,
        "hand them over with honorar push; where they are drafts in the accounting system, finish them there",
        agreement=agreement.id,
    )


def prepayments(agreement: Agreement, down_payments: Iterable[DownPayment]) -> tuple[Prepayment, ...]:
    """Return what the document takes as prepaid: the documents it deducts, in the shape `full`; else nothing."""
    if agreement.closing.final is not FinalShape.FULL:
        return ()
    return tuple(_prepayment(agreement, each) for each in down_payments if each.is_deducted)


def _prepayment(agreement: Agreement, down_payment: DownPayment) -> Prepayment:
    earlier = down_payment.invoice
    return Prepayment(
        number=earlier.number,
        kind=earlier.kind,
        issue_date=earlier.issue_date,
        vat=down_payment.deducted,
        category=DEDUCTION if earlier.kind is DocumentKind.PARTIAL else earlier.lines[0].category,
        service=earlier.lines[0].service,
        project=agreement.project,
        period=earlier.period,
        in_part=bool(down_payment.missing),
    )


def deducted_by(final: Invoice, earlier: Invoice) -> Money | None:
    """Return the net amount that the final invoice deducts of the earlier document, in either shape; None for none."""
    key = f"{final.agreement}/{earlier.number}"
    found = [each.net for each in final.prepayments if each.number == earlier.number]
    found += [-line.net for line in final.lines if line.position.rpartition("-")[0] == key]
    return Money.total(found, final.currency) if found else None


@dataclass(frozen=True, slots=True)
class FinalClaims:
    """Makes the lines of a final invoice; knows the projects' dates and what was billed before."""

    projects: Mapping[str, Project]
    billed: Mapping[str, BilledState]

    def claims(
        self, agreement: Agreement, dues: Dues, down_payments: Sequence[DownPayment], language: str
    ) -> Iterator[Claim]:
        """Yield a line per position over its whole, and in the shape `remainder` one per deducted document and rate."""
        for due in dues.whole:
            yield self._whole(due)
        if agreement.closing.final is FinalShape.REMAINDER:
            for each in down_payments:
                if each.is_deducted:
                    yield from _deductions(agreement, each, language)

    def _whole(self, due: Due) -> Claim:
        """Return the line of a position: all that is due of it so far, of which the log takes down what is new."""
        position = due.position
        state = self.billed.get(position.key)
        nothing = Money.zero(due.amount.currency)
        computed, invoiced = (state.computed, state.invoiced) if state else (nothing, nothing)
        whole = computed + due.amount
        project = self.projects.get(position.project)
        start = position.start or (project and project.start) or due.on
        printed = as_printed(position, due.share_after.value, whole)
        return Claim(
            position=position,
            text=position.label,
            amount=whole,
            quantity=printed.quantity,
            unit=printed.unit,
            unit_price=printed.unit_price,
            done=due.quantity,
            share_before=due.share_before,
            share_after=due.share_after.value,
            period=Period.inclusive(min(start, due.on), due.on),
            reason=(*due.reason, step("whole", total=whole, invoiced=invoiced)),
            computed=due.amount,
            invoiced=whole - invoiced,
            vanished=due.vanished,
            noted=True,
        )


def _deductions(agreement: Agreement, down_payment: DownPayment, language: str) -> Iterator[Claim]:
    """Yield a line per VAT rate of what is deducted, taxed as it was."""
    earlier = _prepayment(agreement, down_payment)
    text = deducts_text(language, earlier)
    for number, row in enumerate(earlier.vat, start=1):
        nothing = Money.zero(row.base.currency)
        yield Claim(
            position=_deduction(agreement, earlier, number, row),
            text=text,
            amount=-row.base,
            quantity=Decimal(-1 if row.base.amount > 0 else 1),
            unit=Unit.FLAT,
            unit_price=abs(row.base.amount),
            done=Decimal(0),
            share_before=Fraction(0),
            share_after=Fraction(0),
            period=earlier.period,
            reason=(step("deducted", document=earlier.number, net=row.base, tax=row.tax),),
            computed=nothing,
            invoiced=nothing,
            vat=next(line.vat for line in down_payment.invoice.lines if line.vat.rate == row.rate),
        )


def _deduction(agreement: Agreement, earlier: Prepayment, number: int, row: VatLine) -> Position:
    return Position(
        id=f"{earlier.number}-{number}",
        offer=agreement.id,
        project=earlier.project,
        label=earlier.number,
        quantity=Quantity(Decimal(-1), Unit.FLAT),
        unit_price=row.base.amount,
        currency=row.base.currency,
        category=earlier.category,
        service=earlier.service,
    )
