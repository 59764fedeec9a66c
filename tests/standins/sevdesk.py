"""sevDesk, API v1, as its documentation tells it and others measured it on live accounts.

Measured (sevdesk-rs, October 2026), against the documentation: a filter that is not known is ignored, and the note's
filter is spelt customerInternalNote; some refusals come with status 200; a draft has no number, sendBy gives it one; a
cancellation carries the note of what it cancels; numbers are text. Not covered: orders, vouchers, parts, transactions,
files. What a person does in the browser (issue, pay, remind, discard) is done by methods. No limit of requests is
published: none is on, and `bucket` may be set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.standins._sevdesk_checks import InvoiceRules
from tests.standins._sevdesk_credit_notes import CreditNotes
from tests.standins._sevdesk_texts import Row, cents, error, moment, moment_of, number, pointer, summed, sums
from tests.standins.bucket import Bucket
from tests.standins.server import Asked, Said

LARGEST_PAGE, USUAL_PAGE = 1000, 100

SPELT_AS_MEASURED, SPELT_AS_DOCUMENTED = "customerInternalNote", "customerIntenalNote"

COUNTRIES = {"1": "de", "2": "ch", "3": "at", "6": "fr", "20": "us"}

UNITS = {"1": ("Stk", "C62"), "7": ("pauschal", None), "9": ("Std", "HUR"), "12": ("Tag(e)", "DAY")}

NUMBERED = {"Contact": 138_810_000, "Invoice": 135_580_000, "InvoicePos": 362_960_000, "CreditNote": 3_004_000}
"""Where ids begin, by kind; others begin at 120,000,000."""


def api(**wishes: Any) -> Sevdesk:  # noqa: ANN401 - whatever the class takes
    """Return an empty account in book-keeping 2.0."""
    return Sevdesk(**wishes)


@dataclass
class Sevdesk:
    """One account. `note_filter` is how it spells the filter for notes, '' for not at all; `adds` is added to VAT.

    Whether a reminder that the API makes is issued at once is not known: `reminds_in_drafts`.
    """

    bucket: Bucket | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    system: str = "2.0"
    note_filter: str = SPELT_AS_MEASURED
    knows_lists: bool = True
    adds: Decimal = Decimal(0)
    reminds_in_drafts: bool = False
    users: dict[str, str] = field(default_factory=lambda: {"1551095": "Anna Nord"})
    contacts: dict[str, Row] = field(default_factory=dict)
    addresses: dict[str, Row] = field(default_factory=dict)
    ways: dict[str, Row] = field(default_factory=dict)
    invoices: dict[str, Row] = field(default_factory=dict)
    positions: dict[str, list[Row]] = field(default_factory=dict)
    next_number: int = 1001
    _given: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let credit notes look at the invoices."""
        self.credit_notes = CreditNotes(self.invoices, self.positions, self._new, self._touch, self._moment)
        of_credit_notes = dict.fromkeys(("CreditNote", "CreditNotePos"), self._credit_note_call)
        self._documents = {"Invoice": self._invoice_call, **of_credit_notes}

    def answer(self, asked: Asked) -> Said:
        """Return the answer, and change the state."""
        token = asked.headers.get("authorization", "").strip()
        if not token or " " in token:
            return error(401, "Authentication required")
        if self.bucket and not self.bucket.take():
            return error(429, "Too Many Requests")
        if not asked.path.startswith("/api/v1/"):
            return error(404, "No such resource")
        found = self._route(asked, asked.path.removeprefix("/api/v1/").split("/"))
        return found or error(404, "No such resource")

    def _route(self, asked: Asked, parts: list[str]) -> Said | None:
        match (asked.method, *parts):
            case ("GET", "Tools", "bookkeepingSystemVersion"):
                return _good({"version": self.system})
            case ("GET", "SevUser" | "StaticCountry" | "Unity" | "ContactAddress" | "CommunicationWay" as kind):
                return _page(asked, list(self._rows(kind)))
            case ("GET", "SevSequence", "Factory", "getByType"):
                of_invoices = {"format": "RE-%NUMBER", "nextSequence": str(self.next_number), "type": "RE"}
                of_credit_notes = asked.value("objectType") == "CreditNote"
                return _good(self.credit_notes.sequence() if of_credit_notes else of_invoices)
        return self._documents.get(parts[0], self._contact_call)(asked, parts)

    # credit notes

    def _credit_note_call(self, asked: Asked, parts: list[str]) -> Said | None:
        kept = self.credit_notes
        match (asked.method, *parts):
            case ("GET", "CreditNotePos"):
                wanted = asked.value("creditNote[id]")
                return _page(asked, kept.positions.get(wanted, []))
            case ("GET", "CreditNote"):
                return _page(asked, [row for row in kept.rows.values() if self._is_listed_credit_note(asked, row)])
            case ("POST", "CreditNote", "Factory", "saveCreditNote"):
                return kept.save(asked.json(), self.system, self._known())
            case (_, "CreditNote", name, *what):
                if name not in kept.rows:
                    return _missing("CreditNote", name)
                return kept.send_by(name, asked.json()) if what == ["sendBy"] else _good([kept.rows[name]])
        return None

    def _is_listed_credit_note(self, asked: Asked, row: Row) -> bool:
        note = row["customerInternalNote"]
        is_noted = not self.note_filter or asked.value(self.note_filter, note or "") == (note or "")
        number_ = row["creditNoteNumber"] or ""
        numbered = asked.value("creditNoteNumber", number_) == number_
        return is_noted and numbered and _from_day(asked, row, "creditNoteDate")

    def _rows(self, kind: str) -> Iterator[Row]:
        if kind == "SevUser":
            yield from ({"id": key, "objectName": kind, "fullname": name} for key, name in self.users.items())
        elif kind == "StaticCountry":
            yield from ({"id": key, "objectName": kind, "code": code} for key, code in COUNTRIES.items())
        elif kind == "Unity":
            for key, (name, code) in UNITS.items():
                yield {"id": key, "objectName": kind, "name": name, "uneceTradeUnitCode": code}
        else:
            yield from (self.addresses if kind == "ContactAddress" else self.ways).values()

    # contacts

    def _contact_call(self, asked: Asked, parts: list[str]) -> Said | None:
        match (asked.method, *parts):
            case ("GET", "Contact"):
                return _page(asked, [row for row in self.contacts.values() if _is_wanted(asked, row)])
            case ("GET", "Contact", name):
                return _good([self.contacts[name]]) if name in self.contacts else _missing("Contact", name)
            case ("POST", "Contact"):
                return self._create_contact(asked.json())
            case ("POST", "ContactAddress" | "CommunicationWay" as kind):
                return self._create_part(kind, asked.json())
        return None

    def _create_contact(self, body: Row) -> Said:
        if str((body.get("category") or {}).get("id")) not in ("2", "3", "4", "28"):
            return error(400, "category is required")
        if not (body.get("name") or body.get("familyname") or body.get("surename")):
            return error(400, "a name is required")
        wanted = body.get("customerNumber")
        if wanted and any(row["customerNumber"] == wanted for row in self.contacts.values()):
            return error(400, f"The customer number {wanted} is already in use")
        row = self._new("Contact", {"vatNumber": None, "name": None, "surename": None, "familyname": None, **body})
        row["customerNumber"] = wanted or str(1000 + len(self.contacts))
        row |= {"status": str(body.get("status", 1000)), "category": pointer("Category", str(body["category"]["id"]))}
        self.contacts[row["id"]] = row
        return _good(row, 201)

    def _create_part(self, kind: str, body: Row) -> Said:
        contact = str((body.get("contact") or {}).get("id"))
        if contact not in self.contacts:
            return _missing("Contact", contact)
        needed = ("country", "category") if kind == "ContactAddress" else ("type", "value", "key")
        if missing := [name for name in needed if not body.get(name)]:
            return error(400, f"{missing[0]} is required")
        row = self._new(kind, {**body, "contact": pointer("Contact", contact)})
        (self.addresses if kind == "ContactAddress" else self.ways)[row["id"]] = row
        return _good(row, 201)

    # invoices

    def _invoice_call(self, asked: Asked, parts: list[str]) -> Said | None:
        match (asked.method, *parts[1:]):
            case ("GET",):
                return _page(asked, [row for row in self.invoices.values() if self._is_listed(asked, row)])
            case ("POST", "Factory", "saveInvoice"):
                return self._save(asked.json())
            case ("POST", "Factory", "createInvoiceReminder"):
                return self._remind(asked)
            case (method, name, *what):
                if name not in self.invoices:
                    return _missing("Invoice", name)
                return (
                    self._shown(asked, name, what) if method == "GET" else self._changed(asked, name, (method, *what))
                )
        return None

    def _shown(self, asked: Asked, name: str, what: list[str]) -> Said | None:
        match what:
            case []:
                return _good([self.invoices[name]])
            case ["getPositions"]:
                return _page(asked, self.positions[name])
            case ["getIsPartiallyPaid"]:
                return _good(0 < self._paid(name) < Decimal(self.invoices[name]["sumGross"]))
        return None

    def _changed(self, asked: Asked, name: str, how: tuple[str, ...]) -> Said | None:
        match how:
            case ("PUT", "sendBy"):
                return self._send_by(name, asked.json())
            case ("PUT", "bookAmount"):
                body = asked.json()
                return self._book(name, Decimal(body["amount"]), datetime.fromtimestamp(body["date"], UTC))
            case ("POST", "cancelInvoice"):
                return self._cancel(name)
            case ("DELETE",):
                return self._delete(name)
        return None

    def _save(self, body: Row) -> Said:
        if faults := list(InvoiceRules(self.system, self._known()).faults(body)):
            return error(422 if self.system == "2.0" else 400, "; ".join(faults))
        sent = body["invoice"]
        dates = {name: moment_of(sent.get(name)) for name in ("invoiceDate", "deliveryDate", "deliveryDateUntil")}
        if sent["invoiceType"] == "RE" and (dates["deliveryDate"] or "") > (dates["invoiceDate"] or ""):
            return error(400, "The delivery date must not be later than the invoice date")
        row = self._new("Invoice", {**_BLANK, **deepcopy(sent), **dates, "status": "100"})
        row |= {
            name: _as_text(row[name]) for name in ("timeToPay", "discount", "taxRate", "showNet", "smallSettlement")
        }
        for name, kind in (("contact", "Contact"), ("contactPerson", "SevUser"), ("addressCountry", "StaticCountry")):
            row[name] = pointer(kind, str(sent[name]["id"]))
        del row["mapAll"]
        positions = [self._position(row["id"], each) for each in body["invoicePosSave"]]
        net, tax = summed(positions)
        row |= sums(net, tax + self.adds)
        self.invoices[row["id"]], self.positions[row["id"]] = row, positions
        return _good({"invoice": row, "invoicePos": positions}, 201)

    def _known(self) -> dict[str, Collection[str]]:
        """Return what may be pointed at."""
        return {"Contact": self.contacts, "SevUser": self.users, "StaticCountry": COUNTRIES, "Unity": UNITS}

    def _position(self, invoice: str, sent: Row) -> Row:
        row = self._new("InvoicePos", {**sent, "invoice": pointer("Invoice", invoice)})
        row |= {
            name: number(Decimal(sent.get(name) or 0)) for name in ("quantity", "price", "taxRate", "positionNumber")
        }
        row["unity"] = pointer("Unity", str(sent["unity"]["id"]))
        del row["mapAll"]
        return row

    def _send_by(self, name: str, body: Row) -> Said:
        row = self.invoices[name]
        if body.get("sendType") not in ("VPR", "VPDF", "VM", "VP") or not isinstance(body.get("sendDraft"), bool):
            return error(400, "sendType and sendDraft are required")
        if body["sendDraft"]:
            return _good(row)
        if Decimal(row["sumGross"]) < 0 and row["invoiceType"] != "SR":
            return error(422, "Enshrining would give the invoice a negative sum", 7100)
        self.issue(name, body["sendType"])
        return _good(row)

    def _cancel(self, name: str) -> Said:
        original = self.invoices[name]
        if self.cancellation_of(name):
            return error(422, "invoice already canceled", 421)
        if original["status"] == "100":
            return error(422, "Drafts cannot be cancelled")
        if self.credit_notes.of_invoice(name):
            return error(422, "CreditNote exists", 170)
        if self._paid(name):
            words = "Partially Paid Invoices can not be deleted at the moment, book a credit invoice manually"
            return error(422, words, 390, as_status=200)
        net, tax = -Decimal(original["sumNet"]), -Decimal(original["sumTax"])
        row = self._new("Invoice", {**original, **sums(net, tax), "invoiceType": "SR", "invoiceDate": self._moment()})
        row |= {"origin": pointer("Invoice", name), "status": "1000", "invoiceNumber": self._number()}
        self.invoices[row["id"]] = row
        self.positions[row["id"]] = [
            self._position(row["id"], {**each, "mapAll": True, "quantity": -Decimal(each["quantity"])})
            for each in self.positions[name]
        ]
        self._touch(original, status="1000")
        return _good(row, 201)

    def _remind(self, asked: Asked) -> Said:
        pointer_sent = asked.json().get("invoice") or {}
        name = asked.value("invoice[id]")
        if asked.value("invoice[objectName]") != "Invoice" or str(pointer_sent.get("id")) != name:
            return error(400, "invoice expected array with 'id' and 'objectName'")
        if name not in self.invoices:
            return _missing("Invoice", name)
        if self.invoices[name]["status"] == "100":
            return error(422, "Drafts cannot be reminded of")
        return _good(self.remind(name, draft=self.reminds_in_drafts))

    def _delete(self, name: str) -> Said:
        if self.invoices[name]["status"] != "100":
            status = self.invoices[name]["status"]
            return error(409, f"Invoice can only be deleted in status 100 but is status {status}", 159)
        self.discard(name)
        return _good([None])

    def _book(self, name: str, amount: Decimal, on: datetime) -> Said:
        if self.invoices[name]["status"] in ("100", "1000"):
            return error(422, "The invoice is already paid", 750)
        self.pay(name, amount, on)
        return _good({"id": "2", "objectName": "InvoiceLog"})

    def _is_listed(self, asked: Asked, row: Row) -> bool:
        """Tell whether every filter that is known lets the row through; an unknown one is ignored."""
        return all(self._passes(asked, row)) and _from_day(asked, row, "invoiceDate")

    def _passes(self, asked: Asked, row: Row) -> Iterator[bool]:
        yield row["invoiceType"] != "MA" or asked.value("showMa") == "all"
        for name in ("invoiceNumber", "status", "invoiceType"):
            yield asked.value(name, row[name] or "") == (row[name] or "")
        if self.note_filter:
            yield asked.value(self.note_filter, row["customerInternalNote"]) == row["customerInternalNote"]
        yield _seconds(row["update"]) > int(asked.value("updateAfter", "0"))
        if self.knows_lists and asked.value("delinquent") == "true":
            yield self.is_overdue(row)
        if self.knows_lists and asked.value("onlyDunned") == "true":
            yield bool(self.reminders_of(row["id"]))

    # what a person does in the browser, and what is to be seen there

    def issue(self, name: str, send_type: str = "VPDF") -> None:
        """Issue a draft: it gets its number, and is open."""
        row = self.invoices[name]
        if row["status"] == "100":
            row["invoiceNumber"] = row["invoiceNumber"] or self._number()
            row |= {"status": "200", "enshrined": self._moment()}
        self._touch(row, sendType=send_type, sendDate=self._moment())

    def pay(self, name: str, amount: Decimal, on: datetime) -> None:
        """Book a payment (below zero: one that is taken back)."""
        row = self.invoices[name]
        paid = self._paid(name) + amount
        whole = paid >= Decimal(row["sumGross"])
        status = "1000" if whole else "750" if paid else "200"
        self._touch(row, paidAmount=paid, status=status, payDate=moment(on) if whole else None)

    def remind(self, name: str, charge: Decimal = Decimal(0), *, draft: bool = False) -> Row:
        """Remind of an invoice, one level higher than before."""
        level = str(1 + len(self.reminders_of(name)))
        words = {"invoiceType": "MA", "origin": pointer("Invoice", name), "dunningLevel": level}
        status = {"status": "100" if draft else "200", "reminderCharge": number(charge), "header": f"Mahnung {level}"}
        row = self._new("Invoice", {**self.invoices[name], **words, **status, "invoiceDate": self._moment()})
        self.invoices[row["id"]], self.positions[row["id"]] = row, []
        return row

    def discard(self, name: str) -> None:
        """Delete a draft."""
        del self.invoices[name], self.positions[name]

    def add_credit_note(self, gross: Decimal, on: datetime) -> Row:
        """Issue a credit note."""
        net = cents(gross / Decimal("1.19"))
        came = sums(net, gross - net)
        told = {"creditNoteNumber": "GU-1000", "creditNoteDate": moment(on), "status": "200", "addressName": "Elbe KG"}
        row = self._new("CreditNote", {**came, **told, "currency": "EUR", "customerInternalNote": None})
        self.credit_notes.rows[row["id"]] = row
        return row

    def carrying(self, key: str) -> list[Row]:
        """Return the invoices whose note is the key, without what hangs on them."""
        return [
            row
            for row in self.invoices.values()
            if row["customerInternalNote"] == key and row["invoiceType"] not in ("SR", "MA")
        ]

    def cancellation_of(self, name: str) -> Row | None:
        """Return what cancels the invoice."""
        return next((row for row in self._hanging_on(name) if row["invoiceType"] == "SR"), None)

    def reminders_of(self, name: str) -> list[Row]:
        """Return what reminds of the invoice."""
        return [row for row in self._hanging_on(name) if row["invoiceType"] == "MA"]

    def is_overdue(self, row: Row) -> bool:
        """Tell whether the invoice is open, and should have been paid before today."""
        due = datetime.fromisoformat(row["invoiceDate"]) + timedelta(days=int(row["timeToPay"] or 0) + 1)
        return row["status"] in ("200", "750") and due < self.now()

    def _hanging_on(self, name: str) -> list[Row]:
        return [row for row in self.invoices.values() if (row.get("origin") or {}).get("id") == name]

    def _paid(self, name: str) -> Decimal:
        return Decimal(self.invoices[name]["paidAmount"])

    def _number(self) -> str:
        self.next_number += 1
        return f"RE-{self.next_number - 1}"

    def _new(self, kind: str, content: Row) -> Row:
        self._given[kind] = self._given.get(kind, NUMBERED.get(kind, 120_000_000)) + 1
        at = self._moment()
        return {**content, "id": str(self._given[kind]), "objectName": kind, "create": at, "update": at}

    def _touch(self, row: Row, **changes: object) -> None:
        row |= {**changes, "update": self._moment()}

    def _moment(self) -> str:
        return moment(self.now())


