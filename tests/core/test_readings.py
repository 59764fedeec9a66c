from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from connector.core.readings import ReadingScope
from connector.core.share import Share
from tests.core.builders import metric, reading


@pytest.mark.parametrize("scope", list(ReadingScope))
def test_a_share_is_read_for_position_category_and_project(scope: ReadingScope) -> None:
    """A share may speak of a position, a category or the whole project (domain 3.3)."""
    assert reading("1 of 3", "", scope=scope).share == Share.parse("1 of 3")


def test_units_are_read_for_a_position() -> None:
    """Units produced so far belong to one position."""
    assert reading(units="2.5").units == Decimal("2.5")


@pytest.mark.parametrize("scope", [ReadingScope.CATEGORY, ReadingScope.PROJECT])
def test_units_of_anything_else_are_refused(scope: ReadingScope) -> None:
    """A category or project has no unit to count in."""
    with pytest.raises(ValueError, match=r"progress\.csv:2: units are read for a position only"):
        reading(units=2, scope=scope)


def test_a_reading_that_says_nothing_is_refused() -> None:
    """Neither share nor units is a fault, told with its place."""
    with pytest.raises(ValueError, match=r"progress\.csv:2: a reading has either a share or units"):
        reading(None)


def test_a_reading_that_says_two_things_is_refused() -> None:
    """Share and units at once could contradict each other."""
    with pytest.raises(ValueError, match="either a share or units"):
        replace(reading("50 %"), units=Decimal(1))


def test_floats_are_refused_in_readings_and_metrics() -> None:
    """Units and metrics are exact (domain 1.1)."""
    with pytest.raises(TypeError, match="float"):
        replace(reading(units=1), units=1.5)  # type: ignore[arg-type] # refusing it is the point
    with pytest.raises(TypeError, match="float"):
        replace(metric(), value=0.08)  # type: ignore[arg-type] # refusing it is the point


def test_a_metric_keeps_its_figure_exactly() -> None:
    """A metric is the figure as the source wrote it."""
    assert metric("10000.005").value == Decimal("10000.005")
