"""The stand-in does what sevDesk is documented and measured to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.standins import Asked, Said, sevdesk
from tests.standins.bucket import Bucket
from tests.standins.server import as_json

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)

SAVE = "Invoice/Factory/saveInvoice"

CONTACT: dict[str, Any] = {"name": "Elbe KG", "category": {"id": 3, "objectName": "Category"}}


class Desk:
    """Asks the stand-in without a network."""

    def __init__(self, **wishes: Any) -> None:  # noqa: ANN401 - any wish
        self.moment = NOON
        self.api = sevdesk.api(**({"now": lambda: self.moment} | wishes))

    def __call__(self, method: str, address: str, body: Any = None, token: str = "any") -> Said:  # noqa: ANN401, S107 - any JSON; of no account
        """Return the answer."""
        parts = urlsplit(f"/api/v1/{address}")
        payload = b"" if body is None else as_json(body).encode()
        headers = {"authorization": token}
        return self.api.answer(Asked(method, parts.path, parse_qs(parts.query), headers, payload))

    def objects(self, method: str, address: str, body: Any = None) -> Any:  # noqa: ANN401 - any JSON
        """Return what is wrapped in the answer, which must be a good one."""
        said = self(method, address, body)
        assert said.status in (200, 201), said.body
        return json.loads(said.payload())["objects"]

    def error(self, method: str, address: str, body: Any = None) -> tuple[int, int | None, str]:  # noqa: ANN401 - any JSON
        """Return status, code and words of a refusal."""
        said = self(method, address, body)
        told = json.loads(said.payload())
        assert told["objects"] is None
        return said.status, told["error"]["code"], told["error"]["message"]

    def contact(self) -> str:
        """Return the id of a new contact."""
        return str(self.objects("POST", "Contact", CONTACT)["id"])

    def saved(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
        """Return a new draft."""
        row: dict[str, Any] = self.objects("POST", SAVE, self.body(**changes))["invoice"]
        return row

    def issued(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
        """Return a new invoice that was issued."""
        name = self.saved(**changes)["id"]
        row: dict[str, Any] = self.objects("PUT", f"Invoice/{name}/sendBy", {"sendType": "VPDF", "sendDraft": False})
        return row

    def body(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
        """Return what saveInvoice wants."""
        contact = next(iter(self.api.contacts), None) or self.contact()
        invoice = {
            "objectName": "Invoice",
            "mapAll": True,
            "invoiceType": "RE",
            "status": "100",
            "contact": {"id": int(contact), "objectName": "Contact"},
            "contactPerson": {"id": 1551095, "objectName": "SevUser"},
            "addressCountry": {"id": 1, "objectName": "StaticCountry"},
            "invoiceDate": "31.01.2026",
            "currency": "EUR",
            "taxRule": {"id": "1", "objectName": "TaxRule"},
            "showNet": True,
            "timeToPay": 14,
        }
        return {"invoice": {**invoice, **changes}, "invoicePosSave": [deepcopy(POSITION)], "invoicePosDelete": None}


POSITION: dict[str, Any] = {
    "objectName": "InvoicePos",
    "mapAll": True,
    "name": "Beratung",
    "quantity": 3,
    "price": Decimal("6.13"),
    "unity": {"id": 1, "objectName": "Unity"},
    "taxRate": 19,
}


@pytest.fixture
def desk() -> Desk:
    """Return an empty account."""
    return Desk()


def test_a_token_stands_alone(desk: Desk) -> None:
    """Any is accepted, but no scheme before it."""
    assert desk("GET", "SevUser").status == 200
    assert [desk("GET", "SevUser", token=token).status for token in ("", "Bearer any")] == [401, 401]


def test_no_limit_is_on_unless_one_is_set() -> None:
    """None is published."""
    assert {Desk()("GET", "SevUser").status for _ in range(50)} == {200}
    limited = Desk(bucket=Bucket(1, 60, 1))
    assert [limited("GET", "SevUser").status for _ in range(2)] == [200, 429]


def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    """Addresses, resources, records."""
    assert desk.api.answer(Asked("GET", "/v1/Invoice", {}, {"authorization": "x"}, b"")).status == 404
    assert [desk("GET", path).status for path in ("Unicorn", "Contact/7", "Invoice/7", "Invoice/7/getPositions")] == [
        404
    ] * 4
    name = desk.saved()["id"]
    assert desk("GET", f"Invoice/{name}/getUnicorn").status == 404
    assert desk("PUT", f"Invoice/{name}/changeStatus", {}).status == 404
    assert desk("PUT", "Contact/1", {}).status == 404


def test_lists_come_in_pages(desk: Desk) -> None:
    """A hundred rows unless asked otherwise, at most a thousand; the total is text."""
    for _ in range(101):
        desk.contact()
    assert len(desk.objects("GET", "Contact")) == 100
    assert len(desk.objects("GET", "Contact?limit=1000&offset=100")) == 1
    assert json.loads(desk("GET", "Contact?countAll=true&limit=1").payload())["total"] == "101"
    assert [desk("GET", f"Contact?limit={limit}").status for limit in ("0", "1001", "all")] == [400] * 3


def test_a_contact_has_a_number_of_its_own(desk: Desk) -> None:
    """One that was sent, else the next; no other contact may have it."""
    assert desk.objects("POST", "Contact", CONTACT)["customerNumber"] == "1000"
    assert desk.objects("POST", "Contact", CONTACT | {"customerNumber": "KD-1"})["customerNumber"] == "KD-1"
    assert desk.error("POST", "Contact", CONTACT | {"customerNumber": "KD-1"})[0] == 400
    assert [row["name"] for row in desk.objects("GET", "Contact?customerNumber=KD-1")] == ["Elbe KG"]
    assert desk.objects("GET", "Contact?customerNumber=KD") == []


def test_persons_are_listed_only_with_depth(desk: Desk) -> None:
    """Organisations always."""
    desk.objects("POST", "Contact", {"surename": "Anna", "familyname": "Elbe", "category": CONTACT["category"]})
    assert (len(desk.objects("GET", "Contact")), len(desk.objects("GET", "Contact?depth=1"))) == (0, 1)


@pytest.mark.parametrize("body", [{"name": "x"}, {"category": {"id": 9}, "name": "x"}, {"category": {"id": 3}}])
def test_a_contact_needs_category_and_name(desk: Desk, body: dict[str, Any]) -> None:
    """Nothing else."""
    assert desk.error("POST", "Contact", body)[0] == 400


def test_addresses_and_mail_hang_on_a_contact(desk: Desk) -> None:
    """Each with what it cannot do without."""
    there = {"contact": {"id": desk.contact(), "objectName": "Contact"}}
    assert desk.error("POST", "ContactAddress", {"contact": {"id": 7}})[1] == 151
    assert desk.error("POST", "ContactAddress", there)[2] == "country is required"
    desk.objects("POST", "ContactAddress", there | {"country": {"id": 1}, "category": {"id": 47}})
    assert desk.error("POST", "CommunicationWay", there)[2] == "type is required"
    desk.objects("POST", "CommunicationWay", there | {"type": "EMAIL", "value": "a@example.com", "key": {"id": 2}})
    assert (len(desk.objects("GET", "ContactAddress")), len(desk.objects("GET", "CommunicationWay"))) == (1, 1)


def test_a_draft_has_sums_as_text_and_no_number(desk: Desk) -> None:
    """As measured."""
    row = desk.saved()
    assert (row["sumNet"], row["sumTax"], row["sumGross"]) == ("18.39", "3.49", "21.88")
    assert (row["status"], row["invoiceNumber"], row["invoiceDate"]) == ("100", None, "2026-01-31T00:00:00+01:00")
    assert (row["showNet"], row["timeToPay"], row["paidAmount"]) == ("1", "14", 0)
    (position,) = desk.objects("GET", f"Invoice/{row['id']}/getPositions")
    assert (position["quantity"], position["price"], position["taxRate"]) == ("3", "6.13", "19")
    assert desk.objects("GET", f"Invoice/{row['id']}")[0]["id"] == row["id"]


def test_issuing_gives_the_number(desk: Desk) -> None:
    """Once; one that was sent stays. A draft for internal use changes nothing."""
    name = desk.saved()["id"]
    internal = desk.objects("PUT", f"Invoice/{name}/sendBy", {"sendType": "VPR", "sendDraft": True})
    assert (internal["status"], internal["invoiceNumber"]) == ("100", None)
    issued = desk.objects("PUT", f"Invoice/{name}/sendBy", {"sendType": "VPR", "sendDraft": False})
    again = desk.objects("PUT", f"Invoice/{name}/sendBy", {"sendType": "VM", "sendDraft": False})
    assert (issued["status"], issued["invoiceNumber"], again["invoiceNumber"]) == ("200", "RE-1001", "RE-1001")
    assert desk.issued(invoiceNumber="A-1")["invoiceNumber"] == "A-1"
    assert desk.objects("GET", "SevSequence/Factory/getByType")["nextSequence"] == "1002"
    assert desk.error("PUT", f"Invoice/{name}/sendBy", {"sendType": "FAX", "sendDraft": False})[0] == 400


Change = Callable[[dict[str, Any]], None]


def of_invoice(**changes: Any) -> Change:  # noqa: ANN401 - any field
    """Return a change of the invoice."""
    return lambda body: body["invoice"].update(changes)


def of_position(**changes: Any) -> Change:  # noqa: ANN401 - any field
    """Return a change of the position."""
    return lambda body: body["invoicePosSave"][0].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(invoice=None),
        of_invoice(mapAll="true"),
        of_invoice(status="200"),
        of_invoice(currency=""),
        of_invoice(invoiceType="MA"),
        of_invoice(contact={"id": 7, "objectName": "Contact"}),
        of_invoice(contactPerson=None),
        of_invoice(addressCountry={"id": 1, "objectName": "Country"}),
        of_invoice(invoiceDate=None),
        of_invoice(deliveryDate=1770000000),
        of_invoice(taxRule={"id": "9", "objectName": "TaxRule"}),
        of_invoice(taxRule=None),
        of_invoice(taxRule={"id": "17", "objectName": "TaxRule"}, invoiceType="AR"),
        of_invoice(smallSettlement=True),
        lambda body: body.update(invoicePosSave=[]),
        of_position(objectName="Pos"),
        of_position(unity=None),
        of_position(quantity="3"),
        of_position(taxRate=16),
    ],
)
def test_what_is_wrong_is_refused(desk: Desk, change: Change) -> None:
    """And nothing is kept."""
    body = desk.body()
    change(body)
    status, _, _ = desk.error("POST", SAVE, body)
    assert status in (400, 422)
    assert desk.api.invoices == {}


def test_book_keeping_1_has_tax_types(desk: Desk) -> None:
    """And sets of one's own; 2.0 still understands most of the types."""
    desk.api.system = "1.0"
    assert desk.error("POST", SAVE, desk.body())[0] == 400
    assert desk.saved(taxType="noteu")["taxType"] == "noteu"
    assert desk.error("POST", SAVE, desk.body(taxType="custom"))[0] == 400
    assert desk.saved(taxType="custom", taxSet={"id": "7"})["taxType"] == "custom"
    assert desk.objects("GET", "Tools/bookkeepingSystemVersion") == {"version": "1.0"}
    desk.api.system = "2.0"
    assert desk.saved(taxRule=None, taxType="default")["taxType"] == "default"
    assert desk.error("POST", SAVE, desk.body(taxRule=None, taxType="custom"))[0] == 422


