"""Why a period has overage, step by step."""

from dataclasses import replace
from datetime import date

from connector.core.catalogue import ItemUnit, OverageRule
from connector.core.reason import Step, step
from connector.core.retainer_terms import RetainerTerms
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from tests.core.retainer_builders import (
    assess,
    hours,
    item,
    overage,
    retainer,
    units_used,
    used,
    version,
    worked_item,
)

UP = TimeRounding(15, RoundingMode.UP, RoundedPer.LINE)


def rules(reason: tuple[Step, ...]) -> list[str]:
    """Return the names of the steps."""
    return [each.rule for each in reason]


def test_rule_11_why_march_has_910_of_overage() -> None:
    """Opening lots, what was granted, the entries, what is covered, and the price."""
    terms = retainer(version("2400", worked_item()))
    found = assess(terms, used(14, 1), used(23, 2), used(20, 3), used(10, 3), as_of=date(2026, 4, 1))
    reason = next(charge for charge in found.charges if charge.part == "overage/design").reason
    assert [(step.rule, *step.values) for step in reason] == [
        ("bank_opening", ("item", "Design"), ("opening", "3:00 h"), ("lots", "2026-02 3:00 h")),
        ("bank_granted", ("granted", "20:00 h"), ("available", "23:00 h")),
        ("consumed", ("item", "Design"), ("used", "30:00 h"), ("entries", "2")),
        ("entries_listed", ("agreement", "support"), ("period", "2026-03")),
        (
            "bank_overage",
            ("covered", "23:00 h"),
            ("lots", "2026-02 3:00 h, 2026-03 20:00 h"),
            ("overage", "7:00 h"),
            ("rule", "bill_now"),
        ),
        ("overage_price", ("amount", "7:00 h"), ("printed", ""), ("price", "130.00"), ("net", "910.00 EUR")),
    ]


def test_rule_11_what_was_deducted_is_told_apart_from_what_was_covered() -> None:
    """27 of 20 hours, four of them from the next allowance: 20 covered, 4 deducted, 3 of overage."""
    terms = retainer(version("0", item(beyond=overage(OverageRule.DEDUCT_NEXT, max_deduct=hours(4)))))
    reason = assess(terms, used(27, 1), as_of=date(2026, 2, 1)).charges[0].reason
    found = next(dict(step.values) for step in reason if step.rule == "bank_deducted")
    assert (found["covered"], found["deducted"], found["overage"]) == ("20:00 h", "4:00 h", "3:00 h")


def test_rule_11_the_rounding_of_time_is_told_before_what_was_used() -> None:
    """21:50 hours, rounded up to quarter hours, are 22: two of overage."""
    terms = replace(retainer(), rounding=UP)
    [_, overage_charge] = assess(terms, used("21.8333333333"), as_of=date(2026, 2, 1)).charges[:2]
    assert rules(overage_charge.reason)[2:4] == ["time_rounded", "consumed"]
    assert str(overage_charge.net) == "260.00 EUR"


def test_rule_11_units_are_not_rounded_like_time() -> None:
    """Pieces are counted, so nothing is said of minutes."""
    terms = replace(retainer(version("1", item("design", 2, unit=ItemUnit.UNITS))), rounding=UP)
    charge = assess(terms, units_used(3), as_of=date(2026, 2, 1)).charges[1]
    assert "time_rounded" not in rules(charge.reason)


def allowance_parts(terms: RetainerTerms) -> list[Step]:
    """Return what is told of the parts of January's allowance, with thirty hours used."""
    charges = assess(terms, used(30, date(2026, 1, 30)), as_of=date(2026, 2, 1)).charges
    reason = next(charge for charge in charges if charge.part == "overage/design").reason
    return [each for each in reason if each.rule == "allowance_part"]


def test_rule_11_the_parts_of_an_allowance_are_told() -> None:
    """Of a retainer from 12 January, and of terms that changed on that day; a whole one needs no words."""
    late = date(2026, 1, 12)
    begun = step("allowance_part", start=late, end=date(2026, 1, 31), allowance="20:00 h", part="20/31")
    before = step("allowance_part", start=date(2026, 1, 1), end=date(2026, 1, 11), allowance="10:00 h", part="11/31")
    assert allowance_parts(retainer(version("1", item(), since=late))) == [begun]
    assert allowance_parts(retainer(version("1", item("design", 10)), version("1", item(), since=late))) == [
        before,
        begun,
    ]
    assert allowance_parts(retainer()) == []
