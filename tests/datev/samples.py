"""What the tests of the DATEV sink hand over: documents, settings, exports, and a look into the files written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from connector.core.booking import Booking, LedgerRow, RevenueAccount
from connector.core.invoice import Invoice, breakdown_of
from connector.core.money import Money
from connector.core.party import Address, Party
from connector.core.ports import Export
from connector.core.vat import VatCategory, VatDecision
from connector.datev.read import records_of
from connector.datev.records import Field, records
from connector.sinks.datev import DatevFiles, Settings
from tests.core import builders

MADE_AT = datetime(2026, 2, 2, 9, 30, 15, 123456)  # noqa: DTZ001 - the header's time has no zone


def settings(**values: object) -> Settings:
    """Return the client of DATEV's own sample files, with the settings named."""
    return Settings.model_validate({"consultant_number": 29098, "client_number": 55003, **values})


def export(
    number: int = 1, mark: str = "0123456789abcdef", *, repeat: bool = False, known: Mapping[str, str] | None = None
) -> Export:
    """Return the first export; `known` are the debtors exported before."""
    return Export(number, mark, MADE_AT, repeat, known or {})


def sink(folder: Path, **values: object) -> DatevFiles:
    """Return the sink that writes into the folder."""
    return DatevFiles(settings(**values), folder)


def party(
    name: str = "Müller & Söhne GmbH",
    *,
    street: str = "Hauptstraße 1",
    postal_code: str = "10115",
    city: str = "Berlin",
    country: str = "DE",
    vat_id: str = "",
    is_business: bool = True,
    payment_days: int | None = None,
    email: str = "",
) -> Party:
    """Return a customer in Berlin."""
    address = Address(street, postal_code, city, country)
    return Party("K1", name, address, vat_id, is_business, payment_days, "de", email)


def document(
    number: str = "RE-2026-0001",
    *nets: str,
    on: date = date(2026, 1, 31),
    buyer: Party | None = None,
    vat: VatDecision | None = None,
) -> Invoice:
    """Return an invoice with a line per net amount, of 100.00 where none is given."""
    lines = [builders.line(net, vat=vat) for net in nets or ("100.00",)]
    return builders.invoice(
        *lines, key=f"key-{number}", number=number, issue_date=on, due_date=date(2026, 2, 14), buyer=buyer
    )


def booked(
    number: str = "RE-2026-0001",
    *nets: str,
    on: date = date(2026, 1, 31),
    buyer: Party | None = None,
    vat: VatDecision | None = None,
    debtor: str = "10001",
    revenue: RevenueAccount | None = None,
    text: str = "Phase 1",
    reverses: str = "",
) -> Booking:
    """Return the booking of such a document, its single row on the revenue account."""
    invoice = document(number, *nets, on=on, buyer=buyer, vat=vat)
    accounts = None if revenue is None else dict.fromkeys((0, 19), revenue)
    booking = builders.booking(invoice, debtor=debtor, accounts=accounts, reverses=reverses)
    return replace(booking, rows=tuple(replace(row, text=text) for row in booking.rows))


def foreign(amount: str = "100.00", currency: str = "CHF", *, rate: str | None = "0.9312") -> Booking:
    """Return the booking of an invoice to Switzerland in a foreign currency, outside the scope of VAT."""
    decision = builders.vat_decision(builders.vat_rate(0, VatCategory.OUTSIDE_SCOPE))
    home = builders.line("100.00", vat=decision)
    net = Money.exactly(Decimal(amount), currency)
    line = replace(home, net=net, unit_price=net.amount)
    invoice = replace(
        document("RE-2026-0001", vat=decision, buyer=party("Käse AG", country="CH", postal_code="8001", city="Zürich")),
        currency=currency,
        lines=(line,),
        vat=breakdown_of((line,), currency),
        prepaid=Money.zero(currency),
    )
    account = RevenueAccount("8338", automatic=True)
    nothing = Money.zero(currency)
    row = LedgerRow(account, decision.rate, net, net, nothing, "Beratung", date(2026, 1, 31), (1,), ("mapping.toml:9",))
    return Booking(invoice, "10002", "mapping.toml:5", (row,), exchange_rate=None if rate is None else Decimal(rate))


def to_austria(vat_id: str = "ATU12345678", *, country: str = "AT", category: str = "AE") -> Booking:
    """Return the booking of an invoice whose buyer owes the VAT."""
    decision = builders.vat_decision(builders.vat_rate(0, VatCategory(category)))
    buyer = party("Alpen GmbH", country=country, postal_code="1010", city="Wien", vat_id=vat_id)
    return booked(buyer=buyer, vat=decision, revenue=RevenueAccount("8336", automatic=True))


def cells(booking: Booking, **values: object) -> dict[int, str]:
    """Return the cells of the booking's first record, as they stand in the file, by column number."""
    line = next(records([booking], settings(**values)))
    return dict(enumerate(line.decode("cp1252").rstrip("\r\n").split(";"), start=1))


def gross_by_account(files: Iterable[str | Path]) -> dict[tuple[str, str], Decimal]:
    """Return the sum per debtor and revenue account of all Buchungsstapel files: S counts up, H down, GU turns both."""
    sums: dict[tuple[str, str], Decimal] = {}
    for file in map(Path, files):
        if "Buchungsstapel" in file.name:
            for record in records_of(file):
                accounts = record[Field.ACCOUNT - 1], record[Field.CONTRA_ACCOUNT - 1]
                sums[accounts] = sums.get(accounts, Decimal(0)) + _signed(record)
    return sums


def _signed(record: tuple[str, ...]) -> Decimal:
    amount = Decimal(record[Field.AMOUNT - 1].replace(",", "."))
    debit = record[Field.SIDE - 1] == "S"
    return amount if debit != (record[Field.REVERSAL - 1] == "1") else -amount
