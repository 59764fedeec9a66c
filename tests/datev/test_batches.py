from __future__ import annotations

from datetime import date

import pytest

from connector.core.booking import Booking
from connector.core.period import Period
from connector.datev.batches import Span, batches_of, file_name, rows_to_book
from connector.datev.settings import Settings
from tests.datev.samples import booked, export, settings


def numbers(bookings: tuple[Booking, ...]) -> list[str]:
    """Return the numbers of the documents."""
    return [booking.invoice.number for booking in bookings]


def test_a_file_covers_one_month() -> None:
    """DATEV recommends one file per booking period."""
    span = Span.of(date(2026, 2, 10), settings())
    assert span == Span(Period(date(2026, 2, 1), date(2026, 3, 1)), date(2026, 1, 1))
    assert span.label == "2026-02"


@pytest.mark.parametrize(
    ("day", "first", "last", "fiscal_year", "label"),
    [
        (date(2026, 3, 14), date(2026, 3, 1), date(2026, 3, 14), date(2025, 3, 15), "2026-03"),
        (date(2026, 3, 15), date(2026, 3, 15), date(2026, 3, 31), date(2026, 3, 15), "2026-03-15"),
        (date(2026, 4, 1), date(2026, 4, 1), date(2026, 4, 30), date(2026, 3, 15), "2026-04"),
    ],
)
def test_a_month_with_two_fiscal_years_makes_two_files(
    day: date, first: date, last: date, fiscal_year: date, label: str
) -> None:
    """The fiscal year in the header decides the year of every document date, so a file has one."""
    span = Span.of(day, settings(fiscal_year_start="03-15"))
    assert (span.days.start, span.days.last_day, span.fiscal_year, span.label) == (first, last, fiscal_year, label)


def test_documents_fall_into_months_in_their_order() -> None:
    """However they come, they stand by date and number, so that the same export gives the same bytes."""
    documents = [
        booked("RE-3", on=date(2026, 2, 1)),
        booked("RE-2", on=date(2026, 1, 31)),
        booked("RE-1", on=date(2026, 1, 31)),
        booked("RE-4", on=date(2027, 1, 5)),
    ]
    batches = list(batches_of(documents, settings()))
    assert [(batch.span.label, batch.part, numbers(batch.bookings)) for batch in batches] == [
        ("2026-01", 1, ["RE-1", "RE-2"]),
        ("2026-02", 1, ["RE-3"]),
        ("2027-01", 1, ["RE-4"]),
    ]
    assert list(batches_of(reversed(documents), settings())) == batches


def two_rows(number: str) -> Booking:
    """Return a document with two records."""
    booking = booked(number)
    object.__setattr__(booking, "rows", booking.rows * 2)
    return booking


@pytest.mark.parametrize(
    ("most", "parts"),
    [(6, [["A", "B", "C"]]), (5, [["A", "B"], ["C"]]), (4, [["A", "B"], ["C"]]), (2, [["A"], ["B"], ["C"]])],
)
def test_a_file_that_would_be_too_long_is_continued_in_another(most: int, parts: list[list[str]]) -> None:
    """The next file takes whole documents only."""
    limited: Settings = settings(max_rows=most)
    batches = list(batches_of(map(two_rows, "ABC"), limited))
    assert [numbers(batch.bookings) for batch in batches] == parts
    assert [batch.part for batch in batches] == list(range(1, len(parts) + 1))


def test_no_documents_make_no_file() -> None:
    """An empty export leaves nothing behind."""
    assert not list(batches_of([], settings()))


def test_rows_of_nothing_do_not_count() -> None:
    """DATEV refuses 0,00."""
    assert rows_to_book(booked("RE-1", "0.00")) == 0
    assert rows_to_book(booked("RE-1", "10.00")) == 1


@pytest.mark.parametrize(
    ("repeat", "part", "name"),
    [
        (False, 1, "EXTF_Buchungsstapel_2026-01_0007.csv"),
        (False, 2, "EXTF_Buchungsstapel_2026-01_0007_2.csv"),
        (True, 1, "EXTF_Buchungsstapel_2026-01_0007_Wiederholung.csv"),
        (True, 2, "EXTF_Buchungsstapel_2026-01_0007_Wiederholung_2.csv"),
    ],
)
def test_the_name_tells_month_export_and_repetition(*, repeat: bool, part: int, name: str) -> None:
    """DATEV finds the file by its beginning EXTF_; the rest is for people."""
    span = Span.of(date(2026, 1, 1), settings())
    assert file_name("Buchungsstapel", span, export(7, repeat=repeat), part) == name
