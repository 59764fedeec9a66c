"""Lexware Office, API v1, as its documentation and measurements on live accounts tell it.

Not covered: quotations, order confirmations, vouchers, files, articles, templates, webhooks (they answer 501). What a
person does in the browser (finish a draft, book a payment, cancel) is done by methods.
"""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.standins._lexware_checks import SalesRules, contact_issues
from tests.standins._lexware_sums import priced, summed
from tests.standins.bucket import Bucket
from tests.standins.server import Asked, Said

BERLIN = ZoneInfo("Europe/Berlin")

KINDS = {"invoices": ("invoice", "RE"), "credit-notes": ("creditnote", "GS"), "dunnings": ("dunning", "MA")}
"""By path: the type in lists, and what numbers begin with."""

NOT_COVERED = frozenset(
    {"quotations", "order-confirmations", "recurring-templates", "articles", "vouchers", "files", "posting-categories"}
    | {"event-subscriptions", "countries", "payment-conditions", "print-layouts", "delivery-notes"}
)

LISTED_TYPES = frozenset(
    {"salesinvoice", "salescreditnote", "purchaseinvoice", "purchasecreditnote", "invoice", "downpaymentinvoice"}
    | {"creditnote", "orderconfirmation", "quotation", "deliverynote"}
)
LISTED_STATES = frozenset(
    {"draft", "open", "paid", "paidoff", "voided", "transferred", "sepadebit", "overdue", "accepted", "rejected"}
    | {"unchecked"}
)
SORT = re.compile(r"(voucherDate|voucherNumber|createdDate|updatedDate)(,(ASC|DESC))?")
MOST_LISTED = 10_000
LARGEST_PAGE = 250
LARGEST_CONTACT_PAGE = 500
OUR_PAYMENT_DAYS = 14


def api(**wishes: Any) -> Lexware:  # noqa: ANN401 - whatever the class takes
    """Return an empty organisation with the vendor's limits: two requests a second, four at once."""
    return Lexware(**({"bucket": Bucket(2, 1, 4)} | wishes))


