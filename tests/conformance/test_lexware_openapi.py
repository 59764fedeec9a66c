"""Client and stand-in of Lexware Office, held by Prism to the OpenAPI file written from the vendor's documentation.

The file lies in ../shared, or where HONORAR_SHARED says; without it these tests are skipped, in CI they fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.core.booking import Booking
from connector.core.invoice import DocumentKind, InvoiceLine
from connector.core.party import Address
from connector.core.ports import Receipt
from connector.core.reminder import Reminder
from connector.sinks.lexware import Lexware
from tests.conformance.prism import Referee, openapi_file, refereed
from tests.core.builders import booking, eur, invoice, line, party
from tests.sinks.lexware.world import NIGHT, Desk, desk_in, key_of, sink_at
from tests.standins import Asked, Said, Standin, serving

pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def document() -> Path:
    """Return the OpenAPI file; without it the test is skipped, in CI it fails."""
    return openapi_file("lexware", "lexware-office-from-docs.openapi.yaml")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yield an organisation with nothing in it."""
    with desk_in(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture(scope="module")
def ways(desk: Desk, document: Path) -> Iterator[tuple[Referee, Standin]]:
    """Yield the referee, and the way to the organisation that leads past it."""
    with refereed(document, desk.standin, "/v1") as found:
        yield found


def made(number: int, *lines: InvoiceLine, **parts: Any) -> Booking:  # noqa: ANN401 - as the builder takes them
    """Return a booked document with its own key."""
    return booking(invoice(*lines, key=key_of(number), **parts))


def test_all_that_is_said_keeps_to_the_file(desk: Desk, ways: tuple[Referee, Standin]) -> None:
    """Invoices, drafts, a credit, a correction, a reminder; customers made and changed; searches, lists, statuses."""
    referee, way = ways
    issuing, drafting = sink_at(way), sink_at(way, finalize=False)
    moved = replace(party("K1"), address=Address("Neuer Weg 2", "04109", "Leipzig", "DE"))
    credit = made(4, line("-100.00"), kind=DocumentKind.CREDIT_NOTE)

    receipts = [_delivered(issuing, made(1)), _delivered(drafting, made(2)), _delivered(issuing, credit)]
    receipts.append(_delivered(sink_at(way), made(3, buyer=moved)))
    corrects = replace(made(5, line("-5000.00"), kind=DocumentKind.CORRECTION).invoice, corrects=receipts[0].number)
    _delivered(issuing, booking(corrects))
    desk.api.pay(receipts[3].reference, Decimal("100.00"))

    reminded = issuing.remind(_reminder(receipts[3]), receipts[3])
    found = issuing.find_reminder(_reminder(receipts[3]), receipts[3], NIGHT, ())

    assert found is not None
    assert found.reference == reminded.reference
    assert len(list(issuing.listed(date(2026, 1, 1), frozenset()))) == 5
    assert list(issuing.check()) == []
    assert len(list(issuing.statuses(receipts, None))) >= 3
    assert referee.violations == []
    assert {call.split("/")[1].partition("?")[0] for call in referee.calls} >= {
        *("contacts", "invoices", "voucherlist", "dunnings")
    }


def _reminder(document: Receipt) -> Reminder:
    """Return a reminder of a first level with a fee."""
    asked = (eur("5850.00"), eur("2.50"), eur(0))
    days = (date(2026, 3, 1), date(2026, 3, 8), date(2026, 2, 14))
    return Reminder(document.key, document.number, "website", "K1", 1, "Mahnung", *days, *asked, text="Bitte zahlen.")


def test_refusals_keep_to_the_file_too(desk: Desk, ways: tuple[Referee, Standin]) -> None:
    """A wrong key, a document that is not there, one that breaks a rule."""
    referee, way = ways
    key = {"Authorization": "Bearer a key"}
    known = next(iter(desk.api.contacts), "00000000-0000-0000-0000-000000000000")
    answers = [
        requests.get(f"{way.url}/v1/contacts", headers={"Authorization": "Bearer "}, timeout=30),
        requests.get(f"{way.url}/v1/invoices/{known}", headers=key, timeout=30),
        requests.post(
            f"{way.url}/v1/contacts", json={"version": 7, "roles": {"customer": {}}}, headers=key, timeout=30
        ),
    ]

    assert [answer.status_code for answer in answers[:2]] == [401, 404]
    assert answers[2].status_code in {400, 406}
    assert [each for each in referee.violations if each.side == "response"] == []


def test_the_referee_sees_a_fault_on_either_side(document: Path) -> None:
    """A request without what is required, and an answer of another shape; else the tests above would mean little."""

    class Careless:
        def answer(self, _: Asked) -> Said:
            return Said(200, {"content": "none"})

    with serving(Careless()) as careless, refereed(document, careless, "/v1") as (referee, way):
        requests.get(f"{way.url}/v1/voucherlist", headers={"Authorization": "Bearer a key"}, timeout=30)

    assert {each.side for each in referee.violations} == {"request", "response"}


def _delivered(sink: Lexware, document: Booking) -> Receipt:
    receipt = sink.read(document, sink.deliver(document)).receipt
    found = sink.find(document, NIGHT)
    assert found is not None
    assert found.reference == receipt.reference
    return receipt
