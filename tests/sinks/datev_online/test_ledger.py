from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.booking import RevenueAccount
from connector.sinks.datev_online import ledger
from connector.sinks.datev_online.ledger import package_of, refusals
from tests.datev.samples import booked, foreign, party, to_austria
from tests.sinks.datev_online.ledgers import amounts, rowed, text_of, values
from tests.sinks.datev_online.world import settings_of

MADE_AT = datetime(2026, 2, 2, 9, 30, 15)  # noqa: DTZ001 - DATEV's time has no zone


def test_a_document_is_written_with_all_that_datev_books() -> None:
    """One row per revenue account, gross, with debtor, account, number, text and customer."""
    revenue = RevenueAccount("8200", automatic=False, tax_key="3", cost_centre="200", cost_unit="300")
    booking = replace(booked("RE-1", revenue=revenue), order_number="A-17/3")
    text = text_of(booking)
    assert 'consolidatedAmount="119.00" consolidatedDate="2026-01-31" consolidatedInvoiceId="RE-1"' in text
    names = ("date", "amount", "accountNo", "buCode", "costCategoryId", "costCategoryId2", "tax", "currencyCode")
    assert [values(booking, name) for name in names] == [
        ["2026-01-31"], ["119.00"], ["8200"], ["3"], ["200"], ["300"], ["19.00"], ["EUR"],
    ]  # fmt: skip
    assert values(booking, "invoiceId") == ["RE-1"]
    assert values(booking, "bookingText") == ["Phase 1"]
    assert values(booking, "dueDate") == ["2026-02-14"]
    assert values(booking, "bpAccountNo") == ["10001"]
    assert values(booking, "orderId") == ["A-17/3"]
    assert values(booking, "customerCity") == ["Berlin"]


def test_what_is_empty_is_left_out() -> None:
    """DATEV refuses empty elements."""
    booking = booked(revenue=RevenueAccount("8400", automatic=True))
    for name in ("buCode", "costCategoryId", "information", "vatId", "exchangeRate", "deliveryDate", "orderId"):
        assert values(booking, name) == []


@given(st.lists(st.integers(-99_999_999, 99_999_999).filter(bool), min_size=1, max_size=30))
def test_rows_add_up_to_the_document_to_the_cent(cents: list[int]) -> None:
    """DATEV refuses a package whose consolidated amount is not the sum of its rows."""
    booking = rowed(*(f"{Decimal(each) / 100:.2f}" for each in cents))
    consolidated, rows = amounts(booking)
    assert consolidated == sum(rows) == booking.invoice.payable.amount
    assert rows == [Decimal(each) / 100 for each in cents]


def test_rows_of_nothing_are_left_out() -> None:
    """DATEV refuses 0.00."""
    assert amounts(rowed("119.00", "0.00", "-19.00")) == (
        Decimal("100.00"),
        [Decimal("119.00"), Decimal("-19.00")],
    )


def test_a_reversal_carries_the_number_it_reverses() -> None:
    """Its own stands in the message, so that the open item is cleared and the reversal found."""
    booking = booked("ST-2", "-100.00", reverses="RE-1")
    assert values(booking, "invoiceId") == ["RE-1"]
    assert values(booking, "information") == ["Stornobeleg ST-2"]
    assert values(booking, "amount") == ["-119.00"]


def test_foreign_money_comes_with_its_rate() -> None:
    """Units of the document's currency for one euro, with six decimals."""
    assert values(foreign(rate="0.9312"), "exchangeRate") == ["0.931200"]
    assert values(foreign(rate="0.9312"), "currencyCode") == ["CHF"]
    assert values(foreign("1000", "JPY", rate="161"), "amount") == ["1000.00"]
    assert values(foreign("1000", "JPY", rate="161"), "exchangeRate") == ["161.000000"]


def test_the_buyer_who_owes_the_vat_is_named() -> None:
    """By the VAT id, for the EC sales list."""
    assert values(to_austria(), "vatId") == ["ATU12345678"]
    assert values(to_austria(), "tax") == ["0.00"]


