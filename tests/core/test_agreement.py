from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from connector.core.agreement import (
    DayCount,
    DecreaseRule,
    Instalment,
    OverRule,
    ProgressMode,
    ProgressTerms,
)
from tests.core.builders import eur, position, progress_terms

MODES = ProgressTerms(
    ProgressMode.MANUAL,
    mode_by_category={"Wartung": ProgressMode.DATES},
    mode_by_position={"A1/7": ProgressMode.EFFORT},
)


@pytest.mark.parametrize(
    ("id_", "category", "mode"),
    [
        ("1", "", ProgressMode.MANUAL),
        ("1", "Design", ProgressMode.MANUAL),
        ("1", "Wartung", ProgressMode.DATES),
        ("7", "", ProgressMode.EFFORT),
        ("7", "Wartung", ProgressMode.EFFORT),
    ],
)
def test_the_nearest_mode_wins(id_: str, category: str, mode: ProgressMode) -> None:
    """A position's own mode goes before its category's, and this before the project's (domain 3.3)."""
    assert MODES.mode_of(position(id_, category=category)) is mode


def test_a_mode_by_position_holds_for_that_offer_alone() -> None:
    """The same id in another offer is another position."""
    assert MODES.mode_of(position("7", offer="N1")) is ProgressMode.MANUAL


def test_the_defaults_are_those_of_the_rules() -> None:
    """Differentiated, calendar days, capped, held on decrease, unchanged positions hidden (domain 3.2 to 3.7)."""
    terms = progress_terms()
    assert (terms.differentiate, terms.day_count, terms.over, terms.on_decrease, terms.show_unchanged) == (
        True,
        DayCount.CALENDAR,
        OverRule.CAP,
        DecreaseRule.HOLD,
        False,
    )


def test_terms_do_not_share_their_defaults() -> None:
    """What one agreement is given never turns up in another."""
    assert progress_terms() == progress_terms()
    assert progress_terms().mode_by_position is not progress_terms().mode_by_position


def test_an_instalment_is_an_amount_or_a_part() -> None:
    """Each way to size an instalment stands alone (domain 3.12)."""
    assert Instalment(date(2026, 1, 31), "1. Rate", amount=eur(5000)).part is None
    assert Instalment(date(2026, 1, 31), "1. Rate", part=Fraction(1, 3)).amount is None


def test_an_instalment_without_a_size_is_refused() -> None:
    """Neither amount nor part is a fault, told with its day."""
    with pytest.raises(ValueError, match="instalment of 2026-01-31: give either an amount or a percentage"):
        Instalment(date(2026, 1, 31), "1. Rate")


def test_an_instalment_with_two_sizes_is_refused() -> None:
    """Amount and part at once could contradict each other."""
    with pytest.raises(ValueError, match="either an amount or a percentage"):
        Instalment(date(2026, 1, 31), "1. Rate", amount=eur(5000), part=Fraction(1, 3))
