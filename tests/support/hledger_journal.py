"""What was exported to the tax adviser, as a journal for hledger: a bookkeeper whom nobody here wrote.

Postings are read from the files (EXTF), never from the store; a document's total comes from elsewhere, so that hledger
sees whether its rows add up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from connector.datev.read import header_of, records_of, value_of
from connector.datev.records import Field

_PERIOD_START = 15
"""The field of the header that says from when the records are; their days have no year."""


@dataclass(frozen=True)
class Posting:
    """A row of a file; `invoice` is the document it clears or opens, `document` the one it belongs to."""

    on: date
    document: str
    invoice: str
    debtor: str
    account: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Payment:
    """Money that came in on a day for an invoice."""

    on: date
    invoice: str
    amount: Decimal
    currency: str = "EUR"


def postings(files: Iterable[Path]) -> Iterator[Posting]:
    """Yield every row of the files, with the sign it has for the debtor."""
    for file in files:
        year = int(value_of(header_of(file)[_PERIOD_START - 1])[:4])
        for row in records_of(file):
            yield _posting([*row, *[""] * (Field.REVERSAL - len(row))], year)


def _posting(row: list[str], year: int) -> Posting:
    reversal = row[Field.REVERSAL - 1] == "1"
    debits = (row[Field.SIDE - 1] == "S") != reversal
    amount = Decimal(row[Field.AMOUNT - 1].replace(",", "."))
    day = row[Field.DOCUMENT_DAY - 1].zfill(4)
    invoice = row[Field.DOCUMENT_NUMBER - 1]
    return Posting(
        on=date(year, int(day[2:]), int(day[:2])),
        document=row[Field.NOTE - 1] if reversal else invoice,
        invoice=invoice,
        debtor=row[Field.ACCOUNT - 1],
        account=row[Field.CONTRA_ACCOUNT - 1],
        amount=amount if debits else -amount,
        currency=row[Field.CURRENCY - 1] or "EUR",
    )


def journal(rows: Iterable[Posting], totals: Mapping[str, Decimal], payments: Iterable[Payment]) -> str:
    """Return the journal: a transaction per document over its total, by its number, and one per payment."""
    rows = list(rows)
    debtors = {row.invoice: row.debtor for row in rows}
    documents = groupby(rows, key=lambda row: row.document)
    entries = [_document(list(group), totals[number]) for number, group in documents]
    entries += [_payment(payment, debtors[payment.invoice]) for payment in payments]
    accounts = {f"debtor:{row.debtor}" for row in rows} | {f"books:{row.account}" for row in rows} | {"bank"}
    declared = [f"account {name}" for name in sorted(accounts)]
    declared += [f"commodity 1000.00 {name}" for name in sorted({row.currency for row in rows} | {"EUR"})]
    return "\n".join(["decimal-mark .", *declared, "", *(text for _, text in sorted(entries))])


def _document(rows: list[Posting], total: Decimal) -> tuple[date, str]:
    first = rows[0]
    lines = [f"{first.on} {first.document}"]
    lines.append(f"    debtor:{first.debtor}  {total} {first.currency}  ; invoice: {first.invoice}")
    lines += [f"    books:{row.account}  {-row.amount} {row.currency}" for row in rows]
    return first.on, "\n".join([*lines, ""])


def _payment(payment: Payment, debtor: str) -> tuple[date, str]:
    lines = (
        f"{payment.on} payment of {payment.invoice}",
        f"    bank  {payment.amount} {payment.currency}",
        f"    debtor:{debtor}  {-payment.amount} {payment.currency}  ; invoice: {payment.invoice}",
        "",
    )
    return payment.on, "\n".join(lines)
