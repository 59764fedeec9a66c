"""Tryton's works, which are projects and tasks in one tree: what the projects are called, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from connector.core.offer import Project, ProjectBilling
from connector.core.problems import Problem, Severity
from connector.sources.tryton.calls import Calls
from connector.sources.tryton.records import WorkRecord, WorkType, record_of
from connector.sources.tryton.settings import IdBy, Settings

FIELDS = (
    "name", "number", "type", "party", "parent", "origin", "progress", "effort_duration", "create_date", "write_date",
)  # fmt: skip

PRICE_FIELDS = (
    "list_price", "currency.code", "product.template.name", "product.account_category.name",
    "product.default_uom.symbol",
)  # fmt: skip
"""Come with the module project_revenue."""

_BILLING = {
    "effort": ProjectBilling.FIXED_PRICE,
    "progress": ProjectBilling.FIXED_PRICE,
    "timesheet": ProjectBilling.TIME_AND_MATERIALS,
}
"""By the invoice method of the project; "manual" leaves it to the agreement."""


@dataclass(slots=True)
class Works:
    """Projects and tasks by Tryton's number, what the projects are called, and what is wrong with others."""

    source: str
    records: dict[int, WorkRecord] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> Works:
        """Return all works of the company."""
        calls.need("project.work", "progress", "project")
        works, known = cls(calls.source), calls.fields["project.work"]
        prices = PRICE_FIELDS if "list_price" in known else ()
        method = ("project_invoice_method",) if "project_invoice_method" in known else ()
        for row in calls.of_company("project.work", (*FIELDS, *prices, *method)):
            record = record_of(row, WorkRecord, f"{calls.source}: work #{row['id']}")
            if isinstance(record, Problem):
                works.problems.append(record)
            else:
                works.records[record.id] = record
                if record.type is WorkType.PROJECT:
                    works.problems += works._name(record, settings)
        return works

    def _name(self, record: WorkRecord, settings: Settings) -> Iterator[Problem]:
        """Note what the project is called; yield the problem that it has no name of its own."""
        key = str(record.id) if settings.project_id is IdBy.ID else record.number
        place = f"{self.source}: project #{record.id}"
        if not key:
            yield Problem("UnreadableRecord", "it has no number", place, 'let the settings call it by "id"')
        elif key in self.ids.values():
            yield Problem(
                "DuplicateId", f"another project is also called {key!r}", place, "give it a number of its own"
            )
        else:
            self.ids[record.id] = key

    def place(self, number: int) -> str:
        """Return how the work is named in messages."""
        if number in self.ids:
            return f"{self.source}: project {self.ids[number]}"
        record = self.records.get(number)
        return f"{self.source}: task {record.number}" if record and record.number else f"{self.source}: work #{number}"

    def called(self, key: str) -> int | None:
        """Return Tryton's number of the project that is called so, None for none."""
        return next((number for number, each in self.ids.items() if each == key), None)

    def upwards(self, number: int | None) -> Iterator[WorkRecord]:
        """Yield the work and those it is a part of, nearest first; a work that is not there ends it, and a circle."""
        seen: set[int] = set()
        while number in self.records and number not in seen:
            seen.add(number)
            yield self.records[number]
            number = self.records[number].parent

    def project_of(self, number: int | None) -> int | None:
        """Return the nearest project that the work is or is a part of, None for none."""
        return next((each.id for each in self.upwards(number) if each.id in self.ids), None)

    def customer_of(self, number: int) -> int | None:
        """Return the party of the project, else of the nearest above it that has one."""
        return next((each.party for each in self.upwards(number) if each.party is not None), None)

    def tasks(self) -> Iterator[WorkRecord]:
        """Yield the tasks."""
        return (each for each in self.records.values() if each.type is WorkType.TASK)


def translated(works: Works, customers: Mapping[int, str]) -> Iterator[Project | Problem]:
    """Yield the projects with a customer, and what is wrong with the others; one without is the agency's own."""
    yield from works.problems
    for number, key in works.ids.items():
        record, party, place = works.records[number], works.customer_of(number), works.place(number)
        if party is None:
            message = "it has no party, so it is taken for one of the agency's own"
            yield Problem("CustomerMissing", message, place, "give it a party if it is billed", Severity.NOTICE)
        elif party not in customers:
            message = "its party is not among the customers that are read"
            yield Problem("CustomerMissing", message, place, "look at the party in Tryton")
        else:
            above = works.project_of(record.parent)
            yield Project(
                id=key,
                name=record.name,
                customer=customers[party],
                parent=works.ids[above] if above is not None else "",
                billing=billing_of(record),
                origin=place,
            )


def billing_of(record: WorkRecord) -> ProjectBilling:
    """Return how the project is billed, as its invoice method says."""
    return _BILLING.get(record.project_invoice_method, ProjectBilling.UNSTATED)
