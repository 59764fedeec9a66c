"""Writing DATEV files: records of bookings, encoded, on the disk, memory staying where it is."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from connector.core.booking import Booking
from connector.core.period import ONE_DAY
from connector.datev.batches import Span
from connector.datev.columns import ENCODING, LINE_END, SEPARATOR, names_of
from connector.datev.files import write_once
from connector.datev.header import booking_header
from connector.datev.records import records
from connector.datev.settings import MOST_ROWS
from connector.datev.tables import BUCHUNGSSTAPEL
from tests.bench.measure import Finding, Scale, fastest, peak_megabytes, seconds, speed
from tests.core.builders import JANUARY, booking, invoice, line
from tests.datev.samples import export, settings

LEAST_PER_SECOND = 200_000
MOST_GROWTH_MEGABYTES = 5
FILES = 10

DIFFERENT = 10_000
"""So many different bookings; they are gone through again and again, because making one costs more than writing it."""


def measure(scale: Scale) -> Iterator[Finding]:
    """Yield rows a second for a file as long as DATEV takes it, and what ten such files add to the memory."""
    rows = scale.of(MOST_ROWS)
    bookings = [_booking(number) for number in range(scale.of(DIFFERENT))]
    spent = fastest(scale, partial(write, bookings, rows))[0]
    before = peak_megabytes()
    for _ in range(FILES):
        write(bookings, rows)
    growth = peak_megabytes() - before
    floor = fastest(scale, partial(write_bare, [cells_of(each) for each in bookings], rows))[0]
    yield speed(f"Writing {rows:,} rows of a DATEV file", rows, spent, LEAST_PER_SECOND, ("csv.writer", floor))
    within = MOST_GROWTH_MEGABYTES / max(growth, 0.001)
    yield Finding(
        f"… memory added by {FILES} more such files", f"{growth:.1f} MB", f"≤ {MOST_GROWTH_MEGABYTES} MB", within
    )


def _booking(number: int) -> Booking:
    day = JANUARY.start + number % JANUARY.days * ONE_DAY
    document = invoice(
        line(f"{100 + number}.00", text=f"Phase {number}"), number=f"RE-2026-{number:05}", issue_date=day
    )
    whole = booking(document, debtor=f"{10_000 + number % 500}")
    (row,) = whole.rows
    return replace(whole, rows=(replace(row, text=f"Phase {number} – Übergabe an Müller & Söhne"),))


def write(bookings: Sequence[Booking], rows: int) -> float:
    """Write the rows as a file and return the seconds."""
    chosen, handed_over = settings(), export()
    header = booking_header(chosen, handed_over, Span(JANUARY, JANUARY.start), 1)
    names = names_of(BUCHUNGSSTAPEL).encode(ENCODING)
    with TemporaryDirectory() as folder:
        body = chain((names,), records(islice(cycle(bookings), rows), chosen))
        path = Path(folder) / "EXTF_Buchungsstapel.csv"
        return seconds(partial(write_once, path, header, body, handed_over.token))


def cells_of(one: Booking) -> list[str]:
    """Return the cells of the booking's only record."""
    (record,) = records([one], settings())
    return [cell.strip('"') for cell in record.decode(ENCODING).removesuffix(LINE_END).split(SEPARATOR)]


def write_bare(cells: Sequence[Iterable[str]], rows: int) -> float:
    """Write as many rows of cells that are made already with csv.writer and return the seconds."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bare.csv"

        def all_of_them() -> None:
            with path.open("w", encoding=ENCODING, newline="") as file:
                csv.writer(file, delimiter=SEPARATOR).writerows(islice(cycle(cells), rows))

        return seconds(all_of_them)
