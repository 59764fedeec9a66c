"""The plan: which documents are due, computed from facts alone; same facts, same plan, byte for byte (domain 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from connector.core.agreement import Agreement, Instalments, ProgressTerms, ScheduleTerms
from connector.core.billed import EMPTY, BilledState, History
from connector.core.charge_claims import Ledger, TimeFacts, assess, claims_of
from connector.core.charge_due import DueCharge
from connector.core.claim import Claim
from connector.core.document import Header, PlannedDocument, VatDecider, compose
from connector.core.dues import Assessor, Dues, Untouched
from connector.core.feeding import Feeding
from connector.core.final import DownPayment, FinalClaims, is_final, prepayments, unnumbered_problem, unpaid_problem
from connector.core.invoice import DocumentKind, Prepayment
from connector.core.offer import Offer, Position, Project
from connector.core.party import Party
from connector.core.problems import Problem
from connector.core.progress import Evidence, ReadingIndex
from connector.core.progress_claims import ProgressClaims, covered_note
from connector.core.readings import Metric, Reading
from connector.core.retainer_terms import RetainerTerms
from connector.core.scope import Scope, claimed_twice
from connector.core.timesheet import BookedTime
from connector.core.work import Work


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a plan depends on.

    `booked` sums the finished time entries up to `as_of` per position key. `selection` limits an agreement (by id) to
    positions or categories a person chose (domain 3.10), so none of one without positions; an agreement that is not in
    it is billed whole.
    `work` are the billable hours per agreement (id) with its rounding, for retainers and time and materials.
    `approved` are the keys of charges a person let through, `raised` those of notices given before (domain 4.11).
    `down_payments` are the earlier documents that stand of agreements with money asked for ahead, `finals` the
    agreements that have their final invoice (domain 7.3).
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
    work: Mapping[str, Sequence[Work]] = field(default_factory=dict)
    metrics: Sequence[Metric] = ()
    approved: frozenset[str] = frozenset()
    raised: frozenset[str] = frozenset()
    down_payments: Mapping[str, Sequence[DownPayment]] = field(default_factory=dict)
    finals: frozenset[str] = frozenset()
    selection: Mapping[str, frozenset[str]] = field(default_factory=dict)
    who: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due on a day: documents, all problems (held and noticed), and why nothing else is billed.

    `notices` are the keys of the thresholds that this plan tells for the first time; `waiting` are the charges that a
    person must let through first.
    """

    as_of: date
    documents: tuple[PlannedDocument, ...]
    problems: tuple[Problem, ...]
    untouched: tuple[Untouched, ...]
    notices: tuple[str, ...] = ()
    waiting: tuple[DueCharge, ...] = ()


