"""How the time of an agreement is summed before it is billed: no finer than its terms ask for (domain 4.3, 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from connector.core.agreement import Terms
from connector.core.cycle import BillingCalendar, Cycle
from connector.core.materials_terms import MaterialsTerms
from connector.core.retainer_terms import RetainerTerms
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.core.work import GroupBy


@dataclass(frozen=True, slots=True)
class Summing:
    """What is summed into one `Work`: time of one project, position and activity, and more where that is asked for.

    `daily` None keeps the days apart; else only those of the months named by their first days, and all other months
    are one sum each, dated to the first. Time that is rounded per day must be kept by day and by person.
    """

    rounding: TimeRounding = field(default_factory=TimeRounding)
    daily: frozenset[date] | None = None
    by_person: bool = True
    by_entry: bool = False
    approved_only: bool = False

    def __post_init__(self) -> None:
        """Refuse sums that round what they no longer tell apart."""
        if _rounds_days(self.rounding) and (self.daily is not None or not self.by_person):
            message = "time that is rounded per day is summed by day and person"
            raise ValueError(message)


def summing_of(terms: Terms) -> Summing | None:
    """Return how the time of an agreement with these terms is summed, None where its terms bill no time."""
    if isinstance(terms, RetainerTerms):
        return Summing(
            terms.rounding,
            None if _rounds_days(terms.rounding) else _months_cut(terms.calendar, _bounds(terms)),
            by_person=_rounds_days(terms.rounding),
        )
    if isinstance(terms, MaterialsTerms):
        alone = terms.group_by is GroupBy.ENTRY
        changes = (card.valid_from for card in terms.rates)
        return Summing(
            terms.rounding,
            None if alone or _rounds_days(terms.rounding) else _months_cut(terms.calendar, [*_bounds(terms), *changes]),
            by_entry=alone,
            approved_only=terms.approved_only,
        )
    return None


def _rounds_days(rounding: TimeRounding) -> bool:
    return rounding.per is RoundedPer.DAY and rounding.mode is not RoundingMode.NONE


def _bounds(terms: RetainerTerms | MaterialsTerms) -> Iterator[date]:
    yield terms.start
    if terms.end is not None:
        yield terms.end


def _months_cut(calendar: BillingCalendar, days: Iterable[date]) -> frozenset[date] | None:
    """Return the months that something begins or ends in the middle of, None where every period does."""
    if calendar.cycle is Cycle.WEEK or calendar.anchor.day != 1:
        return None
    return frozenset(day.replace(day=1) for day in days if day.day != 1)
