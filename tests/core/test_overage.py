"""What overage costs."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.catalogue import Item, ItemUnit, OverageRule, Tier, TierMode
from connector.core.overage import absorbed, price_overage, tier_step
from connector.core.pricing import HourPricing
from connector.core.pricing import hours as printed_hours
from connector.core.quantity import Unit
from connector.core.reason import step
from tests.core.builders import eur
from tests.core.retainer_builders import hours, item, overage, tiers

PRINTED = HourPricing()
EXACT = HourPricing(exact=True)
LADDER = tiers((130, hours(5)), (120, hours(10)), (100, None))


def lines(found: Item, number: str, pricing: HourPricing = PRINTED) -> list[str]:
    """Return tier, quantity, price and net of each line for so many hours (or units, or euros)."""
    per = {ItemUnit.HOURS: 3600, ItemUnit.UNITS: 1000, ItemUnit.AMOUNT: 100}[found.unit]
    parts = price_overage(found, int(Decimal(number) * per), "EUR", pricing)
    return [
        f"{part.number}: {part.priced.quantity} × {part.priced.unit_price} = {part.priced.net.amount}" for part in parts
    ]


def test_rule_4_5_one_price() -> None:
    """Seven hours at 130."""
    assert lines(item(), "7") == ["1: 7.00 × 130.00 = 910.00"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("3", ["1: 3.00 × 130.00 = 390.00"]),
        ("5", ["1: 5.00 × 130.00 = 650.00"]),
        ("7", ["1: 5.00 × 130.00 = 650.00", "2: 2.00 × 120.00 = 240.00"]),
        ("12", ["1: 5.00 × 130.00 = 650.00", "2: 5.00 × 120.00 = 600.00", "3: 2.00 × 100.00 = 200.00"]),
    ],
)
def test_rule_4_5_graduated_tiers(number: str, expected: Sequence[str]) -> None:
    """Each hour at the price of its tier, a line per tier."""
    assert lines(item(beyond=overage(of=LADDER)), number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("3", ["1: 3.00 × 130.00 = 390.00"]),
        ("5", ["1: 5.00 × 130.00 = 650.00"]),
        ("7", ["2: 7.00 × 120.00 = 840.00"]),
        ("12", ["3: 12.00 × 100.00 = 1200.00"]),
    ],
)
def test_rule_4_5_volume_tiers(number: str, expected: Sequence[str]) -> None:
    """All hours at the price of the tier reached; its bound still belongs to it."""
    assert lines(item(beyond=overage(of=LADDER, mode=TierMode.VOLUME)), number) == expected


def test_rule_1_6_the_printed_hours_of_the_tiers_add_up() -> None:
    """Twice 1:10 h of 2:20 h: 1.17 + 1.16 are the 2.33 of the whole, 1.17 + 1.17 would not be."""
    ladder = tiers((130, 4200), (100, None))
    parts = list(price_overage(item(beyond=overage(of=ladder)), 8400, "EUR", PRINTED))
    assert [str(part.priced.quantity) for part in parts] == ["1.17", "1.16"]


def test_rule_1_6_exact_pricing_prices_the_seconds() -> None:
    """20 minutes at 130 are 43.33, and each tier keeps its hours in the text."""
    parts = list(price_overage(item(beyond=overage(of=LADDER)), 18000 + 1200, "EUR", EXACT))
    assert [part.priced.net for part in parts] == [eur("650.00"), eur("40.00")]
    assert [part.priced.quantity for part in parts] == [1, 1]
    remark = parts[1].priced.remark
    assert remark is not None
    assert remark.values == (("seconds", "1200"),)


def test_units_and_amounts_beyond_the_allowance() -> None:
    """2.5 pieces at 40; 200.00 over a budget at face value, or with a surcharge of 15 %."""
    units = item(unit=ItemUnit.UNITS, beyond=overage(price="40"))
    assert lines(units, "2.5") == ["1: 2.5 × 40.00 = 100.00"]
    assert next(price_overage(units, 1000, "EUR", PRINTED)).priced.unit is Unit.PIECE
    assert lines(item(unit=ItemUnit.AMOUNT, beyond=overage(of=())), "200") == ["1: 1 × 200.00 = 200.00"]
    assert lines(item(unit=ItemUnit.AMOUNT, beyond=overage(price="1.15")), "200") == ["1: 1 × 230.00 = 230.00"]


def test_rule_4_5_tiers_of_units_and_amounts() -> None:
    """Five pieces at 40, the rest at 30; 50.00 at face value, the rest with a surcharge of 10 %."""
    pieces = item(unit=ItemUnit.UNITS, beyond=overage(of=tiers((40, 5000), (30, None))))
    assert lines(pieces, "7.5") == ["1: 5 × 40.00 = 200.00", "2: 2.5 × 30.00 = 75.00"]
    budget = item(unit=ItemUnit.AMOUNT, beyond=overage(of=tiers((1, 5000), ("1.1", None))))
    assert lines(budget, "80") == ["1: 1 × 50.00 = 50.00", "2: 1 × 33.00 = 33.00"]


@pytest.mark.parametrize("pricing", [PRINTED, EXACT])
def test_rule_4_5_absorbed_overage_is_shown_at_nothing(pricing: HourPricing) -> None:
    """Seven hours × 0.00; of a budget 1 × 0.00."""
    part = absorbed(item(beyond=overage(OverageRule.ABSORB)), hours(7), "EUR", pricing)
    assert (part.priced.quantity, part.priced.unit, part.priced.net) == (Decimal(7), Unit.HOUR, eur("0"))
    pieces = absorbed(item(unit=ItemUnit.UNITS), 2500, "EUR", pricing)
    assert (pieces.priced.quantity, pieces.priced.unit, pieces.priced.net) == (Decimal("2.5"), Unit.PIECE, eur("0"))
    budget = absorbed(item(unit=ItemUnit.AMOUNT), 20000, "EUR", pricing)
    assert (budget.priced.quantity, budget.priced.net) == (Decimal(1), eur("0"))


def test_rule_11_the_tier_is_explained() -> None:
    """Which tier, how much of it, at what price."""
    found = item(beyond=overage(of=LADDER))
    part = list(price_overage(found, hours(7), "EUR", PRINTED))[1]
    assert tier_step(found, part, "EUR") == step(
        "overage_tier",
        tier=2,
        tiers=3,
        mode="graduated",
        amount="2:00 h",
        printed="",
        price="120.00",
        net=eur("240.00"),
    )


def test_rule_11_the_tier_is_explained_in_the_unit_of_its_item() -> None:
    """Pieces as a number, a budget as money."""
    pieces, budget = item(unit=ItemUnit.UNITS), item(unit=ItemUnit.AMOUNT, beyond=overage(of=()))
    [part] = price_overage(pieces, 2500, "EUR", PRINTED)
    assert dict(tier_step(pieces, part, "EUR").values)["amount"] == "2.5"
    [part] = price_overage(budget, 20000, "EUR", PRINTED)
    assert dict(tier_step(budget, part, "EUR").values)["amount"] == "200.00 EUR"


def test_rule_11_hours_that_are_rounded_to_be_printed_are_told() -> None:
    """2:20 hours at 98.00 are printed as 2.33: with 2.33 the pocket calculator is right; one price needs no tier."""
    found = item(beyond=overage(of=tiers((98, None))))
    [part] = price_overage(found, 8400, "EUR", PRINTED)
    assert tier_step(found, part, "EUR") == step(
        "overage_price", amount="2:20 h", printed="2.33", price="98.00", net=eur("228.34")
    )
    [exact] = price_overage(found, 8400, "EUR", HourPricing(exact=True))
    assert dict(tier_step(found, exact, "EUR").values)["printed"] == ""


bounds = st.lists(st.integers(1, 100000), max_size=5, unique=True).map(sorted)
prices = st.decimals("0", "500", places=2)


@given(
    bounds, st.lists(prices, min_size=6, max_size=6), st.integers(1, 200000), st.sampled_from(TierMode), st.booleans()
)
def test_rule_4_5_every_second_of_overage_is_priced_once(
    limits: list[int],
    costs: list[Decimal],
    overrun: int,
    mode: TierMode,
    exact: bool,  # noqa: FBT001 -- hypothesis draws it
) -> None:
    """The parts add up to the whole in grains and in printed hours, each at a price its tier names."""
    ladder = tuple(Tier(price, bound) for price, bound in zip(costs, [*limits, None], strict=False))
    pricing = HourPricing(exact=exact)
    parts = list(price_overage(item(beyond=overage(of=ladder, mode=mode)), overrun, "EUR", pricing))
    assert sum(part.grains for part in parts) == overrun
    assert all(part.tier is ladder[part.number - 1] for part in parts)
    if not exact:
        assert sum(part.priced.quantity for part in parts) == printed_hours(overrun, pricing)
    if mode is TierMode.VOLUME:
        assert len(parts) == 1
        assert [tier.up_to is None or overrun <= tier.up_to for tier in ladder].index(True) == parts[0].number - 1
    else:
        exactly = [Fraction(part.tier.price) * part.grains / 3600 for part in parts]
        billed = [Fraction(part.priced.net.amount) for part in parts]
        assert abs(sum(billed, Fraction(0)) - sum(exactly, Fraction(0))) <= 5 * len(parts)