def test_rates_of_other_countries_go_with_their_rule(desk: Desk) -> None:
    """One-Stop-Shop."""
    body = desk.body(taxRule={"id": "19", "objectName": "TaxRule"})
    body["invoicePosSave"][0]["taxRate"] = Decimal("25.5")
    assert desk("POST", SAVE, body).status == 201


def test_an_invoice_below_zero_is_not_issued(desk: Desk) -> None:
    """A single position may be."""
    body = desk.body()
    body["invoicePosSave"][0]["quantity"] = -3
    name = desk.objects("POST", SAVE, body)["invoice"]["id"]
    assert desk.error("PUT", f"Invoice/{name}/sendBy", {"sendType": "VPDF", "sendDraft": False})[:2] == (422, 7100)


def test_a_cancellation_mirrors_its_invoice(desk: Desk) -> None:
    """With its note, a number of its own, and nothing left open; it happens once."""
    original = desk.issued(customerInternalNote="ours")
    cancelled = desk.objects("POST", f"Invoice/{original['id']}/cancelInvoice")
    assert (cancelled["invoiceType"], cancelled["invoiceNumber"], cancelled["status"]) == ("SR", "RE-1002", "1000")
    assert (cancelled["sumGross"], cancelled["customerInternalNote"]) == ("-21.88", "ours")
    assert cancelled["origin"]["id"] == original["id"]
    assert desk.error("POST", f"Invoice/{original['id']}/cancelInvoice")[:2] == (422, 421)
    assert len(desk.objects("GET", "Invoice?customerInternalNote=ours")) == 2


