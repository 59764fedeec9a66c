"""VAT: the decision the mapping gives, and the breakdown of a document (domain 1.3, 7.4, 7.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from connector.core.money import Money, exact
from connector.core.party import Party

ONE_PERCENT = Decimal("0.01")


class VatCategory(StrEnum):
    """UNTDID 5305 codes as EN 16931 uses them (BT-118, BT-151)."""

    STANDARD = "S"
    REVERSE_CHARGE = "AE"
    OUTSIDE_SCOPE = "O"
    EXEMPT = "E"
    ZERO_RATED = "Z"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"


@dataclass(frozen=True, slots=True)
class VatRate:
    """Category and rate in percent (19 for 19 %); only category S has a rate above zero."""

    category: VatCategory
    percent: Decimal

    def __post_init__(self) -> None:
        """Refuse a rate that contradicts its category; and floats."""
        exact(self.percent)
        if self.percent < 0 or (self.percent > 0) != (self.category is VatCategory.STANDARD):
            message = f"VAT category {self.category.value} does not go with a rate of {self.percent} %"
            raise ValueError(message)

    def tax_on(self, base: Money) -> Money:
        """Return the tax on the base, half up away from zero: −1,710.50 at 19 % is −325.00 (domain 7.5)."""
        return Money.of(base.amount, base.currency, self.percent, ONE_PERCENT)


@dataclass(frozen=True, slots=True)
class VatCase:
    """What a VAT decision depends on (domain 7.4). `supplied_on` is the last day of the service period."""

    seller: Party
    buyer: Party
    vat_class: str
    service: str
    supplied_on: date


@dataclass(frozen=True, slots=True)
class VatDecision:
    """The mapping's answer: rate, the note the law asks for ('' if none), and the rule's file and line."""

    rate: VatRate
    note: str
    rule: str


@dataclass(frozen=True, slots=True)
class VatLine:
    """One row of the VAT breakdown (EN 16931: BG-23)."""

    rate: VatRate
    base: Money
    tax: Money

    @property
    def gross(self) -> Money:
        """Return base and tax together."""
        return self.base + self.tax

    def __neg__(self) -> VatLine:
        """Return the row with its amounts taken back."""
        return VatLine(self.rate, -self.base, -self.tax)


def vat_breakdown(nets: Iterable[tuple[VatRate, Money]], currency: str) -> tuple[VatLine, ...]:
    """Return base and tax per category and rate, on the sum of the line nets (domain 1.3), in order of appearance."""
    nets_by_rate: dict[VatRate, list[Money]] = {}
    for rate, net in nets:
        nets_by_rate.setdefault(rate, []).append(net)
    bases = ((rate, Money.total(parts, currency)) for rate, parts in nets_by_rate.items())
    return tuple(VatLine(rate, base, rate.tax_on(base)) for rate, base in bases)
