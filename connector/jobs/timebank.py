"""The time bank statement of a retainer, from what was pulled (domain 4.10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from connector.core.agreement import Agreement
from connector.core.bank_entries import TimeBank, TimeSheet, time_bank
from connector.core.errors import RefusedError
from connector.core.feeding import Feeding, metrics_of
from connector.core.offer import Project
from connector.core.period import Period
from connector.core.period_names import periods_named
from connector.core.readings import Metric
from connector.core.retainer_terms import RetainerTerms
from connector.core.timesheet import TimeEntry
from connector.core.work import Work
from connector.jobs.work import Booked, Reach, work_of_agreements


class Collected(Booked, Protocol):
    """What was pulled from the sources, later ones laid over earlier ones."""

    def projects(self) -> Mapping[str, Project]:
        """Return the projects by id."""
        ...

    def metrics(self, as_of: date, /) -> Sequence[Metric]:
        """Return the metrics on or before the day."""
        ...

    def entries(self, projects: Collection[str], days: Period, /) -> Iterator[TimeEntry]:
        """Yield the time entries of the projects on the days, of every kind."""
        ...


def time_bank_of(
    collected: Collected, agreement: Agreement, agreements: Iterable[Agreement], as_of: date, period: str = ""
) -> TimeBank:
    """Return the time bank of the agreement up to the day, or of the period named (a name of it, or days in it).

    `agreements` are all of the tenant: time that two of them count is found. Raises RefusedError for an agreement that
    has no time bank, or had none yet on the day, and for a period that it does not have.
    """
    terms = _terms(agreement, as_of)
    projects, metrics = collected.projects(), collected.metrics(as_of)
    reach, feeding = Reach(projects), Feeding(projects)
    mine = reach.projects(agreement)
    for other in agreements:
        if other.id != agreement.id and not set(mine).isdisjoint(reach.projects(other)):
            work = work_of_agreements(collected, [other], reach, as_of).get(other.id, ())
            _feed(feeding, other, work, metrics_of(other, metrics, projects))
    entries = collected.entries(mine, Period.inclusive(terms.start, as_of))
    sheet = TimeSheet(list(entries), metrics, projects)
    bank = time_bank(agreement, terms, sheet, feeding, as_of)
    return bank if bank.held else _within(bank, period)


def _terms(agreement: Agreement, as_of: date) -> RetainerTerms:
    """Return the terms of a retainer that has begun; RefusedError otherwise."""
    terms = agreement.terms
    if not isinstance(terms, RetainerTerms):
        message = f"agreement {agreement.id} has no time bank: its kind is {terms.family}"
        raise RefusedError(message, hint="time banks belong to retainers; honorar status shows where others stand")
    if as_of < terms.start:
        message = f"agreement {agreement.id} begins on {terms.start}, after {as_of}"
        raise RefusedError(message, hint="give a later day: --as-of")
    return terms


def _feed(feeding: Feeding, agreement: Agreement, work: Sequence[Work], metrics: Sequence[Metric]) -> None:
    """Let the feeding know which time and which units another agreement counts."""
    if isinstance(agreement.terms, RetainerTerms):
        feeding.usage(agreement, work, metrics)
    elif work:
        feeding.work(agreement, work)


def _within(bank: TimeBank, name: str) -> TimeBank:
    """Return the statements of the period named, all if none is; RefusedError where there are none."""
    periods = {each.bank.period.number: each.bank.period for each in bank.statements}
    if not periods:
        message = f"agreement {bank.agreement.id} has no time bank: it had no item up to {bank.as_of}"
        raise RefusedError(message, hint="an allowance is an [[agreement.version.item]]")
    if not name:
        return bank
    found = {each.number for each in periods_named(name, periods.values())}
    if not found:
        message = f"agreement {bank.agreement.id} has no period {name!r} up to {bank.as_of}"
        first, last = periods[min(periods)].name, periods[max(periods)].name
        raise RefusedError(message, hint=f"there are {first} to {last}; or name a day, month, quarter or year")
    return replace(bank, statements=tuple(each for each in bank.statements if each.bank.period.number in found))
