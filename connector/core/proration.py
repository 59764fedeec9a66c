"""Which terms hold on which days of a period, and what part of a full period that is (domain 4.7)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from connector.core.catalogue import Item, ItemUnit
from connector.core.cycle import BillingPeriod
from connector.core.money import rounded_units
from connector.core.period import Period
from connector.core.retainer_terms import Proration, RetainerTerms, TermsVersion, VariablePart

_GRANTED_IN = {ItemUnit.HOURS: 60, ItemUnit.UNITS: 1000, ItemUnit.AMOUNT: 1}
"""A prorated allowance is rounded to so many grains: whole minutes, units, minor units of the currency."""


def spans(starts: Sequence[date], period: BillingPeriod, proration: Proration) -> Iterator[tuple[Period, int]]:
    """Yield the covered days of the period cut where other terms begin, with the index of the terms.

    `starts` are the first days of the terms, none after the period's first. Where nothing is prorated by days, the
    terms of the first covered day hold for all of them.
    """
    covered = period.covered
    index = bisect_right(starts, covered.start) - 1
    if index + 1 == len(starts) or proration is not Proration.DAY_EXACT:
        yield covered, index
        return
    first = covered.start
    while first < covered.end:
        following = starts[index + 1] if index + 1 < len(starts) else covered.end
        end = min(following, covered.end)
        yield Period(first, end), index
        first, index = end, index + 1


def days_charged(period: BillingPeriod, days: Period, proration: Proration) -> int:
    """Return how many days of the whole period are charged for these covered days."""
    if proration is Proration.DAY_EXACT:
        return days.days
    return period.whole.days if proration is Proration.FULL or period.full else 0


@dataclass(frozen=True, slots=True)
class PeriodTerms:
    """The versions of the terms that hold in a period, each with its days, in order.

    Fee and allowance are prorated over them; all else follows the last version of the period that has the item or
    part: consumption cannot be told apart by days.
    """

    period: BillingPeriod
    versions: tuple[tuple[Period, TermsVersion], ...]
    proration: Proration

    def item(self, item_id: str) -> Item | None:
        """Return the terms of the item, None where it does not belong to the retainer in this period."""
        for _, version in reversed(self.versions):
            if (item := version.item(item_id)) is not None:
                return item
        return None

    def variable(self) -> Iterator[tuple[Sequence[Period], VariablePart]]:
        """Yield the variable parts with the days they hold on, of each version that has the part."""
        held: dict[str, tuple[list[Period], VariablePart]] = {}
        for days, version in self.versions:
            for part in version.variable:
                spans, _ = held.get(part.id, ([], part))
                held[part.id] = [*spans, days], part
        yield from held.values()

    def granted(self, item_id: str) -> int:
        """Return the item's allowance in grains: of a full period as it is, else by days and rounded once.

        Hours are rounded to whole minutes (domain 4.7), units to whole units, amounts to whole minor units.
        """
        if len(self.versions) == 1 and self.period.full:  # as most periods are
            item = self.item(item_id)
            return 0 if item is None else item.allowance
        item, parts = self.item(item_id), list(self.granted_parts(item_id))
        if item is None:
            return 0
        if sum(part for _, _, part in parts) == 1 and all(allowance == parts[0][1] for _, allowance, _ in parts):
            return parts[0][1]
        grains = _GRANTED_IN[item.unit]
        exact = sum((allowance * part for _, allowance, part in parts), Fraction(0))
        return rounded_units(exact / grains, 0) * grains

    def granted_parts(self, item_id: str) -> Iterator[tuple[Period, int, Fraction]]:
        """Yield the days of each version that has the item, its allowance, and the part of it they are granted."""
        for days, version in self.versions:
            if (item := version.item(item_id)) is not None:
                charged = days_charged(self.period, days, self.proration)
                yield days, item.allowance, Fraction(charged, self.period.whole.days)


def terms_by_period(terms: RetainerTerms, as_of: date) -> list[PeriodTerms]:
    """Return the periods that began by `as_of` with their terms, and the one after these if the retainer goes on."""
    starts = [version.valid_from for version in terms.versions]
    return [
        PeriodTerms(
            period,
            tuple((days, terms.versions[index]) for days, index in spans(starts, period, terms.proration)),
            terms.proration,
        )
        for period in terms.calendar.periods(terms.start, terms.end, as_of)
    ]
