"""The flat fee of a period and what is taken off it (domain 4.2, 4.7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from connector.core.agreement import Agreement
from connector.core.charge import Charge, ChargeKind
from connector.core.cycle import BillingPeriod
from connector.core.indexation import Fee
from connector.core.money import Money
from connector.core.period import Period
from connector.core.pricing import lump
from connector.core.proration import days_charged, spans
from connector.core.reason import Reason, step
from connector.core.retainer_terms import Billing, Discount, Proration, RetainerTerms
from connector.core.share import WHOLE
from connector.core.texts import percent


@dataclass(frozen=True, slots=True)
class FeePart:
    """The days of a period with one fee: `net` is fee × part of the full period."""

    fee: Fee
    period: Period
    part: Fraction
    net: Money


def fee_charges(
    agreement: Agreement, terms: RetainerTerms, fees: Sequence[Fee], period: BillingPeriod
) -> Iterator[Charge]:
    """Yield a charge per fee that holds in the period, then the discounts; nothing where there is nothing to pay."""
    parts = fee_parts(fees, period, terms.proration)
    for part in parts:
        if part.net:
            yield _fee_charge(agreement, terms, period, part)
    left = Money.total((part.net for part in parts), terms.currency) if terms.discounts else Money.zero(terms.currency)
    for discount in terms.discounts:
        taken = min(_taken(discount, parts), left, key=lambda amount: amount.amount)
        left -= taken
        if taken:
            yield _discount_charge(agreement, terms, period, discount, taken)


def fee_parts(fees: Sequence[Fee], period: BillingPeriod, proration: Proration) -> list[FeePart]:
    """Return the fees of the period; days with the same fee are one part, so that a whole stays whole."""
    starts = [fee.start for fee in fees]
    merged: list[tuple[Period, Fee]] = []
    for days, index in spans(starts, period, proration):
        fee = fees[index]
        if merged and merged[-1][1].amount == fee.amount:
            merged[-1] = (Period(merged[-1][0].start, days.end), fee)
        else:
            merged.append((days, fee))
    return [_part(fee, days, period, proration) for days, fee in merged]


def _part(fee: Fee, days: Period, period: BillingPeriod, proration: Proration) -> FeePart:
    charged, whole = days_charged(period, days, proration), period.whole.days
    if charged == whole:
        return FeePart(fee, days, WHOLE.value, fee.amount)
    part = Fraction(charged, whole)
    return FeePart(fee, days, part, Money.of(fee.amount.amount, fee.amount.currency, part))


def _fee_charge(agreement: Agreement, terms: RetainerTerms, period: BillingPeriod, part: FeePart) -> Charge:
    first = part.period.start == period.covered.start
    return Charge(
        agreement=agreement.id,
        period_name=period.name,
        part="fee" if first else f"fee/{part.period.start}",
        kind=ChargeKind.FEE,
        label=terms.label,
        project=agreement.project,
        service=terms.service,
        vat_class=terms.vat_class,
        priced=lump(part.net),
        period=part.period,
        billed_with=period.covered.start if terms.billing is Billing.IN_ADVANCE else period.covered.end,
        explain=partial(_fee_reason, part),
    )


def _fee_reason(part: FeePart) -> Reason:
    found = step(
        "fee_of_period",
        fee=part.fee.amount,
        start=part.period.start,
        end=part.period.last_day,
        part=part.part,
        net=part.net,
    )
    return (*part.fee.reason, found)


def _taken(discount: Discount, parts: Sequence[FeePart]) -> Money:
    """Return the discount on the days it shares with the period, rounded once."""
    exact = Fraction(0)
    for part in parts:
        shared = min(part.period.end, discount.period.end) - max(part.period.start, discount.period.start)
        days = Fraction(max(shared.days, 0), part.period.days)
        if discount.amount is not None:
            exact += Fraction(discount.amount.amount) * part.part * days
        else:
            exact += Fraction(part.net.amount) * (discount.percent or 0) * days
    return Money.of(exact, parts[0].net.currency)


def _discount_charge(
    agreement: Agreement, terms: RetainerTerms, period: BillingPeriod, discount: Discount, taken: Money
) -> Charge:
    shared = Period(max(period.covered.start, discount.period.start), min(period.covered.end, discount.period.end))
    return Charge(
        agreement=agreement.id,
        period_name=period.name,
        part=f"discount/{discount.id}",
        kind=ChargeKind.DISCOUNT,
        label=discount.label,
        project=agreement.project,
        service=terms.service,
        vat_class=terms.vat_class,
        priced=lump(-taken),
        period=shared,
        billed_with=period.covered.start if terms.billing is Billing.IN_ADVANCE else period.covered.end,
        explain=partial(_discount_reason, discount, shared, taken),
    )


def _discount_reason(discount: Discount, shared: Period, taken: Money) -> Reason:
    size = discount.amount if discount.percent is None else percent(discount.percent, "en")
    start, end = shared.start, shared.last_day
    return (step("discount_of_period", label=discount.label, size=size, start=start, end=end, net=taken),)
