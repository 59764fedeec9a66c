"""What a retainer costs, rule by rule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.catalogue import ItemUnit, OverageRule, Rollover
from connector.core.charge import Charge
from connector.core.retainer_terms import Billing, TableIndexation
from connector.core.term_end import Term
from tests.core.builders import eur
from tests.core.retainer_builders import (
    START,
    assess,
    bank,
    by_key,
    codes,
    hours,
    item,
    month,
    overage,
    retainer,
    tiers,
    units_used,
    used,
    version,
    worked_item,
)


def invoices(charges: Sequence[Charge]) -> dict[str, Decimal]:
    """Return what is billed from each day on."""
    days = sorted({charge.billed_with for charge in charges})
    return {
        day.isoformat(): sum((charge.net.amount for charge in charges if charge.billed_with == day), Decimal(0))
        for day in days
    }


def test_rule_4_6_worked() -> None:
    """Jan 14 h → 2,400.00; Feb 23 h → 2,400.00; Mar 30 h → 3,310.00; Apr 5 h → 2,400.00, and 5 h lapse."""
    found = assess(
        retainer(version("2400", worked_item())), used(14, 1), used(23, 2), used(30, 3), used(5, 4), as_of=month(4, 30)
    )
    whole = assess(
        retainer(version("2400", worked_item())), used(14, 1), used(23, 2), used(30, 3), used(5, 4), as_of=month(5, 1)
    )
    assert invoices(whole.charges)["2026-04-01"] == Decimal("3310.00")
    assert list(invoices(whole.charges).values())[:4] == [2400, 2400, 3310, 2400]
    assert bank(whole)[:4] == [(0, 14, 0, 0, 6), (6, 23, 0, 0, 3), (3, 30, 0, 7, 0), (0, 5, 5, 0, 10)]
    assert bank(found)[3] == (0, 5, 0, 0, 15)


def test_rule_4_1_versions_of_terms() -> None:
    """From July on 3,000 with 25 hours: the newer version holds from its day."""
    terms = retainer(version("2400", item()), version("3000", item("design", 25), since=date(2026, 7, 1)))
    found = assess(terms, used(25, 6), used(25, 7), as_of=date(2026, 8, 1))
    nets = by_key(found.charges)
    assert (nets["2026-06/fee"], nets["2026-06/overage/design"]) == ("2400.00", "650.00")
    assert nets["2026-07/fee"] == "3000.00"
    assert "2026-07/overage/design" not in nets


def test_rule_4_1_lots_are_carried_over_into_new_terms() -> None:
    """The bank of an item goes on when its terms change."""
    keep = Rollover()
    terms = retainer(
        version("1", item(rollover=keep)), version("1", item("design", 10, rollover=keep), since=date(2026, 2, 1))
    )
    assert bank(assess(terms, used(15, 1), used(12, 2), as_of=date(2026, 3, 1)))[:2] == [
        (0, 15, 0, 0, 5),
        (5, 12, 0, 0, 3),
    ]


def test_rule_4_1_items_in_hours_units_and_money() -> None:
    """Each has its own allowance, consumption and price."""
    terms = retainer(
        version(
            "2400",
            item("design", 20),
            item("posts", 8, unit=ItemUnit.UNITS, beyond=overage(price="45")),
            item("print", 500, unit=ItemUnit.AMOUNT, beyond=overage(of=()), role_rates={"": "100"}),
        )
    )
    found = assess(terms, used(21), units_used(10, of="posts"), used(6, of="print"), as_of=date(2026, 2, 1))
    assert by_key(found.charges) == {
        "2026-01/fee": "2400.00",
        "2026-01/overage/design": "130.00",
        "2026-01/overage/posts": "90.00",
        "2026-01/overage/print": "100.00",
        "2026-02/fee": "2400.00",
    }


def test_rule_4_1_several_projects_draw_on_one_item() -> None:
    """Usage names the item; whose project it was does not matter to the pool."""
    found = assess(retainer(), used(12, date(2026, 1, 5)), used(6, date(2026, 1, 5)), used(4, date(2026, 1, 6)))
    assert bank(found)[0] == (0, 22, 0, 2, 0)


def test_rule_4_8_a_missing_index_month_holds_its_retainer() -> None:
    """The problem names the agreement, so that no other is held."""
    terms = retainer(version("2400", indexation=(TableIndexation(date(2026, 2, 1), {}, Decimal(100)),)))
    found = assess(terms, as_of=date(2026, 3, 1))
    assert [(each.code, each.agreement, each.holds) for each in found.problems] == [
        ("IndexMonthMissing", "support", True)
    ]


@pytest.mark.parametrize(
    ("billing", "starts", "holds"),
    [
        (Billing.IN_ARREARS, date(2026, 2, 1), False),
        (Billing.IN_ARREARS, date(2026, 2, 10), False),
        (Billing.IN_ARREARS, date(2026, 1, 31), True),
        (Billing.IN_ADVANCE, date(2026, 2, 1), True),
    ],
)
def test_a_missing_index_month_holds_no_earlier_fee(billing: Billing, starts: date, *, holds: bool) -> None:
    """On 10 February, January in arrears is billed although the fee of February is not known: that is a notice."""
    terms = retainer(version("2400", indexation=(TableIndexation(starts, {}, Decimal(100)),)))
    found = assess(replace(terms, billing=billing), as_of=date(2026, 2, 10))
    assert [(each.code, each.holds) for each in found.problems] == [("IndexMonthMissing", holds)]
    assert by_key(found.charges)["2026-01/fee"] == "2400.00"


def test_a_missing_index_month_is_a_notice_until_the_first_period_closes() -> None:
    """Nothing is billed before, so nothing is held."""
    terms = retainer(version("2400", indexation=(TableIndexation(START, {}, Decimal(100)),)))
    assert [each.holds for each in assess(terms, as_of=START).problems] == [False]


def test_rule_4_2_in_arrears_everything_of_a_period_is_billed_after_it() -> None:
    """Fee and overage of January from 1 February, each with January as its service period."""
    found = assess(retainer(), used(27), as_of=date(2026, 2, 1)).charges[:2]
    assert [charge.billed_with for charge in found] == [date(2026, 2, 1)] * 2
    assert {(charge.period.start, charge.period.last_day) for charge in found} == {(START, date(2026, 1, 31))}


def test_rule_4_2_in_advance_the_overage_comes_with_the_next_fee() -> None:
    """On 1 February February's fee and January's overage; after the end the overage of the last period alone."""
    terms = replace(retainer(), billing=Billing.IN_ADVANCE, term=Term(last_day=date(2026, 2, 28)))
    found = assess(terms, used(27, 1), used(21, 2)).charges
    assert invoices(found) == {"2026-01-01": 2400, "2026-02-01": 2400 + 910, "2026-03-01": 130}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (OverageRule.BILL_NOW, {"2026-02-01": 3310, "2026-03-01": 2400}),
        (OverageRule.BILL_NEXT, {"2026-02-01": 2400, "2026-03-01": 3310}),
        (OverageRule.DEDUCT_NEXT, {"2026-02-01": 2400, "2026-03-01": 2660}),
        (OverageRule.ABSORB, {"2026-02-01": 2400, "2026-03-01": 2400}),
        (OverageRule.HOLD, {"2026-02-01": 3310, "2026-03-01": 2400}),
    ],
)
def test_rule_4_5_overage_rules(rule: OverageRule, expected: dict[str, int]) -> None:
    """27 of 20 hours in January and 15 in February, the last month: 910.00 now, next, or by two hours fewer left."""
    terms = replace(retainer(version("2400", item(beyond=overage(rule)))), term=Term(last_day=date(2026, 2, 28)))
    found = assess(terms, used(27, 1), used(15, 2))
    assert invoices(found.charges) == expected
    assert [charge.waits for charge in found.charges if charge.part.startswith("overage")] in (
        [rule is OverageRule.HOLD],
        [],
    )


def test_rule_4_5_bill_next_in_the_last_period_is_billed_with_it() -> None:
    """There is no next invoice."""
    terms = replace(
        retainer(version("2400", item(beyond=overage(OverageRule.BILL_NEXT)))), term=Term(last_day=date(2026, 1, 31))
    )
    assert invoices(assess(terms, used(27, 1)).charges) == {"2026-02-01": 3310}


def test_rule_4_5_bill_next_in_advance_is_an_invoice_later() -> None:
    """January's overage would come with February's fee, and so comes with March's."""
    terms = replace(retainer(version("2400", item(beyond=overage(OverageRule.BILL_NEXT)))), billing=Billing.IN_ADVANCE)
    found = assess(terms, used(27, 1), as_of=date(2026, 3, 1)).charges
    assert [charge.billed_with for charge in found if charge.part == "overage/design"] == [date(2026, 3, 1)]


