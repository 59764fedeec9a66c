"""The stand-in does what Lexware Office is documented and measured to do."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.standins import Asked, Said, lexware, serving
from tests.standins.bucket import Bucket
from tests.standins.server import as_json

HEADERS = {"authorization": "Bearer any-key", "content-type": "application/json"}
NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
COMPANY = {"version": 0, "roles": {"customer": {}}, "company": {"name": "Müller & Söhne GmbH"}}


def custom(quantity: str, price: str, rate: int, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a line
    """Return a line with a price of its own."""
    unit = {"currency": "EUR", "netAmount": Decimal(price), "taxRatePercentage": rate}
    return {"type": "custom", "name": "x", "quantity": Decimal(quantity), "unitName": "x", "unitPrice": unit, **parts}


INVOICE: dict[str, Any] = {
    "voucherDate": "2026-01-31T00:00:00.000Z",
    "address": {"name": "Bike & Ride", "countryCode": "DE"},
    "lineItems": [custom("1", "100", 19)],
    "totalPrice": {"currency": "EUR"},
    "taxConditions": {"taxType": "net"},
    "shippingConditions": {"shippingType": "none"},
}


class Office:
    """Asks the stand-in without a network."""

    def __init__(self, **wishes: Any) -> None:  # noqa: ANN401 - any wish
        self.moment = NOON
        self.api = lexware.api(**({"bucket": None, "now": lambda: self.moment} | wishes))

    def __call__(self, method: str, address: str, body: Any = None, **headers: str) -> Said:  # noqa: ANN401 - any JSON
        """Return the answer."""
        parts = urlsplit(f"/v1/{address}")
        payload = b"" if body is None else as_json(body).encode()
        query = parse_qs(parts.query, keep_blank_values=True)
        return self.api.answer(Asked(method, parts.path, query, {**HEADERS, **headers}, payload))

    def made(self, path: str = "invoices?finalize=true", **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
        """Create a document and return it as it is read back."""
        said = self("POST", path, {**INVOICE, **parts})
        assert said.status == 201, said.body
        found: dict[str, Any] = self("GET", f"{path.partition('?')[0]}/{said.body['id']}").body
        return found

    def rows(self, query: str = "voucherType=any&voucherStatus=any") -> list[dict[str, Any]]:
        """Return the rows of the list."""
        rows: list[dict[str, Any]] = self("GET", f"voucherlist?{query}").body["content"]
        return rows


@pytest.fixture
def office() -> Office:
    """Return an empty organisation."""
    return Office()


def test_it_adds_up_as_the_documentation_does(office: Office) -> None:
    """2 × 13.40 − 50 %, 8.32 at 7 %, 5 at 0 %: the documentation's own sample."""
    lines = [custom("2", "13.40", 19, discountPercentage=50), custom("1", "8.32", 7), custom("1", "5", 0)]
    document = office.made(lineItems=lines)
    assert document["totalPrice"] == {
        "currency": "EUR",
        "totalNetAmount": Decimal("26.72"),
        "totalGrossAmount": Decimal("29.85"),
        "totalTaxAmount": Decimal("3.13"),
    }
    assert document["lineItems"][0]["unitPrice"]["grossAmount"] == Decimal("15.9460")
    assert [row["taxAmount"] for row in document["taxAmounts"]] == [Decimal("2.55"), Decimal("0.58"), Decimal("0.00")]


def test_gross_prices_lead_where_the_document_is_gross(office: Office) -> None:
    """6 × 120: the net amount follows."""
    line = custom("6", "0", 19)
    line["unitPrice"] = {"currency": "EUR", "grossAmount": Decimal(120), "taxRatePercentage": 19}
    total = office.made(taxConditions={"taxType": "gross"}, lineItems=[line])["totalPrice"]
    assert (total["totalGrossAmount"], total["totalNetAmount"], total["totalTaxAmount"]) == (
        Decimal("720.00"),
        Decimal("605.04"),
        Decimal("114.96"),
    )


@pytest.mark.parametrize("query", ["", "?finalize=false", "?finalized=true", "?finalize=1"])
def test_only_finalize_true_issues(office: Office, query: str) -> None:
    """Anything else is ignored in silence, and a draft can never be finished through the API."""
    document = office.made(f"invoices{query}")
    assert (document["voucherStatus"], document["voucherNumber"]) == ("draft", "RE0001")
    assert not {"dueDate", "files"} & document.keys()
    for method in ("PUT", "PATCH", "DELETE"):
        assert office(method, f"invoices/{document['id']}", INVOICE).status == 403


