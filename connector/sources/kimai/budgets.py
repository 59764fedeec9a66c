"""Budgets: as offers on request; and what Kimai keeps beside time that belongs into agreements.

A budget of money is an accepted offer of one flat position. A budget that begins anew every month is what a retainer
grants: that is agreed on, with carry-over and overage, in agreements.toml, and held against it by `honorar check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from connector.core.cycle import Cycle
from connector.core.errors import NotAllowed, NotFound
from connector.core.money import Money
from connector.core.offer import Offer, OfferState, Position
from connector.core.problems import Problem, Severity
from connector.core.quantity import Quantity, Unit
from connector.core.told_terms import ToldRetainer
from connector.sources.kimai.calls import Calls
from connector.sources.kimai.directory import Directory
from connector.sources.kimai.records import CustomerRecord, ProjectRecord, RateRecord, record_of
from connector.sources.kimai.settings import Offers

BUDGET = "budget"
"""Id of the one position of a budget."""


def has_offer(project: ProjectRecord, directory: Directory) -> bool:
    """Tell whether the project's budget is an offer."""
    wanted = Offers.BUDGETS in directory.settings.offers and bool(directory.project_id(project))
    return wanted and project.budget > 0 and not project.is_monthly


def offers(directory: Directory) -> Iterator[Offer | Problem]:
    """Yield the budgets of projects, if the settings ask for them, in the currency of the customer."""
    for project in directory.projects.values():
        customer = directory.customers.get(project.customer)
        if customer and has_offer(project, directory):
            yield _offer(project, customer, directory)


def _offer(project: ProjectRecord, customer: CustomerRecord, directory: Directory) -> Offer | Problem:
    key, place = directory.project_id(project), directory.place(project)
    try:
        position = Position(
            id=BUDGET,
            offer=key,
            project=key,
            label=project.name,
            quantity=Quantity(Decimal(1), Unit.FLAT),
            unit_price=project.budget,
            currency=customer.currency,
            planned_seconds=project.time_budget or None,
            origin=place,
        )
        _ = position.total
    except ValueError as error:
        return Problem("BadPosition", f"its budget: {error}", place, "check the budget and the customer's currency")
    return Offer(key, key, OfferState.ACCEPTED, (position,), project.name, origin=place)


def terms(directory: Directory) -> Iterator[ToldRetainer | Problem]:
    """Yield the monthly budgets of customers and of visible projects."""
    for customer in directory.customers.values():
        if customer.is_monthly:
            yield _retainer(customer, None, directory)
    for project in directory.projects.values():
        owner = directory.customers.get(project.customer)
        if owner and project.is_monthly and project.visible and directory.project_id(project):
            yield _retainer(owner, project, directory)


def _retainer(customer: CustomerRecord, project: ProjectRecord | None, directory: Directory) -> ToldRetainer | Problem:
    record = project or customer
    place = directory.place(record)
    try:
        budget = Money.exactly(record.budget, customer.currency) if record.budget else None
    except ValueError as error:
        return Problem("UnreadableRecord", str(error), place, "look at it in Kimai", Severity.NOTICE)
    return ToldRetainer(
        place=place,
        title=record.name,
        customer=directory.customer_id(customer),
        project=directory.project_id(project) if project else "",
        start=project.start if project else None,
        last_day=project.end if project else None,
        cycle=Cycle.MONTH,
        seconds=record.time_budget or None,
        budget=budget,
    )


def prices(calls: Calls, directory: Directory) -> Iterator[Problem]:
    """Yield a notice for every price of a visible project: none is read."""
    for project in directory.projects.values():
        if project.visible:
            yield from _rates(calls, project, directory.place(project))


def _rates(calls: Calls, project: ProjectRecord, place: str) -> Iterator[Problem]:
    try:
        rows = calls.rows(f"/projects/{project.id}/rates")
    except (NotAllowed, NotFound):  # prices are for whoever may edit the project; nothing is read from them
        return
    for row in rows:
        rate = record_of(row, RateRecord, f"{place}, rate #{row['id']}")
        if isinstance(rate, Problem):
            yield rate
            continue
        person = str((rate.user or {}).get("alias") or (rate.user or {}).get("username") or "")
        what = f"a price of {rate.rate} {'a record' if rate.is_fixed else 'an hour'}{f' of {person}' if person else ''}"
        hint = 'agree on it in agreements.toml: kind = "time_and_materials", [[agreement.rate]]'
        yield Problem("TermsNotRead", f"{what}; it is not read from Kimai", place, hint, Severity.NOTICE)
