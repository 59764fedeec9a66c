"""What DATEV would refuse, found before a byte is written: every fault with document, field and reason.

The limits are those of DATEV's format description; where its file format and its XML differ, the narrower one counts.
Identifiers (document number, accounts, cost centres, order number) are never cleaned: two different ones could become
the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.core import delivery
from connector.core.booking import Booking, LedgerRow
from connector.core.problems import Problem
from connector.datev.batches import rows_to_book
from connector.datev.columns import Column
from connector.datev.records import Field, base_amount
from connector.datev.settings import Settings
from connector.datev.tables import BUCHUNGSSTAPEL, DEBITOREN
from connector.datev.vat_ids import destination, needs_destination

_NUMBER = re.compile(r"[A-Za-z0-9$&%*+\-/]{1,36}")
"""The file format allows _ too, the XML (type p10040) does not."""

_TAX_KEY = re.compile(r"[0-9]{1,4}")
_COST = re.compile(r"[A-Za-z0-9_ ]{0,36}")
_COUNTRY = re.compile(r"([A-Z]{2})?")
_YEARS = range(2000, 2100)
_LARGEST = Decimal("9999999999.99")
_RATE_DECIMALS = 6
_LARGEST_RATE = 9999


@dataclass(frozen=True, slots=True)
class _Case:
    """One document under examination."""

    settings: Settings
    booking: Booking

    def problem(
        self, code: str, field: int, reason: str, hint: str, columns: tuple[Column, ...] = BUCHUNGSSTAPEL
    ) -> Problem:
        """Return the fault in that field of the document."""
        return Problem(
            code,
            f"{columns[field - 1]}: {reason}",
            place_of(self.booking),
            hint,
            agreement=self.booking.invoice.agreement,
        )


def place_of(booking: Booking) -> str:
    """Return how messages name the document."""
    return delivery.place_of(booking.invoice)


def refusals(settings: Settings, booking: Booking) -> Iterator[Problem]:
    """Yield every reason why the document cannot stand in a DATEV file; a number not given yet is none."""
    case = _Case(settings, booking)
    yield from _of_number(case)
    yield from _of_dates(case)
    yield from _of_debtor(case)
    yield from _of_currency(case)
    yield from _of_references(case)
    for row in booking.rows:
        yield from _of_account(case, row)
        yield from _of_amount(case, row)
        yield from _of_costs(case, row)


def faults(settings: Settings, bookings: Iterable[Booking]) -> Iterator[Problem]:
    """Yield the refusals of all documents, those without a number, and those that share one."""
    seen: dict[tuple[str, bool], Booking] = {}
    for booking in bookings:
        case = _Case(settings, booking)
        yield from refusals(settings, booking)
        if not booking.invoice.number:
            yield case.problem(
                "DocumentNumberMissing", Field.DOCUMENT_NUMBER, "the document has no number", "number it first"
            )
            continue
        # A reversal carries the number of what it reverses, and may stand beside it.
        identity = (booking.reverses or booking.invoice.number, bool(booking.reverses))
        first = seen.setdefault(identity, booking)
        if first is not booking:
            reason = f"{identity[0]!r} is also the number of a document of {first.invoice.agreement}"
            yield case.problem(
                "DocumentNumberTwice", Field.DOCUMENT_NUMBER, reason, "DATEV would take both for one open item"
            )


def _of_number(case: _Case) -> Iterator[Problem]:
    for number in (case.booking.invoice.number, case.booking.reverses):
        if number and not _NUMBER.fullmatch(number):
            yield case.problem(
                "DocumentNumberRefused",
                Field.DOCUMENT_NUMBER,
                f"{number!r} is not 1 to 36 of A-Z a-z 0-9 $ & % * + - /",
                "change the number format in connector.toml; numbers are never cleaned",
            )


def _of_dates(case: _Case) -> Iterator[Problem]:
    invoice = case.booking.invoice
    dates: list[tuple[int, date]] = [(Field.DOCUMENT_DAY, invoice.issue_date), (Field.DUE_ON, invoice.due_date)]
    if case.settings.uses_delivery_date:
        dates += [(Field.SUPPLIED_ON, row.supplied_on) for row in case.booking.rows]
    for field, day in dates:
        if day.year not in _YEARS:
            yield case.problem("DateOutOfRange", field, f"{day} is outside 2000 to 2099", "correct the date")


def _of_debtor(case: _Case) -> Iterator[Problem]:
    booking, allowed = case.booking, case.settings.debtors
    digits = case.settings.account_length + 1
    if not _is_account(booking.debtor, digits) or int(booking.debtor) not in allowed:
        yield case.problem(
            "DebtorAccountRefused",
            Field.ACCOUNT,
            f"{booking.debtor!r} is no debtor number: {digits} digits, {allowed.start} to {allowed.stop - 1}",
            f"correct {booking.debtor_rule}, or account_length and the debtor range in connector.toml",
        )
    buyer = booking.invoice.buyer
    if not buyer.name.strip():
        yield case.problem("DebtorNameMissing", 2, "the customer has no name", f"name customer {buyer.id}", DEBITOREN)
    if not _COUNTRY.fullmatch(buyer.address.country):
        reason = f"{buyer.address.country!r} is no ISO country code of two capitals"
        yield case.problem("DebtorCountryRefused", 20, reason, f"correct customer {buyer.id}", DEBITOREN)


def _is_account(account: str, digits: int) -> bool:
    return len(account) == digits and account.isascii() and account.isdigit()


def _of_currency(case: _Case) -> Iterator[Problem]:
    booking, own = case.booking, case.settings.currency
    currency, rate = booking.invoice.currency, booking.exchange_rate
    if currency == own:
        return
    if rate is None:
        reason = f"the document is in {currency}, the books in {own}, and no exchange rate is given"
        yield case.problem("ExchangeRateMissing", Field.RATE, reason, f"give the rate: {currency} for 1 {own}")
    elif not (0 < rate <= _LARGEST_RATE and rate == round(rate, _RATE_DECIMALS)):
        reason = f"{rate} is not above 0 and at most {_LARGEST_RATE}, with at most {_RATE_DECIMALS} decimals"
        yield case.problem("ExchangeRateRefused", Field.RATE, reason, f"give the rate: {currency} for 1 {own}")


def _of_references(case: _Case) -> Iterator[Problem]:
    booking = case.booking
    order = BUCHUNGSSTAPEL[Field.ORDER_NUMBER - 1]
    if fault := order.fault(booking.order_number):
        yield case.problem("OrderNumberRefused", order.number, fault, "shorten it at its source; it is never cleaned")
    if needs_destination(booking.invoice) and not destination(booking.invoice):
        buyer = booking.invoice.buyer
        reason = f"{buyer.vat_id!r} is no VAT id of another member state, which the EC sales list asks for"
        yield case.problem(
            "VatIdMissing", Field.EU_VAT_ID, reason, f"give customer {buyer.id} its VAT id with the prefix"
        )
    if rows_to_book(booking) > case.settings.max_rows:
        reason = f"the document has more than {case.settings.max_rows} rows, which one file cannot hold"
        yield case.problem("TooManyRows", Field.AMOUNT, reason, "split the document")


def _of_account(case: _Case, row: LedgerRow) -> Iterator[Problem]:
    revenue, digits = row.revenue, case.settings.account_length
    where = f"correct {', '.join(row.rules) or 'the mapping'}"
    if not _is_account(revenue.account, digits) or not int(revenue.account):
        reason = f"{revenue.account!r} is no account of {digits} digits"
        yield case.problem("RevenueAccountRefused", Field.CONTRA_ACCOUNT, reason, f"{where}, or account_length")
    if revenue.tax_key and not _TAX_KEY.fullmatch(revenue.tax_key):
        reason = f"{revenue.tax_key!r} is not 1 to 4 digits"
        yield case.problem("TaxKeyRefused", Field.TAX_KEY, reason, where)
    if row.vat.percent and not (revenue.automatic or revenue.tax_key or revenue.vat_when_paid):
        reason = (
            f"account {revenue.account} is not automatic and has no tax key, so the {row.vat.percent} % would be lost"
        )
        yield case.problem(
            "TaxKeyMissing", Field.TAX_KEY, reason, f"{where}: name the tax key, or mark the account automatic"
        )


def _of_amount(case: _Case, row: LedgerRow) -> Iterator[Problem]:
    rate, own = case.booking.exchange_rate, case.settings.currency
    amounts = {Field.AMOUNT: row.gross}
    if row.gross.currency != own and rate and rate > 0 and row.gross:
        amounts[Field.BASE_AMOUNT] = base_amount(row.gross, rate, own)
        if not amounts[Field.BASE_AMOUNT]:
            reason = f"{row.gross} is nothing in {own}, and a row of 0,00 is refused"
            yield case.problem("AmountTooSmall", Field.BASE_AMOUNT, reason, "check the exchange rate")
    for field, money in amounts.items():
        if abs(money.amount) > _LARGEST:
            yield case.problem(
                "AmountTooLarge", field, f"{money} has more than 10 digits before the comma", "split the document"
            )


def _of_costs(case: _Case, row: LedgerRow) -> Iterator[Problem]:
    for field, value in ((Field.COST_CENTRE, row.revenue.cost_centre), (Field.COST_UNIT, row.revenue.cost_unit)):
        if not _COST.fullmatch(value):
            reason = f"{value!r} is not up to 36 of A-Z a-z 0-9 _ and blank"
            yield case.problem("CostCentreRefused", field, reason, f"correct {', '.join(row.rules) or 'the mapping'}")
