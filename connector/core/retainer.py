"""What a retainer costs: fee, overage and variable parts of every period, with today's knowledge (domain 4).

Nothing here looks at what was billed before: all periods are computed anew from the terms, the consumption and the
metrics. `charge_due` compares the outcome with the billed log, so a late change needs no code of its own (domain 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from connector.core.agreement import Agreement
from connector.core.bank_reason import bank_reason
from connector.core.catalogue import OverageRule
from connector.core.charge import Charge, ChargeKind
from connector.core.consumption import Usage, consumption
from connector.core.indexation import fees
from connector.core.overage import TierPart, absorbed, price_overage
from connector.core.problems import Problem, Severity
from connector.core.proration import PeriodTerms, terms_by_period
from connector.core.readings import Metric
from connector.core.retainer_check import terms_problems
from connector.core.retainer_fee import fee_charges
from connector.core.retainer_terms import Billing, RetainerTerms
from connector.core.timebank import BankStatement, ThresholdNotice, statements, threshold_notices
from connector.core.variable import MetricIndex, variable_charges


@dataclass(frozen=True, slots=True)
class RetainerAssessment:
    """All charges of a retainer, oldest first, its time bank statements, notices, and what is wrong.

    Charges whose `billed_with` lies after the day of the run are still to come. While a problem holds, some may be
    missing: then nothing may be billed.
    """

    charges: tuple[Charge, ...]
    statements: tuple[BankStatement, ...]
    notices: tuple[ThresholdNotice, ...]
    problems: tuple[Problem, ...]


def assess_retainer(
    agreement: Agreement, terms: RetainerTerms, usage: Iterable[Usage], metrics: Iterable[Metric], as_of: date
) -> RetainerAssessment:
    """Return what every period begun by `as_of` comes to.

    `usage` and `metrics` are those of the agreement alone, of any time, in any order. Overage is charged for closed
    periods only.
    """
    if found := terms_problems(agreement, terms):
        return RetainerAssessment((), (), (), tuple(found))
    return _Assessor(agreement, terms, as_of).assess(usage, metrics)


def time_banks(
    agreement: Agreement, terms: RetainerTerms, periods: Sequence[PeriodTerms], usage: Iterable[Usage], as_of: date
) -> tuple[list[BankStatement], list[Problem]]:
    """Return the statements of all items up to the day, and what is wrong with the consumption."""
    consumed, problems = consumption(agreement, terms, periods, usage, as_of)
    found = (statements(agreement, item_id, periods, consumed, as_of) for item_id in terms.item_ids)
    return [statement for each in found for statement in each], problems


class _Assessor:
    def __init__(self, agreement: Agreement, terms: RetainerTerms, as_of: date) -> None:
        self.agreement = agreement
        self.terms = terms
        self.as_of = as_of
        self.periods = terms_by_period(terms, as_of)
        self.begun = [held for held in self.periods if held.period.covered.start <= as_of]

    def assess(self, usage: Iterable[Usage], metrics: Iterable[Metric]) -> RetainerAssessment:
        banks, problems = time_banks(self.agreement, self.terms, self.periods, usage, self.as_of)
        fee, fee_problems = self._fee_charges()
        variable, metric_problems = self._variable_charges(MetricIndex(metrics))
        charges = [*fee, *self._overage_charges(banks), *variable]
        charges.sort(key=lambda charge: charge.period.start)
        notices = threshold_notices(self.terms.thresholds, banks)
        return RetainerAssessment(
            tuple(charges), tuple(banks), tuple(notices), (*fee_problems, *problems, *metric_problems)
        )

    def _fee_charges(self) -> tuple[list[Charge], list[Problem]]:
        if not self.begun:
            return [], []
        found, problems = fees(self.agreement, self.terms, self.begun[-1].period.covered.end)
        charges = [
            charge for held in self.begun for charge in fee_charges(self.agreement, self.terms, found, held.period)
        ]
        return charges, self._told_in_time(problems)

    def _told_in_time(self, problems: list[Problem]) -> list[Problem]:
        """Return the problems; those of a fee that is not due yet as notices: an index is published late."""
        if not problems or self.terms.billing is Billing.IN_ADVANCE:
            return problems
        closed = [held.period.covered.end for held in self.begun if held.period.closed(self.as_of)]
        _, holding = fees(self.agreement, self.terms, max(closed, default=self.terms.start))
        return [each if each in holding else replace(each, severity=Severity.NOTICE) for each in problems]

    def _overage_charges(self, banks: Sequence[BankStatement]) -> Iterator[Charge]:
        for statement in banks:
            if statement.closed and statement.movement.overage:
                held = self.periods[statement.period.number - self.periods[0].period.number]
                yield from _overage(self.agreement, self.terms, statement, held)

    def _variable_charges(self, metrics: MetricIndex) -> tuple[list[Charge], list[Problem]]:
        """Return the charges of the readings so far; a reading is missed only when its period has closed."""
        charges, problems = [], []
        for held in self.begun:
            for found in variable_charges(self.agreement, self.terms, held, metrics):
                if isinstance(found, Charge):
                    charges.append(found)
                elif held.period.closed(self.as_of):
                    problems.append(found)
        return charges, problems


def _overage(
    agreement: Agreement, terms: RetainerTerms, statement: BankStatement, held: PeriodTerms
) -> Iterator[Charge]:
    """Yield the charges of the overage, one per tier it reaches (domain 4.5)."""
    item, overage = statement.item, statement.movement.overage
    rule = item.overage.rule
    if rule is OverageRule.ABSORB:
        parts: Iterable[TierPart] = [absorbed(item, overage, terms.currency, terms.pricing)]
    else:
        parts = price_overage(item, overage, terms.currency, terms.pricing)
    later = rule is OverageRule.BILL_NEXT and statement.next_close is not None
    for part in parts:
        yield Charge(
            agreement=agreement.id,
            period_name=statement.period.name,
            part=f"overage/{item.id}" if part.number == 1 else f"overage/{item.id}/{part.number}",
            kind=ChargeKind.OVERAGE,
            label=item.label,
            project=agreement.project,
            service=item.service or terms.service,
            vat_class=item.vat_class or terms.vat_class,
            priced=part.priced,
            period=statement.period.covered,
            billed_with=(statement.next_close if later else None) or statement.period.covered.end,
            explain=partial(bank_reason, statement, held, part, terms),
            waits=rule is OverageRule.HOLD,
            shown=rule is OverageRule.ABSORB,
        )
