"""What was recorded is sent again word for word; a changed body would find no answer."""

from __future__ import annotations

from connector.core.ports import Receipt
from tests.core.builders import eur
from tests.sinks.lexware import stories
from tests.sinks.lexware.world import key_of
from tests.support.cassettes import replayed


def test_an_invoice_and_a_credit_note_are_delivered() -> None:
    """Two creates and two reads, after the customer was searched for and made."""
    with replayed("lexware", "deliver"):
        invoice, credit = stories.deliver(stories.TOLD_URL)
    assert (invoice.net, invoice.tax, invoice.gross) == (eur("7333.33"), eur("1393.33"), eur("8726.66"))
    assert (credit.gross, invoice.lines, credit.lines) == (eur("-119.00"), 2, 1)
    assert (invoice.receipt.number, credit.receipt.number) == ("RE0001", "GS0001")


def test_both_are_found_again() -> None:
    """By our key; what was never sent is not."""
    with replayed("lexware", "find"):
        invoice, credit, nothing = stories.find(stories.TOLD_URL)
    assert isinstance(invoice, Receipt)
    assert isinstance(credit, Receipt)
    assert (invoice.key, credit.key, nothing) == (key_of(1), key_of(2), None)


def test_a_refusal_keeps_its_words() -> None:
    """Those of the older form."""
    with replayed("lexware", "reject"):
        words = stories.reject(stories.TOLD_URL)
    assert words == "refused (status 406): addresses.billing[0].countryCode missing_entity"
