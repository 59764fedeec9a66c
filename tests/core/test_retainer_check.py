"""Faults of a retainer's terms."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.catalogue import Item, ItemUnit, OverageRule, Rollover
from connector.core.money import Money
from connector.core.retainer_check import terms_problems
from connector.core.retainer_terms import Discount, PercentIndexation, RetainerTerms, TableIndexation, VariablePart
from tests.core.builders import JANUARY
from tests.core.retainer_builders import START, SUPPORT, assess, codes, hours, item, overage, retainer, tiers, version

CHF = Money.of(100, "CHF")
MEDIA = VariablePart("media", "Media", "spend", unit_price=Decimal(1))


def with_item(changed: Item) -> RetainerTerms:
    """Return a retainer with the item."""
    return retainer(version("2400", changed))


def indexed(*changes: PercentIndexation | TableIndexation) -> RetainerTerms:
    """Return a retainer with the indexation."""
    return retainer(version("2400", item(), indexation=changes))


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (retainer(), []),
        (with_item(item(beyond=overage(OverageRule.ABSORB, of=()))), []),
        (with_item(item(unit=ItemUnit.AMOUNT, beyond=overage(of=()))), []),
        (with_item(item(rollover=Rollover(cap=0, expires_after=1))), []),
        (with_item(item(beyond=overage(of=tiers((130, hours(5)), (150, hours(10)), (170, None))))), []),
        (with_item(item(beyond=overage(max_deduct=0))), []),
        (with_item(item("design", 0)), []),
        (with_item(item(beyond=overage(of=tiers((130, 1), (150, None))))), []),
        (indexed(TableIndexation(START, {}, Decimal("0.5"), round_to=Decimal("0.5"))), []),
        (retainer(version(), replace(version(since=date(2026, 2, 1)), fee=CHF)), ["CurrencyChanged"]),
        (replace(retainer(), discounts=(Discount("d", "D", JANUARY, amount=CHF),)), ["CurrencyChanged"]),
        (retainer(version("-1")), ["FeeBelowZero"]),
        (retainer(version("1", item(), item())), ["IdTwice"]),
        (retainer(version("1", variable=(MEDIA, MEDIA))), ["IdTwice"]),
        (replace(retainer(), discounts=(Discount("d", "D", JANUARY, Fraction(1, 2)),) * 2), ["IdTwice"]),
        (with_item(item("design", -1)), ["AllowanceBelowZero"]),
        (with_item(item(rollover=Rollover(-1))), ["CapBelowZero"]),
        (with_item(item(rollover=Rollover(Fraction(-1, 2)))), ["CapBelowZero"]),
        (with_item(item(rollover=Rollover(expires_after=0))), ["ExpiryTooShort"]),
        (with_item(item(beyond=overage(max_deduct=-1))), ["DeductBelowZero"]),
        (with_item(item(beyond=overage(of=()))), ["OveragePriceMissing"]),
        (with_item(item(beyond=overage(of=tiers((130, hours(5)))))), ["TiersOutOfOrder"]),
        (with_item(item(beyond=overage(of=tiers((130, None), (150, None))))), ["TiersOutOfOrder"]),
        (with_item(item(beyond=overage(of=tiers((130, 9), (140, 9), (150, None))))), ["TiersOutOfOrder"]),
        (with_item(item(beyond=overage(of=tiers((130, 0), (150, None))))), ["TiersOutOfOrder"]),
        (with_item(item(beyond=overage(price="-1"))), ["PriceNotPossible"]),
        (with_item(item(beyond=overage(price="0.0000001"))), ["PriceNotPossible"]),
        (with_item(item(unit=ItemUnit.AMOUNT, role_rates={"Design": "-1"})), ["PriceNotPossible"]),
        (retainer(version("1", variable=(replace(MEDIA, unit_price=Decimal(-1)),))), ["PriceNotPossible"]),
        (retainer(version("1", variable=(replace(MEDIA, unit_price=None, percent=Fraction(1)),))), []),
        (indexed(PercentIndexation(date(2025, 12, 31), Fraction(1))), ["IndexationTooEarly"]),
        (indexed(PercentIndexation(START, Fraction(1), Decimal(0))), ["RoundToBelowZero"]),
        (indexed(TableIndexation(START, {}, Decimal(0))), ["IndexBaseBelowZero"]),
    ],
)
def test_each_fault_of_the_terms_is_named(terms: RetainerTerms, expected: Sequence[str]) -> None:
    """What cannot be billed without guessing is a problem; what is merely unusual is not."""
    assert codes(terms_problems(SUPPORT, terms)) == expected


def test_an_item_keeps_its_unit() -> None:
    """Hours in the time bank cannot become units."""
    changed = version("2400", item(unit=ItemUnit.UNITS), since=date(2026, 7, 1))
    assert codes(terms_problems(SUPPORT, retainer(version("2400", item()), changed))) == ["ItemUnitChanged"]


def test_all_faults_are_found_at_once_with_place_and_hint() -> None:
    """Each says where it is and what to do, and nothing is billed meanwhile."""
    terms = retainer(
        version("2400", item(rollover=Rollover(-1))), version("-1", item(beyond=overage(of=())), since=date(2026, 7, 1))
    )
    found = assess(terms)
    assert codes(found.problems) == ["CapBelowZero", "FeeBelowZero", "OveragePriceMissing"]
    assert found.problems[0].place == "agreements.toml:1 design from 2026-01-01"
    assert found.problems[1].place == "agreements.toml:1 from 2026-07-01"
    assert all(problem.hint and problem.holds and problem.agreement == "support" for problem in found.problems)
    assert not found.charges
