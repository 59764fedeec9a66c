"""The plan: which documents are due, computed from facts alone; same facts, same plan, byte for byte (domain 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from connector.core.agreement import Agreement
from connector.core.billed import EMPTY, History
from connector.core.document import Composer, Header, PlannedDocument, VatDecider
from connector.core.dues import Assessor, Untouched
from connector.core.offer import Offer, Position, Project
from connector.core.party import Party
from connector.core.problems import Problem
from connector.core.progress import Evidence, ReadingIndex
from connector.core.readings import Reading
from connector.core.scope import Scope, claimed_twice
from connector.core.timesheet import BookedTime


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a plan depends on.

    `booked` sums the finished time entries up to `as_of` per position key. `selection` limits an agreement (by id) to
    positions or categories a person chose (domain 3.10); an agreement that is not in it is billed whole.
    `payment_days` is the tenant's default; `who` is written into the log.
    """

    tenant: str
    as_of: date
    seller: Party
    payment_days: int
    agreements: Sequence[Agreement]
    customers: Mapping[str, Party]
    projects: Mapping[str, Project]
    offers: Sequence[Offer]
    vat: VatDecider
    readings: Sequence[Reading] = ()
    booked: Mapping[str, BookedTime] = field(default_factory=dict)
    history: History = EMPTY
    selection: Mapping[str, frozenset[str]] = field(default_factory=dict)
    who: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due on a day: documents, all problems (held and noticed), and why nothing else is billed."""

    as_of: date
    documents: tuple[PlannedDocument, ...]
    problems: tuple[Problem, ...]
    untouched: tuple[Untouched, ...]


def make_plan(facts: Facts) -> Plan:
    """Return the plan for the facts; a problem holds back the documents of its agreement and no other."""
    planner = _Planner(facts)
    for agreement, positions in planner.claims:
        planner.add(agreement, positions)
    return Plan(facts.as_of, tuple(planner.documents), tuple(planner.problems), tuple(planner.untouched))


class _Planner:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        scope = Scope(facts.offers, facts.projects)
        evidence = Evidence(facts.as_of, ReadingIndex(facts.readings, facts.as_of), facts.booked, facts.projects)
        self.assessor = Assessor(evidence, facts.history.positions)
        self.composer = Composer(facts.projects, facts.history.positions, facts.vat)
        self.claims = [(agreement, scope.positions(agreement)) for agreement in facts.agreements]
        self.problems = claimed_twice(self.claims)
        self.claimed = {problem.agreement for problem in self.problems}
        self.documents: list[PlannedDocument] = []
        self.untouched: list[Untouched] = []

    def add(self, agreement: Agreement, positions: Sequence[Position]) -> None:
        """Add the documents, problems and untouched positions of the agreement."""
        dues = self.assessor.dues(agreement, positions, self.facts.selection.get(agreement.id))
        self.problems += dues.problems
        self.untouched += dues.untouched
        buyer = self.facts.customers.get(agreement.customer)
        if buyer is None:
            self.problems.append(_unknown_customer(agreement))
        elif dues.owed and not dues.held and agreement.id not in self.claimed:
            documents, problems = self.composer.compose(self._header(agreement, buyer), dues.lines, positions)
            self.documents += documents
            self.problems += problems

    def _header(self, agreement: Agreement, buyer: Party) -> Header:
        chosen = (agreement.payment_days, buyer.payment_days, self.facts.payment_days)
        return Header(
            tenant=self.facts.tenant,
            agreement=agreement,
            sequence=self.facts.history.documents.get(agreement.id, 0) + 1,
            issue_date=self.facts.as_of,
            payment_days=next(days for days in chosen if days is not None),
            seller=self.facts.seller,
            buyer=buyer,
            who=self.facts.who,
        )


def _unknown_customer(agreement: Agreement) -> Problem:
    return Problem(
        "UnknownCustomer",
        f"agreement {agreement.id} is with customer {agreement.customer!r}, whom no source knows",
        agreement.place,
        "correct the customer, or add it to the project tool or the ledger",
        agreement=agreement.id,
    )
