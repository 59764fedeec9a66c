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
from connector.core.invoice import Invoice, Prepayment
from connector.core.money import Money
from connector.core.offer import Position, Project
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.quantity import Quantity, Unit
from connector.core.reason import step
from connector.core.texts import deducts_text, prepaid_text
from connector.core.vat import VatDecision

DEDUCTION = "deduction"
"""The category of lines that deduct an earlier document; the mapping can ask for it."""


@dataclass(frozen=True, slots=True)
class DownPayment:
    """An earlier document of the agreement that asked for money ahead, and whether it was paid in full."""

    invoice: Invoice
    paid: bool


def is_final(agreement: Agreement, dues: Dues, *, has_final: bool) -> bool:
    """Tell whether the final invoice is due: money was asked for ahead, every position is complete, and none stands."""
    return (
        agreement.closing.instalments is Instalments.DOWN_PAYMENT
        and not has_final
        and not dues.held
        and bool(dues.whole)
        and all(due.share_after.value >= 1 for due in dues.whole)
        and all(each.rest is Rest.COMPLETE for each in dues.untouched)
    )


def unpaid_problem(agreement: Agreement, down_payments: Iterable[DownPayment]) -> Problem | None:
    """Return the problem of down payments nobody paid, unless the agreement leaves them open."""
    open_ = [each.invoice.number for each in down_payments if not each.paid]
    if not open_ or agreement.closing.unpaid is UnpaidRule.LEAVE_OPEN:
        return None
    return Problem(
        "DownPaymentsUnpaid",
        f"the final invoice of agreement {agreement.id} is due, but not paid are: {', '.join(open_)}",
        agreement.place,
        "record payments with honorar paid, cancel the others with honorar cancel, or set unpaid = leave_open",
        agreement=agreement.id,
    )


def prepayments(agreement: Agreement, down_payments: Iterable[DownPayment]) -> tuple[Prepayment, ...]:
    """Return what the document names as prepaid: the paid documents, in the shape `full`; else nothing."""
    if agreement.closing.final is not FinalShape.FULL:
        return ()
    paid = (each.invoice for each in down_payments if each.paid)
    return tuple(Prepayment(each.number, each.issue_date, each.vat, each.gross) for each in paid)


def prepaid_notes(named: Iterable[Prepayment], language: str) -> tuple[str, ...]:
    """Return a note per document that is named as prepaid, with its VAT."""
    return tuple(prepaid_text(language, each.number, each.issue_date, _sums(each)) for each in named)


@dataclass(frozen=True, slots=True)
class FinalClaims:
    """Makes the lines of a final invoice; knows the projects' dates and what was billed before."""

    projects: Mapping[str, Project]
    billed: Mapping[str, BilledState]

    def claims(
        self, agreement: Agreement, dues: Dues, down_payments: Sequence[DownPayment], language: str
    ) -> Iterator[Claim]:
        """Yield a line per position over its whole, and in the shape `remainder` one per paid document and VAT rate."""
        for due in dues.whole:
            yield self._whole(due)
        if agreement.closing.final is FinalShape.REMAINDER:
            for each in down_payments:
                if each.paid:
                    yield from _deductions(agreement, each.invoice, language)

    def _whole(self, due: Due) -> Claim:
        position, total = due.position, due.position.total
        state = self.billed.get(position.key)
        project = self.projects.get(position.project)
        start = position.start or (project and project.start) or due.on
        printed = as_printed(position, due.share_after.value, total)
        invoiced = state.invoiced if state else Money.zero(total.currency)
        return Claim(
            position=position,
            text=position.label,
            amount=total,
            quantity=printed.quantity,
            unit=printed.unit,
            unit_price=printed.unit_price,
            done=due.quantity,
            share_before=due.share_before,
            share_after=due.share_after.value,
            period=Period.inclusive(min(start, due.on), due.on),
            reason=(*due.reason, step("whole", total=total, invoiced=invoiced)),
            computed=due.amount,
            invoiced=total - invoiced,
        )


def _deductions(agreement: Agreement, earlier: Invoice, language: str) -> Iterator[Claim]:
    text = deducts_text(language, earlier.number, earlier.issue_date)
    zero = Money.zero(earlier.currency)
    for number, row in enumerate(earlier.vat, start=1):
        decision = next(line.vat for line in earlier.lines if line.vat.rate == row.rate)
        found = step("deducted", document=earlier.number, net=row.base, tax=row.tax)
        yield Claim(
            position=_deduction(agreement, earlier, number, row.base),
            text=text,
            amount=-row.base,
            quantity=Decimal(-1 if row.base.amount > 0 else 1),
            unit=Unit.FLAT,
            unit_price=abs(row.base.amount),
            done=Decimal(0),
            share_before=Fraction(0),
            share_after=Fraction(0),
            period=earlier.period,
            reason=(found,),
            computed=zero,
            invoiced=zero,
            vat=VatDecision(decision.rate, decision.note, decision.rule),
        )


def _deduction(agreement: Agreement, earlier: Invoice, number: int, base: Money) -> Position:
    return Position(
        id=f"{earlier.number}-{number}",
        offer=agreement.id,
        project=agreement.project,
        label=earlier.number,
        quantity=Quantity(Decimal(-1), Unit.FLAT),
        unit_price=base.amount,
        currency=base.currency,
        category=DEDUCTION,
        service=earlier.lines[0].service,
    )


def _sums(earlier: Prepayment) -> tuple[Money, Money, Money]:
    currency = earlier.gross.currency
    net = Money.total((row.base for row in earlier.vat), currency)
    return net, earlier.gross - net, earlier.gross
