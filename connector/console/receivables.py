"""Open items, their ages, and what settling found, as people see them (domain 10.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector.core.receivables import Aging, OpenItem, Receivables
from connector.core.settlement import Owed
from connector.documents import numbers
from connector.documents.payments import dunning_text, state_text

WORDS = {
    "de": {
        "number": "Beleg",
        "date": "Datum",
        "due": "Fällig",
        "customer": "Kunde",
        "agreement": "Vereinbarung",
        "told": "Buchhaltung sagt",
        "days": "Tage",
        "gross": "Brutto",
        "open": "Offen",
        "currency": "Offene Posten",
        "not_due": "nicht fällig",
        "1": "1–30 Tage",
        "31": "31–60",
        "61": "61–90",
        "91": "über 90",
        "total": "gesamt",
        "dso": "Außenstandsdauer (DSO, 90 Tage) in {currency}: {days} Tage",
        "none": "Keine offenen Posten.",
        "settled": "{number}: {state}",
        "left": "{number}: {state}, {open} offen",
        "written": "Zurückgeschrieben: {place}",
        "nothing new": "Zahlungsstand von {asked} Belegen abgefragt: nichts Neues.",
    },
    "en": {
        "number": "Document",
        "date": "Date",
        "due": "Due",
        "customer": "Customer",
        "agreement": "Agreement",
        "told": "Accounting says",
        "days": "Days",
        "gross": "Gross",
        "open": "Open",
        "currency": "Open items",
        "not_due": "not due",
        "1": "1–30 days",
        "31": "31–60",
        "61": "61–90",
        "91": "over 90",
        "total": "total",
        "dso": "Days sales outstanding (90 days) in {currency}: {days} days",
        "none": "No open items.",
        "settled": "{number}: {state}",
        "left": "{number}: {state}, {open} open",
        "written": "Written back: {place}",
        "nothing new": "Asked for the payment of {asked} documents: nothing new.",
    },
}

ITEM_HEADINGS = ("number", "date", "due", "customer", "agreement", "told")
ITEM_AMOUNTS = ("days", "gross", "open")
AGES = ("not_due", "1", "31", "61", "91", "total")

Row = Sequence[str]


def item_rows(found: Receivables, language: str) -> Iterator[Row]:
    """Yield a row per open item; days are those since it was due, and empty before."""
    for item in found.items:
        days = item.days_overdue(found.on)
        yield (
            item.number,
            numbers.day(item.issue_date, language),
            numbers.day(item.due_date, language),
            item.customer,
            item.agreement,
            _told(item, language),
            str(days) if days else "",
            numbers.number(item.gross.amount, language),
            numbers.money(item.open, language),
        )


def _told(item: OpenItem, language: str) -> str:
    dunned = dunning_text(item.dunning, language) if item.dunning else ""
    return ", ".join(filter(None, (item.word, dunned)))


def aging_rows(found: Sequence[Aging], language: str) -> Iterator[Row]:
    """Yield a row per currency: what is not due, what is overdue by ages, and all of it."""
    for each in found:
        amounts = (numbers.number(bucket.amount, language) for bucket in (*each.buckets, each.total))
        yield (each.currency, *amounts)


def dso_lines(found: Receivables, language: str) -> Iterator[str]:
    """Yield how many days customers take, a line per currency with sales."""
    for currency, days in found.days_sales_outstanding.items():
        yield WORDS[language]["dso"].format(currency=currency, days=numbers.number(days, language))


def settled_lines(changed: Sequence[Owed], asked: int, language: str) -> Iterator[str]:
    """Yield where each document stands of which something new was told; one line where there is none."""
    words = WORDS[language]
    for each in changed:
        status = each.known.status
        told = {"number": each.number, "state": state_text(status.state, language)}
        open_ = numbers.money(status.open, language)
        yield words["left"].format(open=open_, **told) if status.open else words["settled"].format(**told)
    if not changed:
        yield words["nothing new"].format(asked=asked)
