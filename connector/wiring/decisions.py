"""What a person decides: approve, edit, hold, cancel, paid or not, accept what waits, select."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from connector.core.accept import Acceptance, AcceptError, accepted_change, waiting_charges
from connector.core.billed import BilledEntry
from connector.core.charge_due import DueCharge
from connector.core.edit import LineEdit
from connector.core.errors import RefusedError
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.money import rounded
from connector.core.notation import ENGLISH, NotationError
from connector.core.offer import PRICE_DECIMALS
from connector.core.plan import make_plan
from connector.core.problems import Problem
from connector.core.quantity import QUANTITY_DECIMALS
from connector.core.schedule import billed_positions
from connector.core.scope import Scope
from connector.core.suggest import did_you_mean
from connector.jobs.approve import Approver
from connector.jobs.cancel import Canceller
from connector.jobs.states import HOLD, PAID, RELEASE, RESEND, UNPAID, Move, bring
from connector.store import DocumentSummary
from connector.wiring import billing
from connector.wiring.delivery import is_gone
from connector.wiring.inquiry import documents, split_line, summary
from connector.wiring.reminders import MAY_BE_REMINDED
from connector.wiring.workspace import Workspace


def approve(space: Workspace, names: Sequence[str]) -> Iterator[Invoice | Problem]:
    """Approve the named drafts (none named: all) and yield them, and the problems of those that stay drafts.

    Raises NotFound or RefusedError, before anything is changed, where a name is none of a draft.
    """
    drafts = names or [each.key for each in documents(space, [DocumentState.DRAFT])]
    named = {each.summary.key: each for each in map(space.store.billing.document, drafts)}
    for each in named.values():
        _require_draft(each.summary)
    return _approver(space).approve([each.invoice for each in named.values()])


def edit(space: Workspace, line: str, as_of: date, wanted: Mapping[str, str | None], reason: str) -> Invoice:
    """Change the line DOC.LINE of a draft; `wanted` may give text, quantity and price.

    Raises NotFound, or RefusedError for no draft, no such line, or a value that cannot be.
    """
    name, number = split_line(line)
    if number is None:
        message = f"{line!r} names no line"
        raise RefusedError(message, hint="write DOC.LINE, such as RE-2026-0001.2")
    numbers = {name: _decimal(name, wanted[name], most) for name, most in _DECIMALS.items()}
    change = LineEdit(number, space.who, as_of, reason, wanted["text"], numbers["quantity"], numbers["price"])
    document = space.store.billing.document(name)
    _require_draft(document.summary)
    try:
        return _approver(space).edit(document.invoice, change)
    except ValueError as error:
        # The core's own words: no such line, nothing billed of it, an amount out of bounds.
        raise RefusedError(str(error)) from error


def cancel(space: Workspace, name: str, on: date, reason: str) -> Invoice | tuple[Problem, ...] | None:
    """Cancel the document; return its correction (None where its number is void), or what the sink refuses."""
    document = space.store.billing.document(name)
    canceller = Canceller(space.store.billing, space.sink, billing.terms(space), space.who)
    return canceller.cancel(document, document.summary.state, on, reason, is_gone=is_gone(space, document))


def hold(space: Workspace, name: str, reason: str) -> None:
    """Hold the draft back, or let nobody be reminded of a document that is open; RefusedError where it is neither."""
    document = summary(space, name)
    if document.state in MAY_BE_REMINDED:
        space.store.reminders.hold(document.key, reason, who=space.who)
    else:
        _bring(space, name, HOLD, reason)


def release(space: Workspace, name: str, reason: str) -> None:
    """Make a draft again of the document that was held, or let one be sent again that the sink rejected.

    Of an open document of which nobody was to be reminded, customers are reminded again. RefusedError where it was
    neither.
    """
    document = summary(space, name)
    if document.key in space.store.reminders.held():
        space.store.reminders.release(document.key, reason, who=space.who)
        return
    rejected = document.state is DocumentState.REJECTED
    _bring(space, name, RESEND if rejected else RELEASE, reason)


def paid(space: Workspace, name: str, on: date, as_of: date, reason: str) -> None:
    """Record that the document was paid that day; RefusedError where it cannot be, or the day is yet to come."""
    if on > as_of:
        message = f"{on} is later than {as_of}"
        raise RefusedError(message, hint="give the day the money arrived")
    _bring(space, name, PAID, reason, on)


def unpaid(space: Workspace, name: str, reason: str) -> None:
    """Take the payment back; RefusedError where none is recorded."""
    _bring(space, name, UNPAID, reason)


def accept(space: Workspace, name: str, on: date, reason: str) -> BilledEntry | tuple[DueCharge, ...]:
    """Let the charges through that wait under the name, or accept that the position changed or vanished.

    RefusedError where nothing waits and nothing changed.
    """
    facts = billing.facts(space, on, {})
    if waiting := waiting_charges(make_plan(facts), name):
        space.store.billing.approve_charges(waiting, space.who, reason)
        return waiting
    try:
        entry = accepted_change(facts, Acceptance(name, on, space.who, reason))
    except AcceptError as error:
        raise RefusedError(str(error), hint="honorar plan shows what waits, and what to type") from error
    space.store.billing.accept_change([entry], space.who, reason)
    return entry


def select(space: Workspace, name: str, positions: Collection[str]) -> None:
    """Let only these positions and categories of the agreement be billed from now on; none given: all of them.

    RefusedError for what the agreement does not have.
    """
    agreement = space.agreement(name)
    collected = space.collected
    found = Scope(collected.offers().values(), collected.projects()).positions(agreement)
    billed = billed_positions(agreement, found)
    if isinstance(billed, Problem):
        raise RefusedError(billed.message, place=billed.place, hint=billed.hint)
    known = {position.key for position in billed} | {position.category for position in billed if position.category}
    for position in positions:
        if position not in known:
            message = f"agreement {name} has no position or category {position!r}"
            raise RefusedError(message, hint=did_you_mean(position, known))
    space.store.selections.select(agreement.id, positions, space.who)


def _approver(space: Workspace) -> Approver:
    return Approver(space.store.billing, space.tenant.mapping, space.sink, space.who)


def _bring(space: Workspace, name: str, move: Move, reason: str, on: date | None = None) -> None:
    bring(space.store.billing, summary(space, name), move, who=space.who, why=reason, on=on)


_DECIMALS = {"quantity": QUANTITY_DECIMALS, "price": PRICE_DECIMALS}
"""What a person may change by number, and with how many decimals (domain 1.1, 3.6)."""


def _decimal(name: str, text: str | None, most_decimals: int) -> Decimal | None:
    if text is None:
        return None
    try:
        number = ENGLISH.number(text)
    except NotationError as error:
        message = f"{name}: {error.message}"
        raise RefusedError(message, hint=error.hint) from None
    if rounded(number, most_decimals) != number:
        message = f"{name} {text} has more than {most_decimals} decimals"
        raise RefusedError(message)
    if name == "price" and number < 0:
        message = f"price {text} is below zero"
        raise RefusedError(message, hint="give a credit a negative quantity")
    return number


def _require_draft(document: DocumentSummary) -> None:
    if document.state not in _DRAFTS:
        message = f"document {document.number} is {document.state.value}, no longer a draft"
        raise RefusedError(message, hint="what was approved is never changed; correct it by a document of its own")


_DRAFTS = (DocumentState.DRAFT, DocumentState.HELD)
