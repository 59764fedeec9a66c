"""The sevDesk sink against recorded traffic: what it sends is compared byte for byte."""

from __future__ import annotations

from datetime import date

from connector.core.payment import Dunning, PaymentState, PaymentStatus
from connector.core.ports import Receipt
from tests.core.builders import eur
from tests.sinks import sevdesk_stories as stories
from tests.sinks.sevdesk_stories import FIRST, SECOND
from tests.support.cassettes import replayed

URL = stories.TOLD_URL

TO = "https://my.sevdesk.de/fi"

AT = "2026-02-01T03:00:00+01:00"


def test_an_invoice_goes_to_a_new_customer() -> None:
    """Contact, address, draft, issue, and what was made of it."""
    with replayed("sevdesk", "deliver"):
        told = stories.deliver(URL)
    number, link = "RE-1001", f"{TO}/detail/type/RE/id/135580001"
    assert told.receipt == Receipt(FIRST.invoice.key, "135580001", number, link, AT)
    assert (told.net, told.tax, told.gross, told.lines) == (eur("4750.00"), eur("902.50"), eur("5652.50"), 2)


def test_a_draft_is_left_and_finished() -> None:
    """By a search that looks at every row."""
    with replayed("sevdesk", "draft"):
        left = stories.draft(URL)
    with replayed("sevdesk", "finish"):
        finished = stories.finish(URL)
    assert (left.number, left.link) == ("", f"{TO}/edit/type/RE/id/135580002")
    assert finished == Receipt(SECOND.invoice.key, "135580002", "RE-1002", f"{TO}/detail/type/RE/id/135580002", AT)


def test_an_invoice_is_taken_back() -> None:
    """By its cancellation, which is found again."""
    with replayed("sevdesk", "cancel"):
        made, found = stories.cancel(URL)
    assert (made.number, made.link) == ("RE-1003", f"{TO}/detail/type/SR/id/135580003")
    assert found == made


def test_a_refusal_within_status_200_is_told() -> None:
    """In the vendor's words."""
    with replayed("sevdesk", "refusal"):
        words = stories.refusal(URL)
    assert words == (
        "refused: Partially Paid Invoices can not be deleted at the moment, book a credit invoice manually"
    )


def test_a_credit_note_takes_something_off_an_invoice() -> None:
    """Its number first, the draft, the issue; read back with our sign, and found again."""
    with replayed("sevdesk", "credit"):
        told, found = stories.credit(URL)
    assert (told.receipt.reference, told.receipt.number) == ("CreditNote/3004001", "GU-1001")
    assert told.receipt.link == f"{TO}/detail/type/CN/id/3004001"
    assert (told.net, told.tax, told.gross, told.lines) == (eur("-250.00"), eur("-47.50"), eur("-297.50"), 1)
    assert found == told.receipt


def test_the_account_is_listed() -> None:
    """Two invoices, one of them cancelled, its cancellation and the credit note; no reminder."""
    with replayed("sevdesk", "listed"):
        rows = stories.listed(URL)
    assert [(row.number, row.key, str(row.gross), row.cancelled) for row in rows] == [
        ("RE-1001", FIRST.invoice.key, "5652.50 EUR", False),
        ("RE-1002", SECOND.invoice.key, "5950.00 EUR", True),
        ("RE-1003", "", "-5950.00 EUR", False),
        ("GU-1001", f"{3:032x}", "-297.50 EUR", False),
    ]


def test_payment_and_dunning_come_back() -> None:
    """Part paid, overdue and reminded of; cancelled; and what is to be given back."""
    with replayed("sevdesk", "statuses"):
        first, second, credit = stories.statuses(URL)
    dunning = Dunning(1, "Mahnung 1", date(2026, 3, 1), reference="135580004")
    assert first == PaymentStatus(
        FIRST.invoice.key, PaymentState.PART_PAID, eur("4652.50"), overdue=True, dunning=dunning, word="750"
    )
    assert isinstance(second, PaymentStatus)
    assert (second.state, second.open, second.overdue) == (PaymentState.CANCELLED, eur("0.00"), False)
    assert credit == PaymentStatus(stories.CREDIT.invoice.key, PaymentState.OPEN, eur("-297.50"), word="200")
