"""Time and materials."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.cycle import BillingCalendar, Cycle
from connector.core.materials import MaterialsAssessment, assess_materials
from connector.core.materials_terms import MaterialsTerms
from connector.core.money import Money
from connector.core.period import Period
from connector.core.pricing import HourPricing
from connector.core.problems import Severity
from connector.core.quantity import Unit
from connector.core.term_end import Term
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.core.work import GroupBy, Work
from tests.core.builders import eur, project
from tests.core.retainer_builders import SUPPORT, YEAR_END, by_key, codes, materials, rate_card, work

PROJECTS = {"WEB": project("WEB"), "SHOP": project("SHOP", parent="WEB")}


def sheet(
    terms: MaterialsTerms, *done: Work, as_of: date = YEAR_END, labels: Mapping[str, str] | None = None
) -> MaterialsAssessment:
    """Return the assessment on New Year's Day 2027."""
    return assess_materials(SUPPORT, terms, done, PROJECTS, as_of, labels=labels)


def grouped(group_by: GroupBy) -> MaterialsTerms:
    """Return terms with a line per group."""
    return replace(materials(), group_by=group_by)


@pytest.mark.parametrize(
    ("group_by", "expected"),
    [
        (GroupBy.POSITION, {"time/-@100": "200.00", "time/A1/1@100": "400.00"}),
        (GroupBy.ACTIVITY, {"time/Design@100": "500.00", "time/Text@100": "100.00"}),
        (GroupBy.PERSON, {"time/Jo@100": "300.00", "time/Kim@100": "300.00"}),
        (GroupBy.ENTRY, {"time/1@100": "300.00", "time/2@100": "100.00", "time/3@100": "200.00"}),
    ],
)
def test_rule_5_a_line_per_group(group_by: GroupBy, expected: dict[str, str]) -> None:
    """Position, activity, person or entry."""
    done = (
        work(3, position="A1/1", person="Kim", entry="1"),
        work(1, position="A1/1", activity="Text", entry="2"),
        work(2, entry="3"),
    )
    found = by_key(sheet(grouped(group_by), *done).charges)
    assert found == {f"2026-01/{part}": net for part, net in expected.items()}


def test_rule_5_a_line_says_hours_and_rate() -> None:
    """Three hours at 100.00 in January, billed from 1 February."""
    charge = sheet(grouped(GroupBy.ACTIVITY), work(1), work(2, date(2026, 1, 31))).charges[0]
    assert (charge.quantity, charge.unit, charge.unit_price) == (Decimal("3.00"), Unit.HOUR, Decimal("100.00"))
    assert (charge.label, charge.period) == ("Design", Period(date(2026, 1, 1), date(2026, 2, 1)))
    assert charge.billed_with == date(2026, 2, 1)
    assert [(step.rule, *step.values) for step in charge.reason] == [
        ("time_sum", ("seconds", "10800"), ("entries", "2")),
        ("rate", ("price", "100.00"), ("level", "default"), ("of", "")),
        ("time_priced", ("seconds", "10800"), ("printed", ""), ("price", "100.00"), ("net", "300.00 EUR")),
    ]


def test_rule_5_rates_make_lines_of_their_own() -> None:
    """A group at two rates has a line for each; two rates of one price share one."""
    terms = replace(materials(rate_card("100", persons={"Kim": "120", "Lou": "100"})), group_by=GroupBy.ACTIVITY)
    found = sheet(terms, work(1), work(2, person="Kim"), work(4, person="Lou")).charges
    assert by_key(found) == {"2026-01/time/Design@100": "500.00", "2026-01/time/Design@120": "240.00"}
    assert [dict(step.values)["level"] for step in found[0].reason if step.rule == "rate"] == ["default", "person"]


def test_rule_5_the_rate_of_the_project_counts_for_its_subprojects() -> None:
    """SHOP is a part of WEB."""
    terms = materials(rate_card(None, projects={"WEB": "130"}))
    assert by_key(sheet(terms, work(1, project="SHOP")).charges) == {"2026-01/time/-@130": "130.00"}


def test_new_rates_hold_from_their_day_on() -> None:
    """110 an hour from 16 January: two lines, and January's earlier hours keep their price."""
    terms = materials(rate_card("100"), rate_card("110", since=date(2026, 1, 16)))
    found = by_key(sheet(terms, work(2, date(2026, 1, 15)), work(1, date(2026, 1, 16))).charges)
    assert found == {"2026-01/time/-@100": "200.00", "2026-01/time/-@110": "110.00"}


