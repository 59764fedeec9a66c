"""The stories of the Tryton sink, replayed from what a real Tryton answered; and the stand-in tells the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.core.payment import Dunning, PaymentState, PaymentStatus
from connector.core.ports import Receipt
from connector.core.problems import Problem
from tests.core.builders import eur
from tests.sinks.tryton import stories
from tests.standins import serving
from tests.standins import tryton as standin_of_tryton
from tests.support.cassettes import replayed

RECORDED_ON = datetime(2026, 11, 22, tzinfo=UTC)

LINK = "https://tryton.example/#agency/model/account.invoice/"

ALL = {**stories.BEFORE, **stories.BETWEEN, **stories.AFTER}

IN_OTHER_WORDS = {"wrong_key", "refusals"}
"""The stand-in takes any key, and refuses in words of its own."""


def recorded(name: str) -> Any:  # noqa: ANN401 - what the story returns
    """Return what the story tells against its cassette."""
    with replayed("tryton_sink", name):
        return ALL[name](stories.Server(stories.TOLD_URL))


@pytest.fixture(scope="module")
def played() -> Mapping[str, Any]:
    """Return what the stories tell against the stand-in, with what people do there between them."""
    api = standin_of_tryton.api(now=lambda: RECORDED_ON)
    api.add("country.country", code="DE")
    with serving(api) as running:
        server = stories.Server(running.url)
        told = {name: story(server) for name, story in stories.BEFORE.items() if name != "wrong_key"}
        [draft] = api.carrying(stories.EARLY.invoice.key)
        draft["invoice_date"] = date(2026, 11, 3)
        told |= {name: story(server) for name, story in stories.BETWEEN.items()}
        api.pay(1, Decimal(200), date(2026, 11, 20))
        api.pay(2, Decimal("1.79"), date(2026, 11, 21))
        for invoice in (4, 1):
            api.dun(invoice, 2)
        told |= {name: story(server) for name, story in stories.AFTER.items()}
    return {name: repr(each).replace(running.url, stories.TOLD_URL) for name, each in told.items()}


@pytest.mark.parametrize("name", sorted(ALL.keys() - IN_OTHER_WORDS))
def test_the_stand_in_tells_what_a_real_tryton_told(name: str, played: Mapping[str, str]) -> None:
    """Amounts, numbers, ids, links, payments and dunning: so what is tested against it holds."""
    assert played[name] == repr(recorded(name))


def test_a_sound_connection_has_nothing_to_tell() -> None:
    """Company, journal, receivables, taxes, rights, dunning and countries are there."""
    assert recorded("check") == []


def test_a_wrong_key_is_told() -> None:
    """By the first call."""
    assert recorded("wrong_key") == "the key is not accepted"


def test_amounts_are_ours_to_the_cent() -> None:
    """Though halves go to the even cent there, VAT is on unrounded lines, and prices have four decimals."""
    found = recorded("deliver")
    made = [each.invoice for each in (stories.FIRST, stories.HALF, stories.CREDIT)]
    assert [(each.net, each.tax, each.gross, each.lines) for each in found] == [
        (each.net, each.tax, each.gross, len(each.lines)) for each in made
    ]
    assert [each.tax for each in found] == [eur("147.78"), eur("0.29"), eur("-19.00")]
    assert [each.receipt.number for each in found] == ["1", "2", "3"]
    assert found[0].receipt.link == f"{LINK}1"


def test_one_is_found_by_its_key_and_none_by_another() -> None:
    """Our key is the reference there."""
    found, nothing = recorded("find")
    assert (found, nothing) == (Receipt(stories.FIRST.invoice.key, "1", "1", f"{LINK}1"), None)


def test_what_is_refused_says_why() -> None:
    """In Tryton's words, or naming the rule of the mapping, or the customer that has the code already."""
    too_early, no_account, stranger = recorded("refusals")
    assert "you must set an invoice date after" in too_early
    assert no_account == "Tryton has no open account 8400 (mapping.toml:20)"
    assert stranger == "party 10001 in Tryton is called 'Müller & Söhne GmbH', not 'Elbe KG'"


def test_a_draft_that_was_refused_is_posted_later() -> None:
    """It is the same one, and has a number now."""
    assert recorded("finish") == Receipt(stories.EARLY.invoice.key, "4", "4", f"{LINK}4")


def test_a_correction_takes_back_what_was_invoiced() -> None:
    """To the cent, with its own lines' origin there."""
    taken_back, original = recorded("correct"), stories.FIRST.invoice
    assert (taken_back.net, taken_back.tax, taken_back.gross) == (-original.net, -original.tax, -original.gross)


def test_what_is_there_is_listed() -> None:
    """With our keys."""
    found = recorded("listed")
    assert [(each.number, each.gross) for each in found][:2] == [("1", eur("1136.10")), ("2", eur("1.79"))]
    assert found[0].key == stories.FIRST.invoice.key
    assert {each.customer for each in found} == {"Müller & Söhne GmbH"}


def test_payments_and_dunning_come_back() -> None:
    """What is open after a part payment, the level that was reached with its fees, and what is gone."""
    part_paid, paid, credit, dunned, _, gone = recorded("statuses")
    level_2 = Dunning(2, "Standard", date(2026, 11, 22), eur("5.00"), reference="2")
    assert part_paid == PaymentStatus(
        "k-1", PaymentState.PART_PAID, eur("936.10"), date(2026, 11, 20), dunning=level_2, word="posted"
    )
    assert (paid.state, paid.open, paid.paid_on, paid.dunning) == (
        PaymentState.PAID, eur("0.00"), date(2026, 11, 21), None,
    )  # fmt: skip
    assert (credit.state, credit.open) == (PaymentState.OPEN, eur("-119.00"))
    assert (dunned.state, dunned.dunning.level) == (PaymentState.OPEN, 2)
    assert isinstance(gone, Problem)
    assert (gone.code, gone.place) == ("PaymentNotUnderstood", "99")
