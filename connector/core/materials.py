"""What time and materials cost: a line per group and rate in every period, up to a limit (domain 5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

from connector.core.agreement import Agreement
from connector.core.charge import Charge, ChargeKind
from connector.core.cycle import BillingPeriod
from connector.core.materials_terms import MaterialsTerms
from connector.core.money import Money
from connector.core.offer import Project
from connector.core.period import Period
from connector.core.pricing import Priced, by_hours, lump, price_fault, rounded_hours, shown_price
from connector.core.problems import Problem, Severity
from connector.core.progress import project_chain
from connector.core.rates import Rate
from connector.core.reason import Reason, step
from connector.core.time_rounding import RoundedPer
from connector.core.work import GroupBy, Work

NO_GROUP = "-"
"""Stands in a charge's key for work that names no position, activity or person."""


@dataclass(frozen=True, slots=True)
class MaterialsAssessment:
    """All charges, oldest first, what waits because of `not_to_exceed`, and what is wrong.

    Charges whose `billed_with` lies after the day of the run are still to come. While a problem holds, some are
    missing: then nothing may be billed.
    """

    charges: tuple[Charge, ...]
    waiting: Money
    problems: tuple[Problem, ...]


def assess_materials(
    agreement: Agreement,
    terms: MaterialsTerms,
    work: Iterable[Work],
    projects: Mapping[str, Project],
    as_of: date,
    *,
    labels: Mapping[str, str] | None = None,
) -> MaterialsAssessment:
    """Return what the work up to `as_of` comes to, in every period begun by then.

    `work` is that of the agreement alone, of any time, in any order (see `work.work_of`); `labels` name positions.
    """
    sheet = MaterialsSheet(agreement, terms, projects, as_of, labels or {})
    problems = sheet.take(work)
    charges = [] if any(problem.holds for problem in problems) else sheet.charges()
    limited = list(_limited(charges, terms))
    billed = Money.total((charge.net for charge in limited if charge.billed_with <= as_of), terms.currency)
    waiting = Money.total((charge.net for charge in charges if charge.billed_with <= as_of), terms.currency) - billed
    if waiting:
        problems.append(_limit_reached(agreement, terms, waiting))
    return MaterialsAssessment(tuple(limited), waiting, tuple(problems))


class _Line:
    """The work of one group at one rate in one period."""

    def __init__(self, label: str, days: Period) -> None:
        self.label = label
        self.days = days
        self.seconds = 0
        self.entries = 0
        self.projects: set[str] = set()
        self.rates: set[Rate] = set()

    def add(self, work: Work, rate: Rate) -> None:
        self.seconds += work.seconds
        self.entries += work.entries
        self.projects.add(work.project)
        self.rates.add(rate)


class MaterialsSheet:
    """Work sorted into lines; `labels` name positions."""

    def __init__(
        self,
        agreement: Agreement,
        terms: MaterialsTerms,
        projects: Mapping[str, Project],
        as_of: date,
        labels: Mapping[str, str],
    ) -> None:
        self.agreement = agreement
        self.terms = terms
        self.projects = projects
        self.as_of = as_of
        self.labels = labels
        self.cards_from = [card.valid_from for card in terms.rates]
        self.periods = list(terms.calendar.periods(terms.start, terms.end, as_of))
        self.starts = [period.covered.start for period in self.periods]
        self.lines: dict[tuple[int, str, Decimal], _Line] = {}
        self._rates: dict[tuple[int, str, str, str, str], Rate | None] = {}

    def take(self, work: Iterable[Work]) -> list[Problem]:
        """Take the work in; return what has no rate or an impossible one, and how much lies outside the agreement.

        What has no rate holds nothing back while its period has not closed.
        """
        if impossible := _price_problems(self.agreement, self.terms):
            return impossible
        outside = 0
        unpriced: dict[tuple[bool, tuple[str, ...]], int] = {}
        for each in work:
            if each.day > self.as_of:
                continue
            index = self._index(each.day)
            if index is None:
                outside += each.entries
            elif (rate := self._rate(each)) is None:
                names = each.position, each.person, each.activity, each.project
                key = self.periods[index].closed(self.as_of), names
                unpriced[key] = unpriced.get(key, 0) + each.entries
            else:
                self._line(each, index, rate).add(each, rate)
        problems = [
            _rate_missing(self.agreement, names, entries, Severity.HOLD if closed else Severity.NOTICE)
            for (closed, names), entries in sorted(unpriced.items())
        ]
        return [*problems, _not_covered(self.agreement, outside)] if outside else problems

    def key(self, work: Work) -> str:
        """Return the key of the charge that the work is part of, '' for none."""
        index = self._index(work.day)
        if index is None or (rate := self._rate(work)) is None:
            return ""
        group = self._group(work)[0] or NO_GROUP
        return f"{self.agreement.id}/{self.periods[index].name}/{_part(group, rate.price)}"

    def charges(self) -> list[Charge]:
        """Return a charge per line, by period, group and price; no limit holds for them."""
        return [
            self._charge(self.periods[index], group, price, line)
            for (index, group, price), line in sorted(self.lines.items(), key=lambda each: each[0])
        ]

    def _index(self, day: date) -> int | None:
        """Return the place of the period the day lies in, None for none."""
        index = bisect_right(self.starts, day) - 1
        return index if index >= 0 and day < self.periods[-1].covered.end else None

    def _rate(self, work: Work) -> Rate | None:
        card = bisect_right(self.cards_from, work.day) - 1
        key = card, work.position, work.person, work.activity, work.project
        if key not in self._rates:
            chain = project_chain(work.project, self.projects)
            self._rates[key] = self.terms.rates[card].rate(work.position, work.person, work.activity, chain)
        return self._rates[key]

    def _line(self, work: Work, index: int, rate: Rate) -> _Line:
        group, label = self._group(work)
        key = index, group or NO_GROUP, rate.price
        if key not in self.lines:
            alone = self.terms.group_by is GroupBy.ENTRY
            days = Period.inclusive(work.day, work.day) if alone else self.periods[index].covered
            self.lines[key] = _Line(label or self.terms.label, days)
        return self.lines[key]

    def _group(self, work: Work) -> tuple[str, str]:
        """Return what names the work's line in the key, and what names it to people."""
        if self.terms.group_by is GroupBy.POSITION:
            return work.position, self.labels.get(work.position, work.position)
        if self.terms.group_by is GroupBy.ENTRY:
            return work.entry, work.text
        name = work.person if self.terms.group_by is GroupBy.PERSON else work.activity
        return name, name

    def _charge(self, period: BillingPeriod, group: str, price: Decimal, line: _Line) -> Charge:
        terms = self.terms
        seconds = terms.rounding.at(RoundedPer.LINE, line.seconds)
        priced = by_hours(seconds, price, terms.currency, terms.pricing)
        project = next(iter(line.projects)) if len(line.projects) == 1 else self.agreement.project
        return Charge(
            agreement=self.agreement.id,
            period_name=period.name,
            part=_part(group, price),
            kind=ChargeKind.TIME,
            label=line.label,
            project=project,
            service=terms.service,
            vat_class=terms.vat_class,
            priced=priced,
            period=line.days,
            billed_with=period.covered.end,
            explain=partial(_reason, line, seconds, priced, terms),
        )