def test_rule_5_work_without_a_rate_is_a_problem() -> None:
    """Named once for all its entries; nothing is billed until it has one."""
    terms = materials(rate_card(None, persons={"Jo": "100"}))
    found = sheet(terms, work(1), work(1, person="Kim"), work(2, person="Kim"))
    assert codes(found.problems) == ["RateMissing"]
    assert found.problems[0].message == ("2 entries have no rate: position –, person Kim, activity Design, project WEB")
    assert found.problems[0].holds
    assert found.charges == ()


def test_work_without_a_rate_holds_only_when_its_period_has_closed() -> None:
    """January is billed in February although February has work without a rate."""
    terms = materials(rate_card(None, persons={"Jo": "100"}))
    found = sheet(terms, work(1), work(1, 2, person="Kim"), as_of=date(2026, 2, 20))
    assert [problem.severity for problem in found.problems] == [Severity.NOTICE]
    assert by_key(found.charges) == {"2026-01/time/-@100": "100.00"}


def test_a_price_that_cannot_be_is_a_problem() -> None:
    """Below zero, or with seven decimals."""
    terms = materials(rate_card("-1", persons={"Jo": "0.0000001"}))
    found = sheet(terms, work(1))
    assert codes(found.problems) == ["PriceNotPossible", "PriceNotPossible"]
    assert found.problems[1].place == "agreements.toml:1 default from 2026-01-01"
    assert found.charges == ()


def test_work_outside_the_agreement_is_a_notice() -> None:
    """Before the first rates or after the end; what lies after the day of the run is not looked at."""
    terms = replace(materials(), term=Term(last_day=date(2026, 1, 31)))
    found = sheet(terms, work(1, date(2025, 12, 31)), work(1), work(1, date(2026, 2, 1)))
    assert codes(found.problems) == ["WorkNotCovered"]
    assert found.problems[0].message.startswith("2 entries lie outside")
    assert sheet(materials(), work(1, 9), as_of=date(2026, 1, 20)).problems == ()
    never = replace(materials(), term=Term(last_day=date(2025, 12, 31)))
    assert codes(sheet(never, work(1)).problems) == ["WorkNotCovered"]


def test_work_up_to_the_day_of_the_run_is_still_to_be_billed() -> None:
    """The period that runs shows what it comes to so far, billed when it has closed."""
    found = sheet(materials(), work(1, date(2026, 1, 20)), work(1, date(2026, 1, 21)), as_of=date(2026, 1, 20))
    assert [(str(charge.net), charge.billed_with) for charge in found.charges] == [("100.00 EUR", date(2026, 2, 1))]


def test_rule_1_6_hours_as_printed_or_exact() -> None:
    """Three times 20 minutes of three days are an hour; 20 minutes alone 33.00 as printed, 33.33 exact."""
    thirds = [work("0.3334", date(2026, 1, day))._replace(seconds=1200) for day in (5, 6, 7)]
    assert by_key(sheet(materials(), *thirds).charges) == {"2026-01/time/-@100": "100.00"}
    assert by_key(sheet(materials(), thirds[0]).charges) == {"2026-01/time/-@100": "33.00"}
    exact = replace(materials(), pricing=HourPricing(exact=True))
    assert by_key(sheet(exact, thirds[0]).charges) == {"2026-01/time/-@100": "33.33"}


def test_rule_1_5_time_rounded_per_line() -> None:
    """Twice five minutes on a line make a quarter of an hour."""
    terms = replace(materials(), rounding=TimeRounding(15, RoundingMode.UP, RoundedPer.LINE))
    done = [work(1, date(2026, 1, day))._replace(seconds=300) for day in (5, 6)]
    assert by_key(sheet(terms, *done).charges) == {"2026-01/time/-@100": "25.00"}


def test_labels_and_projects_of_lines() -> None:
    """A position's name if it is known, else its key, else the agreement's; a common project, else the agreement's."""
    done = (work(1, position="A1/1"), work(1, position="A1/2", project="SHOP"), work(1), work(1, project="SHOP"))
    found = sheet(materials(), *done, labels={"A1/1": "Entwurf"}).charges
    assert [(charge.label, charge.project) for charge in found] == [
        ("Support", "WEB"),
        ("Entwurf", "WEB"),
        ("A1/2", "SHOP"),
    ]


