"""What was done to remind of a document, and what follows from it for the next time (domain 9, 10.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from connector.core.delivery import Attempt, Outcome
from connector.core.dunning import Procedure, Reminded, level_differs, next_step, stopped
from connector.core.interest import Balance
from connector.core.numbering import is_working
from connector.core.party import Party
from connector.core.payment import Dunning
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.core.receivables import OpenItem
from connector.core.reminder import Reminder, Reminding, make_reminder
from connector.core.reminder_texts import reminder_text


@dataclass(frozen=True, slots=True)
class Given:
    """One reminder that was tried or given: `attempt` says how it went, by a sink, or by a person where that is ''.

    `receipt` is the sink's answer, None where there is none; `who` tried it.
    """

    reminder: Reminder
    attempt: Attempt
    who: str
    receipt: Receipt | None = None

    @property
    def counts(self) -> bool:
        """Tell whether the customer is reminded."""
        return self.attempt.outcome is Outcome.ACCEPTED


@dataclass(frozen=True, slots=True)
class Case:
    """A document that may be reminded of: what is open, of whom, since when, and what was done so far, oldest first.

    `document` is the receipt of the sink that has it, None where no sink gave one; `held` tells that a person stopped
    reminders.
    """

    item: OpenItem
    customer: Party
    balances: tuple[Balance, ...]
    given: tuple[Given, ...] = ()
    held: bool = False
    document: Receipt | None = None

    @property
    def ours(self) -> Reminded:
        """Return how far it was reminded from here."""
        return reminded_by(self.given, held=self.held)

    @property
    def told(self) -> Dunning | None:
        """Return what the accounting system tells, unless that is a reminder which a person took back here."""
        return told_by(self.item.dunning, self.given)

    @property
    def reminded(self) -> Reminded:
        """Return how far it was reminded, from here or there."""
        return self.ours.joined(self.told)

    @property
    def unsettled(self) -> Given | None:
        """Return the attempt of which nobody knows whether it arrived, None if there is none."""
        return next((each for each in self.given if each.attempt.is_open), None)

    @property
    def place(self) -> str:
        """Return how messages name it."""
        return f"document {self.item.number} of {self.item.agreement}"


def told_by(told: Dunning | None, given: Iterable[Given]) -> Dunning | None:
    """Return what the accounting system tells; None where its reminder was given from here, and taken back."""
    stands = {each.receipt.reference: each.counts for each in given if each.receipt}
    return told if told and stands.get(told.reference, True) else None


def reminded_by(given: Iterable[Given], *, held: bool = False) -> Reminded:
    """Return the highest level that was given, with its day and that of the first."""
    counting = sorted((each.reminder.level, each.reminder.on) for each in given if each.counts)
    if not counting:
        return Reminded(held=held)
    level, on = counting[-1]
    return Reminded(level, on, min(day for _, day in counting), held)


def due_reminder(case: Case, procedure: Procedure, on: date) -> Reminder | Problem | None:
    """Return the reminder that is due on the day with its text; None for none, or what keeps it from being made."""
    reminded = case.reminded
    level = None if case.unsettled else next_step(case.item, reminded, procedure, on)
    if level is None:
        return None
    if is_working(case.item.number):
        hint = "finish it there; its number is read with: honorar settle"
        return _problem("DraftNotReminded", case, "it is a draft in the accounting system", hint)
    made = make_reminder(Reminding(case.item, case.customer, case.balances, reminded), level, procedure, on)
    if isinstance(made, Problem):
        return made
    return replace(made, text=reminder_text(level.texts[made.language], made))


def next_reminder(case: Case, procedure: Procedure, on: date) -> Reminder | Problem | None:
    """Return the reminder of the level that follows, whether it is due on the day or not; None where none can be."""
    reminded = case.reminded
    if stopped(case.item, replace(reminded, held=False)) or reminded.level >= len(procedure.levels):
        return None
    level = procedure.levels[reminded.level]
    made = make_reminder(Reminding(case.item, case.customer, case.balances, reminded), level, procedure, on)
    return made if isinstance(made, Problem) else replace(made, text=reminder_text(level.texts[made.language], made))


def disagreement(case: Case, settled_at: datetime | None) -> Problem | None:
    """Return the notice of a level the accounting system has otherwise than it was given from here.

    Only what was read after the last reminder is compared; who never reminded from here lets accounting do it.
    """
    ends = [each.attempt.ended_at for each in case.given if each.counts and each.attempt.ended_at]
    if settled_at is None or not ends or any(end >= settled_at for end in ends):
        return None
    return level_differs(case.ours, case.told, case.place)


def not_settled(settled_at: datetime | None, now: datetime, procedure: Procedure, sink: str) -> Problem | None:
    """Return the problem of payments that were read too long ago, or never, to remind anybody.

    So far ahead the clock was wrong when they were read: nobody knows how long ago that is.
    """
    days = procedure.settled_within
    if settled_at is not None and abs(now - settled_at) <= timedelta(days=days):
        return None
    when = f"last read {settled_at:%Y-%m-%d %H:%M} UTC" if settled_at else "never read"
    message = f"payments were {when}; to remind anybody it must be within {days} days"
    return Problem("PaymentsNotRead", message, sink, "read them first: honorar settle")


def with_levels(items: Iterable[OpenItem], given: Mapping[str, Sequence[Given]]) -> list[OpenItem]:
    """Return the items with the level that was given from here, where the accounting system tells no higher one."""
    return [replace(each, dunning=_known(each.dunning, given.get(each.key, ()))) for each in items]


def _known(told: Dunning | None, given: Sequence[Given]) -> Dunning | None:
    told = told_by(told, given)
    newest = max((each for each in given if each.counts), key=lambda each: each.reminder.level, default=None)
    if newest is None or (told is not None and told.level >= newest.reminder.level):
        return told
    reminder = newest.reminder
    return Dunning(
        level=reminder.level,
        name=reminder.name,
        on=reminder.on,
        fee=reminder.fee or None,
        interest=reminder.interest_sum or None,
        blocked=told is not None and told.blocked,
        reference=newest.receipt.reference if newest.receipt else "",
    )


def _problem(code: str, case: Case, message: str, hint: str) -> Problem:
    return Problem(code, message, case.place, hint, agreement=case.item.agreement)