@dataclass
class Lexware:
    """One organisation. `bucket` None lifts the limit; `stale` is the status for a stale contact (D: 409, M: 406).

    Whether an invoice names its reminders is not known: `names_dunnings`.
    """

    bucket: Bucket | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    small_business: bool = False
    contract_ended: bool = False
    stale: int = 406
    names_dunnings: bool = True
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    payments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    tied: set[str] = field(default_factory=set)
    organisation: str = "aa93e8a8-2aa3-470b-b914-caad8a255dd8"

    def answer(self, asked: Asked) -> Said:
        """Return the answer, and change the state."""
        if refused := self._refused_at_the_gate(asked):
            return refused
        _, _, resource, *rest = asked.path.split("/")
        if resource in NOT_COVERED:
            return Said(501, {"message": "the stand-in does not cover this"})
        found = self._sales(asked, resource, rest) or self._other(asked, resource, rest)
        return found or Said(403, {"message": "Missing equal-sign (hashed) in Authorization header"})

    def _refused_at_the_gate(self, asked: Asked) -> Said | None:
        scheme, _, key = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not key.strip():
            return Said(401, {"message": "Unauthorized"})
        if self.bucket and not self.bucket.take():
            return Said(429, {"message": "Rate limit exceeded"})
        if self.contract_ended:
            return _error(402, asked, "The contract does not include this")
        if not asked.path.startswith("/v1/"):
            return Said(403, {"message": "Forbidden"})
        if asked.method in ("POST", "PUT") and not asked.headers.get("content-type", "").startswith("application/json"):
            return _error(415, asked, "Content type is not supported")
        return None

    def _sales(self, asked: Asked, resource: str, rest: list[str]) -> Said | None:
        match (asked.method, resource, rest):
            case ("POST", "invoices" | "credit-notes" | "dunnings", []):
                return self._create(asked, resource)
            case ("GET", "invoices" | "credit-notes" | "dunnings" | "down-payment-invoices", [name]):
                return self._sales_document(asked, resource, name)
            case ("GET", "invoices" | "credit-notes" | "dunnings", [name, "file"]):
                return self._file(asked, resource, name)
        return None

    def _other(self, asked: Asked, resource: str, rest: list[str]) -> Said | None:
        match (asked.method, resource, rest):
            case ("GET", "voucherlist", []):
                return self._voucherlist(asked)
            case ("GET", "payments", [name]):
                return self._payment(asked, name)
            case ("GET", "contacts", []):
                return self._contacts(asked)
            case ("POST", "contacts", []):
                return self._create_contact(asked)
            case ("GET" | "PUT", "contacts", [name]):
                return self._contact(asked, name)
        known = {"profile": self._profile, "ping": dict}
        return Said(200, known[resource]()) if resource in known and not rest and asked.method == "GET" else None

    # sales documents

    def _create(self, asked: Asked, resource: str) -> Said:
        before = asked.value("precedingSalesVoucherId")
        if resource == "dunnings" and not before:
            return _error(400, asked, "precedingSalesVoucherId is missing")
        try:
            body = asked.json()
        except ValueError:
            return _error(400, asked, "Malformed JSON")
        rules = SalesRules(
            self.contacts, self.small_business, ships=resource == "invoices", takes_xrechnung=resource == "invoices"
        )
        if found := [violation._asdict() for violation in rules.violations(body)]:
            return _error(406, asked, "Not acceptable", found)
        finalize = asked.value("finalize") == "true" and resource != "dunnings"
        if before and (refusal := self._refused_predecessor(before, body, resource)):
            return _error(*refusal[:1], asked, refusal[1])
        return self._kept(body, resource, before, finalize=finalize)

    def _refused_predecessor(self, before: str, body: dict[str, Any], resource: str) -> tuple[int, str] | None:
        earlier = self.documents.get(before)
        if earlier is None or self.kinds[before] != "invoices":
            return 404, "no such preceding voucher"
        if earlier["voucherStatus"] == "draft" or earlier["closingInvoice"]:
            return 406, "a draft or closing invoice cannot be pursued"
        same = earlier["address"].get("contactId") == body["address"].get("contactId")
        if resource == "dunnings" and not (same and earlier["taxConditions"] == body["taxConditions"]):
            return 406, "contact and tax conditions must be those of the invoice"
        return None

    def _kept(self, body: dict[str, Any], resource: str, before: str, *, finalize: bool) -> Said:
        name, moment = str(uuid.uuid4()), self._moment()
        gross = body["taxConditions"]["taxType"] == "gross"
        lines = [priced(line, gross=gross) for line in body["lineItems"]]
        total, taxes = summed(lines, gross=gross)
        _, prefix = KINDS[resource]
        number = 1 + sum(kind == resource for kind in self.kinds.values())
        document = {
            **deepcopy(body),
            "id": name,
            "organizationId": self.organisation,
            "createdDate": moment,
            "updatedDate": moment,
            "version": 0,
            "language": body.get("language", "de"),
            "archived": False,
            "voucherStatus": "draft",
            "voucherNumber": f"{prefix}{number:04}",
            "voucherDate": _in_berlin(body["voucherDate"]),
            "electronicDocumentProfile": "XRechnung" if (body.get("xRechnung") or {}).get("buyerReference") else "NONE",
            "address": self._address(body["address"]),
            "lineItems": lines,
            "totalPrice": total,
            "taxAmounts": taxes,
            "relatedVouchers": [],
            "closingInvoice": False,
        }
        if "shippingConditions" in document:
            dates = {n: _in_berlin(v) if "Date" in n and v else v for n, v in document["shippingConditions"].items()}
            document["shippingConditions"] = dates
        self.documents[name], self.kinds[name], self.payments[name] = document, resource, []
        if before:
            self._relate(name, before, finalize=finalize)
        if finalize:
            self.finish(name)
        uri = f"https://api.lexware.io/v1/{resource}/{name}"
        version = document["version"]
        told = {"id": name, "resourceUri": uri, "createdDate": moment, "updatedDate": moment, "version": version}
        return Said(201, told)

    def _relate(self, name: str, before: str, *, finalize: bool) -> None:
        document, earlier = self.documents[name], self.documents[before]
        for here, there in ((document, earlier), (earlier, document)):
            kind = KINDS[self.kinds[there["id"]]][0]
            if kind == "dunning" and not self.names_dunnings:
                continue
            here["relatedVouchers"].append(
                {"id": there["id"], "voucherNumber": there["voucherNumber"], "voucherType": kind}
            )
        if self.kinds[name] == "credit-notes":
            self.tied.add(name)
            if finalize:
                amount = document["totalPrice"]["totalGrossAmount"]
                self.pay(before, amount, kind="partPaymentCreditNote")

    def _sales_document(self, asked: Asked, resource: str, name: str) -> Said:
        if self.kinds.get(name) != resource:
            return _error(404, asked, f"{resource} {name} not found")
        return Said(200, self.documents[name])

    def _file(self, asked: Asked, resource: str, name: str) -> Said:
        if self.kinds.get(name) != resource:
            return _error(404, asked, f"{resource} {name} not found")
        if self.documents[name]["voucherStatus"] == "draft":
            return _error(409, asked, "a draft has no file")
        return Said(200, b"%PDF-1.7 stand-in", {"Content-Type": "application/pdf"})

    def _address(self, address: Mapping[str, Any]) -> dict[str, Any]:
        """Return the address; what is not given comes from the contact."""
        contact = self.contacts.get(address.get("contactId") or "", {})
        billing = ((contact.get("addresses") or {}).get("billing") or [{}])[0]
        return {"name": _name(contact), **billing, **address} if contact else dict(address)

    # lists and payments

    def _voucherlist(self, asked: Asked) -> Said:
        if fault := _list_fault(asked):
            return _error(400, asked, fault)
        types, states = (set(asked.value(name).split(",")) for name in ("voucherType", "voucherStatus"))
        rows = [
            row
            for row in map(self._row, self.documents.values())
            if row["voucherType"] in LISTED_TYPES
            and (types == {"any"} or row["voucherType"] in types)
            and _has_state(row, states)
            and _within(asked, row)
        ]
        order, _, direction = asked.value("sort", "voucherDate,DESC").partition(",")
        rows.sort(key=lambda row: row[order], reverse=direction == "DESC")
        return Said(200, _page(asked, rows[:MOST_LISTED], 25))

    def _row(self, document: dict[str, Any]) -> dict[str, Any]:
        gross = document["totalPrice"]["totalGrossAmount"]
        status, draft = document["voucherStatus"], document["voucherStatus"] == "draft"
        if status == "open" and document.get("dueDate", "9")[:10] < self._moment()[:10]:
            status = "overdue"
        same = ("id", "voucherNumber", "voucherDate", "createdDate", "updatedDate", "archived")
        return {
            **{name: document[name] for name in same},
            "voucherType": KINDS[self.kinds[document["id"]]][0],
            "voucherStatus": status,
            "dueDate": document.get("dueDate"),
            "contactId": document["address"].get("contactId"),
            "contactName": document["address"].get("name", ""),
            "totalAmount": gross,
            "openAmount": None if draft else self._open(document["id"]),
            "currency": "EUR",
        }

    def _payment(self, asked: Asked, name: str) -> Said:
        document = self.documents.get(name)
        if document is None or self.kinds[name] == "dunnings":
            return _error(404, asked, f"payment {name} not found")
        if document["voucherStatus"] == "draft" or name in self.tied:
            return _error(406, asked, "no payments for this voucher")
        still_open = self._open(name)
        owed = "openRevenue" if self.kinds[name] == "invoices" else "openExpense"
        paid = {"paidDate": document["paidDate"]} if "paidDate" in document else {}
        status = document["voucherStatus"]
        told = {
            "openAmount": still_open,
            "currency": "EUR",
            "paymentStatus": owed if still_open else "balanced",
            "voucherType": KINDS[self.kinds[name]][0],
            "voucherStatus": status,
            **paid,
            "paymentItems": self.payments[name],
        }
        return Said(200, told)

    def _open(self, name: str) -> Decimal:
        document = self.documents[name]
        if document["voucherStatus"] == "voided" or name in self.tied:
            return Decimal("0.00")
        return Decimal(document["totalPrice"]["totalGrossAmount"] - sum(item["amount"] for item in self.payments[name]))

    # contacts

    def _contacts(self, asked: Asked) -> Said:
        for name in ("name", "email"):
            if name in asked.query and not 3 <= len(asked.value(name)) <= 128:
                return _legacy(400, [{"i18nKey": "invalid_value", "source": name, "type": "validation_failure"}])
        if int(asked.value("size", "25")) > LARGEST_CONTACT_PAGE:
            return _legacy(400, [{"i18nKey": "invalid_value", "source": "size", "type": "validation_failure"}])
        found = [contact for contact in self.contacts.values() if _matches(contact, asked)]
        return Said(200, _page(asked, sorted(found, key=_name), 25))

    def _create_contact(self, asked: Asked) -> Said:
        try:
            body = asked.json()
        except ValueError:
            return _legacy(400, [{"i18nKey": "malformed", "source": None, "type": "technical"}])
        if issues := [issue._asdict() for issue in contact_issues(body, 0)]:
            return _legacy(406, issues)
        return self._store_contact(str(uuid.uuid4()), body, 1, 201)

    def _contact(self, asked: Asked, name: str) -> Said:
        known = self.contacts.get(name)
        if known is None:
            return _legacy(404, [{"i18nKey": "missing_entity", "source": "id", "type": "bad_request_error"}])
        if asked.method == "GET":
            return Said(200, known)
        body = asked.json()
        if body.get("version") != known["version"] and self.stale == 409:
            return _legacy(409, [{"i18nKey": "conflict", "source": None, "type": "conflict"}])
        if issues := [issue._asdict() for issue in contact_issues(body, known["version"])]:
            return _legacy(406, issues)
        return self._store_contact(name, body, known["version"] + 1, 200)

    def _store_contact(self, name: str, body: dict[str, Any], version: int, status: int) -> Said:
        known = self.contacts.get(name, {})
        number = known.get("roles", {}).get("customer", {}).get("number") or 10001 + len(self.contacts)
        roles = {role: {"number": number if role == "customer" else 70001} for role in body["roles"]}
        kept = {**deepcopy(body), "id": name, "organizationId": self.organisation, "version": version, "roles": roles}
        self.contacts[name] = {**kept, "archived": False}
        uri, moment = f"https://api.lexware.io/v1/contacts/{name}", self._moment()
        return Said(
            status, {"id": name, "resourceUri": uri, "createdDate": moment, "updatedDate": moment, "version": version}
        )

    def _profile(self) -> dict[str, Any]:
        return {
            "organizationId": self.organisation,
            "companyName": "Agentur Nordlicht GmbH",
            "taxType": "vatfree" if self.small_business else "net",
            "smallBusiness": self.small_business,
            "businessFeatures": ["INVOICING", "INVOICING_PRO", "BOOKKEEPING"],
        }

    # what a person does in the browser

    def finish(self, name: str) -> None:
        """Finish a draft: it is open from then on, and due."""
        document = self.documents[name]
        settled = name in self.tied or not document["totalPrice"]["totalGrossAmount"]
        document["voucherStatus"] = "paidoff" if settled else "open"
        days = (document.get("paymentConditions") or {}).get("paymentTermDuration", OUR_PAYMENT_DAYS)
        if self.kinds[name] == "invoices":
            due = datetime.fromisoformat(document["voucherDate"]) + timedelta(days=days)
            document["dueDate"] = _written(due.astimezone(BERLIN))
        document["files"] = {"documentFileId": str(uuid.uuid5(uuid.UUID(name), "file"))}
        self._touch(document)

    def pay(self, name: str, amount: Decimal, on: date | None = None, kind: str = "manualPayment") -> None:
        """Book a payment (below zero: one that is taken back)."""
        moment = _written(datetime.combine(on or self.now().date(), datetime.min.time(), BERLIN))
        item = {"paymentItemType": kind, "postingDate": moment, "amount": amount, "currency": "EUR"}
        self.payments[name].append(item)
        document = self.documents[name]
        document.pop("paidDate", None)
        document["voucherStatus"] = "open"
        if not self._open(name):
            document |= {"voucherStatus": "paid", "paidDate": moment}
        self._touch(document)

    def void(self, name: str) -> None:
        """Cancel a finished document."""
        self.documents[name]["voucherStatus"] = "voided"
        self._touch(self.documents[name])

    def discard(self, name: str) -> None:
        """Delete a draft."""
        for kept in (self.documents, self.kinds, self.payments):
            del kept[name]

    def dunnings(self) -> list[dict[str, Any]]:
        """Return the reminders, which no list has."""
        return [each for name, each in self.documents.items() if self.kinds[name] == "dunnings"]

    def carrying(self, key: str) -> list[dict[str, Any]]:
        """Return the documents whose texts carry the key."""
        return [
            each for each in self.documents.values() if key in each.get("introduction", "") + each.get("remark", "")
        ]

    def _touch(self, document: dict[str, Any]) -> None:
        document |= {"updatedDate": self._moment(), "version": document["version"] + 1}

    def _moment(self) -> str:
        return _written(self.now().astimezone(BERLIN))


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _in_berlin(text: str) -> str:
    return _written(datetime.fromisoformat(text).astimezone(BERLIN))


