"""The books of an agency in a test: facts that stay, and a billed log that grows from plan to plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from connector.core.agreement import Agreement
from connector.core.billed import BilledEntry, BilledKind, BilledState, History
from connector.core.document import PlannedDocument, VatDecider
from connector.core.invoice import InvoiceLine
from connector.core.offer import Offer, Position, Project
from connector.core.party import Party
from connector.core.plan import Facts, Plan, make_plan
from connector.core.problems import Problem
from connector.core.readings import Reading
from connector.core.vat import VatCase, VatDecision
from tests.core.builders import FEBRUARY, JANUARY, MARCH, agreement, offer, party, project, seller, vat_decision

JAN, FEB, MAR = JANUARY.last_day, FEBRUARY.last_day, MARCH.last_day


def standard_rate(case: VatCase) -> VatDecision:
    """Decide 19 % for everything."""
    del case
    return vat_decision()


@dataclass
class Books:
    """One tenant: agreement 'website' on project 'WEB' with customer 'K1', unless a test says otherwise.

    Readings are kept once given, as a source keeps them.
    """

    offers: Sequence[Offer] = ()
    agreements: Sequence[Agreement] = field(default_factory=lambda: [agreement()])
    projects: Mapping[str, Project] = field(default_factory=lambda: {"WEB": project()})
    customers: Mapping[str, Party] = field(default_factory=lambda: {"K1": party()})
    vat: VatDecider = standard_rate
    readings: list[Reading] = field(default_factory=list)
    log: list[BilledEntry] = field(default_factory=list)

    def facts(self, as_of: date, *readings: Reading, **others: Any) -> Facts:  # noqa: ANN401 -- any field of Facts
        """Return the facts of the day, with more readings from now on."""
        self.readings += readings
        facts = Facts(
            tenant="nordlicht",
            as_of=as_of,
            seller=seller(),
            payment_days=30,
            agreements=self.agreements,
            customers=self.customers,
            projects=self.projects,
            offers=self.offers,
            vat=self.vat,
            readings=tuple(self.readings),
            history=History.fold(self.log),
            who="test",
        )
        return replace(facts, **others)

    def plan(self, as_of: date, *readings: Reading, **others: Any) -> Plan:  # noqa: ANN401 -- any field of Facts
        """Return the plan of the day; nothing is written."""
        return make_plan(self.facts(as_of, *readings, **others))

    def bill(self, as_of: date, *readings: Reading, **others: Any) -> Plan:  # noqa: ANN401 -- any field of Facts
        """Return the plan of the day and write its log."""
        plan = self.plan(as_of, *readings, **others)
        for document in plan.documents:
            self.log += document.log
        return plan

    def accept(self, terms: Position, *, vanished: bool = False, agreement_id: str = "website") -> None:
        """Accept that the position has new terms, or is gone (domain 3.9)."""
        last = next(entry for entry in reversed(self.log) if entry.position.key == terms.key)
        nothing = last.computed - last.computed
        self.log.append(
            replace(
                last,
                agreement=agreement_id,
                position=terms,
                document="",
                kind=BilledKind.CHANGE_ACCEPTED,
                computed=nothing,
                invoiced=nothing,
                comment="agreed by telephone",
                vanished=vanished,
            )
        )

    def cancel(self, document: str) -> None:
        """Take a document back: every entry of it with its sign turned."""
        self.log += [
            replace(entry, kind=BilledKind.REVERSED, computed=-entry.computed, invoiced=-entry.invoiced)
            for entry in self.log
            if entry.document == document and entry.kind is not BilledKind.REVERSED
        ]

    def state(self, key: str = "A1/1") -> BilledState:
        """Return what the log says of the position."""
        return History.fold(self.log).positions[key]


def books(*positions: Position, **others: Any) -> Books:  # noqa: ANN401 -- any field of Books
    """Return books with one accepted offer of the positions."""
    return Books([offer(*positions)], **others)


def the_document(plan: Plan) -> PlannedDocument:
    """Return the only document of the plan."""
    (document,) = plan.documents
    return document


def the_line(plan: Plan) -> InvoiceLine:
    """Return the only line of the only document."""
    (line,) = the_document(plan).invoice.lines
    return line


def the_problem(plan: Plan) -> Problem:
    """Return the only problem of the plan."""
    (problem,) = plan.problems
    return problem


def nets(plan: Plan) -> dict[str, str]:
    """Return the net per position key over all documents, as printed: {'A1/1': '5000.00'}."""
    return {line.position: str(line.net.amount) for document in plan.documents for line in document.invoice.lines}


def total_net(plan: Plan) -> str:
    """Return the net of the only document, as printed."""
    return str(the_document(plan).invoice.net.amount)


def codes(plan: Plan) -> list[str]:
    """Return the codes of the plan's problems."""
    return [problem.code for problem in plan.problems]


def rests(plan: Plan) -> dict[str, str]:
    """Return why positions have no amount, by key."""
    return {each.position.key: each.rest.value for each in plan.untouched}


def printed(line: InvoiceLine) -> str:
    """Return what the line prints: '0.5 flat × 5000.00 = 2500.00'."""
    return f"{line.quantity} {line.unit} × {line.unit_price} = {line.net.amount}"


def by_service(**decisions: VatDecision | Problem) -> Callable[[VatCase], VatDecision | Problem]:
    """Return a decider that answers by the service of the position."""
    return lambda case: decisions[case.service]
