"""A charge: what one part of an agreement costs in one period, with today's knowledge (domain 4, 5, 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from connector.core.money import Money
from connector.core.offer import Position
from connector.core.period import Period
from connector.core.pricing import Priced
from connector.core.quantity import Quantity, Unit
from connector.core.reason import Reason


class ChargeKind(StrEnum):
    """What is charged, in the order of the lines on a document.

    It is the category of the position the billed log keeps, so that the mapping can ask for it.
    """

    FEE = "fee"
    DISCOUNT = "discount"
    OVERAGE = "overage"
    VARIABLE = "variable"
    TIME = "time"


class LateRule(StrEnum):
    """What to do when a period that was billed comes out differently (domain 6)."""

    CORRECT = "correct"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Charge:
    """What stands, or will stand, on an invoice for one part of an agreement and one period.

    `period_name` and `part` make the `key`, which never changes. `period` is the service period of the line.
    `billed_with` is the day from which it is on an invoice. `waits` tells that it needs an approval first, `shown` that
    it is printed even at 0.00. `explain` gives the `reason`, when asked: most charges were billed long ago.
    """

    agreement: str
    period_name: str
    part: str
    kind: ChargeKind
    label: str
    project: str
    service: str
    vat_class: str
    priced: Priced
    period: Period
    billed_with: date
    explain: Callable[[], Reason] = field(compare=False, repr=False)
    waits: bool = False
    shown: bool = False

    @property
    def key(self) -> str:
        """Return the name of the charge within the tenant: 'agreement/2026-03/fee'."""
        return f"{self.agreement}/{self.period_name}/{self.part}"

    @property
    def reason(self) -> Reason:
        """Return the steps that lead to the charge."""
        return self.explain()

    @property
    def quantity(self) -> Decimal:
        """Return the quantity as printed."""
        return self.priced.quantity

    @property
    def unit(self) -> Unit:
        """Return the unit of the quantity."""
        return self.priced.unit

    @property
    def unit_price(self) -> Decimal:
        """Return the unit price as printed."""
        return self.priced.unit_price

    @property
    def net(self) -> Money:
        """Return what the charge comes to."""
        return self.priced.net

    def as_position(self) -> Position:
        """Return the charge as the billed log keeps it: its key is the position's key, its net the position's total.

        Log it whole whenever a part of it is billed; the difference stands in the entry's `computed`.
        """
        return Position(
            id=f"{self.period_name}/{self.part}",
            offer=self.agreement,
            project=self.project,
            label=self.label,
            quantity=Quantity(self.quantity, self.unit),
            unit_price=self.unit_price,
            currency=self.net.currency,
            category=self.kind,
            vat_class=self.vat_class,
            service=self.service,
            start=self.period.start,
            end=self.period.last_day,
        )
