"""What a person decides: cancel, hold, release, paid or not, accept what waits, select; and who decided what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from connector.as_json import (
    deed_as_json,
    entry_as_json,
    let_through_as_json,
    numbered_as_json,
    problems_as_json,
    summary_as_json,
)
from connector.cli.options import Options
from connector.cli.steps import DONE, HELD, Outcome, Step, Work, alone, for_each_tenant, handed_over
from connector.core.billed import BilledEntry
from connector.wiring import decisions, delivery, inquiry


def decide(options: Options, step: Step, *, secrets: bool = False) -> None:
    """Do the step for one tenant while no other run of it is at work; two tenants may have documents of one number."""
    for_each_tenant(options, alone(step), secrets=secrets, one=True)


def cancel(work: Work, name: str, reason: str) -> Outcome:
    """Cancel a document; exit code 1 where the sink does not take its correction."""
    correction = decisions.cancel(work.space, name, work.as_of, reason)
    problems = correction if isinstance(correction, tuple) else ()
    if work.for_people:
        work.screen.problems(problems)
        if correction is None:
            work.screen.told("voided", number=name)
        elif not isinstance(correction, tuple):
            work.screen.documents([correction])
    data = numbered_as_json(correction) if correction is not None and not isinstance(correction, tuple) else None
    return {"correction": data, "problems": problems_as_json(problems)}, HELD if problems else DONE


def hold(work: Work, name: str, reason: str) -> Outcome:
    """Hold a draft back, or let nobody be reminded of an open document."""
    decisions.hold(work.space, name, reason)
    return _standing(work, name)


def release(work: Work, name: str, reason: str) -> Outcome:
    """Make a draft again of a document that was held, send again what was rejected, or let it be reminded of again."""
    decisions.release(work.space, name, reason)
    return _standing(work, name)


def paid(work: Work, name: str, on: date, reason: str) -> Outcome:
    """Record that a document was paid."""
    decisions.paid(work.space, name, on, work.as_of, reason)
    return _standing(work, name)


def unpaid(work: Work, name: str, reason: str) -> Outcome:
    """Take a payment back."""
    decisions.unpaid(work.space, name, reason)
    return _standing(work, name)


def _standing(work: Work, name: str) -> Outcome:
    summary = inquiry.summary(work.space, name)
    if work.for_people:
        work.screen.listed([summary])
    return summary_as_json(summary), DONE


def accept(work: Work, name: str, reason: str) -> Outcome:
    """Let through what waits under the name, or accept that a position changed or vanished after it was billed."""
    accepted = decisions.accept(work.space, name, work.as_of, reason)
    if isinstance(accepted, BilledEntry):
        if work.for_people:
            work.screen.told("loss taken" if accepted.vanished else "change taken", position=name)
        return {"position": name, "vanished": accepted.vanished, **entry_as_json(accepted, {})}, DONE
    if work.for_people:
        work.screen.let_through(accepted)
    return {"charges": [let_through_as_json(due) for due in accepted]}, DONE


def take_over(work: Work, name: str, reference: str, reason: str) -> Outcome:
    """Take over a document that a person found in accounting, where its answer was lost and nobody can search."""
    return handed_over(work, delivery.take_over(work.space, name, reference, reason))


def select(work: Work, agreement: str, positions: Collection[str]) -> Outcome:
    """Choose what is billed of an agreement from now on."""
    decisions.select(work.space, agreement, positions)
    if work.for_people:
        named = "; ".join(positions)
        work.screen.told("selected" if positions else "all selected", agreement=agreement, positions=named)
    return {"agreement": agreement, "positions": sorted(positions)}, DONE


def audit(work: Work, subject: str) -> Outcome:
    """Show who did what, and when."""
    deeds = inquiry.deeds(work.space, subject)
    numbers = {summary.key: summary.number for summary in inquiry.documents(work.space)}
    if work.for_people:
        work.screen.deeds(deeds, numbers, work.space.tenant.time_zone)
    return {"deeds": [deed_as_json(deed, numbers) for deed in deeds]}, DONE
