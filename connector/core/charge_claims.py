"""Retainers and time and materials: from time and metrics to the lines that claim what is due now (domain 4, 5, 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from connector.core.agreement import Agreement
from connector.core.billed import BilledState, given_back
from connector.core.charge import Charge, LateRule
from connector.core.charge_due import DueCharge, DueCharges, due_charges
from connector.core.charge_texts import due_text
from connector.core.claim import Claim
from connector.core.feeding import Feeding, metrics_of
from connector.core.materials import assess_materials
from connector.core.materials_terms import MaterialsTerms
from connector.core.offer import Project
from connector.core.problems import Problem, Severity
from connector.core.readings import Metric
from connector.core.retainer import RetainerAssessment, assess_retainer
from connector.core.retainer_terms import RetainerTerms
from connector.core.suggest import did_you_mean
from connector.core.timebank import ThresholdNotice
from connector.core.work import Work


@dataclass(frozen=True, slots=True)
class TimeFacts:
    """What charges are computed from: work per agreement (id), metrics, projects, labels of positions, the day."""

    as_of: date
    work: Mapping[str, Sequence[Work]]
    metrics: Sequence[Metric]
    projects: Mapping[str, Project]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Assessed:
    """All charges of an agreement, what is wrong, and the thresholds reached."""

    charges: tuple[Charge, ...]
    problems: tuple[Problem, ...]
    notices: tuple[ThresholdNotice, ...] = ()

    @property
    def held(self) -> bool:
        """Tell whether a problem holds the document back."""
        return any(problem.holds for problem in self.problems)


def assess(agreement: Agreement, facts: TimeFacts, feeding: Feeding) -> Assessed:
    """Return what every period of the agreement comes to; its terms are those of a retainer or time and materials."""
    terms = agreement.terms
    unknown = tuple(_unknown_projects(agreement, facts.projects))
    if isinstance(terms, RetainerTerms):
        found, problems = assess_bank(agreement, terms, facts, feeding)
        return Assessed(found.charges, (*unknown, *problems, *found.problems), found.notices)
    if isinstance(terms, MaterialsTerms):
        work = feeding.work(agreement, facts.work.get(agreement.id, ()))
        priced = assess_materials(agreement, terms, work, facts.projects, facts.as_of, labels=facts.labels)
        return Assessed(priced.charges, (*unknown, *priced.problems))
    message = f"agreement {agreement.id} has no charges: its kind is {terms.family}"
    raise TypeError(message)


def _unknown_projects(agreement: Agreement, projects: Mapping[str, Project]) -> Iterator[Problem]:
    """Yield a notice for every project that no source knows; it holds nothing: a tool may no longer list it."""
    for project in agreement.projects:
        if project not in projects:
            message = f"agreement {agreement.id} is about project {project!r}, which no source knows"
            hint = did_you_mean(project, projects)
            yield Problem("UnknownProject", message, agreement.place, hint, Severity.NOTICE, agreement.id)


def assess_bank(
    agreement: Agreement, terms: RetainerTerms, facts: TimeFacts, feeding: Feeding
) -> tuple[RetainerAssessment, list[Problem]]:
    """Return the retainer assessed with its time bank, and the notices of time that feeds none of its items."""
    metrics = metrics_of(agreement, facts.metrics, facts.projects)
    usage, problems = feeding.usage(agreement, facts.work.get(agreement.id, ()), metrics)
    return assess_retainer(agreement, terms, usage, metrics, facts.as_of), problems


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was billed of the agreement's charges, by key, and the approvals a person gave."""

    billed: Mapping[str, BilledState]
    approved: Collection[str]


def claims_of(
    agreement: Agreement, assessed: Assessed, ledger: Ledger, as_of: date, language: str
) -> tuple[list[Claim], DueCharges]:
    """Return a claim per charge that is due on the day, and what they were made from, with what is held back."""
    late = agreement.terms.late if isinstance(agreement.terms, RetainerTerms | MaterialsTerms) else LateRule.CORRECT
    found = due_charges(agreement, assessed.charges, ledger.billed, as_of, late=late, approved=ledger.approved)
    return list(_claims(found.due, ledger.billed, language)), found


def _claims(dues: Sequence[DueCharge], billed: Mapping[str, BilledState], language: str) -> Iterator[Claim]:
    for due in dues:
        yield Claim(
            position=due.charge.as_position(),
            text=due_text(due, language),
            amount=due.amount,
            quantity=due.printed.quantity,
            unit=due.printed.unit,
            unit_price=due.printed.unit_price,
            done=due.printed.quantity,
            share_before=Fraction(0),
            share_after=Fraction(1),
            period=due.charge.period,
            reason=due.reason,
            credits=given_back(billed.get(due.charge.key), due.amount),
        )
