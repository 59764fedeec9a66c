"""What stands in the account, whoever made it: for reconciliation (domain 9.4)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta, tzinfo

from connector.core.errors import UnexpectedAnswer
from connector.core.ports import Listed
from connector.sinks.sevdesk.calls import Calls, Record, id_in
from connector.sinks.sevdesk.documents import timestamp
from connector.sinks.sevdesk.records import (
    CANCELLATION,
    CREDIT_NOTE,
    DOCUMENTS,
    day_in,
    link_of,
    number_of,
    reference_of,
    sums_of,
)

ONE_DAY = timedelta(days=1)

KEY = re.compile(r"[0-9a-f]{32}")
"""What our keys look like."""


def listed(calls: Calls, app_url: str, zone: tzinfo, since: date) -> Iterator[Listed]:
    """Yield every invoice, cancellation and credit note from that day on.

    A cancellation comes after what it cancels, so the invoices are gone through twice.
    """
    first: dict[str, str | int] = {"startDate": timestamp(since - ONE_DAY, zone)}
    invoices: dict[str, str | int] = {**first, "showAll": "true"}
    cancelled = {id_in(row, "origin") for row in calls.rows("Invoice", invoices) if _is_cancellation(row)}
    for row in calls.rows("Invoice", invoices):
        if row.get("invoiceType") in DOCUMENTS and (day := _day(row, "invoiceDate", zone)) >= since:
            yield _listed(row, day, app_url, cancelled)
    for row in calls.rows(CREDIT_NOTE, first):
        if (day := _day(row, "creditNoteDate", zone)) >= since:
            yield _listed(row, day, app_url, ())


def _listed(row: Record, day: date, app_url: str, cancelled: Collection[str]) -> Listed:
    """Return the row; a cancellation carries the note of what it cancels, and so has no key of its own."""
    note = str(row.get("customerInternalNote") or "")
    return Listed(
        reference=reference_of(row),
        key=note if KEY.fullmatch(note) and not _is_cancellation(row) else "",
        number=number_of(row),
        issued_on=day,
        customer=_customer(row),
        gross=sums_of(row).gross,
        link=link_of(app_url, row),
        cancelled=row["id"] in cancelled,
    )


def _customer(row: Record) -> str:
    return str(row.get("addressName") or row.get("address") or "").partition("\n")[0]


def _day(row: Record, name: str, zone: tzinfo) -> date:
    day = day_in(row, name, zone)
    if day is None:
        message = f"it has no {name}"
        raise UnexpectedAnswer(message, place=f"document {row['id']}")
    return day


def _is_cancellation(row: Record) -> bool:
    return row.get("invoiceType") == CANCELLATION