def test_days_that_datev_would_refuse_are_left_out() -> None:
    """A due date that is not later than the document; a day of supply that is."""
    booking = booked(on=date(2026, 2, 14))
    assert values(booking, "dueDate") == []
    supplied = booking.rows[0].supplied_on
    assert values(booking, "deliveryDate", uses_delivery_date=True) == [supplied.isoformat()]
    early = booked(on=date(2026, 1, 30))
    late = replace(early, rows=tuple(replace(row, supplied_on=date(2026, 1, 31)) for row in early.rows))
    assert values(late, "deliveryDate", uses_delivery_date=True) == []


def test_texts_are_fitted_and_marked_up() -> None:
    """Cut to what the schema takes, without what XML cannot hold."""
    booking = booked(text='A & B <"C">\n' + "x" * 80, buyer=party("N" * 60, city="O" * 40))
    [text] = values(booking, "bookingText")
    assert text.startswith('A &amp; B &lt;"C"&gt; xxx')
    assert [len(each) for each in values(booking, "customerName") + values(booking, "customerCity")] == [50, 30]


@pytest.mark.parametrize(("percent", "written"), [("7.7", ["7.70"]), ("19", ["19.00"]), ("7.125", [])])
def test_a_rate_is_written_where_two_decimals_hold_it(percent: str, written: list[str]) -> None:
    """It is for information only, so that a longer one is left out and not rounded."""
    booking = booked()
    [row] = booking.rows
    changed = replace(booking, rows=(replace(row, vat=replace(row.vat, percent=Decimal(percent))),))
    assert values(changed, "tax") == written


def test_a_package_is_flat_and_lists_its_files() -> None:
    """document.xml comes last, and names month and folder of each; the same documents give the same bytes."""
    bookings = [booked("RE-1"), booked("RE/2&3")]
    package = package_of(settings_of(""), bookings, "2026-01", "Ausgangsrechnungen", MADE_AT)
    assert list(package.files) == ["0001_RE-1.xml", "0002_RE_2&3.xml", "document.xml"]
    listed = package.files["document.xml"].decode()
    assert "<date>2026-02-02T09:30:15</date>" in listed
    assert "<consultantNumber>29098</consultantNumber>" in listed
    assert '<extension xsi:type="accountsReceivableLedger" datafile="0002_RE_2&amp;3.xml">' in listed
    assert listed.count('<property key="3" value="Ausgangsrechnungen" />') == 2
    with zipfile.ZipFile(io.BytesIO(package.zipped())) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == package.files
    assert package.zipped() == package_of(settings_of(""), bookings, "2026-01", "Ausgangsrechnungen", MADE_AT).zipped()


def test_a_package_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends splits it."""
    monkeypatch.setattr(ledger, "MOST_DOCUMENTS", 1)
    with pytest.raises(ValueError, match="2 documents"):
        package_of(settings_of(""), [booked("RE-1"), booked("RE-2")], "2026-01", "x", MADE_AT)


def test_what_only_the_xml_refuses_is_told_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Order numbers with other characters, cost centres with blanks at their ends, too many rows, too large a sum."""
    revenue = RevenueAccount("8400", automatic=True, cost_centre="200 ", cost_unit=" 3")
    booking = replace(booked(revenue=revenue), order_number="Auftrag 17")
    assert [each.code for each in refusals(booking)] == ["OrderNumberRefused", "CostCentreRefused", "CostCentreRefused"]
    monkeypatch.setattr(ledger, "MOST_LEDGER_ROWS", 1)
    assert [each.code for each in refusals(rowed("1.00", "2.00"))] == ["TooManyRows"]
    monkeypatch.undo()
    large = rowed("9999999999.99", "0.01")
    assert [each.code for each in refusals(large)] == ["AmountTooLarge"]
    assert list(refusals(booked())) == []
