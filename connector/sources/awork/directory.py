"""Companies and projects: what they are called, and whose a project is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from connector.core.notation import ENGLISH, NotationError, one_of
from connector.core.offer import Project
from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.sources.awork.calls import Calls
from connector.sources.awork.records import CompanyRecord, ProjectRecord, day_of, record_of
from connector.sources.awork.settings import CustomerFields, ProjectId, Settings

LONGEST_PAYMENT_DAYS = 365

_COUNTRY = re.compile("[A-Z]{2}")
_LANGUAGES = {"de": "de", "en": "en"}


@dataclass(slots=True)
class Directory:
    """Companies and projects by awork's id, and what was wrong with them."""

    source: str
    settings: Settings
    companies: dict[str, CompanyRecord] = field(default_factory=dict)
    projects: dict[str, ProjectRecord] = field(default_factory=dict)
    bad_companies: list[Problem] = field(default_factory=list)
    bad_projects: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> Directory:
        """Return all companies and projects of the workspace."""
        directory = cls(calls.source, settings)
        companies = calls.listing(
            "/companies", {}, lambda row: record_of(row, CompanyRecord, directory.of_company(row))
        )
        for company in companies.once(lambda key: f"{calls.source}: company {key}"):
            if isinstance(company, Problem):
                directory.bad_companies.append(company)
            else:
                directory.companies[company.id] = company
        projects = calls.listing("/projects", {}, lambda row: record_of(row, ProjectRecord, directory.of_project(row)))
        for project in projects.once(lambda key: f"{calls.source}: project {key}"):
            if isinstance(project, Problem):
                directory.bad_projects.append(project)
            else:
                directory.projects[project.id] = project
        return directory

    def of_company(self, row: Mapping[str, object]) -> str:
        """Return how a company is named in messages."""
        return f"{self.source}: company {row.get('name') or row['id']}"

    def of_project(self, row: Mapping[str, object]) -> str:
        """Return how a project is named in messages."""
        return f"{self.source}: project {row.get('projectKey') or row.get('key') or row.get('name') or row['id']}"

    def place(self, project: ProjectRecord) -> str:
        """Return how the project is named in messages."""
        return f"{self.source}: project {project.key or project.name}"

    def project_id(self, project: ProjectRecord) -> str:
        """Return what agreements call the project, '' if it lacks the key."""
        return project.key if self.settings.project_id is ProjectId.KEY else project.id

    def customer_id(self, company: CompanyRecord) -> str:
        """Return what agreements call the customer, '' if it lacks the number."""
        label = self.settings.customer.number
        return company.labelled(label) if label else company.id


def customers(directory: Directory) -> Iterator[Party | Problem]:
    """Yield every company that has a customer number; one that has projects and no number is a problem there."""
    yield from directory.bad_companies
    for company in directory.companies.values():
        number = directory.customer_id(company)
        if number:
            yield _party(number, company, directory.settings.customer, f"{directory.source}: company {company.name}")


def _party(number: str, company: CompanyRecord, labels: CustomerFields, place: str) -> Party | Problem:
    address = company.detail("address")
    days, language = company.labelled(labels.payment_days), company.labelled(labels.language)
    try:
        return Party(
            id=number,
            name=company.name,
            address=Address(address.address_line1, address.zip_code, address.city, _country(address.country)),
            vat_id=company.labelled(labels.vat_id).replace(" ", ""),
            payment_days=_payment_days(days) if days else None,
            language=one_of(_LANGUAGES, language) if language else "de",
            email=company.detail("email").value,
            origin=place,
        )
    except NotationError as error:
        return Problem("BadCustomer", error.message, place, error.hint)


def _country(text: str) -> str:
    if text and not _COUNTRY.fullmatch(text):
        raise NotationError(text, "not a country code", "write two capitals, such as DE (ISO 3166-1)")
    return text


def _payment_days(text: str) -> int:
    days = ENGLISH.number(text)
    if days != int(days) or not 0 <= days <= LONGEST_PAYMENT_DAYS:
        raise NotationError(text, "not a number of days", f"0 to {LONGEST_PAYMENT_DAYS}")
    return int(days)


def projects(directory: Directory, zone: tzinfo) -> Iterator[Project | Problem]:
    """Yield every project; one without a company is internal, and none of a customer."""
    yield from directory.bad_projects
    for project in directory.projects.values():
        place = directory.place(project)
        if not directory.project_id(project):
            hint = 'give it a key, or set project_id = "id"'
            yield Problem("ProjectWithoutKey", f"the project {project.name!r} has no key", place, hint)
            continue
        customer = _customer_of(project, directory, place)
        if isinstance(customer, Problem):
            yield customer
            customer = ""
        yield _project(project, directory.project_id(project), customer, zone, place)


def _customer_of(project: ProjectRecord, directory: Directory, place: str) -> str | Problem:
    if not project.company_id:
        return ""
    company = directory.companies.get(project.company_id)
    if company is None:
        message = "its company is not among the companies"
        return Problem("CustomerMissing", message, place, "may the key's role read companies?")
    label = directory.settings.customer.number
    hint = f"add a contact detail of the type Custom with the label {label!r} to the company"
    missing = Problem("CustomerMissing", f"its company {company.name!r} has no customer number", place, hint)
    return directory.customer_id(company) or missing


def _project(project: ProjectRecord, key: str, customer: str, zone: tzinfo, place: str) -> Project | Problem:
    try:
        start, end = day_of(project.start_date, zone), day_of(project.due_date, zone)
    except ValueError:
        return Problem("UnreadableRecord", "start or due date is no date", place, "look at it in awork")
    return Project(key, project.name, customer, start=start, end=end, origin=place)
