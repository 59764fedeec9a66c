"""What is billed now of all charges: due so far − billed so far, per charge (domain 6).

A late entry, edit or deletion, changed terms, a metric corrected: each is a charge that comes out differently from
what the log says. The difference is a line of its own, a correction of the period it belongs to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.core.agreement import Agreement
from connector.core.billed import BilledState
from connector.core.charge import Charge, ChargeKind, LateRule
from connector.core.money import Money
from connector.core.offer import Position
from connector.core.period import Period
from connector.core.pricing import Priced, lump
from connector.core.problems import Problem, Severity
from connector.core.reason import Reason, step

_KINDS = tuple(ChargeKind)
"""The order of lines on a document."""


@dataclass(frozen=True, slots=True)
class DueCharge:
    """What is due of a charge now.

    `amount` (= `printed.net`) is what the charge comes to less what was `billed`; `correction` tells that its period
    was billed before. Log `charge.as_position()` with `amount` as the computed net.
    """

    charge: Charge
    billed: Money
    printed: Priced
    correction: bool
    reason: Reason

    @property
    def amount(self) -> Money:
        """Return what is due."""
        return self.printed.net

    @property
    def approval(self) -> str:
        """Return what a person lets through: this step of this charge, and no later one."""
        return f"{self.charge.key} {self.billed.amount}>{self.charge.net}"


@dataclass(frozen=True, slots=True)
class DueCharges:
    """What is due of an agreement, line by line, what waits for a person, and what else is worth knowing."""

    due: tuple[DueCharge, ...]
    problems: tuple[Problem, ...]
    held: tuple[DueCharge, ...] = ()


def due_charges(
    agreement: Agreement,
    charges: Sequence[Charge],
    billed: Mapping[str, BilledState],
    as_of: date,
    *,
    late: LateRule = LateRule.CORRECT,
    approved: Collection[str] = frozenset(),
) -> DueCharges:
    """Return what is due of the charges on the day.

    `charges` are all of the agreement, assessed without a problem that holds; `billed` are the states of the
    agreement's charges alone, by key. `approved` are the approvals a person gave: to overage that waits, and to
    corrections where `late` holds them. What was billed and by today's terms is due only later stays until then.
    """
    due: list[DueCharge] = []
    held: list[DueCharge] = []
    problems: list[Problem] = []
    for found in _Settlement(agreement, charges, billed, as_of).dues():
        if isinstance(found, Problem):
            problems.append(found)
        elif found.approval in approved or (obstacle := _obstacle(agreement, found, late)) is None:
            due.append(found)
        else:
            held.append(found)
            problems.append(obstacle)
    due.sort(key=_place)
    return DueCharges(tuple(due), tuple(problems), tuple(held))


def _place(due: DueCharge) -> tuple[bool, int, date]:
    """Return where the line stands: what is new by kind, then corrections; each by the first day of its time."""
    return due.correction, 0 if due.correction else _KINDS.index(due.charge.kind), due.charge.period.start


def _obstacle(agreement: Agreement, due: DueCharge, late: LateRule) -> Problem | None:
    """Return why a person must let it through first: more overage than was let through, or a late change."""
    if due.charge.waits and due.amount.amount > 0:
        return _waiting(agreement, due)
    return _late(agreement, due) if due.correction and late is LateRule.HOLD else None


class _Settlement:
    def __init__(
        self, agreement: Agreement, charges: Sequence[Charge], billed: Mapping[str, BilledState], as_of: date
    ) -> None:
        self.agreement = agreement
        keyed = {charge.key: charge for charge in charges}
        if len(keyed) < len(charges):
            message = f"two charges of agreement {agreement.id} have the same key: one of them would be lost"
            raise ValueError(message)
        self.charges = [(each, billed.get(key)) for key, each in keyed.items() if each.billed_with <= as_of]
        self.billed = billed
        self.gone = sorted(billed.keys() - keyed.keys())
        self.as_of = as_of
        standing = [charge.billed_with for charge, state in self.charges if _stands(state)]
        self.billed_through = max(standing, default=date.min)

    def dues(self) -> Iterator[DueCharge | Problem]:
        for charge, state in self.charges:
            if state is not None and state.computed and state.computed.currency != charge.net.currency:
                yield _currency_changed(self.agreement, charge, state)
            elif charge.net != _billed(charge, state) or self._first_shown(charge):
                yield _due(charge, state, correction=self._corrects(charge, state))
        for state in map(self.billed.__getitem__, self.gone):
            if state.computed and _was_due(state.terms, self.as_of):
                yield _due(_nothing_left(state.terms), state, correction=True)

    def _first_shown(self, charge: Charge) -> bool:
        return charge.shown and charge.billed_with > self.billed_through

    def _corrects(self, charge: Charge, state: BilledState | None) -> bool:
        """Tell whether the charge, or others that are billed on the same day or later, were billed before.

        What was cancelled, or waited for an approval, is billed like new.
        """
        if state is not None:
            return _stands(state)
        return charge.billed_with <= self.billed_through and not charge.waits


def _stands(state: BilledState | None) -> bool:
    """Tell whether anything billed was not taken back."""
    return state is not None and state.stands


def _billed(charge: Charge, state: BilledState | None) -> Money:
    return Money.zero(charge.net.currency) if state is None or not state.computed else state.computed


def _due(charge: Charge, state: BilledState | None, *, correction: bool) -> DueCharge:
    billed = _billed(charge, state)
    printed = _printed(charge, charge.net - billed, state.terms) if state and billed else charge.priced
    found = step("charge_due", target=charge.net, billed=billed, due=printed.net)
    return DueCharge(charge, billed, printed, correction, (*charge.reason, *_deviation(state), found))


def _printed(charge: Charge, amount: Money, before: Position) -> Priced:
    """Return the change in quantity × the price where that multiplies out, else 1 × the amount (domain 1.6)."""
    quantity = charge.quantity - before.quantity.value
    change = Priced(quantity, charge.unit, charge.unit_price, amount.currency)
    return change if charge.unit is before.quantity.unit and change.net == amount else lump(amount)


def _deviation(state: BilledState | None) -> Reason:
    """Return that people changed earlier lines of the charge, where they did (domain 3.8)."""
    if state is None or not state.deviation:
        return ()
    return (step("deviation", computed=state.computed, invoiced=state.invoiced),)


def _was_due(position: Position, as_of: date) -> bool:
    """Tell whether a charge that is in the log alone would be due on the day, were it still there.

    A run for a day in the past must not take back what was billed after it.
    """
    period = _period_of(position)
    if position.category in (ChargeKind.FEE, ChargeKind.DISCOUNT):
        return period.start <= as_of
    return period.end <= as_of


def _period_of(position: Position) -> Period:
    if position.start is None or position.end is None:
        message = f"{position.key} was not billed as a charge: it has no period"
        raise ValueError(message)
    return Period.inclusive(position.start, position.end)


def _nothing_left(position: Position) -> Charge:
    """Return the charge of the position at 0.00: what it was charged for is no longer there."""
    period_name, _, part = position.id.partition("/")
    period = _period_of(position)
    nothing = Priced(Decimal(0), position.quantity.unit, position.unit_price, position.currency)
    return Charge(
        agreement=position.offer,
        period_name=period_name,
        part=part,
        kind=ChargeKind(position.category),
        label=position.label,
        project=position.project,
        service=position.service,
        vat_class=position.vat_class,
        priced=nothing,
        period=period,
        billed_with=period.end,
        explain=lambda: (step("charge_gone", position=position.key),),
    )


def _waiting(agreement: Agreement, due: DueCharge) -> Problem:
    return Problem(
        "OverageWaits",
        f"{due.charge.label} of {due.charge.period_name}: {due.amount} of overage wait for approval",
        f"{agreement.place} {due.charge.key}",
        f"accept it, or agree on another overage rule:\n{_command(due)}",
        Severity.NOTICE,
        agreement.id,
    )


def _late(agreement: Agreement, due: DueCharge) -> Problem:
    return Problem(
        "LateChange",
        f"{due.charge.key} was billed at {due.billed} and now comes to {due.charge.net}",
        f"{agreement.place} {due.charge.key}",
        f"undo the late change, set late = correct, or accept the correction:\n{_command(due)}",
        agreement=agreement.id,
    )


def _command(due: DueCharge) -> str:
    """Return what a person types to let it through."""
    return f'honorar accept "{due.charge.key}" --reason "..."'


def _currency_changed(agreement: Agreement, charge: Charge, state: BilledState) -> Problem:
    return Problem(
        "CurrencyChanged",
        f"{charge.key} was billed in {state.computed.currency} and now comes out in {charge.net.currency}",
        f"{agreement.place} {charge.key}",
        "change it back, and make an agreement of its own for the other currency",
        agreement=agreement.id,
    )
