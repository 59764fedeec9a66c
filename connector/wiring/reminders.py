"""Reminding customers: who is due, writing it into accounting, and what a person says of it (domain 10.2-10.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from connector.core.delivery import Outcome
from connector.core.dunning import Procedure
from connector.core.errors import ConfigError, RefusedError
from connector.core.final import deducted_by
from connector.core.interest import balances_of
from connector.core.invoice import DocumentKind
from connector.core.lifecycle import DocumentState
from connector.core.ports import Receipt, ReminderSink, StatusSource
from connector.core.problems import Problem, Severity
from connector.core.receivables import OpenItem, set_off
from connector.core.reminder import Reminder
from connector.core.reminding import Case, disagreement, due_reminder, next_reminder, not_settled
from connector.jobs.remind import Sender, Sent, unsettled_problems
from connector.wiring.inquiry import summary
from connector.wiring.workspace import Workspace

MAY_BE_REMINDED = frozenset({DocumentState.ACCEPTED, DocumentState.OPEN, DocumentState.PART_PAID})
"""Where a document was handed over, and something of it may be open."""


@dataclass(frozen=True, slots=True)
class Due:
    """Who is to be reminded on the day, and what keeps others from it or should be known."""

    on: date
    reminders: tuple[Reminder, ...]
    problems: tuple[Problem, ...]


def due(space: Workspace, on: date) -> Due:
    """Return what is due to be reminded of; writes nothing. ConfigError without a dunning.toml."""
    procedure, cases = _procedure(space), list(_cases(space, on))
    found = [due_reminder(case, procedure, on) for case in cases]
    problems = [*_notices(space, procedure, cases), *unsettled_problems(cases, finds=_finds(space))]
    problems += [each for each in found if isinstance(each, Problem)]
    reminders = tuple(each for each in found if isinstance(each, Reminder))
    if isinstance(space.sink, ReminderSink):
        problems += [refusal for each in reminders for refusal in space.sink.reminder_refusals(each)]
    return Due(on, reminders, (*problems, *_held(space, cases)))


def send(space: Workspace, on: date) -> Sent:
    """Write what is due into the sink; where it takes none, or payments were read too long ago, only say so.

    Raises ConfigError without a dunning.toml, RefusedError for a day yet to come.
    """
    if on > space.today():
        message = f"{on} is later than today"
        raise RefusedError(message, hint="a reminder is written on the day it is due")
    procedure, cases, sink, name = _procedure(space), list(_cases(space, on)), space.sink, space.tenant.sink.type
    notices = _notices(space, procedure, cases)
    if any(problem.holds for problem in notices):
        return Sent(problems=tuple(notices))
    if not isinstance(sink, ReminderSink):
        waiting = due(space, on)
        return Sent(problems=(*waiting.problems, *_by_hand(name, waiting.reminders)))
    sent = Sender(space.store.reminders, sink, name, procedure, space.who, space.now).send(cases, on)
    return Sent(sent.reminders, (*notices, *sent.problems), sent.error)


def reminded(space: Workspace, name: str, on: date, reason: str) -> Reminder:
    """Record that a person reminded of the document that day, or saw the reminder whose outcome was not known.

    RefusedError where it cannot be, or the day is yet to come.
    """
    case = _case(space, name)
    if on > space.today():
        message = f"{on} is later than today"
        raise RefusedError(message, hint="give the day of the reminder")
    if given := case.unsettled:
        space.store.reminders.accept(Receipt(given.reminder.key, ""), who=space.who, why=reason)
        return given.reminder
    made = next_reminder(case, _procedure(space), on)
    if isinstance(made, Problem):
        raise RefusedError(made.message, place=made.place, hint=made.hint)
    if made is None:
        message = f"document {case.item.number} has no level left, or nothing to pay"
        raise RefusedError(message, hint="honorar documents --open shows how far it was reminded")
    space.store.reminders.by_hand(made, reason, who=space.who)
    return made


def unreminded(space: Workspace, name: str, reason: str) -> Reminder:
    """Record that the newest reminder of the document was not given, and is due again; RefusedError without one."""
    case = _case(space, name)
    if given := case.unsettled:
        space.store.reminders.end(given.reminder.key, Outcome.NOT_SENT, reason, who=space.who)
        return given.reminder
    newest = max((each.reminder for each in case.given if each.counts), key=lambda each: each.level, default=None)
    if newest is None:
        message = f"document {case.item.number} was not reminded of from here"
        raise RefusedError(message)
    space.store.reminders.take_back(newest.key, newest.level, reason, who=space.who)
    return newest


def _procedure(space: Workspace) -> Procedure:
    if space.tenant.dunning is None:
        message = "there is no dunning.toml, so nobody is reminded"
        hint = "write one: docs/configuration.md shows it"
        raise ConfigError(message, place=str(space.tenant.folder), hint=hint)
    return space.tenant.dunning


def _notices(space: Workspace, procedure: Procedure, cases: list[Case]) -> list[Problem]:
    """Return what is to be known before anybody is reminded: stale payments, levels that disagree."""
    if not isinstance(space.sink, StatusSource):
        return []
    name = space.tenant.sink.type
    settled_at = space.store.payments.cursor(name)
    stale = not_settled(settled_at, space.now(), procedure, name) if cases else None
    differing = (disagreement(case, settled_at) for case in cases)
    return [each for each in (stale, *differing) if each]


def _held(space: Workspace, cases: list[Case]) -> Iterator[Problem]:
    """Yield a notice of every document that a person said nobody is reminded of."""
    reasons = space.store.reminders.held()
    for case in cases:
        if case.held:
            why = reasons[case.item.key] or "no reason given"
            hint = f"honorar release {case.item.number}, once it is settled"
            yield Problem("RemindersHeld", why, case.place, hint, Severity.NOTICE, case.item.agreement)


def _finds(space: Workspace) -> bool:
    return isinstance(space.sink, ReminderSink) and space.sink.capabilities.finds_reminders


def _by_hand(name: str, reminders: tuple[Reminder, ...]) -> Iterator[Problem]:
    if reminders:
        message = f"{name} takes no reminders from here; nothing was written, and nothing recorded"
        hint = "write each by hand, by the list of honorar remind; then: honorar reminded DOC --on DAY"
        yield Problem("RemindByHand", message, ", ".join(each.number for each in reminders), hint)


def _case(space: Workspace, name: str) -> Case:
    key = summary(space, name).key
    for item in _items(space):
        if item.key == key:
            return _case_of(space, item, held=key in space.store.reminders.held())
    message = f"document {name} was not handed over, or nothing of it is open"
    raise RefusedError(message)


def _cases(space: Workspace, on: date) -> Iterator[Case]:
    """Yield what is overdue on the day, by due date, and what was reminded of before; nobody owes the same twice."""
    known, held, finals = space.store.reminders.given(), space.store.reminders.held(), space.store.billing.finals()
    for item in sorted(_items(space), key=lambda item: (item.due_date, item.number)):
        concerns = item.open.amount > 0 and (item.due_date < on or item.key in known)
        if concerns and not _asked_for_again(space, item, finals.get(item.agreement, ())):
            yield _case_of(space, item, held=item.key in held)


def _asked_for_again(space: Workspace, item: OpenItem, finals: tuple[str, ...]) -> bool:
    """Tell whether the item is a down payment that was left open: the final invoice asks for its money (domain 7.3)."""
    if not finals:
        return False
    documents = space.store.billing
    invoice = documents.document(item.key).invoice
    deducted = (deducted_by(documents.document(key).invoice, invoice) for key in finals)
    return invoice.kind is DocumentKind.PARTIAL and invoice.net not in deducted


def _items(space: Workspace) -> list[OpenItem]:
    return set_off(space.store.payments.items(space.today()))


def _case_of(space: Workspace, item: OpenItem, *, held: bool) -> Case:
    store, zone, name = space.store, space.tenant.time_zone, space.tenant.sink.type
    told = [(each.at.astimezone(zone).date(), each.reading) for each in store.payments.of(item.key)]
    receipts = (each.receipt for each in store.deliveries.receipts_of(item.key) if each.sink == name)
    return Case(
        item=item,
        customer=store.billing.document(item.key).invoice.buyer,
        balances=balances_of(item.key, item.gross, item.issue_date, told),
        given=store.reminders.of(item.key),
        held=held,
        document=next(receipts, None),
    )
