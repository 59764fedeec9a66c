"""Hand queued documents one by one to a sink behind an API, once and only once (domain 9).

Before a call its attempt is on record, so a process that dies leaves a document that is `sending`. Whatever is not a
certain first attempt is searched for before it is sent, and sent again only where the sink does not have it and its own
time-out has passed. In a sink that finds nothing by our reference, a person looks, and says what was there. What one
document meets leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from connector.core.booking import Booking
from connector.core.delivery import Outcome, Pending, difference, place_of
from connector.core.errors import (
    ConfigError,
    DocumentRejected,
    HonorarError,
    NotFound,
    OutcomeUnknown,
    RefusedError,
    TemporaryError,
    UnexpectedAnswer,
)
from connector.core.lifecycle import DocumentState
from connector.core.ports import Delivered, InvoiceSink, Receipt
from connector.core.problems import Problem, Severity
from connector.jobs import events
from connector.jobs.push import Pushed

PASSING = (TemporaryError, UnexpectedAnswer, NotFound)
"""What one document meets while nothing was sent, and may not meet again."""

MOST_FAILURES = 3
"""Calls in a row that fail for the time being; then the other side is given a rest until the next run."""

DIED = "the run ended before the answer came"


class Deliveries(Protocol):
    """Keeps attempts and receipts; every change is one transaction."""

    def pending(self) -> tuple[str, ...]:
        """Return the keys of the documents that no sink has for certain: first those that one may have."""
        ...

    def document(self, key: str, /) -> Pending:
        """Return the document with its attempts."""
        ...

    def begin(self, sink: str, key: str, /) -> None:
        """Record that the document is about to be sent."""
        ...

    def end(self, key: str, outcome: Outcome, words: str, /, *, who: str) -> None:
        """Record how the attempt that is under way ended, other than by being accepted."""
        ...

    def accept(self, sink: str, receipt: Receipt, /, *, who: str, why: str = "") -> None:
        """Record that the sink has the document; `why` is a person's reason to say so."""
        ...

    def not_compared(self, sink: str, /) -> tuple[Receipt, ...]:
        """Return the receipts of documents that were not read back yet."""
        ...

    def compared(self, sink: str, delivered: Delivered, /) -> None:
        """Record what was read back."""
        ...


