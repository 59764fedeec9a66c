"""The time bank of one item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.allowance import (
    Balance,
    BalanceError,
    Drawn,
    Lapse,
    LapseCause,
    Lot,
    Movement,
    Turn,
    run_closed,
    run_open,
)
from connector.core.catalogue import DrawOrder, Item, OverageRule, Rollover
from tests.core.retainer_builders import item, overage

ALWAYS = Rollover()


def turn(used: int, granted: int = 20, number: int = 3, following: int | None = 20) -> Turn:
    """Return a period of the bank, in grains."""
    return Turn(f"P{number}", number, granted, used, following)


def lots(*left: int) -> Balance:
    """Return lots of periods 1, 2, …."""
    return Balance(tuple(Lot(f"P{number}", number, each) for number, each in enumerate(left, start=1)))


def test_rule_4_4_no_rollover_lapses_at_the_close() -> None:
    """Fourteen of twenty used: six lapse."""
    found = run_closed(Balance(), item(), turn(14))
    assert found.lapses == (Lapse("P3", 6, LapseCause.NO_CARRY_OVER),)
    assert (found.closing, found.overage) == (0, 0)


def test_rule_4_4_unused_allowance_becomes_a_lot_of_its_period() -> None:
    """It keeps the name of its period beside the older ones."""
    found = run_closed(lots(2, 3), item(rollover=ALWAYS), turn(0))
    assert found.after.lots == (Lot("P1", 1, 2), Lot("P2", 2, 3), Lot("P3", 3, 20))


@pytest.mark.parametrize(
    ("order", "drawn", "left"),
    [
        (DrawOrder.OLDEST_FIRST, (("P1", 2), ("P2", 3), ("P3", 16)), (("P3", 4),)),
        (DrawOrder.CURRENT_FIRST, (("P3", 20), ("P1", 1)), (("P1", 1), ("P2", 3))),
    ],
)
def test_rule_4_4_order(
    order: DrawOrder, drawn: tuple[tuple[str, int], ...], left: tuple[tuple[str, int], ...]
) -> None:
    """Twenty-one used of 2 + 3 carried over and 20 granted: from the oldest lot on, or from the allowance first."""
    found = run_closed(lots(2, 3), item(rollover=Rollover(order=order)), turn(21))
    assert found.drawn == tuple(Drawn(*each) for each in drawn)
    assert [(lot.period, lot.left) for lot in found.after.lots] == list(left)
    assert found.overage == 0


def test_rule_4_4_lots_lapse_when_they_expire() -> None:
    """Usable in the two periods after its own: the lot of period 1 lapses at the close of 3, that of 2 does not."""
    found = run_closed(lots(2, 3), item(rollover=Rollover(expires_after=2)), turn(20, granted=20))
    assert found.drawn[0] == Drawn("P1", 2)
    kept = run_closed(lots(2, 3), item(rollover=Rollover(expires_after=2)), turn(0))
    assert kept.lapses == (Lapse("P1", 2, LapseCause.EXPIRED),)
    assert [lot.period for lot in kept.after.lots] == ["P2", "P3"]


def test_rule_4_4_the_oldest_lots_over_the_cap_lapse_first() -> None:
    """2 + 3 + 20 with a cap of 21: the first lot lapses, and two of the second."""
    found = run_closed(lots(2, 3), item(rollover=Rollover(cap=21)), turn(0))
    assert found.lapses == (Lapse("P1", 2, LapseCause.CAP), Lapse("P2", 2, LapseCause.CAP))
    assert found.after.lots == (Lot("P2", 2, 1), Lot("P3", 3, 20))


def test_what_has_expired_does_not_count_against_the_cap() -> None:
    """The expired lot goes first, and only the rest is held against the cap."""
    found = run_closed(lots(2, 3), item(rollover=Rollover(cap=23, expires_after=2)), turn(0))
    assert [lapse.cause for lapse in found.lapses] == [LapseCause.EXPIRED]
    assert found.closing == 23


def test_a_cap_of_nothing_keeps_nothing() -> None:
    """Everything lapses at the close."""
    assert run_closed(lots(2, 3), item(rollover=Rollover(cap=0)), turn(0)).closing == 0


def test_what_is_left_at_the_end_lapses() -> None:
    """There is no next period to use it in."""
    found = run_closed(lots(2), item(rollover=ALWAYS), turn(7, following=None))
    assert found.lapses == (Lapse("P3", 15, LapseCause.ENDED),)
    assert found.closing == 0


@pytest.mark.parametrize(
    ("max_deduct", "following", "deducted", "beyond"),
    [(None, 20, 7, 0), (4, 20, 4, 3), (0, 20, 0, 7), (None, 5, 5, 2), (4, None, 0, 7), (None, 0, 0, 7)],
)
def test_rule_4_5_deduct_next(max_deduct: int | None, following: int | None, deducted: int, beyond: int) -> None:
    """Drawn from the next allowance, at most max_deduct and no more than there will be; the rest is overage."""
    rule = item(beyond=overage(OverageRule.DEDUCT_NEXT, max_deduct=max_deduct))
    found = run_closed(Balance(), rule, turn(27, following=following))
    assert (found.deducted, found.overage, found.closing) == (deducted, beyond, -deducted)


def test_rule_4_5_what_was_deducted_is_missing_in_the_next_period() -> None:
    """Seven owed of twenty: thirteen are available, and drawn before any overage."""
    rule = item(beyond=overage(OverageRule.DEDUCT_NEXT))
    found = run_closed(Balance(owed=7), rule, turn(15))
    assert (found.opening, found.carried_in, found.available) == (-7, 0, 13)
    assert (found.used, found.deducted, found.overage) == (15, 2, 0)


@pytest.mark.parametrize("rule", [rule for rule in OverageRule if rule is not OverageRule.DEDUCT_NEXT])
def test_rule_4_5_other_rules_carry_no_overage_over(rule: OverageRule) -> None:
    """Billed, absorbed or waiting: the bank closes at nothing."""
    found = run_closed(Balance(), item(beyond=overage(rule)), turn(27))
    assert (found.overage, found.closing) == (7, 0)


def test_nothing_lapses_before_the_close() -> None:
    """A period that runs shows what is left, and what is beyond so far."""
    found = run_open(lots(2, 3), item(), turn(4))
    assert (found.lapsed, found.closing, found.overage) == (0, 21, 0)
    assert [each.grains for each in found.drawn] == [2, 2]
    beyond = run_open(Balance(), item(beyond=overage(OverageRule.DEDUCT_NEXT)), turn(23))
    assert (beyond.overage, beyond.deducted, beyond.closing) == (3, 0, 0)


def test_rule_4_10_a_bank_that_does_not_balance_is_refused() -> None:
    """The sums and the signs are held on construction."""
    with pytest.raises(BalanceError, match="does not balance"):
        Movement(Balance(), 20, 14, (), (), 0, lots(5))
    with pytest.raises(BalanceError, match="below zero"):
        Movement(Balance(), 20, 14, (), (), -6, Balance())
    with pytest.raises(BalanceError, match="below zero"):
        Movement(Balance(), 20, 26, (), (), 0, Balance(owed=-6, lots=(Lot("P3", 3, -12),)))


rollovers = st.none() | st.builds(
    Rollover, st.none() | st.integers(0, 60), st.none() | st.integers(1, 4), st.sampled_from(DrawOrder)
)
rules = st.builds(
    lambda rule, limit: overage(rule, max_deduct=limit), st.sampled_from(OverageRule), st.none() | st.integers(0, 15)
)
items = st.builds(lambda rollover, rule: item(rollover=rollover, beyond=rule), rollovers, rules)
months = st.tuples(st.integers(0, 40), st.integers(0, 60))
spans = st.lists(months, min_size=1, max_size=12) | st.lists(months, min_size=120, max_size=120)
"""Some months are enough to find a fault and show it plainly; ten years are what must balance."""


@given(items, spans)
def test_rule_4_10_ten_years_of_random_months_balance(found: Item, drawn: list[tuple[int, int]]) -> None:
    """Each opens as the last closed; lots keep cap and expiry; all that was granted is used, lapsed or left."""
    balance = Balance()
    granted = used = lapsed = beyond = 0
    for number, (allowance, consumed) in enumerate(drawn):
        following = drawn[number + 1][0] if number + 1 < len(drawn) else None
        moved = run_closed(balance, found, Turn(str(number), number, allowance, consumed, following))
        assert moved.opening == balance.grains
        assert moved.opening + moved.granted == moved.used + moved.lapsed + moved.closing - moved.overage
        assert sum(each.grains for each in moved.drawn) == moved.used - moved.overage - moved.deducted
        assert all(lot.left > 0 for lot in moved.after.lots)
        assert [lot.number for lot in moved.after.lots] == sorted({lot.number for lot in moved.after.lots})
        if found.rollover is None:
            assert not moved.after.lots
        else:
            cap, expiry = found.rollover.cap_grains(found.allowance), found.rollover.expires_after
            assert cap is None or moved.after.carried <= cap
            assert expiry is None or all(number - lot.number < expiry for lot in moved.after.lots)
        granted, used, lapsed = granted + moved.granted, used + moved.used, lapsed + moved.lapsed
        beyond += moved.overage
        balance = moved.after
    assert balance == Balance()
    assert granted == used + lapsed - beyond
