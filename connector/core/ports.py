"""What the jobs need from the outside, as protocols: adapters and the store satisfy them, nobody inherits.

A source implements one or several of the source ports; it is built from `(settings, transport)`, where its module
names `Settings` (a pydantic model) and `build`. Readers yield values or `Problem`s, one by one, so that memory stays
flat and one bad record never hides the next. A sink implements `BatchSink` (files) or `InvoiceSink` (an API).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from connector.core.booking import Booking
from connector.core.money import Money
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.payment import PaymentStatus
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.readings import Metric, Reading
from connector.core.receivables import OpenItem
from connector.core.reminder import Reminder
from connector.core.timesheet import TimeEntry
from connector.core.told_terms import ToldTerms

Record = Party | Project | Offer | Reading | Metric
"""What a source tells besides time entries."""


@runtime_checkable
class CustomerSource(Protocol):
    """Knows the customers."""

    def customers(self) -> Iterator[Party | Problem]:
        """Yield every customer."""
        ...


@runtime_checkable
class ProjectSource(Protocol):
    """Knows the projects."""

    def projects(self) -> Iterator[Project | Problem]:
        """Yield every project, parents and subprojects alike."""
        ...


@runtime_checkable
class OfferSource(Protocol):
    """Knows the offers with their positions."""

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield every offer in any state."""
        ...


@runtime_checkable
class ProgressSource(Protocol):
    """Knows how far things are."""

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield the readings on or before the day."""
        ...


@runtime_checkable
class MetricSource(Protocol):
    """Knows dated figures of projects."""

    def metrics(self) -> Iterator[Metric | Problem]:
        """Yield every metric reading."""
        ...


@runtime_checkable
class TimeSource(Protocol):
    """Knows the time entries."""

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield all entries whose local day lies in the period, each once, running timers included."""
        ...


@runtime_checkable
class ChangeSource(Protocol):
    """Knows which time entries were changed lately, however old they are; deletions it need not tell (domain 6)."""

    def changed_entries(self, period: Period, since: datetime) -> Iterator[TimeEntry | Problem]:
        """Yield the entries that `TimeSource.entries` yields for the period and that were changed since the moment.

        New ones are changed ones; the moment is in UTC. What was not changed may come too, and does no harm.
        """
        ...


@runtime_checkable
class TermsSource(Protocol):
    """Knows of retainers or planned invoices; they are held against the agreements and never billed."""

    def terms(self) -> Iterator[ToldTerms | Problem]:
        """Yield what the tool states of each, but for what its offers tell already."""
        ...


@runtime_checkable
class Checkable(Protocol):
    """Can tell whether it would work: connection, key, rights, named fields."""

    def check(self) -> Iterator[Problem]:
        """Yield everything that is wrong with the connection or the settings; nothing if all is well."""
        ...


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a sink can do; what it cannot is refused before anything is sent (`core.delivery.refused`).

    `numbers` tells that the sink issues document numbers itself (domain 7.6), `finalises` that a document stands there
    as issued, not as a draft that a person has to finish. `final_in_full` tells that it takes a final invoice with what
    was prepaid (domain 7.3), `books_payments` and `duns` that payments and reminders can be written to it.
    `finds_reminders` tells that it would know of a reminder whose answer was lost, so that one it does not have may be
    written again. `settles_after` is how many seconds after a lost answer what is not found there counts as not there:
    the sink's own time-out. Limits of 0 or '' are none; lengths count characters.
    """

    numbers: bool = False
    finalises: bool = True
    credit_notes: bool = True
    reversals: bool = True
    final_in_full: bool = True
    finds_by_reference: bool = False
    books_payments: bool = False
    duns: bool = False
    finds_reminders: bool = False
    currency: str = ""
    most_lines: int = 0
    line_text: int = 0
    notes_text: int = 0
    settles_after: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """The sink's answer for one document, known by our `key`.

    `reference` is the sink's own id or the file's name, `number` the one it issued ('' while it did not), `link` an
    address where a person sees it, `version` whatever the sink counts changes by.
    """

    key: str
    reference: str
    number: str = ""
    link: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A document as the sink has it now, read back: totals with our signs (a credit note is negative), priced lines."""

    receipt: Receipt
    net: Money
    tax: Money
    gross: Money
    lines: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in the sink's own list, whoever made it; `key` is ours, '' where it carries none.

    `gross` has our sign; `cancelled` tells that it no longer counts there.
    """

    reference: str
    key: str
    number: str
    issued_on: date
    customer: str
    gross: Money
    link: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Export:
    """One hand-over of documents to a file sink, reserved in the store before the first byte is written.

    `number` is unique and gap-free per sink, `token` (16 hexadecimal digits) marks its files so that a file is
    recognised as this export's own. `known_debtors` maps debtor accounts to the fingerprint last exported.
    `repeat` marks a deliberate second hand-over.
    """

    number: int
    token: str
    made_at: datetime
    repeat: bool = False
    known_debtors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export wrote: a receipt per document, the files, the debtors now known, and notices."""

    receipts: tuple[Receipt, ...]
    files: tuple[str, ...]
    debtors: Mapping[str, str]
    notices: tuple[Problem, ...] = ()


