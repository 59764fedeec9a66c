"""MOCO over its REST API: customers, projects, offers, units produced, time and terms (docs/sources/moco.md).

Built from what the vendor documents (github.com/everii-Group/mocoapp-api-docs, May 2026); never tried against a
real account.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property

from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.readings import Reading
from connector.core.timesheet import TimeEntry
from connector.core.told_terms import ToldTerms
from connector.http import Transport
from connector.http.in_clear import key_in_clear
from connector.http.visits import Visits
from connector.sources.moco import checks, terms
from connector.sources.moco.calls import Calls
from connector.sources.moco.companies import Companies
from connector.sources.moco.entries import EntryReader
from connector.sources.moco.offers import RateCard
from connector.sources.moco.progress import ExpenseReader, ShareReader
from connector.sources.moco.projects import Projects, translated
from connector.sources.moco.settings import Settings, UnitsBy

__all__ = ["Moco", "Settings", "build"]


def build(settings: Settings, transport: Transport) -> Moco:
    """Return the source; nothing is asked before the first record is wanted."""
    return Moco(settings, transport)


class Moco:
    """Satisfies the ports for customers, projects, offers, progress, time and terms."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._visits = Visits(lambda: _Visit(self._settings, self._transport))

    def customers(self) -> Iterator[Party | Problem]:
        """Yield the companies that are customers, archived ones included."""
        yield from self._visits.of("customers").companies.told

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the projects, archived ones included."""
        visit = self._visits.of("projects")
        yield from translated(visit.projects, visit.companies.ids, self._settings)

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield the offers; accepted ones with their positions if all of them are good."""
        yield from self._visits.of("offers").card.told

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield units produced up to the day, and shares of projects that say so."""
        visit = self._visits.of("readings")
        yield from ShareReader(visit.projects, self._settings, self._transport.time_zone).readings(as_of)
        if self._settings.units_by is UnitsBy.EXPENSES:
            yield from ExpenseReader(visit.calls, visit.card).readings(as_of)

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period, each entry once."""
        visit = self._visits.of("entries")
        yield from EntryReader(visit.calls, visit.card, self._settings).entries(period)

    def changed_entries(self, period: Period, since: datetime) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period that was changed since the moment."""
        visit = self._visits.of("changed entries")
        yield from EntryReader(visit.calls, visit.card, self._settings).entries(period, since)

    def check(self) -> Iterator[Problem]:
        """Yield all that is wrong with address, key, records and property names, and expenses that nothing reads."""
        yield from key_in_clear(self._settings.url, self._transport.name)
        for reader in (self.customers(), self.projects(), self.offers(), self.readings(date.max)):
            yield from (found for found in reader if isinstance(found, Problem))
        visit = self._visits.of("check")
        yield from checks.properties(visit.calls, self._settings)
        if self._settings.units_by is UnitsBy.EXPENSES:
            yield from checks.expenses(visit.calls, visit.projects, visit.card)

    def terms(self) -> Iterator[ToldTerms | Problem]:
        """Yield retainers, recurring expenses of no offer, and planned invoices."""
        visit = self._visits.of("terms")
        yield from terms.told(visit.calls, visit.projects, visit.card, visit.companies.ids)


class _Visit:
    """One pull: companies, projects and offers are read once, so that all records fit together."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self.calls = Calls(settings, transport)
        self._settings = settings

    @cached_property
    def companies(self) -> Companies:
        return Companies.read(self.calls, self._settings)

    @cached_property
    def projects(self) -> Projects:
        return Projects.read(self.calls, self._settings)

    @cached_property
    def card(self) -> RateCard:
        return RateCard.read(self.calls, self.projects, self._settings)
