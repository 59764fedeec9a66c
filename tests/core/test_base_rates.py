from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from connector.core.base_rates import BASE_RATES, half_year_after, half_year_of


@pytest.mark.parametrize(
    ("day", "first", "next_one"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 7, 1)),
        (date(2026, 6, 30), date(2026, 1, 1), date(2026, 7, 1)),
        (date(2026, 7, 1), date(2026, 7, 1), date(2027, 1, 1)),
        (date(2026, 12, 31), date(2026, 7, 1), date(2027, 1, 1)),
    ],
)
def test_half_years_begin_in_january_and_july(day: date, first: date, next_one: date) -> None:
    """On their first days, the last ones belong to them."""
    assert (half_year_of(day), half_year_after(day)) == (first, next_one)


def test_every_half_year_has_its_own_rate() -> None:
    """None is left out between the first and the last, so nothing is ever carried on."""
    days = list(BASE_RATES)
    assert all(half_year_after(day) == following for day, following in pairwise(days))
    assert half_year_of(days[0]) == days[0]
    assert BASE_RATES[date(2022, 7, 1)] == Decimal("-0.88")
    assert date(2027, 1, 1) not in BASE_RATES
