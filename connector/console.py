"""Tables and lists for people at a terminal, in German and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from connector.core.dues import Untouched
from connector.core.invoice import Invoice
from connector.core.ports import Changes
from connector.core.problems import Problem
from connector.documents import numbers
from connector.documents.explain import KINDS

_WORDS = {
    "de": {
        "number": "Beleg",
        "planned": "neu",
        "agreement": "Vereinbarung",
        "customer": "Kunde",
        "line": "Position",
        "net": "Netto",
        "tax": "USt",
        "gross": "Brutto",
        "state": "Stand",
        "date": "Datum",
        "kind": "Art",
        "file": "Datei",
        "nothing": "Nichts fällig.",
        "why": "Sonst nichts, weil:",
        "held": "Zurückgehalten",
        "notice": "Hinweis",
        "do": "Abhilfe",
        "complete": "vollständig fakturiert",
        "no_progress": "kein Fortschritt seit der letzten Rechnung",
        "no_reading": "noch keine Ablesung",
        "not_selected": "nicht ausgewählt",
        "not_yet_due": "Rate noch nicht fällig",
        "customers": "Kunden",
        "projects": "Projekte",
        "offers": "Angebote",
        "readings": "Ablesungen",
        "metrics": "Kennzahlen",
        "entries": "Zeiteinträge",
        "unchanged": "unverändert",
        "not taken": "nicht übernommen",
    },
    "en": {
        "number": "Document",
        "planned": "new",
        "agreement": "Agreement",
        "customer": "Customer",
        "line": "Line",
        "net": "Net",
        "tax": "VAT",
        "gross": "Gross",
        "state": "State",
        "date": "Date",
        "kind": "Kind",
        "file": "File",
        "nothing": "Nothing is due.",
        "why": "Nothing else, because:",
        "held": "Held back",
        "notice": "Notice",
        "do": "What to do",
        "complete": "billed in full",
        "no_progress": "no progress since the last invoice",
        "no_reading": "no reading yet",
        "not_selected": "not selected",
        "not_yet_due": "instalment not yet due",
        "customers": "customers",
        "projects": "projects",
        "offers": "offers",
        "readings": "readings",
        "metrics": "metrics",
        "entries": "time entries",
        "unchanged": "unchanged",
        "not taken": "not taken over",
    },
}


class Screen:
    """Prints to a terminal or a log; tables become plain text where nobody looks at them live."""

    def __init__(self, console: Console, language: str) -> None:
        """Take the console to print on and the tenant's language."""
        self._console = console
        self._language = language
        self._words = _WORDS[language]

    def line(self, text: str) -> None:
        """Print one line as it is."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def lines(self, texts: Iterable[str]) -> None:
        """Print lines as they are."""
        for text in texts:
            self.line(text)

    def pulled(self, name: str, changes: Sequence[tuple[str, Changes]], *, taken: bool) -> None:
        """Print what one source brought: '+3 ~1 −0' per kind that changed."""
        told = ", ".join(f"{self._words[kind]} {_signed(change)}" for kind, change in changes if change != Changes())
        rest = self._words["unchanged"] if taken else self._words["not taken"]
        self.line(f"{name}: {told or rest}")

    def documents(self, invoices: Sequence[Invoice]) -> None:
        """Print a table of documents with their lines; or that nothing is due."""
        if not invoices:
            self.line(self._words["nothing"])
            return
        table = self._table("number", "agreement", "line", amounts=("net", "tax", "gross"))
        for invoice in invoices:
            self._add_document(table, invoice)
        self._console.print(table)

    def untouched(self, untouched: Sequence[Untouched]) -> None:
        """Print why the other positions are not billed, counted per agreement and reason."""
        if not untouched:
            return
        self.line(self._words["why"])
        for (agreement, rest), count in Counter((each.agreement, each.rest) for each in untouched).items():
            labels = [each.position.label for each in untouched if (each.agreement, each.rest) == (agreement, rest)]
            named = "; ".join(labels) if count <= MOST_LABELS else f"{count} × {self._words['line']}"
            self.line(f"  {agreement}: {self._words[rest]} ({named})")

    def problems(self, problems: Sequence[Problem]) -> None:
        """Print every problem with its place and what to do."""
        for problem in problems:
            severity = self._words["held" if problem.holds else "notice"]
            self.line(f"{severity} [{problem.code}] {problem.place}: {problem.message}")
            self.line(f"  {self._words['do']}: {problem.hint}")

    def rows(self, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print a plain table; headings are words this screen knows."""
        table = self._table(*headings)
        for row in rows:
            table.add_row(*row)
        self._console.print(table)

    def _table(self, *headings: str, amounts: Sequence[str] = ()) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in headings:
            table.add_column(self._words[heading], overflow="fold")
        for heading in amounts:
            table.add_column(self._words[heading], justify="right", no_wrap=True)
        return table

    def _add_document(self, table: Table, invoice: Invoice) -> None:
        number = invoice.number or self._words["planned"]
        kind = KINDS[self._language][invoice.kind]
        buyer = f"{kind} · {invoice.buyer.name}"
        sums = [self._amount(invoice.net.amount), self._amount(invoice.tax.amount)]
        gross = numbers.money(invoice.gross, self._language)
        table.add_row(number, invoice.agreement, buyer, *sums, gross, style="bold")
        for line in invoice.lines:
            table.add_row("", "", line.text, self._amount(line.net.amount), "", "")

    def _amount(self, amount: Decimal) -> str:
        return numbers.number(amount, self._language)


MOST_LABELS = 4
"""Positions named one by one; more are counted."""


def _signed(change: Changes) -> str:
    return f"+{change.added} ~{change.edited} −{change.deleted}"
