"""A document as it is booked: debtor, revenue accounts, tax keys, cost centres (domain 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.core.invoice import Invoice
from connector.core.money import Money
from connector.core.reason import Reason
from connector.core.vat import VatRate


@dataclass(frozen=True, slots=True)
class RevenueAccount:
    """Where revenue goes. An automatic account splits the VAT itself and takes no tax key (domain 8).

    `vat_when_paid` tells that the account takes a gross amount as it is, because the VAT of a down payment is booked
    when the money arrives (domain 7.3).
    """

    account: str
    automatic: bool
    tax_key: str = ""
    cost_centre: str = ""
    cost_unit: str = ""
    vat_when_paid: bool = False

    def __post_init__(self) -> None:
        """Refuse a tax key on an automatic account."""
        if self.automatic and self.tax_key:
            message = f"account {self.account} is automatic and takes no tax key ({self.tax_key!r})"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the booking: the gross amount for one revenue account, tax key and cost centres.

    `net` is the sum of the lines it stands for; `gross` its part of the document's gross, with `adjustment` (cents it
    took so that the rows add up) already in it. `supplied_on` is the last day of service. `rules` are the mapping
    rules (file:line) that led here, `lines` the numbers of the document lines; none where it deducts what was prepaid.
    """

    revenue: RevenueAccount
    vat: VatRate
    net: Money
    gross: Money
    adjustment: Money
    text: str
    supplied_on: date
    lines: tuple[int, ...]
    rules: tuple[str, ...]
    reason: Reason = ()


@dataclass(frozen=True, slots=True)
class Booking:
    """A document with its debtor account and ledger rows; the rows' gross amounts add up to what is left to pay.

    `exchange_rate` is units of the document's currency for one unit of the books' (0.9312 CHF for 1 EUR), None where
    they are the same. `reverses` is the number of the document that this one cancels, '' for any other. `contact` is
    the customer's id in the accounting system, '' where it is found there by number or name.
    """

    invoice: Invoice
    debtor: str
    debtor_rule: str
    rows: tuple[LedgerRow, ...]
    order_number: str = ""
    exchange_rate: Decimal | None = None
    reverses: str = ""
    contact: str = ""

    def __post_init__(self) -> None:
        """Refuse rows that do not add up to the document."""
        total = Money.total((row.gross for row in self.rows), self.invoice.currency)
        if total != self.invoice.payable:
            message = f"document {self.invoice.key}: rows add up to {total}, the document to {self.invoice.payable}"
            raise ValueError(message)
