"""What was told of a payment, in sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from connector.core.payment import Dunning, PaymentReading, PaymentState, PaymentStatus
from connector.core.receivables import OpenItem
from connector.documents.payments import dunning_text, explain_reading, news_text, state_text
from tests.core.builders import eur

AT = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
DUNNED = PaymentStatus(
    "k1", PaymentState.PART_PAID, eur("3950.00"), date(2026, 2, 20), dunning=Dunning(2, "2. Mahnung")
)


def test_a_reading_says_who_when_and_how_much() -> None:
    """With the day of the last payment, what is left, and the level."""
    reading = PaymentReading(DUNNED, "lexware")
    assert explain_reading(reading, AT, "de") == (
        "Zahlungsstand laut lexware, 02.03.2026 03:15: "
        "teilbezahlt am 20.02.2026, 3.950,00 EUR offen, Mahnstufe 2 (2. Mahnung)"
    )
    assert explain_reading(reading, AT, "en") == (
        "Payment by lexware, 2 Mar 2026 03:15: "
        "part paid on 20 Feb 2026, 3,950.00 EUR open, dunning level 2 (2. Mahnung)"
    )


def test_what_nobody_told_is_not_said() -> None:
    """No day, nothing left, no level."""
    paid = PaymentStatus("k1", PaymentState.PAID, eur(0), dunning=Dunning(0))
    assert explain_reading(PaymentReading(paid, who="anna"), AT, "en") == "Payment by anna, 2 Mar 2026 03:15: paid"


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("state", PaymentState)
def test_every_state_has_a_word(language: str, state: PaymentState) -> None:
    """In both languages."""
    assert state_text(state, language)


def test_a_level_may_have_no_name() -> None:
    """Its number is enough; level 0 is none."""
    assert (dunning_text(Dunning(1), "de"), dunning_text(Dunning(0, "nie"), "de")) == ("Mahnstufe 1", "")


def test_news_begin_with_the_number_and_say_what_became_of_it() -> None:
    """What is still open says until when; what was cancelled, or takes another back, says only that."""
    day, due = date(2026, 1, 31), date(2026, 2, 14)
    item = OpenItem("k1", "RE-1", "K1", day, due, eur("595.00"), eur("595.00"), dunning=Dunning(1))
    assert news_text(item, "en") == (
        "RE-1 of 31 Jan 2026 over 595.00 EUR: 595.00 EUR open, dunning level 1, due on 14 Feb 2026"
    )
    paid = replace(item, open=eur(0), state=PaymentState.PAID, paid_on=due, dunning=None)
    assert news_text(paid, "de") == "RE-1 vom 31.01.2026 über 595,00 EUR: bezahlt am 14.02.2026"
    assert news_text(replace(paid, cancelled=True), "en") == "RE-1 of 31 Jan 2026 over 595.00 EUR: cancelled"
    assert news_text(replace(paid, corrects="RE-0"), "en") == "RE-1 of 31 Jan 2026 over 595.00 EUR: takes RE-0 back"
