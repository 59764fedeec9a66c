"""Documents as DATEV's ledger XML 6.0: one file a document, and document.xml, which lists them (LedgerImport-Package).

The limits are those of DATEV's schemas (Belegverwaltung_online_ledger_import_v060, Document_v060), which the tests hold
every generated file against. Amounts have our sign: below zero DATEV makes a Rechnungskorrektur of it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from connector.core.booking import Booking, LedgerRow
from connector.core.money import Money
from connector.core.problems import Problem
from connector.datev.rules import place_of
from connector.datev.texts import fitted
from connector.datev.vat_ids import destination
from connector.sinks.datev_online.documents import safe_name
from connector.sinks.datev_online.settings import Settings

MOST_DOCUMENTS = 4999
"""Documents one package lists."""

MOST_LEDGER_ROWS = 5000
LARGEST = Decimal("9999999999.99")
LIST = "document.xml"

_LEDGER = "http://xml.datev.de/bedi/tps/ledger/v060"
_DOCUMENT = "http://xml.datev.de/bedi/tps/document/v06.0"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = "accountsReceivableLedger"
_FIXED = "Kopie nur zur Verbuchung berechtigt nicht zum Vorsteuerabzug"
_OUTGOING, _GENERATOR = "2", "Honorar"

_ORDER = re.compile(r"[a-zA-Z0-9$%&*+\-./]{0,30}")
_LENGTHS = {"bookingText": 60, "customerName": 50, "customerCity": 30, "information": 120}


@dataclass(frozen=True, slots=True)
class Package:
    """The files of one transfer, by name; `document.xml` comes last, and names the others."""

    files: Mapping[str, bytes]

    def zipped(self) -> bytes:
        """Return all of them in one flat archive; the same files give the same bytes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


def package_of(settings: Settings, bookings: Sequence[Booking], month: str, folder: str, made_at: datetime) -> Package:
    """Return the package of a month (YYYY-MM) for the ledger folder; ValueError for more than one may list."""
    if len(bookings) > MOST_DOCUMENTS:
        message = f"{len(bookings)} documents; a package lists at most {MOST_DOCUMENTS}"
        raise ValueError(message)
    files = {_name(place, booking): ledger_of(settings, booking) for place, booking in enumerate(bookings, start=1)}
    return Package({**files, LIST: _list_of(settings, files, month, folder, made_at)})


def refusals(booking: Booking) -> Iterator[Problem]:
    """Yield what the XML refuses and the file format does not."""
    invoice, where = booking.invoice, place_of(booking)
    if not _ORDER.fullmatch(booking.order_number):
        message = f"orderId: {booking.order_number!r} is not up to 30 of A-Z a-z 0-9 $ % & * + - . /"
        hint = "change it at its source; it is never cleaned"
        yield Problem("OrderNumberRefused", message, where, hint, agreement=invoice.agreement)
    for row in booking.rows:
        for value in (row.revenue.cost_centre, row.revenue.cost_unit):
            if value != value.strip():
                message = f"costCategoryId: {value!r} begins or ends with a blank"
                hint = f"correct {', '.join(row.rules) or 'the mapping'}"
                yield Problem("CostCentreRefused", message, where, hint, agreement=invoice.agreement)
    if abs(invoice.payable.amount) > LARGEST:
        message = f"consolidatedAmount: {invoice.payable} has more than 10 digits before the point"
        yield Problem("AmountTooLarge", message, where, "split the document", agreement=invoice.agreement)
    if sum(bool(row.gross) for row in booking.rows) > MOST_LEDGER_ROWS:
        message = f"the document has more than {MOST_LEDGER_ROWS} rows, which one ledger file cannot hold"
        yield Problem("TooManyRows", message, where, "split the document", agreement=invoice.agreement)


def ledger_of(settings: Settings, booking: Booking) -> bytes:
    """Return the document as a ledger file; its rows add up to the consolidated amount, to the cent."""
    invoice = booking.invoice
    rows = [row for row in booking.rows if row.gross]
    total = Money.total((row.gross for row in rows), invoice.currency)
    root = _element("LedgerImport", _LEDGER, version="6.0", generator_info=_GENERATOR, xml_data=_FIXED)
    consolidate = SubElement(
        root,
        "consolidate",
        consolidatedAmount=amount_text(total.amount),
        consolidatedDate=invoice.issue_date.isoformat(),
        consolidatedInvoiceId=_number(booking),
        consolidatedCurrencyCode=invoice.currency,
    )
    for row in rows:
        _add(SubElement(consolidate, _TYPE), _row_of(settings, booking, row))
    return _written(root)


