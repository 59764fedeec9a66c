"""Dated readings: progress by hand or by a tool, units produced, and metrics (domain 3.3, 4.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from connector.core.money import exact
from connector.core.share import Share


class ReadingScope(StrEnum):
    """What a reading speaks of; on the same date position beats category beats project."""

    POSITION = "position"
    CATEGORY = "category"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Reading:
    """How far something was on a day: a share, or units produced so far (cumulative, positions only).

    `target` is the position's key ('offer/position'), the category's name, or '' for the project itself.
    Exactly one of `share` and `units` is set.
    """

    project: str
    scope: ReadingScope
    target: str
    on: date
    share: Share | None = None
    units: Decimal | None = None
    origin: str = ""

    def __post_init__(self) -> None:
        """Refuse a reading that says nothing, or two things; and floats."""
        if (self.share is None) == (self.units is None):
            message = f"{self.origin}: a reading has either a share or units"
            raise ValueError(message)
        if self.units is None:
            return
        exact(self.units)
        if self.scope is not ReadingScope.POSITION:
            message = f"{self.origin}: units are read for a position only"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of a project on a day, such as media spend, in the metric's own unit."""

    name: str
    project: str
    on: date
    value: Decimal
    origin: str = ""

    def __post_init__(self) -> None:
        """Refuse a float."""
        exact(self.value)
