"""DATEVconnect Accounting 1.7, the interface of DATEV Rechnungswesen on the premises, as its OpenAPI document tells it.

Only what concerns open items is covered: fiscal years, and accounts receivable, condensed. What an accountant does is
done by methods: `bill`, `pay`, `dun`. Accounts have nine digits there.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.standins.server import Asked, Said

ROOT = "/datev/api/accounting/v1/clients"
CONDITION = re.compile(r"(account_number|is_cleared|document_field1) (eq|ge|le) (\S+)")

JSON = {"Content-Type": "application/json;charset=utf-8"}

COMPARE = {"eq": lambda a, b: a == b, "ge": lambda a, b: a >= b, "le": lambda a, b: a <= b}


def api(**wishes: Any) -> DatevConnect:  # noqa: ANN401 - whatever the class takes
    """Return a client with the fiscal year 2026 and nothing booked; there is no limit on the premises."""
    return DatevConnect(**wishes)


@dataclass
class DatevConnect:
    """One client; any user with a password that is not empty is let in, as long as `password` names no other."""

    client: str = "9c18c30b-ac17-451f-81c7-1b9b26dd73fe"
    password: str = ""
    bucket: object = None
    years: dict[str, dict[tuple[int, str], dict[str, Any]]] = field(default_factory=lambda: {"20260101": {}})

    def answer(self, asked: Asked) -> Said:
        """Return the answer; nothing is changed by any request."""
        if not self._lets_in(asked.headers.get("authorization", "")):
            return Said(401)
        match asked.method, asked.path.removeprefix(ROOT).split("/"):
            case "GET", ["", self.client, "fiscal-years"]:
                return Said(200, [{"id": year, "account_length": 4} for year in self.years], JSON)
            case "GET", ["", self.client, "fiscal-years", year, "accounts-receivable", "condense"] if (
                year in self.years
            ):
                return self._receivables(asked.value("filter"), list(self.years[year].values()))
        return _error(404, "DCO10404", "The requested resource is not available.")

    def _lets_in(self, authorization: str) -> bool:
        scheme, _, pair = authorization.partition(" ")
        user, _, password = base64.b64decode(pair).decode().partition(":") if scheme == "Basic" else ("", "", "")
        return bool(user and password) and self.password in ("", password)

    def _receivables(self, chosen: str, rows: list[dict[str, Any]]) -> Said:
        for part in filter(None, chosen.split(" and ")):
            condition = CONDITION.fullmatch(part)
            if not condition:
                return _error(400, "DCO10007", "The filter is not valid.")
            name, operator, text = condition.groups()
            value = int(text) if name == "account_number" else text == "true" if name == "is_cleared" else text
            rows = [row for row in rows if COMPARE[operator](row[name], value)]
        return Said(200, rows, JSON)

    def bill(self, account: int, number: str, gross: str, year: str = "20260101", **more: Any) -> None:  # noqa: ANN401 - any field
        """Book an invoice, or a credit note where the amount is below zero."""
        amount = Decimal(gross)
        side = "amount_debit" if amount > 0 else "amount_credit"
        row = {"id": f"{account}_{number}_R1", "account_number": account, "document_field1": number}
        row |= {side: abs(amount), "currency_code": "EUR", "date": "2026-01-31T00:00:00+01:00", "is_condensed": True}
        self.years[year][account, number] = row | more
        self._weigh(self.years[year][account, number])

    def pay(self, account: int, number: str, amount: str, year: str = "20260101") -> None:
        """Book a payment of the customer on the item."""
        row = self.years[year][account, number]
        row["amount_credit"] = row.get("amount_credit", Decimal(0)) + Decimal(amount)
        self._weigh(row)

    def dun(self, account: int, number: str, level: int, on: str, year: str = "20260101") -> None:
        """Send a reminder."""
        moment = f"{on}T00:00:00+01:00"
        self.years[year][account, number] |= {"dunning_level": str(level), f"dunning_date{level}": moment}

    def _weigh(self, row: dict[str, Any]) -> None:
        balance = row.get("amount_debit", Decimal(0)) - row.get("amount_credit", Decimal(0))
        for name in ("open_balance_of_item", "debit_credit_identifier", "balance_type"):
            row.pop(name, None)  # what is null is not returned
        row["is_cleared"] = not balance
        if balance:
            row |= {"open_balance_of_item": abs(balance), "debit_credit_identifier": "S" if balance > 0 else "H"}
        else:
            row["balance_type"] = "balancing_by_means_of_payments_or_bank_posting"


def _error(status: int, code: str, description: str) -> Said:
    return Said(status, {"error": code, "error_description": description}, JSON)
