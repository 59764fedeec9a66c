"""Furious over its API: customers, projects, offers, progress, time, metrics; payments back (docs/sources/furious.md).

Written from what the vendor's PHP SDK 1.1.0 shows (github.com/furious-squad/furious-api-sdk) and from the fields that
public clients ask for; no instance could be reached. So whatever was not seen in use is a setting.
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
from connector.core.readings import Metric, Reading
from connector.core.timesheet import TimeEntry
from connector.core.told_terms import ToldTerms
from connector.http import Transport
from connector.http.visits import Visits
from connector.sources.furious import checks, contracts, purchases, write_back
from connector.sources.furious.calls import Calls, keep_to_limit
from connector.sources.furious.customers import Customers
from connector.sources.furious.lines import ProjectLines
from connector.sources.furious.offers import RateCards
from connector.sources.furious.progress import ProgressReader
from connector.sources.furious.projects import Projects
from connector.sources.furious.settings import Settings
from connector.sources.furious.sprints import SprintReader

__all__ = ["Furious", "Settings", "build"]


def build(settings: Settings, transport: Transport) -> Furious:
    """Return the source; nothing is asked before the first record is wanted."""
    keep_to_limit(settings, transport)
    return Furious(settings, transport)


class Furious:
    """Satisfies the ports for customers, projects, offers, progress, time, metrics and terms, and for writing back."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._calls = Calls(settings, transport)
        self._visits = Visits(lambda: _Visit(self._calls, self._settings))

    def customers(self) -> Iterator[Party | Problem]:
        """Yield the customers."""
        yield from self._visits.of("customers").customers.told()

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the projects, active or not."""
        yield from self._visits.of("projects").projects.told()

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield the offers whose lines are all good, and what is wrong with the others."""
        visit = self._visits.of("offers")
        planned, problems = visit.sprints.planned()
        yield from problems
        yield from visit.cards.offers(planned)

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield how far projects, categories and positions were, up to the day."""
        visit = self._visits.of("readings")
        yield from ProgressReader(self._calls, visit.projects, visit.lines, self._settings).readings(as_of)

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the time of the period, each entry once."""
        visit = self._visits.of("entries")
        yield from visit.lines.problems
        yield from visit.sprints.entries(period)

    def metrics(self) -> Iterator[Metric | Problem]:
        """Yield the metrics that purchases make."""
        yield from purchases.metrics(self._calls, self._visits.of("metrics").projects, self._settings)

    def terms(self) -> Iterator[ToldTerms | Problem]:
        """Yield the contracts that state a fee or hours, if the settings say where."""
        if fields := self._settings.contract:
            visit = self._visits.of("terms")
            yield from contracts.terms(self._calls, fields, visit.customers, visit.projects, self._settings.currency)

    @property
    def writes_status(self) -> bool:
        """Tell whether the settings name the fields to write to."""
        return self._settings.write_back is not None

    def write_status(self, news: DocumentNews) -> Iterator[str]:
        """Write what was paid to the invoice of that number, if the document bills a project of this Furious."""
        fields = self._settings.write_back
        visit = self._visits.last or self._visits.of("write_status")
        if fields and not visit.projects.numbers.isdisjoint(news.projects):
            yield from write_back.write(self._calls, fields, news.item)

    def check(self) -> Iterator[Problem]:
        """Yield all that is wrong with fields and rights; if nothing is, with customers, projects and offers."""
        refused = list(checks.fields(self._calls, self._settings))
        yield from refused
        if not refused:
            for reader in (self.customers(), self.projects(), self.offers()):
                yield from (found for found in reader if isinstance(found, Problem))


class _Visit:
    """One pull: what the readers share is read once, so that all records fit together."""

    def __init__(self, calls: Calls, settings: Settings) -> None:
        self._calls = calls
        self._settings = settings

    @cached_property
    def customers(self) -> Customers:
        return Customers.read(self._calls, self._settings)

    @cached_property
    def projects(self) -> Projects:
        return Projects.read(self._calls, self._settings, self.customers)

    @cached_property
    def cards(self) -> RateCards:
        return RateCards.read(self._calls, self.projects, self._settings)

    @cached_property
    def lines(self) -> ProjectLines:
        return ProjectLines.read(self._calls, self.cards.keys, self._settings)

    @cached_property
    def sprints(self) -> SprintReader:
        return SprintReader(self._calls, self.projects, self.lines, self._settings)
