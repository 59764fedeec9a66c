from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.booking import RevenueAccount
from connector.datev.records import Field, rate_text, records
from tests.core import builders
from tests.datev.samples import booked, cells, foreign, settings, to_austria


def test_an_invoice_is_debited_to_the_debtor() -> None:
    """100.00 net at 19 % is 119,00 gross: the automatic account takes the VAT out itself."""
    found = cells(booked())
    assert {field: found[field] for field in Field} == {
        Field.AMOUNT: "119,00",
        Field.SIDE: '"S"',
        Field.CURRENCY: '""',
        Field.RATE: "",
        Field.BASE_AMOUNT: "",
        Field.BASE_CURRENCY: '""',
        Field.ACCOUNT: "10001",
        Field.CONTRA_ACCOUNT: "8400",
        Field.TAX_KEY: '""',
        Field.DOCUMENT_DAY: "3101",
        Field.DOCUMENT_NUMBER: '"RE-2026-0001"',
        Field.TEXT: '"Phase 1"',
        Field.COST_CENTRE: '""',
        Field.COST_UNIT: '""',
        Field.EU_VAT_ID: '""',
        Field.NOTE_KIND: '""',
        Field.NOTE: '""',
        Field.ORDER_NUMBER: '""',
        Field.COMMITTED: "0",
        Field.SUPPLIED_ON: "",
        Field.TAX_PERIOD: "",
        Field.DUE_ON: "14022026",
        Field.REVERSAL: '""',
    }
    assert {cell for number, cell in found.items() if number not in set(Field)} == {"", '""'}


def test_a_record_has_all_columns_and_ends_as_windows_does() -> None:
    """125 columns, CR LF, Windows-1252."""
    line = next(records([booked(text="Für 50 €")], settings()))
    assert line.count(b";") == 124
    assert line.endswith(b";\r\n")
    assert b'"F\xfcr 50 \x80"' in line


def test_a_credit_is_credited_with_a_positive_amount() -> None:
    """The amount never has a sign; S or H says the direction, as seen from the debtor."""
    found = cells(booked("RE-2", "-100.00"))
    assert (found[Field.AMOUNT], found[Field.SIDE]) == ("119,00", '"H"')


@pytest.mark.parametrize(("net", "side"), [("-100.00", '"S"'), ("100.00", '"H"')])
def test_a_reversal_stands_on_the_side_of_what_it_reverses(net: str, side: str) -> None:
    """Generalumkehr: same side, positive amount, the number of the document reversed; its own number in a note."""
    found = cells(booked("ST-1", net, reverses="RE-9"))
    assert (found[Field.AMOUNT], found[Field.SIDE], found[Field.REVERSAL]) == ("119,00", side, '"1"')
    assert found[Field.DOCUMENT_NUMBER] == '"RE-9"'
    assert (found[Field.NOTE_KIND], found[Field.NOTE]) == ('"Stornobeleg"', '"ST-1"')


def test_a_row_of_nothing_is_left_out() -> None:
    """DATEV refuses 0,00."""
    assert not list(records([booked("RE-1", "0.00")], settings()))


def test_each_row_is_a_record() -> None:
    """A document with two rates has two rows with the same number and day."""
    line = builders.line("50.00", vat=builders.vat_decision(builders.vat_rate(7)))
    invoice = builders.invoice(builders.line("100.00"), line, number="RE-1")
    found = list(records([builders.booking(invoice, accounts={7: builders.revenue("8300")})], settings()))
    assert [record.split(b";")[0] for record in found] == [b"119,00", b"53,50"]


def test_tax_key_and_cost_centres_are_quoted() -> None:
    """They are text, though they look like numbers."""
    account = RevenueAccount("8200", automatic=False, tax_key="3", cost_centre="100", cost_unit="K 7")
    found = cells(booked(revenue=account))
    assert (found[Field.CONTRA_ACCOUNT], found[Field.TAX_KEY]) == ("8200", '"3"')
    assert (found[Field.COST_CENTRE], found[Field.COST_UNIT]) == ('"100"', '"K 7"')


def test_the_day_of_supply_comes_with_its_tax_period() -> None:
    """Only where the client uses it; one field without the other is refused."""
    found = cells(booked(), uses_delivery_date=True)
    assert (found[Field.SUPPLIED_ON], found[Field.TAX_PERIOD]) == ("31012026", "31012026")


def test_committing_is_said_in_each_record() -> None:
    """An empty field would commit the batch."""
    assert cells(booked(), commit=1)[Field.COMMITTED] == "1"


def test_a_buyer_who_owes_the_vat_is_named_by_vat_id() -> None:
    """Field 40 feeds the EC sales list."""
    assert cells(to_austria())[Field.EU_VAT_ID] == '"ATU12345678"'


def test_the_order_number_links_project_and_document() -> None:
    """Quotes within it are doubled."""
    found = cells(replace(booked(), order_number='Los "A"'))
    assert found[Field.ORDER_NUMBER] == '"Los ""A"""'


def test_a_foreign_amount_comes_with_rate_and_amount_at_home() -> None:
    """100.00 CHF at 0.9312 CHF for 1 EUR is 107.39 EUR."""
    found = cells(foreign())
    assert [found[field] for field in (1, 3, 4, 5, 6)] == ["100,00", '"CHF"', "0,9312", "107,39", '"EUR"']


def test_a_currency_without_decimals_still_gets_two() -> None:
    """The field always has two."""
    found = cells(foreign("15000", "JPY", rate="162.5"))
    assert [found[field] for field in (1, 3, 4, 5)] == ["15000,00", '"JPY"', "162,50", "92,31"]


def test_foreign_is_what_the_books_are_not_kept_in() -> None:
    """An invoice in the books' own currency needs no rate, and one given is not written."""
    found = cells(foreign(), currency="CHF")
    assert [found[field] for field in (1, 3, 4, 5, 6)] == ["100,00", '""', "", "", '""']


@pytest.mark.parametrize(
    ("rate", "text"), [("1", "1,00"), ("1.1", "1,10"), ("0.931200", "0,9312"), ("1234.123456", "1234,123456")]
)
def test_a_rate_has_two_to_six_decimals(rate: str, text: str) -> None:
    """As DATEV's format asks."""
    assert rate_text(Decimal(rate)) == text


def test_days_keep_their_leading_zeros() -> None:
    """0105 is the first of May."""
    assert cells(booked(on=date(2026, 5, 1)))[Field.DOCUMENT_DAY] == "0105"


def test_characters_outside_latin_1_cost_nothing_of_the_rest() -> None:
    """A dash in one text leaves the other lines as they are."""
    lines = list(records([booked(text="A – B"), booked(text="Müller")], settings()))
    assert [line.decode("cp1252").split(";")[13] for line in lines] == ['"A – B"', '"Müller"']
