"""Retainers and their consumption with sensible defaults, so that a test names only what it is about.

The world they speak of: retainer 'support' of customer 'K1' from January 2026, 2,400 a month in arrears, with 20 hours
of item 'design' and 130 an hour beyond them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from connector.core.agreement import Agreement
from connector.core.billed import BilledEntry, BilledKind, History
from connector.core.catalogue import Item, ItemUnit, Overage, OverageRule, Rollover, Tier, TierMode
from connector.core.charge import Charge, LateRule
from connector.core.charge_due import DueCharge, DueCharges, due_charges
from connector.core.consumption import Usage
from connector.core.cycle import BillingCalendar, Cycle
from connector.core.materials_terms import MaterialsTerms
from connector.core.problems import Problem
from connector.core.rates import RateCard
from connector.core.readings import Metric
from connector.core.retainer import RetainerAssessment, assess_retainer
from connector.core.retainer_terms import Indexation, RetainerTerms, TermsVersion, VariablePart
from connector.core.timebank import BankStatement
from connector.core.work import Work
from tests.core.builders import Number, agreement, eur

START = date(2026, 1, 1)
YEAR_END = date(2027, 1, 1)

SUPPORT: Agreement = agreement(id_="support")
"""The agreement; its terms are given apart, as the assessment takes them."""


def hours(number: Number) -> int:
    """Return hours as seconds."""
    return int(Decimal(number) * 3600)


def tiers(*prices: tuple[Number, int | None]) -> tuple[Tier, ...]:
    """Return the tiers of prices and their bounds in grains."""
    return tuple(Tier(Decimal(price), up_to) for price, up_to in prices)


def overage(
    rule: OverageRule = OverageRule.BILL_NOW,
    price: Number = "130",
    *,
    of: tuple[Tier, ...] | None = None,
    mode: TierMode = TierMode.GRADUATED,
    max_deduct: int | None = None,
) -> Overage:
    """Return the rule at 130 an hour, or with these tiers."""
    return Overage(rule, tiers((price, None)) if of is None else of, mode, max_deduct)


def item(
    id_: str = "design",
    allowance: Number = 20,
    /,
    *,
    unit: ItemUnit = ItemUnit.HOURS,
    beyond: Overage | None = None,
    rollover: Rollover | None = None,
    role_rates: Mapping[str, Number] | None = None,
) -> Item:
    """Return 20 hours of design; an allowance in hours, units or euros."""
    per = {ItemUnit.HOURS: 3600, ItemUnit.UNITS: 1000, ItemUnit.AMOUNT: 100}[unit]
    rates = {role: Decimal(price) for role, price in (role_rates or {}).items()}
    return Item(id_, id_.capitalize(), unit, int(Decimal(allowance) * per), beyond or overage(), rollover, rates)


def worked_item() -> Item:
    """Return the item of domain 4.6: cap 10 hours, expires after 2, oldest first."""
    return item(rollover=Rollover(hours(10), 2))


def version(
    fee: Number = "2400",
    *items: Item,
    since: date = START,
    variable: tuple[VariablePart, ...] = (),
    indexation: tuple[Indexation, ...] = (),
) -> TermsVersion:
    """Return terms with the items, or none."""
    return TermsVersion(since, eur(fee), items, variable, indexation)


def retainer(*versions: TermsVersion, cycle: Cycle = Cycle.MONTH) -> RetainerTerms:
    """Return the retainer with these versions, or one with 20 hours of design; other fields by `replace`."""
    return RetainerTerms("Retainer Support", versions or (version("2400", item()),), BillingCalendar(cycle))


def month(number: int, day: int = 10) -> date:
    """Return a day of a month; 13 is January 2027."""
    return date(2026 + (number - 1) // 12, (number - 1) % 12 + 1, day)


def used(number: Number, on: date | int = 1, /, *, of: str = "design", role: str = "") -> Usage:
    """Return hours used on a day, or on the 10th of a month."""
    return Usage(of, month(on) if isinstance(on, int) else on, seconds=hours(number), role=role)


def units_used(number: Number, on: date | int = 1, /, *, of: str = "design") -> Usage:
    """Return units used on a day, or on the 10th of a month."""
    return Usage(of, month(on) if isinstance(on, int) else on, units=Decimal(number))


def assess(
    terms: RetainerTerms, *usage: Usage, metrics: Iterable[Metric] = (), as_of: date = YEAR_END
) -> RetainerAssessment:
    """Return the assessment on New Year's Day 2027."""
    return assess_retainer(SUPPORT, terms, usage, metrics, as_of)


