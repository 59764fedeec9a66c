"""Time bank statements."""

from dataclasses import replace
from datetime import date

import pytest

from connector.core.catalogue import ItemUnit, OverageRule, Rollover
from connector.core.problems import Problem, Severity
from connector.core.term_end import Term
from tests.core.retainer_builders import assess, bank, hours, item, overage, retainer, used, version, worked_item

FIRST_OF_MAY = date(2026, 5, 1)
WORKED = retainer(version("2400", worked_item()))


def test_rule_4_10_the_statement_of_every_period() -> None:
    """Opening, used, lapsed, overage, closing in hours, as in domain 4.6; May has begun and is not closed."""
    found = assess(WORKED, used(14, 1), used(23, 2), used(30, 3), used(5, 4), as_of=FIRST_OF_MAY)
    assert bank(found) == [(0, 14, 0, 0, 6), (6, 23, 0, 0, 3), (3, 30, 0, 7, 0), (0, 5, 5, 0, 10), (10, 0, 0, 0, 30)]
    assert [statement.closed for statement in found.statements] == [True, True, True, True, False]
    assert [statement.period.name for statement in found.statements][-1] == "2026-05"
    assert found.statements[2].movement.carried_in == hours(3)
    assert found.statements[2].consumed.entries == 1


def test_rule_4_10_each_item_has_a_bank_of_its_own() -> None:
    """Design in hours, and code beside it."""
    terms = retainer(version("2400", worked_item(), item("code", 5, rollover=Rollover())))
    found = assess(terms, used(14, 1), used(2, 1, of="code"), as_of=date(2026, 2, 1))
    assert bank(found) == [(0, 14, 0, 0, 6), (6, 0, 0, 0, 26)]
    assert bank(found, "code") == [(0, 2, 0, 0, 3), (3, 0, 0, 0, 8)]


def test_an_item_that_comes_and_goes() -> None:
    """Its bank opens with its first version; what is left when it is dropped lapses, and it may come back empty."""
    keeping = item(rollover=Rollover())
    terms = retainer(
        version("1"),
        version("1", keeping, since=date(2026, 2, 1)),
        version("1", since=date(2026, 4, 1)),
        version("1", keeping, since=date(2026, 5, 1)),
    )
    found = assess(terms, used(5, 2), as_of=date(2026, 6, 1))
    assert [statement.period.name for statement in found.statements] == ["2026-02", "2026-03", "2026-05", "2026-06"]
    assert bank(found) == [(0, 5, 0, 0, 15), (15, 0, 35, 0, 0), (0, 0, 0, 0, 20), (20, 0, 0, 0, 40)]


def test_what_is_left_at_the_end_of_the_retainer_lapses() -> None:
    """The last period closes at nothing."""
    terms = replace(retainer(version("1", item(rollover=Rollover()))), term=Term(last_day=date(2026, 2, 28)))
    assert bank(assess(terms, used(5, 1))) == [(0, 5, 0, 0, 15), (15, 0, 35, 0, 0)]


def test_rule_4_5_deduct_next_month_by_month() -> None:
    """Seven over: four from February's allowance, three billed; February has sixteen."""
    terms = retainer(version("2400", item(beyond=overage(OverageRule.DEDUCT_NEXT, max_deduct=hours(4)))))
    found = assess(terms, used(27, 1), used(18, 2), as_of=date(2026, 3, 1))
    assert bank(found)[:2] == [(0, 27, 0, 3, -4), (-4, 18, 0, 0, -2)]


def test_rule_4_7_a_deduction_fits_a_shortened_last_period() -> None:
    """February ends on the 14th with ten hours: no more than these are drawn, the rest is billed."""
    terms = replace(
        retainer(version("2800", item(beyond=overage(OverageRule.DEDUCT_NEXT)))), term=Term(last_day=date(2026, 2, 14))
    )
    assert bank(assess(terms, used(35, 1), used(1, 2))) == [(0, 35, 0, 5, -10), (-10, 1, 0, 1, 0)]


def test_rule_4_5_a_deduction_looks_at_the_next_allowance() -> None:
    """20 hours in January and February, 5 from March on: February's seven over are five from March and two billed."""
    beyond = overage(OverageRule.DEDUCT_NEXT)
    terms = retainer(
        version("1", item(beyond=beyond)), version("1", item("design", 5, beyond=beyond), since=date(2026, 3, 1))
    )
    found = assess(terms, used(27, 2), as_of=date(2026, 3, 1))
    assert bank(found) == [(0, 0, 20, 0, 0), (0, 27, 0, 2, -5), (-5, 0, 0, 0, 0)]
    assert [statement.consumed.entries for statement in found.statements] == [0, 1, 0]


def test_nothing_is_stated_before_the_retainer_begins() -> None:
    """Neither statement nor charge."""
    found = assess(WORKED, as_of=date(2025, 12, 31))
    assert (found.statements, found.charges, found.problems) == ((), (), ())


@pytest.mark.parametrize(
    ("number", "reached"),
    [("9.99", []), ("10", [50]), ("15.99", [50]), ("16", [50, 80]), ("20", [50, 80, 100]), ("30", [50, 80, 100])],
)
def test_rule_4_11_thresholds(number: str, reached: list[int]) -> None:
    """A notice for each that was reached, of what is available in the period."""
    found = assess(retainer(), used(number, 1), as_of=date(2026, 1, 31))
    assert [notice.threshold for notice in found.notices] == reached


def test_rule_4_11_thresholds_count_what_was_carried_over_and_deducted() -> None:
    """Ten hours of 26, and ten of sixteen."""
    more = assess(WORKED, used(14, 1), used(10, 2), as_of=date(2026, 2, 28))
    assert [notice.key for notice in more.notices] == ["support/2026-01/design/50"]
    less = retainer(version("1", item(beyond=overage(OverageRule.DEDUCT_NEXT))))
    found = assess(less, used(24, 1), used(13, 2), as_of=date(2026, 2, 28))
    assert [notice.key for notice in found.notices][3:] == ["support/2026-02/design/50", "support/2026-02/design/80"]


def test_rule_4_11_a_threshold_is_told_apart_by_its_key() -> None:
    """Agreement, period, item and percent; its notice says how much of what, and holds nothing."""
    terms = replace(retainer(), thresholds=(90, 30))
    found = assess(terms, used("19.5", 1), as_of=date(2026, 1, 31))
    assert [notice.key for notice in found.notices] == ["support/2026-01/design/30", "support/2026-01/design/90"]
    assert found.notices[1].problem("agreements.toml:1", "EUR") == Problem(
        "ThresholdReached",
        "Design reached 90 % in 2026-01: 19:30 h of 20:00 h",
        "agreements.toml:1 design",
        "tell the customer, or agree on more",
        Severity.NOTICE,
        "support",
    )


def test_rule_4_11_a_threshold_of_a_budget_is_told_in_money() -> None:
    """550.00 of 1,000.00."""
    budget = item("design", 1000, unit=ItemUnit.AMOUNT, role_rates={"": "110"})
    [notice] = assess(retainer(version("1", budget)), used(5, 1), as_of=date(2026, 1, 31)).notices
    assert notice.problem("", "EUR").message == "Design reached 50 % in 2026-01: 550.00 EUR of 1000.00 EUR"


def test_rule_4_11_without_an_allowance_the_first_hour_reaches_all() -> None:
    """And no hour reaches none."""
    terms = retainer(version("1", item("design", 0)))
    assert [notice.threshold for notice in assess(terms, used(1, 1), as_of=date(2026, 1, 31)).notices] == [50, 80, 100]
    assert not assess(terms, as_of=date(2026, 1, 31)).notices
