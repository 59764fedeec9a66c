"""What the sevDesk sink is asked in each cassette: run against the stand-in to record, against the cassette to test.

A story is one use of the sink from its first call on; its name is the cassette's. They follow one another: what one
leaves in the account, the next one finds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from connector.core.booking import Booking
from connector.core.errors import DocumentRejected
from connector.core.payment import PaymentStatus
from connector.core.ports import Delivered, Listed, Receipt
from connector.core.problems import Problem
from tests.core.builders import invoice, line, party
from tests.sinks.sevdesk_world import EARLIER, build, correction, credit_note, document

TOLD_URL = "https://my.sevdesk.example"
"""Stands for the server in the cassettes."""

FIRST = document(invoice(line(), line("-250.00", text="abzüglich Rechnung RE-1000"), buyer=party(country="AT")))

SECOND = document(key=f"{2:032x}")

CREDIT = credit_note(f"{3:032x}", FIRST.invoice.key)


def deliver(url: str) -> Delivered:
    """Deliver to a new customer, and read back."""
    sink = build(url)
    return sink.read(FIRST, sink.deliver(FIRST))


def draft(url: str) -> Receipt:
    """Leave a draft behind."""
    return build(url, finalize=False).deliver(SECOND)


def finish(url: str) -> Receipt | None:
    """Search for what was left behind, and finish it."""
    return build(url).find(SECOND, EARLIER)


def cancel(url: str) -> tuple[Receipt, Receipt | None]:
    """Take the second invoice back, and search for its cancellation."""
    sink = build(url)
    return sink.deliver(back()), sink.find(back(), EARLIER)


def credit(url: str) -> tuple[Delivered, Receipt | None]:
    """Take something off the first invoice, read it back, and search for it."""
    sink = build(url)
    return sink.read(CREDIT, sink.deliver(CREDIT)), sink.find(CREDIT, EARLIER)


def refusal(url: str) -> str:
    """Take back the first invoice, which is part paid by now; return what is told."""
    try:
        build(url).deliver(correction("RE-1001", FIRST))
    except DocumentRejected as error:
        return error.message
    raise AssertionError


def listed(url: str) -> list[Listed]:
    """List the account."""
    return list(build(url).listed(date(2026, 1, 1), ()))


def statuses(url: str) -> list[PaymentStatus | Problem]:
    """Ask for payment and dunning of both invoices, and of the credit note."""
    told = (FIRST, "135580001", "RE-1001"), (SECOND, "135580002", "RE-1002"), (CREDIT, "CreditNote/3004001", "GU-1001")
    receipts = [Receipt(each.invoice.key, reference, number) for each, reference, number in told]
    return list(build(url).statuses(receipts, None))


def back() -> Booking:
    """Return what takes the second invoice back."""
    return correction("RE-1002", SECOND)


BEFORE: Mapping[str, Callable[[str], object]] = {"deliver": deliver, "draft": draft, "finish": finish, "cancel": cancel}

AFTER: Mapping[str, Callable[[str], object]] = {
    "refusal": refusal,
    "credit": credit,
    "listed": listed,
    "statuses": statuses,
}
"""Once a person has booked a part payment of the first invoice, and reminded of the rest."""
