"""What DATEV's books say of an open item, from whatever reader, and what that says of a document (domain 10.1).

DATEV keeps open items by debtor and Belegfeld 1, which is the number of our document. Amounts are those of the books.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.core.money import Money
from connector.core.payment import Dunning, PaymentState, PaymentStatus
from connector.core.ports import Receipt
from connector.core.problems import Problem

TECHNICAL_DIGITS = 9
"""Debtor numbers have so many digits in DATEV's interfaces: short ones get zeros at their end."""


@dataclass(frozen=True, slots=True)
class Item:
    """One open item: what is still open (of a credit below zero), and what was booked on the side of what is open.

    `booked` None is not known; `paid_on` is the day of the last payment. `word` is DATEV's own, or where it was read.
    """

    debtor: str
    number: str
    open: Money
    booked: Money | None = None
    paid_on: date | None = None
    dunning: Dunning | None = None
    word: str = ""

    @property
    def state(self) -> PaymentState:
        """Return paid, where nothing is open; open, where nothing was paid on it; else paid in part."""
        if not self.open:
            return PaymentState.PAID
        untouched = self.booked is None or abs(self.booked.amount) == abs(self.open.amount)
        return PaymentState.OPEN if untouched else PaymentState.PART_PAID


def statuses_of(receipts: Sequence[Receipt], items: Iterable[Item]) -> Iterator[PaymentStatus | Problem]:
    """Yield what the items say of the documents with these numbers; of the others, nothing is known.

    A number that two debtors have is a Problem: a person may have used it by hand.
    """
    found = _by_number(items)
    for receipt in receipts:
        match found.get(receipt.number, []) if receipt.number else []:
            case [item]:
                yield PaymentStatus(receipt.key, item.state, item.open, item.paid_on, None, item.dunning, item.word)
            case [first, second, *_]:
                message = f"debtors {first.debtor} and {second.debtor} both have an open item {receipt.number}"
                hint = "correct Belegfeld 1 of the one that is not ours"
                yield Problem("AmbiguousOpenItem", message, f"document {receipt.number}", hint)


def _by_number(items: Iterable[Item]) -> Mapping[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.number, []).append(item)
    return found


def debtor_of(account: object, debtors: range) -> str:
    """Return the debtor's number as the mapping has it, of one in DATEV's nine digits; '' for any other account."""
    digits = len(str(debtors.start))
    scale = 10 ** (TECHNICAL_DIGITS - digits)
    if not isinstance(account, int | str) or not str(account).isdecimal():
        return ""
    number, rest = divmod(int(account), scale)
    return str(number) if number in debtors and not rest else ""


def technical(debtor: int) -> int:
    """Return the debtor's number in DATEV's nine digits."""
    return int(str(debtor).ljust(TECHNICAL_DIGITS, "0"))


def money_of(value: object, currency: str) -> Money:
    """Return the amount; ValueError where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        message = f"{value!r} is no amount"
        raise ValueError(message)  # noqa: TRY004 - a fault of what came, like any other
    return Money.exactly(Decimal(value), currency)
