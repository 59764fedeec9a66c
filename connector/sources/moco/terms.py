"""What MOCO states of retainers and planned invoices; agreements bill them, and `check` holds both together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.core.agreement import Instalment
from connector.core.cycle import Cycle
from connector.core.money import Money
from connector.core.problems import Problem, Severity
from connector.core.told_terms import ToldRetainer, ToldSchedule, ToldTerms
from connector.sources.moco.calls import Calls
from connector.sources.moco.offers import RateCard
from connector.sources.moco.projects import Projects
from connector.sources.moco.records import PaymentRecord, ProjectRecord, RecurringRecord, record_of

PERIODS = {
    "weekly": Cycle.WEEK,
    "monthly": Cycle.MONTH,
    "quarterly": Cycle.QUARTER,
    "annual": Cycle.YEAR,
}
"""Of MOCO's periods those that agreements have too; "biweekly" and "biannual" are told in the title."""


def told(
    calls: Calls, projects: Projects, card: RateCard, customers: Mapping[int, str]
) -> Iterator[ToldTerms | Problem]:
    """Yield the terms of active projects; `customers` are those that are read, by MOCO's number."""
    tables = _Tables(projects, customers)
    for record in projects.records.values():
        if record.active and record.retainer and (budget := record.budget_monthly):
            yield tables.retainer(record, budget)
    for subject, records in card.recurring.items():
        if subject not in card.titled:
            yield from filter(None, map(tables.recurring, records))
    yield from tables.schedules(calls)


@dataclass(frozen=True, slots=True)
class _Tables:
    """Projects and customers as agreements call them."""

    projects: Projects
    customers: Mapping[int, str]

    def retainer(self, record: ProjectRecord, monthly: Decimal) -> ToldRetainer | Problem:
        """Return the retainer project; its monthly budget may be a fee, or the worth of the work in it."""
        place = self.projects.place(record.id)
        try:
            budget = Money.exactly(monthly, record.currency)
        except ValueError as error:
            return _unreadable(error, place)
        return ToldRetainer(
            place=place,
            title=record.name,
            customer=self._customer(record),
            project=self.projects.ids[record.id],
            start=record.start_date,
            last_day=record.finish_date,
            cycle=Cycle.MONTH,
            budget=budget,
        )

    def recurring(self, record: RecurringRecord) -> ToldRetainer | Problem | None:
        """Return the recurring expense as a retainer with a fee; None if not billable, or of no active project."""
        project = self.projects.records.get(record.project.id)
        if project is None or not (project.active and record.billable):
            return None
        place, cycle = f"{self.projects.place(project.id)}, {record.title}", PERIODS.get(record.period)
        try:
            fee = None if record.price is None else Money.exactly(record.price, record.currency or project.currency)
        except ValueError as error:
            return _unreadable(error, place)
        return ToldRetainer(
            place=place,
            title=record.title if cycle else f"{record.title} ({record.period})",
            customer=self._customer(project),
            project=self.projects.ids[project.id],
            start=record.start_date,
            last_day=record.finish_date,
            cycle=cycle,
            fee=fee,
        )

    def schedules(self, calls: Calls) -> Iterator[ToldSchedule | Problem]:
        """Yield the invoices that are planned and not written, project by project."""
        planned: dict[int, list[Instalment]] = {}
        for row in calls.rows("/projects/payment_schedules"):
            place = f"{calls.source}: payment schedule #{row['id']}"
            record = record_of(row, PaymentRecord, place)
            if isinstance(record, Problem):
                yield record
            elif (project := self.projects.records.get(record.project.id)) and project.active and not record.billed:
                try:
                    amount = Money.exactly(record.net_total, project.currency)
                except ValueError as error:
                    yield _unreadable(error, place)
                    continue
                planned.setdefault(project.id, []).append(Instalment(record.date, record.title, amount))
        for number, instalments in planned.items():
            customer, key = self._customer(self.projects.records[number]), self.projects.ids[number]
            ordered = tuple(sorted(instalments, key=lambda each: each.due_on))
            yield ToldSchedule(self.projects.place(number), key, customer, ordered)

    def _customer(self, project: ProjectRecord) -> str:
        return self.customers.get(project.customer.id, "") if project.customer else ""


def _unreadable(error: ValueError, place: str) -> Problem:
    return Problem("UnreadableRecord", str(error), place, "look at it in MOCO", Severity.NOTICE)
