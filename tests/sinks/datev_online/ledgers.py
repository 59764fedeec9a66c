"""Documents of many rows, and what the tests of ledgers read out of them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from connector.core.booking import Booking
from connector.core.money import Money
from connector.sinks.datev_online.ledger import ledger_of
from tests.core.builders import eur
from tests.datev.samples import booked
from tests.sinks.datev_online.world import settings_of


def text_of(booking: Booking, **wishes: object) -> str:
    """Return the document's ledger file."""
    return ledger_of(settings_of("", **wishes), booking).decode()


def values(booking: Booking, name: str, **wishes: object) -> list[str]:
    """Return the texts of the elements of that name."""
    return re.findall(rf"<{name}>([^<]*)</{name}>", text_of(booking, **wishes))


def amounts(booking: Booking) -> tuple[Decimal, list[Decimal]]:
    """Return the consolidated amount, and the amounts of the rows."""
    return amounts_in(text_of(booking))


def amounts_in(text: str) -> tuple[Decimal, list[Decimal]]:
    """Return the consolidated amount of the ledger file, and the amounts of its rows."""
    [consolidated] = re.findall(r'consolidatedAmount="([^"]+)"', text)
    return Decimal(consolidated), [Decimal(each) for each in re.findall(r"<amount>([^<]*)</amount>", text)]


def rowed(*grosses: str) -> Booking:
    """Return a booking with a row per gross amount; the document is what they add up to."""
    booking = booked("RE-1", *grosses)
    [row] = booking.rows
    rows = tuple(replace(row, gross=eur(gross), net=eur(gross)) for gross in grosses)
    total = Money.total((each.gross for each in rows), "EUR")
    invoice = replace(booking.invoice, prepaid=booking.invoice.gross - total)
    return replace(booking, invoice=invoice, rows=rows)
