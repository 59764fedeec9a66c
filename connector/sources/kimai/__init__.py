"""Kimai over its REST API: customers, projects, time, and budgets as offers on request (docs/sources/kimai.md).

Kimai knows no offers and no progress; a ledger laid over it brings them. Written from the vendor's documentation, its
API description and what its program says of itself; never tried against a running one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.core.told_terms import ToldTerms
from connector.http import Transport
from connector.http.visits import Visits
from connector.sources.kimai import budgets, marking
from connector.sources.kimai.calls import Calls
from connector.sources.kimai.directory import Directory, customers, projects
from connector.sources.kimai.entries import EntryReader
from connector.sources.kimai.settings import Settings

__all__ = ["Kimai", "Settings", "build"]


def build(settings: Settings, transport: Transport) -> Kimai:
    """Return the source; nothing is asked before the first record is wanted."""
    return Kimai(settings, transport)


class Kimai:
    """Satisfies the ports for customers, projects, offers, time and terms, and for marking time as billed."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._calls = Calls(settings, transport)
        self._visits = Visits(lambda: Directory.read(self._calls, self._settings))

    def customers(self) -> Iterator[Party | Problem]:
        """Yield the customers that have a number."""
        yield from customers(self._visits.of("customers"))

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the projects, and whether the token's user sees everything."""
        yield from projects(self._visits.of("projects"))

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield the budgets of projects; nothing unless the settings ask for it."""
        yield from budgets.offers(self._visits.of("offers"))

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period, each entry once."""
        yield from EntryReader(self._calls, self._visits.of("entries")).entries(period)

    def changed_entries(self, period: Period, since: datetime) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period that was changed since the moment."""
        yield from EntryReader(self._calls, self._visits.of("changed entries"), since).entries(period)

    @property
    def marks_billed(self) -> bool:
        """Tell whether the tenant has switched it on."""
        return self._settings.mark_billed

    def mark_billed(self, ids: Sequence[str], *, billed: bool) -> Iterator[str]:
        """Set or unset the flag "exported", one record after the other."""
        for each in ids:
            marking.mark(self._calls, each, billed=billed)
            yield each

    def check(self) -> Iterator[Problem]:
        """Yield all that is wrong with address, token, rights and records, and prices, which nothing reads."""
        for reader in (self.customers(), self.projects(), self.offers()):
            yield from (found for found in reader if isinstance(found, Problem))
        directory = self._visits.of("check")
        yield from EntryReader(self._calls, directory).check()
        yield from budgets.prices(self._calls, directory)

    def terms(self) -> Iterator[ToldTerms | Problem]:
        """Yield the monthly budgets of customers and projects."""
        yield from budgets.terms(self._visits.of("terms"))
