"""Why a period has overage: what the time bank opened with and gave, and what the rest costs (domain 11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connector.core.catalogue import ItemUnit, shown
from connector.core.overage import TierPart, tier_step
from connector.core.proration import PeriodTerms
from connector.core.reason import Reason, Step, step
from connector.core.retainer_terms import RetainerTerms
from connector.core.timebank import BankStatement

NONE = "–"


def bank_reason(statement: BankStatement, held: PeriodTerms, part: TierPart, terms: RetainerTerms) -> Reason:
    """Return the steps from the lots of earlier periods to the price of one tier of the overage.

    `held` are the terms of the statement's period.
    """
    return (*_Told(statement, terms.currency).steps(held, terms), tier_step(statement.item, part, terms.currency))


class _Told:
    def __init__(self, statement: BankStatement, currency: str) -> None:
        self.statement = statement
        self.currency = currency

    def steps(self, held: PeriodTerms, terms: RetainerTerms) -> Iterator[Step]:
        item, movement = self.statement.item, self.statement.movement
        lots = self._lots((lot.period, lot.left) for lot in movement.before.lots)
        yield step("bank_opening", item=item.label, opening=self._text(movement.opening), lots=lots)
        yield from self._granted(held)
        yield step("bank_granted", granted=self._text(movement.granted), available=self._text(movement.available))
        if item.unit is not ItemUnit.UNITS:
            yield from terms.rounding.reason
        yield from self.statement.consumed.reason(item, self.currency)
        yield step("entries_listed", agreement=self.statement.agreement, period=self.statement.period.name)
        yield self._beyond()

    def _granted(self, held: PeriodTerms) -> Iterator[Step]:
        """Yield the part of each allowance, where not a full one is granted."""
        if self.statement.movement.granted == self.statement.item.allowance:
            return
        for days, allowance, part in held.granted_parts(self.statement.item.id):
            yield step(
                "allowance_part", start=days.start, end=days.last_day, allowance=self._text(allowance), part=part
            )

    def _beyond(self) -> Step:
        rule, movement = self.statement.item.overage.rule, self.statement.movement
        covered = self._text(movement.used - movement.overage - movement.deducted)
        lots = self._lots((lot.period, lot.grains) for lot in movement.drawn)
        overage = self._text(movement.overage)
        if not movement.deducted:
            return step("bank_overage", covered=covered, lots=lots, overage=overage, rule=rule)
        deducted = self._text(movement.deducted)
        return step("bank_deducted", covered=covered, lots=lots, deducted=deducted, overage=overage, rule=rule)

    def _lots(self, lots: Iterable[tuple[str, int]]) -> str:
        return ", ".join(f"{period} {self._text(grains)}" for period, grains in lots) or NONE

    def _text(self, grains: int) -> str:
        return shown(grains, self.statement.item.unit, self.currency)