def _part(group: str, price: Decimal) -> str:
    return f"time/{group}@{price.normalize():f}"


def _reason(line: _Line, seconds: int, priced: Priced, terms: MaterialsTerms) -> Reason:
    rates = sorted(line.rates, key=lambda rate: (rate.level, rate.of))
    price = shown_price(rates[0].price, terms.currency)
    return (
        *terms.rounding.reason,
        step("time_sum", seconds=seconds, entries=line.entries),
        *(step("rate", price=price, level=rate.level, of=rate.of) for rate in rates),
        step("time_priced", seconds=seconds, printed=rounded_hours(seconds, priced), price=price, net=priced.net),
    )


def _limited(charges: Iterable[Charge], terms: MaterialsTerms) -> Iterator[Charge]:
    """Yield the charges as far as the limit allows, oldest first; the one that reaches it is cut."""
    limit = terms.not_to_exceed
    if limit is None:
        yield from charges
        return
    left = limit
    for charge in charges:
        if charge.net.amount <= left.amount:
            left -= charge.net
            yield charge
        elif left:
            yield replace(charge, priced=lump(left), explain=partial(_limit_reason, charge, limit, left))
            left = Money.zero(terms.currency)


def _limit_reason(whole: Charge, limit: Money, left: Money) -> Reason:
    return (*whole.reason, step("limited", limit=limit, whole=whole.net, net=left))


def _price_problems(agreement: Agreement, terms: MaterialsTerms) -> list[Problem]:
    return [
        Problem(
            "PriceNotPossible",
            f"rates from {card.valid_from}: the price of {name} {fault}: {price}",
            f"{agreement.place} {name} from {card.valid_from}",
            "correct the price",
            agreement=agreement.id,
        )
        for card in terms.rates
        for name, price in card.prices()
        if (fault := price_fault(price))
    ]


def _rate_missing(agreement: Agreement, names: Sequence[str], entries: int, severity: Severity) -> Problem:
    position, person, activity, project = names
    return Problem(
        "RateMissing",
        f"{entries} entries have no rate: position {position or '–'}, person {person or '–'}, "
        f"activity {activity or '–'}, project {project or '–'}",
        agreement.place,
        "add a rate for one of these, or a default",
        severity,
        agreement.id,
    )


def _not_covered(agreement: Agreement, entries: int) -> Problem:
    return Problem(
        "WorkNotCovered",
        f"{entries} entries lie outside the time of agreement {agreement.id}; they are not billed here",
        agreement.place,
        "correct their days, or the dates of the agreement",
        Severity.NOTICE,
        agreement.id,
    )


def _limit_reached(agreement: Agreement, terms: MaterialsTerms, waiting: Money) -> Problem:
    return Problem(
        "LimitReached",
        f"{waiting} of agreement {agreement.id} wait: not more than {terms.not_to_exceed} may be billed",
        agreement.place,
        "agree on more and raise not_to_exceed, or leave it",
        Severity.NOTICE,
        agreement.id,
    )
