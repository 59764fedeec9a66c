"""Budgets that begin anew every month: what a retainer contains, as far as Harvest knows.

`budget_by` says what is budgeted (vendor, API v2, Project Budget Report): `project` hours, `project_cost` money; by
task or person Harvest keeps no sum for the project.
"""

from __future__ import annotations

from collections.abc import Iterator

from connector.core.cycle import Cycle
from connector.core.money import Money
from connector.core.problems import Problem, Severity
from connector.core.quantity import seconds_of_hours
from connector.core.told_terms import ToldRetainer
from connector.sources.harvest.directory import Directory
from connector.sources.harvest.records import ProjectRecord

HOURS, MONEY, NONE = "project", "project_cost", "none"


def terms(directory: Directory) -> Iterator[ToldRetainer | Problem]:
    """Yield the active projects with a monthly budget."""
    for project in directory.projects.values():
        monthly = project.budget_is_monthly and project.budget_by != NONE
        if monthly and project.is_active and directory.project_id(project):
            yield _retainer(project, directory)


def _retainer(project: ProjectRecord, directory: Directory) -> ToldRetainer | Problem:
    place, by = directory.place_of(project), project.budget_by
    hours = project.budget if by == HOURS else None
    money = (project.cost_budget or project.budget) if by == MONEY else None
    try:
        seconds = seconds_of_hours(hours) if hours else None
        budget = Money.exactly(money, project.client.currency) if money else None
    except ValueError as error:
        return Problem("UnreadableRecord", str(error), place, "look at it in Harvest", Severity.NOTICE)
    return ToldRetainer(
        place=place,
        title=project.name,
        customer=directory.customer_id(project.client),
        project=directory.project_id(project),
        start=project.starts_on,
        last_day=project.ends_on,
        cycle=Cycle.MONTH,
        seconds=seconds,
        budget=budget,
    )
