"""Odoo over JSON-RPC or JSON-2: customers, projects, orders as offers, deliveries and time (docs/sources/odoo.md).

Built from what is public (odoo/documentation, odoo/odoo: releases 17 to 19); tested on shapes alone, never tried
against a real instance.
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
from connector.sources.odoo import offers, progress
from connector.sources.odoo.calls import Calls
from connector.sources.odoo.entries import EntryReader
from connector.sources.odoo.offers import RateCard
from connector.sources.odoo.partners import Partners
from connector.sources.odoo.projects import Projects, translated
from connector.sources.odoo.settings import Settings, SharesBy, UnitsBy

__all__ = ["Odoo", "Settings", "build"]

A_DAY = Period(date(2000, 1, 1), date(2000, 1, 2))


def build(settings: Settings, transport: Transport) -> Odoo:
    """Return the source; nothing is asked before the first record is wanted."""
    return Odoo(settings, transport)


class Odoo:
    """Satisfies the ports for customers, projects, offers, progress and time."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._visits = Visits(lambda: _Visit(self._settings, self._transport))

    def customers(self) -> Iterator[Party | Problem]:
        """Yield the partners that are billed for a project or an order."""
        yield from self._visits.of("customers").partners.told

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the projects, archived ones included."""
        visit = self._visits.of("projects")
        yield from translated(visit.projects, visit.partners.ids)

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield the orders whose lines are all good, and what is wrong with the others."""
        yield from self._visits.of("offers").card.told

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield what was delivered up to the day, and how far projects were said to be."""
        visit = self._visits.of("readings")
        if self._settings.units_by is UnitsBy.DELIVERED:
            yield from progress.units(visit.card, self._transport.time_zone, as_of)
        if self._settings.shares_by is SharesBy.UPDATES:
            yield from progress.shares(visit.calls, visit.projects, as_of)

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period, each entry once."""
        visit = self._visits.of("entries")
        yield from EntryReader(visit.calls, visit.card).entries(period)

    def check(self) -> Iterator[Problem]:
        """Yield all that is wrong with address, key, rights, fields and records."""
        yield from key_in_clear(self._settings.url, self._transport.name)
        readers = (self.customers(), self.projects(), self.offers(), self.readings(date.max), self.entries(A_DAY))
        for reader in readers:
            yield from (found for found in reader if isinstance(found, Problem))


class _Visit:
    """One pull: projects, orders and partners are read once, so that all records fit together."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self.calls = Calls(settings, transport)
        self._settings = settings
        self._zone = transport.time_zone

    @cached_property
    def projects(self) -> Projects:
        return Projects.read(self.calls, self._settings)

    @cached_property
    def card(self) -> RateCard:
        return offers.read(self.calls, self.projects, self._settings, self._zone)

    @cached_property
    def partners(self) -> Partners:
        named = {record.partner_id.id for record in self.projects.records.values() if record.partner_id}
        return Partners.read(self.calls, named | self.card.customers, self._settings)
