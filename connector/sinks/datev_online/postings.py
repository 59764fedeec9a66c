"""What postings come to, by debtor and Belegfeld 1: what was billed, what was paid of it, and what was taken back.

Seen from the debtor, an invoice is a debit and a payment a credit. A debit after the first payment is one that bounced;
a Generalumkehr takes away on its own side. Of a credit note the sides are turned.

A posting that names the debtor as its contra account alone may show its amount with or without VAT; DATEV's documents
do not say. So of such ones only what is true either way is told: that a document is paid. A part payment is a notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from connector.core.money import Money
from connector.core.problems import Problem, Severity
from connector.datev.items import Item, debtor_of, money_of

WORD = "postings"

Key = tuple[str, str]
"""Debtor and number."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting as the debtor sees it; `rate` is its VAT rate in percent, 0 where it names none."""

    day: date
    is_debit: bool
    amount: Money
    rate: Decimal

    @property
    def with_vat(self) -> Money:
        """Return the amount with VAT added, as it is if it was shown without."""
        return Money.of(Fraction(self.amount.amount) * (1 + Fraction(self.rate) / 100), self.amount.currency)


@dataclass(slots=True)
class Ledger:
    """Gathers the postings of some documents, by their numbers."""

    debtors: range
    currency: str
    wanted: set[str]
    _own: dict[Key, list[Entry]] = field(default_factory=dict)
    _contra: dict[Key, list[Entry]] = field(default_factory=dict)
    _faults: dict[Key, Problem] = field(default_factory=dict)

    def add(self, posting: Mapping[str, Any]) -> None:
        """Take the posting in, if it is on one of the documents."""
        number = posting.get("documentField1")
        if number not in self.wanted:
            return
        if debtor := debtor_of(posting.get("accountNumber"), self.debtors):
            entries, is_contra = self._own, False
        elif debtor := debtor_of(posting.get("contraAccountNumber"), self.debtors):
            entries, is_contra = self._contra, True
        else:
            return
        key = debtor, str(number)
        try:
            entries.setdefault(key, []).extend(self._entries(posting, is_contra=is_contra))
        except ValueError as error:
            hint = "look at the postings in DATEV Rechnungswesen"
            self._faults[key] = Problem("OpenItemUnreadable", f"posting of {number}: {error}", f"debtor {debtor}", hint)

    def items(self) -> Iterator[Item | Problem]:
        """Yield what the postings of each document come to."""
        yield from self._faults.values()
        for key in (self._own | self._contra).keys() - self._faults.keys():
            if key in self._own:
                yield _item(key, self._own[key])
            elif (found := _item_of_contra(key, self._contra[key])) is not None:
                yield found

    def _entries(self, posting: Mapping[str, Any], *, is_contra: bool) -> Iterator[Entry]:
        """Yield the posting as entries; ValueError where it cannot be understood, or is in foreign money."""
        if posting.get("exchangeRate") is not None or posting.get("currencyCode", self.currency) != self.currency:
            message = f"it is not in {self.currency}"
            raise ValueError(message)
        day = date.fromisoformat(str(posting.get("date")))
        rate = posting.get("taxRate", 0)
        for name in ("amountDebit", "amountCredit"):
            if posting.get(name) is None:
                continue
            amount = money_of(posting[name], self.currency)
            if posting.get("generalReversal") is True and amount.amount > 0:
                amount = -amount
            yield Entry(day, (name == "amountDebit") != is_contra, amount, Decimal(rate))


def _sides(entries: Sequence[Entry]) -> tuple[int, list[Entry], list[Entry]]:
    """Return the sign of the document (-1 for a credit note), what bills it, and what pays it or takes that back."""
    ordered = sorted(entries, key=lambda each: (each.day, not each.is_debit))
    bills_by_debit = ordered[0].is_debit
    paying = [each for each in ordered if each.is_debit != bills_by_debit]
    first_paid = min((each.day for each in paying), default=date.max)
    billing = [each for each in ordered if each.is_debit == bills_by_debit]
    bounced = [each for each in billing if each.day > first_paid and each.amount.amount > 0]
    return 1 if bills_by_debit else -1, [each for each in billing if each not in bounced], paying + bounced


def _paid(billing: Sequence[Entry], rest: Sequence[Entry]) -> Money:
    by_debit, currency = billing[0].is_debit, billing[0].amount.currency
    return Money.total((-each.amount if each.is_debit == by_debit else each.amount for each in rest), currency)


def _item(key: Key, entries: Sequence[Entry]) -> Item:
    sign, billing, rest = _sides(entries)
    billed = Money.total((each.amount for each in billing), billing[0].amount.currency)
    still_open = billed - _paid(billing, rest)
    return Item(*key, still_open if sign > 0 else -still_open, billed, _paid_on(rest), word=WORD)


def _item_of_contra(key: Key, entries: Sequence[Entry]) -> Item | Problem | None:
    """Return what is true whether amounts are with or without VAT; None where nothing was paid."""
    if not any(each.rate for each in entries):
        return _item(key, entries)
    _, billing, rest = _sides(entries)
    paid, currency = _paid(billing, rest), billing[0].amount.currency
    shown, with_vat = (
        Money.total(amounts, currency)
        for amounts in ((each.amount for each in billing), (each.with_vat for each in billing))
    )
    if not paid:
        return None
    if paid in (shown, with_vat):
        return Item(*key, Money.zero(currency), paid, _paid_on(rest), word=WORD)
    message = f"{paid} were paid of {shown} or {with_vat}: DATEV does not say whether its amounts are with VAT"
    hint = "look at the open item in DATEV Rechnungswesen"
    return Problem("PartPaymentUnclear", message, f"document {key[1]}", hint, Severity.NOTICE)


def _paid_on(rest: Sequence[Entry]) -> date | None:
    return max((each.day for each in rest), default=None)
