"""Clients and projects: what they are called, and whose a project is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from connector.core.offer import Project, ProjectBilling
from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.sources.harvest.calls import Calls
from connector.sources.harvest.records import ClientRecord, ClientRef, ProjectRecord, UserRecord, record_of
from connector.sources.harvest.settings import CustomerId, ProjectId, Settings


@dataclass(slots=True)
class Directory:
    """Clients and projects by Harvest's id, and what was wrong with them."""

    source: str
    settings: Settings
    clients: dict[int, ClientRecord] = field(default_factory=dict)
    projects: dict[int, ProjectRecord] = field(default_factory=dict)
    bad_clients: list[Problem] = field(default_factory=list)
    bad_projects: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> Directory:
        """Return all clients and projects of the account, archived ones too."""
        directory = cls(calls.source, settings)
        directory._ask_for_rights(calls)
        clients = calls.listing("clients", {}, lambda row: record_of(row, ClientRecord, directory.place("client", row)))
        for client in clients.once(lambda key: f"{calls.source}: client {key}"):
            if isinstance(client, Problem):
                directory.bad_clients.append(client)
            else:
                directory.clients[client.id] = client
        projects = calls.listing(
            "projects", {}, lambda row: record_of(row, ProjectRecord, directory.place("project", row))
        )
        for project in projects.once(lambda key: f"{calls.source}: project {key}"):
            if isinstance(project, Problem):
                directory.bad_projects.append(project)
            else:
                directory.projects[project.id] = project
        return directory

    def _ask_for_rights(self, calls: Calls) -> None:
        """Note if the token's user does not see everything: others' time would be missing without a word."""
        place = f"{self.source}: access_token"
        user = record_of(calls.one("/users/me"), UserRecord, place)
        if isinstance(user, Problem):
            self.bad_projects.append(user)
        elif not user.sees_all:
            message = "the token's user is no administrator and does not see all projects and all time"
            self.bad_projects.append(Problem("RightMissing", message, place, "take the token of an administrator"))

    def place(self, kind: str, row: Mapping[str, object]) -> str:
        """Return how a client or project is named in messages."""
        return f"{self.source}: {kind} {row.get('code') or row.get('name') or row['id']}"

    def place_of(self, project: ProjectRecord) -> str:
        """Return how the project is named in messages."""
        return f"{self.source}: project {project.code or project.name}"

    def project_id(self, project: ProjectRecord) -> str:
        """Return what agreements call the project, '' if it lacks the code."""
        return project.code.strip() if self.settings.project_id is ProjectId.CODE else str(project.id)

    def customer_id(self, client: ClientRecord | ClientRef) -> str:
        """Return what agreements call the customer."""
        return split_name(client, self.settings.customer_id)[0]


def split_name(client: ClientRecord | ClientRef, customer_id: CustomerId) -> tuple[str, str]:
    """Return the id and the name of a client; a name of one word is both."""
    name = " ".join(client.name.split())
    if customer_id is CustomerId.ID:
        return str(client.id), name
    if customer_id is CustomerId.NAME:
        return name, name
    first, _, rest = name.partition(" ")
    return first, rest or first


def customers(directory: Directory) -> Iterator[Party | Problem]:
    """Yield every client; Harvest knows neither country nor VAT id."""
    yield from directory.bad_clients
    taken: dict[str, str] = {}
    for client in directory.clients.values():
        key, name = split_name(client, directory.settings.customer_id)
        place = f"{directory.source}: client {client.name}"
        if key in taken:
            message = f"the customer {key!r} is also {taken[key]}"
            yield Problem("DuplicateRecord", message, place, "give each its own")
            continue
        taken[key] = place
        street = ", ".join(line.strip() for line in client.address.splitlines() if line.strip())
        yield Party(key, name, Address(street=street), origin=place)


def projects(directory: Directory) -> Iterator[Project | Problem]:
    """Yield every project, and what the token's user may not see."""
    yield from directory.bad_projects
    taken: dict[str, str] = {}
    for project in directory.projects.values():
        key, place = directory.project_id(project), directory.place_of(project)
        if not key:
            hint = 'give it a code, or set project_id = "id"'
            yield Problem("ProjectWithoutKey", f"the project {project.name!r} has no code", place, hint)
        elif key in taken:
            message = f"the code {key!r} is also that of the project {taken[key]!r}"
            yield Problem("DuplicateRecord", message, place, 'give each its own, or set project_id = "id"')
        else:
            taken[key] = project.name
            customer = directory.customer_id(project.client)
            start, end = project.starts_on, project.ends_on
            yield Project(key, project.name, customer, start=start, end=end, billing=_billing(project), origin=place)


def _billing(project: ProjectRecord) -> ProjectBilling:
    if project.is_fixed_fee:
        return ProjectBilling.FIXED_PRICE
    return ProjectBilling.TIME_AND_MATERIALS if project.is_billable else ProjectBilling.UNSTATED