def _name(contact: Mapping[str, Any]) -> str:
    person = contact.get("person", {})
    return str(
        (contact.get("company") or {}).get("name")
        or " ".join(filter(None, (person.get("firstName"), person.get("lastName"))))
    )


def _matches(contact: Mapping[str, Any], asked: Asked) -> bool:
    mails = [mail for mails in (contact.get("emailAddresses") or {}).values() for mail in mails]
    number = contact["roles"].get("customer", {}).get("number")
    return (
        asked.value("name").lower() in html.escape(_name(contact), quote=False).lower()
        and ("email" not in asked.query or any(asked.value("email") in mail for mail in mails))
        and asked.value("number") in ("", str(number))
        and all(
            asked.value(role) in ("", "true" if role in contact["roles"] else "false")
            for role in ("customer", "vendor")
        )
    )


def _list_fault(asked: Asked) -> str:
    types, states = (set(filter(None, asked.value(name).split(","))) for name in ("voucherType", "voucherStatus"))
    if not types or not states:
        return "voucherType and voucherStatus are mandatory"
    if not types <= {"any", *LISTED_TYPES} or not states <= {"any", *LISTED_STATES}:
        return "unknown voucherType or voucherStatus"
    if "overdue" in states and len(states) > 1:
        return "overdue must stand alone"
    if "sort" in asked.query and not SORT.fullmatch(asked.value("sort")):
        return "unknown sort"
    if not 1 <= int(asked.value("size", "25")) <= LARGEST_PAGE:
        return f"size is at most {LARGEST_PAGE}"
    return ""


