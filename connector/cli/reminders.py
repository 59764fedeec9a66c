"""Reminding customers: who is due, writing it, and what a person says of it."""

from __future__ import annotations

from datetime import date

from connector.as_json import problems_as_json, receipt_as_json, reminder_as_json
from connector.cli.options import Options
from connector.cli.steps import DONE, HELD, Outcome, Work, alone, for_each_tenant, told
from connector.console.reminders import decided_line, due_lines, sent_lines
from connector.core.problems import Problem
from connector.core.reminder import Reminder
from connector.wiring import reminders


def remind(options: Options, *, send: bool) -> None:
    """Show who is due to be reminded, or write the reminders while no other run of the tenant is at work."""
    for_each_tenant(options, alone(_send) if send else _due)


def _due(work: Work) -> Outcome:
    due = reminders.due(work.space, work.as_of)
    if work.for_people:
        work.screen.lines(due_lines(due.reminders, work.space.tenant.language))
        work.screen.problems(due.problems)
    data = {"as_of": due.on.isoformat(), "due": [reminder_as_json(each) for each in due.reminders]}
    return data | {"problems": problems_as_json(due.problems)}, _held_or_done(due.problems)


def _send(work: Work) -> Outcome:
    sent = reminders.send(work.space, work.as_of)
    if work.for_people:
        work.screen.lines(sent_lines(sent.reminders, work.space.tenant.language))
        work.screen.problems(sent.problems)
    written = [reminder_as_json(each) | {"receipt": receipt_as_json(receipt)} for each, receipt in sent.reminders]
    data = {"as_of": work.as_of.isoformat(), "sent": written, "problems": problems_as_json(sent.problems)}
    if sent.error:
        stopped, code = told(sent.error)
        return data | {"error": stopped["error"]}, code
    return data, _held_or_done(sent.problems)


def reminded(work: Work, name: str, on: date | None, reason: str) -> Outcome:
    """Record that a person reminded of the document, or found the reminder whose outcome was not known."""
    return _decided(work, "recorded", reminders.reminded(work.space, name, on or work.as_of, reason))


def unreminded(work: Work, name: str, reason: str) -> Outcome:
    """Record that the newest reminder of the document was not given."""
    return _decided(work, "taken back", reminders.unreminded(work.space, name, reason))


def _decided(work: Work, deed: str, reminder: Reminder) -> Outcome:
    if work.for_people:
        work.screen.line(decided_line(deed, reminder, work.space.tenant.language))
    return reminder_as_json(reminder), DONE


def _held_or_done(problems: tuple[Problem, ...]) -> int:
    return HELD if any(problem.holds for problem in problems) else DONE
