"""Accepting what waits for a person: a position that changed or vanished after it was billed (domain 3.9), a charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.core.agreement import Agreement, ProgressTerms, ScheduleTerms
from connector.core.billed import BilledEntry, BilledKind, BilledState
from connector.core.charge_due import DueCharge
from connector.core.due import changed_since_billing
from connector.core.money import Money
from connector.core.offer import Position
from connector.core.period import Period
from connector.core.plan import Facts, Plan
from connector.core.problems import Problem
from connector.core.schedule import billed_positions
from connector.core.scope import Scope


class AcceptError(ValueError):
    """There is nothing to accept, or it cannot be accepted; the message says which."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepts the change of a position (by key), when and why."""

    position: str
    on: date
    who: str
    reason: str


def waiting_charges(plan: Plan, name: str) -> tuple[DueCharge, ...]:
    """Return the charges that wait for a person: that with the key, or all of a period ('care/2026-03') or agreement.

    Overage that waits for approval (domain 4.5), and late changes that are held (domain 6).
    """
    return tuple(due for due in plan.waiting if f"{due.charge.key}/".startswith(f"{name}/"))


def accepted_change(facts: Facts, acceptance: Acceptance) -> BilledEntry:
    """Return the log entry that makes the position of today (or its absence) what was agreed; it carries no money.

    The next plan then catches up: round(total × share) of the new terms less what was billed. Raises AcceptError.
    """
    key = acceptance.position
    state = facts.history.positions.get(key)
    if _is_charge(facts, key, state):
        message = f"nothing of {key!r} waits: no overage for its approval, and no late change"
        raise AcceptError(message)
    if state is None or not state.stands:
        message = f"nothing is billed of position {key!r}, so it may change as it likes"
        raise AcceptError(message)
    agreement, position = _today(facts, key, state)
    if position is not None:
        _require_acceptable(agreement, position, state)
    elif state.vanished:
        raise _unchanged(key)
    nothing = Money.zero(state.computed.currency)
    return BilledEntry(
        agreement=agreement.id,
        position=position or state.terms,
        document="",
        kind=BilledKind.CHANGE_ACCEPTED,
        on=acceptance.on,
        share_before=state.share,
        share_after=state.share,
        quantity=Decimal(0),
        computed=nothing,
        invoiced=nothing,
        period=Period.inclusive(acceptance.on, acceptance.on),
        who=acceptance.who,
        comment=acceptance.reason,
        vanished=position is None,
    )


def _is_charge(facts: Facts, key: str, state: BilledState | None) -> bool:
    """Tell whether the key begins with an agreement that bills charges, and no position of another was billed by it."""
    owner = key.partition("/")[0]
    billed_by_owner = state is None or state.agreement == owner
    return billed_by_owner and any(each.id == owner and not _bills_positions(each) for each in facts.agreements)


def _bills_positions(agreement: Agreement) -> bool:
    return isinstance(agreement.terms, ProgressTerms | ScheduleTerms)


def _today(facts: Facts, key: str, state: BilledState) -> tuple[Agreement, Position | None]:
    """Return the agreement and the position as they are today; None where it is gone from the agreement it was in."""
    scope = Scope(facts.offers, facts.projects)
    for agreement in facts.agreements:
        found = billed_positions(agreement, scope.positions(agreement))
        if isinstance(found, Problem):
            if agreement.id == state.agreement:
                message = f"{found.message}: {found.hint}"
                raise AcceptError(message)
            continue
        for position in found:
            if position.key == key:
                return agreement, position
    billed_by = next((each for each in facts.agreements if each.id == state.agreement), None)
    if billed_by is None or not _bills_positions(billed_by):
        message = f"{key!r} was billed by {state.agreement}, which is no agreement on positions today"
        raise AcceptError(message)
    return billed_by, None


def _require_acceptable(agreement: Agreement, position: Position, state: BilledState) -> None:
    problem = changed_since_billing(agreement, position, state)
    if problem is None:
        raise _unchanged(position.key)
    if position.currency != state.computed.currency:
        message = f"{problem.message}: {problem.hint}"
        raise AcceptError(message)


def _unchanged(key: str) -> AcceptError:
    return AcceptError(f"position {key!r} has not changed since it was billed")
