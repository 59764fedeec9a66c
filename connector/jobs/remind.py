"""Write reminders into accounting, once and only once (domain 9, 10.4).

Before a call its attempt is on record. An attempt whose answer was lost is searched for where the accounting system can
tell; it is tried anew only where that system would know of it and does not. Else it waits for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from connector.core.delivery import Outcome
from connector.core.dunning import Procedure
from connector.core.errors import (
    ConfigError,
    DocumentRejected,
    HonorarError,
    OutcomeUnknown,
    RefusedError,
    TemporaryError,
    Unavailable,
)
from connector.core.ports import Receipt, ReminderSink
from connector.core.problems import Problem, Severity
from connector.core.reminder import Reminder
from connector.core.reminding import Case, Given, due_reminder
from connector.jobs import events
from connector.jobs.deliver import DIED, MOST_FAILURES, PASSING


class Reminders(Protocol):
    """Keeps attempts; every change is one transaction."""

    def begin(self, sink: str, reminder: Reminder, /, *, who: str) -> None:
        """Record that the reminder is about to be written; RefusedError where it was, or may have been."""
        ...

    def end(self, key: str, outcome: Outcome, words: str, /, *, who: str) -> None:
        """Record how the unsettled attempt ended, other than by being accepted."""
        ...

    def accept(self, receipt: Receipt, /, *, who: str) -> None:
        """Record that the unsettled reminder is there."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run wrote, with the receipts, and what should be known; `error` is what ended it before its time."""

    reminders: tuple[tuple[Reminder, Receipt], ...] = ()
    problems: tuple[Problem, ...] = ()
    error: HonorarError | None = None


def unsettled_problems(cases: Iterable[Case], *, finds: bool) -> list[Problem]:
    """Return a problem for every reminder of which nobody knows whether it is there."""
    return [_unknown(case, case.unsettled, finds=finds) for case in cases if case.unsettled]