@runtime_checkable
class BatchSink(Protocol):
    """A sink that takes many documents at once, as files."""

    @property
    def capabilities(self) -> Capabilities:
        """Return what it can do."""
        ...

    def refusals(self, booking: Booking) -> Iterator[Problem]:
        """Yield every reason why the document cannot be delivered as it is; asked before billing and before writing."""
        ...

    def write(self, export: Export, bookings: Sequence[Booking]) -> ExportResult:
        """Write the export's files; idempotent: a file of the same export that is there already is kept as it is.

        Raises RefusedError where a foreign file has the name, TemporaryError where the disk does not take it; no
        half-written file is ever left under a final name.
        """
        ...


@runtime_checkable
class InvoiceSink(Protocol):
    """A sink that takes documents one by one over an API (domain 9).

    The key of a document is `booking.invoice.key`; the sink keeps it where it can be searched for, or where a search by
    other marks (day, amount) finds few enough documents to look at each.
    """

    @property
    def capabilities(self) -> Capabilities:
        """Return what it can do."""
        ...

    def refusals(self, booking: Booking) -> Iterator[Problem]:
        """Yield every reason why the document cannot be delivered as it is; calls nothing.

        Asked before billing, when the document has no number yet, and before delivery.
        """
        ...

    def find(self, booking: Booking, since: datetime) -> Receipt | None:
        """Return the receipt of the document that carries our key, None where the sink has none.

        Nothing was sent before `since`. What an earlier attempt left undone there (a draft that was to be posted) is
        finished first. Of several, the oldest counts.
        """
        ...

    def deliver(self, booking: Booking) -> Receipt:
        """Create the document, and return as soon as the sink has confirmed it; what it issued may be read later.

        Raises DocumentRejected where the sink refuses this document, any other RefusedError or ConfigError where it
        would refuse every one, TemporaryError where the document provably was not created, and OutcomeUnknown for all
        else: an answer that was lost, or one that cannot be understood. Nothing is retried blindly.
        """
        ...

    def read(self, booking: Booking, receipt: Receipt) -> Delivered:
        """Return what the sink has under the receipt's reference, with number and link; NotFound where it is gone."""
        ...


@runtime_checkable
class ListingSink(Protocol):
    """A sink whose documents can be listed, for reconciliation (domain 9.4)."""

    def listed(self, since: date, known: Collection[str]) -> Iterator[Listed]:
        """Yield every document with a date of issue from that day on, also those that other programs or people made.

        The key need not be looked up for references that are `known`.
        """
        ...


@runtime_checkable
class StatusSource(Protocol):
    """Knows whether documents are paid, and how far they were dunned (domain 10.1); mostly a sink."""

    def statuses(self, receipts: Sequence[Receipt], since: datetime | None) -> Iterator[PaymentStatus | Problem]:
        """Yield what it knows of these documents; it may leave out those of which nothing changed since then.

        `since` None asks for all of them. A document that is a draft over there is open, with nothing paid. What cannot
        be understood of one document is a Problem, and the others go on; it is asked for again.
        """
        ...