def _row_of(settings: Settings, booking: Booking, row: LedgerRow) -> Iterator[tuple[str, str]]:
    """Yield the elements of a row in the order of the schema; empty ones are left out."""
    invoice, revenue = booking.invoice, row.revenue
    yield "date", invoice.issue_date.isoformat()
    yield "amount", amount_text(row.gross.amount)
    yield "accountNo", str(int(revenue.account))
    yield "buCode", str(int(revenue.tax_key)) if revenue.tax_key else ""
    yield "costCategoryId", revenue.cost_centre
    yield "costCategoryId2", revenue.cost_unit
    yield "tax", _percent(row.vat.percent)
    yield "information", f"Stornobeleg {invoice.number}" if booking.reverses else ""
    yield "currencyCode", invoice.currency
    yield "invoiceId", _number(booking)
    yield "bookingText", row.text
    yield "vatId", destination(invoice)
    yield "exchangeRate", _rate(booking, settings)
    yield "dueDate", _later(invoice.due_date, invoice.issue_date)
    yield "bpAccountNo", booking.debtor
    if settings.uses_delivery_date and row.supplied_on <= invoice.issue_date:
        yield "deliveryDate", row.supplied_on.isoformat()
    yield "orderId", booking.order_number
    yield "customerName", invoice.buyer.name
    yield "customerCity", invoice.buyer.address.city


def _list_of(settings: Settings, files: Mapping[str, bytes], month: str, folder: str, made_at: datetime) -> bytes:
    root = _element("archive", _DOCUMENT, version="6.0", generatingSystem=_GENERATOR)
    header = SubElement(root, "header")
    _add(
        header,
        {
            "date": f"{made_at:%Y-%m-%dT%H:%M:%S}",
            "consultantNumber": str(settings.consultant_number),
            "clientNumber": str(settings.client_number),
        }.items(),
    )
    content = SubElement(root, "content")
    for name in files:
        document = SubElement(content, "document", type=_OUTGOING)
        extension = SubElement(document, "extension", {"xsi:type": _TYPE, "datafile": name})
        for key, value in (("1", month), ("3", folder)):
            SubElement(extension, "property", key=key, value=value)
    return _written(root)


def amount_text(amount: Decimal) -> str:
    """Return the amount with a point and two decimals, whatever its currency has."""
    return f"{amount}" if "." in str(amount) else f"{amount}.00"


def _number(booking: Booking) -> str:
    """Return the number that DATEV keeps the open item by: a reversal has that of what it reverses."""
    return booking.reverses or booking.invoice.number


def _name(place: int, booking: Booking) -> str:
    return safe_name(f"{place:04}_{booking.invoice.number}.xml")


def _percent(percent: Decimal) -> str:
    """Return the rate with two decimals, '' where it has more."""
    text = f"{percent:f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals:0<2}" if len(decimals) <= 2 else ""  # noqa: PLR2004 - two decimals


def _rate(booking: Booking, settings: Settings) -> str:
    if booking.exchange_rate is None or booking.invoice.currency == settings.currency:
        return ""
    whole, _, decimals = f"{booking.exchange_rate:f}".partition(".")
    return f"{whole}.{decimals:0<6}"


def _later(day: date, than: date) -> str:
    """Return the day if it is later: DATEV takes no due date on or before the document's."""
    return day.isoformat() if day > than else ""


def _element(name: str, namespace: str, **attributes: str) -> Element:
    return Element(name, {"xmlns": namespace, "xmlns:xsi": _INSTANCE, **attributes})


def _add(parent: Element, values: Iterable[tuple[str, str]]) -> None:
    """Add an element for each value of which something is left, texts as long as the schema takes them."""
    for name, value in values:
        length = _LENGTHS.get(name, 0)
        if text := fitted(value, length).text if length else value:
            SubElement(parent, name).text = text


def _written(root: Element) -> bytes:
    indent(root, " ")
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content
