"""Payments and reminders come back: what changed is asked for, kept once, and told where it contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from connector.core.booking import Booking
from connector.core.delivery import Pending
from connector.core.errors import AuthenticationFailed, ConfigError, HonorarError, Unavailable
from connector.core.lifecycle import DocumentState
from connector.core.payment import Known, PaymentReading, PaymentState, PaymentStatus
from connector.core.ports import Delivered, InvoiceSink, Receipt, StatusSource
from connector.core.problems import Problem
from connector.core.settlement import Owed
from connector.jobs.settle import OVERLAP, REOPENS_WITHIN, Settled, Settler
from tests.core.builders import booking, eur, invoice
from tests.jobs.world import WHO
from tests.support.cloud import Cloud

S = DocumentState
NOW = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
SENT_AT = datetime(2026, 2, 1, 8, tzinfo=UTC)
GROSS = eur("5950.00")
OPEN = PaymentStatus("k-1", PaymentState.OPEN, GROSS, word="open")
PAID = PaymentStatus("k-1", PaymentState.PAID, eur(0), date(2026, 3, 1))
UNREADABLE = Problem("PaymentNotUnderstood", "no amount", "cloud: 4711", "look at it there")


@dataclass
class MemoryReadings:
    """Satisfies the ports Readings and Numbering."""

    documents: dict[str, Owed] = field(default_factory=dict)
    until: datetime | None = None
    told: list[tuple[str, PaymentReading, str]] = field(default_factory=list)
    settled_since: datetime | None = None
    numbers: list[str] = field(default_factory=list)

    def owed(self, sink: str, settled_since: datetime, /) -> list[Owed]:
        """Return all of them, and remember since when."""
        assert sink == "cloud"
        self.settled_since = settled_since
        return list(self.documents.values())

    def tell(self, owed: Owed, reading: PaymentReading, /, *, who: str) -> None:
        """Keep both."""
        self.documents[owed.receipt.key] = owed
        self.told.append((owed.receipt.key, reading, who))

    def cursor(self, sink: str, /) -> datetime | None:
        """Return it."""
        assert sink == "cloud"
        return self.until

    def set_cursor(self, sink: str, until: datetime, /) -> None:
        """Keep it."""
        assert sink == "cloud"
        self.until = until

    def document(self, key: str, /) -> Pending:
        """Return the document that the cloud has."""
        return Pending(booking(invoice(key=key)), self.documents[key].state)

    def compared(self, sink: str, delivered: Delivered, /) -> None:
        """Remember the number."""
        assert sink == "cloud"
        self.numbers.append(delivered.receipt.number)


@dataclass
class Bank:
    """Satisfies the port StatusSource alone: tells what it is given, and fails then."""

    tells: Sequence[PaymentStatus | Problem] = ()
    failure: HonorarError | None = None
    asked: list[tuple[list[str], datetime | None]] = field(default_factory=list)

    def statuses(self, receipts: Sequence[Receipt], since: datetime | None) -> Iterator[PaymentStatus | Problem]:
        """Yield what it is given."""
        self.asked.append(([receipt.reference for receipt in receipts], since))
        yield from self.tells
        if self.failure:
            raise self.failure


@dataclass
class TellingCloud(Cloud):
    """An accounting system that tells payments too; `is_draft`, its documents have no numbers."""

    tells: Sequence[PaymentStatus] = ()
    is_draft: bool = False

    def read(self, booking: Booking, receipt: Receipt) -> Delivered:
        """Return the document, without a number while it is a draft."""
        told = super().read(booking, receipt)
        return replace(told, receipt=replace(told.receipt, number="")) if self.is_draft else told

    def statuses(self, receipts: Sequence[Receipt], since: datetime | None) -> Iterator[PaymentStatus | Problem]:
        """Yield what it is given."""
        assert receipts
        assert since
        yield from self.tells


def owed(key: str = "k-1", number: str = "RE0001", state: DocumentState = S.ACCEPTED) -> Owed:
    """Return a document of which nothing was told yet; one without a number is a draft over there."""
    known = Known.of_new(key, GROSS)
    return Owed(Receipt(key, f"id-{key}", number), number or "E_0001", "website", state, known, SENT_AT)


def books(*documents: Owed, until: datetime | None = None) -> MemoryReadings:
    """Return a store with these documents."""
    return MemoryReadings({each.receipt.key: each for each in documents or (owed(),)}, until)


def settle(kept: MemoryReadings, source: StatusSource, now: datetime = NOW) -> Settled:
    """Settle once."""
    return Settler(kept, kept, source, "cloud", WHO, lambda: now).settle()


def codes(settled: Settled) -> list[str]:
    """Return the codes of what should be known."""
    return [problem.code for problem in settled.problems]


def test_a_payment_comes_back() -> None:
    """It is kept with the sink and who ran; the document is paid."""
    kept = books()
    settled = settle(kept, Bank([PAID]))
    assert kept.told == [("k-1", PaymentReading(PAID, "cloud"), WHO)]
    assert [(each.number, each.state) for each in settled.changed] == [("RE0001", S.PAID)]
    assert (settled.asked, settled.problems, settled.error) == (1, (), None)


def test_what_is_told_twice_is_kept_once() -> None:
    """In one run, and in the next."""
    kept = books()
    assert len(settle(kept, Bank([OPEN, OPEN])).changed) == 1
    assert settle(kept, Bank([OPEN])).changed == ()
    assert len(kept.told) == 1


def test_a_reading_that_is_about_the_other_document_is_left_alone() -> None:
    """A correction that is not booked yet shares the open item of what it takes back."""
    kept = books(replace(owed(), shares=-GROSS))
    assert settle(kept, Bank([OPEN])).changed == ()
    assert kept.told == []
    assert kept.until == NOW


def test_readings_of_one_document_follow_one_another() -> None:
    """Opened again within one run: the second reading is held against the first."""
    settled = settle(books(), Bank([PAID, OPEN]))
    assert [each.state for each in settled.changed] == [S.OPEN]
    assert codes(settled) == ["PaymentTakenBack"]


def test_only_changes_are_asked_for() -> None:
    """The first time since the oldest document was sent; then since the last time; each with a day to spare."""
    kept = books()
    bank = Bank([OPEN])
    settle(kept, bank)
    settle(kept, bank, NOW + timedelta(days=1))
    assert bank.asked == [(["id-k-1"], SENT_AT - OVERLAP), (["id-k-1"], NOW - OVERLAP)]
    assert kept.until == NOW + timedelta(days=1)
    assert kept.settled_since == NOW + timedelta(days=1) - REOPENS_WITHIN


def test_a_document_nobody_told_of_is_asked_for_from_its_sending_on() -> None:
    """It may have been found there long after it was sent."""
    bank = Bank()
    settle(books(until=NOW), bank)
    assert bank.asked == [(["id-k-1"], SENT_AT - OVERLAP)]


def test_a_clock_that_was_ahead_loses_no_payment() -> None:
    """What it made the last time is yet to come: all is asked for since the first document was sent."""
    known, _ = Known.of_new("k-1", GROSS).after(PaymentReading(OPEN, "cloud"))
    kept = books(replace(owed(), known=known), until=NOW + timedelta(days=9))
    bank = Bank()
    settle(kept, bank)
    assert bank.asked == [(["id-k-1"], SENT_AT - OVERLAP)]
    assert kept.until == NOW


def test_all_is_asked_for_where_nothing_says_since_when() -> None:
    """Everything was told of before, but nobody remembers when."""
    known, _ = Known.of_new("k-1", GROSS).after(PaymentReading(OPEN, "cloud"))
    bank = Bank()
    settle(books(replace(owed(), known=known)), bank)
    assert bank.asked == [(["id-k-1"], None)]


def test_without_documents_nobody_is_asked() -> None:
    """No call, and the moment stays."""
    kept, bank = MemoryReadings(), Bank()
    assert settle(kept, bank) == Settled()
    assert (bank.asked, kept.until) == ([], None)


def test_what_cannot_be_understood_is_asked_for_again() -> None:
    """The others are kept."""
    kept = books(until=SENT_AT)
    settled = settle(kept, Bank([UNREADABLE, PAID]))
    assert (codes(settled), len(settled.changed), kept.until) == (["PaymentNotUnderstood"], 1, SENT_AT)


@pytest.mark.parametrize("failure", [Unavailable("down"), AuthenticationFailed("expired"), ConfigError("no key")])
def test_an_error_ends_the_reading_and_what_came_before_stays(failure: HonorarError) -> None:
    """The next run asks from the same moment on."""
    kept = books(until=SENT_AT)
    settled = settle(kept, Bank([PAID], failure))
    assert (settled.error, len(settled.changed), kept.until) == (failure, 1, SENT_AT)


def test_contradictions_are_told_each_time() -> None:
    """A person recorded a payment that is not booked there: until it is, every run says so, and keeps it."""
    said = PaymentReading(replace(PAID, paid_on=date(2026, 2, 20)), who="ben")
    known, _ = owed().known.after(said)
    kept = books(replace(owed(state=S.PAID), known=known))
    for _ in range(2):
        settled = settle(kept, Bank([OPEN]))
        assert codes(settled) == ["PaymentNotConfirmed"]
    assert kept.documents["k-1"].state is S.PAID
    assert [problem.place for problem in settled.problems] == ["document RE0001 of website"]


def test_a_draft_that_a_person_finished_brings_its_number() -> None:
    """It is read and compared; one that is still a draft brings none."""
    cloud = TellingCloud(tells=[OPEN])
    cloud.deliver(booking(invoice(key="k-1")))
    assert isinstance(cloud, InvoiceSink)
    kept = books(owed(number=""))
    assert codes(settle(kept, cloud)) == []
    assert kept.numbers == ["RE-k-1"]
    cloud.adds = "1.00"
    assert codes(settle(kept, cloud)) == ["DeliveredDifferently"]


def test_a_number_that_is_known_is_not_asked_for() -> None:
    """Nor is a draft of a source that reads no documents."""
    cloud = TellingCloud(tells=[OPEN])
    settle(books(), cloud)
    assert cloud.calls == []
    assert codes(settle(books(owed(number="")), Bank([OPEN]))) == []


def test_a_draft_that_stays_one_has_no_number() -> None:
    """Its working name goes on."""
    cloud = TellingCloud(tells=[OPEN], is_draft=True)
    cloud.deliver(booking(invoice(key="k-1")))
    kept = books(owed(number=""))
    settle(kept, cloud)
    assert kept.numbers == []