def test_not_everything_can_be_cancelled(desk: Desk) -> None:
    """A draft cannot, nor a part paid one, which is told with a friendly status."""
    assert desk.error("POST", f"Invoice/{desk.saved()['id']}/cancelInvoice")[0] == 422
    paid = desk.issued()["id"]
    desk.api.pay(paid, Decimal(1), NOON)
    assert desk.error("POST", f"Invoice/{paid}/cancelInvoice")[:2] == (200, 390)


def test_only_drafts_are_deleted(desk: Desk) -> None:
    """As measured."""
    assert desk.error("DELETE", f"Invoice/{desk.issued()['id']}")[:2] == (409, 159)
    name = desk.saved()["id"]
    assert desk.objects("DELETE", f"Invoice/{name}") == [None]
    assert name not in desk.api.invoices


def test_payments_are_booked(desk: Desk) -> None:
    """Part of it, the rest, and back; not on what is a draft or paid."""
    name, day = desk.issued()["id"], int(NOON.timestamp())
    pay = {"amount": Decimal("10.00"), "date": day, "type": "N", "checkAccount": {"id": 1}}
    desk.objects("PUT", f"Invoice/{name}/bookAmount", pay)
    assert desk.api.invoices[name]["status"] == "750"
    assert desk.objects("GET", f"Invoice/{name}/getIsPartiallyPaid") is True
    desk.objects("PUT", f"Invoice/{name}/bookAmount", pay | {"amount": Decimal("11.88")})
    row = desk.api.invoices[name]
    assert (row["status"], row["payDate"]) == ("1000", "2026-02-01T13:00:00+01:00")
    assert desk.error("PUT", f"Invoice/{name}/bookAmount", pay)[1] == 750
    desk.api.pay(name, Decimal("-21.88"), NOON)
    assert (row["status"], row["payDate"]) == ("200", None)