def test_numbers_count_up_by_kind(office: Office) -> None:
    """Drafts have one, too."""
    assert [office.made()["voucherNumber"] for _ in range(2)] == ["RE0001", "RE0002"]
    assert office.made("credit-notes")["voucherNumber"] == "GS0001"
    assert office.made()["dueDate"].startswith("2026-02-14T01:00:00.000+01:00")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"voucherDate": "2026-01-31"}, "voucherDate"),
    ({"voucherDate": "2026-01-31T00:00:00Z"}, "voucherDate"),
    ({"address": {"name": "Bike & Ride"}}, "address.countryCode"),
    ({"address": {"contactId": "nobody"}}, "address.contactId"),
    ({"title": "x" * 26}, "title"),
    ({"remark": "x" * 2001}, "remark"),
    ({"language": "fr"}, "language"),
    ({"lineItems": [custom("1", "1", 19)] * 301}, "lineItems"),
    ({"lineItems": [custom("1.00001", "1", 19)]}, "lineItems[0].quantity"),
    ({"lineItems": [custom("1", "1.00001", 19)]}, "lineItems[0].unitPrice.netAmount"),
    ({"lineItems": [custom("1", "1", 18)]}, "lineItems[0].unitPrice.taxRatePercentage"),
    ({"lineItems": [custom("1", "1", 19, id="x")]}, "lineItems[0].id"),
    ({"lineItems": [custom("1", "1", 19, name="x" * 256)]}, "lineItems[0].name"),
    ({"lineItems": [{**custom("1", "1", 19), "quantity": "1"}]}, "lineItems[0].quantity"),
    ({"lineItems": [{"type": "text"}]}, "lineItems[0].name"),
    ({"taxConditions": {"taxType": "netto"}}, "taxConditions.taxType"),
    ({"taxConditions": {"taxType": "externalService13b"}, "lineItems": []}, "address.contactId"),
    ({"taxConditions": {"taxType": "vatfree"}}, "lineItems[0].unitPrice.taxRatePercentage"),
    ({"totalPrice": {"currency": "CHF"}}, "totalPrice.currency"),
    ({"shippingConditions": None}, "shippingConditions"),
    ({"shippingConditions": {"shippingType": "service"}}, "shippingConditions.shippingDate"),
    ({"paymentConditions": {"paymentTermDuration": -1}}, "paymentConditions.paymentTermDuration"),
    ({"xRechnung": {"buyerReference": "x"}}, "xRechnung"),
]


@pytest.mark.parametrize(("parts", "field"), REFUSED, ids=lambda each: each if isinstance(each, str) else "")
def test_what_is_wrong_is_a_406_with_its_field(office: Office, parts: dict[str, Any], field: str) -> None:
    """Not a 400, and nothing is created."""
    said = office("POST", "invoices?finalize=true", {**INVOICE, **parts})
    assert said.status == 406
    assert field in [detail["field"] for detail in said.body["details"]]
    assert {"timestamp", "status", "error", "path", "traceId", "message"} < said.body.keys()
    assert office.rows() == []


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("GET", "profile", {}, 200),
        ("GET", "profile", {"authorization": "Bearer "}, 401),
        ("GET", "profile", {"authorization": "Basic eA=="}, 401),
        ("GET", "invoices", {}, 403),
        ("GET", "invoices/unknown", {}, 404),
        ("GET", "contacts/unknown", {}, 404),
        ("GET", "payments/unknown", {}, 404),
        ("POST", "invoices", {"content-type": "text/plain"}, 415),
        ("POST", "invoices", {}, 400),
        ("POST", "contacts", {}, 400),
        ("POST", "dunnings", {}, 400),
        ("GET", "articles", {}, 501),
        ("GET", "voucherlist", {}, 400),
        ("GET", "voucherlist?voucherType=any&voucherStatus=open,overdue", {}, 400),
        ("GET", "voucherlist?voucherType=bill&voucherStatus=any", {}, 400),
        ("GET", "voucherlist?voucherType=any&voucherStatus=any&size=251", {}, 400),
        ("GET", "voucherlist?voucherType=any&voucherStatus=any&sort=amount", {}, 400),
        ("GET", "voucherlist?voucherType=any&voucherStatus=overdue&colour=red", {}, 200),
        ("GET", "contacts?name=ab", {}, 400),
        ("GET", "contacts?size=501", {}, 400),
    ],
)
def test_each_fault_has_its_status(
    office: Office, method: str, address: str, headers: dict[str, str], status: int
) -> None:
    """Unknown parameters are none."""
    assert office(method, address, **headers).status == status


def test_the_contract_and_the_address_have_theirs() -> None:
    """402 and 403."""
    assert Office(contract_ended=True)("GET", "profile").status == 402
    assert Office().api.answer(Asked("GET", "/v2/profile", {}, HEADERS, b"")).status == 403


