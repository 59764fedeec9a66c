"""Tables and lists for people at a terminal, in German and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector.core.billed import BilledEntry, History
from connector.core.dues import Untouched
from connector.core.invoice import DocumentKind, Invoice
from connector.core.ports import Changes
from connector.core.problems import Problem
from connector.core.standing import Standing
from connector.core.texts import percent
from connector.documents import numbers
from connector.documents.explain import KINDS
from connector.documents.problem_texts import in_german
from connector.jobs.pull import PulledSource
from connector.jobs.push import Pushed
from connector.store import DocumentSummary, ExportSummary

_WORDS = {
    "de": {
        "number": "Beleg",
        "planned": "neu",
        "agreement": "Vereinbarung",
        "customer": "Kunde",
        "line": "Position",
        "document": "Vereinbarung · Kunde / Position",
        "net": "Netto",
        "tax": "USt",
        "gross": "Brutto",
        "state": "Stand",
        "date": "Datum",
        "kind": "Art",
        "file": "Datei",
        "nothing": "Nichts fällig.",
        "why": "Sonst nichts, weil:",
        "held": "zurückgehalten",
        "notice": "Hinweis",
        "do": "Abhilfe",
        "details": "Einzelheiten",
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
        "reading": "Quellen werden gelesen …",
        "none": "Keine Belege.",
        "checked": "Geprüft: {problems} Fehler.",
        "not billed": "Nicht fakturiert, weil eine Quelle nicht übernommen wurde.",
        "repeat": "Wiederholung",
        "unfinished": "nicht abgeschlossen, wird beim nächsten Lauf beendet",
        "documents": "Belege",
        "before": "bisher",
        "after": "danach",
        "who": "von",
        "comment": "Grund",
        "computed": "Berechnet",
        "invoiced": "Fakturiert",
        "deviation": "Abweichung",
        "progress": "Fortschritt",
        "total": "Auftragswert",
        "sums": "Summe: berechnet {computed}, fakturiert {invoiced}, Abweichung {deviation}",
        "billed": "fakturiert",
        "edited": "geändert",
        "reversed": "storniert",
        "change_accepted": "Änderung angenommen",
        "draft": "Entwurf",
        "approved": "freigegeben",
        "queued": "bereit",
        "sending": "wird übergeben",
        "unknown": "ungeklärt",
        "rejected": "abgelehnt",
        "accepted": "übergeben",
        "open": "offen",
        "part_paid": "teilbezahlt",
        "paid": "bezahlt",
        "cancelled": "storniert",
    },
    "en": {
        "number": "Document",
        "planned": "new",
        "agreement": "Agreement",
        "customer": "Customer",
        "line": "Line",
        "document": "Agreement · customer / line",
        "net": "Net",
        "tax": "VAT",
        "gross": "Gross",
        "state": "State",
        "date": "Date",
        "kind": "Kind",
        "file": "File",
        "nothing": "Nothing is due.",
        "why": "Nothing else, because:",
        "held": "held back",
        "notice": "Notice",
        "do": "What to do",
        "details": "Details",
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
        "reading": "Reading the sources …",
        "none": "No documents.",
        "checked": "Checked: {problems} faults.",
        "not billed": "Not billed, because a source was not taken over.",
        "repeat": "repeat",
        "unfinished": "not finished, the next run will end it",
        "documents": "documents",
        "before": "before",
        "after": "after",
        "who": "by",
        "comment": "reason",
        "computed": "Computed",
        "invoiced": "Invoiced",
        "deviation": "Deviation",
        "progress": "Progress",
        "total": "Total",
        "sums": "Sum: computed {computed}, invoiced {invoiced}, deviation {deviation}",
        "billed": "billed",
        "edited": "edited",
        "reversed": "reversed",
        "change_accepted": "change accepted",
        "draft": "draft",
        "approved": "approved",
        "queued": "ready",
        "sending": "being sent",
        "unknown": "unknown",
        "rejected": "rejected",
        "accepted": "handed over",
        "open": "open",
        "part_paid": "part paid",
        "paid": "paid",
        "cancelled": "cancelled",
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

    def busy(self, word: str) -> AbstractContextManager[object]:
        """Show on a terminal that work is going on; in a log, nothing."""
        return self._console.status(self._words[word])

    def told(self, word: str, **values: object) -> None:
        """Print one of the known sentences."""
        self.line(self._words[word].format(**values))

    def pulled(self, source: PulledSource) -> None:
        """Print what one source brought: '+3 ~1 −0' per kind that changed."""
        changed = [(kind, changes) for kind, changes in source.changes.items() if changes != Changes()]
        told = ", ".join(f"{self._words[kind]} {_signed(changes)}" for kind, changes in changed)
        self.line(f"{source.name}: {told or self._words['unchanged' if source.taken else 'not taken']}")

    def pushed(self, pushed: Pushed) -> None:
        """Print the files that were written; nothing where nothing was handed over."""
        for file in pushed.files:
            self.line(f"{self._words['file']}: {file}")

    def listed(self, summaries: Sequence[DocumentSummary]) -> None:
        """Print a list of documents."""
        if not summaries:
            self.line(self._words["none"])
            return
        rows = (
            (
                each.number,
                numbers.day(each.issue_date, self._language),
                KINDS[self._language][each.kind],
                each.agreement,
                each.customer,
                self._words[each.state],
                self._amount(each.net.amount),
                numbers.money(each.gross, self._language),
            )
            for each in summaries
        )
        self._rows(("number", "date", "kind", "agreement", "customer", "state"), ("net", "gross"), rows)

    def standings(self, standings: Sequence[Standing]) -> None:
        """Print per agreement what it is worth, how far it is, what was billed, and what people changed."""
        language = self._language
        rows = (
            (
                each.agreement,
                percent(each.share, language),
                numbers.money(each.total, language),
                numbers.money(each.computed, language),
                numbers.money(each.invoiced, language),
                numbers.money(each.deviation, language) if each.deviation else "",
            )
            for each in standings
        )
        self._rows(("agreement",), ("progress", "total", "computed", "invoiced", "deviation"), rows)

    def states(self, states: Mapping[str, int]) -> None:
        """Print how many documents stand where."""
        counted = ", ".join(f"{count} {self._words[state]}" for state, count in states.items())
        self.line(f"{self._words['documents']}: {counted or 0}")

    def exports(self, exports: Sequence[ExportSummary]) -> None:
        """Print what was handed over in which files."""
        for export in exports:
            mark = f" ({self._words['repeat']})" if export.repeat else ""
            open_ = "" if export.finished_at else f" – {self._words['unfinished']}"
            self.line(f"{export.sink} {export.number}{mark}: {export.documents} {self._words['documents']}{open_}")
            self.lines(f"  {file}" for file in export.files)

    def log(self, entries: Sequence[BilledEntry], numbers_of: Mapping[str, str]) -> None:
        """Print the billed log of a position, its sums, and by how much people changed what was computed."""
        language = self._language
        rows = (
            (
                numbers.day(entry.on, language),
                self._words[entry.kind],
                numbers_of.get(entry.document, entry.document),
                percent(entry.share_before, language),
                percent(entry.share_after, language),
                entry.who,
                entry.comment,
                self._amount(entry.computed.amount),
                self._amount(entry.invoiced.amount),
            )
            for entry in entries
        )
        headings = ("date", "kind", "number", "before", "after", "who", "comment")
        self._rows(headings, ("computed", "invoiced"), rows)
        state = History.fold(entries).positions[entries[0].position.key]
        sums = {"computed": state.computed, "invoiced": state.invoiced, "deviation": state.deviation}
        self.told("sums", **{name: numbers.money(amount, language) for name, amount in sums.items()})

    def documents(self, invoices: Sequence[Invoice]) -> None:
        """Print a table of documents with their lines; or that nothing is due."""
        if not invoices:
            self.line(self._words["nothing"])
            return
        table = self._table("number", "document", amounts=("net", "tax", "gross"))
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
        """Print every problem with its place, what it means and what to do."""
        for problem in problems:
            severity = self._words["held" if problem.holds else "notice"].capitalize()
            german = in_german(problem.code, problem.hint) if self._language == "de" else None
            meaning, hint = german or (problem.message, problem.hint)
            self.line(f"{severity} [{problem.code}] {problem.place}: {meaning}")
            if german:
                self.line(f"  {self._words['details']}: {problem.message}")
            self.line(f"  {self._words['do']}: {hint}")

    def _rows(self, headings: Sequence[str], amounts: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        table = self._table(*headings, amounts=amounts)
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
        kind = "" if invoice.kind is DocumentKind.INVOICE else f"{KINDS[self._language][invoice.kind]} · "
        heading = Text(f"{kind}{invoice.agreement} · {invoice.buyer.name}", no_wrap=True, overflow="ellipsis")
        net, tax = self._amount(invoice.net.amount), self._amount(invoice.tax.amount)
        table.add_row(number, heading, net, tax, numbers.money(invoice.gross, self._language), style="bold")
        for line in invoice.lines:
            table.add_row("", f"  {line.text}", self._amount(line.net.amount), "", "")

    def _amount(self, amount: Decimal) -> str:
        return numbers.number(amount, self._language)


MOST_LABELS = 4
"""Positions named one by one; more are counted."""


def _signed(change: Changes) -> str:
    return f"+{change.added} ~{change.edited} −{change.deleted}"
