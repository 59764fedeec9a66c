"""Odoo's projects: what they are called, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from connector.core.offer import Project
from connector.core.problems import Problem, Severity
from connector.sources.odoo.calls import Calls
from connector.sources.odoo.records import ProjectRecord, record_of
from connector.sources.odoo.settings import Settings

FIELDS = ("name", "partner_id", "date_start", "date")


@dataclass(slots=True)
class Projects:
    """The projects by Odoo's number: their records and what they are called; and what is wrong with others."""

    source: str
    records: dict[int, ProjectRecord] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> Projects:
        """Return all projects, archived ones included, templates left out."""
        projects = cls(calls.source)
        fields = dict.fromkeys((*FIELDS, calls.need("project.project", settings.project_id)))
        templates = calls.having("project.project", "is_template")
        for row in calls.of_company("project.project", list(fields), *([name, "=", False] for name in templates)):
            place = f"{calls.source}: project #{row['id']}"
            record = record_of(row, ProjectRecord, place)
            projects.problems += [record] if isinstance(record, Problem) else projects._add(record, settings, place)
        return projects

    def _add(self, record: ProjectRecord, settings: Settings, place: str) -> Iterator[Problem]:
        key = record.text(settings.project_id)
        if not key:
            message = f"its field {settings.project_id!r} is empty"
            yield Problem("UnreadableRecord", message, place, "fill it, or let project_id name another")
        elif key in self.ids.values():
            yield Problem("DuplicateId", f"another project is also called {key!r}", place, "give it an id of its own")
        else:
            self.ids[record.id], self.records[record.id] = key, record

    def place(self, number: int) -> str:
        """Return how the project is named in messages."""
        return f"{self.source}: project {self.ids.get(number, f'#{number}')}"


def translated(projects: Projects, customers: Mapping[int, str]) -> Iterator[Project | Problem]:
    """Yield the projects with a customer, and what is wrong with the others; one without is the agency's own."""
    yield from projects.problems
    for number, record in projects.records.items():
        place = projects.place(number)
        if record.partner_id is None:
            message = "it has no customer, so it is taken for one of the agency's own"
            yield Problem("CustomerMissing", message, place, "give it a customer if it is billed", Severity.NOTICE)
        elif record.partner_id.id not in customers:
            message = "its customer is not among the partners that are read"
            yield Problem("CustomerMissing", message, place, "look at the partner in Odoo")
        else:
            yield Project(
                id=projects.ids[number],
                name=record.name,
                customer=customers[record.partner_id.id],
                start=record.date_start,
                end=record.date,
                origin=place,
            )
