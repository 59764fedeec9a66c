"""Harvest over its REST API v2: customers, projects, time, and offers on request (docs/sources/harvest.md).

Harvest knows no progress; a ledger laid over it brings that. Written from the vendor's documentation and the example
answers in it; never tried against a real account.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.core.told_terms import ToldTerms
from connector.http import Transport
from connector.http.visits import Visits
from connector.sources.harvest import budgets
from connector.sources.harvest.calls import Calls
from connector.sources.harvest.directory import Directory, customers, projects
from connector.sources.harvest.entries import EntryReader
from connector.sources.harvest.offers import OfferReader
from connector.sources.harvest.settings import Settings

__all__ = ["Harvest", "Settings", "build"]


def build(settings: Settings, transport: Transport) -> Harvest:
    """Return the source; nothing is asked before the first record is wanted."""
    return Harvest(settings, transport)


class Harvest:
    """Satisfies the ports for customers, projects, offers, time and terms."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._calls = Calls(settings, transport)
        self._visits = Visits(lambda: Directory.read(self._calls, self._settings))

    def customers(self) -> Iterator[Party | Problem]:
        """Yield the clients."""
        yield from customers(self._visits.of("customers"))

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the projects, and whether the token's user sees all of them."""
        yield from projects(self._visits.of("projects"))

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield estimates and fixed fees, as far as the settings ask for them."""
        yield from OfferReader(self._calls, self._visits.of("offers")).offers()

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period, each entry once."""
        yield from EntryReader(self._calls, self._visits.of("entries")).entries(period)

    def changed_entries(self, period: Period, since: datetime) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period that was changed since the moment."""
        yield from EntryReader(self._calls, self._visits.of("changed entries"), since).entries(period)

    def terms(self) -> Iterator[ToldTerms | Problem]:
        """Yield the projects whose budget begins anew every month."""
        yield from budgets.terms(self._visits.of("terms"))

    def check(self) -> Iterator[Problem]:
        """Yield all that is wrong with address, token, rights, customers, projects and offers."""
        for reader in (self.customers(), self.projects(), self.offers()):
            yield from (found for found in reader if isinstance(found, Problem))
