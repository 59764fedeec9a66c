"""The ledger: customers, offers, progress, time and metrics as CSV files, by hand or exported (docs/sources/ledger.md).

It stands alone or lies over another source. Each faulty row is a Problem with file, line and column; all are told at
once. Every file may be absent, unless the settings name it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from connector.core.notation import ENGLISH, GERMAN
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.readings import Metric, Reading, ReadingScope
from connector.core.timesheet import TimeEntry
from connector.http import Transport
from connector.sources.ledger.files import Files
from connector.sources.ledger.rows import (
    FILES,
    CustomerRow,
    MetricRow,
    OfferRow,
    PositionRow,
    ProgressRow,
    ProjectRow,
    TimeRow,
)
from connector.sources.ledger.table import Dialect

NOTATIONS = {"de": GERMAN, "en": ENGLISH}

ANY_OFFER = ""
"""Stands for every offer, where a row is too faulty to say whose position it holds."""

Dated = TypeVar("Dated", Reading, Metric)


class Settings(BaseModel):
    """Where the files lie and how they are written; a file that is named must exist."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    locale: Literal["de", "en"]
    """How numbers and days are written: 1.234,50 and 31.01.2026, or 1,234.50. No default: '1.234' is two numbers."""
    folder: str = "data"
    """Where the files lie, relative to the tenant's folder."""
    delimiter: Literal[";", ",", "\t", "|"] = ";"
    """What stands between two cells."""
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    """How characters are stored."""
    references: Literal["own", "any"] = "own"
    """Whether a project, position or category must be in the ledger's own file of them, where there is one."""
    customers: str | None = None
    """Name of the file of customers."""
    projects: str | None = None
    """Name of the file of projects."""
    offers: str | None = None
    """Name of the file of offers."""
    positions: str | None = None
    """Name of the file of positions."""
    progress: str | None = None
    """Name of the file of progress readings."""
    time: str | None = None
    """Name of the file of time entries."""
    metrics: str | None = None
    """Name of the file of metrics."""


def build(settings: Settings, transport: Transport) -> Ledger:
    """Return the ledger of the tenant."""
    named = {model.file: getattr(settings, model.file) for model in FILES if getattr(settings, model.file)}
    encoding = "utf-8-sig" if settings.encoding == "utf-8" else settings.encoding
    dialect = Dialect(settings.delimiter, encoding)
    closed = settings.references == "own"
    return Ledger(Files(transport, settings.folder, named, dialect, NOTATIONS[settings.locale], closed))


@dataclass(frozen=True, slots=True)
class Ledger:
    """Satisfies the ports for customers, projects, offers, progress, time and metrics."""

    files: Files

    def customers(self) -> Iterator[Party | Problem]:
        """Yield the customers of customers.csv."""
        for row in self.files.rows(CustomerRow):
            yield row if isinstance(row, Problem) else row.party()

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the projects of projects.csv."""
        for row in self.files.rows(ProjectRow):
            yield row if isinstance(row, Problem) else row.project()

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield the offers of offers.csv with their rate cards out of positions.csv.

        An offer counts only if every one of its rows is good: with a position missing, shares and instalments would be
        taken of the wrong total.
        """
        rate_cards: dict[str, list[PositionRow]] = {}
        incomplete: set[str] = set()
        for read in self.files.reads(PositionRow):
            if isinstance(read, Problem):
                incomplete.add(ANY_OFFER)
                yield read
            elif read.row is None:
                incomplete.add(read.line.cells.get("offer", ANY_OFFER))
                yield from read.problems
            else:
                rate_cards.setdefault(read.row.offer, []).append(read.row)
        if rate_cards and not self.files.exists(OfferRow):
            yield _no_heads(self.files)
        for row in self.files.rows(OfferRow):
            if isinstance(row, Problem):
                yield row
            elif not incomplete & {ANY_OFFER, row.offer}:
                yield row.with_positions(rate_cards.get(row.offer, ()))

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield the readings of progress.csv up to the day; two that differ for one day are both refused."""
        readings = (row if isinstance(row, Problem) else row.reading() for row in self.files.rows(ProgressRow))
        for reading in _agreeing(readings, _of_reading, lambda reading: (reading.share, reading.units)):
            if isinstance(reading, Problem) or reading.on <= as_of:
                yield reading

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the entries of time.csv of the period, and the problems of all its rows."""
        for row in self.files.rows(TimeRow):
            if isinstance(row, Problem):
                yield row
            elif row.day in period:
                yield row.entry()

    def metrics(self) -> Iterator[Metric | Problem]:
        """Yield the figures of metrics.csv; two that differ for one day are both refused."""
        metrics = (row if isinstance(row, Problem) else row.figure() for row in self.files.rows(MetricRow))
        yield from _agreeing(
            metrics, lambda metric: (metric.name, metric.project, metric.on), lambda metric: metric.value
        )

    def check(self) -> Iterator[Problem]:
        """Yield every problem of every file, and tell if there is none at all."""
        if not any(self.files.exists(model) for model in FILES):
            names = ", ".join(f"{model.file}.csv" for model in FILES)
            yield Problem("EmptyLedger", "no file of the ledger is there", self.files.folder, f"create any of: {names}")
        everything = Period(date.min, date.max)
        readers = (
            self.customers(),
            self.projects(),
            self.offers(),
            self.readings(date.max),
            self.entries(everything),
            self.metrics(),
        )
        for reader in readers:
            yield from (found for found in reader if isinstance(found, Problem))


def _no_heads(files: Files) -> Problem:
    message = "there are positions but no offers they belong to"
    return Problem("MissingFile", message, files.place(OfferRow), "create it with a row for each offer")


def _of_reading(reading: Reading) -> Hashable:
    """Return what the reading speaks of; a position's key is enough for it."""
    project = "" if reading.scope is ReadingScope.POSITION else reading.project
    return reading.scope, project, reading.target, reading.on, reading.share is None


def _agreeing(
    rows: Iterable[Dated | Problem], subject: Callable[[Dated], Hashable], said: Callable[[Dated], Hashable]
) -> Iterator[Dated | Problem]:
    """Yield one of those that say the same of the same; where they differ, a problem for each and none of them."""
    groups: dict[Hashable, list[Dated]] = {}
    for row in rows:
        if isinstance(row, Problem):
            yield row
        else:
            groups.setdefault(subject(row), []).append(row)
    for group in groups.values():
        if len({said(row) for row in group}) == 1:
            yield group[0]
        else:
            yield from (_contradiction(row.origin, [other.origin for other in group]) for row in group)


def _contradiction(origin: str, origins: Iterable[str]) -> Problem:
    others = ", ".join(other for other in origins if other != origin)
    message = f"another value stands for the same day in {others}"
    return Problem("ReadingsContradict", message, origin, "remove the wrong one, or date it to the day it was true")
