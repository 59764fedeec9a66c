"""Tryton over its REST API: customers, projects, offers, progress, deliveries and time (docs/sources/tryton.md).

Written for series 8.2, whose modules party, project, timesheet, sale and stock are read, and held against a running
one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.readings import Reading
from connector.core.timesheet import TimeEntry
from connector.http import Transport
from connector.http.in_clear import key_in_clear
from connector.http.visits import Visits
from connector.sources.tryton import priced, progress, sales
from connector.sources.tryton.calls import Calls
from connector.sources.tryton.card import Card
from connector.sources.tryton.entries import EntryReader
from connector.sources.tryton.parties import Parties
from connector.sources.tryton.settings import OffersBy, Progress, Settings, UnitsBy
from connector.sources.tryton.works import Works, translated

__all__ = ["Settings", "Tryton", "build"]

A_DAY = Period(date(2000, 1, 1), date(2000, 1, 2))


def build(settings: Settings, transport: Transport) -> Tryton:
    """Return the source; nothing is asked before the first record is wanted."""
    return Tryton(settings, transport)


class Tryton:
    """Satisfies the ports for customers, projects, offers, progress and time."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._visits = Visits(lambda: _Visit(self._settings, self._transport))

    def customers(self) -> Iterator[Party | Problem]:
        """Yield the parties that a project or a sale names."""
        yield from self._visits.of("customers").parties.told

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the projects of the company."""
        visit = self._visits.of("projects")
        yield from translated(visit.works, visit.parties.ids)

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield the offers whose positions are all good, and what is wrong with the others."""
        yield from self._visits.of("offers").card.told

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield how far the positions were on the day, and what was delivered of them up to it."""
        visit = self._visits.of("readings")
        if self._settings.progress is Progress.TASKS:
            yield from progress.shares(visit.card, self._transport.time_zone, as_of)
        if self._settings.offers is OffersBy.SALES and self._settings.units_by is UnitsBy.MOVES:
            yield from progress.MoveReader(visit.calls, visit.card, self._settings).readings(as_of)

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period, each entry once."""
        visit = self._visits.of("entries")
        yield from EntryReader(visit.calls, visit.card, self._settings).entries(period)

    def check(self) -> Iterator[Problem]:
        """Yield all that is wrong with address, key, rights, modules, fields and records."""
        yield from key_in_clear(self._settings.url, self._transport.name)
        readers = (self.customers(), self.projects(), self.offers(), self.readings(date.max), self.entries(A_DAY))
        for reader in readers:
            yield from (found for found in reader if isinstance(found, Problem))


class _Visit:
    """One pull: works, sales and parties are read once, so that all records fit together."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self.calls = Calls(settings, transport)
        self._settings = settings

    @cached_property
    def works(self) -> Works:
        return Works.read(self.calls, self._settings)

    @cached_property
    def card(self) -> Card:
        read = sales.read if self._settings.offers is OffersBy.SALES else priced.read
        return read(self.calls, self.works, self._settings)

    @cached_property
    def parties(self) -> Parties:
        named = {record.party for record in self.works.records.values() if record.party is not None}
        return Parties.read(self.calls, named | self.card.customers, self._settings)
