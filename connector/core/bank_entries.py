"""The time bank statement with every entry behind what was used (Leistungsnachweis, domain 4.10)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from connector.core.agreement import Agreement
from connector.core.allowance import BalanceError
from connector.core.catalogue import Item, ItemUnit, grains_of
from connector.core.feeding import Feeding, Group, metrics_of
from connector.core.offer import Project
from connector.core.problems import Problem
from connector.core.proration import terms_by_period
from connector.core.readings import Metric
from connector.core.retainer import time_banks
from connector.core.retainer_check import terms_problems
from connector.core.retainer_terms import RetainerTerms
from connector.core.time_rounding import RoundedPer
from connector.core.timebank import BankStatement
from connector.core.timesheet import TimeEntry
from connector.core.work import GroupBy, work_of


@dataclass(frozen=True, slots=True)
class BankEntry:
    """What counts on an item: an entry of time, or a reading of the metric it is fed by.

    Time has `booked` seconds, and `counted` ones after rounding per entry. A reading has `units`, and the name of its
    metric as `text`.
    """

    id: str
    day: date
    person: str
    project: str
    project_name: str
    activity: str
    text: str
    origin: str
    booked: int = 0
    counted: int = 0
    units: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PeriodStatement:
    """One item in one period, with its entries by day.

    `rounding` are the seconds by which their sum is rounded where that is agreed per day or line, else 0.
    """

    bank: BankStatement
    entries: tuple[BankEntry, ...]
    rounding: int = 0


@dataclass(frozen=True, slots=True)
class TimeBank:
    """All statements of a retainer, item by item, oldest first, and what is wrong or worth knowing.

    While a problem holds there are none: they would be guessed.
    """

    agreement: Agreement
    terms: RetainerTerms
    as_of: date
    statements: tuple[PeriodStatement, ...]
    problems: tuple[Problem, ...]

    @property
    def held(self) -> bool:
        """Tell whether a problem keeps the statements back."""
        return any(problem.holds for problem in self.problems)

    def items(self) -> Iterator[tuple[Item, tuple[PeriodStatement, ...]]]:
        """Yield each item, as it is in its last period, with its statements."""
        for _, group in groupby(self.statements, key=lambda each: each.bank.item.id):
            found = tuple(group)
            yield found[-1].bank.item, found


@dataclass(frozen=True, slots=True)
class TimeSheet:
    """What was booked on the projects of an agreement and below, of any kind and day, and all metrics."""

    entries: Sequence[TimeEntry]
    metrics: Sequence[Metric]
    projects: Mapping[str, Project]


def time_bank(agreement: Agreement, terms: RetainerTerms, sheet: TimeSheet, feeding: Feeding, as_of: date) -> TimeBank:
    """Return the time bank up to the day, as today's knowledge has it.

    `feeding` knows the time of the other agreements on these projects, so that time counted twice is found. Raises
    BalanceError where entries do not add up to what was used: a fault of the program, never of the data.
    """
    if wrong := terms_problems(agreement, terms):
        return TimeBank(agreement, terms, as_of, (), tuple(wrong))
    entries = [entry for entry in sheet.entries if entry.day <= as_of]
    metrics = [metric for metric in metrics_of(agreement, sheet.metrics, sheet.projects) if metric.on <= as_of]
    work, _ = work_of(entries, GroupBy.PERSON, terms.rounding, approved_only=False)
    usage, unfed = feeding.usage(agreement, work, metrics)
    banks, problems = time_banks(agreement, terms, terms_by_period(terms, as_of), usage, as_of)
    problems += [*unfed, *(problem for problem in feeding.fed_twice() if problem.agreement == agreement.id)]
    if any(problem.holds for problem in problems):
        return TimeBank(agreement, terms, as_of, (), tuple(problems))
    behind = _Sorter(agreement, feeding, banks).sort(entries, metrics)
    statements = (_detailed(terms, bank, behind, sheet.projects) for bank in banks)
    return TimeBank(agreement, terms, as_of, tuple(statements), tuple(problems))


def time_behind(
    agreement: Agreement, feeding: Feeding, banks: Sequence[BankStatement], entries: Iterable[TimeEntry]
) -> dict[tuple[str, str], list[TimeEntry]]:
    """Return the entries that count, by item and name of the period, in the order they come."""
    sorter = _Sorter(agreement, feeding, banks)
    told = sorter.sort(entries, ())
    return {key: [each for each in found if isinstance(each, TimeEntry)] for key, found in told.items()}


Told = TimeEntry | Metric

_Key = tuple[str, str]
"""Item and name of the period."""


class _Sorter:
    """Tells for each entry and reading which item and period it counts in."""

    def __init__(self, agreement: Agreement, feeding: Feeding, banks: Sequence[BankStatement]) -> None:
        self.agreement = agreement
        self.feeding = feeding
        self.items: dict[Group, str | None] = {}
        self.metrics = {feed.metric: feed.item for feed in agreement.feeds if feed.metric}
        periods = {bank.period.covered.start: bank.period for bank in banks}
        self.periods = [periods[start] for start in sorted(periods)]
        self.starts = sorted(periods)

    def sort(self, entries: Iterable[TimeEntry], metrics: Iterable[Metric]) -> dict[_Key, list[Told]]:
        behind: dict[_Key, list[Told]] = {}
        counted = (entry for entry in entries if entry.billable and entry.seconds is not None)
        for told, day, item in (*self._of_time(counted), *self._of_metrics(metrics)):
            index = bisect_right(self.starts, day) - 1
            if item is not None and index >= 0 and day in self.periods[index].covered:
                behind.setdefault((item, self.periods[index].name), []).append(told)
        return behind

    def _of_time(self, entries: Iterable[TimeEntry]) -> Iterator[tuple[Told, date, str | None]]:
        for entry in entries:
            group = (entry.project, entry.activity, entry.position)
            if group not in self.items:
                feed = self.feeding.feed(self.agreement, group)
                self.items[group] = None if feed is None else feed.item
            yield entry, entry.day, self.items[group]

    def _of_metrics(self, metrics: Iterable[Metric]) -> Iterator[tuple[Told, date, str | None]]:
        for metric in metrics:
            yield metric, metric.on, self.metrics.get(metric.name)


def _detailed(
    terms: RetainerTerms, bank: BankStatement, behind: Mapping[_Key, Sequence[Told]], projects: Mapping[str, Project]
) -> PeriodStatement:
    """Return the statement with its entries; none where what was booked could not be measured and so did not count."""
    told = behind.get((bank.item.id, bank.period.name), ()) if bank.consumed.entries else ()
    entries = sorted((_entry(each, terms, projects) for each in told), key=lambda each: (each.day, each.id))
    time = _time(terms, bank.item, [each for each in told if isinstance(each, TimeEntry)])
    units = grains_of(sum([each.units or Decimal(0) for each in entries]), ItemUnit.UNITS, terms.currency)
    if (len(entries), time, units) != (bank.consumed.entries, *_measured(bank)):
        message = f"{len(entries)} entries, {time} and {units} units, are not what was used: {bank}"
        raise BalanceError(message)
    return PeriodStatement(bank, tuple(entries), sum(time.values()) - sum([each.counted for each in entries]))


def _time(terms: RetainerTerms, item: Item, entries: Sequence[TimeEntry]) -> dict[str, int]:
    """Return the seconds of the entries as the item counts them, rounded as agreed: by role if it is money."""
    work, _ = work_of(entries, GroupBy.PERSON, terms.rounding, approved_only=False)
    by_role: dict[str, int] = {}
    for each in work:
        role = each.activity if item.unit is ItemUnit.AMOUNT else ""
        by_role[role] = by_role.get(role, 0) + each.seconds
    return {role: terms.rounding.at(RoundedPer.LINE, seconds) for role, seconds in by_role.items()}


def _measured(bank: BankStatement) -> tuple[dict[str, int], int]:
    """Return the seconds by role, and the thousandths of units, that the bank says were used."""
    used, counted = bank.movement.used, bool(bank.consumed.entries)
    if bank.item.unit is ItemUnit.UNITS:
        return {}, used
    if bank.item.unit is ItemUnit.HOURS:
        return {"": used} if counted else {}, 0
    return {part.role: part.seconds for part in bank.consumed.roles}, 0


def _entry(told: Told, terms: RetainerTerms, projects: Mapping[str, Project]) -> BankEntry:
    project = projects.get(told.project)
    name = told.project if project is None else project.name
    if isinstance(told, Metric):
        return BankEntry("", told.on, "", told.project, name, "", told.name, told.origin, units=told.value)
    seconds = told.seconds or 0
    return BankEntry(
        told.id,
        told.day,
        told.person,
        told.project,
        name,
        told.activity,
        told.text,
        told.origin,
        booked=seconds,
        counted=terms.rounding.at(RoundedPer.ENTRY, seconds),
    )