@runtime_checkable
class ReminderSink(Protocol):
    """A sink that takes reminders of documents it has (domain 10.4); `document` is its receipt of that document."""

    @property
    def capabilities(self) -> Capabilities:
        """Return what it can do."""
        ...

    def reminder_refusals(self, reminder: Reminder) -> Iterator[Problem]:
        """Yield every reason why the reminder cannot be written as it is; calls nothing."""
        ...

    def remind(self, reminder: Reminder, document: Receipt) -> Receipt:
        """Write the reminder, and return where it stands; whether a person still has to send it, its page tells.

        Raises as InvoiceSink.deliver does.
        """
        ...

    def find_reminder(
        self, reminder: Reminder, document: Receipt, since: datetime, known: Collection[str]
    ) -> Receipt | None:
        """Return the receipt of the reminder, None where none is found; nothing was written before `since`.

        Reminders of the document that are `known`, by their references, are others. None proves something only where
        `capabilities.finds_reminders`.
        """
        ...


@dataclass(frozen=True, slots=True)
class DocumentNews:
    """What a project tool is told of a document: `text` says it, and begins with the document's number and a blank.

    `positions` are the keys of what it bills (offer/position), `projects` the ids of the projects of its lines.
    """

    item: OpenItem
    text: str
    positions: tuple[str, ...]
    projects: tuple[str, ...]


@runtime_checkable
class StatusWriter(Protocol):
    """A project tool that takes back what became of documents (domain 10.5)."""

    @property
    def writes_status(self) -> bool:
        """Tell whether the tenant has switched it on."""
        ...

    def write_status(self, news: DocumentNews) -> Iterator[str]:
        """Write the text where people see it, and yield each place it was written to; what is there already stays.

        Nothing is written of a document that bills nothing of this source. Raises RefusedError, TemporaryError, or
        OutcomeUnknown; a second time is harmless.
        """
        ...


@runtime_checkable
class BilledMarker(Protocol):
    """A project tool whose time entries can be marked as billed; what is billed, the log alone decides (domain 3.8)."""

    @property
    def marks_billed(self) -> bool:
        """Tell whether the tenant has switched it on."""
        ...

    def mark_billed(self, ids: Sequence[str], *, billed: bool) -> Iterator[str]:
        """Mark the entries, or take their mark away; yield each that is so now, or gone. A second time is harmless.

        Raises RefusedError, TemporaryError, or OutcomeUnknown; what was yielded before holds.
        """
        ...


class Inbox(Protocol):
    """Keeps what came from outside, as it came, by its hash."""

    def keep(self, source: str, place: str, payload: bytes) -> None:
        """Store the payload once; a second time it is only known."""
        ...

    def last(self, source: str, place: str) -> bytes | None:
        """Return the newest payload of the place, None if there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Rate:
    """What a vendor allows one account: so many requests per so many seconds, and `burst` at once after a pause.

    A vendor that counts in windows sees up to `requests + burst` in one of them: leave the burst off its limit.
    """

    requests: int
    seconds: int
    burst: int = 1

    def __post_init__(self) -> None:
        """Refuse a rate that allows nothing."""
        if min(self.requests, self.seconds, self.burst) < 1:
            message = f"a rate allows at least one request: {self}"
            raise ValueError(message)

    @property
    def interval(self) -> int:
        """Return the microseconds between two requests that follow one another for long."""
        return -(-self.seconds * 1_000_000 // self.requests)

    @property
    def ahead(self) -> int:
        """Return by how many microseconds requests may come earlier than the interval says, after a pause.

        A little less than the vendor grants: what was slow on its way opens the vendor's count late, and what is fast
        after it would come too early.
        """
        return max(0, (self.burst - 1) * self.interval - JITTER)


JITTER = 100_000
"""Microseconds by which one request may be slower on its way than another."""


class Slots(Protocol):
    """Shares a vendor's rate among all who use an account, in whatever process; `account` is a hash, never a key."""

    def reserve(self, account: str, rate: Rate) -> int:
        """Take the account's next free slot; return the microseconds until it, 0 if it is now."""
        ...

    def push_back(self, account: str, rate: Rate, seconds: int) -> None:
        """Give out no slot of the account for so long."""
        ...


@dataclass(frozen=True, slots=True)
class Changes:
    """What a pull changed: how many records came anew, differently, or no longer."""

    added: int = 0
    edited: int = 0
    deleted: int = 0

    def __add__(self, other: Changes) -> Changes:
        """Return both together."""
        return Changes(self.added + other.added, self.edited + other.edited, self.deleted + other.deleted)
