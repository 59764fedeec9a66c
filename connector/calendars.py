"""Public holidays of the German states, from a maintained library."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from functools import cache

from holidays.countries.germany import Germany


@cache
def public_holidays(state: str) -> Container[date]:
    """Return the public holidays of a state ('BY') of any year; NotImplementedError for an unknown state."""
    return Germany(subdiv=state)
