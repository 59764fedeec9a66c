"""Which rate an hour has: position, else person, role, project, customer, default (domain 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class RateLevel(StrEnum):
    """What a rate was agreed for; the earlier goes before the later."""

    POSITION = "position"
    PERSON = "person"
    ACTIVITY = "activity"
    PROJECT = "project"
    CUSTOMER = "customer"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Rate:
    """A price per hour, and what it was agreed for (`of` is the position, person …)."""

    price: Decimal
    level: RateLevel
    of: str = ""


@dataclass(frozen=True, slots=True)
class RateCard:
    """The prices per hour from a day on, up to six decimals each; a later card replaces the whole earlier one.

    Positions are named by their key ('offer/position'). A role is the activity of an entry.
    """

    valid_from: date
    positions: Mapping[str, Decimal] = field(default_factory=dict)
    persons: Mapping[str, Decimal] = field(default_factory=dict)
    activities: Mapping[str, Decimal] = field(default_factory=dict)
    projects: Mapping[str, Decimal] = field(default_factory=dict)
    customer: Decimal | None = None
    default: Decimal | None = None

    def rate(self, position: str, person: str, activity: str, projects: Sequence[str]) -> Rate | None:
        """Return the rate of the nearest level; `projects` are the project and those it is a part of, nearest first."""
        named = (
            (RateLevel.POSITION, self.positions, (position,)),
            (RateLevel.PERSON, self.persons, (person,)),
            (RateLevel.ACTIVITY, self.activities, (activity,)),
            (RateLevel.PROJECT, self.projects, projects),
        )
        for level, prices, names in named:
            for name in names:
                if name in prices:
                    return Rate(prices[name], level, name)
        if self.customer is not None:
            return Rate(self.customer, RateLevel.CUSTOMER)
        return None if self.default is None else Rate(self.default, RateLevel.DEFAULT)

    def prices(self) -> Iterator[tuple[str, Decimal]]:
        """Yield every price with the name it was agreed for."""
        for prices in (self.positions, self.persons, self.activities, self.projects):
            yield from prices.items()
        for level, price in ((RateLevel.CUSTOMER, self.customer), (RateLevel.DEFAULT, self.default)):
            if price is not None:
                yield level, price
