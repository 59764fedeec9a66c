from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.money import Money, rounded
from connector.core.vat import VatCategory, VatLine, VatRate, vat_breakdown
from tests.core.builders import eur, reverse_charge, vat_rate

FREE = [category for category in VatCategory if category is not VatCategory.STANDARD]
CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Money(Decimal(cents).scaleb(-2), "EUR"))
NETS = st.lists(st.tuples(st.sampled_from([vat_rate(19), vat_rate(7)]), CENTS), max_size=30)


def test_tax_is_rounded_half_away_from_zero() -> None:
    """−1,710.50 × 19 % = −324.995 becomes −325.00, as 1,710.50 gives 325.00 (domain 7.5)."""
    assert vat_rate(19).tax_on(eur("-1710.50")) == eur("-325.00")
    assert vat_rate(19).tax_on(eur("1710.50")) == eur("325.00")


def test_a_rate_may_have_decimals() -> None:
    """Rates such as 8.1 % in Switzerland are exact, and may lie below 1 %."""
    assert vat_rate("0.5").tax_on(eur(1000)) == eur(5)
    assert vat_rate("8.1").tax_on(Money.of(1000, "CHF")) == Money.of(81, "CHF")


@pytest.mark.parametrize("category", FREE)
def test_only_the_standard_category_has_a_rate(category: VatCategory) -> None:
    """Reverse charge, exempt and all the others go with 0 % alone (EN 16931: BR-AE-5 and its kin)."""
    assert VatRate(category, Decimal(0)).tax_on(eur(100)) == eur(0)
    for percent in (Decimal(19), Decimal(-5)):
        with pytest.raises(ValueError, match=f"VAT category {category.value} does not go with a rate of {percent} %"):
            VatRate(category, percent)


@pytest.mark.parametrize("percent", [0, -19])
def test_the_standard_category_needs_a_rate_above_zero(percent: int) -> None:
    """S at 0 % would be Z (EN 16931: BR-S-5)."""
    with pytest.raises(ValueError, match="VAT category S does not go with"):
        vat_rate(percent)


def test_a_rate_is_no_float() -> None:
    """A float is refused at the door (domain 1.1)."""
    with pytest.raises(TypeError, match="float"):
        replace(vat_rate(), percent=19.0)  # type: ignore[arg-type] # refusing it is the point


def test_vat_is_computed_on_sums_never_per_line() -> None:
    """Three lines of 0.03 at 19 % carry 0.02, not three times 0.01 (domain 1.3)."""
    assert vat_breakdown([(vat_rate(), eur("0.03"))] * 3, "EUR") == (VatLine(vat_rate(), eur("0.09"), eur("0.02")),)
    assert vat_rate().tax_on(eur("0.03")) == eur("0.01")


def test_the_breakdown_has_one_row_per_rate_in_order_of_appearance() -> None:
    """Equal rates are one row, however their percentage is written."""
    nets = [(vat_rate("7"), eur(10)), (vat_rate("19"), eur(20)), (vat_rate("7.0"), eur(30))]
    assert [(row.rate, row.base) for row in vat_breakdown(nets, "EUR")] == [
        (vat_rate(7), eur(40)),
        (vat_rate(19), eur(20)),
    ]


def test_a_row_taken_back_keeps_its_rate() -> None:
    """Base and tax change their sign, what they are taxed by does not."""
    (row,) = vat_breakdown([(vat_rate(), eur(100))], "EUR")
    assert -row == VatLine(vat_rate(), eur(-100), eur(-19))
    assert row.gross == eur(119)


def test_a_document_without_lines_has_no_breakdown() -> None:
    """Nothing is nothing, not a row of zero."""
    assert vat_breakdown([], "EUR") == ()


@given(NETS)
def test_the_breakdown_adds_up_to_the_lines(nets: list[tuple[VatRate, Money]]) -> None:
    """The bases are the line nets together, and each tax is round(base × rate) (domain 7.5)."""
    rows = vat_breakdown(nets, "EUR")
    assert Money.total((row.base for row in rows), "EUR") == Money.total((net for _, net in nets), "EUR")
    for row in rows:
        assert row.tax.amount == rounded(Fraction(row.base.amount) * Fraction(row.rate.percent) / 100, 2)


def test_reverse_charge_carries_the_note_the_law_asks_for() -> None:
    """A decision keeps rate, note and the rule that led to it."""
    decision = reverse_charge()
    assert decision.rate.category.value == "AE"
    assert "Steuerschuldnerschaft" in decision.note
    assert decision.rule == "mapping.toml:10"
