"""Fixed instalments that add up to the total of the positions (domain 3.12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from connector.core.agreement import Agreement, Instalment, ProgressTerms, ScheduleTerms
from connector.core.money import Money
from connector.core.offer import Position
from connector.core.problems import Problem
from connector.core.quantity import Quantity, Unit


def billed_positions(agreement: Agreement, positions: Sequence[Position]) -> Sequence[Position] | Problem:
    """Return what the agreement bills of its positions: themselves, or the instalments on them.

    Nothing for agreements that are not billed by positions; a Problem where a schedule cannot be divided.
    """
    terms = agreement.terms
    if isinstance(terms, ProgressTerms):
        return positions
    if not isinstance(terms, ScheduleTerms) or not positions:
        return ()
    divided = instalment_positions(agreement, terms, positions)
    return divided if isinstance(divided, Problem) else [position for _, position in divided]


def instalment_positions(
    agreement: Agreement, terms: ScheduleTerms, positions: Sequence[Position]
) -> list[tuple[Instalment, Position]] | Problem:
    """Return each instalment as a position of its own; the last one takes the cents. There is at least one position.

    A Problem where the positions cannot stand on one line (currencies, VAT classes), or the instalments do not add up
    to the total.
    """
    if mixed := _mixed(terms.instalments, positions):
        message = f"one schedule covers different {mixed}"
        return _problem(agreement, "ScheduleMixed", message, "make one agreement with its own schedule for each")
    total = Money.total((position.total for position in positions), positions[0].currency)
    amounts = _amounts(terms.instalments, total)
    if amounts is None:
        stated = _stated(terms.instalments, total)
        message = f"the instalments add up to {stated}, the positions to {total}"
        return _problem(agreement, "ScheduleDoesNotAddUp", message, "correct the instalments so that they add up")
    numbered = enumerate(zip(terms.instalments, amounts, strict=True), start=1)
    return [
        (each, _as_position(agreement, positions, n, each, amount, start=_start(terms.instalments, each)))
        for n, (each, amount) in numbered
    ]


def _mixed(instalments: Sequence[Instalment], positions: Sequence[Position]) -> str:
    """Return what differs among the positions and instalments though one line can have only one; '' if nothing."""
    currencies = {position.currency for position in positions}
    currencies |= {instalment.amount.currency for instalment in instalments if instalment.amount is not None}
    vat_classes = {position.vat_class for position in positions}
    for name, values in (("currencies", currencies), ("VAT classes", vat_classes)):
        if len(values) > 1:
            return f"{name}: {', '.join(sorted(values))}"
    return ""


def _amounts(instalments: Sequence[Instalment], total: Money) -> list[Money] | None:
    if sum((_exact(instalment, total) for instalment in instalments), Fraction(0)) != Fraction(total.amount):
        return None
    amounts = [Money.of(_exact(instalment, total), total.currency) for instalment in instalments[:-1]]
    return [*amounts, total - Money.total(amounts, total.currency)]


def _exact(instalment: Instalment, total: Money) -> Fraction:
    if instalment.amount is not None:
        return Fraction(instalment.amount.amount)
    return Fraction(total.amount) * (instalment.part or 0)


def _stated(instalments: Sequence[Instalment], total: Money) -> Money:
    return Money.of(sum((_exact(instalment, total) for instalment in instalments), Fraction(0)), total.currency)


def _as_position(
    agreement: Agreement,
    positions: Sequence[Position],
    number: int,
    instalment: Instalment,
    amount: Money,
    *,
    start: date | None,
) -> Position:
    first = positions[0]
    return Position(
        id=f"instalment-{number}",
        offer=agreement.id,
        project=agreement.project,
        label=instalment.text,
        quantity=Quantity(Decimal(1), Unit.FLAT),
        unit_price=amount.amount,
        currency=amount.currency,
        category=_common(positions, "category"),
        service=_common(positions, "service"),
        vat_class=first.vat_class,
        start=start,
        origin=agreement.place,
    )


def _start(instalments: Sequence[Instalment], instalment: Instalment) -> date | None:
    """Return the day after the instalment before, where its service begins; None for the first (domain 7.3)."""
    earlier = [each.due_on for each in instalments if each.due_on < instalment.due_on]
    return max(earlier) + timedelta(days=1) if earlier else None


def _common(positions: Sequence[Position], name: str) -> str:
    values = {str(getattr(position, name)) for position in positions}
    return values.pop() if len(values) == 1 else ""


def _problem(agreement: Agreement, code: str, message: str, hint: str) -> Problem:
    return Problem(code, f"agreement {agreement.id}: {message}", agreement.place, hint)
