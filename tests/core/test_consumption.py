"""What was consumed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.catalogue import Item, ItemUnit
from connector.core.consumption import Consumed, Usage, consumption
from connector.core.feed import Feed
from connector.core.pricing import HourPricing
from connector.core.problems import Problem, Severity
from connector.core.proration import terms_by_period
from connector.core.retainer_terms import RetainerTerms
from connector.core.term_end import Term
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from tests.core.retainer_builders import SUPPORT, YEAR_END, codes, hours, item, retainer, units_used, used, version

BUDGET = item("design", 1000, unit=ItemUnit.AMOUNT, role_rates={"Design": "110", "Code": "125.50"})
PIECES = item("design", 10, unit=ItemUnit.UNITS)

OWN_UNIT = "feed the item from entries of its own unit, or change its unit"
TAKEN_BACK = "correct the entries; time taken back belongs into the period it was booked in"


def consume(
    terms: RetainerTerms, *usage: Usage, as_of: date = YEAR_END
) -> tuple[dict[tuple[str, int], Consumed], Sequence[Problem]]:
    """Return what was consumed and the problems."""
    found, problems = consumption(SUPPORT, terms, terms_by_period(terms, as_of), usage, as_of)
    return dict(found), problems


def of_item(found: Item) -> RetainerTerms:
    """Return a retainer with the item."""
    return retainer(version("2400", found))


def test_rule_4_3_hours_are_summed_by_period() -> None:
    """Each day belongs to its period; the entries are counted."""
    found, problems = consume(
        retainer(),
        used(2, date(2026, 1, 1)),
        used("0.5", date(2026, 1, 31)),
        used(3, date(2026, 2, 1))._replace(entries=4),
    )
    assert found == {("design", 0): Consumed(hours("2.5"), 2), ("design", 1): Consumed(hours(3), 4)}
    assert not problems


def test_rule_4_3_amounts_are_hours_at_role_rates() -> None:
    """1:20 h of design at 110 and half an hour of code at 125.50: 146.30 + 62.75."""
    design = Usage("design", date(2026, 1, 5), seconds=4800, role="Design")
    found, _ = consume(of_item(BUDGET), design, used("0.5", role="Code"))
    consumed = found["design", 0]
    assert consumed.grains == 14630 + 6275
    assert [part.role for part in consumed.roles] == ["Code", "Design"]
    exact, _ = consume(replace(of_item(BUDGET), pricing=HourPricing(exact=True)), design)
    assert exact["design", 0].grains == 14667


def test_rule_4_3_a_role_is_priced_once_a_period() -> None:
    """Three times 20 minutes are an hour, not three times 0.33."""
    thirds = [Usage("design", date(2026, 1, day), seconds=1200, role="Design") for day in (5, 6, 7)]
    found, _ = consume(of_item(BUDGET), *thirds)
    assert found["design", 0].grains == 11000


def test_units_are_summed() -> None:
    """Two pieces and a half."""
    found, _ = consume(of_item(PIECES), units_used(1), units_used("1.5"))
    assert found["design", 0] == Consumed(2500, 2)


def test_an_entry_may_be_of_nothing() -> None:
    """No time, no units, or neither of them: an entry that consumes nothing is no fault."""
    assert consume(retainer(), used(0)) == ({("design", 0): Consumed(0, 1)}, [])
    assert consume(of_item(PIECES), units_used(0)) == ({("design", 0): Consumed(0, 1)}, [])
    assert consume(of_item(PIECES), Usage("design", date(2026, 1, 5))) == ({("design", 0): Consumed(0, 1)}, [])


def test_rule_4_9_units_that_were_not_read_are_a_problem() -> None:
    """Of a closed period in which the item is agreed; a reading of 0 says that there were none."""
    fed = replace(SUPPORT, feeds=(Feed("design", metric="posts"),))
    terms = retainer(version("1", PIECES), version("1", since=date(2026, 4, 1)))
    as_of = date(2026, 6, 1)
    read = [units_used(0, 1), units_used(7, 3)]
    found, problems = consumption(fed, terms, terms_by_period(terms, as_of), read, as_of)
    assert found["design", 0] == Consumed(0, 1)
    assert [(each.code, each.holds, each.place) for each in problems] == [
        ("MetricMissing", True, "agreements.toml:1 design 2026-02")
    ]
    assert problems[0].message == "Design of 2026-02 needs the metric 'posts', which has no reading in that time"


def test_units_of_a_running_period_may_still_be_read() -> None:
    """Nothing of it is billed yet."""
    fed = replace(SUPPORT, feeds=(Feed("design", metric="posts"),))
    terms = of_item(PIECES)
    as_of = date(2026, 1, 31)
    assert consumption(fed, terms, terms_by_period(terms, as_of), [], as_of) == ({}, [])


def test_rule_1_5_time_rounded_per_line_is_rounded_here() -> None:
    """Twice 5 minutes make a quarter of an hour per line; per entry or day they come rounded."""
    usage = [Usage("design", date(2026, 1, day), seconds=300) for day in (5, 6)]
    for per, expected in ((RoundedPer.LINE, 900), (RoundedPer.DAY, 600), (RoundedPer.ENTRY, 600)):
        terms = replace(retainer(), rounding=TimeRounding(15, RoundingMode.UP, per))
        assert consume(terms, *usage)[0]["design", 0].grains == expected
    by_role = replace(of_item(BUDGET), rounding=TimeRounding(60, RoundingMode.UP, RoundedPer.LINE))
    roles = [use._replace(role=role) for use, role in zip(usage, ("Design", "Code"), strict=True)]
    assert consume(by_role, *roles)[0]["design", 0].grains == 11000 + 12550


@pytest.mark.parametrize(
    ("terms", "usage", "code", "message", "hint"),
    [
        (
            retainer(),
            [used(1), units_used(2)],
            "AllowanceUnitMismatch",
            "item design has its allowance in hours, but 2026-01 has entries in units",
            OWN_UNIT,
        ),
        (
            of_item(PIECES),
            [used(2)],
            "AllowanceUnitMismatch",
            "item design has its allowance in units, but 2026-01 has entries in hours",
            OWN_UNIT,
        ),
        (
            of_item(BUDGET),
            [units_used(2)],
            "AllowanceUnitMismatch",
            "item design has its allowance in amount, but 2026-01 has entries in units",
            OWN_UNIT,
        ),
        (
            of_item(BUDGET),
            [used(1, role="Text"), used(1), used(1, role="Design")],
            "RoleRateMissing",
            "item design is a budget, but 2026-01 has hours of roles without a rate: '', 'Text'",
            "add them to the item's role rates",
        ),
        (
            of_item(PIECES),
            [units_used("0.0001")],
            "UnitsTooFine",
            "item design in 2026-01: 0.0001 units is not counted in whole steps of 1/1000",
            "correct the units",
        ),
        (retainer(), [used("-2.5")], "UsageBelowZero", "item design in 2026-01 was used −2:30 h", TAKEN_BACK),
        (of_item(PIECES), [units_used(-2)], "UsageBelowZero", "item design in 2026-01 was used -2", TAKEN_BACK),
        (
            of_item(BUDGET),
            [used(-1, role="Design")],
            "UsageBelowZero",
            "item design in 2026-01 was used -110.00 EUR",
            TAKEN_BACK,
        ),
    ],
)
def test_what_cannot_be_counted_is_a_problem(
    terms: RetainerTerms, usage: Sequence[Usage], code: str, message: str, hint: str
) -> None:
    """It holds once its period has closed; while that runs, it is a notice."""
    found, problems = consume(terms, *usage)
    assert not found
    assert problems == [Problem(code, message, "agreements.toml:1 design 2026-01", hint, agreement="support")]
    _, early = consume(terms, *usage, as_of=date(2026, 1, 20))
    assert early == [replace(problems[0], severity=Severity.NOTICE)]


def test_usage_of_an_unknown_item_holds() -> None:
    """A feed that names no item of the retainer, with the nearest name."""
    _, problems = consume(retainer(), used(2, of="desing"), used(1, 2, of="desing"))
    message = "2 entries feed item 'desing', which agreement support does not have"
    place, hint = "agreements.toml:1 desing", "did you mean 'design'?"
    assert problems == [Problem("UnknownItem", message, place, hint, agreement="support")]


def test_usage_the_terms_do_not_cover_is_a_notice() -> None:
    """Before the start, after the end, or before the item was agreed: counted, not billed."""
    terms = retainer(version(), version("2400", item(), since=date(2026, 3, 1)))
    ended = replace(terms, term=Term(last_day=date(2026, 6, 30)))
    found, problems = consume(
        ended,
        used(1, date(2025, 12, 31)),
        used(1, 2),
        used(1, 3),
        used(1, date(2026, 7, 1)),
        used(1, date(2026, 6, 30)),
    )
    assert [key for key, _ in found.items()] == [("design", 2), ("design", 5)]
    message = "3 entries on item design lie on days when agreement support does not cover it; not billed"
    hint = "correct their days or project, or bill them otherwise"
    assert problems == [
        Problem("UsageNotCovered", message, "agreements.toml:1 design", hint, Severity.NOTICE, "support")
    ]


def test_usage_after_the_day_of_the_run_does_not_count_yet() -> None:
    """Neither in the period that runs, nor in one that is far ahead."""
    found, problems = consume(retainer(), used(1, 1), used(2, date(2026, 1, 21)), used(5, 8), as_of=date(2026, 1, 20))
    assert found == {("design", 0): Consumed(hours(1), 1)}
    assert not problems


def test_a_retainer_that_ended_before_it_began_covers_nothing() -> None:
    """No period, only a notice."""
    found, problems = consume(replace(retainer(), term=Term(last_day=date(2025, 12, 31))), used(1))
    assert (found, codes(problems)) == ({}, ["UsageNotCovered"])


def test_rule_11_consumption_is_explained() -> None:
    """The roles with their rates, and the sum with its entries."""
    found, _ = consume(of_item(BUDGET), used(2, role="Design"), used(1, role="Code"))
    reason = found["design", 0].reason(BUDGET, "EUR")
    assert [step.rule for step in reason] == ["consumed_role", "consumed_role", "consumed"]
    assert dict(reason[0].values) == {
        "role": "Code",
        "amount": "1:00 h",
        "printed": "",
        "price": "125.50",
        "net": "125.50 EUR",
    }
    assert dict(reason[2].values) == {"item": "Design", "used": "345.50 EUR", "entries": "2"}


@given(st.lists(st.tuples(st.dates(date(2026, 1, 1), YEAR_END), st.integers(0, 10**5)), max_size=50), st.randoms())
def test_the_order_of_the_entries_does_not_matter(drawn: list[tuple[date, int]], chance: Random) -> None:
    """Every second is counted once, in any order."""
    usage = [Usage("design", day, seconds=seconds) for day, seconds in drawn]
    found, _ = consume(retainer(), *usage)
    chance.shuffle(usage)
    assert consume(retainer(), *usage)[0] == found
    assert sum(each.grains for each in found.values()) == sum(seconds for _, seconds in drawn)
