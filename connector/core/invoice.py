"""The document an accountant receives, its invariants checked on construction (domain 1.3, 1.6, 7; EN 16931)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from connector.core.money import Money, minor_digits, rounded
from connector.core.party import Party
from connector.core.period import Period
from connector.core.quantity import Unit
from connector.core.reason import Reason
from connector.core.vat import VatCategory, VatDecision, VatLine, vat_breakdown

Treatment = tuple[str, VatCategory]
"""What may not be mixed on one document: currency and VAT category."""


class DocumentKind(StrEnum):
    """What a document is; `code` is its UNTDID 1001 code (EN 16931, BT-3)."""

    INVOICE = "invoice"
    PARTIAL = "partial"
    FINAL = "final"
    CORRECTION = "correction"
    CREDIT_NOTE = "credit_note"

    @property
    def code(self) -> str:
        """Return the UNTDID 1001 code."""
        return _UNTDID_CODES[self]


_UNTDID_CODES = {
    DocumentKind.INVOICE: "380",
    DocumentKind.PARTIAL: "326",
    DocumentKind.FINAL: "380",
    DocumentKind.CORRECTION: "384",
    DocumentKind.CREDIT_NOTE: "381",
}


class InvoiceError(ValueError):
    """A document whose parts do not add up: a fault of the program, never of the data."""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line (BG-25). `quantity` × `unit_price`, rounded once, is `net` (domain 1.6).

    `position` is the key of what was billed; `category`, `service` and `project` feed the mapping; `reason` explains
    the amount. Amounts carry the sign of what is owed, so a credit has a negative `net`; `credits` is then the key of
    the document that billed what it gives back (BT-25), '' where there is none.
    """

    number: int
    position: str
    text: str
    category: str
    service: str
    project: str
    quantity: Decimal
    unit: Unit
    unit_price: Decimal
    net: Money
    period: Period
    vat: VatDecision
    reason: Reason = ()
    credits: str = ""

    def __post_init__(self) -> None:
        """Refuse a line that a pocket calculator would contradict."""
        product = rounded(self.quantity, minor_digits(self.net.currency), self.unit_price)
        if product != self.net.amount:
            shown = f"{self.quantity} × {self.unit_price} is {product} {self.net.currency}"
            message = f"line {self.number}: {shown}, not {self.net}"
            raise InvoiceError(message)


@dataclass(frozen=True, slots=True)
class Prepayment:
    """An earlier document that a final invoice in full shape takes as prepaid, with its VAT rows (domain 7.3).

    `category`, `service`, `project` and the days it is about feed the mapping. `in_part` tells that only a part of it
    was paid; the amounts are that part's. Of a correction, the amounts have their sign turned.
    """

    number: str
    kind: DocumentKind
    issue_date: date
    vat: tuple[VatLine, ...]
    category: str
    service: str
    project: str
    period: Period
    in_part: bool = False

    @property
    def net(self) -> Money:
        """Return what was prepaid without VAT."""
        return Money.total((row.base for row in self.vat), self.vat[0].base.currency)

    @property
    def gross(self) -> Money:
        """Return what was prepaid."""
        return Money.total((row.gross for row in self.vat), self.vat[0].base.currency)

    @property
    def treatment(self) -> Treatment:
        """Return its currency and tax treatment."""
        return self.vat[0].base.currency, self.vat[0].rate.category

    def __neg__(self) -> Prepayment:
        """Return it with its amounts taken back."""
        return replace(self, vat=tuple(-row for row in self.vat))


@dataclass(frozen=True, slots=True)
class Invoice:
    """A document of one agreement, currency and tax treatment.

    `number` is '' until it is reserved (domain 7.6). `net`, `tax`, `gross` and `payable` are sums of what is printed.
    A credit note keeps the signs of its lines: its totals are negative, and sinks turn them as their format asks.
    `corrects` is the number of the document that a correction takes back (BT-25), '' for any other.
    """

    key: str
    number: str
    agreement: str
    kind: DocumentKind
    issue_date: date
    due_date: date
    currency: str
    seller: Party
    buyer: Party
    lines: tuple[InvoiceLine, ...]
    vat: tuple[VatLine, ...]
    prepaid: Money
    notes: tuple[str, ...] = ()
    prepayments: tuple[Prepayment, ...] = ()
    corrects: str = ""

    def __post_init__(self) -> None:
        """Refuse a document without lines, with mixed treatments or currencies, or with another VAT than its lines'."""
        if [line.number for line in self.lines] != list(range(1, len(self.lines) + 1)) or not self.lines:
            message = f"document {self.key}: lines are numbered from 1 without a gap"
            raise InvoiceError(message)
        if len({line.vat.rate.category for line in self.lines}) != 1:
            message = f"document {self.key}: one document has one tax treatment (domain 7.1)"
            raise InvoiceError(message)
        if self.vat != breakdown_of(self.lines, self.currency):
            message = f"document {self.key}: the VAT breakdown is not that of the lines"
            raise InvoiceError(message)
        if self.prepaid.currency != self.currency:
            message = f"document {self.key}: prepaid in {self.prepaid.currency}, invoiced in {self.currency}"
            raise InvoiceError(message)
        if self.prepayments and self.prepaid != prepaid_by(self.prepayments, self.currency):
            message = f"document {self.key}: {self.prepaid} prepaid is not the sum of the documents it names"
            raise InvoiceError(message)

    @property
    def name(self) -> str:
        """Return how messages name it: by its number, else as 'of website, customer K1, 2026-01-05 to 2026-01-31'."""
        return self.number or (
            f"of {self.agreement}, customer {self.buyer.id}, {self.period.start} to {self.period.last_day}"
        )

    @property
    def treatment(self) -> Treatment:
        """Return its currency and tax treatment."""
        return self.currency, self.lines[0].vat.rate.category

    @property
    def net(self) -> Money:
        """Return the sum of the line nets (BT-109)."""
        return Money.total((line.net for line in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        """Return the sum of the VAT rows (BT-110)."""
        return Money.total((row.tax for row in self.vat), self.currency)

    @property
    def gross(self) -> Money:
        """Return net and VAT together (BT-112)."""
        return self.net + self.tax

    @property
    def payable(self) -> Money:
        """Return what is left to pay (BT-115)."""
        return self.gross - self.prepaid

    @property
    def period(self) -> Period:
        """Return the span of all service periods (BG-14)."""
        return Period(min(line.period.start for line in self.lines), max(line.period.end for line in self.lines))


def prepaid_by(prepayments: Iterable[Prepayment], currency: str) -> Money:
    """Return what the earlier documents come to (BT-113)."""
    return Money.total((earlier.gross for earlier in prepayments), currency)


def breakdown_of(lines: Sequence[InvoiceLine], currency: str) -> tuple[VatLine, ...]:
    """Return the VAT breakdown of the lines (domain 1.3)."""
    return vat_breakdown(((line.vat.rate, line.net) for line in lines), currency)
