"""What the company's books in Tryton have that documents refer to; each is looked up once per run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from connector.core.errors import ConfigError
from connector.core.quantity import Unit
from connector.sinks.tryton.calls import Calls, Domain, Record
from connector.sinks.tryton.documents import Tax, UnitThere
from connector.sinks.tryton.settings import Settings

Found = TypeVar("Found")

_TAX_FIELDS = ("description", "type", "rate", "childs", "invoice_account", "credit_note_account", "legal_notice")


@dataclass(slots=True)
class Books:
    """The books of one company; what is missing there is a ConfigError that names it."""

    settings: Settings
    outside: Calls
    _known: dict[tuple[str, str], object] = field(default_factory=dict)

    @property
    def calls(self) -> Calls:
        """Return the calls within the company; warnings a person would confirm there do not stop them."""
        return self.outside.within(company=self.company, _skip_warnings=True)

    @property
    def company(self) -> int:
        """Return the id of the company."""
        return self._once("company", "", self._company)

    @property
    def journal(self) -> int:
        """Return the id of the journal for invoices."""
        return self._once("journal", "", self._journal)

    @property
    def receivable(self) -> int:
        """Return the id of the account of receivables, for customers that have none of their own."""
        return self._once("receivable", "", self._receivable)

    @property
    def countries(self) -> bool:
        """Tell whether Tryton knows any countries: they are loaded by a program of their own."""
        return self._once("countries", "", lambda: next(self._search("country.country", []), None) is not None)

    def tax(self, name: str) -> Tax | None:
        """Return the tax of that name; None for ''."""
        return self._once("tax", name, lambda: self._tax(name)) if name else None

    def account(self, code: str) -> int | None:
        """Return the id of the account, None where there is no open one."""
        clauses = [["code", "=", code], ["company", "=", self.company], ["closed", "!=", True], ["type", "!=", None]]
        return self._once("account", code, lambda: self._id("account.account", clauses))

    def currency(self, code: str) -> int | None:
        """Return the id of the currency."""
        return self._once("currency", code, lambda: self._id("currency.currency", [["code", "=", code]]))

    def country(self, code: str) -> int | None:
        """Return the id of the country by its ISO code."""
        return self._once("country", code, lambda: self._id("country.country", [["code", "=", code]]))

    def language(self, code: str) -> int | None:
        """Return the id of the language."""
        return self._once("language", code, lambda: self._id("ir.lang", [["code", "=", code]]))

    def unit(self, unit: Unit) -> UnitThere | None:
        """Return the unit under its symbol in the settings."""
        symbol = self.settings.units.get(unit, "")
        return self._once("unit", symbol, lambda: self._unit(symbol)) if symbol else None

    def has(self, model: str) -> bool:
        """Tell whether the module of the model is activated."""
        return self._once("model", model, lambda: self._id("ir.model", [["name", "=", model]]) is not None)

    def may(self, right: str, model: str) -> bool:
        """Tell whether the key's user may read, write or create records of the model."""

        def ask() -> bool:
            rights = self.calls.ask("ir.model.access", "get_access", models=[model])
            return bool(rights[model][right]) if isinstance(rights, dict) and model in rights else False

        return self.has(model) and self._once(f"may {right}", model, ask)

    def _company(self) -> int:
        wanted = self.settings.company
        rows = list(self.outside.search("company.company", [], ["party.name"]))
        found = [row["id"] for row in rows if wanted in ("", (row.get("party") or {}).get("name"))]
        return self._one(found, "company", wanted, "company")

    def _journal(self) -> int:
        wanted = self.settings.journal
        clauses = [["type", "=", "revenue"], *([["code", "=", wanted]] if wanted else [])]
        found = [row["id"] for row in self._search("account.journal", clauses)]
        return self._one(found, "revenue journal", wanted, "journal")

    def _receivable(self) -> int:
        if code := self.settings.receivable:
            found = self.account(code)
            return self._one([found] if found else [], "account", code, "receivable")
        rows = self._search("account.configuration", [], ["default_account_receivable"])
        defaults = [row.get("default_account_receivable") for row in rows]
        return self._one([each for each in defaults if each], "default account of receivables", "", "receivable")

    def _tax(self, name: str) -> Tax:
        clauses = [["name", "=", name], ["company", "=", self.company], ["parent", "=", None]]
        rows = list(self._search("account.tax", clauses, _TAX_FIELDS))
        self._one([row["id"] for row in rows], "tax", name, "taxes")
        [row] = rows
        if fault := _fault_of(row):
            message = f"tax {name!r} {fault}"
            hint = "mend it there, or name another one at taxes"
            raise self._fault(message, "taxes", hint)
        return Tax(
            id=row["id"],
            description=str(row.get("description") or name),
            percent=row["rate"] * 100,
            invoiced=row["invoice_account"],
            credited=row["credit_note_account"],
            legal_notice=str(row.get("legal_notice") or ""),
        )

    def _unit(self, symbol: str) -> UnitThere | None:
        for row in self._search("product.uom", [["symbol", "=", symbol]], ["digits"]):
            return UnitThere(row["id"], symbol, int(row.get("digits") or 0))
        return None

    def _one(self, found: Sequence[int], noun: str, wanted: str, setting: str) -> int:
        """Return the only one of those found; ConfigError for none, or for several."""
        if len(found) == 1:
            return found[0]
        which = f"{noun} {wanted!r}" if wanted else noun
        message = f"Tryton has {len(found)} of {which}" if found else f"Tryton has no {which}"
        raise self._fault(message, setting, f"name the right one at {setting}, or make it there")

    def _fault(self, message: str, setting: str, hint: str) -> ConfigError:
        return ConfigError(message, place=f"{self.outside.name}: {setting}", hint=hint)

    def _id(self, model: str, domain: Domain) -> int | None:
        return next((row["id"] for row in self._search(model, domain)), None)

    def _search(self, model: str, domain: Domain, fields: Sequence[str] = ("id",)) -> Iterator[Record]:
        return self.calls.search(model, domain, fields)

    def _once(self, kind: str, name: str, look: Callable[[], Found]) -> Found:
        if (kind, name) not in self._known:
            self._known[kind, name] = look()
        return self._known[kind, name]  # type: ignore[return-value]  # what `look` returned


def _fault_of(tax: Record) -> str:
    """Return why the tax cannot be used, '' if it can."""
    if tax.get("type") != "percentage" or tax.get("childs") or not isinstance(tax.get("rate"), Decimal):
        return "is not a plain percentage"
    return "" if tax.get("invoice_account") and tax.get("credit_note_account") else "lacks an account"
