"""Redmine over its REST API: customers, projects, offers, progress and time; documents back (docs/sources/redmine.md).

Redmine has no customers, offers or prices: custom fields, named in the settings, hold them. Written from the API of
Redmine 5.0 (views `*.api.rsb` of Debian's package 5.0.4) and held against a running one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.ports import DocumentNews
from connector.core.problems import Problem
from connector.core.readings import Reading
from connector.core.timesheet import TimeEntry
from connector.http import Transport
from connector.http.in_clear import key_in_clear
from connector.http.visits import Visits
from connector.sources.redmine import checks
from connector.sources.redmine.calls import Calls
from connector.sources.redmine.entries import EntryReader
from connector.sources.redmine.progress import ProgressReader
from connector.sources.redmine.projects import Projects, customers, translated
from connector.sources.redmine.rate_card import RateCard
from connector.sources.redmine.settings import Progress, Settings
from connector.sources.redmine.write_back import Board

__all__ = ["Redmine", "Settings", "build"]


def build(settings: Settings, transport: Transport) -> Redmine:
    """Return the source; nothing is asked before the first record is wanted."""
    return Redmine(settings, transport)


class Redmine:
    """Satisfies the ports for customers, projects, offers, progress and time, and for writing back."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._visits = Visits(lambda: _Visit(self._settings, self._transport))
        self._board: Board | None = None

    def customers(self) -> Iterator[Party | Problem]:
        """Yield the customers that the projects name; none if the settings name no field for their names."""
        yield from customers(self._visits.of("customers").projects, self._settings.customer)

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the projects and their subprojects; also what the key's user may not see in them.

        Rights are asked for at every pull: a role that loses one would look like records that were deleted.
        """
        visit = self._visits.of("projects")
        yield from checks.rights(visit.calls, visit.projects)
        yield from translated(visit.projects, self._settings)

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield the offers whose positions are all good, and what is wrong with the others."""
        yield from self._visits.of("offers").rate_card.offers()

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield how far each position was on the day."""
        if self._settings.progress is Progress.DONE_RATIO:
            visit = self._visits.of("readings")
            yield from ProgressReader(visit.calls, visit.rate_card, self._transport.time_zone, as_of).readings()

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period, each entry once."""
        visit = self._visits.of("entries")
        yield from EntryReader(visit.calls, visit.rate_card, self._settings.entry).entries(period)

    @property
    def writes_status(self) -> bool:
        """Tell whether the settings name a place to write to."""
        wanted = self._settings.write_back
        return wanted.notes or bool(wanted.project_field)

    def write_status(self, news: DocumentNews) -> Iterator[str]:
        """Write what became of the document to the projects and issues it bills, as far as the settings ask for it."""
        if self._board is None:
            visit = self._visits.last or self._visits.of("write_status")
            self._board = Board(visit.calls, visit.projects, visit.rate_card, self._settings.write_back)
        yield from self._board.write(news)

    def check(self) -> Iterator[Problem]:
        """Yield all that is wrong with address, projects, rights, records and field names."""
        yield from key_in_clear(self._settings.url, self._transport.name)
        for reader in (self.customers(), self.projects(), self.offers()):
            yield from (found for found in reader if isinstance(found, Problem))
        visit = self._visits.of("check")
        yield from checks.writing(visit.calls, visit.projects, self._settings.write_back)
        yield from checks.fields(visit.calls, visit.projects, self._settings)


class _Visit:
    """One pull: the key is proven, projects and issues are read once, so that all records fit together."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self.calls = Calls(settings, transport)
        self._settings = settings

    @cached_property
    def projects(self) -> Projects:
        return Projects.read(self.calls, self._settings)

    @cached_property
    def rate_card(self) -> RateCard:
        return RateCard.read(self.calls, self.projects, self._settings)
