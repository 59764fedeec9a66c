"""Ledger rows as records of a Buchungsstapel: gross, positive, S or H seen from the debtor (category 21, version 13).

Written for speed: the columns that never change are one template, filled once per row. What a record may not hold is
refused before (rules.py), so nothing is checked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from functools import lru_cache

from connector.core.booking import Booking, LedgerRow
from connector.core.money import Money
from connector.datev.columns import ENCODING, LINE_END, SEPARATOR, Column, escaped
from connector.datev.settings import Settings
from connector.datev.tables import BUCHUNGSSTAPEL
from connector.datev.texts import written
from connector.datev.vat_ids import destination


class Field(IntEnum):
    """The columns of a record that we fill."""

    AMOUNT = 1
    SIDE = 2
    CURRENCY = 3
    RATE = 4
    BASE_AMOUNT = 5
    BASE_CURRENCY = 6
    ACCOUNT = 7
    CONTRA_ACCOUNT = 8
    TAX_KEY = 9
    DOCUMENT_DAY = 10
    DOCUMENT_NUMBER = 11
    TEXT = 14
    COST_CENTRE = 37
    COST_UNIT = 38
    EU_VAT_ID = 40
    NOTE_KIND = 48
    NOTE = 49
    ORDER_NUMBER = 95
    COMMITTED = 114
    SUPPLIED_ON = 115
    TAX_PERIOD = 116
    DUE_ON = 117
    REVERSAL = 118


TEXT_LENGTH = BUCHUNGSSTAPEL[Field.TEXT - 1].length

_CANCELLED_BY = "Stornobeleg"
"""Kind of the note that names the cancelling document, whose own number has no other place in the record."""


def _template(first: int, last: int) -> str:
    """Return those columns as they stand in the line, with a place for each that we fill."""
    filled = frozenset(Field)
    columns = BUCHUNGSSTAPEL[first - 1 : last]
    return SEPARATOR.join(_place(column) if column.number in filled else column.cell() for column in columns)


def _place(column: Column) -> str:
    return '"%s"' if column.quoted else "%s"


# Three parts, because the text between the first two is encoded by itself and the last two are the same for many rows.
_FRONT = _template(Field.AMOUNT, Field.TEXT).removesuffix('%s"')
_MIDDLE = '"' + SEPARATOR + _template(Field.TEXT + 1, Field.NOTE) + SEPARATOR
_BACK = _template(Field.NOTE + 1, len(BUCHUNGSSTAPEL)) + LINE_END


def records(bookings: Iterable[Booking], settings: Settings) -> Iterator[bytes]:
    """Yield one line per ledger row that is not zero, in the order of the bookings."""
    for booking in bookings:
        yield from _records_of(booking, settings)


def _records_of(booking: Booking, settings: Settings) -> Iterator[bytes]:
    invoice = booking.invoice
    debtor, day, eu_vat_id = booking.debtor, _day_and_month(invoice.issue_date), destination(invoice)
    number, note, reversal = _identity(booking)
    # A reversal stands on the side of what it reverses, with the flag that turns its effect (Generalumkehr).
    positive, negative = ("H", "S") if reversal else ("S", "H")
    for row in booking.rows:
        amount = row.gross.amount
        if not amount:
            continue
        revenue = row.revenue
        foreign, rate, base, home = _currencies(booking, row, settings)
        supplied = row.supplied_on if settings.uses_delivery_date else None
        front = _FRONT % (
            _unsigned(amount), positive if amount > 0 else negative, foreign, rate, base, home,
            debtor, revenue.account, revenue.tax_key, day, number,
        )  # fmt: skip
        yield b"".join(
            (
                front.encode(),
                written(row.text, TEXT_LENGTH),
                _middle(revenue.cost_centre, revenue.cost_unit, eu_vat_id, note),
                _back(booking.order_number, settings.commit, supplied, invoice.due_date, reversal),
            )
        )


@lru_cache(maxsize=4096)
def _middle(cost_centre: str, cost_unit: str, eu_vat_id: str, note: str) -> bytes:
    """Return the columns between the text and the note; most rows of a file share few of them."""
    return (_MIDDLE % (cost_centre, cost_unit, eu_vat_id, _CANCELLED_BY if note else "", note)).encode(ENCODING)


@lru_cache(maxsize=4096)
def _back(order_number: str, commit: int, supplied: date | None, due: date, reversal: str) -> bytes:
    """Return the columns after the note."""
    supplied_on = f"{supplied:%d%m%Y}" if supplied else ""
    cells = (escaped(order_number), commit, supplied_on, supplied_on, f"{due:%d%m%Y}", reversal)
    return (_BACK % cells).encode(ENCODING)


def _identity(booking: Booking) -> tuple[str, str, str]:
    """Return Belegfeld 1, the note, and the reversal flag: a reversal carries the number it reverses."""
    if booking.reverses:
        return booking.reverses, booking.invoice.number, "1"
    return booking.invoice.number, "", ""


def _currencies(booking: Booking, row: LedgerRow, settings: Settings) -> tuple[str, str, str, str]:
    """Return currency, rate, amount in the client's currency and that currency; nothing where they are the same."""
    rate = booking.exchange_rate
    if rate is None or row.gross.currency == settings.currency:
        return "", "", "", ""
    base = base_amount(row.gross, rate, settings.currency)
    return row.gross.currency, rate_text(rate), _unsigned(base.amount), settings.currency


def base_amount(gross: Money, rate: Decimal, currency: str) -> Money:
    """Return the amount in the client's currency; the rate is units of the document's currency for one of it."""
    return Money.of(Fraction(gross.amount) / Fraction(rate), currency)


def rate_text(rate: Decimal) -> str:
    """Return the rate with a comma and two decimals at least: '0,9312'."""
    whole, _, decimals = f"{rate:f}".partition(".")
    return f"{whole},{decimals.rstrip('0').ljust(2, '0')}"


def _unsigned(amount: Decimal) -> str:
    """Return the amount without sign, with a comma and two decimals, whatever the currency has."""
    plain = str(amount).lstrip("-")
    return plain.replace(".", ",") if "." in plain else f"{plain},00"


@lru_cache(maxsize=1024)
def _day_and_month(day: date) -> str:
    return f"{day:%d%m}"