def reminding(name: str) -> tuple[str, str, dict[str, Any]]:
    """Return the call that reminds of the invoice, which names it twice."""
    address = f"Invoice/Factory/createInvoiceReminder?invoice[id]={name}&invoice[objectName]=Invoice"
    return "POST", address, {"invoice": {"id": int(name), "objectName": "Invoice"}}


def test_reminders_climb_and_are_listed_only_if_asked_for(desk: Desk) -> None:
    """They name the invoice they belong to."""
    name = desk.issued()["id"]
    levels = [desk.objects(*reminding(name))["dunningLevel"] for _ in range(2)]
    assert levels == ["1", "2"]
    assert desk.error(*reminding("7"))[1] == 151
    method, address, body = reminding(name)
    assert desk.error(method, address.partition("?")[0], body)[0] == 400
    assert desk.error(method, address, {"invoice": {"id": 7, "objectName": "Invoice"}})[0] == 400
    assert [row["id"] for row in desk.objects("GET", "Invoice")] == [name]
    assert len(desk.objects("GET", "Invoice?showMa=all")) == 3
    assert [row["id"] for row in desk.objects("GET", "Invoice?onlyDunned=true")] == [name]
    draft = desk.saved()["id"]
    assert desk.error(*reminding(draft))[0] == 422


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("customerInternalNote=a", 1),
        ("customerIntenalNote=a", 2),
        ("externalId=a", 2),
        ("invoiceNumber=RE-1001", 1),
        ("status=100", 0),
        ("invoiceType=SR", 0),
        ("delinquent=true", 0),
        (f"updateAfter={int(NOON.timestamp()) - 1}", 2),
        (f"updateAfter={int(NOON.timestamp())}", 0),
        ("startDate=1769814000", 2),
        ("startDate=1769814001", 0),
    ],
)
def test_filters_that_are_known_filter_and_others_are_ignored(desk: Desk, query: str, found: int) -> None:
    """The misspelt one of the documentation among them."""
    for note in ("a", "b"):
        desk.issued(customerInternalNote=note)
    assert len(desk.objects("GET", f"Invoice?{query}")) == found


def test_an_invoice_is_overdue_the_day_after(desk: Desk) -> None:
    """Until it is paid."""
    name = desk.issued()["id"]
    for days, found in ((13, 0), (14, 1)):
        desk.moment = NOON + timedelta(days=days)
        assert len(desk.objects("GET", "Invoice?delinquent=true")) == found
    desk.api.pay(name, Decimal("21.88"), NOON)
    assert desk.objects("GET", "Invoice?delinquent=true") == []


def test_credit_notes_are_listed_by_day(desk: Desk) -> None:
    """They are kept apart from invoices."""
    desk.api.add_credit_note(Decimal("119.00"), NOON)
    (row,) = desk.objects("GET", "CreditNote")
    assert (row["sumNet"], row["sumGross"], row["creditNoteNumber"]) == ("100", "119", "GU-1000")
    assert desk.objects("GET", f"CreditNote?startDate={int(NOON.timestamp()) + 1}") == []
