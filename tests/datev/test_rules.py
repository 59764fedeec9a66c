from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.booking import Booking, RevenueAccount
from connector.core.party import Party
from connector.core.problems import Problem
from connector.core.vat import VatCategory
from connector.datev.rules import faults, refusals
from tests.core import builders
from tests.datev.samples import booked, foreign, party, settings, to_austria


def codes(booking: Booking, **values: object) -> list[str]:
    """Return the codes of the refusals."""
    return [problem.code for problem in refusals(settings(**values), booking)]


def with_revenue(account: str = "8400", *, automatic: bool = True, tax_key: str = "", cost_centre: str = "") -> Booking:
    """Return a document booked on that account."""
    return booked(revenue=RevenueAccount(account, automatic, tax_key, cost_centre))


@pytest.mark.parametrize(
    "booking",
    [
        booked(),
        booked("RE-2", "-100.00"),
        booked("ST-1", "-100.00", reverses="RE-1"),
        booked("A$&%*+-/9"),
        booked("x" * 36),
        booked("RE-1", "0.00"),
        foreign(),
        to_austria(),
        with_revenue("8200", automatic=False, tax_key="3"),
        with_revenue(cost_centre="K_1 a"),
    ],
)
def test_a_sound_document_is_not_refused(booking: Booking) -> None:
    """Invoices, credits, reversals, foreign currency, reverse charge."""
    assert not list(faults(settings(), [booking]))


def test_before_billing_the_number_is_not_asked_for() -> None:
    """It is given when the document is approved; every other rule holds already."""
    assert not codes(booked(""))
    assert [problem.code for problem in faults(settings(), [booked("")])] == ["DocumentNumberMissing"]


@pytest.mark.parametrize("number", ["RE 1", "RE_1", "RE.1", "RÉ-1", "RE#1", "x" * 37, "RE-1\n"])
def test_a_number_outside_the_alphabet_is_refused_and_never_cleaned(number: str) -> None:
    """The file takes _ as well, DATEV's XML does not; two numbers could become the same by cleaning."""
    (problem,) = refusals(settings(), booked(number))
    assert problem == Problem(
        "DocumentNumberRefused",
        f"field 11 Belegfeld 1: {number!r} is not 1 to 36 of A-Z a-z 0-9 $ & % * + - /",
        f"document {number} of website",
        "change the number format in connector.toml; numbers are never cleaned",
        agreement="website",
    )
    assert codes(booked("ST-1", "-1.00", reverses=number)) == ["DocumentNumberRefused"]


def test_two_documents_with_one_number_are_refused() -> None:
    """DATEV would take them for one open item."""
    second = builders.booking(builders.invoice(key="other", number="RE-1"))
    (problem,) = faults(settings(), [booked("RE-1"), second])
    assert problem.code == "DocumentNumberTwice"
    assert "'RE-1' is also the number of a document of website" in problem.message


def test_a_reversal_may_stand_beside_what_it_reverses() -> None:
    """Both carry the same Belegfeld 1; a second reversal of it is a fault."""
    reversal = booked("ST-1", "-100.00", reverses="RE-1")
    again = booked("ST-2", "-100.00", reverses="RE-1")
    assert not list(faults(settings(), [booked("RE-1"), reversal]))
    assert [problem.code for problem in faults(settings(), [reversal, again])] == ["DocumentNumberTwice"]


@pytest.mark.parametrize("debtor", ["", "1001", "100001", "70000", "09999", "1000A", "1000²"])
def test_a_debtor_number_has_its_length_and_range(debtor: str) -> None:
    """One digit longer than revenue accounts, 10000 to 69999; creditors begin with 7."""
    (problem,) = refusals(settings(), booked(debtor=debtor))
    assert problem.code == "DebtorAccountRefused"
    assert "field 7 Konto" in problem.message
    assert "10000 to 69999" in problem.message
    assert "mapping.toml:5" in problem.hint


def test_account_lengths_follow_the_client() -> None:
    """With six digits, 8400 is written 840000 and debtors have seven."""
    assert codes(booked(), account_length=6) == ["DebtorAccountRefused", "RevenueAccountRefused"]
    longer = booked(debtor="1000100", revenue=RevenueAccount("840000", automatic=True))
    assert not codes(longer, account_length=6)


@pytest.mark.parametrize("account", ["", "840", "84000", "84A0", "0000"])
def test_a_revenue_account_has_its_length(account: str) -> None:
    """A shorter one would be filled with zeros on the wrong side."""
    assert codes(with_revenue(account)) == ["RevenueAccountRefused"]


def test_a_tax_key_is_digits() -> None:
    """Up to four of them."""
    assert codes(with_revenue("8200", automatic=False, tax_key="19%")) == ["TaxKeyRefused"]