def test_a_fifth_request_at_once_is_one_too_many() -> None:
    """The bucket holds four and gets two a second; what was refused was not done."""
    now = [0]
    office = Office(bucket=Bucket(2, 1, 4, clock=lambda: now[0]))
    assert [office("GET", "ping").status for _ in range(5)] == [200] * 4 + [429]
    now[0] = 500_000_000
    assert [office("POST", "contacts", COMPANY).status for _ in range(2)] == [201, 429]
    assert len(office.api.contacts) == 1
    assert lexware.api().bucket is not None


def test_contacts_are_numbered_versioned_and_found(office: Office) -> None:
    """By parts of their names as HTML writes them, by number, by mail."""
    made = office("POST", "contacts", {**COMPANY, "emailAddresses": {"business": ["post@mueller.example"]}}).body
    office("POST", "contacts", {**COMPANY, "company": {"name": "Elbe KG"}})
    contact = office("GET", f"contacts/{made['id']}").body
    assert (contact["roles"]["customer"]["number"], contact["version"], made["version"]) == (10001, 1, 1)

    def found(query: str) -> int:
        return len(office("GET", f"contacts?{query}").body["content"])

    searches = ("name=m%C3%BCller+%26amp%3B", "name=%26+S", "number=10002", "email=mueller")
    assert [found(query) for query in searches] == [1, 0, 1, 1]
    assert [found(query) for query in ("customer=true", "vendor=true", "size=1", "size=1&page=2")] == [2, 0, 1, 0]


@pytest.mark.parametrize("stale", [406, 409])
def test_a_stale_contact_is_refused(stale: int) -> None:
    """406 as measured, or 409 as documented; a good one replaces the whole record."""
    office = Office(stale=stale)
    name = office("POST", "contacts", {**COMPANY, "note": "x"}).body["id"]
    assert office("PUT", f"contacts/{name}", {**COMPANY, "version": 7}).status == stale
    assert office("PUT", f"contacts/{name}", {**COMPANY, "version": 1}).status == 200
    contact = office("GET", f"contacts/{name}").body
    assert (contact["version"], "note" in contact, contact["roles"]["customer"]["number"]) == (2, False, 10001)


@pytest.mark.parametrize(
    ("parts", "source"),
    [
        ({"version": 1}, "version"),
        ({"roles": {}}, "roles"),
        ({"person": {"lastName": "x"}}, "company"),
        ({"company": {"name": ""}}, "company.name"),
        ({"note": "x" * 1001}, "note"),
        ({"addresses": {"billing": [{}]}}, "addresses.billing[0].countryCode"),
        ({"emailAddresses": {"business": ["a", "b"]}}, "emailAddresses.business"),
        ({"xRechnung": {"buyerReference": "x"}}, "xRechnung"),
    ],
)
def test_contacts_have_errors_of_an_older_form(office: Office, parts: dict[str, Any], source: str) -> None:
    """A list of issues with their source."""
    said = office("POST", "contacts", {**COMPANY, **parts})
    assert said.status == 406
    assert source in [issue["source"] for issue in said.body["IssueList"]]


def test_an_xrechnung_needs_what_the_contact_says(office: Office) -> None:
    """Both references with the contact, a net document, and an address."""
    reference = {"buyerReference": "04011000-1234512345-06", "vendorNumberAtCustomer": "V7"}
    billing = {"billing": [{"zip": "20457", "city": "Hamburg", "countryCode": "DE"}]}
    name = office("POST", "contacts", {**COMPANY, "xRechnung": reference, "addresses": billing}).body["id"]
    wanted: dict[str, Any] = {
        "address": {"contactId": name},
        "xRechnung": {"buyerReference": reference["buyerReference"]},
    }
    assert office.made(**wanted)["electronicDocumentProfile"] == "XRechnung"
    assert office("POST", "credit-notes", {**INVOICE, **wanted}).status == 406
    office.api.contacts[name]["addresses"] = {}
    assert office("POST", "invoices", {**INVOICE, **wanted}).status == 406
    assert office("POST", "invoices", {**INVOICE, **wanted, "taxConditions": {"taxType": "gross"}}).status == 406


def test_overdue_stands_in_lists_alone(office: Office) -> None:
    """The document itself keeps saying open; asking for open returns it too."""
    document = office.made()
    office.made("invoices")
    assert [row["voucherStatus"] for row in office.rows()] == ["open", "draft"]
    office.moment += timedelta(days=60)
    for query, states in (("overdue", ["overdue"]), ("open", ["overdue"]), ("draft", ["draft"]), ("paid", [])):
        assert [row["voucherStatus"] for row in office.rows(f"voucherType=invoice&voucherStatus={query}")] == states
    assert office("GET", f"invoices/{document['id']}").body["voucherStatus"] == "open"


