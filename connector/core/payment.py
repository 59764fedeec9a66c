"""What is known of a document's payment and dunning, and how a new reading joins it (domain 10.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from connector.core.lifecycle import DocumentState
from connector.core.money import Money
from connector.core.problems import Problem, Severity


class PaymentState(StrEnum):
    """Whether a document is paid, as the accounting system sees it; overdue is told by date and level instead.

    What is overpaid is paid, and something is still to go back.
    """

    OPEN = "open"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    CANCELLED = "cancelled"
    WRITTEN_OFF = "written_off"


SETTLED = frozenset({PaymentState.PAID, PaymentState.CANCELLED, PaymentState.WRITTEN_OFF})
"""Nothing more is expected to come, or to go back."""

STATES = {
    PaymentState.OPEN: DocumentState.OPEN,
    PaymentState.PART_PAID: DocumentState.PART_PAID,
    PaymentState.PAID: DocumentState.PAID,
    PaymentState.OVERPAID: DocumentState.PAID,
}
"""Where a document stands after a reading; what was cancelled or written off over there is reported, not copied."""


@dataclass(frozen=True, slots=True)
class Dunning:
    """How far a document was dunned: level 0 is not at all. None and '' where the sink does not say.

    `reference` is the sink's own id of the reminder, where it has one.
    """

    level: int
    name: str = ""
    on: date | None = None
    fee: Money | None = None
    interest: Money | None = None
    blocked: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """One reading of a document's payment.

    `key` is that of the document, `open` what is still to come (gross; of a credit below zero; of what is overpaid, the
    other way round), `paid_on` the day the last payment came in; `overdue` what the sink says, None where it does not.
    `word` is the sink's own word, kept as it is. `dunning` is None where the sink knows none.
    """

    key: str
    state: PaymentState
    open: Money
    paid_on: date | None = None
    overdue: bool | None = None
    dunning: Dunning | None = None
    word: str = ""

    def __post_init__(self) -> None:
        """Refuse a reading that contradicts itself."""
        if self.state is PaymentState.PAID and self.open:
            message = f"{self.key}: paid, and {self.open} open"
            raise ValueError(message)
        if self.state in {PaymentState.OPEN, PaymentState.PART_PAID, PaymentState.OVERPAID} and not self.open:
            message = f"{self.key}: {self.state}, and nothing open"
            raise ValueError(message)

    @property
    def missing(self) -> Decimal:
        """Return how much is still to be paid, without a sign; 0 where more was paid than asked for."""
        return Decimal(0) if self.state is PaymentState.OVERPAID else abs(self.open.amount)


def state_of(gross: Money, still_open: Money) -> PaymentState:
    """Return what the amount still open says of a document over the gross amount."""
    if not still_open:
        return PaymentState.PAID
    if still_open.amount * gross.amount <= 0:
        return PaymentState.OVERPAID
    return PaymentState.OPEN if still_open == gross else PaymentState.PART_PAID


def joined(known: PaymentStatus, told: PaymentStatus) -> tuple[PaymentStatus, Problem | None]:
    """Return what is known after a further reading of the same document, and the contradiction if there is one.

    What the new reading leaves out (day, level, overdue) stays as it was: a poorer reading overwrites nothing. That
    more is open than before is believed, because payments bounce, but reported.
    """
    richer = replace(
        told,
        paid_on=told.paid_on or (known.paid_on if told.open == known.open else None),
        overdue=known.overdue if told.overdue is None and told.state is known.state else told.overdue,
        dunning=_dunned(known.dunning, told.dunning),
    )
    return richer, _contradiction(known, told)


def _dunned(known: Dunning | None, told: Dunning | None) -> Dunning | None:
    if known is None or told is None or told.level != known.level:
        return told or known
    return replace(
        told,
        name=told.name or known.name,
        on=told.on or known.on,
        fee=told.fee or known.fee,
        interest=told.interest or known.interest,
        reference=told.reference or known.reference,
    )


def _contradiction(known: PaymentStatus, told: PaymentStatus) -> Problem | None:
    if told.missing > known.missing:
        return _problem("PaymentTakenBack", known, told, "was it returned by the bank, or booked elsewhere?")
    is_paid = {known.state, told.state} == {PaymentState.PAID, PaymentState.OVERPAID}
    if known.state in SETTLED and told.state is not known.state and not is_paid:
        return _problem("PaymentContradicts", known, told, "look at the document in the accounting system")
    if told.state is PaymentState.OVERPAID and told.open != known.open:
        return _problem("Overpaid", known, told, "pay it back, or set it off against another document there")
    return None


def _problem(code: str, known: PaymentStatus, told: PaymentStatus, hint: str) -> Problem:
    before, now = (f"{each.state.value}, {each.open} open" for each in (known, told))
    return Problem(code, f"it was {before}; now it is {now}", told.key, hint, Severity.NOTICE)


@dataclass(frozen=True, slots=True)
class PaymentReading:
    """A reading as it was told: by the sink of that name, or where `sink` is '' by the person `who`."""

    status: PaymentStatus
    sink: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document's payment, from all readings in the order they came.

    `payable` is what the document asks for, `received` what came of it so far, at most all; what settles it without
    money changes nothing of that. `status` is what counts. `sink` is what the sink told last, `person` what a person
    said that the sink does not know yet: it stands until the sink has better news.
    """

    payable: Money
    received: Money
    status: PaymentStatus
    sink: PaymentStatus | None = None
    person: PaymentStatus | None = None

    @classmethod
    def of_new(cls, key: str, payable: Money) -> Known:
        """Return what is known before anybody told anything: all that is payable is open."""
        return cls(payable, Money.zero(payable.currency), PaymentStatus(key, state_of(payable, payable), payable))

    @classmethod
    def fold(cls, key: str, payable: Money, readings: Iterable[PaymentReading]) -> Known:
        """Return what is known after all readings."""
        known = cls.of_new(key, payable)
        for reading in readings:
            known, _ = known.after(reading)
        return known

    def after(self, reading: PaymentReading) -> tuple[Known, Problem | None]:
        """Return what is known after one more reading, and the contradiction if there is one."""
        told = self._seen(reading.status)
        if not reading.sink:
            status, _ = joined(self.status, told)
            return replace(self._standing(status), person=told), None
        if self.person and _knows_less(told, self.person, self.sink):
            dunning = _dunned(self.status.dunning, told.dunning)
            status = replace(self.status, dunning=dunning, word=told.word)
            return replace(self, status=status, sink=told), _not_confirmed(self.person, told)
        status, problem = joined(self.status, told)
        return replace(self._standing(status), sink=told, person=None), problem

    def _seen(self, told: PaymentStatus) -> PaymentStatus:
        """Return the reading as seen from what is payable: who reads open items alone cannot tell what is overpaid."""
        overpaid = told.missing and state_of(self.payable, told.open) is PaymentState.OVERPAID
        return replace(told, state=PaymentState.OVERPAID) if overpaid else told

    def _standing(self, status: PaymentStatus) -> Known:
        """Return what is known with another status, and with what has come in by then."""
        match status.state:
            case PaymentState.CANCELLED | PaymentState.WRITTEN_OFF:
                received = self.received
            case PaymentState.OVERPAID:
                received = self.payable
            case PaymentState.OPEN:  # nothing was paid, also where less was asked for there
                received = Money.zero(self.payable.currency)
            case _:
                received = self.payable - status.open
        return replace(self, status=status, received=received)

    @property
    def news(self) -> object:
        """Return what makes a reading worth keeping: where it is as before, nothing new was told."""
        return self.status, self.person, self.sink and (self.sink.state, self.sink.open)


def _knows_less(told: PaymentStatus, person: PaymentStatus, before: PaymentStatus | None) -> bool:
    """Tell whether the sink does not know yet what a person said.

    A payment that it lacks; or one that bounced, while the sink says what it said before.
    """
    if person.state is PaymentState.PAID:
        return bool(told.missing)
    return before is not None and not told.missing and (told.state, told.open) == (before.state, before.open)


def _not_confirmed(person: PaymentStatus, told: PaymentStatus) -> Problem:
    says, here = (f"{each.state.value}, {each.open} open" for each in (told, person))
    message = f"recorded here by a person: {here}; the accounting system says: {says}"
    hint = "book it there, or take it back here: honorar unpaid, honorar paid"
    return Problem("PaymentNotConfirmed", message, told.key, hint, Severity.NOTICE)
