"""Rounding booked time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.reason import step
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding

UP = TimeRounding(15, RoundingMode.UP)
NEAREST = TimeRounding(15, RoundingMode.NEAREST)


@pytest.mark.parametrize(
    ("rounding", "minutes", "expected"),
    [
        (TimeRounding(), 7, 7),
        (UP, 0, 0),
        (UP, 1, 15),
        (UP, 15, 15),
        (UP, 16, 30),
        (UP, -1, -15),
        (NEAREST, 7, 0),
        (NEAREST, 8, 15),
        (NEAREST, 22, 15),
        (NEAREST, -8, -15),
    ],
)
def test_rule_1_5_time_is_rounded_to_steps(rounding: TimeRounding, minutes: int, expected: int) -> None:
    """Up or to the nearest step, time taken back like time booked; by default not at all."""
    assert rounding.in_steps(minutes * 60) == expected * 60


def test_half_a_step_is_rounded_up() -> None:
    """7:30 of 15 minutes make 15, a second less makes none."""
    assert NEAREST.in_steps(450) == 900
    assert NEAREST.in_steps(449) == 0
    assert UP.in_steps(1) == 900
    assert TimeRounding(1, RoundingMode.NEAREST).in_steps(30) == 60


def test_rule_1_5_time_is_rounded_where_it_is_agreed() -> None:
    """Per line, only the sum of a line is rounded; per entry, only entries are."""
    per_line = TimeRounding(15, RoundingMode.UP, RoundedPer.LINE)
    assert per_line.at(RoundedPer.LINE, 60) == 900
    assert per_line.at(RoundedPer.ENTRY, 60) == 60
    assert UP.at(RoundedPer.ENTRY, 60) == 900
    assert UP.at(RoundedPer.DAY, 60) == 60


def test_a_step_of_nothing_is_refused() -> None:
    """Zero minutes are no step."""
    with pytest.raises(ValueError, match="at least one minute"):
        TimeRounding(0)


@given(st.integers(-(10**6), 10**6), st.integers(1, 120), st.sampled_from([RoundingMode.UP, RoundingMode.NEAREST]))
def test_rounded_time_is_whole_steps_less_than_one_away(seconds: int, minutes: int, mode: RoundingMode) -> None:
    """The result is a multiple of the step, less than a step away, and stays when it is rounded again."""
    rounding = TimeRounding(minutes, mode)
    rounded = rounding.in_steps(seconds)
    assert rounded % (minutes * 60) == 0
    assert abs(rounded - seconds) < minutes * 60
    assert rounding.in_steps(rounded) == rounded


def test_rule_11_rounding_is_told() -> None:
    """What is rounded, in which steps, and which way; nothing where time is taken as booked."""
    assert TimeRounding(15, RoundingMode.UP, RoundedPer.DAY).reason == (
        step("time_rounded", per="day", minutes=15, way="up"),
    )
    assert TimeRounding().reason == ()
