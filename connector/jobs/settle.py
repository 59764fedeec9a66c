"""Read back whether documents are paid, and how far they were dunned (domain 10.1, 10.5).

Only what changed since the last time is asked for, with some overlap; what is told twice is kept once. A reading that
cannot be understood, or a call that fails, leaves the moment of the last time where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from connector.core.delivery import Pending, difference
from connector.core.errors import ConfigError, HonorarError, RefusedError, TemporaryError
from connector.core.payment import PaymentReading, PaymentStatus
from connector.core.ports import Delivered, InvoiceSink, StatusSource
from connector.core.problems import Problem
from connector.core.settlement import Owed, concerning, told_of
from connector.jobs import events

OVERLAP = timedelta(days=1)
"""So much earlier than the last time is asked again: clocks differ, and some accounting systems know only days."""

REOPENS_WITHIN = timedelta(days=60)
"""What was settled is asked for so much longer: banks take a direct debit back within eight weeks."""


class Readings(Protocol):
    """Keeps readings; every change is one transaction."""

    def owed(self, sink: str, settled_since: datetime, /) -> Iterable[Owed]:
        """Yield the documents that the sink has and that are not settled, or were not yet at that moment."""
        ...

    def tell(self, owed: Owed, reading: PaymentReading, /, *, who: str) -> None:
        """Keep the reading, and bring the document to its state."""
        ...

    def cursor(self, sink: str, /) -> datetime | None:
        """Return up to when the sink was asked, None if it never was."""
        ...

    def set_cursor(self, sink: str, until: datetime, /) -> None:
        """Remember up to when the sink was asked."""
        ...


class Numbering(Protocol):
    """Takes over the numbers of documents that a person finished over there."""

    def document(self, key: str, /) -> Pending:
        """Return the document."""
        ...

    def compared(self, sink: str, delivered: Delivered, /) -> None:
        """Record what was read back."""
        ...


@dataclass(frozen=True, slots=True)
class Settled:
    """How many documents were asked for, those of which something new was told, and what should be known of them.

    `error` is what ended the reading before its time.
    """

    asked: int = 0
    changed: tuple[Owed, ...] = ()
    problems: tuple[Problem, ...] = ()
    error: HonorarError | None = None


@dataclass(slots=True)
class Settler:
    """Settles with one source of payments, under the name its readings are kept by; `now` is the clock of the store."""

    readings: Readings
    numbering: Numbering
    source: StatusSource
    name: str
    who: str
    now: Callable[[], datetime]
    _changed: dict[str, Owed] = field(default_factory=dict)
    _problems: list[Problem] = field(default_factory=list)

    def settle(self) -> Settled:
        """Keep every new reading; an error that ends the reading comes with what was read before."""
        began = self.now()
        owed = {each.receipt.key: each for each in self.readings.owed(self.name, began - REOPENS_WITHIN)}
        error = None
        try:
            if owed and self._read_all(owed):
                self.readings.set_cursor(self.name, began)
        except (TemporaryError, RefusedError, ConfigError) as stopped:
            error = stopped
        return Settled(len(owed), tuple(self._changed.values()), tuple(self._problems), error)

    def _read_all(self, owed: dict[str, Owed]) -> bool:
        """Take every reading; False where one could not be understood, so that it is asked for again."""
        complete = True
        receipts = [each.receipt for each in owed.values()]
        for told in self.source.statuses(receipts, _since(owed.values(), self._asked_until(owed.values()))):
            if isinstance(told, Problem):
                complete = False
                self._note([told])
            elif (status := concerning(owed[told.key], told)) is not None:
                owed[told.key] = self._take(owed[told.key], status)
        return complete

    def _asked_until(self, owed: Iterable[Owed]) -> datetime | None:
        """Return up to when the sink was asked; where that is yet to come, a clock was wrong: all is asked again."""
        until, now = self.readings.cursor(self.name), self.now()
        return until if until is None or until <= now else min(now, *(each.sent_at for each in owed))

    def _take(self, owed: Owed, told: PaymentStatus) -> Owed:
        reading = PaymentReading(told, self.name)
        after, problems = told_of(owed, reading)
        if after.known.news != owed.known.news:
            self.readings.tell(after, reading, who=self.who)
            self._changed[told.key] = after
            events.done("document %s: %s, %s open", after.number, after.known.status.state, after.known.status.open)
        self._note(problems)
        if not after.receipt.number and isinstance(self.source, InvoiceSink):
            self._take_number(after, self.source)
        return after

    def _take_number(self, owed: Owed, sink: InvoiceSink) -> None:
        """Read a document that was a draft; where a person finished it, its number counts from now on."""
        booking = self.numbering.document(owed.receipt.key).booking
        delivered = sink.read(booking, owed.receipt)
        if delivered.receipt.number:
            self.numbering.compared(self.name, delivered)
            events.done("document %s is %s", owed.number, delivered.receipt.number)
            if problem := difference(booking.invoice, delivered):
                self._note([problem])

    def _note(self, problems: Sequence[Problem]) -> None:
        self._problems += problems
        events.noticed(problems)


def _since(owed: Iterable[Owed], cursor: datetime | None) -> datetime | None:
    """Return from when on changes are asked for: the last time, or when the oldest one was sent that nobody told of."""
    never_told = [each.sent_at for each in owed if each.known.sink is None]
    moments = [*never_told, *([cursor] if cursor else [])]
    return min(moments) - OVERLAP if moments else None
