"""What Furious is asked for, and in which fields: one search each, so that reading, writing and checking agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import BaseModel

from connector.sources.furious.query import Resource, Search
from connector.sources.furious.settings import (
    AddendumFields,
    ContractFields,
    MetricFields,
    ProgressFields,
    Settings,
    WriteBack,
)

CUSTOMERS = {"crm": Resource("crm", own_name="Clients"), "company": Resource("company")}
PROJECT = Resource("project")
PROPOSAL = Resource("proposal")
LINE = Resource("proposal-rate-card")
PROJECT_LINE = Resource("project-rate-card")
PROJECT_OF_LINE = "project_id"
SPRINT = Resource("sprint")
PURCHASE = Resource("purchase")
SERIES = {
    "project-advancement": Resource("project-advancement"),
    "project-rate-card-history": Resource("project-rate-card-history"),
}


class Asked(NamedTuple):
    """A search, and the table and keys of the settings its fields come from."""

    search: Search
    table: str
    fields: dict[str, str]


def customers(settings: Settings) -> Asked:
    """Return the search for customers."""
    table = settings.customer
    return _asked(CUSTOMERS[table.resource], "customer", table, {"resource"})


def projects(settings: Settings) -> Asked:
    """Return the search for projects."""
    return _asked(PROJECT, "project", settings.project, {"fixed_price", "time_and_materials", "unstated"})


def proposals(settings: Settings) -> Asked:
    """Return the search for proposals."""
    return _asked(PROPOSAL, "proposal", settings.proposal, {"states"})


def lines(settings: Settings) -> Asked:
    """Return the search for the lines of proposals."""
    return _asked(LINE, "line", settings.line, set())


def addenda(table: AddendumFields) -> Asked:
    """Return the search for addenda."""
    return _asked(Resource("proposal-addon", table.key), "addendum", table, {"states"})


def project_lines(settings: Settings) -> Asked:
    """Return the search for the lines of projects."""
    search = Search(PROJECT_LINE, [PROJECT_OF_LINE, settings.project_line])
    return Asked(search, "", {"project_line": settings.project_line})


def series(table: ProgressFields) -> Asked:
    """Return the search for the readings of a series."""
    return _asked(SERIES[table.resource], "progress", table, {"resource"})


def sprints(settings: Settings) -> Asked:
    """Return the search for sprints."""
    return _asked(SPRINT, "sprint", settings.sprint, {"not_billable", "planned"})


def purchases(table: MetricFields) -> Asked:
    """Return the search for the purchases of a metric."""
    return _asked(PURCHASE, "metrics", table, {"name", "kinds", "states"})


def contracts(table: ContractFields) -> Asked:
    """Return the search for contracts."""
    return _asked(Resource("contract", table.key), "contract", table, {"cycles"})


def invoices(table: WriteBack) -> Asked:
    """Return the search for the invoices that are told what was paid."""
    return _asked(Resource("stand-alone-invoice", table.key, own_name="Invoices"), "write_back", table, {"states"})


def everything(settings: Settings) -> Iterator[Asked]:
    """Yield every search that these settings lead to."""
    yield from (customers(settings), projects(settings), proposals(settings), lines(settings))
    if settings.addendum:
        yield addenda(settings.addendum)
    if settings.project_line:
        yield project_lines(settings)
    yield from map(series, settings.progress)
    yield sprints(settings)
    yield from map(purchases, settings.metrics)
    if settings.contract:
        yield contracts(settings.contract)
    if settings.write_back:
        yield invoices(settings.write_back)


def _asked(resource: Resource, name: str, table: BaseModel, no_fields: set[str]) -> Asked:
    fields = {key: field for key, field in table.model_dump(exclude=no_fields).items() if field}
    return Asked(Search(resource, list(fields.values())), name, fields)