def test_rule_4_5_deduct_next_at_most_and_the_rest_is_billed() -> None:
    """Seven over, four from February: three hours billed, and sixteen left for February."""
    terms = retainer(version("2400", item(beyond=overage(OverageRule.DEDUCT_NEXT, max_deduct=hours(4)))))
    found = assess(terms, used(27, 1), used(17, 2), as_of=date(2026, 3, 1))
    assert by_key(found.charges)["2026-01/overage/design"] == "390.00"
    assert "2026-02/overage/design" not in by_key(found.charges)
    assert bank(found)[1] == (-4, 17, 0, 0, -1)


def test_rule_4_5_absorbed_overage_is_shown_at_nothing() -> None:
    """A line of seven hours at 0.00, marked to be shown."""
    terms = retainer(version("2400", item(beyond=overage(OverageRule.ABSORB))))
    found = assess(terms, used(27), as_of=date(2026, 2, 1)).charges[1]
    assert (found.quantity, found.net, found.shown) == (Decimal(7), eur("0"), True)


def test_rule_4_5_a_line_per_tier() -> None:
    """The first tier is the item's overage, further ones are numbered."""
    ladder = tiers((130, hours(5)), (150, None))
    found = assess(retainer(version("0", item(beyond=overage(of=ladder)))), used(27), as_of=date(2026, 2, 1)).charges
    assert by_key(found) == {"2026-01/overage/design": "650.00", "2026-01/overage/design/2": "300.00"}


