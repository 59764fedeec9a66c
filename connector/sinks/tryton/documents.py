"""From a booking to what Tryton takes as an invoice; credit notes are invoices below zero there.

Tryton adds up itself, and rounds halves to even and VAT on unrounded lines. So a line goes out as quantity and price
only where both ways of rounding agree, and the rows of VAT go along with our amounts: a row on the same base as its
own is left as it is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from connector.core.booking import Booking
from connector.core.invoice import Invoice, InvoiceLine
from connector.core.money import TEN_TO, Money, minor_digits, rounded
from connector.core.quantity import Unit
from connector.core.texts import period_text
from connector.core.vat import VatLine, VatRate
from connector.sinks.tryton.calls import Record, day, decimal

PRICE_DECIMALS = 4
"""Decimals of unit prices, unless the server is configured otherwise."""

LONGEST_QUANTITY = 15
"""Digits that a quantity keeps on its way through a floating-point number."""


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax in Tryton with its accounts: for what is invoiced, and for what is credited."""

    id: int
    description: str
    percent: Decimal
    invoiced: int
    credited: int
    legal_notice: str = ""


@dataclass(frozen=True, slots=True)
class UnitThere:
    """A unit in Tryton: its symbol, and how many decimals its quantities may have."""

    id: int
    symbol: str
    digits: int


@dataclass(frozen=True, slots=True)
class References:
    """The ids of what a document refers to: `accounts` and `taxes` by line number, `origins` of a correction's lines.

    A tax of None is a line without tax.
    """

    company: int
    journal: int
    party: int
    address: int
    receivable: int
    currency: int
    accounts: Mapping[int, int]
    taxes: Mapping[int, Tax | None]
    units: Mapping[Unit, UnitThere]
    origins: tuple[int, ...] = ()


def treatment(rate: VatRate) -> str:
    """Return how settings name category and rate: 'S 19', 'AE'."""
    return f"{rate.category.value} {_short(rate.percent)}" if rate.percent else rate.category.value


def body_of(booking: Booking, refers: References) -> Record:
    """Return the document as it is created: a draft that carries our key as its reference."""
    invoice = booking.invoice
    lines = [_line(invoice, each, refers) for each in invoice.lines]
    taxes = [row for vat in invoice.vat for row in _tax_rows(invoice, vat, refers.taxes)]
    return {
        "type": "out",
        "company": refers.company,
        "journal": refers.journal,
        "party": refers.party,
        "invoice_address": refers.address,
        "account": refers.receivable,
        "currency": refers.currency,
        "invoice_date": day(invoice.issue_date),
        "payment_term_date": day(invoice.due_date),
        "reference": invoice.key,
        "description": booking.order_number,
        "comment": "\n".join((*invoice.notes, period_text(invoice.buyer.language, invoice.period))),
        "lines": [["create", lines]],
        "taxes": [["create", taxes]],
    }


def _line(invoice: Invoice, line: InvoiceLine, refers: References) -> Record:
    unit = refers.units.get(line.unit)
    quantity, price, texts = _counted(line, unit)
    if line.period != invoice.period:
        texts.append(period_text(invoice.buyer.language, line.period))
    tax = refers.taxes[line.number]
    told: dict[str, Any] = {
        "type": "line",
        "description": "\n".join([line.text, *texts]),
        "quantity": quantity,
        "unit": unit.id if unit and _decimals(quantity) <= unit.digits else None,
        "unit_price": decimal(price),
        "account": refers.accounts[line.number],
        "taxes": [["add", [tax.id]]] if tax else [],
        "taxes_date": day(line.period.last_day),
    }
    if refers.origins:
        told["origin"] = f"account.invoice.line,{refers.origins[line.number - 1]}"
    return told


def _counted(line: InvoiceLine, unit: UnitThere | None) -> tuple[Decimal, Decimal, list[str]]:
    """Return quantity, price and further text; where Tryton would come to another amount, the amount once."""
    quantity, price = line.quantity, line.unit_price
    if (
        rounded(price, PRICE_DECIMALS) == price
        and len(quantity.normalize().as_tuple().digits) <= LONGEST_QUANTITY
        and not _is_half(quantity, price, minor_digits(line.net.currency))
    ):
        return quantity, price, []
    counted = f"{_short(quantity)} {unit.symbol if unit else ''}".rstrip()
    sign = Decimal(-1 if line.net.amount < 0 else 1)
    return sign, abs(line.net.amount), [f"{counted} × {_short(price)}"]


def _is_half(quantity: Decimal, price: Decimal, digits: int) -> bool:
    """Tell whether the amount lies in the middle between two smallest units, where Tryton takes the even one."""
    twice = Fraction(quantity) * Fraction(price) * TEN_TO[digits] * 2
    return twice.denominator == 1 and twice.numerator % 2 == 1


def _tax_rows(invoice: Invoice, vat: VatLine, taxes: Mapping[int, Tax | None]) -> Iterator[Record]:
    """Yield the rows Tryton would make of the VAT: one per tax for what is invoiced, one for what is credited.

    Their amounts add up to ours; the last takes the cents.
    """
    bases: dict[tuple[Tax, bool], list[Money]] = {}
    for line in invoice.lines:
        tax = taxes[line.number]
        if tax and line.vat.rate == vat.rate:
            bases.setdefault((tax, line.net.amount >= 0), []).append(line.net)
    left = vat.tax
    for number, ((tax, is_invoiced), nets) in enumerate(bases.items(), start=1):
        base = Money.total(nets, invoice.currency)
        amount = left if number == len(bases) else vat.rate.tax_on(base)
        left -= amount
        yield {
            "tax": tax.id,
            "account": tax.invoiced if is_invoiced else tax.credited,
            "description": tax.description,
            "base": decimal(base.amount),
            "amount": decimal(amount.amount),
            "manual": False,
            **({"legal_notice": tax.legal_notice} if tax.legal_notice else {}),
        }


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _short(number: Decimal) -> str:
    """Return the number without needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
