"""What the jobs need from the outside, as protocols: adapters and the store satisfy them, nobody inherits.

A source implements one or several of the source ports; it is built from `(settings, transport)`, where its module
names `Settings` (a pydantic model) and `build`. Readers yield values or `Problem`s, one by one, so that memory stays
flat and one bad record never hides the next. A sink implements `BatchSink` (files) or `InvoiceSink` (an API).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from connector.core.booking import Booking
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.readings import Metric, Reading
from connector.core.timesheet import TimeEntry

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
class Checkable(Protocol):
    """Can tell whether it would work: connection, key, rights, named fields."""

    def check(self) -> Iterator[Problem]:
        """Yield everything that is wrong with the connection or the settings; nothing if all is well."""
        ...


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a sink can do; what it cannot is refused before anything is sent.

    `numbers` tells that the sink issues document numbers itself (domain 7.6).
    """

    numbers: bool = False
    credit_notes: bool = True
    reversals: bool = True
    finds_by_reference: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The sink's answer for one document: its own id or file name there, and the number if it issued one."""

    key: str
    reference: str
    number: str = ""


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
    """A sink that takes documents one by one over an API (domain 9)."""

    @property
    def capabilities(self) -> Capabilities:
        """Return what it can do."""
        ...

    def refusals(self, booking: Booking) -> Iterator[Problem]:
        """Yield every reason why the document cannot be delivered as it is."""
        ...

    def find(self, key: str) -> Receipt | None:
        """Return the receipt of the document that carries our key, None if the sink does not have it."""
        ...

    def deliver(self, booking: Booking, key: str) -> Receipt:
        """Create the document; raises OutcomeUnknown if the answer was lost (never retried blindly)."""
        ...


class Inbox(Protocol):
    """Keeps what came from outside, as it came, by its hash."""

    def keep(self, source: str, place: str, payload: bytes) -> None:
        """Store the payload once; a second time it is only known."""
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
