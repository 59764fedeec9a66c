"""Public holidays of the German states, from a maintained library."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import cache


@dataclass(frozen=True)
class PublicHolidays:
    """The public holidays of a state ('BY') of any year; a state that nobody knows is found out at the first day."""

    state: str

    def __contains__(self, day: object) -> bool:
        """Tell whether the day is one; NotImplementedError for an unknown state."""
        return day in _calendar(self.state)


@cache
def _calendar(state: str) -> Container[object]:
    # The library brings the calendars of all countries: only a day that is asked for is worth importing them.
    from holidays.countries.germany import Germany  # noqa: PLC0415 -- imported where it is needed

    calendar: Container[date] = Germany(subdiv=state)
    return calendar
