"""What is still to come: open items by age, and how long customers take (domain 10.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from connector.core.money import Money, rounded
from connector.core.payment import Dunning, PaymentState

AGES = (0, 30, 60, 90)
"""The buckets end so many days after the due date; what is older stands in the last."""

DSO_DAYS = 90
"""Days sales outstanding looks at the sales of so many days."""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document with what it asks for, gross, and what of that is still `open`; a credit is below zero.

    `paid_on` is the day of the last payment. `dunning` is None and `word` '' where the accounting system does not say.
    `corrects` is the number of the document that a correction takes back; a document that was taken back is
    `cancelled`.
    """

    key: str
    number: str
    customer: str
    issue_date: date
    due_date: date
    gross: Money
    open: Money
    agreement: str = ""
    state: PaymentState = PaymentState.OPEN
    paid_on: date | None = None
    dunning: Dunning | None = None
    word: str = ""
    corrects: str = ""
    cancelled: bool = False

    def days_overdue(self, on: date) -> int:
        """Return the days since the due date, 0 before it and on it."""
        return max(0, (on - self.due_date).days)


@dataclass(frozen=True, slots=True)
class Aging:
    """Open amounts of one currency: `not_due`, and one per bucket (1–30, 31–60, 61–90, over 90 days)."""

    currency: str
    buckets: tuple[Money, ...]

    @property
    def total(self) -> Money:
        """Return all that is open."""
        return Money.total(self.buckets, self.currency)


def set_off(items: Iterable[OpenItem]) -> list[OpenItem]:
    """Return the items with every correction set off against the document it takes back.

    What is left of both, mostly nothing, is open on the correction. What was cancelled and has no correction never was
    in accounting, and is left out.
    """
    items = list(items)
    correcting = {item.corrects for item in items if item.corrects}
    taken_back = {item.number: item for item in items if item.cancelled and item.number in correcting}
    return [_after_set_off(item, taken_back) for item in items if not item.cancelled or item.number in taken_back]


def _after_set_off(item: OpenItem, taken_back: Mapping[str, OpenItem]) -> OpenItem:
    if item.cancelled:
        return replace(item, open=Money.zero(item.open.currency))
    if item.corrects in taken_back:
        return replace(item, open=item.open + taken_back[item.corrects].open)
    return item


def aging(items: Iterable[OpenItem], on: date) -> tuple[Aging, ...]:
    """Return the open amounts by days overdue on the day, per currency in alphabetical order."""
    found: dict[str, list[Money]] = {}
    for item in items:
        currency = item.open.currency
        buckets = found.setdefault(currency, [Money.zero(currency)] * (len(AGES) + 1))
        days = item.days_overdue(on)
        at = sum(days > end for end in AGES)
        buckets[at] += item.open
    return tuple(Aging(currency, tuple(found[currency])) for currency in sorted(found))


def days_sales_outstanding(items: Iterable[OpenItem], currency: str, on: date) -> Decimal | None:
    """Return what is open ÷ the gross sales of the last 90 days × 90, one decimal; None without sales.

    `items` are all documents issued on or before the day, settled ones included, in any currency.
    """
    ours = [item for item in items if item.gross.currency == currency and item.issue_date <= on]
    since = on - timedelta(days=DSO_DAYS)
    sales = Money.total((item.gross for item in ours if item.issue_date > since), currency)
    if sales.amount <= 0:
        return None
    still_open = Money.total((item.open for item in ours), currency)
    return rounded(Fraction(still_open.amount) * DSO_DAYS / Fraction(sales.amount), 1)


@dataclass(frozen=True, slots=True)
class Receivables:
    """What is still to come on a day: open items by due date, their ages, and the days customers take, by currency."""

    on: date
    items: tuple[OpenItem, ...]
    aging: tuple[Aging, ...]
    days_sales_outstanding: Mapping[str, Decimal]


def receivables(documents: Iterable[OpenItem], on: date) -> Receivables:
    """Return what is open of the documents; of `documents`, also what was sold in the last 90 days and is settled.

    Amounts are those known today, whatever the day; days are counted to it.
    """
    netted = set_off(documents)
    still_open = sorted((item for item in netted if item.open), key=lambda item: (item.due_date, item.number))
    days = {currency: days_sales_outstanding(netted, currency, on) for currency in {i.gross.currency for i in netted}}
    told = {currency: each for currency, each in sorted(days.items()) if each is not None}
    return Receivables(on, tuple(still_open), aging(still_open, on), told)
