"""What is due now: round(total × share) − already billed, in money, per position (domain 3.5 to 3.9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from connector.core.agreement import Agreement, DecreaseRule, OverRule, ProgressTerms
from connector.core.billed import BilledState
from connector.core.money import Money, minor_digits, rounded
from connector.core.offer import PRICE_DECIMALS, Position
from connector.core.problems import Problem, Severity
from connector.core.progress import Measured
from connector.core.quantity import QUANTITY_DECIMALS, Unit
from connector.core.reason import Reason, step
from connector.core.share import NOTHING, WHOLE, Share
from connector.core.texts import percent

CENT = Decimal("0.01")
ONE = Decimal(1)

_TERMS = ("quantity", "unit", "unit price", "discount")
"""What may not change once it was billed (domain 3.9)."""


class Printed(NamedTuple):
    """What the line shows: quantity × unit price, which rounds to the amount.

    `done` is the quantity done since the last invoice, at most four decimals, however the line is printed.
    """

    quantity: Decimal
    unit: Unit
    unit_price: Decimal
    done: Decimal


class Due(NamedTuple):
    """What is due for a position now, with the shares before and after and the day the share speaks of.

    `vanished` tells that the position is gone, which was accepted, and what was billed is given back (domain 3.9).
    """

    position: Position
    share_before: Fraction
    share_after: Share
    amount: Money
    on: date
    printed: Printed
    reason: Reason
    vanished: bool = False

    @property
    def quantity(self) -> Decimal:
        """Return the quantity done since the last invoice, at most four decimals, however the line is printed."""
        return self.printed.done


def due_now(
    agreement: Agreement, terms: ProgressTerms, position: Position, measured: Measured, state: BilledState | None
) -> tuple[Due | None, list[Problem]]:
    """Return what is due for the position (None where it is held) and the problems and notices met (domain 3.7)."""
    if measured.share.value.numerator < 0:
        return None, [_below_nothing(agreement, position, measured)]
    capped, problems = _within_whole(agreement, terms, position, measured)
    if state and capped.share.value < state.share and terms.on_decrease is DecreaseRule.HOLD:
        return None, [*problems, _went_back(agreement, position, state.share, capped)]
    return due_at(position, capped, state), problems


def due_at(position: Position, measured: Measured, state: BilledState | None) -> Due:
    """Return round(total × share) − billed before, with the steps that lead there (domain 3.5)."""
    total = position.total
    share = measured.share.value
    target = Money.of(total.amount, total.currency, share)
    before, billed = (state.share, state.computed) if state else (NOTHING.value, Money.zero(total.currency))
    amount = target - billed if state else target
    printed = as_printed(position, share - before if before else share, amount)
    reason = (
        step(
            "total",
            quantity=position.quantity.value,
            unit=position.quantity.unit,
            unit_price=position.unit_price,
            discount=position.discount,
            total=total,
        ),
        *measured.reason,
        *_deviation(state),
        step("due", share=share, target=target, billed=billed, due=amount),
    )
    return Due(position, before, measured.share, amount, measured.on, printed, reason)


def as_printed(position: Position, share: Fraction, amount: Money) -> Printed:
    """Return quantity since the last invoice × price where that multiplies out, else 1 × amount (domain 3.6).

    A credit, and what an amendment takes away, has the minus on its quantity: no price is negative (EN 16931, BR-27).
    """
    exact_price = position.net_price
    price = _shortest(_at_most_six_decimals(exact_price), CENT)
    done = _shortest(rounded(position.quantity.value, QUANTITY_DECIMALS, share), ONE)
    if price == exact_price and rounded(done, minor_digits(amount.currency), price) == amount.amount:
        return Printed(-done if price < 0 else done, position.quantity.unit, abs(price), done)
    return Printed(ONE.copy_sign(amount.amount), Unit.FLAT, abs(amount.amount), done)


def changed_since_billing(agreement: Agreement, position: Position, state: BilledState) -> Problem | None:
    """Return the problem of a position whose terms are not those last billed or accepted (domain 3.9)."""
    billed_in = state.computed.currency
    if position.currency != billed_in:
        message = f"position {position.key} was billed in {billed_in} and is now in {position.currency}"
        return _changed(agreement, position.key, message, "change it back and make an amendment in the other currency")
    before, now = _terms(state.terms), _terms(position)
    if not state.stands or (before == now and not state.vanished):
        return None
    terms = zip(_TERMS, before, now, strict=True)
    changes = ", ".join(f"{name} {old} → {new}" for name, old, new in terms if old != new)
    message = f"position {position.key} changed after it was billed: {changes or 'it is back after it had vanished'}"
    return _changed(agreement, position.key, message)


def vanished_since_billing(agreement: Agreement, key: str) -> Problem:
    """Return the problem of a position that was billed and is no longer there (domain 3.9)."""
    return _changed(agreement, key, f"position {key} is gone after it was billed")


def _deviation(state: BilledState | None) -> Reason:
    """Return that people changed earlier lines of the position, where they did (domain 3.8)."""
    if state is None or state.invoiced == state.computed:
        return ()
    return (step("deviation", computed=state.computed, invoiced=state.invoiced),)


def _at_most_six_decimals(price: Decimal | Fraction) -> Decimal:
    return rounded(price, PRICE_DECIMALS) if isinstance(price, Fraction) else price


def _shortest(number: Decimal, quantum: Decimal) -> Decimal:
    """Return the number with the decimals of the quantum where these are enough, else without needless zeros."""
    coarse = number.quantize(quantum)
    return coarse if coarse == number else number.normalize()


def _within_whole(
    agreement: Agreement, terms: ProgressTerms, position: Position, measured: Measured
) -> tuple[Measured, list[Problem]]:
    share = measured.share.value
    if share.numerator <= share.denominator or terms.over is OverRule.BILL:
        return measured, []
    written = measured.share.written
    notice = Problem(
        "ShareAboveOne",
        f"position {position.key} stands at {written}, more than the whole; billed up to 100 %",
        f"{agreement.place} {position.key}",
        "offer an amendment for the rest, or set over = bill",
        Severity.NOTICE,
    )
    return measured._replace(share=WHOLE, reason=(*measured.reason, step("capped", share=written))), [notice]


def _below_nothing(agreement: Agreement, position: Position, measured: Measured) -> Problem:
    return Problem(
        "ShareBelowNothing",
        f"position {position.key} stands at {measured.share.written}, less than nothing",
        f"{agreement.place} {position.key}",
        "correct what was read or booked",
    )


def _went_back(agreement: Agreement, position: Position, before: Fraction, measured: Measured) -> Problem:
    return Problem(
        "ProgressWentBack",
        f"position {position.key} was billed at {percent(before, 'en')} and now stands at {measured.share.written}",
        f"{agreement.place} {position.key}",
        "correct the reading, or set on_decrease = credit to pay the difference back",
    )


def _terms(position: Position) -> tuple[object, ...]:
    return position.quantity.value, position.quantity.unit, position.unit_price, position.discount


def _changed(
    agreement: Agreement,
    key: str,
    message: str,
    hint: str = "make it an amendment, or accept the change with a reason",
) -> Problem:
    return Problem("PositionChangedAfterBilling", message, f"{agreement.place} {key}", hint)
