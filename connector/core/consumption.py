"""What was consumed of each item in each period: time, units, or hours at role rates (domain 4.3)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from connector.core.agreement import Agreement
from connector.core.catalogue import Item, ItemUnit, grains_of, shown
from connector.core.metric_problems import metric_missing
from connector.core.money import Money
from connector.core.pricing import Priced, by_hours, rounded_hours, shown_price
from connector.core.problems import Problem, Severity
from connector.core.proration import PeriodTerms
from connector.core.reason import Reason, step
from connector.core.retainer_terms import RetainerTerms
from connector.core.suggest import did_you_mean
from connector.core.time_rounding import RoundedPer


class Usage(NamedTuple):
    """The consumption of one item on one day: the sum of billable entries, rounded per entry or day where so agreed.

    Either `seconds` (with the `role` whose rate prices them, for items counted in money) or `units`, at most three
    decimals. `entries` is how many there were. A sum may span days that lie in one period and under one version of
    the terms.
    """

    item: str
    day: date
    seconds: int | None = None
    units: Decimal | None = None
    role: str = ""
    entries: int = 1


class RoleHours(NamedTuple):
    """The time of one role, and what it comes to at the role's rate."""

    role: str
    seconds: int
    priced: Priced


@dataclass(frozen=True, slots=True)
class Consumed:
    """The sum of an item in a period, in grains; `roles` are the hours it comes from if it is counted in money."""

    grains: int = 0
    entries: int = 0
    roles: tuple[RoleHours, ...] = ()

    def reason(self, item: Item, currency: str) -> Reason:
        """Return the steps to the sum."""
        return (
            *(
                step(
                    "consumed_role",
                    role=part.role,
                    amount=shown(part.seconds, ItemUnit.HOURS, currency),
                    printed=rounded_hours(part.seconds, part.priced),
                    price=shown_price(item.role_rates[part.role], currency),
                    net=part.priced.net,
                )
                for part in self.roles
            ),
            step("consumed", item=item.label, used=shown(self.grains, item.unit, currency), entries=self.entries),
        )


NOTHING_CONSUMED = Consumed()

Consumption = Mapping[tuple[str, int], Consumed]
"""What was consumed by item and index of the period."""


class _Tally:
    """Sums of usage, before its item says what they are worth."""

    def __init__(self) -> None:
        self.seconds: dict[str, int] = {}
        self.units: Decimal | None = None
        self.entries = 0

    def add(self, seconds: int | None, units: Decimal | None, role: str, entries: int) -> None:
        if seconds is not None:
            self.seconds[role] = self.seconds.get(role, 0) + seconds
        if units is not None:
            self.units = units + (self.units or 0)
        self.entries += entries


def consumption(
    agreement: Agreement, terms: RetainerTerms, periods: Sequence[PeriodTerms], usage: Iterable[Usage], as_of: date
) -> tuple[Consumption, list[Problem]]:
    """Return what was consumed up to `as_of`, and what is wrong with it.

    Usage outside the retainer's time, or of an item its terms do not have at that time, is not billed here: a notice.
    So is what is wrong in a period that has not closed: nothing of it is billed yet.
    """
    tallies, outside = _tallied(periods, usage, as_of)
    consumed: dict[tuple[str, int], Consumed] = {}
    problems = []
    for (item_id, index), tally in sorted(tallies.items()):
        item = periods[index].item(item_id)
        if item is None:
            outside[item_id] = outside.get(item_id, 0) + tally.entries
            continue
        period = periods[index].period
        measured = _measured(agreement, terms, item, tally, period.name)
        if isinstance(measured, Problem):
            problems.append(measured if period.closed(as_of) else replace(measured, severity=Severity.NOTICE))
        else:
            consumed[item_id, index] = measured
    problems += _unread(agreement, periods, tallies, as_of)
    known = terms.item_ids
    problems += [_left_out(agreement, item_id, entries, known) for item_id, entries in sorted(outside.items())]
    return consumed, problems


def _unread(
    agreement: Agreement, periods: Sequence[PeriodTerms], tallies: Mapping[tuple[str, int], _Tally], as_of: date
) -> Iterator[Problem]:
    """Yield a problem for every closed period in which the metric that counts an item was not read (domain 4.9)."""
    metrics = {feed.item: feed.metric for feed in agreement.feeds if feed.metric}
    for item_id, metric in metrics.items():
        for index, held in enumerate(periods):
            if held.period.closed(as_of) and (item_id, index) not in tallies and (item := held.item(item_id)):
                yield metric_missing(agreement, (item.id, item.label), metric, held.period.name)


