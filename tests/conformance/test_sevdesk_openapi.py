"""Client and stand-in of sevDesk, held by Prism to the vendor's OpenAPI file.

The file lies in ../shared, or where HONORAR_SHARED says; without it these tests are skipped, in CI they fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from connector.core.booking import Booking
from connector.core.ports import Receipt
from connector.sinks.sevdesk import Sevdesk
from tests.conformance.prism import Referee, Violation, openapi_file, refereed
from tests.sinks.sevdesk_world import EARLIER, build, correction, credit_note, document
from tests.sinks.test_sevdesk_reminders import reminder
from tests.standins import Standin, serving
from tests.standins import sevdesk as standin_of_sevdesk
from tests.standins.bucket import Bucket

pytestmark = pytest.mark.conformance


NULL = "`null` is what leaves it out: the four last fields are always sent, as the vendor's text asks"
TEXTS = "real answers have flags and numbers as texts, and null where nothing was said; the file has other types"

EXCUSED: Sequence[tuple[str, str, str, str]] = (
    ("request", "Invoice", r"body Request body must have required property 'invoicePos'",
     "the schema calls invoicePosSave by another name than the vendor's text and every real request"),
    ("request", "Invoice", r"body.invoice Request body property invoice must have required property 'taxType'",
     "the schema requires taxType beside taxRule; in version 2.0 only taxRule is sent"),
    ("request", "(Invoice|CreditNote)", r"body.discount(Save|Delete) ", NULL),
    ("request", "CreditNote", r"body Request body must have required property 'creditNotePos'",
     "the same: the vendor's text and every real request have creditNotePosSave"),
    ("request", "CreditNote", r"body.creditNote Request .* must have required property '(taxType|invoiceType)'",
     "the same for taxType; an invoiceType is nothing a credit note has"),
    ("request", "Invoice", r"body.invoice.deliveryDate ",
     "the text says timestamp, deliveryDateUntil is an integer, and live accounts took Unix seconds for both"),
    ("request", "CreditNote", r"body.creditNote.creditNoteDate ",
     "a date-time by its format, and dd.mm.yyyy by text and example, as live accounts took it"),
    ("request", "Invoice", r"query Request query must have required property 'invoice%5b(id|objectname)%5d'",
     "the referee looks for names with brackets in their encoded form, and so finds none"),
    ("request", "(SevUser|Unity|SevSequence)", r" Selected route not found",
     "resources that the file refers to but does not list"),
    ("response", "ContactAddress", r"body Response body must have required property '(contact|country)'",
     "answers are wrapped in `objects`, which the schema leaves out"),
    ("response", "Contact", r"body.objects.0.(familyname|surename|status|vatNumber) ", TEXTS),
    ("response", "Invoice", r"body.objects.\d.(dunningLevel|enshrined|invoiceNumber|payDate|sendDate) ", TEXTS),
    ("response", "Invoice", r"body.objects.\d.(sendType|showNet|smallSettlement|taxType) ", TEXTS),
    ("response", "Invoice", r"body.objects.\d.(positionNumber|quantity|text|unity.id) ", TEXTS),
)  # fmt: skip
"""Violations that stay: side, resource, place and words as a pattern, and why (the file contradicts real use)."""


@pytest.fixture(scope="module")
def openapi() -> Path:
    """Return the OpenAPI file; without it the test is skipped, in CI it fails."""
    return openapi_file("sevdesk", "sevdesk-openapi-2025-07-28.yaml")


@pytest.fixture(scope="module")
def ways(openapi: Path) -> Iterator[tuple[Referee, Standin]]:
    """Yield the referee, and the way to an account that leads past it."""
    api = standin_of_sevdesk.api()
    api.bucket = Bucket(10**9, 1, 10**9)
    with serving(api) as standin, refereed(openapi, standin, "/api/v1") as found:
        yield found


def test_all_that_is_said_keeps_to_the_file(ways: tuple[Referee, Standin]) -> None:
    """An invoice, a draft, a correction; customers, searches, lists, statuses. No excuse is left over either."""
    referee, way = ways
    sink = build(way.url)
    made = document()
    receipt = _delivered(sink, made)
    given_back = _delivered(sink, credit_note(credits=made.invoice.key))
    _delivered(build(way.url, finalize=False), document(key="f" * 32))
    other = document(key="e" * 32)
    _delivered(sink, correction(_delivered(sink, other).number, other))
    list(sink.listed(date(2026, 1, 1), frozenset()))
    reminded = _delivered(sink, document(key="d" * 32))
    assert sink.remind(reminder(), reminded)
    assert sink.find_reminder(reminder(), reminded, EARLIER, ()) is not None
    list(sink.statuses([receipt, given_back], None))
    list(sink.check())
    assert [each for each in referee.violations if not any(_excuses(excuse, each) for excuse in EXCUSED)] == []
    assert [excuse for excuse in EXCUSED if not any(_excuses(excuse, each) for each in referee.violations)] == []


def _excuses(excuse: tuple[str, str, str, str], violation: Violation) -> bool:
    side, resource, words, _ = excuse
    found = violation.call.split("/")[1].partition("?")[0]
    told = f"{violation.path} {violation.message}"
    return violation.side == side and re.fullmatch(resource, found) is not None and re.match(words, told) is not None


def _delivered(sink: Sevdesk, made: Booking) -> Receipt:
    receipt = sink.read(made, sink.deliver(made)).receipt
    assert sink.find(made, EARLIER) is not None
    return receipt
