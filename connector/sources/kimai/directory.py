"""Customers and projects: what they are called, and whose a project is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from connector.core.errors import NotFound
from connector.core.offer import Project
from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.sources.kimai.calls import Calls, Row
from connector.sources.kimai.records import CustomerRecord, ProjectRecord, UserRecord, record_of
from connector.sources.kimai.settings import CustomerId, ProjectId, Settings

Known = TypeVar("Known", CustomerRecord, ProjectRecord)

VISIBLE_AND_HIDDEN = 3
"""Without it Kimai leaves hidden customers and projects out."""

_CITY = re.compile(r"(?:[A-Z]{1,3}[- ])?(?P<postal_code>\d{4,5}) +(?P<city>\D.*)")
_COUNTRY = re.compile("[A-Z]{2}")


@dataclass(slots=True)
class Directory:
    """Customers and projects by Kimai's id, and what was wrong with them."""

    source: str
    settings: Settings
    customers: dict[int, CustomerRecord] = field(default_factory=dict)
    projects: dict[int, ProjectRecord] = field(default_factory=dict)
    bad_customers: list[Problem] = field(default_factory=list)
    bad_projects: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> Directory:
        """Return all customers and projects, hidden and finished ones too."""
        directory = cls(calls.source, settings)
        directory._ask_for_rights(calls)
        rows = calls.rows("/customers", visible=VISIBLE_AND_HIDDEN)
        for customer in directory._records(calls, "customer", rows, CustomerRecord, directory.bad_customers):
            directory.customers[customer.id] = customer
        rows = calls.rows("/projects", visible=VISIBLE_AND_HIDDEN, ignoreDates=1)
        for project in directory._records(calls, "project", rows, ProjectRecord, directory.bad_projects):
            directory.projects[project.id] = project
        return directory

    def _ask_for_rights(self, calls: Calls) -> None:
        """Note if the token's user does not see everything: others' time would be missing without a word."""
        place = f"{self.source}: api_key"
        user = record_of(calls.one("/users/me"), UserRecord, place)
        if isinstance(user, Problem):
            self.bad_projects.append(user)
        elif not set(user.roles) & set(self.settings.full_roles):
            message = f"the token's user has none of the roles {', '.join(self.settings.full_roles)}"
            hint = "give it one, or name in `full_roles` a role of its that sees everybody's time and all customers"
            self.bad_projects.append(Problem("RightMissing", message, place, hint))

    def _records(
        self, calls: Calls, kind: str, rows: list[Row], record_type: type[Known], problems: list[Problem]
    ) -> Iterator[Known]:
        """Yield each record once, in full if the settings ask for details; one that is gone meanwhile is left out."""
        seen: set[int] = set()
        for row in rows:
            place = f"{self.source}: {kind} {row.get('number') or row.get('name') or row['id']}"
            if row["id"] in seen:
                problems.append(Problem("DuplicateRecord", "its id comes twice", place, "the first one counts"))
                continue
            seen.add(row["id"])
            try:
                details = calls.one(f"/{kind}s/{row['id']}") if self.settings.details else {}
            except NotFound:
                continue
            record = record_of({**row, **details, "id": row["id"]}, record_type, place)
            if isinstance(record, Problem):
                problems.append(record)
            else:
                yield record

    def project_id(self, project: ProjectRecord) -> str:
        """Return what agreements call the project, '' if it lacks the number."""
        return self.project_named(project.id, project.number, project.name)

    def project_named(self, number: int, told: str, name: str) -> str:
        """Return what agreements call the project with this id, number and name."""
        if self.settings.project_id is ProjectId.ID:
            return str(number)
        return told.strip() if self.settings.project_id is ProjectId.NUMBER else name.partition(" ")[0]

    def customer_id(self, customer: CustomerRecord) -> str:
        """Return what agreements call the customer, '' if it lacks the number."""
        return customer.number.strip() if self.settings.customer_id is CustomerId.NUMBER else str(customer.id)

    def place(self, record: CustomerRecord | ProjectRecord) -> str:
        """Return how the record is named in messages."""
        kind = "customer" if isinstance(record, CustomerRecord) else "project"
        return f"{self.source}: {kind} {record.number or record.name}"


def customers(directory: Directory) -> Iterator[Party | Problem]:
    """Yield every customer with a number; one without is a fault of its projects."""
    yield from directory.bad_customers
    taken: dict[str, str] = {}
    for customer in directory.customers.values():
        key, place = directory.customer_id(customer), directory.place(customer)
        if key in taken:
            yield _taken(key, taken[key], place)
        elif customer.country and not _COUNTRY.fullmatch(customer.country):
            message = f"{customer.country!r} is no country code"
            yield Problem("BadCustomer", message, place, "write two capitals, such as DE (ISO 3166-1)")
        elif key:
            taken[key] = place
            name, vat_id = customer.company or customer.name, customer.vat_id.replace(" ", "")
            yield Party(key, name, _address(customer), vat_id, email=customer.email, origin=place)


def _address(customer: CustomerRecord) -> Address:
    """Return street, postal code and city out of lines; what is no postal code with a city stays in the street."""
    names = (customer.company, customer.name)
    lines = [text for line in customer.address.splitlines() if (text := line.strip()) and text not in names]
    for at in range(len(lines) - 1, -1, -1):
        if match := _CITY.fullmatch(lines[at]):
            return Address(", ".join(lines[:at]), match["postal_code"], match["city"], customer.country)
    return Address(", ".join(lines), country=customer.country)


def projects(directory: Directory) -> Iterator[Project | Problem]:
    """Yield every project with its customer, and what the token's user may not see."""
    yield from directory.bad_projects
    taken: dict[str, str] = {}
    for project in directory.projects.values():
        key, place = directory.project_id(project), directory.place(project)
        customer = directory.customers.get(project.customer)
        if not key:
            hint = 'give it a number, or set project_id to "first_word" or "id"'
            yield Problem("ProjectWithoutKey", f"the project {project.name!r} has no number", place, hint)
        elif key in taken:
            yield _taken(key, taken[key], place)
        elif customer is None or not directory.customer_id(customer):
            hint = 'give the customer a number, or set customer_id = "id"'
            yield Problem("CustomerMissing", "its customer is not read, or has no number", place, hint)
        else:
            taken[key] = place
            name, start, end = project.name, project.start, project.end
            yield Project(key, name, directory.customer_id(customer), start=start, end=end, origin=place)


def _taken(key: str, by: str, place: str) -> Problem:
    return Problem("DuplicateRecord", f"{key!r} is also {by}", place, "give each its own")


def nested(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the record within the row; TypeError if there is none with an id."""
    record = row[name]
    if not isinstance(record, dict) or type(record.get("id")) is not int:
        message = f"{name} is {type(record).__name__}, no record with an id"
        raise TypeError(message)
    return record
