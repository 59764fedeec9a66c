"""What people see at a terminal or in a log, in German and English."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, tzinfo
from decimal import Decimal

import click

from connector.console.words import DEEDS, WORDS
from connector.core.bank_entries import TimeBank
from connector.core.billed import BilledEntry, History
from connector.core.charge_due import DueCharge
from connector.core.dues import Untouched
from connector.core.invoice import DocumentKind, Invoice
from connector.core.ports import Changes, Receipt
from connector.core.problems import Problem
from connector.core.receivables import Receivables
from connector.core.standing import Standing
from connector.core.texts import KINDS, deducts_text, percent
from connector.documents import numbers
from connector.documents.explain import explain_step
from connector.documents.problem_texts import in_german
from connector.jobs.pull import PulledSource
from connector.jobs.push import Pushed
from connector.jobs.settle import Settled
from connector.jobs.write_back import WrittenBack
from connector.store import AuditRow, DocumentSummary, ExportSummary

MOST_LABELS = 4
"""Positions named one by one; more are counted."""


class Screen:
    """Prints to standard output; what moves or is coloured, only where a terminal shows it."""

    def __init__(self, language: str) -> None:
        """Take the tenant's language."""
        self._language = language
        self._words = WORDS[language]

    def line(self, text: str) -> None:
        """Print one line as it is."""
        click.echo(text)

    def lines(self, texts: Iterable[str]) -> None:
        """Print lines as they are."""
        for text in texts:
            self.line(text)

    def busy(self, word: str) -> AbstractContextManager[object]:
        """Show on a terminal that work is going on; in a log, nothing."""
        if not sys.stdout.isatty():
            return nullcontext()
        from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)

        return Console().status(self._words[word])

    def told(self, word: str, **values: object) -> None:
        """Print one of the known sentences."""
        self.line(self._words[word].format(**values))

    def pulled(self, source: PulledSource) -> None:
        """Print what one source brought: '+3 ~1 −0' per kind that changed."""
        changed = [(kind, changes) for kind, changes in source.changes.items() if changes != Changes()]
        told = ", ".join(f"{self._words[kind]} {_signed(changes)}" for kind, changes in changed)
        self.line(f"{source.name}: {told or self._words['unchanged' if source.taken else 'not taken']}")

    def pushed(self, pushed: Pushed) -> None:
        """Print the files that were written and where documents are now; nothing where nothing was handed over."""
        for file in pushed.files:
            self.line(f"{self._words['file']}: {file}")
        self.receipts(pushed.receipts)

    def receipts(self, receipts: Sequence[Receipt]) -> None:
        """Print number and address of each document that was handed over one by one."""
        for each in receipts:
            self.line(f"{self._words['accepted']}: {each.number or each.reference} {each.link}".rstrip())

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
        self._table(("number", "date", "kind", "agreement", "customer", "state"), ("net", "gross"), rows)

    def settled(self, settled: Settled) -> None:
        """Print where documents stand of whose payment something new was told."""
        from connector.console import receivables as shown  # noqa: PLC0415 (its texts belong to few commands)

        self.lines(shown.settled_lines(settled.changed, settled.asked, self._language))

    def written_back(self, written: WrittenBack) -> None:
        """Print each place in a project tool that was told what became of a document."""
        from connector.console import receivables as shown  # noqa: PLC0415 (as above)

        self.lines(shown.WORDS[self._language]["written"].format(place=place) for place in written.places)

    def open_items(self, found: Receivables) -> None:
        """Print every open item with the days since it was due, and what accounting says of it."""
        from connector.console import receivables as shown  # noqa: PLC0415 (as above)

        words = shown.WORDS[self._language]
        if not found.items:
            self.line(words["none"])
            return
        rows = shown.item_rows(found, self._language)
        self._table(shown.ITEM_HEADINGS, shown.ITEM_AMOUNTS, rows, words=words)

    def aging(self, found: Receivables) -> None:
        """Print what is open by its age, and how many days customers take; nothing where nothing is open."""
        from connector.console import receivables as shown  # noqa: PLC0415 (as above)

        if found.aging:
            rows = shown.aging_rows(found.aging, self._language)
            self._table(("currency",), shown.AGES, rows, words=shown.WORDS[self._language])
        self.lines(shown.dso_lines(found, self._language))

    def standings(self, standings: Sequence[Standing]) -> None:
        """Print per agreement what it is worth, how far it is, what was billed, and what people changed."""
        language = self._language
        rows = (
            (
                each.agreement,
                "" if each.share is None else percent(each.share, language),
                "" if each.total is None else numbers.money(each.total, language),
                numbers.money(each.computed, language),
                numbers.money(each.invoiced, language),
                numbers.money(each.deviation, language) if each.deviation else "",
            )
            for each in standings
        )
        self._table(("agreement",), ("progress", "total", "computed", "invoiced", "deviation"), rows)

    def states(self, states: Mapping[str, int]) -> None:
        """Print how many documents stand where."""
        counted = ", ".join(f"{count} {self._words[state]}" for state, count in states.items())
        self.line(f"{self._words['documents']}: {counted or 0}")

    def last_read(self, moments: Mapping[str, datetime | None], zone: tzinfo) -> None:
        """Print when each source was last taken over."""
        for source, at in moments.items():
            moment = self._moment(at.astimezone(zone)) if at else self._words["never"]
            self.told("last read", source=source, moment=moment)

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
        self._table(headings, ("computed", "invoiced"), rows)
        state = History.fold(entries).positions[entries[0].position.key]
        sums = {"computed": state.computed, "invoiced": state.invoiced, "deviation": state.deviation}
        self.told("sums", **{name: numbers.money(amount, language) for name, amount in sums.items()})

    def deeds(self, deeds: Sequence[AuditRow], numbers_of: Mapping[str, str], zone: tzinfo) -> None:
        """Print who did what to what and when, in the tenant's time."""
        words = DEEDS[self._language]
        rows = (
            (
                self._moment(deed.at.astimezone(zone)),
                deed.who,
                words.get(deed.action, deed.action),
                numbers_of.get(deed.subject, deed.subject),
                ", ".join(f"{words.get(name, name)}: {value}" for name, value in deed.details.items() if value),
            )
            for deed in deeds
        )
        self._table(("date", "who", "deed", "subject", "details"), (), rows)

    def let_through(self, dues: Sequence[DueCharge]) -> None:
        """Print what was let through, and what the next run bills of it."""
        for due in dues:
            amount = numbers.money(due.amount, self._language)
            self.told("let through", label=due.charge.label, position=due.charge.key, amount=amount)

    def time_bank(self, bank: TimeBank) -> None:
        """Print the statements of a time bank: figures by period, what they leave open, and the entries behind them."""
        from connector.console import timebank  # noqa: PLC0415 (its texts belong to this command alone)

        language, currency, words = self._language, bank.terms.currency, timebank.WORDS[self._language]
        named = {"agreement": bank.agreement.id, "label": bank.terms.label, "customer": bank.agreement.customer}
        self.line(words["statement"].format(day=numbers.day(bank.as_of, language), **named))
        self.lines(explain_step(step, language) for step in bank.terms.rounding.reason)
        for item, statements in bank.items():
            self.lines(("", item.label))
            figures = timebank.movement_rows(statements, currency, language)
            self._table(("period", "state"), timebank.MOVEMENTS, figures, words=words)
            self.lines(timebank.remark_lines(statements, currency, language))
            entries = list(timebank.entry_rows(statements, currency, language))
            if entries:
                headings = timebank.entry_headings(item)
                self._table(headings, timebank.ENTRY_AMOUNTS, entries, grouped=True, words=words)

    def documents(self, invoices: Sequence[Invoice]) -> None:
        """Print a table of documents with their lines; or that nothing is due."""
        if not invoices:
            self.line(self._words["nothing"])
            return
        rows = (row for invoice in invoices for row in self._document(invoice))
        self._table(("number", "document"), ("net", "tax", "gross"), rows, grouped=True)

    def untouched(self, untouched: Sequence[Untouched]) -> None:
        """Print why the other positions are not billed, counted per agreement and reason."""
        if not untouched:
            return
        self.line(self._words["why"])
        labels: dict[tuple[str, str], list[str]] = {}
        for each in untouched:
            labels.setdefault((each.agreement, each.rest), []).append(each.position.label)
        for (agreement, rest), named in labels.items():
            told = "; ".join(named) if len(named) <= MOST_LABELS else f"{len(named)} × {self._words['line']}"
            self.line(f"  {agreement}: {self._words[rest]} ({told})")

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

    def _table(
        self,
        headings: Sequence[str],
        amounts: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        grouped: bool = False,
        words: Mapping[str, str] | None = None,
    ) -> None:
        from connector.console.tables import print_table  # noqa: PLC0415 (a run that bills nothing prints no table)

        words = words or self._words
        print_table([words[each] for each in headings], [words[each] for each in amounts], rows, grouped=grouped)

    def _document(self, invoice: Invoice) -> Iterator[Sequence[str]]:
        """Yield the row of the document, which heads those of its lines."""
        kind = "" if invoice.kind is DocumentKind.INVOICE else f"{KINDS[self._language][invoice.kind]} · "
        yield (
            invoice.number or self._words["planned"],
            f"{kind}{invoice.agreement} · {invoice.buyer.name}",
            self._amount(invoice.net.amount),
            self._amount(invoice.tax.amount),
            numbers.money(invoice.gross, self._language),
        )
        for line in invoice.lines:
            yield "", f"  {line.text}", self._amount(line.net.amount), "", ""
        for earlier in invoice.prepayments:
            net, gross = -earlier.net, -earlier.gross
            named = deducts_text(self._language, earlier)
            yield "", f"  {named}", *(self._amount(each.amount) for each in (net, gross - net, gross))
        if invoice.prepayments:
            yield "", f"  {self._words['payable']}", "", "", numbers.money(invoice.payable, self._language)

    def _moment(self, at: datetime) -> str:
        return f"{numbers.day(at.date(), self._language)} {at:%H:%M}"

    def _amount(self, amount: Decimal) -> str:
        return numbers.number(amount, self._language)


def _signed(change: Changes) -> str:
    return f"+{change.added} ~{change.edited} −{change.deleted}"
