"""Fees and discounts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.charge import ChargeKind
from connector.core.cycle import Cycle
from connector.core.period import Period
from connector.core.reason import step
from connector.core.retainer_terms import Billing, Discount, PercentIndexation, Proration, RetainerTerms
from connector.core.term_end import Term
from tests.core.builders import FEBRUARY, JANUARY, MARCH, eur
from tests.core.retainer_builders import YEAR_END, assess, by_key, retainer, version

MID_MARCH = date(2026, 3, 12)
FIRST_QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))


def fees(terms: RetainerTerms, as_of: date = date(2026, 4, 1)) -> dict[str, str]:
    """Return the charges that are billed by the day."""
    return by_key(charge for charge in assess(terms, as_of=as_of).charges if charge.billed_with <= as_of)


def test_rule_4_7_worked() -> None:
    """Fee 3,100 from 12 March: 20 ÷ 31 → 2,000.00."""
    found = assess(retainer(version("3100", since=MID_MARCH)), as_of=date(2026, 4, 1)).charges[0]
    assert (found.key, found.net) == ("support/2026-03/fee", eur("2000.00"))
    assert (found.quantity, found.unit_price, found.period) == (
        Decimal(1),
        Decimal("2000.00"),
        Period(MID_MARCH, date(2026, 4, 1)),
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Proration.DAY_EXACT, {"2026-03/fee": "2000.00", "2026-04/fee": "1033.33"}),
        (Proration.FULL, {"2026-03/fee": "3100.00", "2026-04/fee": "3100.00"}),
        (Proration.NONE, {}),
    ],
)
def test_rule_4_7_first_and_last_period(rule: Proration, expected: dict[str, str]) -> None:
    """By days, in full, or not at all: from 12 March to 10 April."""
    terms = replace(retainer(version("3100", since=MID_MARCH)), proration=rule, term=Term(last_day=date(2026, 4, 10)))
    assert fees(terms, YEAR_END) == expected


def test_rule_4_7_a_new_fee_inside_a_period() -> None:
    """Each fee has a line of its own with its days; the second is named by its first day."""
    found = assess(retainer(version("3100"), version("6200", since=MID_MARCH)), as_of=date(2026, 4, 1)).charges
    assert [(charge.part, str(charge.net.amount), charge.period.days) for charge in found[2:4]] == [
        ("fee", "1100.00", 11),
        ("fee/2026-03-12", "4000.00", 20),
    ]


@pytest.mark.parametrize("rule", [Proration.FULL, Proration.NONE])
def test_rule_4_7_without_days_a_new_fee_begins_with_the_next_period(rule: Proration) -> None:
    """The old fee holds for the whole month of the change."""
    terms = replace(retainer(version("3100"), version("6200", since=MID_MARCH)), proration=rule)
    assert list(fees(terms, date(2026, 5, 1)).values()) == ["3100.00", "3100.00", "3100.00", "6200.00"]


def test_a_version_with_the_same_fee_leaves_it_whole() -> None:
    """A fee that days would divide into 33.33 + 66.67 stays 100.00 on one line."""
    terms = retainer(version("100"), version("100", since=date(2026, 1, 11)), version("100", since=date(2026, 1, 12)))
    assert fees(terms)["2026-01/fee"] == "100.00"
    assert "2026-01/fee/2026-01-11" not in fees(terms)


def test_rule_4_8_an_indexation_inside_a_period_is_prorated() -> None:
    """10 % from 16 June: 15 days of 3,000, 15 days of 3,300."""
    change = PercentIndexation(date(2026, 6, 16), Fraction(1, 10))
    found = fees(retainer(version("3000", indexation=(change,))), date(2026, 7, 1))
    assert (found["2026-06/fee"], found["2026-06/fee/2026-06-16"]) == ("1500.00", "1650.00")


def test_rule_4_2_in_arrears_the_fee_is_billed_after_its_period() -> None:
    """January's fee on 1 February, not a day before."""
    assert fees(retainer(), date(2026, 1, 31)) == {}
    assert fees(retainer(), date(2026, 2, 1)) == {"2026-01/fee": "2400.00"}


