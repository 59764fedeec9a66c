from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.billed import BilledEntry
from connector.core.booking import Booking
from connector.core.errors import StoreError
from connector.core.invoice import Invoice
from connector.core.money import Money
from connector.core.offer import Offer, Position
from connector.core.party import Party
from connector.core.readings import Metric, Reading, ReadingScope
from connector.core.share import Share
from connector.store.codec import decode, decode_booking, encode, encode_booking
from tests.core.builders import billed_entry, booking, invoice, line, offer, party, position

_texts = st.text(st.characters(exclude_categories=["Cs"]))
_decimals = st.decimals(allow_nan=False, allow_infinity=False)
_cents = st.integers(-(10**12), 10**12).map(lambda units: Money(Decimal(units).scaleb(-2), "EUR"))
_days = st.dates()


@given(_texts, _decimals, _days)
def test_metric_comes_back_as_it_was(name: str, value: Decimal, day: date) -> None:
    """Text, day and the digits of a number survive, whatever they are."""
    metric = Metric(name, "WEB", day, value)
    again = decode(Metric, encode(metric))
    assert again == metric
    assert again.value.as_tuple() == value.as_tuple()


@given(st.fractions(), _texts, _days)
def test_share_comes_back_exact_and_as_written(value: Fraction, written: str, day: date) -> None:
    """A share keeps its exact value and its written form."""
    reading = Reading("WEB", ReadingScope.POSITION, "A1/1", day, Share(value, written))
    again = decode(Reading, encode(reading))
    assert again == reading
    assert again.share is not None
    assert again.share.written == written


@given(_cents, _cents, st.fractions(), st.fractions(), _texts)
def test_log_entry_comes_back_as_it_was(
    computed: Money, invoiced: Money, before: Fraction, after: Fraction, comment: str
) -> None:
    """Amounts and shares of the billed log survive exactly."""
    entry = replace(
        billed_entry(comment=comment), computed=computed, invoiced=invoiced, share_before=before, share_after=after
    )
    assert decode(BilledEntry, encode(entry)) == entry


@given(st.lists(_cents.filter(bool), min_size=1, max_size=5), _texts)
def test_booking_comes_back_with_its_invoice(nets: list[Money], text: str) -> None:
    """A booking, stored without its invoice and put together again, is the one that was stored."""
    document = invoice(*(line(net.amount, text=text) for net in nets), number="RE-1")
    booked = booking(document, exchange_rate="0.9321", reverses="RE-0")
    again = decode_booking(encode(document), encode_booking(booked))
    assert again == booked
    assert again.invoice.gross == document.gross
    assert "invoice" not in encode_booking(booked)


def test_decimals_keep_their_exponent() -> None:
    """1.50 stays 1.50: what is printed does not change on its way through the store."""
    again = decode(Position, encode(replace(position(), unit_price=Decimal("1.50"), discount=Fraction(1, 3))))
    assert str(again.unit_price) == "1.50"
    assert again.discount == Fraction(1, 3)


def test_fractions_are_written_as_people_write_them() -> None:
    """A third stands in the text as 1/3."""
    assert '"1/3"' in encode(Share(Fraction(1, 3), "1 of 3"))


def test_nested_values_come_back_with_their_types() -> None:
    """Offers bring their positions back as values, not as plain data."""
    again = decode(Offer, encode(offer(position("1"), position("2"))))
    assert again == offer(position("1"), position("2"))
    assert isinstance(again.positions, tuple)


def test_fields_can_be_left_out() -> None:
    """What is excluded is not in the text."""
    assert "origin" not in encode(party(), exclude={"origin"})


def test_no_booking_is_an_empty_text() -> None:
    """A document without a booking has nothing to store for it."""
    assert encode_booking(None) == ""


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Party, "{}"),
        (Party, "not JSON"),
        (Money, '{"amount": "1.005", "currency": "EUR"}'),
        (Invoice, encode(invoice()).replace('"5000.00"', '"5000.01"', 1)),
        (Booking, "[]"),
    ],
)
def test_text_that_breaks_the_rules_of_its_value_is_refused(kind: type, text: str) -> None:
    """What was changed behind our back is reported, and its content does not leak into the message."""
    with pytest.raises(StoreError, match=f"a stored {kind.__name__} cannot be read back") as caught:
        decode(kind, text)
    assert "5000" not in str(caught.value)
