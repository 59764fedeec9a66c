"""Projects by number, and how their ids in Furious lead there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from connector.core.notation import NotationError, one_of
from connector.core.offer import Project, ProjectBilling
from connector.core.problems import Problem, Severity
from connector.sources.furious import resources
from connector.sources.furious.calls import Calls
from connector.sources.furious.customers import Customers
from connector.sources.furious.settings import ProjectFields, Settings
from connector.sources.furious.values import Row, day, identifier, link, said, text


@dataclass(slots=True)
class Projects:
    """The projects that were read by their ids in Furious; `currencies` likewise, '' where none is stated."""

    by_id: dict[str, Project] = field(default_factory=dict)
    currencies: dict[str, str] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, settings: Settings, customers: Customers) -> Projects:
        """Return all projects, and what is wrong with others."""
        search = resources.projects(settings).search
        found = cls()
        for row in calls.walk(search):
            if isinstance(row, Problem):
                found.problems.append(row)
                continue
            place = calls.place(search.resource, row["id"])
            try:
                found._add(row, _project(row, settings.project, place), customers, settings)
            except NotationError as error:
                found.problems.append(Problem("UnreadableRecord", error.message, place, error.hint))
        return found

    def told(self) -> Iterator[Project | Problem]:
        """Yield the problems and the projects; a part of a project that was not read stands alone."""
        yield from self.problems
        for project in self.by_id.values():
            if project.parent in self.numbers:
                yield project
                continue
            if project.parent:
                message = f"there is no project {project.parent!r} it is a part of"
                yield Problem("UnknownProject", message, project.origin, "correct the number in Furious")
            yield replace(project, parent="")

    def number(self, key: str) -> str:
        """Return the number of the project with this id; '#id' for one that was not read."""
        project = self.by_id.get(key)
        return project.id if project else f"#{key}"

    def _add(self, row: Row, project: Project, customers: Customers, settings: Settings) -> None:
        if project.id in self.numbers:
            message = f"two projects have the number {project.id}"
            self.problems.append(Problem("DuplicateRecord", message, project.origin, "the first one is taken"))
            return
        key, company = str(row["id"]), link(row, settings.project.customer)
        self.currencies[key] = text(row, settings.project.currency)
        self.numbers.add(project.id)
        if company not in customers.numbers:
            message = f"its customer #{company} was not read" if company else "no customer"
            hint = f"fill {settings.project.customer}, or name the customer in the agreement"
            self.problems.append(Problem("CustomerMissing", message, project.origin, hint, Severity.NOTICE))
        self.by_id[key] = replace(project, customer=customers.numbers.get(company, ""))


def _project(row: Row, fields: ProjectFields, place: str) -> Project:
    """Return the project, still without its customer."""
    start, end = day(row, fields.start), day(row, fields.end)
    if start and end and end < start:
        raise NotationError(str(end), f"the end lies before the start, {start}", "correct one of the two days")
    return Project(
        id=identifier(row, fields.number),
        name=said(row, fields.name),
        customer="",
        parent=text(row, fields.parent),
        start=start,
        end=end,
        billing=_billing(row, fields),
        origin=place,
    )


def _billing(row: Row, fields: ProjectFields) -> ProjectBilling:
    word = text(row, fields.billing)
    meanings = dict.fromkeys(fields.fixed_price, ProjectBilling.FIXED_PRICE)
    meanings |= dict.fromkeys(fields.time_and_materials, ProjectBilling.TIME_AND_MATERIALS)
    meanings |= dict.fromkeys(fields.unstated, ProjectBilling.UNSTATED)
    return one_of(meanings, word) if word else ProjectBilling.UNSTATED