def test_rule_4_2_in_advance_the_fee_is_billed_at_the_start_of_its_period() -> None:
    """January's fee on 1 January, February's on 1 February; a first period from its first covered day."""
    terms = replace(retainer(), billing=Billing.IN_ADVANCE)
    assert fees(terms, date(2026, 1, 1)) == {"2026-01/fee": "2400.00"}
    assert list(fees(terms, date(2026, 2, 1))) == ["2026-01/fee", "2026-02/fee"]
    begun = replace(retainer(version("3100", since=MID_MARCH)), billing=Billing.IN_ADVANCE)
    assert fees(begun, date(2026, 3, 11)) == {}
    assert fees(begun, MID_MARCH) == {"2026-03/fee": "2000.00"}


@pytest.mark.parametrize(
    ("cycle", "keys"),
    [
        (Cycle.QUARTER, ["2026-Q1/fee"]),
        (Cycle.YEAR, []),
        (Cycle.MONTH, ["2026-01/fee", "2026-02/fee", "2026-03/fee"]),
    ],
)
def test_rule_4_1_the_fee_is_that_of_a_cycle(cycle: Cycle, keys: Sequence[str]) -> None:
    """A quarter costs one fee, when it is over."""
    assert list(fees(retainer(cycle=cycle))) == keys


def test_a_retainer_without_a_fee_has_no_fee_line() -> None:
    """Nothing is charged at 0.00."""
    assert fees(retainer(version("0"))) == {}


@pytest.mark.parametrize(
    ("discount", "expected"),
    [
        (Discount("d", "Start", FIRST_QUARTER, Fraction(1, 10)), ["-310.00", "-310.00", "-310.00"]),
        (Discount("d", "Start", FIRST_QUARTER, amount=eur("500")), ["-500.00", "-500.00", "-500.00"]),
        (Discount("d", "Start", FEBRUARY, Fraction(1)), [None, "-3100.00", None]),
        (Discount("d", "Start", Period(MID_MARCH, YEAR_END), Fraction(1, 2)), [None, None, "-1000.00"]),
        (Discount("d", "Start", Period(MID_MARCH, YEAR_END), amount=eur("310")), [None, None, "-200.00"]),
        (Discount("d", "Start", MARCH, amount=eur("9999")), [None, None, "-3100.00"]),
    ],
)
def test_discounts_are_limited_in_time(discount: Discount, expected: Sequence[str | None]) -> None:
    """On the days they hold, by days; never more than the fee."""
    found = fees(replace(retainer(version("3100")), discounts=(discount,)))
    assert [found.get(f"2026-0{month}/discount/d") for month in (1, 2, 3)] == expected


def test_a_discount_is_a_line_of_its_own_with_its_days() -> None:
    """−1 × 1,000.00 for the days from 12 March, billed with the fee."""
    discount = Discount("d", "Start", Period(MID_MARCH, YEAR_END), Fraction(1, 2))
    found = assess(replace(retainer(version("3100")), discounts=(discount,)), as_of=date(2026, 4, 1)).charges
    line = next(charge for charge in found if charge.kind is ChargeKind.DISCOUNT)
    assert (line.label, line.quantity, line.unit_price) == ("Start", Decimal(-1), Decimal("1000.00"))
    assert (line.period, line.billed_with) == (Period(MID_MARCH, date(2026, 4, 1)), date(2026, 4, 1))


def test_rule_4_2_in_advance_a_discount_is_billed_with_the_fee_it_is_taken_off() -> None:
    """Both at the start of March."""
    discount = Discount("d", "Start", MARCH, Fraction(1, 10))
    terms = replace(retainer(), billing=Billing.IN_ADVANCE, discounts=(discount,))
    march = [charge for charge in assess(terms, as_of=MARCH.start).charges if charge.period_name == "2026-03"]
    assert [(charge.kind, charge.billed_with) for charge in march] == [
        (ChargeKind.FEE, MARCH.start),
        (ChargeKind.DISCOUNT, MARCH.start),
    ]


