"""What the Tryton sink is asked in each cassette: run against a real Tryton to record, against the cassette to test.

A story is one use of the sink from its first call on; its name is the cassette's. They follow one another: what one
leaves in the books, the next one finds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from connector.core.booking import Booking
from connector.core.errors import AuthenticationFailed, DocumentRejected
from connector.core.invoice import Invoice
from connector.core.payment import PaymentStatus
from connector.core.ports import Delivered, Listed, Receipt
from connector.core.problems import Problem
from connector.sinks.tryton import Tryton
from tests.core.builders import FEBRUARY, line, party, revenue, vat_decision, vat_rate
from tests.sinks.tryton_world import API_KEY, DATABASE, EARLIER, build, correction, document, hours

TOLD_URL = "https://tryton.example"
"""Stands for the server in the cassettes."""

SEVEN = vat_decision(vat_rate(7))

FIRST = document(
    hours("7.33", "120.5"),  # 883.265: a half that goes up here, and to the even cent there
    hours("1.5", "1"),
    hours("3.333", "99.9999", SEVEN),  # more decimals of hours than the unit has there
    hours("2", "10.12345"),  # more decimals of the price
    line("-250.00", text="abzüglich Rechnung 17", period=FEBRUARY),
    line("0.00", text="im Kontingent enthalten"),
    issue_date=date(2026, 11, 2),
    due_date=date(2026, 11, 16),
    notes=("Vielen Dank!",),
)

HALF = document(line("1.50"), key=f"{2:032x}", issue_date=date(2026, 11, 2), due_date=date(2026, 11, 16))
"""19 % of it are 0.285."""

CREDIT = document(line("-100.00"), key=f"{3:032x}", issue_date=date(2026, 11, 3), due_date=date(2026, 11, 3))

EARLY = document(line("100.00"), key=f"{4:032x}", issue_date=date(2026, 10, 1), due_date=date(2026, 10, 15))
"""Dated before one that has a number already."""

NEVER_SENT = document(key=f"{5:032x}")

ELSEWHERE = document(line("100.00"), key=f"{6:032x}", accounts={19: revenue("8400")}, issue_date=date(2026, 11, 3))
"""On an account that this chart does not have."""


@dataclass(frozen=True)
class Server:
    """A running Tryton: its address, the database, and the key of a user."""

    url: str
    database: str = DATABASE
    key: str = API_KEY


def sink(server: Server) -> Tryton:
    """Return the sink of a new process."""
    return build(server.url, url=f"{server.url}/{server.database}", api_key=server.key)


def check(server: Server) -> list[Problem]:
    """Check the connection."""
    return list(sink(server).check())


def wrong_key(server: Server) -> str:
    """Check with a key that nobody has; return what is told."""
    try:
        check(replace(server, key="0" * 40))
    except AuthenticationFailed as error:
        return error.message
    raise AssertionError


def deliver(server: Server) -> list[Delivered]:
    """Deliver to a new customer, then to the same one under a code of its own, and read both back."""
    asked = sink(server)
    known = replace(HALF, debtor="10002")
    return [asked.read(each, asked.deliver(each)) for each in (FIRST, known, CREDIT)]


def find(server: Server) -> tuple[Receipt | None, Receipt | None]:
    """Search for one that was delivered, and for one that was not."""
    asked = sink(server)
    return asked.find(FIRST, EARLIER), asked.find(NEVER_SENT, EARLIER)


def refusals(server: Server) -> list[str]:
    """Deliver what is refused: by its day, by its account, and by its customer; return what is told."""
    stranger = document(line("100.00"), key=f"{7:032x}", buyer=party("K2", name="Elbe KG", vat_id=""))
    return [_refusal(sink(server), each) for each in (EARLY, ELSEWHERE, stranger)]


def finish(server: Server) -> Receipt | None:
    """Search for the draft that was left behind, once a person gave it another day."""
    return sink(server).find(EARLY, EARLIER)


def correct(server: Server) -> Delivered:
    """Take the first invoice back."""
    asked = sink(server)
    return asked.read(back(), asked.deliver(back()))


def listed(server: Server) -> list[Listed]:
    """List what was invoiced since the second of November."""
    return list(sink(server).listed(date(2026, 11, 2), ()))


def statuses(server: Server) -> list[PaymentStatus | Problem]:
    """Ask for payment and dunning of everything, and of something that was never there."""
    return list(sink(server).statuses([Receipt(f"k-{number}", str(number)) for number in (1, 2, 3, 4, 5, 99)], None))


def back() -> Booking:
    """Return what takes the first invoice back."""
    return correction("1", FIRST, issue_date=date(2026, 11, 4), due_date=date(2026, 11, 4))


def _refusal(asked: Tryton, booking: Booking) -> str:
    try:
        asked.deliver(booking)
    except DocumentRejected as error:
        return error.message
    raise AssertionError


def totals(made: Invoice) -> tuple[object, ...]:
    """Return what is compared of a document."""
    return made.net, made.tax, made.gross, len(made.lines)


BEFORE: Mapping[str, Callable[[Server], object]] = {
    "check": check,
    "wrong_key": wrong_key,
    "deliver": deliver,
    "find": find,
    "refusals": refusals,
}

BETWEEN: Mapping[str, Callable[[Server], object]] = {"finish": finish, "correct": correct}
"""Once a person gave the draft another day."""

AFTER: Mapping[str, Callable[[Server], object]] = {"listed": listed, "statuses": statuses}
"""Once the first invoice was paid in part and dunned to level 2, and the second one paid."""
