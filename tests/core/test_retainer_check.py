"""Faults of a retainer's terms."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.catalogue import Item, ItemUnit, OverageRule, Rollover
from connector.core.money import Money
from connector.core.retainer import RetainerAssessment
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


PLACE = "agreements.toml:1"

SAID = [
    (
        retainer(version(), replace(version(since=date(2026, 2, 1)), fee=CHF)),
        f"{PLACE} from 2026-02-01",
        "terms from 2026-02-01: the fee is in CHF, the first one in EUR",
        "make an agreement of its own for the other currency",
    ),
    (
        replace(retainer(), discounts=(Discount("start", "Start", JANUARY, amount=CHF),)),
        f"{PLACE} start from 2026-01-01",
        "terms from 2026-01-01: discount start is in CHF, the fee in EUR",
        "write the discount in the currency of the fee",
    ),
    (
        retainer(version("-1")),
        f"{PLACE} from 2026-01-01",
        "terms from 2026-01-01: a fee of -1.00 EUR",
        "write the fee without a sign, or make a discount",
    ),
    (
        with_item(item("design", -1)),
        f"{PLACE} design from 2026-01-01",
        "terms from 2026-01-01: item design has an allowance below zero",
        "write 0 for none",
    ),
    (
        with_item(item(rollover=Rollover(-1))),
        f"{PLACE} design from 2026-01-01",
        "terms from 2026-01-01: item design carries over at most less than nothing",
        "write a cap of 0 or more, or leave rollover out",
    ),
    (
        with_item(item(rollover=Rollover(expires_after=0))),
        f"{PLACE} design from 2026-01-01",
        "terms from 2026-01-01: item design carries over what expires after 0 periods",
        "write 1 or more, or leave rollover out",
    ),
    (
        with_item(item(beyond=overage(max_deduct=-1))),
        f"{PLACE} design from 2026-01-01",
        "terms from 2026-01-01: item design deducts at most less than nothing",
        "write a max_deduct of 0 or more",
    ),
    (
        with_item(item(beyond=overage(of=()))),
        f"{PLACE} design from 2026-01-01",
        "terms from 2026-01-01: item design has no overage price",
        'add overage.price, or overage.rule = "absorb"',
    ),
    (
        with_item(item(beyond=overage(of=tiers((130, hours(5)))))),
        f"{PLACE} design from 2026-01-01",
        "terms from 2026-01-01: the tiers of item design do not cover every overage once",
        "let the bounds ascend from above 0, and leave that of the last tier out",
    ),
    (
        retainer(version("2400", item()), version("2400", item(unit=ItemUnit.UNITS), since=date(2026, 7, 1))),
        f"{PLACE} design from 2026-07-01",
        "terms from 2026-07-01: item design is counted in units, before in hours",
        "give it another id: its time bank cannot be converted",
    ),
    (
        with_item(item(beyond=overage(price="-1"))),
        f"{PLACE} design from 2026-01-01",
        "terms from 2026-01-01: the price of design is below zero: -1",
        "correct the price",
    ),
    (
        indexed(PercentIndexation(date(2025, 12, 31), Fraction(1))),
        f"{PLACE} from 2026-01-01",
        "terms from 2026-01-01: the indexation from 2025-12-31 is older than the fee it changes",
        "move it to the version whose fee it changes",
    ),
    (
        indexed(PercentIndexation(START, Fraction(1), Decimal(0))),
        f"{PLACE} from 2026-01-01",
        "terms from 2026-01-01: the indexation from 2026-01-01 rounds to 0",
        "write what the fee is rounded to, such as 1 or 0.01",
    ),
    (
        indexed(TableIndexation(START, {}, Decimal(0))),
        f"{PLACE} from 2026-01-01",
        "terms from 2026-01-01: the indexation from 2026-01-01 has a base of 0",
        "write the index value the fee was agreed at",
    ),
]


@pytest.mark.parametrize(("terms", "place", "message", "hint"), SAID)
def test_the_operator_reads_what_is_wrong_where_and_what_to_do(
    terms: RetainerTerms, place: str, message: str, hint: str
) -> None:
    """Message, place and hint of each fault; whoever reads them has only the terms before their eyes."""
    [found] = terms_problems(SUPPORT, terms)
    assert (found.place, found.message, found.hint, found.agreement) == (place, message, hint, "support")


@pytest.mark.parametrize(
    ("terms", "what"),
    [
        (retainer(version("1", item(), item())), "item design"),
        (retainer(version("1", variable=(MEDIA, MEDIA))), "variable part media"),
        (replace(retainer(), discounts=(Discount("start", "Start", JANUARY, Fraction(1, 2)),) * 2), "discount start"),
    ],
)
def test_an_id_that_stands_twice_is_named_with_what_it_is_of(terms: RetainerTerms, what: str) -> None:
    """Items, variable parts and discounts are told apart by their ids."""
    [found] = terms_problems(SUPPORT, terms)
    id_ = what.rpartition(" ")[2]
    assert found.message == f"terms from 2026-01-01: {what} stands twice"
    assert (found.place, found.hint) == (f"{PLACE} {id_} from 2026-01-01", "give each an id of its own")


def test_all_faults_are_found_at_once() -> None:
    """They hold, and nothing is billed meanwhile."""
    terms = retainer(
        version("2400", item(rollover=Rollover(-1))), version("-1", item(beyond=overage(of=())), since=date(2026, 7, 1))
    )
    found = assess(terms)
    assert codes(found.problems) == ["CapBelowZero", "FeeBelowZero", "OveragePriceMissing"]
    assert all(problem.holds for problem in found.problems)
    assert found == RetainerAssessment((), (), (), found.problems)
