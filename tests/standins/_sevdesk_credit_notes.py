"""sevDesk's credit notes: objects of their own, with positive amounts, that take something off one invoice.

Measured (sevdesk-rs, September 2026): the number is the sender's, from a series that moves on when one is issued;
without it none is issued. A reduction names its invoice, and every line has that invoice's tax rate.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.standins._sevdesk_checks import InvoiceRules
from tests.standins._sevdesk_texts import Row, error, moment_of, number, pointer, summed, sums
from tests.standins.server import Said

KIND = "CreditNote"

CATEGORIES = ("PROVISION", "ROYALTY_ASSIGNED", "ROYALTY_UNASSIGNED", "UNDERACHIEVEMENT")


@dataclass
class CreditNotes:
    """Those of one account; `new` gives a row its id, `touch` its moment of change, `now` is the moment as text."""

    invoices: Mapping[str, Row]
    positions_of_invoices: Mapping[str, list[Row]]
    new: Callable[[str, Row], Row]
    touch: Callable[..., None]
    now: Callable[[], str]
    rows: dict[str, Row] = field(default_factory=dict)
    positions: dict[str, list[Row]] = field(default_factory=dict)
    next_number: int = 1001

    def sequence(self) -> Row:
        """Return the series of numbers."""
        told = {"forObject": KIND, "format": "GU-%NUMBER", "nextSequence": str(self.next_number), "type": "CN"}
        return {"id": "13449786", "objectName": "SevSequence", **told}

    def save(self, body: Row, system: str, known: dict[str, Collection[str]]) -> Said:
        """Keep a draft."""
        sent = body.get("creditNote") or {}
        if faults := list(self._faults(body, sent, InvoiceRules(system, known))):
            return error(422, "; ".join(faults))
        if strange := self._strange_rates(body, sent):
            return error(422, f"Different taxRate than origin document: {strange[0]}", 456)
        dates = {name: moment_of(sent.get(name)) for name in ("creditNoteDate", "deliveryDate", "deliveryDateUntil")}
        row = self.new(KIND, {"creditNoteNumber": None, "payDate": None, **deepcopy(sent), **dates, "status": "100"})
        for name in ("contact", "contactPerson", "addressCountry", "refSrcInvoice"):
            if name in sent:
                row[name] = pointer(sent[name]["objectName"], str(sent[name]["id"]))
        row["taxRate"] = str(sent.get("taxRate"))
        del row["mapAll"]
        positions = [self._position(row["id"], each) for each in body["creditNotePosSave"]]
        row |= sums(*summed(positions))
        self.rows[row["id"]], self.positions[row["id"]] = row, positions
        return Said(201, {"objects": {"creditNote": row, "creditNotePos": positions}})

    def send_by(self, name: str, body: Row) -> Said:
        """Issue a draft; the series moves on where it was its turn."""
        row = self.rows[name]
        if body.get("sendType") not in ("VPR", "VPDF", "VM", "VP") or not isinstance(body.get("sendDraft"), bool):
            return error(400, "sendType and sendDraft are required")
        if not row["creditNoteNumber"]:
            return error(422, "A credit note number is required")
        if row["status"] == "100" and not body["sendDraft"]:
            self.issue(name)
        return Said(200, {"objects": row})

    def issue(self, name: str) -> None:
        """Issue a draft."""
        row = self.rows[name]
        if row["creditNoteNumber"] == f"GU-{self.next_number}":
            self.next_number += 1
        self.touch(row, status="200", enshrined=self.now())

    def pay_back(self, name: str, amount: Decimal, on: str) -> None:
        """Pay a part of it back, or all."""
        row = self.rows[name]
        paid = Decimal(row.get("paidAmount") or 0) + amount
        whole = paid >= Decimal(row["sumGross"])
        status = "1000" if whole else "750"
        self.touch(row, paidAmount=number(paid), status=status, payDate=on if whole else None)

    def discard(self, name: str) -> None:
        """Delete a draft."""
        del self.rows[name], self.positions[name]

    def of_invoice(self, name: str) -> list[Row]:
        """Return what takes something off the invoice."""
        return [row for row in self.rows.values() if (row.get("refSrcInvoice") or {}).get("id") == name]

    def _position(self, credit_note: str, sent: Row) -> Row:
        row = self.new("CreditNotePos", {**sent, "creditNote": pointer(KIND, credit_note)})
        row |= {
            name: number(Decimal(sent.get(name) or 0)) for name in ("quantity", "price", "taxRate", "positionNumber")
        }
        row["unity"] = pointer("Unity", str(sent["unity"]["id"]))
        del row["mapAll"]
        return row

    def _faults(self, body: Row, sent: Row, rules: InvoiceRules) -> Iterator[str]:
        if sent.get("objectName") != KIND or sent.get("mapAll") is not True or str(sent.get("status")) != "100":
            yield "creditNote expected array with 'id' and 'objectName', and status 100"
        for name, kind in (("contact", "Contact"), ("contactPerson", "SevUser"), ("addressCountry", "StaticCountry")):
            yield from rules.of_pointer(sent, name, kind)
        if rules.system == "2.0" and rules.rule_of(sent) is None:
            yield "taxRule cannot be null"
        for name in ("creditNoteDate", "deliveryDate", "header"):
            if not sent.get(name):
                yield f"{name} is required"
        if not body.get("creditNotePosSave"):
            yield "The given document must have at least one position"
        yield from self._of_reason(sent)

    def _of_reason(self, sent: Row) -> Iterator[str]:
        if sent.get("bookingCategory") not in CATEGORIES:
            yield "bookingCategory is required"
        if sent.get("bookingCategory") != "UNDERACHIEVEMENT":
            return
        origin = self._origin(sent)
        if origin is None:
            yield "No origin document was given"
        elif origin["status"] == "100" or origin["invoiceType"] in ("AR", "TR"):
            yield "The origin document takes no credit note"
        elif bool(origin["deliveryDateUntil"]) != bool(sent.get("deliveryDateUntil")):
            yield "deliveryDateUntil must be as on the invoice"
        elif (moment_of(sent.get("deliveryDateUntil")) or "") < (origin["deliveryDateUntil"] or ""):
            yield "deliveryDateUntil must not be before that of the invoice"

    def _strange_rates(self, body: Row, sent: Row) -> list[Any]:
        origin = self._origin(sent)
        if origin is None:
            return []
        rates = {Decimal(each["taxRate"]) for each in self.positions_of_invoices[origin["id"]]}
        return [each["taxRate"] for each in body["creditNotePosSave"] if Decimal(str(each["taxRate"])) not in rates]

    def _origin(self, sent: Row) -> Row | None:
        return self.invoices.get(str((sent.get("refSrcInvoice") or {}).get("id")))