def _has_state(row: Mapping[str, Any], states: set[str]) -> bool:
    if states == {"any"}:
        return True
    return row["voucherStatus"] in states or (row["voucherStatus"] == "overdue" and "open" in states)


def _within(asked: Asked, row: Mapping[str, Any]) -> bool:
    for name in ("voucherDate", "createdDate", "updatedDate"):
        day = row[name][:10]
        if not asked.value(f"{name}From", "0") <= day <= asked.value(f"{name}To", "9"):
            return False
    wanted = {"contactId": row["contactId"], "voucherNumber": row["voucherNumber"]}
    return all(asked.value(name, str(value)) == str(value) for name, value in wanted.items())


def _page(asked: Asked, rows: list[dict[str, Any]], size: int) -> dict[str, Any]:
    size, number = int(asked.value("size", str(size))), int(asked.value("page", "0"))
    shown = rows[number * size : (number + 1) * size]
    pages = -(-len(rows) // size)
    return {
        "content": shown,
        "first": number == 0,
        "last": number + 1 >= pages,
        "totalPages": pages,
        "totalElements": len(rows),
        "numberOfElements": len(shown),
        "size": size,
        "number": number,
        "sort": [],
    }


def _error(status: int, asked: Asked, message: str, details: list[dict[str, str]] | None = None) -> Said:
    reasons = {400: "Bad Request", 402: "Payment Required", 404: "Not Found", 406: "Not Acceptable", 409: "Conflict"}
    told = {
        "timestamp": _written(datetime.now(BERLIN)),
        "status": status,
        "error": reasons.get(status, "Unsupported Media Type"),
        "path": asked.path,
        "traceId": "90d78d0777be",
        "message": message,
    }
    return Said(status, told | ({"details": details} if details else {}))


def _legacy(status: int, issues: list[dict[str, Any]]) -> Said:
    return Said(status, {"IssueList": [{**issue, "additionalData": None, "args": None} for issue in issues]})