_BLANK = {
    "paidAmount": 0,
    "reminderCharge": "0",
    "sendType": "0",
    **dict.fromkeys(("invoiceNumber", "headText", "footText", "payDate", "sendDate", "dunningLevel", "taxType")),
    **dict.fromkeys(("address", "addressName", "addressStreet", "addressZip", "addressCity", "customerInternalNote")),
    **dict.fromkeys(("enshrined", "timeToPay", "discount", "taxRate", "showNet", "smallSettlement")),
}


def _as_text(value: object) -> str | None:
    return None if value is None else str(int(value)) if isinstance(value, bool) else str(value)


def _good(objects: Any, status: int = 200) -> Said:  # noqa: ANN401 - any JSON
    return Said(status, {"objects": objects})


def _missing(kind: str, name: str) -> Said:
    return error(404, f"No Model_{kind} with the id {name} was found", 151)


def _page(asked: Asked, rows: list[Row]) -> Said:
    limit, offset = asked.value("limit", str(USUAL_PAGE)), asked.value("offset", "0")
    if not re.fullmatch(r"\d+", limit) or not 1 <= int(limit) <= LARGEST_PAGE:
        return error(400, f"limit must be between 1 and {LARGEST_PAGE}")
    shown = rows[int(offset) : int(offset) + int(limit)]
    total = {"total": str(len(rows))} if asked.value("countAll") == "true" else {}
    return Said(200, {**total, "objects": shown})


def _is_wanted(asked: Asked, contact: Row) -> bool:
    if asked.value("depth", "0") != "1" and contact["name"] is None:
        return False
    wanted = asked.value("customerNumber")
    return not wanted or contact["customerNumber"] == wanted


def _from_day(asked: Asked, row: Row, name: str) -> bool:
    return not asked.value("startDate") or _seconds(row[name]) >= int(asked.value("startDate"))


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
