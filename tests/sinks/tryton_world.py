"""The Tryton sink as a new process would build it, at an address; and what tests say of its customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from connector.core.booking import Booking, RevenueAccount
from connector.core.invoice import DocumentKind, Invoice, InvoiceLine
from connector.core.money import Money
from connector.core.quantity import Unit
from connector.core.vat import VatDecision
from connector.http import Patience, Transport
from connector.sinks.tryton import Settings, Tryton
from connector.sinks.tryton import build as build_sink
from tests.core.builders import booking, invoice, line, party, revenue, vat_decision
from tests.support.transports import BERLIN, MemoryInbox, NoLimit, no_wait

API_KEY = "fedcba9876543210fedcba9876543210fedcba98"

DATABASE = "agency"

KEY = "0123456789abcdef0123456789abcdef"

VAT_ID = "DE136695976"
"""Of a form that passes the check of its last digit."""

EARLIER = datetime(2026, 1, 1, tzinfo=UTC)

SERVICES = "4.1.2"
"""The account of revenue from services, in the chart that Tryton brings along."""

TAXES = {"S 19": "USt 19 %", "S 7": "USt 7 %", "AE": ""}


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of a tenant whose server has the address."""
    return {"api_key": API_KEY, "url": f"{url}/{DATABASE}", "taxes": TAXES}


def build(at: str, **wishes: Any) -> Tryton:  # noqa: ANN401 - any setting
    """Return the sink of a new process: it neither waits nor remembers."""
    patience = Patience(attempts=2, sleep=no_wait)
    transport = Transport("tryton", Path(), MemoryInbox(), time_zone=BERLIN, patience=patience, slots=NoLimit())
    return build_sink(Settings.model_validate({**settings_for(at), **wishes}), transport)


def document(
    *lines: InvoiceLine,
    debtor: str = "10001",
    accounts: Mapping[int, RevenueAccount] | None = None,
    **changes: Any,  # noqa: ANN401 - any field of an invoice
) -> Booking:
    """Return a booking on the account of services whose document has a key in its usual form."""
    made = replace(invoice(*lines, buyer=party(vat_id=VAT_ID)), **({"key": KEY} | changes))
    by_rate = accounts or dict.fromkeys((0, 7, 19), revenue(SERVICES))
    return booking(made, debtor=debtor, accounts=by_rate)


def hours(quantity: str, price: str, vat: VatDecision | None = None) -> InvoiceLine:
    """Return a line of hours."""
    counted, each = Decimal(quantity), Decimal(price)
    net = Money.of(counted, "EUR", each)
    made = replace(line(), text="Beratung", quantity=counted, unit=Unit.HOUR, unit_price=each, net=net)
    return replace(made, vat=vat or vat_decision())


def correction(number: str, original: Booking, **changes: Any) -> Booking:  # noqa: ANN401 - any field of an invoice
    """Return the booking that takes the document back, which has the number there."""
    lines = [replace(each, quantity=-each.quantity, net=-each.net) for each in original.invoice.lines]
    told = {"kind": DocumentKind.CORRECTION, "corrects": number, "key": KEY[::-1]}
    return document(*lines, debtor=original.debtor, buyer=original.invoice.buyer, **(told | changes))


def totals(made: Invoice) -> tuple[Money, Money, Money, int]:
    """Return what is compared."""
    return made.net, made.tax, made.gross, len(made.lines)
