"""VAT shared out among rows: nothing is left over (domain 8)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from connector.core.money import Money
from connector.core.vat import VatRate
from connector.mapping.allocation import RowTax, share_out
from tests.core.builders import eur, vat_rate

nets = st.lists(st.integers(-(10**9), 10**9).map(lambda cents: Money.of(Decimal(cents) / 100, "EUR")), max_size=40)
rates = st.sampled_from([vat_rate(percent) for percent in ("19", "7", "16", "5", "5.5")])


def shared(rate: VatRate, amounts: list[Money]) -> list[RowTax]:
    """Return the document's VAT on the sum, shared out."""
    return share_out(rate, amounts, rate.tax_on(Money.total(amounts, "EUR")))


def test_the_largest_row_takes_the_cent() -> None:
    """Three rows of 0.03 + 0.03 + 0.05 carry 0.01 each, the document 0.02: the largest row gives one back."""
    assert shared(vat_rate(), [eur("0.03"), eur("0.03"), eur("0.05")]) == [
        RowTax(eur("0.01"), eur("0.00")),
        RowTax(eur("0.01"), eur("0.00")),
        RowTax(eur("0.00"), eur("-0.01")),
    ]


def test_among_equals_the_first_takes_the_cent() -> None:
    """Two rows of 0.02 round to 0.00 each, the document to 0.01."""
    assert shared(vat_rate(), [eur("0.02"), eur("0.02")]) == [
        RowTax(eur("0.01"), eur("0.01")),
        RowTax(eur("0.00"), eur("0.00")),
    ]


def test_the_largest_is_so_without_its_sign() -> None:
    """A large credit counts as large."""
    assert [row.adjustment for row in shared(vat_rate(), [eur("0.02"), eur("-0.05"), eur("0.05")])] == [
        eur("0.00"),
        eur("0.00"),
        eur("0.00"),
    ]
    assert [row.adjustment for row in shared(vat_rate(), [eur("-0.02"), eur("-0.02"), eur("-0.05")])] == [
        eur("0.00"),
        eur("0.00"),
        eur("-0.01"),
    ]


def test_nothing_is_shared_among_none() -> None:
    """A rate without rows has no VAT."""
    assert shared(vat_rate(), []) == []


def test_the_cent_of_a_currency_may_be_a_whole_unit() -> None:
    """In yen the smallest unit is one."""
    yen = [Money.of(2, "JPY"), Money.of(2, "JPY")]
    rate = vat_rate()
    assert share_out(rate, yen, rate.tax_on(Money.of(4, "JPY")))[0] == RowTax(Money.of(1, "JPY"), Money.of(1, "JPY"))


def test_rows_may_take_more_than_a_cent() -> None:
    """Where part of the VAT is fixed elsewhere, more cents may be left than there are rows: they go round."""
    rows = share_out(vat_rate(), [eur("100.00"), eur("200.00")], eur("57.03"))
    assert rows == [RowTax(eur("19.01"), eur("0.01")), RowTax(eur("38.02"), eur("0.02"))]


@given(rates, nets)
def test_the_rows_add_up_to_the_document(rate: VatRate, amounts: list[Money]) -> None:
    """However many rows and whatever their signs: the parts are the whole, and no row moves by more than a cent."""
    rows = shared(rate, amounts)
    total = rate.tax_on(Money.total(amounts, "EUR"))
    assert Money.total((row.tax for row in rows), "EUR") == total
    for net, row in zip(amounts, rows, strict=True):
        assert row.tax == rate.tax_on(net) + row.adjustment
        assert abs(row.adjustment.amount) <= Decimal("0.01")


@given(rates, nets)
def test_no_small_row_is_adjusted_before_a_larger_one(rate: VatRate, amounts: list[Money]) -> None:
    """Every adjusted row is at least as large as every row left alone."""
    rows = shared(rate, amounts)
    adjusted = [abs(net.amount) for net, row in zip(amounts, rows, strict=True) if row.adjustment]
    untouched = [abs(net.amount) for net, row in zip(amounts, rows, strict=True) if not row.adjustment]
    assert min(adjusted, default=Decimal("Infinity")) >= max(untouched, default=Decimal(0))
