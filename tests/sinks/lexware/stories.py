"""What the Lexware sink asks in each cassette; `python -m tests.sinks.lexware.stories` records them anew.

They are recorded from the stand-in of tests/standins/lexware.py, which was built from the vendor's documentation: they
hold what we send, and never more of the vendor than that.
"""

from __future__ import annotations

from collections.abc import Callable

from connector.core.errors import DocumentRejected
from connector.core.invoice import DocumentKind
from connector.core.ports import Delivered, Receipt
from connector.sinks.lexware import Lexware, build
from tests.core.builders import booking, invoice, line, party
from tests.sinks.lexware.world import NIGHT, Clock, key_of, settings_of
from tests.standins import lexware, serving
from tests.support.cassettes import Recording, recorded
from tests.support.transports import transport_for

TOLD_URL = "https://api.lexware.example"
ORIGIN = "a stand-in built from the vendor's documentation by tests/sinks/lexware/stories.py"

INVOICE = booking(
    invoice(line("8333.33"), line("-1000.00", text="abzüglich RE0000"), key=key_of(1), notes=("Umfasst: Konzept",))
)
CREDIT = booking(invoice(line("-100.00"), key=key_of(2), kind=DocumentKind.CREDIT_NOTE))
NOWHERE = booking(invoice(key=key_of(3), buyer=party("K3", name="Nirgends AG", country="Nirgends")))


def sink(url: str) -> Lexware:
    """Return a fresh sink."""
    return build(settings_of(url), transport_for("lexware"))


def deliver(url: str) -> list[Delivered]:
    """Deliver an invoice and a credit note to a new customer, and read both back."""
    fresh = sink(url)
    return [fresh.read(each, fresh.deliver(each)) for each in (INVOICE, CREDIT)]


def find(url: str) -> list[Receipt | None]:
    """Look for both, and for one that was never sent."""
    fresh = sink(url)
    return [fresh.find(each, NIGHT) for each in (INVOICE, CREDIT, NOWHERE)]


def reject(url: str) -> str:
    """Deliver what is refused; return the vendor's words."""
    try:
        sink(url).deliver(NOWHERE)
    except DocumentRejected as error:
        return error.message
    return "taken"


STORIES: dict[str, Callable[[str], object]] = {"deliver": deliver, "find": find, "reject": reject}
"""In the order they are recorded: the later ones find what the first one left."""


def main() -> None:
    """Record all."""
    with serving(lexware.api(bucket=None, now=Clock())) as standin:
        for name, story in STORIES.items():
            with recorded("lexware", name, Recording(ORIGIN, standin.url, TOLD_URL)):
                story(standin.url)


if __name__ == "__main__":
    main()
