"""What each command does for one tenant, and for one tenant after the other."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import click

from connector import logs
from connector.as_json import (
    aging_as_json,
    entry_as_json,
    export_as_json,
    numbered_as_json,
    open_items_as_json,
    plan_as_json,
    problems_as_json,
    pulled_as_json,
    receipt_as_json,
    settled_as_json,
    standing_as_json,
    summary_as_json,
)
from connector.cli.options import Options
from connector.console import Screen
from connector.core.errors import ConfigError, HonorarError, RefusedError
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.jobs.push import Pushed
from connector.redact import redact
from connector.wiring import (
    Workspace,
    adapters,
    billing,
    decisions,
    delivery,
    inquiry,
    open_workspace,
    payments,
    tenant_folders,
)

DONE, HELD, CONFIG_FAULT, REFUSED, TRY_LATER = 0, 1, 2, 3, 75

A_YEAR = timedelta(days=365)

_WORST_FIRST = (CONFIG_FAULT, REFUSED, TRY_LATER, HELD, DONE)


@dataclass(frozen=True)
class Work:
    """One tenant open for a command, and where it prints."""

    space: Workspace
    screen: Screen
    options: Options

    @property
    def as_of(self) -> date:
        """Return the day asked for, else the tenant's today."""
        return self.options.as_of or self.space.today()

    @property
    def for_people(self) -> bool:
        """Tell whether people read along; otherwise the outcome is printed as JSON, at the end."""
        return not self.options.as_json


Outcome = tuple[dict[str, Any], int]
"""What to print as JSON, and the exit code."""

Step = Callable[[Work], Outcome]
"""Does the work for one tenant, and prints for people where JSON is not asked for."""


def for_each_tenant(options: Options, step: Step, *, secrets: bool = True, one: bool = False) -> None:
    """Do the step for every tenant, print its JSON if asked for, and leave with the worst exit code.

    Without `secrets` none is looked up: for steps that call neither source nor sink. Where `one` tenant is meant,
    several are refused.
    """
    logs.set_up(options.log_format, verbose=options.verbose)
    outcomes = dict(_outcomes(options, step, secrets=secrets, one=one))
    if options.as_json:
        found = [data for data, _ in outcomes.values()]
        named = [{"tenant": name, **data} for name, (data, _) in outcomes.items()]
        click.echo(json.dumps(found[0] if len(found) == 1 else named, indent=2, ensure_ascii=False))
    codes = {code for _, code in outcomes.values()}
    sys.exit(next(code for code in _WORST_FIRST if code in codes))


def _outcomes(options: Options, step: Step, *, secrets: bool, one: bool) -> Iterator[tuple[str, Outcome]]:
    """Yield each tenant's folder name with what came of the step; a tenant's error leaves the others alone."""
    try:
        folders = tenant_folders(options.folder, options.tenant)
        if one and len(folders) > 1:
            message = f"one tenant is meant, and there are {len(folders)}"
            raise RefusedError(message, hint="name it: --tenant")
    except HonorarError as error:
        yield "", told(error)
        return
    for folder in folders:
        heading = len(folders) > 1 and not options.as_json
        try:
            with open_workspace(folder, options.user, secrets=secrets) as space:
                screen = Screen(space.tenant.language)
                if heading:
                    screen.line(f"== {space.tenant.name}")
                outcome = step(Work(space, screen, options))
        except HonorarError as error:
            outcome = told(error)
        yield folder.name, outcome


def told(error: HonorarError) -> Outcome:
    """Tell the operator what went wrong, without a stack trace; the exit code is the error's own."""
    problems = error.problems if isinstance(error, ConfigError) else ()
    logs.tell(str(error), *(f"{each.place}: {each.message}\n  {each.hint}".rstrip() for each in problems))
    return {"error": redact(str(error)), "problems": problems_as_json(problems)}, error.exit_code


def alone(step: Step) -> Step:
    """Return the step done while no other run of the tenant is at work."""

    def locked(work: Work) -> Outcome:
        with work.space.locked():
            return step(work)

    return locked


def check(work: Work) -> Outcome:
    """Show every fault that the adapters find, and what renews itself soon; exit code 2 where a fault would hold."""
    problems = [*adapters.check(work.space), *billing.renewals(work.space, work.as_of)]
    if work.for_people:
        work.screen.problems(problems)
        work.screen.told("checked", problems=sum(problem.holds for problem in problems))
    return _problems_json(problems), CONFIG_FAULT if _held_or_done(problems) else DONE


