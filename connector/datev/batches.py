"""How the documents of an export fall into files: one per month and fiscal year, never more rows than DATEV takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby

from dateutil.relativedelta import relativedelta

from connector.core.booking import Booking
from connector.core.period import Period
from connector.core.ports import Export
from connector.datev.settings import Settings

REPEATED = "_Wiederholung"
"""What a deliberate second hand-over has in its file names."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days one file covers: those of a month that lie in one fiscal year."""

    days: Period
    fiscal_year: date

    @classmethod
    def of(cls, day: date, settings: Settings) -> Span:
        """Return the span the day lies in."""
        month = Period.month_of(day)
        year = settings.fiscal_year_of(day)
        following = year + relativedelta(years=1)
        return cls(Period(max(month.start, year), min(month.end, following)), year)

    @property
    def label(self) -> str:
        """Return '2026-01', or '2026-01-15' where a fiscal year begins within the month."""
        first = self.days.start
        return f"{first:%Y-%m}" if first.day == 1 else f"{first:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Batch:
    """The documents of one Buchungsstapel file; `part` counts the files of a span from 1."""

    span: Span
    part: int
    bookings: tuple[Booking, ...]


def batches_of(bookings: Iterable[Booking], settings: Settings) -> Iterator[Batch]:
    """Yield what each file holds, in order of date and number whatever came first; a document is never split."""
    span_of = cache(lambda day: Span.of(day, settings))
    ordered = sorted(bookings, key=_order)
    for span, documents in groupby(ordered, key=lambda booking: span_of(booking.invoice.issue_date)):
        for part, chosen in enumerate(_parts(documents, settings.max_rows), start=1):
            yield Batch(span, part, chosen)


def _order(booking: Booking) -> tuple[date, str, str]:
    invoice = booking.invoice
    return invoice.issue_date, invoice.number, invoice.key


def rows_to_book(booking: Booking) -> int:
    """Return how many records the document has; rows of nothing are left out."""
    return sum(bool(row.gross) for row in booking.rows)


def _parts(bookings: Iterable[Booking], most_rows: int) -> Iterator[tuple[Booking, ...]]:
    chosen: list[Booking] = []
    filled = 0
    for booking in bookings:
        rows = rows_to_book(booking)
        if chosen and filled + rows > most_rows:
            yield tuple(chosen)
            chosen, filled = [], 0
        chosen.append(booking)
        filled += rows
    yield tuple(chosen)


def file_name(format_name: str, span: Span, export: Export, part: int) -> str:
    """Return the file's name, such as 'EXTF_Buchungsstapel_2026-01_0001.csv'."""
    repeat = REPEATED if export.repeat else ""
    suffix = f"_{part}" if part > 1 else ""
    return f"EXTF_{format_name}_{span.label}_{export.number:04}{repeat}{suffix}.csv"
