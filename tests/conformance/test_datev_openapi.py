"""Clients and stand-ins of DATEV's interfaces, held by Prism to DATEV's own OpenAPI files.

The files lie in ../shared, or where HONORAR_SHARED says; without them these tests are skipped, in CI they fail. What
Prism finds and we leave as it is stands in KNOWN, with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from connector.core.errors import HonorarError
from connector.core.payment import PaymentState, PaymentStatus
from connector.core.ports import Receipt, StatusSource
from connector.datev.datevconnect import DatevConnect
from connector.sinks.datev_online.documents import image_id, put_image
from tests.conformance.prism import Referee, openapi_file, refereed
from tests.datev.samples import booked, export, settings
from tests.sinks.datev_online.world import Office, office_in
from tests.standins import Asked, Said, datevconnect, serving
from tests.standins.datev_online import DOCUMENTS_SCOPE
from tests.standins.server import as_json
from tests.support.transports import transport_for

pytestmark = pytest.mark.conformance

DOCUMENTS = [booked("RE-1"), booked("RE-2", "-40.00")]
RECEIPTS = [Receipt("key-1", "file", "RE-1"), Receipt("key-2", "file", "RE-2")]

DEBTOR = 100010000

KNOWN = {
    r"dxso-jobs body\.accounting_month: .* format .date": "the file's own words and examples say YYYY-MM",
    r"(fiscal-years|account-postings-jobs/.*) body: Response body must be array": "Prism takes NDJSON for one text",
}
"""A pattern of what Prism finds → why it is left as it is."""


def unexpected(referee: Referee) -> list[str]:
    """Return what Prism found that has no reason."""
    found = [f"{each.side} {each.call} {each.path}: {each.message}" for each in referee.violations]
    return [each for each in found if not any(re.search(pattern, each) for pattern in KNOWN)]


@contextmanager
def through(office: Office, name: str, base: str) -> Iterator[tuple[Office, Referee]]:
    """Yield the office whose calls of one interface pass the referee; the token page is not among them."""
    with refereed(openapi_file("datev", "openapi", "online", name), office.standin, base) as (referee, way):
        yield Office(office.folder, way, office.clock, office.wishes), referee


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Yield a client of the data centre."""
    with office_in(tmp_path) as made:
        yield made


def test_uploads_keep_to_the_file(office: Office) -> None:
    """Search, upload, result; and a refusal of what is no EXTF name."""
    office.log_in()
    with through(office, "accounting_extf-files-3.0.1.json", "/platform/v3") as (way, referee):
        result = way.sink().write(export(), DOCUMENTS)
        assert list(way.sink().check()) == []
    assert len(result.files) == 2
    assert unexpected(referee) == []
    assert {call.split("extf-files")[1].split("/")[1] for call in referee.calls} == {"import", "jobs"}


def test_transfers_keep_to_the_file(office: Office) -> None:
    """Begun, filled, finalised, asked for; one that is cancelled; one that is taken in part."""
    office.wishes["way"] = "ledger"
    office.log_in()
    office.api.fails_with = "4"
    with through(office, "accounting_dxso-jobs-2.1.7.json", "/platform/v2") as (way, referee):
        assert list(way.sink().check()) == []
        way.wishes["ledger_folder"] = "nowhere"
        with pytest.raises(HonorarError):
            way.sink().write(export(), DOCUMENTS)
        way.wishes["ledger_folder"] = ""
        result = way.sink().write(export(), DOCUMENTS)
    assert len(result.files) == 1
    assert unexpected(referee) == []
    assert {call.split()[0] for call in referee.calls} == {"GET", "POST", "PUT", "DELETE"}


def test_images_keep_to_the_file(office: Office) -> None:
    """Put once, and once more."""
    office.log_in()
    for token, (until, _) in office.api.access.items():
        office.api.access[token] = until, DOCUMENTS_SCOPE
    with through(office, "accounting_documents-2.1.12.json", "/platform/v2") as (way, referee):
        for _ in range(2):
            put_image(way.sink().calls, image_id("key-1"), "RE-1.pdf", b"%PDF-1.7", "application/pdf", note="RE-1")
    assert len(office.api.documents) == 1
    assert unexpected(referee) == []
    assert len(referee.calls) == 1