def pull(work: Work, accept_empty: Iterable[str] = (), reread_from: date | None = None) -> Outcome:
    """Read the sources; exit code 1 where one was not taken over."""
    with work.screen.busy("reading") if work.for_people else nullcontext():
        pulled = billing.pull(work.space, work.as_of, frozenset(accept_empty), reread_from)
    problems = [problem for source in pulled for problem in source.problems]
    if work.for_people:
        for source in pulled:
            work.screen.pulled(source)
        work.screen.problems(problems)
    taken = all(source.taken for source in pulled)
    return {"sources": pulled_as_json(pulled)} | _problems_json(problems), DONE if taken else HELD


def plan(work: Work, selection: Mapping[str, frozenset[str]]) -> Outcome:
    """Show what would be billed."""
    outlook = billing.look_ahead(work.space, work.as_of, selection)
    if work.for_people:
        work.screen.documents([each.invoice for each in outlook.ready])
        work.screen.untouched(outlook.plan.untouched)
        work.screen.problems(outlook.plan.problems)
    return plan_as_json(outlook), _held_or_done(outlook.plan.problems)


def bill(work: Work, selection: Mapping[str, frozenset[str]]) -> Outcome:
    """Store what is due."""
    outlook = billing.look_ahead(work.space, work.as_of, selection)
    billed = billing.bill(work.space, outlook)
    if work.for_people:
        work.screen.documents(billed)
        work.screen.untouched(outlook.plan.untouched)
        work.screen.problems(outlook.plan.problems)
    return _billed_json(work, billed, outlook.plan.problems), _held_or_done(outlook.plan.problems)


def _billed_json(work: Work, billed: Iterable[Invoice], problems: Iterable[Problem]) -> dict[str, Any]:
    data = {"as_of": work.as_of.isoformat(), "documents": [numbered_as_json(invoice) for invoice in billed]}
    return data | _problems_json(problems)


def approve(work: Work, names: Iterable[str]) -> Outcome:
    """Approve the named drafts, or all where none is named."""
    outcomes = list(decisions.approve(work.space, tuple(names)))
    problems = [outcome for outcome in outcomes if isinstance(outcome, Problem)]
    approved = [outcome for outcome in outcomes if not isinstance(outcome, Problem)]
    if work.for_people:
        work.screen.documents(approved)
        work.screen.problems(problems)
    data = {"documents": [numbered_as_json(invoice) for invoice in approved]}
    return data | _problems_json(problems), _held_or_done(problems)


def edit(work: Work, line: str, wanted: Mapping[str, str | None], reason: str) -> Outcome:
    """Change a line of a draft."""
    invoice = decisions.edit(work.space, line, work.as_of, wanted, reason)
    if work.for_people:
        work.screen.documents([invoice])
    return numbered_as_json(invoice), DONE


def push(work: Work, again: str | None = None) -> Outcome:
    """Hand over what waits, or one document once more."""
    return handed_over(work, delivery.push(work.space, again))


def handed_over(work: Work, pushed: Pushed) -> Outcome:
    """Tell what was handed over, and what held anything back."""
    if work.for_people:
        work.screen.pushed(pushed)
        work.screen.problems(pushed.problems)
    data = {"pushed": list(pushed.documents), "files": list(pushed.files), **_receipts_json(pushed.receipts)}
    data |= _problems_json(pushed.problems)
    if pushed.error:
        stopped, code = told(pushed.error)
        return data | {"error": stopped["error"]}, code
    return data, _held_or_done(pushed.problems)


def _receipts_json(receipts: Iterable[Receipt]) -> dict[str, Any]:
    found = [receipt_as_json(receipt) for receipt in receipts]
    return {"receipts": found} if found else {}


def reconcile(work: Work, since: date | None) -> Outcome:
    """Compare with the accounting system; exit code 1 where something is missing, double or different."""
    found = delivery.reconcile(work.space, since or work.as_of - A_YEAR)
    if work.for_people:
        work.screen.problems(found.problems)
        work.screen.told("reconciled", ours=found.ours, listed=found.listed)
    data = {"ours": found.ours, "listed": found.listed}
    return data | _problems_json(found.problems), _held_or_done(found.problems)


def settle(work: Work) -> Outcome:
    """Read payments and reminders back, and tell the project tools that want to know."""
    settled = payments.settle(work.space)
    written = payments.write_back(work.space, work.space.today())
    problems = (*settled.problems, *written.problems)
    if work.for_people:
        work.screen.settled(settled)
        work.screen.written_back(written)
        work.screen.problems(problems)
    data = {"settled": settled_as_json(settled), "written": list(written.places)} | _problems_json(problems)
    if settled.error:
        stopped, code = told(settled.error)
        return data | {"error": stopped["error"]}, code
    return data, _held_or_done(problems)


