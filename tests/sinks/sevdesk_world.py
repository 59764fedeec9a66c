"""The sevDesk sink as a new process would build it, at an address; and what tests say of its account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connector.core.booking import Booking
from connector.core.invoice import DocumentKind, Invoice, InvoiceLine
from connector.core.vat import VatCategory
from connector.http import Patience, Transport
from connector.sinks.sevdesk import Settings, Sevdesk
from connector.sinks.sevdesk import build as build_sink
from tests.core.builders import booking, invoice, line, party, vat_decision, vat_rate
from tests.support.transports import BERLIN, MemoryInbox, NoLimit, no_wait

TOKEN = "c0ffee00c0ffee00c0ffee00c0ffee00"  # noqa: S105 - of no account

KEY = "0123456789abcdef0123456789abcdef"

EARLIER = datetime(2026, 1, 1, tzinfo=UTC)

NIGHT = datetime(2026, 2, 1, 2, tzinfo=UTC)


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of a tenant that issues at once."""
    return {"api_token": TOKEN, "finalize": True, "url": url}


def build(url: str, **wishes: Any) -> Sevdesk:  # noqa: ANN401 - any setting
    """Return the sink of a new process: it neither waits nor remembers."""
    patience = Patience(attempts=2, sleep=no_wait)
    transport = Transport("sevdesk", Path(), MemoryInbox(), time_zone=BERLIN, patience=patience, slots=NoLimit())
    return build_sink(Settings.model_validate(settings_for(url) | wishes), transport)


def document(document: Invoice | None = None, **changes: Any) -> Booking:  # noqa: ANN401 - any field of an invoice
    """Return a booking whose document has a key in its usual form."""
    return booking(replace(document or invoice(line(), buyer=party(vat_id="")), **({"key": KEY} | changes)))


def credit_note(key: str = KEY[::-1], credits: str = KEY, *lines: InvoiceLine) -> Booking:  # noqa: A002 - as it is called
    """Return the booking of a credit note that takes 250.00 off the document of the other key, or the lines."""
    made = lines or (replace(line("-250.00"), credits=credits),)
    return document(invoice(*made, kind=DocumentKind.CREDIT_NOTE, buyer=party(vat_id="")), key=key)


def correction(number: str, original: Booking) -> Booking:
    """Return the booking that takes the document back, which has the number there."""
    lines = [replace(each, quantity=-each.quantity, net=-each.net) for each in original.invoice.lines]
    taken_back = invoice(*lines, kind=DocumentKind.CORRECTION, buyer=original.invoice.buyer)
    return booking(replace(taken_back, key=KEY[::-1], corrects=number), reverses=number)


def taxed(category: VatCategory = VatCategory.STANDARD, percent: int = 0, note: str = "") -> InvoiceLine:
    """Return a line of 5,000.00 EUR under the category."""
    return line(vat=vat_decision(vat_rate(percent, category), note=note))