def test_rule_5_a_line_per_entry_has_its_day() -> None:
    """Its own service period and text; without a text the agreement's name."""
    found = sheet(grouped(GroupBy.ENTRY), work(1, entry="1", text="Entwurf"), work(1, entry="2")).charges
    assert [(charge.label, charge.period.days) for charge in found] == [("Entwurf", 1), ("Support", 1)]


def test_rule_5_not_to_exceed() -> None:
    """1,000 in January, 1,000 of 1,500 in February, nothing in March: 2,500 wait."""
    terms = replace(materials(), not_to_exceed=eur("2000"))
    found = sheet(terms, work(10, 1), work(15, 2), work(20, 3))
    assert by_key(found.charges) == {"2026-01/time/-@100": "1000.00", "2026-02/time/-@100": "1000.00"}
    assert found.waiting == eur("2500.00")
    assert codes(found.problems) == ["LimitReached"]
    assert "2500.00 EUR of agreement support wait: not more than 2000.00 EUR" in found.problems[0].message
    cut = found.charges[1]
    assert (cut.quantity, cut.unit_price) == (Decimal(1), Decimal("1000.00"))
    assert dict(cut.reason[-1].values) == {"limit": "2000.00 EUR", "whole": "1500.00 EUR", "net": "1000.00 EUR"}


def test_rule_5_not_to_exceed_reached_to_the_cent() -> None:
    """What fits is whole, and nothing waits."""
    found = sheet(replace(materials(), not_to_exceed=eur("2500")), work(10, 1), work(15, 2))
    assert found.waiting == eur("0.00")
    assert [charge.quantity for charge in found.charges] == [Decimal(10), Decimal(15)]
    none = sheet(replace(materials(), not_to_exceed=eur("0")), work(10, 1))
    assert (none.charges, none.waiting) == ((), eur("1000.00"))


def test_only_closed_periods_wait() -> None:
    """The limit that the month still running will reach is not reported yet."""
    terms = replace(materials(), not_to_exceed=eur("2000"))
    found = sheet(terms, work(10, 1), work(15, 2), as_of=date(2026, 2, 20))
    assert (found.waiting, found.problems) == (eur("0.00"), ())


def test_rule_4_1_periods_as_for_retainers() -> None:
    """A quarter, billed when it is over."""
    found = sheet(replace(materials(), calendar=BillingCalendar(Cycle.QUARTER)), work(1, 1), work(1, 3)).charges
    assert [(charge.period_name, charge.billed_with) for charge in found] == [("2026-Q1", date(2026, 4, 1))]


def test_terms_need_rates_in_order() -> None:
    """At least one card, each later than the last; a limit in their currency and not below zero."""
    for cards in ((), (rate_card(), rate_card()), (rate_card(), rate_card(since=date(2025, 1, 1)))):
        with pytest.raises(ValueError, match="follow each other"):
            MaterialsTerms("Support", "EUR", cards)
    with pytest.raises(ValueError, match="in EUR"):
        replace(materials(), not_to_exceed=Money.of(1, "CHF"))
    with pytest.raises(ValueError, match="0 or more"):
        replace(materials(), not_to_exceed=eur("-1"))


entries = st.lists(st.tuples(st.integers(1, 12), st.sampled_from("AB"), st.integers(-900, 36000)), max_size=40)


@given(entries, st.none() | st.integers(0, 10**6), st.sampled_from(GroupBy))
def test_rule_5_the_sum_never_exceeds_the_limit(
    drawn: list[tuple[int, str, int]], cents: int | None, group_by: GroupBy
) -> None:
    """What is billed and what waits are the whole, in any order of the work; every line multiplies out."""
    limit = None if cents is None else Money.exactly(Decimal(cents).scaleb(-2), "EUR")
    done = [
        work(1, month, person=person, entry=str(number))._replace(seconds=seconds)
        for number, (month, person, seconds) in enumerate(drawn)
    ]
    terms = replace(grouped(group_by), not_to_exceed=limit)
    found = sheet(terms, *done)
    assert sheet(terms, *reversed(done)) == found
    whole = sheet(grouped(group_by), *done).charges
    billed = Money.total((charge.net for charge in found.charges), "EUR")
    assert billed + found.waiting == Money.total((charge.net for charge in whole), "EUR")
    assert limit is None or billed.amount <= limit.amount
    if all(seconds >= 0 for _, _, seconds in drawn) and limit is not None and found.waiting:
        assert billed == limit