def by_key(charges: Iterable[Charge]) -> dict[str, str]:
    """Return what each charge comes to, by period and part."""
    return {f"{charge.period_name}/{charge.part}": str(charge.net.amount) for charge in charges}


def bank(assessment: RetainerAssessment, of: str = "design") -> list[tuple[object, ...]]:
    """Return opening, used, lapsed, overage and closing of each period of an item, in hours."""
    return [row(statement) for statement in assessment.statements if statement.item.id == of]


def row(statement: BankStatement) -> tuple[object, ...]:
    """Return opening, used, lapsed, overage and closing in hours."""
    found = statement.movement
    grains = (found.opening, found.used, found.lapsed, found.overage, found.closing)
    return tuple(Fraction(each, 3600) for each in grains)


def codes(problems: Iterable[Problem]) -> list[str]:
    """Return the codes of the problems."""
    return [problem.code for problem in problems]


def work(
    number: Number = 1,
    on: date | int = 1,
    /,
    *,
    position: str = "",
    person: str = "Jo",
    activity: str = "Design",
    project: str = "WEB",
    entry: str = "",
    text: str = "",
) -> Work:
    """Return an hour of Jo's design on 10 January."""
    day = month(on) if isinstance(on, int) else on
    return Work(day, hours(number), position, person, activity, project, entry, text)


def rate_card(
    default: Number | None = "100",
    *,
    since: date = START,
    positions: Mapping[str, Number] | None = None,
    persons: Mapping[str, Number] | None = None,
    activities: Mapping[str, Number] | None = None,
    projects: Mapping[str, Number] | None = None,
    customer: Number | None = None,
) -> RateCard:
    """Return rates with 100 an hour for all that names no other."""

    def prices(given: Mapping[str, Number] | None) -> dict[str, Decimal]:
        return {name: Decimal(price) for name, price in (given or {}).items()}

    return RateCard(
        since,
        prices(positions),
        prices(persons),
        prices(activities),
        prices(projects),
        None if customer is None else Decimal(customer),
        None if default is None else Decimal(default),
    )


def materials(*cards: RateCard) -> MaterialsTerms:
    """Return time and materials at 100 an hour; other fields by `replace`."""
    return MaterialsTerms("Support", "EUR", cards or (rate_card(),))


@dataclass
class Log:
    """A billed log that grows run by run, as the store keeps it."""

    late: LateRule = LateRule.CORRECT
    entries: list[BilledEntry] = field(default_factory=list)

    def due(self, charges: Sequence[Charge], as_of: date, approved: Collection[str] = ()) -> DueCharges:
        """Return what is due."""
        billed = History.fold(self.entries).positions
        return due_charges(SUPPORT, charges, billed, as_of, late=self.late, approved=approved)

    def run(self, charges: Sequence[Charge], as_of: date, approved: Collection[str] = ()) -> tuple[DueCharge, ...]:
        """Bill what is due and return it."""
        found = self.due(charges, as_of, approved).due
        self.entries += [self._entry(due, as_of) for due in found]
        return found

    def cancel(self, on: date) -> None:
        """Take back the document of a day."""
        taken = [entry for entry in self.entries if entry.document == on.isoformat()]
        self.entries += [
            replace(entry, kind=BilledKind.REVERSED, computed=-entry.computed, invoiced=-entry.invoiced)
            for entry in taken
        ]

    def total(self) -> Decimal:
        """Return the sum of all documents."""
        return sum((entry.computed.amount for entry in self.entries), Decimal(0))

    @staticmethod
    def _entry(due: DueCharge, as_of: date) -> BilledEntry:
        return BilledEntry(
            agreement=SUPPORT.id,
            position=due.charge.as_position(),
            document=as_of.isoformat(),
            kind=BilledKind.BILLED,
            on=as_of,
            share_before=Fraction(0),
            share_after=Fraction(1),
            quantity=due.printed.quantity,
            computed=due.amount,
            invoiced=due.amount,
            period=due.charge.period,
            who="test",
        )
