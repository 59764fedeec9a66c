"""Items of a retainer: what is told of allowances, overage and carry-over that could not be billed."""

from fractions import Fraction

import pytest

from connector.core.catalogue import Overage, OverageRule, Rollover
from tests.config.folders import Folder
from tests.config.time_agreements import RETAINER, fault, retainer

PRICE = "overage.price = 130"


def with_line(line: str, old: str = PRICE) -> str:
    """Return the retainer with a line in place of another."""
    assert old in RETAINER
    return RETAINER.replace(old, line)


@pytest.mark.parametrize(
    ("lines", "code", "message"),
    [
        ('overage = { rule = "bill_now" } # here', "OveragePriceMissing", 'overage: rule = "bill_now" needs a price'),
        ('overage.rule = "deduct_next" # here', "OveragePriceMissing", 'rule = "deduct_next" needs a price'),
        ('overage.rule = "bill" # here', "ConfigWrongValue", "overage.rule: 'bill' is not known"),
        ('overage.price = "-1" # here', "ConfigWrongValue", "overage.price: '-1' should be greater than or equal to 0"),
        ("overage.price = 1.5 # here", "ConfigFloat", "1.5 is a floating-point number"),
        (
            "overage = { price = 1, tiers = [{ price = 2 }] } # here",
            "ConfigWrongValue",
            "overage.tiers: give either price or tiers",
        ),
        ('overage = { price = 1, mode = "volume" } # here', "ConfigWrongValue", "mode has no effect without tiers"),
        (
            "overage = { price = 1, max_deduct = 5 } # here",
            "ConfigWrongValue",
            'overage.max_deduct: max_deduct has no effect with rule = "bill_now"',
        ),
        (
            'overage = { rule = "deduct_next", price = 1, max_deduct = "-5" } # here',
            "ConfigWrongValue",
            "overage.max_deduct: '-5' should be greater than or equal to 0",
        ),
        (
            "overage.tiers = [\n{ price = 2 }, # here\n{ price = 1 }]",
            "TiersOutOfOrder",
            "overage.tiers: only the last tier has no bound",
        ),
        (
            "overage.tiers = [{ up_to = 5, price = 2 },\n{ up_to = 5, price = 1 }, # here\n{ price = 1 }]",
            "TiersOutOfOrder",
            "overage.tiers: a tier up to 5 after one up to 5",
        ),
        (
            "overage.tiers = [{ up_to = 5, price = 2 },\n{ up_to = 9, price = 1 }] # here",
            "TiersOutOfOrder",
            "overage.tiers: overage beyond 9 has no price",
        ),
        (
            "overage.tiers = [\n{ up_to = 0, price = 2 }, # here\n{ price = 1 }]",
            "ConfigWrongValue",
            "overage.tiers.up_to: 0 should be greater than 0",
        ),
        (f"{PRICE}\nrollover.cap = -1 # here", "ConfigWrongValue", "rollover.cap: a cap below zero"),
        (f'{PRICE}\nrollover.cap = "-1 %" # here', "ConfigWrongValue", "rollover.cap: a cap below zero"),
        (f'{PRICE}\nrollover.cap = "all" # here', "ConfigWrongValue", "rollover.cap: write the number as text"),
        (
            f"{PRICE}\nrollover.expires_after = 0 # here",
            "ConfigWrongValue",
            "rollover.expires_after: 0 should be greater than or equal to 1",
        ),
        (f"{PRICE}\nrollover.months = 2 # here", "ConfigUnknownKey", "rollover.months: unknown key"),
        (
            f"{PRICE}\nrole_rates = {{ Design = 95 }} # here",
            "ConfigWrongValue",
            'role_rates have no effect with unit = "hours"',
        ),
    ],
)
def test_an_item_that_could_not_be_billed_is_told_at_its_line(
    folder: Folder, lines: str, code: str, message: str
) -> None:
    """Missing prices, gaps between tiers, caps below zero, keys without effect: each with key and hint."""
    problem = fault(folder, with_line(lines))
    assert problem.code == code
    assert message in problem.message


def test_a_missing_price_is_told_at_the_item(folder: Folder) -> None:
    """Without a word about overage it is billed at once, and that needs a price."""
    text = with_line("").replace("[[agreement.version.item]]", "[[agreement.version.item]] # here")
    problem = fault(folder, text)
    assert problem.code == "OveragePriceMissing"
    assert problem.hint == 'add overage.price or overage.tiers, or write overage.rule = "absorb"'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "hours"', 'unit = "days" # here', "version.item.unit: 'days' is not known"),
        ("allowance = 20", 'allowance = "-0.5" # here', "item.allowance: '-0.5' should be greater than or equal to 0"),
        ("allowance = 20", 'allowance = "0.33333" # here', "0.33333 hours is not counted in whole steps of 1/3600"),
        (PRICE, f'{PRICE}\nrollover.cap = "0.0001" # here', "rollover.cap: 0.0001 hours is not counted"),
        (
            PRICE,
            'overage = { rule = "deduct_next", price = 1, max_deduct = "0.0001" } # here',
            "overage.max_deduct: 0.0001 hours is not counted",
        ),
        (
            PRICE,
            'overage.tiers = [\n{ up_to = "0.0001", price = 1 }, # here\n{ price = 2 }]',
            "overage.tiers.up_to: 0.0001 hours is not counted",
        ),
    ],
)
def test_an_allowance_is_counted_in_whole_steps(folder: Folder, old: str, new: str, message: str) -> None:
    """Seconds, thousandths, cents: a time bank is exact."""
    problem = fault(folder, with_line(new, old))
    assert problem.code == "ConfigWrongValue"
    assert message in problem.message


def test_a_budget_in_money_needs_the_prices_of_hours(folder: Folder) -> None:
    """Its overage needs none: it costs what it is worth."""
    text = with_line('unit = "amount" # here', 'unit = "hours"').replace(PRICE, "")
    problem = fault(folder, text)
    assert problem.code == "RoleRateMissing"
    folder.put("agreements", "# here", "\nrole_rates = { Design = 95 }")
    assert folder.tenant().agreements[-1].place


@pytest.mark.parametrize(
    ("lines", "rollover"),
    [
        ("rollover = {}", Rollover()),
        ('rollover.cap = "7.5"', Rollover(27_000)),
        ("rollover.cap = 0", Rollover(0)),
        ('rollover.cap = "100 %"', Rollover(Fraction(1))),
        ('rollover.cap = "12.5%"', Rollover(Fraction(1, 8))),
    ],
)
def test_a_cap_is_an_amount_or_a_part_of_the_allowance(folder: Folder, lines: str, rollover: Rollover) -> None:
    """Hours as written, a percentage exactly; without a cap everything is carried over."""
    terms = retainer(folder, with_line(f"{PRICE}\n{lines}"))
    assert terms.versions[0].items[0].rollover == rollover


def test_absorbed_overage_needs_no_price(folder: Folder) -> None:
    """It stands on the document at 0.00."""
    terms = retainer(folder, with_line('overage.rule = "absorb"'))
    assert terms.versions[0].items[0].overage == Overage(OverageRule.ABSORB)


def test_the_name_of_an_item_parts_no_key(folder: Folder) -> None:
    """Item "hours/2" would have the key of the second tier of item "hours"."""
    problem = fault(folder, with_line('id = "hours/2" # here', 'id = "hours"'))
    assert problem.code == "ConfigWrongValue"
    assert "item.id: 'hours/2'" in problem.message
