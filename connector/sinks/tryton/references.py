"""The ids in Tryton of what a document refers to; what it lacks is refused by name, never replaced."""

from __future__ import annotations

from connector.core.booking import Booking
from connector.core.errors import ConfigError, DocumentRejected
from connector.core.invoice import Invoice, InvoiceLine
from connector.sinks.tryton.books import Books
from connector.sinks.tryton.documents import References, Tax, treatment
from connector.sinks.tryton.parties import Parties
from connector.sinks.tryton.settings import Settings

MODEL = "account.invoice"


def references_of(booking: Booking, books: Books, parties: Parties) -> References:
    """Return what the document refers to; its customer is made last, where Tryton has everything else.

    Raises DocumentRejected for what this document alone asks for, ConfigError for what every one does.
    """
    invoice = booking.invoice
    currency = books.currency(invoice.currency)
    if currency is None:
        message = f"Tryton has no currency {invoice.currency}"
        raise DocumentRejected(message, hint="make it there, with its rates")
    accounts, origins = _accounts(booking, books), _origins(invoice, books)
    taxes = {line.number: _tax(booking, line, books) for line in invoice.lines}
    units = {line.unit: found for line in invoice.lines if (found := books.unit(line.unit))}
    company, journal = books.company, books.journal
    party = parties.party_of(booking)
    receivable = party.receivable or books.receivable
    return References(company, journal, party.id, party.address, receivable, currency, accounts, taxes, units, origins)


def tax_named(booking: Booking, line: InvoiceLine, settings: Settings) -> str:
    """Return how settings name the line's tax: by the mapping's tax key where they know it, else by its VAT."""
    keys = [row.revenue.tax_key for row in booking.rows if line.number in row.lines]
    return next((key for key in keys if key in settings.taxes), treatment(line.vat.rate))


def ours(books: Books) -> list[list[object]]:
    """Return the clauses for documents of the company to its customers."""
    return [["type", "=", "out"], ["company", "=", books.company]]


def _accounts(booking: Booking, books: Books) -> dict[int, int]:
    """Return the account of every line; lines that book nothing, alone or together, go with the first row."""
    codes = {number: row.revenue.account for row in booking.rows for number in row.lines}
    rules = {row.revenue.account: ", ".join(row.rules) for row in booking.rows}
    found = {code: number for code in rules if (number := books.account(code)) is not None}
    if missing := "; ".join(f"{code} ({rule})" for code, rule in rules.items() if code not in found):
        message = f"Tryton has no open account {missing}"
        raise DocumentRejected(message, hint="make it there, or name another one")
    first = booking.rows[0].revenue.account
    return {line.number: found[codes.get(line.number, first)] for line in booking.invoice.lines}


def _tax(booking: Booking, line: InvoiceLine, books: Books) -> Tax | None:
    name = books.settings.taxes[tax_named(booking, line, books.settings)]
    tax, percent = books.tax(name), line.vat.rate.percent
    if (tax.percent if tax else 0) != percent:
        message = f"line {line.number} carries {percent} %, which is not that of tax {name!r} in Tryton"
        raise ConfigError(message, place=f"{books.outside.name}: taxes", hint="name the right one")
    return tax


def _origins(invoice: Invoice, books: Books) -> tuple[int, ...]:
    """Return the ids of the lines that a correction takes back, of the newest document with that number.

    None where somebody changed how many there are.
    """
    if not invoice.corrects:
        return ()
    found = list(books.calls.search(MODEL, [["number", "=", invoice.corrects], *ours(books)], ["lines"]))
    if not found:
        message = f"it corrects {invoice.corrects}, which Tryton does not have"
        raise DocumentRejected(message, hint="was it renumbered there?")
    lines = tuple(found[-1].get("lines") or ())
    return lines if len(lines) == len(invoice.lines) else ()