def run(work: Work) -> Outcome:
    """Do the steps; an error ends them, and what was done before it is told all the same."""
    done = list(_until_error(work))
    problems = {json.dumps(each): each for data, _ in done for each in data["problems"]}
    joined = {name: value for data, _ in done for name, value in data.items()}
    return joined | {"problems": list(problems.values())}, max(code for _, code in done)


def _until_error(work: Work) -> Iterator[Outcome]:
    try:
        yield from _run(work)
    except HonorarError as error:
        yield told(error)


def _run(work: Work) -> Iterator[Outcome]:
    """Yield what each step did.

    What could not be read is not billed from what was known before, but what waits goes out.
    Payments are read back last, where the sink tells them and was not just out of reach: the next run bills by them.
    """
    pulled, code = pull(work)
    yield pulled, code
    yield bill(work, {}) if code == DONE else (_not_billed(work), HELD)
    pushed, code = push(work)
    yield pushed, code
    if "error" not in pushed and payments.settles(work.space):
        yield settle(work)


def _not_billed(work: Work) -> dict[str, Any]:
    if work.for_people:
        work.screen.told("not billed")
    return _billed_json(work, (), ())


def status(work: Work) -> Outcome:
    """Show where agreements and documents stand, when sources were read, which agreements renew, which log-ins end."""
    standings = billing.standings(work.space, work.as_of)
    notices = [*billing.renewals(work.space, work.as_of), *adapters.login_notices(work.space)]
    states = Counter(summary.state.value for summary in inquiry.documents(work.space))
    receivables = payments.receivables(work.space, work.as_of)
    read = inquiry.last_read(work.space)
    if work.for_people:
        work.screen.standings(standings)
        work.screen.last_read(read, work.space.tenant.time_zone)
        work.screen.states(states)
        work.screen.aging(receivables)
        work.screen.problems(notices)
    agreements = [standing_as_json(standing) for standing in standings]
    data = {"as_of": work.as_of.isoformat(), "agreements": agreements, "documents": states}
    data |= {"receivables": aging_as_json(receivables)}
    data |= {"sources": [{"name": name, "last_read": at and at.isoformat()} for name, at in read.items()]}
    return data | _problems_json(notices), DONE


def documents(work: Work, states: Collection[str], agreement: str) -> Outcome:
    """List documents."""
    listed = inquiry.documents(work.space, states, agreement)
    if work.for_people:
        work.screen.listed(listed)
    return {"documents": [summary_as_json(summary) for summary in listed]}, DONE


def open_items(work: Work, agreement: str) -> Outcome:
    """List what is still to come, with its ages."""
    found = payments.receivables(work.space, work.as_of, agreement)
    if work.for_people:
        work.screen.open_items(found)
        work.screen.aging(found)
    return {"as_of": work.as_of.isoformat(), "items": open_items_as_json(found), **aging_as_json(found)}, DONE


def log(work: Work, position: str) -> Outcome:
    """Show the billed log of a position."""
    entries = inquiry.log(work.space, position)
    numbers = {summary.key: summary.number for summary in inquiry.documents(work.space)}
    if work.for_people:
        work.screen.log(entries, numbers)
    return {"position": position, "entries": [entry_as_json(entry, numbers) for entry in entries]}, DONE


def explain(work: Work, document: str) -> Outcome:
    """Say why the amounts of a document or line are what they are."""
    sentences = list(inquiry.explain(work.space, document))
    if work.for_people:
        work.screen.lines(sentences)
    return {"document": document, "explanation": sentences}, DONE


def outbox(work: Work) -> Outcome:
    """Show what waits for accounting, what it may or may not have, what it rejected, and what was handed over."""
    waiting = inquiry.documents(work.space, [*_NOT_THERE_FOR_CERTAIN])
    exports = list(work.space.store.outbox.exports())
    receipts = delivery.receipts(work.space)
    if work.for_people:
        work.screen.listed(waiting)
        work.screen.exports(exports)
        work.screen.receipts(receipts)
    queued = [summary_as_json(summary) for summary in waiting]
    data = {"waiting": queued, "exports": [export_as_json(export) for export in exports]}
    return data | _receipts_json(receipts), DONE


_NOT_THERE_FOR_CERTAIN = (
    DocumentState.QUEUED,
    DocumentState.SENDING,
    DocumentState.UNKNOWN,
    DocumentState.REJECTED,
)


def _problems_json(problems: Iterable[Problem]) -> dict[str, Any]:
    return {"problems": problems_as_json(problems)}


def _held_or_done(problems: Iterable[Problem]) -> int:
    return HELD if any(problem.holds for problem in problems) else DONE