def test_vat_is_not_lost_on_an_account_that_does_not_split_it() -> None:
    """Gross on an account without function and without tax key would be booked as revenue."""
    (problem,) = refusals(settings(), with_revenue("8200", automatic=False))
    assert problem.code == "TaxKeyMissing"
    assert "the 19 % would be lost" in problem.message


@pytest.mark.parametrize("value", ["Büro", "K-1", "x" * 37])
def test_a_cost_centre_outside_the_alphabet_is_refused(value: str) -> None:
    """Letters, digits, underscore and blank."""
    assert codes(with_revenue(cost_centre=value)) == ["CostCentreRefused"]


@pytest.mark.parametrize(("value", "reason"), [("x" * 31, "longer than 30"), ("Łódź", "Windows-1252 lacks")])
def test_an_order_number_is_never_cut_or_transliterated(value: str, reason: str) -> None:
    """It is an identifier, not a text."""
    (problem,) = refusals(settings(), replace(booked(), order_number=value))
    assert problem.code == "OrderNumberRefused"
    assert reason in problem.message


@pytest.mark.parametrize("vat_id", ["", "DE123456789", "AT-U1"])
def test_without_the_buyers_vat_id_no_reverse_charge(vat_id: str) -> None:
    """The EC sales list asks for that of another member state."""
    assert codes(to_austria(vat_id)) == ["VatIdMissing"]


def test_a_foreign_currency_needs_its_rate() -> None:
    """The rate is units of the document's currency for one unit of the client's."""
    (problem,) = refusals(settings(), foreign(rate=None))
    assert problem.code == "ExchangeRateMissing"
    assert problem.hint == "give the rate: CHF for 1 EUR"


@pytest.mark.parametrize("rate", ["0", "-1", "10000", "0.1234567"])
def test_a_rate_that_datev_cannot_hold_is_refused(rate: str) -> None:
    """Four digits before the comma, six behind, never nothing."""
    assert codes(foreign(rate=rate)) == ["ExchangeRateRefused"]


def test_an_amount_that_vanishes_at_home_is_refused() -> None:
    """DATEV refuses 0,00 in the amount at home too."""
    assert codes(foreign("1", "JPY", rate="900")) == ["AmountTooSmall"]


def test_the_largest_amount() -> None:
    """Ten digits before the comma."""
    vat_free = builders.vat_decision(builders.vat_rate(0, VatCategory.EXEMPT))
    assert not codes(booked("RE-1", "9999999999.99", vat=vat_free))
    assert codes(booked("RE-1", "10000000000.00", vat=vat_free)) == ["AmountTooLarge"]
    assert codes(foreign("9999999999.99", rate="0.5")) == ["AmountTooLarge"]


@pytest.mark.parametrize("buyer", [party(" "), party("")])
def test_a_debtor_has_a_name(buyer: Party) -> None:
    """Without one the master record says nothing."""
    assert codes(booked(buyer=buyer)) == ["DebtorNameMissing"]


@pytest.mark.parametrize("country", ["at", "AUT", "Österreich"])
def test_a_country_is_its_iso_code(country: str) -> None:
    """Two capitals, or nothing."""
    (problem,) = refusals(settings(), booked(buyer=party(country=country)))
    assert problem.code == "DebtorCountryRefused"
    assert "field 20 Land" in problem.message


def test_days_lie_in_this_century() -> None:
    """DATEV's dates have years 20xx; the day of supply counts only where it is used."""
    booking = booked(on=date(1999, 12, 31))
    late = replace(booked(), rows=(replace(booked().rows[0], supplied_on=date(2100, 1, 1)),))
    assert codes(booking) == ["DateOutOfRange"]
    assert not codes(late)
    assert codes(late, uses_delivery_date=True) == ["DateOutOfRange"]


def test_a_document_longer_than_a_file_is_refused() -> None:
    """It would have to be torn apart."""
    booking = booked()
    object.__setattr__(booking, "rows", booking.rows * 3)
    assert codes(booking, max_rows=2) == ["TooManyRows"]


def test_all_faults_are_told_at_once() -> None:
    """The operator mends them in one go."""
    account = RevenueAccount("84", automatic=False, tax_key="x", cost_centre="ü")
    booking = replace(booked("RE 1", debtor="1", revenue=account), order_number="ł", exchange_rate=Decimal(1))
    assert codes(booking) == [
        "DocumentNumberRefused",
        "DebtorAccountRefused",
        "OrderNumberRefused",
        "RevenueAccountRefused",
        "TaxKeyRefused",
        "CostCentreRefused",
    ]
