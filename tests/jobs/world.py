"""A sink, a mapping and a store that live in memory, for the steps of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from connector.core.billed import BilledEntry, History
from connector.core.booking import Booking
from connector.core.document import NewDocument, PlannedDocument
from connector.core.final import DownPayment
from connector.core.invoice import DocumentKind, Invoice
from connector.core.lifecycle import NOT_HANDED_OVER, DocumentState
from connector.core.numbering import NumberFormat
from connector.core.ports import Capabilities, Export, ExportResult, Receipt
from connector.core.problems import Problem, Severity
from connector.jobs.bill import Finish, Terms
from connector.mapping import Mapping as Rules
from tests.core.builders import agreement, seller
from tests.mapping.rules import mapping

NUMBERS = NumberFormat.parse("RE-{year}-{number:04}")

WHO = "anna"

RULES = """
    [[vat]]
    country = "DE"
    category = "S"
    rate = "19"

    [[debtor]]
    customer = "K1"
    account = "10001"

    [[revenue]]
    vat_category = "S"
    rate = "19"
    account = "8400"
    automatic = true
    """

NO_DEBTOR = RULES.replace('customer = "K1"', 'customer = "K2"')

HOLD = Problem("RevenueAccountRefused", "too long", "document", "ask your adviser")
NOTICE = Problem("TextCut", "a text was cut", "document", "shorten it", Severity.NOTICE)


def rules(toml: str = RULES) -> Rules:
    """Return the mapping of the text."""
    return mapping(toml)


def terms(toml: str = RULES, *, approve_at_once: bool = True) -> Terms:
    """Return the configuration of a tenant with one agreement."""
    return Terms("nordlicht", seller(), 30, [agreement()], rules(toml), approve_at_once, NUMBERS, "c0ffee")


@dataclass
class MemorySink:
    """Satisfies the port BatchSink: has problems with some documents, and remembers what it wrote."""

    problems: dict[str, Sequence[Problem]] = field(default_factory=dict)
    written: list[tuple[Export, list[str]]] = field(default_factory=list)
    failure: Exception | None = None
    capabilities: Capabilities = field(default_factory=Capabilities)

    def refusals(self, booking: Booking) -> Iterator[Problem]:
        """Yield the problems with the document's agreement or key."""
        yield from self.problems.get(booking.invoice.key, ())
        yield from self.problems.get(booking.invoice.agreement, ())

    def write(self, export: Export, bookings: Sequence[Booking]) -> ExportResult:
        """Remember the export, or fail."""
        if self.failure:
            raise self.failure
        keys = [booking.invoice.key for booking in bookings]
        self.written.append((export, keys))
        file = f"export-{export.number}.csv"
        return ExportResult(tuple(Receipt(key, file) for key in keys), (file,), {}, (NOTICE,))


@dataclass
class MemoryDocuments:
    """Satisfies the ports DocumentStore and Drafts."""

    log: list[BilledEntry] = field(default_factory=list)
    documents: dict[str, tuple[Invoice, Booking | None]] = field(default_factory=dict)
    states: dict[str, DocumentState] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    down: Mapping[str, tuple[DownPayment, ...]] = field(default_factory=dict)

    def history(self) -> History:
        """Return the log folded."""
        return History.fold(self.log)

    def add(
        self,
        planned: PlannedDocument,
        template: NumberFormat,
        finish: Finish,
        *,
        state: DocumentState,
        config_hash: str,
        who: str,
    ) -> Stored:
        """Keep the document under the next number, or as it is."""
        key = planned.invoice.key
        if key in self.documents:
            return Stored(self.documents[key][0].number, is_new=False)
        number = template.render(planned.invoice.issue_date, len(self.documents) + 1)
        self.documents[key] = finish(number)
        self.states[key] = state
        self.log += planned.log
        self.told.append((config_hash, who))
        return Stored(number, is_new=True)

    def approved_charges(self) -> frozenset[str]:
        """Return the one charge that was let through."""
        return frozenset({"support/2026-01/overage/design"})

    def raised_notices(self) -> frozenset[str]:
        """Return what was reported."""
        return frozenset(self.raised)

    def down_payments(self, agreements: Collection[str], /) -> Mapping[str, tuple[DownPayment, ...]]:
        """Return those of the agreements asked for."""
        return {agreement: self.down[agreement] for agreement in agreements if agreement in self.down}

    def finals(self) -> Mapping[str, tuple[str, ...]]:
        """Return the final invoices that stand."""
        finals = [each for each, _ in self.documents.values() if each.kind is DocumentKind.FINAL]
        return {each.agreement: (each.key,) for each in finals if self.states[each.key] is not DocumentState.CANCELLED}

    def raise_notices(self, keys: Iterable[str], /) -> None:
        """Remember what is reported."""
        self.raised += keys

    def update_draft(
        self, key: str, invoice: Invoice, booking: Booking | None, entries: Iterable[BilledEntry], who: str
    ) -> None:
        """Replace the document and add to the log."""
        self.documents[key] = invoice, booking
        self.log += entries
        self.told.append((key, who))

    def set_state(self, key: str, state: DocumentState, who: str, why: str = "", on: date | None = None) -> None:
        """Keep the state."""
        self.states[key] = state
        self.told.append((f"{why} {on}" if on else why, who))

    def document(self, key_or_number: str, /) -> Kept:
        """Return the document."""
        return Kept(*self.documents[key_or_number])

    def entries_of(self, document: str, /) -> list[BilledEntry]:
        """Return its part of the log."""
        return [entry for entry in self.log if entry.document == document]

    def cancel(
        self,
        key: str,
        entries: Iterable[BilledEntry],
        *,
        who: str,
        why: str,
        correction: NewDocument | None = None,
        is_gone: bool = False,
    ) -> str:
        """Take the document back; a correction has the next number."""
        assert (correction is None) is (is_gone or self.states[key] in NOT_HANDED_OVER)
        self.states[key] = DocumentState.CANCELLED
        self.log += entries
        self.told.append((why, who))
        if correction is None:
            return ""
        number = correction.template.render(correction.invoice.issue_date, len(self.documents) + 1)
        self.documents[correction.invoice.key] = correction.finish(number)
        self.states[correction.invoice.key] = DocumentState.QUEUED
        self.told.append((correction.config_hash, who))
        return number


@dataclass(frozen=True)
class Kept:
    """A document with its booking."""

    invoice: Invoice
    booking: Booking | None


@dataclass(frozen=True)
class Stored:
    """What the store answers."""

    number: str
    is_new: bool


def draft(document: Invoice, number: str = "RE-2026-0001") -> Invoice:
    """Return the document with its number."""
    return replace(document, number=number)