def test_fee_and_discount_are_taxed_and_booked_as_the_retainer_says() -> None:
    """Agreement, project, service and VAT class are what the mapping goes by."""
    discount = Discount("d", "Start", JANUARY, Fraction(1, 10))
    terms = replace(retainer(), discounts=(discount,), service="care", vat_class="reduced")
    for charge in assess(terms, as_of=date(2026, 1, 31)).charges:
        assert (charge.agreement, charge.project) == ("support", "WEB")
        assert (charge.service, charge.vat_class) == ("care", "reduced")


@pytest.mark.parametrize(
    ("discount", "taken"),
    [
        (Discount("d", "Start", MARCH, Fraction(1, 10)), "-510.00"),
        (Discount("d", "Start", MARCH, amount=eur("310")), "-310.00"),
    ],
)
def test_a_discount_is_taken_off_all_the_fees_of_a_period(discount: Discount, taken: str) -> None:
    """3,100 for eleven days of March and 6,200 for twenty come to 5,100.00: 10 % of both, or 310.00 of the month."""
    terms = retainer(version("3100"), version("6200", since=MID_MARCH))
    found = fees(replace(terms, discounts=(discount,)))
    assert (found["2026-03/fee"], found["2026-03/fee/2026-03-12"]) == ("1100.00", "4000.00")
    assert found["2026-03/discount/d"] == taken


def test_discounts_together_are_never_more_than_the_fee() -> None:
    """The second takes what is left; nothing is left for a third."""
    each = Discount("a", "Start", JANUARY, Fraction(3, 5))
    terms = replace(retainer(version("1000")), discounts=(each, replace(each, id="b"), replace(each, id="c")))
    assert fees(terms, date(2026, 2, 1)) == {
        "2026-01/fee": "1000.00",
        "2026-01/discount/a": "-600.00",
        "2026-01/discount/b": "-400.00",
    }


def test_an_amount_off_a_part_of_a_period_is_prorated_like_the_fee() -> None:
    """310 a month off the 20 days of March: 200.00; nothing off where nothing is charged."""
    discount = Discount("d", "Start", FIRST_QUARTER, amount=eur("310"))
    terms = replace(retainer(version("3100", since=MID_MARCH)), discounts=(discount,))
    assert fees(terms)["2026-03/discount/d"] == "-200.00"
    assert fees(replace(terms, proration=Proration.NONE)) == {}
    assert fees(replace(terms, proration=Proration.FULL))["2026-03/discount/d"] == "-310.00"


def test_rule_11_fee_and_discount_explain_themselves() -> None:
    """The agreed fee, the part of the period, and what was taken off."""
    discount = Discount("d", "Start", MARCH, Fraction(1, 10))
    found = assess(replace(retainer(version("3100", since=MID_MARCH)), discounts=(discount,)), as_of=date(2026, 4, 1))
    fee, off = found.charges[:2]
    start, end = MID_MARCH, MARCH.last_day
    assert fee.reason[0].rule == "agreed_fee"
    assert fee.reason[1:] == (
        step("fee_of_period", fee=eur("3100"), start=start, end=end, part=Fraction(20, 31), net=eur("2000.00")),
    )
    assert off.reason == (
        step("discount_of_period", label="Start", size="10 %", start=start, end=end, net=eur("200.00")),
    )
    amount = replace(discount, percent=None, amount=eur("10"))
    off = assess(replace(retainer(), discounts=(amount,)), as_of=date(2026, 4, 1)).charges[3]
    assert dict(off.reason[0].values)["size"] == "10.00 EUR"


@given(st.integers(0, 10**7), st.lists(st.integers(1, 360), max_size=5, unique=True), st.sampled_from(Cycle))
def test_a_fee_that_does_not_change_is_billed_whole(cents: int, days: list[int], cycle: Cycle) -> None:
    """However often other terms change: every full period comes to the fee, and the parts to the whole."""
    fee = Decimal(cents).scaleb(-2)
    starts = [date.fromordinal(date(2026, 1, 1).toordinal() + day) for day in (0, *sorted(days))]
    terms = retainer(*(version(fee, since=day) for day in starts), cycle=cycle)
    found = assess(terms).charges
    assert all(charge.net == eur(fee) for charge in found if charge.period.start >= date(2026, 1, 5))
    assert bool(found) == bool(cents)
