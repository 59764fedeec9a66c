"""Where an agreement stands: what it is worth, how far it is, what was billed (domain 3.4, 3.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from connector.core.agreement import Agreement
from connector.core.billed import BilledState
from connector.core.dues import Assessor
from connector.core.money import Money
from connector.core.plan import Facts
from connector.core.problems import Problem
from connector.core.progress import Evidence, ReadingIndex, project_share
from connector.core.scope import Scope
from connector.core.share import NOTHING


@dataclass(frozen=True, slots=True)
class Standing:
    """One agreement in one currency. `share` is exact; positions whose share cannot be said count as not begun.

    `total` and `share` are None where the agreement is not billed by positions: a retainer is never done. `computed`
    is what the rules billed, `invoiced` what stands on documents; `deviation` is what people changed.
    """

    agreement: str
    total: Money | None
    share: Fraction | None
    computed: Money
    invoiced: Money

    @property
    def deviation(self) -> Money:
        """Return by how much people changed what was computed."""
        return self.invoiced - self.computed


def standings(facts: Facts) -> Iterator[Standing]:
    """Yield the standing of every agreement, one per currency of its positions."""
    scope = Scope(facts.offers, facts.projects)
    evidence = Evidence(facts.as_of, ReadingIndex(facts.readings, facts.as_of), facts.booked, facts.projects)
    assessor = Assessor(evidence, facts.history.positions)
    for agreement in facts.agreements:
        yield from _of_agreement(agreement, scope, assessor, list(facts.history.positions.values()))


def _of_agreement(
    agreement: Agreement, scope: Scope, assessor: Assessor, billed: list[BilledState]
) -> Iterator[Standing]:
    measured = assessor.measured(agreement, scope.positions(agreement))
    assessed = [] if isinstance(measured, Problem) else list(measured)
    mine = [state for state in billed if state.agreement == agreement.id]
    currencies = dict.fromkeys([position.currency for position, _ in assessed] + [s.computed.currency for s in mine])
    for currency in currencies:
        positions = [(position, share) for position, share in assessed if position.currency == currency]
        done = [(position, NOTHING if isinstance(share, Problem) else share.share) for position, share in positions]
        states = [state for state in mine if state.computed.currency == currency]
        computed = Money.total((state.computed for state in states), currency)
        yield Standing(
            agreement.id,
            Money.total((position.total for position, _ in positions), currency) if positions else None,
            project_share(done) if positions else None,
            computed,
            Money.total((state.invoiced for state in states), currency),
        )
