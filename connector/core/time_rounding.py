"""Booked time in whole steps: `time_rounding = {step_minutes, mode, per}` (domain 1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from connector.core.reason import Reason, step

SECONDS_PER_MINUTE = 60


class RoundingMode(StrEnum):
    """Which way time is rounded; NEAREST takes halves up."""

    NONE = "none"
    NEAREST = "nearest"
    UP = "up"


class RoundedPer(StrEnum):
    """What is rounded: an entry, the sum of a day (per person, project, activity, position), or that of a line."""

    ENTRY = "entry"
    DAY = "day"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class TimeRounding:
    """How booked time is rounded, and when; by default not at all."""

    step_minutes: int = 1
    mode: RoundingMode = RoundingMode.NONE
    per: RoundedPer = RoundedPer.ENTRY

    def __post_init__(self) -> None:
        """Refuse a step of no minutes."""
        if self.step_minutes < 1:
            message = f"time is rounded to at least one minute, not {self.step_minutes}"
            raise ValueError(message)

    def in_steps(self, seconds: int) -> int:
        """Return the seconds in whole steps; time taken back (below zero) is rounded like time booked."""
        if self.mode is RoundingMode.NONE:
            return seconds
        step = self.step_minutes * SECONDS_PER_MINUTE
        more = step - 1 if self.mode is RoundingMode.UP else step // 2
        steps = (abs(seconds) + more) // step * step
        return -steps if seconds < 0 else steps

    @property
    def reason(self) -> Reason:
        """Return how time is rounded; nothing where it is not."""
        if self.mode is RoundingMode.NONE:
            return ()
        return (step("time_rounded", per=self.per, minutes=self.step_minutes, way=self.mode),)

    def at(self, per: RoundedPer, seconds: int) -> int:
        """Return the seconds in whole steps if they are rounded at this point, else as they are."""
        return self.in_steps(seconds) if per is self.per else seconds