def test_rule_4_7_the_first_days_of_a_retainer() -> None:
    """From 12 March 12:54 of 20 hours: with 15 hours used, 2:06 are overage."""
    terms = retainer(version("3100", item(), since=date(2026, 3, 12)))
    found = assess(terms, used(15, date(2026, 3, 20)), as_of=date(2026, 4, 1))
    assert by_key(found.charges)["2026-03/fee"] == "2000.00"
    assert by_key(found.charges)["2026-03/overage/design"] == "273.00"


def test_rule_4_11_notices_come_with_the_assessment() -> None:
    """Eighteen of twenty hours: two thresholds."""
    assert [notice.threshold for notice in assess(retainer(), used(18), as_of=date(2026, 1, 20)).notices] == [50, 80]


def test_problems_of_all_kinds_come_together() -> None:
    """What is wrong with consumption is found beside the charges that are right."""
    found = assess(retainer(), used(1, of="code"), units_used(1), as_of=date(2026, 2, 1))
    assert codes(found.problems) == ["AllowanceUnitMismatch", "UnknownItem"]
    assert by_key(found.charges) == {"2026-01/fee": "2400.00", "2026-02/fee": "2400.00"}


def test_service_and_vat_class_of_overage() -> None:
    """The item's own, else the retainer's."""
    plain = replace(retainer(), service="support", vat_class="reduced")
    charge = assess(plain, used(27), as_of=date(2026, 2, 1)).charges[1]
    assert (charge.service, charge.vat_class) == ("support", "reduced")
    own = replace(plain, versions=(version("1", replace(item(), service="design", vat_class="standard")),))
    charge = assess(own, used(27), as_of=date(2026, 2, 1)).charges[1]
    assert (charge.service, charge.vat_class) == ("design", "standard")
