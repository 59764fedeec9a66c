"""Contracts that are retainers: what they state is held against the agreements, which alone are billed."""

from __future__ import annotations

from collections.abc import Iterator

from connector.core.money import Money
from connector.core.notation import NotationError, one_of
from connector.core.problems import Problem, Severity
from connector.core.quantity import seconds_of_hours
from connector.core.told_terms import ToldRetainer
from connector.sources.furious import resources
from connector.sources.furious.calls import Calls
from connector.sources.furious.customers import Customers
from connector.sources.furious.projects import Projects
from connector.sources.furious.settings import ContractFields
from connector.sources.furious.values import day, link, number, said, text


def terms(
    calls: Calls, fields: ContractFields, customers: Customers, projects: Projects, currency: str
) -> Iterator[ToldRetainer | Problem]:
    """Yield every contract that states a fee or hours; `currency` holds where neither it nor its project names one."""
    search = resources.contracts(fields).search
    for row in calls.walk(search):
        if isinstance(row, Problem):
            yield row
            continue
        place = calls.place(search.resource, row[fields.key])
        try:
            fee, hours = number(row, fields.fee), number(row, fields.hours)
            if fee is None and hours is None:
                continue
            project = link(row, fields.project)
            told_in = text(row, fields.currency) or projects.currencies.get(project) or currency
            yield ToldRetainer(
                place=place,
                title=said(row, fields.name),
                customer=customers.numbers.get(link(row, fields.customer), ""),
                project=projects.number(project) if project else "",
                start=day(row, fields.start),
                last_day=day(row, fields.last_day),
                cycle=one_of(fields.cycles, word) if (word := text(row, fields.cycle)) else None,
                fee=None if fee is None else Money.exactly(fee, told_in),
                seconds=None if hours is None else seconds_of_hours(hours),
            )
        except NotationError as error:
            yield Problem("UnreadableRecord", error.message, place, error.hint, Severity.NOTICE)
        except ValueError as error:
            yield Problem("UnreadableRecord", str(error), place, "look at it in Furious", Severity.NOTICE)