def test_postings_keep_to_the_file(office: Office) -> None:
    """Years, an export as a job, its pages."""
    office.wishes["payments"] = "exchange"
    office.log_in()
    revenue, bank = 84000000, 12000000
    office.api.post(20260101, revenue, "RE-1", credit="100.00", contraAccountNumber=DEBTOR)
    office.api.post(20260101, bank, "RE-1", debit="100.00", contraAccountNumber=DEBTOR, date="2026-02-10")
    with through(office, "Accounting_Data_Exchange-1.5.8.json", "/platform/v1") as (way, referee):
        sink = way.sink()
        assert isinstance(sink, StatusSource)
        [status] = sink.statuses(RECEIPTS, None)
    assert isinstance(status, PaymentStatus)
    assert status.state is PaymentState.PAID
    assert unexpected(referee) == []
    assert len(referee.calls) == 4


def test_rows_of_postings_keep_to_the_file(office: Office) -> None:
    """What Prism does not look into: each line is a posting as the file has it."""
    file = openapi_file("datev", "openapi", "online", "Accounting_Data_Exchange-1.5.8.json")
    document = json.loads(file.read_text(encoding="utf-8"))
    posting = {"$ref": "#/components/schemas/AccountPosting", "components": document["components"]}
    office.api.post(20260101, 12000000, "RE-1", debit="100.00", contraAccountNumber=DEBTOR, generalReversal=True)
    office.api.post(20260101, DEBTOR, "RE-1", credit="100.00")
    rows = [json.loads(as_json(row)) for row in office.api.postings[20260101]]
    faults = [[error.message for error in Draft202012Validator(posting).iter_errors(row)] for row in rows]
    assert faults == [[], [f"{DEBTOR} is greater than the maximum of 99999999"]]


def test_open_items_keep_to_the_file() -> None:
    """DATEVconnect: open, part paid, paid, dunned, a credit note."""
    books = datevconnect.api()
    books.bill(DEBTOR, "RE-1", "119.00")
    books.pay(DEBTOR, "RE-1", "19.00")
    books.dun(DEBTOR, "RE-1", 2, "2026-03-15")
    books.bill(DEBTOR, "RE-2", "-40.00")
    document = openapi_file("datev", "openapi", "desktop", "Accounting-1.7.4.1.json")
    with (
        serving(books) as standin,
        refereed(document, standin, "/datev/api/accounting/v1") as (referee, way),
    ):
        reader = DatevConnect(
            settings(
                payments="datevconnect",
                datevconnect_url=way.url,
                datevconnect_client=books.client,
                datevconnect_user="anna",
                datevconnect_password="sesame",  # noqa: S106 - a stand-in's
            ),
            transport_for("datev"),
        )
        told = list(reader.statuses(RECEIPTS, None))
    assert [each.state for each in told if isinstance(each, PaymentStatus)] == [
        PaymentState.PART_PAID,
        PaymentState.OPEN,
    ]
    assert unexpected(referee) == []
    assert len(referee.calls) == 2


def test_the_referee_sees_a_fault_on_either_side() -> None:
    """A request without what is required, and an answer of another shape; else the tests above would mean little."""

    class Careless:
        def answer(self, _: Asked) -> Said:
            return Said(200, {"id": []})

    document = openapi_file("datev", "openapi", "online", "accounting_extf-files-3.0.1.json")
    with serving(Careless()) as careless, refereed(document, careless, "/platform/v3") as (referee, way):
        called = transport_for("tool")
        client = f"{way.url}/platform/v3/clients/29098-55003/extf-files"
        called.get_json(f"{client}/jobs/1")
        called.send_file("POST", f"{client}/import", payload=b"EXTF", content_type="application/octet-stream")
    assert {each.side for each in referee.violations} == {"request", "response"}
