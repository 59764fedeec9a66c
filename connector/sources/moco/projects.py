"""MOCO's projects: whose they are, how they are billed, and what effort their tasks plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from connector.core.offer import Project, ProjectBilling
from connector.core.problems import Problem
from connector.core.quantity import seconds_of_hours
from connector.core.suggest import did_you_mean
from connector.sources.moco.calls import Calls
from connector.sources.moco.records import ProjectRecord, keyed
from connector.sources.moco.settings import Settings


@dataclass(slots=True)
class Projects:
    """The projects by MOCO's number: their records and what they are called; and what is wrong with others."""

    source: str
    records: dict[int, ProjectRecord] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> Projects:
        """Return all projects, archived ones included: MOCO leaves them out unless asked."""
        projects = cls(calls.source)
        rows = calls.rows("/projects", include_archived="true")
        for found in keyed(rows, ProjectRecord, settings.project_id, f"{calls.source}: project"):
            if isinstance(found, Problem):
                projects.problems.append(found)
            else:
                key, record = found
                projects.ids[record.id] = key
                projects.records[record.id] = record
        return projects

    def place(self, number: int) -> str:
        """Return how the project of MOCO's number is named in messages."""
        return f"{self.source}: project {self.ids.get(number, f'#{number}')}"

    def of_deal(self, deal: int) -> int | None:
        """Return MOCO's number of the one project that came of the deal, None for none or several."""
        found = [number for number, record in self.records.items() if record.deal and record.deal.id == deal]
        return found[0] if len(found) == 1 else None

    def planned_seconds(self, number: int, title: str) -> int | None:
        """Return the effort that the one task of this name plans: its budget ÷ its rate; None where it has none."""
        record = self.records[number]
        tasks = [task for task in record.tasks if task.name == title]
        if len(tasks) != 1 or not tasks[0].budget or tasks[0].budget < 0:
            return None
        rate = record.rate_of(tasks[0])
        return seconds_of_hours(Fraction(tasks[0].budget) / Fraction(rate)) if rate else None


def translated(projects: Projects, customers: Mapping[int, str], settings: Settings) -> Iterator[Project | Problem]:
    """Yield the projects with a customer, and what is wrong with the others."""
    yield from projects.problems
    for number, record in projects.records.items():
        place = projects.place(number)
        customer = customers.get(record.customer.id) if record.customer else None
        parent = record.text(settings.project.parent)
        if customer is None:
            message = "its customer is not among the companies that are customers"
            yield Problem("CustomerMissing", message, place, "give the project a customer that has a number")
        elif parent and parent not in projects.ids.values():
            message = f"{settings.project.parent!r} names no project: {parent!r}"
            yield Problem("UnknownProject", message, place, did_you_mean(parent, projects.ids.values()))
        else:
            yield Project(
                id=projects.ids[number],
                name=record.name,
                customer=customer,
                parent=parent,
                start=record.start_date,
                end=record.finish_date,
                billing=_billing(record),
                origin=place,
            )


def _billing(record: ProjectRecord) -> ProjectBilling:
    if record.retainer:
        return ProjectBilling.UNSTATED
    return ProjectBilling.FIXED_PRICE if record.fixed_price else ProjectBilling.TIME_AND_MATERIALS