@dataclass(slots=True)
class Sender:
    """Writes to one sink under the name its attempts are kept by; `now` is the clock of the store."""

    reminders: Reminders
    sink: ReminderSink
    name: str
    procedure: Procedure
    who: str
    now: Callable[[], datetime]
    _sent: list[tuple[Reminder, Receipt]] = field(default_factory=list)
    _problems: list[Problem] = field(default_factory=list)
    _failures: int = 0

    def send(self, cases: Sequence[Case], on: date) -> Sent:
        """Settle what earlier runs left unknown, and write what is due on the day.

        What was just found to be missing is due again in the next run. An error that would meet every other document
        too ends the run; it comes with what was done before.
        """
        error = None
        try:
            for case in cases:
                if case.unsettled:
                    self._search(case, case.unsettled)
                else:
                    self._send_due(case, on)
        except (TemporaryError, RefusedError, ConfigError) as stopped:
            error = stopped
        return Sent(tuple(self._sent), tuple(self._problems), error)

    def _search(self, case: Case, given: Given) -> None:
        """Look for the reminder; without a certain answer it stays unknown."""
        key = given.reminder.key
        if given.attempt.outcome is None:
            self.reminders.end(key, Outcome.UNKNOWN, DIED, who=self.who)
        if given.attempt.sink != self.name or case.document is None:
            self._note(_unknown(case, given, finds=False))
            return
        try:
            found = self._found(case, given, case.document)
        except PASSING as error:
            self._postpone(case, error)
            return
        if found:
            self._accept(given.reminder, found)
        elif self._counts_as_not_there(given):
            self.reminders.end(key, Outcome.NOT_SENT, "searched for, and not there", who=self.who)
            self._tell("ReminderPostponed", case, f"{self.name} does not have it: it is due again", _NEXT_RUN)
        else:
            self._note(_unknown(case, given, finds=self.sink.capabilities.finds_reminders))

    def _found(self, case: Case, given: Given, document: Receipt) -> Receipt | None:
        known = {each.receipt.reference for each in case.given if each.receipt and each.counts}
        return self.sink.find_reminder(given.reminder, document, given.attempt.begun_at, known)

    def _counts_as_not_there(self, given: Given) -> bool:
        """Tell whether it may be written again: the sink would have told of it, and its own time-out has passed."""
        can, ended = self.sink.capabilities, given.attempt.ended_at
        waited = ended is not None and (self.now() - ended).total_seconds() >= can.settles_after
        return can.finds_reminders and waited

    def _send_due(self, case: Case, on: date) -> None:
        due = due_reminder(case, self.procedure, on)
        if isinstance(due, Problem):
            self._note(due)
        elif due and case.document is None:
            self._tell("ReminderPostponed", case, f"{self.name} gave no receipt for it", "remind of it by hand")
        elif due and case.document and not self._is_refused(due):
            self._send(due, case, case.document)

    def _send(self, reminder: Reminder, case: Case, document: Receipt) -> None:
        key = reminder.key
        tried = next((each for each in case.given if each.reminder.level == reminder.level and not each.counts), None)
        try:
            found = self._found(case, tried, document) if tried else None
        except PASSING as error:
            self._postpone(case, error)
            return
        self.reminders.begin(self.name, reminder, who=self.who)
        if found:
            self._accept(reminder, found)
            return
        try:
            receipt = self.sink.remind(reminder, document)
        except DocumentRejected as error:
            self.reminders.end(key, Outcome.REJECTED, error.message, who=self.who)
            self._tell("ReminderRejected", case, f"{self.name}: {error.message}", "mend the cause; it is tried again")
        except OutcomeUnknown as error:
            self.reminders.end(key, Outcome.UNKNOWN, error.message, who=self.who)
            self._note(_not_known(case, reminder, error.message, finds=self.sink.capabilities.finds_reminders))
            self._count(Unavailable(error.message, place=error.place))
        except PASSING as error:
            self.reminders.end(key, Outcome.NOT_SENT, error.message, who=self.who)
            self._postpone(case, error)
        except (RefusedError, ConfigError) as error:
            self.reminders.end(key, Outcome.NOT_SENT, error.message, who=self.who)
            raise
        else:
            self._accept(reminder, receipt)

    def _accept(self, reminder: Reminder, receipt: Receipt) -> None:
        self.reminders.accept(receipt, who=self.who)
        self._sent.append((reminder, receipt))
        self._failures = 0
        events.done("document %s: reminder of level %d is %s", reminder.number, reminder.level, receipt.reference)

    def _is_refused(self, reminder: Reminder) -> bool:
        problems = list(self.sink.reminder_refusals(reminder))
        for problem in problems:
            self._note(problem)
        return any(problem.holds for problem in problems)

    def _postpone(self, case: Case, error: HonorarError) -> None:
        """Tell of a failure that may pass."""
        self._tell("ReminderPostponed", case, error.message, _NEXT_RUN)
        self._count(error)

    def _count(self, error: HonorarError) -> None:
        """Count the failure; raise it where it is one too many in a row."""
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            raise error

    def _tell(self, code: str, case: Case, message: str, hint: str) -> None:
        self._note(Problem(code, message, case.place, hint, Severity.HOLD, case.item.agreement))

    def _note(self, problem: Problem) -> None:
        self._problems.append(problem)
        events.noticed([problem])


_NEXT_RUN = "the next honorar remind --send tries again"


def _unknown(case: Case, given: Given, *, finds: bool) -> Problem:
    return _not_known(case, given.reminder, given.attempt.words or DIED, finds=finds)


def _not_known(case: Case, reminder: Reminder, words: str, *, finds: bool) -> Problem:
    message = f"whether the reminder of level {reminder.level} of {reminder.on} was written is not known: {words}"
    by_hand = f"look at the document there; then: honorar reminded {reminder.number}, or honorar unreminded"
    hint = f"the next honorar remind --send searches for it; or {by_hand}" if finds else by_hand
    return Problem("ReminderUnknown", message, case.place, hint, Severity.HOLD, case.item.agreement)