def make_plan(facts: Facts) -> Plan:
    """Return the plan for the facts; a problem holds back the documents of its agreement and no other."""
    planner = _Planner(facts)
    for agreement in facts.agreements:
        planner.assess(agreement)
    planner.hold_what_is_claimed_twice()
    for outcome in planner.outcomes:
        planner.compose(outcome)
    return Plan(
        facts.as_of,
        tuple(planner.documents),
        tuple(planner.problems),
        tuple(planner.untouched),
        tuple(planner.notices),
        tuple(planner.waiting),
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    agreement: Agreement
    buyer: Party
    claims: Sequence[Claim]
    notes: tuple[str, ...] = ()
    kind: DocumentKind = DocumentKind.INVOICE
    prepaid: tuple[Prepayment, ...] = ()


class _Planner:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        billed = facts.history.positions
        self.scope = Scope(facts.offers, facts.projects)
        evidence = Evidence(facts.as_of, ReadingIndex(facts.readings, facts.as_of), facts.booked, facts.projects)
        self.assessor = Assessor(evidence, billed)
        self.progress_claims = ProgressClaims(facts.projects, billed)
        self.feeding = Feeding(facts.projects)
        self.time = TimeFacts(facts.as_of, facts.work, facts.metrics, facts.projects, _labels(facts.offers))
        self.billed_of = _by_agreement(billed)
        self.claims: list[tuple[Agreement, Sequence[Position]]] = []
        self.problems: list[Problem] = []
        self.outcomes: list[_Outcome] = []
        self.claimed: set[str] = set()
        self.documents: list[PlannedDocument] = []
        self.untouched: list[Untouched] = []
        self.notices: list[str] = []
        self.waiting: list[DueCharge] = []

    def assess(self, agreement: Agreement) -> None:
        """Find out what is due for the agreement."""
        buyer = self.facts.customers.get(agreement.customer)
        if isinstance(agreement.terms, ProgressTerms | ScheduleTerms):
            self._assess_positions(agreement, buyer)
        elif buyer is not None and agreement.id not in self.facts.selection:
            self._assess_charges(agreement, buyer)
        if buyer is None:
            self.problems.append(_unknown_customer(agreement))

    def hold_what_is_claimed_twice(self) -> None:
        """Add the problems of agreements that would bill the same position or the same time."""
        found = [*claimed_twice(self.claims), *self.feeding.fed_twice()]
        self.problems += [*found, *self.feeding.not_covered()]
        self.claimed = {problem.agreement for problem in found}

    def compose(self, outcome: _Outcome) -> None:
        """Add the documents of the agreement, unless another one claims the same."""
        if outcome.agreement.id in self.claimed:
            return
        header = self._header(outcome)
        documents, problems = compose(header, outcome.claims, self.facts.vat, outcome.notes)
        self.documents += documents
        self.problems += problems

    def _assess_positions(self, agreement: Agreement, buyer: Party | None) -> None:
        positions = self.scope.positions(agreement)
        self.claims.append((agreement, positions))
        dues = self.assessor.dues(agreement, positions, self.facts.selection.get(agreement.id))
        self.problems += dues.problems
        final = is_final(agreement, dues, has_final=agreement.id in self.facts.finals)
        self.untouched += () if final else dues.untouched
        if buyer is None:
            return
        if final:
            self._close(agreement, buyer, dues, positions)
        elif dues.owed and not dues.held:
            claims = self.progress_claims.claims(agreement, dues.lines, buyer.language, self.facts.as_of)
            notes = covered_note(agreement, positions, buyer.language)
            self.outcomes.append(_Outcome(agreement, buyer, tuple(claims), notes, self._kind(agreement)))

    def _kind(self, agreement: Agreement) -> DocumentKind:
        ahead = agreement.closing.instalments is Instalments.DOWN_PAYMENT and agreement.id not in self.facts.finals
        return DocumentKind.PARTIAL if ahead else DocumentKind.INVOICE

    def _close(self, agreement: Agreement, buyer: Party, dues: Dues, positions: Sequence[Position]) -> None:
        earlier = self.facts.down_payments.get(agreement.id, ())
        if problem := unpaid_problem(agreement, earlier) or unnumbered_problem(agreement, earlier):
            self.problems.append(problem)
            return
        claims = FinalClaims(self.facts.projects, self.facts.history.positions).claims(
            agreement, dues, earlier, buyer.language
        )
        notes = covered_note(agreement, positions, buyer.language)
        prepaid = prepayments(agreement, earlier)
        self.outcomes.append(_Outcome(agreement, buyer, tuple(claims), notes, DocumentKind.FINAL, prepaid))

    def _assess_charges(self, agreement: Agreement, buyer: Party) -> None:
        assessed = assess(agreement, self.time, self.feeding)
        self.problems += assessed.problems
        for notice in assessed.notices:
            if notice.key not in self.facts.raised:
                self.notices.append(notice.key)
                self.problems.append(notice.problem(agreement.place, _currency(agreement)))
        if assessed.held:
            return
        ledger = Ledger(self.billed_of.get(agreement.id, {}), self.facts.approved)
        claims, found = claims_of(agreement, assessed, ledger, self.facts.as_of, buyer.language)
        self.problems += found.problems
        self.waiting += found.held
        if claims and not any(problem.holds for problem in found.problems):
            self.outcomes.append(_Outcome(agreement, buyer, claims))

    def _header(self, outcome: _Outcome) -> Header:
        agreement, buyer = outcome.agreement, outcome.buyer
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
            kind=outcome.kind,
            prepaid=outcome.prepaid,
        )


def _labels(offers: Sequence[Offer]) -> dict[str, str]:
    return {position.key: position.label for offer in offers for position in offer.positions}


def _by_agreement(billed: Mapping[str, BilledState]) -> dict[str, dict[str, BilledState]]:
    states: dict[str, dict[str, BilledState]] = {}
    for key, state in billed.items():
        states.setdefault(state.agreement, {})[key] = state
    return states


def _currency(agreement: Agreement) -> str:
    terms = agreement.terms
    return terms.currency if isinstance(terms, RetainerTerms) else ""


def _unknown_customer(agreement: Agreement) -> Problem:
    return Problem(
        "UnknownCustomer",
        f"agreement {agreement.id} is with customer {agreement.customer!r}, whom no source knows",
        agreement.place,
        "correct the customer, or add it to the project tool or the ledger",
        agreement=agreement.id,
    )