def _tallied(
    periods: Sequence[PeriodTerms], usage: Iterable[Usage], as_of: date
) -> tuple[dict[tuple[str, int], _Tally], dict[str, int]]:
    """Return the sums by item and index of the period, and how many entries of each item lie outside all periods."""
    starts = [held.period.covered.start for held in periods]
    end = periods[-1].period.covered.end if periods else date.min
    tallies: dict[tuple[str, int], _Tally] = {}
    outside: dict[str, int] = {}
    for item_id, day, seconds, units, role, entries in usage:
        if day > as_of:
            continue
        index = bisect_right(starts, day) - 1
        if index < 0 or day >= end:
            outside[item_id] = outside.get(item_id, 0) + entries
        else:
            tally = tallies.get((item_id, index))
            if tally is None:
                tally = tallies[item_id, index] = _Tally()
            tally.add(seconds, units, role, entries)
    return tallies, outside


def _measured(agreement: Agreement, terms: RetainerTerms, item: Item, tally: _Tally, period: str) -> Consumed | Problem:
    """Return the sum in the item's grains, or why it has none."""
    place = f"{agreement.place} {item.id} {period}"
    if (item.unit is ItemUnit.UNITS and tally.seconds) or (item.unit is not ItemUnit.UNITS and tally.units is not None):
        booked = ItemUnit.HOURS if item.unit is ItemUnit.UNITS else ItemUnit.UNITS
        message = f"item {item.id} has its allowance in {item.unit}, but {period} has entries in {booked}"
        hint = "feed the item from entries of its own unit, or change its unit"
        return Problem("AllowanceUnitMismatch", message, place, hint, agreement=agreement.id)
    if missing := [role for role in tally.seconds if item.unit is ItemUnit.AMOUNT and role not in item.role_rates]:
        names = ", ".join(repr(role) for role in sorted(missing))
        message = f"item {item.id} is a budget, but {period} has hours of roles without a rate: {names}"
        return Problem("RoleRateMissing", message, place, "add them to the item's role rates", agreement=agreement.id)
    try:
        consumed = _sum(terms, item, tally)
    except ValueError as error:
        return Problem(
            "UnitsTooFine", f"item {item.id} in {period}: {error}", place, "correct the units", agreement=agreement.id
        )
    if consumed.grains < 0:
        message = f"item {item.id} in {period} was used {shown(consumed.grains, item.unit, terms.currency)}"
        hint = "correct the entries; time taken back belongs into the period it was booked in"
        return Problem("UsageBelowZero", message, place, hint, agreement=agreement.id)
    return consumed


def _sum(terms: RetainerTerms, item: Item, tally: _Tally) -> Consumed:
    """Return the sum in grains; time is rounded here where it is rounded per line. ValueError for units too fine."""
    if item.unit is ItemUnit.AMOUNT:
        return _priced_hours(terms, item, tally)
    if item.unit is ItemUnit.HOURS:
        grains = terms.rounding.at(RoundedPer.LINE, sum(tally.seconds.values()))
    else:
        grains = grains_of(tally.units or 0, item.unit, terms.currency)
    return Consumed(grains, tally.entries)


def _priced_hours(terms: RetainerTerms, item: Item, tally: _Tally) -> Consumed:
    """Return hours × role rate, each role priced like a line of a document (domain 1.6, 4.3)."""
    roles = []
    for role, booked in sorted(tally.seconds.items()):
        seconds = terms.rounding.at(RoundedPer.LINE, booked)
        roles.append(RoleHours(role, seconds, by_hours(seconds, item.role_rates[role], terms.currency, terms.pricing)))
    total = Money.total((part.priced.net for part in roles), terms.currency)
    return Consumed(grains_of(total.amount, item.unit, terms.currency), tally.entries, tuple(roles))


def _left_out(agreement: Agreement, item_id: str, entries: int, known: Sequence[str]) -> Problem:
    """Return the problem of usage that no terms cover: of an unknown item it holds, otherwise it is a notice."""
    place = f"{agreement.place} {item_id}"
    if item_id not in known:
        message = f"{entries} entries feed item {item_id!r}, which agreement {agreement.id} does not have"
        return Problem("UnknownItem", message, place, did_you_mean(item_id, known), agreement=agreement.id)
    return Problem(
        "UsageNotCovered",
        f"{entries} entries on item {item_id} lie on days when agreement {agreement.id} does not cover it; not billed",
        place,
        "correct their days or project, or bill them otherwise",
        Severity.NOTICE,
        agreement.id,
    )
