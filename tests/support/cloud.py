"""An accounting system behind an API, as small as it can be: it keeps documents, numbers them, and fails on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from connector.core.booking import Booking
from connector.core.errors import HonorarError
from connector.core.ports import Capabilities, Delivered, Receipt
from connector.core.problems import Problem
from tests.core.builders import eur

SETTLES_AFTER = 60


@dataclass
class Cloud:
    """Satisfies the port InvoiceSink; `failures` are raised by the next calls, with or without the document created."""

    kept: dict[str, Booking] = field(default_factory=dict)
    failures: list[tuple[str, HonorarError, bool]] = field(default_factory=list)
    problems: Sequence[Problem] = ()
    calls: list[str] = field(default_factory=list)
    adds: str = "0.00"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(numbers=True, finds_by_reference=True, settles_after=SETTLES_AFTER)
    )

    def refusals(self, booking: Booking) -> Iterator[Problem]:  # noqa: ARG002 - the port's signature
        """Yield the same problems for every document."""
        yield from self.problems

    def find(self, booking: Booking, since: datetime) -> Receipt | None:
        """Return the receipt if it was created."""
        assert since.tzinfo is not None
        self._call("find", booking)
        key = booking.invoice.key
        return Receipt(key, f"id-{key}") if key in self.kept else None

    def deliver(self, booking: Booking) -> Receipt:
        """Create it; a second time would be seen."""
        self._call("deliver", booking)
        self._create(booking)
        return Receipt(booking.invoice.key, f"id-{booking.invoice.key}")

    def read(self, booking: Booking, receipt: Receipt) -> Delivered:
        """Return it with a number, and what it adds to every gross amount."""
        self._call("read", booking)
        found = self.kept[receipt.key].invoice
        told = replace(receipt, number=f"RE-{receipt.key}", link=f"https://cloud.example/{receipt.key}")
        return Delivered(told, found.net, found.tax, found.gross + eur(self.adds), len(found.lines))

    def _create(self, booking: Booking) -> None:
        assert booking.invoice.key not in self.kept, "created twice"
        self.kept[booking.invoice.key] = booking

    def _call(self, name: str, booking: Booking) -> None:
        self.calls.append(f"{name} {booking.invoice.key}")
        if self.failures and self.failures[0][0] == name:
            _, error, done = self.failures.pop(0)
            if done:
                self._create(booking)
            raise error
