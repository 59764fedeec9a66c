"""Client and stand-in of sevDesk, held by Prism to the vendor's OpenAPI file.

Where that contradicts itself, or what was measured on live accounts, the reason is listed. The file lies in ../shared, or where HONORAR_SHARED says; without it these tests are skipped, in CI they fail.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from tests.conformance.prism import Violation, openapi_file, refereed
from tests.sinks import sevdesk_stories as stories
from tests.sinks.sevdesk_world import NIGHT, TOKEN
from tests.standins import Asked, Said, serving
from tests.standins import sevdesk as standin_of_sevdesk

pytestmark = pytest.mark.conformance

NULLABLE = "payDate|dunningLevel|taxType|sendDate|enshrined|invoiceNumber|text|surename|familyname"

REASONS = {
    r"request GET /(StaticCountry|SevUser|Unity)  .*route not found": "the file names these lists, but has no path",
    r"request .*saveInvoice body .*'invoicePos'": "positions go as invoicePosSave; the file's own text says so",
    r"request .*saveInvoice body.invoice .*'taxType'": "the file demands the fields of both book-keepings at once",
    r"request .*saveInvoice body.invoice.deliveryDate must be string": "Unix seconds, as the text says",
    r"request .*saveInvoice body.discount(Save|Delete) must be": "null, as its text demands all four last fields",
    r"response POST /ContactAddress body .*(contact|country)": "the file leaves out the wrapper that all answers have",
    rf"response .*\.({NULLABLE}) must be string$": "null where there is nothing, as measured",
    r"response .*\.taxType must be equal to one of": "null under book-keeping 2.0, as measured",
    r"response .*\.(smallSettlement|showNet) must be boolean": "flags are text, as measured",
    r"response .*\.quantity must be boolean": "a quantity is none",
    r"response .*\.sendType must be equal to one of": "'0' while it was not sent, as measured",
    r"response POST /Invoice/N/cancelInvoice  .*status code": "some refusals come with status 200, as measured",
}
"""What violations look like (side, call, place, words), and why they are none."""


@pytest.fixture(scope="module")
def document() -> Path:
    """Return the OpenAPI file; without it the test is skipped, in CI it fails."""
    return openapi_file("sevdesk", "sevdesk-openapi-2025-07-28.yaml")


def told(violation: Violation) -> str:
    """Return the violation in one line, with N for every number of a record."""
    call = re.sub(r"/\d+", "/N", violation.call)
    words = violation.message.rpartition("property ")[2] if " must be " in violation.message else violation.message
    named = re.sub(r"^.*? must be", "must be", words)
    return f"{violation.side} {call} {violation.path} {named}"


def reason_for(line: str) -> str:
    """Return the pattern of REASONS that explains the line, '' for none."""
    return next((pattern for pattern in REASONS if re.search(pattern, line)), "")


def test_all_that_is_said_keeps_to_the_file_or_has_a_reason(document: Path) -> None:
    """A new customer, an invoice, a draft finished, a cancellation, a list, statuses; and no reason is left over."""
    api = standin_of_sevdesk.api(now=lambda: NIGHT)
    with serving(api) as standin, refereed(document, standin, "/api/v1") as (referee, way):
        for story in stories.BEFORE.values():
            story(way.url)
        api.now = lambda: NIGHT + timedelta(days=28)
        api.pay("135580001", Decimal("1000.00"), api.now())
        api.remind("135580001")
        for story in stories.AFTER.values():
            story(way.url)

    lines = {told(violation) for violation in referee.violations}
    assert {line for line in lines if not reason_for(line)} == set()
    assert {reason_for(line) for line in lines} == set(REASONS)


def test_the_referee_sees_a_fault_on_either_side(document: Path) -> None:
    """A request without what is required, and an answer of another shape; else the test above would mean little."""

    class Careless:
        def answer(self, _: Asked) -> Said:
            return Said(200, {"objects": "none"})

    with serving(Careless()) as careless, refereed(document, careless, "/api/v1") as (referee, way):
        requests.get(f"{way.url}/api/v1/Contact", headers={"Authorization": TOKEN}, timeout=30)
        requests.post(f"{way.url}/api/v1/Contact", json={}, headers={"Authorization": TOKEN}, timeout=30)

    unexplained = {violation.side for violation in referee.violations if not reason_for(told(violation))}
    assert unexplained == {"request", "response"}