@dataclass(slots=True)
class Deliverer:
    """Delivers to one sink under the name its receipts are kept by; `now` is the clock of the store."""

    deliveries: Deliveries
    sink: InvoiceSink
    name: str
    who: str
    now: Callable[[], datetime]
    _receipts: dict[str, Receipt] = field(default_factory=dict)
    _problems: list[Problem] = field(default_factory=list)
    _unsettled: dict[str, str] = field(default_factory=dict)
    _failures: int = 0

    def push(self) -> Pushed:
        """Compare what earlier runs left uncompared, settle what they left unknown, and send what is queued.

        An error that would meet every other document too ends the run; it comes with what was done before.
        """
        error = None
        try:
            for receipt in self.deliveries.not_compared(self.name):
                pending = self.deliveries.document(receipt.key)
                if pending.state is not DocumentState.CANCELLED:
                    self._compare(pending.booking, receipt)
            for key in self.deliveries.pending():
                self._push(self._settled(key))
        except (TemporaryError, RefusedError, ConfigError) as stopped:
            error = stopped
        return self._pushed(error)

    def push_again(self, key: str) -> Pushed:
        """Send a document once more that may have arrived, and that a person looked for in the sink in vain.

        Raises RefusedError for any other document, and where the sink can be searched.
        """
        self._send(self._undecided(key).booking)
        return self._pushed()

    def take_over(self, key: str, reference: str, why: str) -> Pushed:
        """Take over a document that may have arrived, and that a person found in the sink under its own reference.

        Raises RefusedError for any other document, where the sink can be searched, and where it has nothing there.
        """
        booking = self._undecided(key).booking
        delivered = self.sink.read(booking, Receipt(key, reference))
        self._accept(booking, delivered.receipt, why)
        return self._pushed()

    def _pushed(self, error: HonorarError | None = None) -> Pushed:
        return Pushed(tuple(self._receipts), (), tuple(self._problems), tuple(self._receipts.values()), error)

    def _undecided(self, key: str) -> Pending:
        """Return the document if a person decides whether the sink has it; RefusedError otherwise."""
        if self.sink.capabilities.finds_by_reference:
            message = f"{self.name} takes each document once, and is searched for it"
            raise RefusedError(message, hint="honorar push; what it rejected is sent again after: honorar release")
        pending = self._settled(key)
        if pending.state is not DocumentState.UNKNOWN or pending.elsewhere(self.name):
            state = pending.state.value
            message = (
                f"{place_of(pending.booking.invoice)} is {state}: there is no lost answer of {self.name} to decide"
            )
            raise RefusedError(message, hint="honorar push hands over what waits")
        return pending

    def _settled(self, key: str) -> Pending:
        """Return the document; what a process that died left under way is unknown from now on."""
        if self.deliveries.document(key).state is DocumentState.SENDING:
            self.deliveries.end(key, Outcome.UNKNOWN, DIED, who=self.who)
        return self.deliveries.document(key)

    def _push(self, pending: Pending) -> None:
        booking = pending.booking
        if other := pending.elsewhere(self.name):
            hint = f"look for it there; then hand over from a folder whose sink is {other}"
            self._tell("AttemptedElsewhere", booking, f"{other} may have it; it is not sent to {self.name}", hint)
        elif pending.attempts and self.sink.capabilities.finds_by_reference:
            self._search(pending)
        elif pending.may_have_arrived:
            self._unsettled[booking.invoice.key] = booking.invoice.buyer.id
            self._tell_unknown(booking, pending.attempts[-1].words)
        else:
            self._send(booking)

    def _search(self, pending: Pending) -> None:
        """Look for the document in the sink; only where it counts as not there is it sent."""
        booking = pending.booking
        if any(attempt.is_open for attempt in pending.attempts):
            self._unsettled[booking.invoice.key] = booking.invoice.buyer.id
        try:
            receipt = self.sink.find(booking, pending.attempts[0].begun_at)
        except DocumentRejected as error:
            self.deliveries.begin(self.name, booking.invoice.key)
            self._reject(booking, error)
            return
        except OutcomeUnknown as error:
            self._tell_unknown(booking, error.message)
            return
        except PASSING as error:
            self._postpone(booking, error)
            return
        settles_after = self.sink.capabilities.settles_after
        if receipt is not None:
            self._accept(booking, receipt)
        elif pending.counts_as_not_there(settles_after, self.now()):
            self._unsettled.pop(booking.invoice.key, None)
            self._send(booking)
        else:
            self._tell_unknown(booking, f"{self.name} does not have it yet, and may still be at it")

    def _send(self, booking: Booking) -> None:
        key, customer = booking.invoice.key, booking.invoice.buyer.id
        if self._is_refused(booking):
            return
        if customer in self._unsettled.values():
            # What is still on its way may be the customer itself, who would be made twice.
            message = f"another document of customer {customer} is not settled yet"
            self._tell("DeliveryPostponed", booking, message, _NEXT_RUN)
            return
        self.deliveries.begin(self.name, key)
        try:
            receipt = self.sink.deliver(booking)
        except DocumentRejected as error:
            self._reject(booking, error)
        except OutcomeUnknown as error:
            self.deliveries.end(key, Outcome.UNKNOWN, error.message, who=self.who)
            self._unsettled[key] = customer
            self._tell_unknown(booking, error.message)
        except PASSING as error:
            self.deliveries.end(key, Outcome.NOT_SENT, error.message, who=self.who)
            self._postpone(booking, error)
        except (RefusedError, ConfigError) as error:
            self.deliveries.end(key, Outcome.NOT_SENT, error.message, who=self.who)
            raise
        else:
            self._accept(booking, receipt)

    def _accept(self, booking: Booking, receipt: Receipt, why: str = "") -> None:
        self.deliveries.accept(self.name, receipt, who=self.who, why=why)
        self._receipts[receipt.key] = receipt
        self._unsettled.pop(receipt.key, None)
        self._failures = 0
        events.done("document %s: %s has it as %s", booking.invoice.number, self.name, receipt.reference)
        self._compare(booking, receipt)

    def _compare(self, booking: Booking, receipt: Receipt) -> None:
        """Read the document back, take over its number, and tell every difference."""
        try:
            delivered = self.sink.read(booking, receipt)
        except NotFound:
            message = f"{self.name} took it, and does not have it any more"
            self._tell("MissingInSink", booking, message, _DISCARDED)
            return
        except (TemporaryError, RefusedError) as error:
            self._tell("NotCompared", booking, f"it was accepted, but not read back: {error.message}", _NEXT_RUN)
            self._count(error)
            return
        self._failures = 0
        self.deliveries.compared(self.name, delivered)
        if receipt.key in self._receipts:
            self._receipts[receipt.key] = delivered.receipt
        if problem := difference(booking.invoice, delivered):
            self._note(problem)

    def _is_refused(self, booking: Booking) -> bool:
        problems = list(self.sink.refusals(booking))
        for problem in problems:
            self._note(problem)
        return any(problem.holds for problem in problems)

    def _reject(self, booking: Booking, error: DocumentRejected) -> None:
        self.deliveries.end(booking.invoice.key, Outcome.REJECTED, error.message, who=self.who)
        hint = "mend the cause, then: honorar release; or cancel it: honorar cancel"
        self._tell("DeliveryRejected", booking, f"{self.name}: {error.message}", hint)

    def _postpone(self, booking: Booking, error: HonorarError) -> None:
        self._tell("DeliveryPostponed", booking, f"not sent: {error.message}", _NEXT_RUN)
        self._count(error)

    def _count(self, error: HonorarError) -> None:
        """Count the failure; raise it where it is one too many in a row."""
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            raise error

    def _tell_unknown(self, booking: Booking, words: str) -> None:
        can, number = self.sink.capabilities, booking.invoice.number
        if not can.finds_by_reference:
            message = f"whether {self.name} has it is not known, and it cannot be searched for there: {words}"
            is_there, is_not = f"honorar accept {number} --there ITS_ID", f"honorar push --again {number}"
            hint = f"look for it: if it is there, {is_there}; if not, {is_not}"
            self._tell("DeliveryUndecided", booking, message, hint)
            return
        seconds = can.settles_after
        hint = f"it is searched for before anything is sent again: honorar push, in {seconds} seconds or later"
        self._tell("DeliveryUnknown", booking, f"whether {self.name} has it is not known: {words}", hint)

    def _tell(self, code: str, booking: Booking, message: str, hint: str) -> None:
        invoice = booking.invoice
        self._note(Problem(code, message, place_of(invoice), hint, Severity.HOLD, invoice.agreement))

    def _note(self, problem: Problem) -> None:
        self._problems.append(problem)
        events.noticed([problem])


_NEXT_RUN = "the next run tries again"

_DISCARDED = "was it discarded there as a draft? then cancel it here too: honorar cancel"
