"""Tryton 8.2 with account_invoice and account_dunning, as far as its REST interface was read off a running server.

One company, with the key's user in every group. Not covered: reports, deleting, changing, other modules. What a person
does in the client (pay, dun, cancel) is done by methods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from tests.standins._tryton_json import Record, decoded, meets, read, shown, told
from tests.standins.server import Asked, Said

DATABASE = "agency"

CENT = Decimal("0.01")
PRICE_DIGITS = 4

MODELS = (
    "account.account", "account.configuration", "account.dunning", "account.dunning.fee",
    "account.dunning.fee.dunning_level", "account.dunning.procedure", "account.invoice", "account.invoice.line",
    "account.invoice.tax", "account.journal", "account.move", "account.move.line", "account.tax", "company.company",
    "country.country", "currency.currency", "ir.lang", "ir.model", "party.address", "party.contact_mechanism",
    "party.identifier", "party.party", "product.uom",
)  # fmt: skip

DEFAULTS: dict[str, Record] = {
    "account.invoice": {
        "number": None, "state": "draft", "reference": None, "comment": None, "description": None, "lines": [],
        "taxes": [], "payment_lines": [], "reconciled": None, "invoice_date": None, "payment_term_date": None,
    },
    "account.invoice.line": {"type": "line", "unit": None, "taxes": [], "description": None, "origin": None},
    "account.invoice.tax": {"manual": True, "legal_notice": None, "base": Decimal(0), "amount": Decimal(0)},
    "party.party": {"code": None, "account_receivable": None, "addresses": [], "identifiers": [], "lang": None},
    "party.address": {"street": None, "postal_code": None, "city": None, "country": None, "invoice": False},
}  # fmt: skip

CHILDREN = {
    ("account.invoice", "lines"): "account.invoice.line",
    ("account.invoice", "taxes"): "account.invoice.tax",
    ("party.party", "addresses"): "party.address",
    ("party.party", "identifiers"): "party.identifier",
    ("party.party", "contact_mechanisms"): "party.contact_mechanism",
}
"""What is made along with its record: [["create", […]]]."""

BUTTONS = {("account.invoice", "post")}


class RefusedError(Exception):
    """Tryton refuses in its own words."""


class NotThereError(Exception):
    """There is no such record, or no such address."""


def api(**wishes: Any) -> Tryton:  # noqa: ANN401 - whatever the class takes
    """Return a company without customers or invoices; Tryton has no limit of calls."""
    return Tryton(**wishes)


@dataclass
class Tryton:
    """One database. `groups` are those of the key's user that matter; `years` those with open periods."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    years: range = range(2024, 2029)
    dunning: bool = True
    groups: set[str] = field(default_factory=lambda: {"Accounting", "Dunning"})
    bucket: None = None
    tables: dict[str, dict[int, Record]] = field(default_factory=lambda: {model: {} for model in MODELS})

    def __post_init__(self) -> None:
        """Set the books up as Tryton's own modules do, and give them German VAT."""
        euro = self.add("currency.currency", code="EUR")
        self.add("company.company", party=self.add("party.party", name="Agentur Muster GmbH"), currency=euro)
        receivable = self.add_account("1.2.1", "receivable")
        self.add("account.configuration", default_account_receivable=receivable)
        self.add_account("4.1.2", "revenue")
        self.add("account.journal", code="REV", type="revenue")
        self.add_tax("USt 19 %", Decimal("0.19"))
        self.add_tax("USt 7 %", Decimal("0.07"))
        for symbol, digits in {"h": 2, "d": 2, "u": 0}.items():
            self.add("product.uom", symbol=symbol, digits=digits)
        for code in ("en", "de"):
            self.add("ir.lang", code=code)
        models = [model for model in MODELS if self.dunning or not model.startswith("account.dunning")]
        for model in models:
            self.add("ir.model", name=model)

    # as a person in the client

    def add(self, model: str, **values: Any) -> int:  # noqa: ANN401 - any field
        """Return the id of a new record."""
        number = len(self.tables[model]) + 1
        record = {"id": number, **deepcopy(DEFAULTS.get(model, {})), **values}
        if model == "party.identifier":
            record["code_compact"] = record["code"].replace(" ", "")
        self.tables[model][number] = record
        return number

    def add_account(self, code: str, kind: str) -> int:
        """Return the id of a new account of a kind, such as receivable or revenue."""
        return self.add("account.account", code=code, type=kind, company=1, closed=False)

    def add_tax(self, name: str, rate: Decimal, **values: Any) -> int:  # noqa: ANN401 - any field
        """Return the id of a new tax."""
        plain: Record = {"description": name, "type": "percentage", "childs": [], "parent": None, "legal_notice": None}
        accounts = {"invoice_account": 1, "credit_note_account": 1}
        return self.add("account.tax", name=name, rate=rate, company=1, **plain | accounts | values)

    def pay(self, invoice: int, amount: Decimal, on: date) -> None:
        """Book a payment; once nothing is left to pay, the invoice is paid."""
        record = self.tables["account.invoice"][invoice]
        record["payment_lines"].append(self.add("account.move.line", date=on, credit=amount))
        self._refresh(record)
        if not record["amount_to_pay"]:
            record |= {"state": "paid", "reconciled": on}

    def dun(self, invoice: int, level: int, *, processed: bool = True, blocked: bool = False) -> None:
        """Bring the invoice to a level of the procedure, 5.00 for each level from the second on."""
        if not self.tables["account.dunning.procedure"]:
            self.add("account.dunning.procedure", name="Standard", levels=[1, 2, 3])
        done = level if processed else level - 1
        fees = [self._fee() for _ in range(1, done)]
        line = self.add("account.move.line", move=self.add("account.move", origin=f"account.invoice,{invoice}"))
        self.tables["account.move.line"][line]["move_origin"] = f"account.invoice,{invoice}"
        state, on = ("waiting", self.now().date()) if processed else ("draft", None)
        self.add(
            "account.dunning", line=line, procedure=1, level=level, state=state, date=on, blocked=blocked, fees=fees
        )

    def cancel(self, invoice: int) -> None:
        """Cancel the invoice."""
        self.tables["account.invoice"][invoice]["state"] = "cancelled"

    def carrying(self, reference: str) -> list[Record]:
        """Return the invoices with the reference."""
        return [each for each in self.tables["account.invoice"].values() if each["reference"] == reference]

    def _fee(self) -> int:
        return self.add("account.dunning.fee.dunning_level", amount=Decimal("5.00"), currency=1)

    # as the server

    def answer(self, asked: Asked) -> Said:
        """Return the answer, and change the state."""
        scheme, _, key = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not key.strip():
            return _page(401)
        match asked.path.split("/")[1:]:
            case [database, "rest", "model", model, *rest] if database == DATABASE:
                return self._model(asked, model, rest)
        return _page(404)

    def _model(self, asked: Asked, model: str, rest: list[str]) -> Said:
        try:
            context = decoded(asked.headers.get("x-tryton-context", "e30="))
            return Said(200, shown(self._done(asked, context, model, rest)))
        except RefusedError as error:
            return Said(400, {"status": 400, "message": str(error), "description": ""})
        except NotThereError:
            return _page(404)
        except (KeyError, ValueError, TypeError):
            return _page(500)

    def _done(self, asked: Asked, context: Record, model: str, rest: list[str]) -> Any:  # noqa: ANN401 - JSON
        if model == "ir.model.access":
            return {each: self._rights(each) for each in asked.json()["models"]}
        table = self._table(model)
        fields = asked.query.get("f", [])
        match asked.method, rest:
            case "GET", []:
                return self._search(asked, model, fields)
            case "GET", [number]:
                return read(self.tables, model, _known(table, number), fields)
            case "POST", []:
                return read(self.tables, model, self._create(model, told(asked.json())), fields)
            case "POST", [number, button] if (model, button) in BUTTONS:
                self._post(self.tables[model][_known(table, number)], context)
                return read(self.tables, model, int(number), fields)
        raise NotThereError

    def _table(self, model: str) -> dict[int, Record]:
        if model.startswith("account.dunning") and "Dunning" not in self.groups:
            message = f'You are not allowed to access "{model}".'
            raise RefusedError(message)
        if model not in self.tables or (model.startswith("account.dunning") and not self.dunning):
            raise ValueError(model)
        return self.tables[model]

    def _rights(self, model: str) -> dict[str, bool]:
        needed = "Dunning" if model.startswith("account.dunning") else "Accounting"
        return dict.fromkeys(("read", "write", "create", "delete"), needed in self.groups)

    def _search(self, asked: Asked, model: str, fields: Sequence[str]) -> list[Record]:
        domain = decoded(asked.value("d", "W10="))
        rows = [number for number, each in self.tables[model].items() if meets(self.tables, model, each, domain)]
        offset = int(asked.value("p", "0"))
        limit = int(asked.value("s", str(len(rows))))
        return [read(self.tables, model, number, fields) for number in rows[offset : offset + limit]]

    def _create(self, model: str, values: Record) -> int:
        if model == "party.party" and values.get("code") in {each["code"] for each in self.tables[model].values()}:
            message = "The code on party must be unique."
            raise RefusedError(message)
        if model == "account.invoice":
            self._check_invoice(values)
        made = {name: value for name, value in values.items() if (model, name) not in CHILDREN}
        for name in values.keys() - made.keys():
            child = CHILDREN[model, name]
            made[name] = [self.add(child, **self._flat(each)) for _, rows in values[name] for each in rows]
        number = self.add(model, **made)
        if model == "account.invoice":
            self._add_up(self.tables[model][number])
        return number

    def _flat(self, values: Record) -> Record:
        """Return the values with [["add", ids]] as the ids."""
        return {
            name: [each for _, ids in value for each in ids] if name == "taxes" else value
            for name, value in values.items()
        }

    # invoices

    def _check_invoice(self, values: Record) -> None:
        for name in ("type", "company", "party", "invoice_address", "account", "currency"):
            if not values.get(name):
                message = f'A value is required for field "{name}" in "Account Invoice".'
                raise RefusedError(message)
        for _, lines in values.get("lines", []):
            for line in lines:
                self._check_line(line)

    def _check_line(self, line: Record) -> None:
        account = self.tables["account.account"].get(line.get("account") or 0)
        if account is None or account["type"] != "revenue":
            message = 'The value for field "Account" is not valid according to its domain.'
            raise RefusedError(message)
        unit = self.tables["product.uom"].get(line.get("unit") or 0)
        if _digits(line["unit_price"]) > PRICE_DIGITS or (unit and _digits(line["quantity"]) > unit["digits"]):
            message = "The number of digits in the value exceeds the limit."
            raise RefusedError(message)

    def _add_up(self, invoice: Record) -> None:
        """Make the rows of taxes, where those that came are not on the same bases; then the totals."""
        computed = dict(self._taxes(invoice))
        kept = []
        for number in invoice["taxes"]:
            row = self.tables["account.invoice.tax"][number]
            key = (row["tax"], row["account"], row["base"] >= 0)
            if not row["manual"] and key in computed and computed[key]["base"] == row["base"]:
                kept.append(number)
                del computed[key]
        made = [self.add("account.invoice.tax", **values) for values in computed.values()]
        invoice["taxes"] = kept + made
        self._refresh(invoice)

    def _refresh(self, invoice: Record) -> None:
        lines = [self.tables["account.invoice.line"][number] for number in invoice["lines"]]
        taxes = [self.tables["account.invoice.tax"][number] for number in invoice["taxes"]]
        paid = [self.tables["account.move.line"][number]["credit"] for number in invoice["payment_lines"]]
        net = sum((_amount(line) for line in lines), Decimal("0.00"))
        tax = sum((row["amount"] for row in taxes), Decimal("0.00"))
        to_pay = net + tax - sum(paid) if invoice["state"] == "posted" else Decimal(0)
        invoice |= {"untaxed_amount": net, "tax_amount": tax, "total_amount": net + tax, "amount_to_pay": to_pay}

    def _taxes(self, invoice: Record) -> Iterator[tuple[tuple[int, int, bool], Record]]:
        """Yield the rows by tax, account and sign: VAT on unrounded lines, halves to even."""
        exact: dict[tuple[int, bool], list[tuple[Decimal, Decimal]]] = {}
        for line in (self.tables["account.invoice.line"][number] for number in invoice["lines"]):
            product = Decimal(str(line["quantity"])) * line["unit_price"]
            for tax in line["taxes"]:
                exact.setdefault((tax, product >= 0), []).append((product, _amount(line)))
        for (number, is_invoiced), parts in exact.items():
            tax = self.tables["account.tax"][number]
            account = tax["invoice_account" if is_invoiced else "credit_note_account"]
            amount = _rounded(sum((product for product, _ in parts), Decimal(0)) * tax["rate"])
            base = sum((rounded for _, rounded in parts), Decimal(0))
            row = {"tax": number, "account": account, "base": base, "amount": amount, "manual": False}
            yield (number, account, is_invoiced), row

    def _post(self, invoice: Record, context: Record) -> None:
        day, due = invoice["invoice_date"], invoice["payment_term_date"]
        if day.year not in self.years:
            message = f'To continue, you must create a period for the date "{day:%m/%d/%Y}".'
            raise RefusedError(message)
        numbered = [each for each in self.tables["account.invoice"].values() if each["number"]]
        if not invoice["number"] and any(each["invoice_date"] > day for each in numbered):
            message = (
                f"To number the invoice, you must set an invoice date after {max(e['invoice_date'] for e in numbered)}"
            )
            raise RefusedError(message)
        if due < self.now().date() and not context.get("_skip_warnings"):
            message = f'The invoice generates a payment date "{due:%m/%d/%Y}" in the past.'
            raise RefusedError(message)
        if invoice["state"] in ("draft", "validated"):
            invoice |= {"number": invoice["number"] or str(len(numbered) + 1), "state": "posted"}
            self._refresh(invoice)


def _known(table: dict[int, Record], number: str) -> int:
    if int(number) not in table:
        raise NotThereError
    return int(number)


def _amount(line: Record) -> Decimal:
    return _rounded(Decimal(str(line["quantity"])) * line["unit_price"])


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_EVEN)


def _digits(number: Decimal | int) -> int:
    exponent = Decimal(str(number)).as_tuple().exponent
    return max(0, -int(exponent))


def _page(status: int) -> Said:
    names = {401: "Unauthorized", 404: "Not Found", 500: "Internal Server Error"}
    page = f"<!doctype html>\n<html lang=en>\n<title>{status} {names[status]}</title>\n<h1>{names[status]}</h1>\n"
    return Said(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})
