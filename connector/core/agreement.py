"""What was agreed with a customer: which positions are billed and how (settings of agreements.toml; domain 3)."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from connector.core.feed import Feed
from connector.core.money import Money
from connector.core.offer import Position


class ProgressMode(StrEnum):
    """Where a position's share comes from (domain 3.3)."""

    MANUAL = "manual"
    DATES = "dates"
    EFFORT = "effort"
    UNITS = "units"


class DayCount(StrEnum):
    """Which days count in mode `dates`."""

    CALENDAR = "calendar"
    WORKING = "working"


class OverRule(StrEnum):
    """What to do with a share above 1 (domain 3.7)."""

    CAP = "cap"
    BILL = "bill"


class DecreaseRule(StrEnum):
    """What to do when the share is lower than what was billed (domain 3.7)."""

    HOLD = "hold"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class ProgressTerms:
    """How the progress of the positions is measured and billed.

    `mode` holds for the project; `mode_by_category` and `mode_by_position` (by position key) go before it.
    `holidays` are the public holidays of the agreed Bundesland, for `day_count = working`.
    """

    mode: ProgressMode
    mode_by_category: Mapping[str, ProgressMode] = field(default_factory=dict)
    mode_by_position: Mapping[str, ProgressMode] = field(default_factory=dict)
    differentiate: bool = True
    day_count: DayCount = DayCount.CALENDAR
    holidays: Container[date] = frozenset()
    hours_per_day: Decimal | None = None
    over: OverRule = OverRule.CAP
    on_decrease: DecreaseRule = DecreaseRule.HOLD
    show_unchanged: bool = False

    @property
    def family(self) -> str:
        """Return 'progress'."""
        return "progress"

    def mode_of(self, position: Position) -> ProgressMode:
        """Return the mode of the position: its own, else its category's, else the project's."""
        by_category = self.mode_by_category.get(position.category, self.mode)
        return self.mode_by_position.get(position.key, by_category)


@dataclass(frozen=True, slots=True)
class Instalment:
    """A fixed amount, or a part of the total, due on a day (domain 3.12). Exactly one of the two is set."""

    due_on: date
    text: str
    amount: Money | None = None
    part: Fraction | None = None

    def __post_init__(self) -> None:
        """Refuse an instalment with no size, or two."""
        if (self.amount is None) == (self.part is None):
            message = f"instalment of {self.due_on}: give either an amount or a percentage"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class ScheduleTerms:
    """Fixed instalments that add up to the total of the positions; these may be listed for information."""

    instalments: tuple[Instalment, ...]
    list_positions: bool = False

    @property
    def family(self) -> str:
        """Return 'schedule'."""
        return "schedule"


class Instalments(StrEnum):
    """What an invoice before the last one is: a supply of its own, or money asked for ahead (never guessed)."""

    PARTIAL_SUPPLY = "partial_supply"
    DOWN_PAYMENT = "down_payment"


class FinalShape(StrEnum):
    """REMAINDER deducts earlier documents by negative lines; FULL states the whole and what was prepaid."""

    REMAINDER = "remainder"
    FULL = "full"


class UnpaidRule(StrEnum):
    """What becomes of down payments not paid at the end: ASK holds the final invoice until somebody decides.

    They are never deducted, for the final invoice asks for their money: cancel them, or LEAVE_OPEN.
    """

    ASK = "ask"
    LEAVE_OPEN = "leave_open"


@dataclass(frozen=True, slots=True)
class Closing:
    """How the invoices of an agreement relate to its last one (domain 7.3)."""

    instalments: Instalments = Instalments.PARTIAL_SUPPLY
    final: FinalShape = FinalShape.REMAINDER
    unpaid: UnpaidRule = UnpaidRule.ASK


class Terms(Protocol):
    """What every kind of agreement has in common."""

    @property
    def family(self) -> str:
        """Return the kind, as in agreements.toml; part of the key of its documents, so it never changes."""
        ...


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement with one customer about one project (with its subprojects).

    `terms` are ProgressTerms or ScheduleTerms (here), RetainerTerms or MaterialsTerms (in modules of their own).
    `offers` limits it to these offers; empty means all accepted offers of the project. `pooled` are further projects
    whose time it draws on, `feeds` say which time belongs to which item; both are for retainers and time and
    materials. `payment_days` None leaves the due date to the customer's record or the tenant's default. `place` is the
    file and line it was read from.
    """

    id: str
    customer: str
    project: str
    terms: Terms
    offers: tuple[str, ...] = ()
    payment_days: int | None = None
    place: str = ""
    pooled: tuple[str, ...] = ()
    feeds: tuple[Feed, ...] = ()
    closing: Closing = Closing()

    @property
    def projects(self) -> tuple[str, ...]:
        """Return the project and those pooled with it."""
        return (self.project, *self.pooled)