def test_lists_are_filtered_sorted_and_paged(office: Office) -> None:
    """By days, number and customer; dunnings are never in them."""
    first = office.made()
    office.made(voucherDate="2026-02-28T00:00:00.000+01:00")
    body = {**deepcopy(INVOICE), "voucherDate": "2026-03-01T00:00:00.000+01:00"}
    assert office("POST", f"dunnings?precedingSalesVoucherId={first['id']}", body).status == 201
    every = "voucherType=any&voucherStatus=any"
    assert [row["voucherNumber"] for row in office.rows(every)] == ["RE0002", "RE0001"]
    assert [row["voucherNumber"] for row in office.rows(f"{every}&sort=voucherNumber,ASC")] == ["RE0001", "RE0002"]
    assert [row["voucherNumber"] for row in office.rows(f"{every}&voucherDateTo=2026-01-31")] == ["RE0001"]
    assert [row["voucherNumber"] for row in office.rows(f"{every}&voucherNumber=RE0002")] == ["RE0002"]
    assert office.rows(f"{every}&createdDateFrom=2026-02-02") == office.rows(f"{every}&contactId=x") == []
    page = office("GET", f"voucherlist?{every}&size=1&page=1").body
    assert (page["totalElements"], page["totalPages"], page["first"], page["last"]) == (2, 2, False, True)


def test_payments_are_read_only_and_follow_the_document(office: Office) -> None:
    """Open, in part, in full, taken back, cancelled; drafts have none."""
    name = office.made()["id"]

    def paid() -> tuple[Any, ...]:
        told = office("GET", f"payments/{name}").body
        return told["openAmount"], told["paymentStatus"], told["voucherStatus"], told.get("paidDate", "")[:10]

    assert paid() == (Decimal("119.00"), "openRevenue", "open", "")
    office.api.pay(name, Decimal("19.00"), date(2026, 2, 3))
    assert paid() == (Decimal("100.00"), "openRevenue", "open", "")
    office.api.pay(name, Decimal("100.00"), date(2026, 2, 4))
    assert paid() == (Decimal("0.00"), "balanced", "paid", "2026-02-04")
    office.api.pay(name, Decimal("-100.00"))
    assert paid()[:3] == (Decimal("100.00"), "openRevenue", "open")
    office.api.void(name)
    assert paid()[:3] == (Decimal("0.00"), "balanced", "voided")
    assert office("GET", f"payments/{office.made('invoices')['id']}").status == 406
    assert office("POST", f"payments/{name}", {}).status == 403


def test_a_tied_credit_note_is_settled_at_once(office: Office) -> None:
    """It reduces what is open of the invoice; a draft cannot be corrected."""
    name, draft = office.made()["id"], office.made("invoices")["id"]
    credit = office.made(f"credit-notes?finalize=true&precedingSalesVoucherId={name}")
    assert credit["voucherStatus"] == "paidoff"
    assert office("GET", f"payments/{credit['id']}").status == 406
    assert office("GET", f"payments/{name}").body["openAmount"] == 0
    for before, status in ((draft, 406), ("nothing", 404)):
        assert office("POST", f"credit-notes?precedingSalesVoucherId={before}", INVOICE).status == status


def test_a_dunning_stays_a_draft_and_is_tied(office: Office) -> None:
    """It is in no list; its customer and tax are those of the invoice."""
    name = office.made()["id"]
    dunning = office.made(f"dunnings?finalize=true&precedingSalesVoucherId={name}")
    assert (dunning["voucherStatus"], dunning["relatedVouchers"][0]["id"]) == ("draft", name)
    assert office("GET", f"invoices/{dunning['id']}").status == 404
    other = {**INVOICE, "taxConditions": {"taxType": "vatfree"}, "lineItems": [custom("1", "1", 0)]}
    assert office("POST", f"dunnings?precedingSalesVoucherId={name}", other).status == 406


def test_a_draft_has_no_file(office: Office) -> None:
    """Until a person has finished it."""
    name = office.made("invoices")["id"]
    assert office("GET", f"invoices/{name}/file").status == 409
    office.api.finish(name)
    assert office("GET", f"invoices/{name}/file").body.startswith(b"%PDF")
    assert office("GET", f"credit-notes/{name}/file").status == 404


def test_it_is_served_at_the_vendors_paths() -> None:
    """Any key that is not empty is accepted."""
    with serving(lexware.api()) as standin:
        answer = requests.get(f"{standin.url}/v1/profile", headers={"Authorization": "Bearer x"}, timeout=5)
        assert json.loads(answer.text)["companyName"]
        assert requests.get(f"{standin.url}/v1/profile", timeout=5).status_code == 401
