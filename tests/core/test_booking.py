from __future__ import annotations

from dataclasses import replace

import pytest

from connector.core.booking import RevenueAccount
from connector.core.money import CurrencyMismatchError, Money
from tests.core.builders import booking, eur, invoice, line, revenue, vat_decision, vat_rate


def test_the_rows_are_the_document() -> None:
    """The rows' gross amounts add up to the document's gross (domain 8)."""
    document = invoice(line("100.00"), line("50.00", vat=vat_decision(vat_rate(7))))
    booked = booking(document, accounts={19: revenue("8400"), 7: revenue("8300")})
    assert [(row.revenue.account, row.gross) for row in booked.rows] == [
        ("8400", eur("119.00")),
        ("8300", eur("53.50")),
    ]


def test_rows_that_do_not_add_up_are_refused() -> None:
    """One cent off is refused with both sums."""
    right = booking()
    row = right.rows[0]
    with pytest.raises(ValueError, match=r"k-0001: rows add up to 5949\.99 EUR, the document to 5950\.00 EUR"):
        replace(right, rows=(replace(row, gross=row.gross - eur("0.01")),))


def test_a_booking_without_rows_is_refused() -> None:
    """A document that is not nothing cannot be booked as nothing."""
    with pytest.raises(ValueError, match=r"rows add up to 0\.00 EUR"):
        replace(booking(), rows=())


def test_rows_in_another_currency_are_refused() -> None:
    """A row has the currency of its document."""
    right = booking()
    with pytest.raises(CurrencyMismatchError):
        replace(right, rows=(replace(right.rows[0], gross=Money.of(5950, "CHF")),))


def test_an_automatic_account_takes_no_tax_key() -> None:
    """An automatic account splits the VAT itself; a key beside it would book it twice (domain 8)."""
    with pytest.raises(ValueError, match="account 8400 is automatic and takes no tax key \\('3'\\)"):
        RevenueAccount("8400", automatic=True, tax_key="3")
    assert RevenueAccount("8000", automatic=False, tax_key="3").tax_key == "3"
    assert RevenueAccount("8000", automatic=False).tax_key == ""
