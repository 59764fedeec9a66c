"""Public holidays of the German states."""

from datetime import date
from typing import get_args

import pytest

from connector.calendars import PublicHolidays
from connector.config.agreements import State


def test_states_have_their_own_holidays() -> None:
    """Epiphany in Bavaria, Reformation Day in Hamburg, Women's Day in Berlin; Christmas everywhere."""
    assert date(2026, 1, 6) in PublicHolidays("BY")
    assert date(2026, 10, 31) not in PublicHolidays("BY")
    assert date(2026, 10, 31) in PublicHolidays("HH")
    assert date(2026, 3, 8) in PublicHolidays("BE")


def test_rules_that_changed_hold_for_their_years() -> None:
    """Reformation Day is a holiday in Hamburg since 2018 (and was everywhere in 2017)."""
    assert date(2016, 10, 31) not in PublicHolidays("HH")
    assert date(2017, 10, 31) in PublicHolidays("BY")


@pytest.mark.parametrize("state", get_args(State))
def test_every_state_of_the_configuration_is_known(state: str) -> None:
    """All sixteen, for any year asked."""
    holidays = PublicHolidays(state)
    assert date(2031, 12, 25) in holidays
    assert date(2031, 12, 23) not in holidays


def test_an_unknown_state_is_refused() -> None:
    """No calendar is guessed."""
    with pytest.raises(NotImplementedError):
        assert date(2026, 12, 25) in PublicHolidays("XX")
