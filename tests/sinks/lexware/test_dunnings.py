"""Reminders in Lexware Office: drafts tied to their invoice, found again by our key where the invoice names them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from connector.core.delivery import Outcome
from connector.core.errors import DocumentRejected, OutcomeUnknown
from connector.core.interest import Balance, Stretch
from connector.core.money import Money
from connector.core.period import Period
from connector.core.ports import Receipt, ReminderSink
from connector.core.reminder import Reminder
from connector.core.reminding import Case, Given
from connector.jobs.remind import Sender, Sent
from tests.core.builders import eur, party
from tests.core.procedures import item, procedure
from tests.sinks.lexware.world import NIGHT, WHO, Desk, sink_at
from tests.standins import Asked, Fault, Said
from tests.support.fate import dying_at

STRETCH = Stretch(Period(date(2026, 2, 15), date(2026, 3, 2)), eur("5950.00"), Decimal("1.27"), Decimal(9))


@dataclass
class Office:
    """An organisation with one open invoice of ours over 5,950.00."""

    desk: Desk
    key: str
    document: Receipt

    @property
    def sink(self) -> ReminderSink:
        """Return the sink of a new process."""
        sink = sink_at(self.desk.standin, **self.desk.wishes)
        assert isinstance(sink, ReminderSink)
        return sink

    def remind(self, **changes: Any) -> Receipt:  # noqa: ANN401 - any field
        """Write a reminder."""
        return self.sink.remind(self.reminder(**changes), self.document)

    def find(self, *known: str, **changes: Any) -> Receipt | None:  # noqa: ANN401 - any field
        """Look for a reminder."""
        return self.sink.find_reminder(self.reminder(**changes), self.document, NIGHT, known)

    def reminder(self, **changes: Any) -> Reminder:  # noqa: ANN401 - any field
        """Return a reminder of the first of March with a fee and interest."""
        plain = Reminder(
            self.key, "RE0001", "website", "K1", 1, "1. Mahnung", date(2026, 3, 1), date(2026, 3, 8), date(2026, 2, 14),
            eur("5950.00"), eur("2.50"), eur(0), (STRETCH,), text="Bitte zahlen Sie.",
        )  # fmt: skip
        return replace(plain, **changes)

    @property
    def dunnings(self) -> list[dict[str, Any]]:
        """Return what reminders there are."""
        found: list[dict[str, Any]] = self.desk.api.dunnings()
        return found

    @property
    def written(self) -> list[dict[str, Any]]:
        """Return what reminders of the document there are."""
        return [each for each in self.dunnings if self.key in each["remark"]]

    @property
    def given(self) -> list[Given]:
        """Return what counts as given here."""
        return [each for each in self.desk.store.reminders.of(self.key) if each.counts]


def opened(desk: Desk, number: int = 1) -> Office:
    """Return an office that has just handed an invoice over."""
    key = desk.queue(number)
    desk.run()
    (kept,) = desk.store.deliveries.receipts_of(key)
    desk.standin.asked.clear()
    return Office(desk, key, kept.receipt)


@pytest.fixture
def office(desk: Desk) -> Office:
    """Return an office whose one invoice was handed over."""
    return opened(desk)


def test_a_reminder_is_a_draft_tied_to_its_invoice(office: Office) -> None:
    """In three requests; customer and tax conditions are those of the invoice."""
    receipt = office.remind()
    (written,) = office.dunnings
    invoice = office.desk.api.documents[office.document.reference]
    assert receipt.reference == written["id"]
    assert receipt.link == f"https://app.lexware.de/permalink/dunnings/edit/{written['id']}"
    assert receipt.key == office.key
    assert written["voucherStatus"] == "draft"
    assert written["address"]["contactId"] == invoice["address"]["contactId"]
    assert written["taxConditions"] == invoice["taxConditions"]
    assert [each["id"] for each in written["relatedVouchers"]] == [invoice["id"]]
    assert [(each.method, each.path) for each in office.desk.standin.asked] == [
        ("GET", f"/v1/invoices/{invoice['id']}"),
        ("GET", f"/v1/payments/{invoice['id']}"),
        ("POST", "/v1/dunnings"),
    ]


def test_it_says_what_is_asked_for(office: Office) -> None:
    """A line without VAT for each part; in all the total of the reminder, and our key with the level."""
    office.remind()
    (written,) = office.dunnings
    lines = [(line["name"], line["unitPrice"]["netAmount"]) for line in written["lineItems"]]
    assert lines == [
        ("Offen aus RE0001", Decimal("5950.00")),
        ("Mahngebühr", Decimal("2.50")),
        ("Verzugszinsen 15.02.2026 bis 01.03.2026", Decimal("25.11")),
    ]
    assert "10,27 % × 15 Tage ÷ 365" in written["lineItems"][2]["description"]
    assert written["totalPrice"]["totalGrossAmount"] == Decimal("5977.61") == office.reminder().total.amount
    assert {tax["taxRatePercentage"] for tax in written["taxAmounts"]} == {0}
    assert (written["title"], written["introduction"]) == ("1. Mahnung", "Bitte zahlen Sie.")
    assert written["remark"] == f"Unser Zeichen: {office.key}-1"
    assert written["voucherDate"] == "2026-03-01T00:00:00.000+01:00"


@pytest.mark.parametrize("status", ["paid", "paidoff", "voided", "draft"])
def test_what_is_not_open_any_more_is_not_reminded_of(office: Office, status: str) -> None:
    """Whatever became of it since payments were read."""
    office.desk.api.documents[office.document.reference]["voucherStatus"] = status
    with pytest.raises(DocumentRejected, match=f"the invoice is {status} there by now"):
        office.remind()
    assert office.dunnings == []


def test_nobody_is_asked_for_what_was_paid_meanwhile(office: Office) -> None:
    """A part payment that was not read back yet: the reminder waits for it."""
    office.desk.api.pay(office.document.reference, Decimal("950.00"))
    with pytest.raises(DocumentRejected, match=r"5000\.00 EUR of the invoice are open there by now"):
        office.remind()
    assert office.dunnings == []
    assert office.remind(open=eur("5000.00"))


def test_what_is_refused_keeps_its_words(office: Office) -> None:
    """Those of the vendor."""
    with pytest.raises(DocumentRejected, match="title"):
        office.remind(name="Eine Mahnung mit sehr langem Namen")


def test_an_answer_without_an_id_leaves_it_unknown(office: Office) -> None:
    """It was taken, and nobody knows as what."""
    answer = office.desk.api.answer

    def forgetful(asked: Asked) -> Said:
        said = answer(asked)
        return Said(201, {}) if asked.path == "/v1/dunnings" else said

    office.desk.api.answer = forgetful  # type: ignore[method-assign]  # for this test
    with pytest.raises(OutcomeUnknown, match="the answer names no id"):
        office.remind()


def test_a_lost_answer_is_found_on_the_invoice(office: Office) -> None:
    """By key and level; other reminders of the same invoice are not taken for it, nor those known."""
    office.desk.standin.fail(Fault.ANSWER_LOST, lambda asked: asked.path == "/v1/dunnings")
    with pytest.raises(OutcomeUnknown):
        office.remind()
    (written,) = office.dunnings
    found = office.find()
    assert found
    assert found.reference == written["id"]
    assert office.find(level=2) is None
    assert office.find(written["id"]) is None


def test_that_none_is_found_proves_nothing(office: Office) -> None:
    """The invoice may not name it, or somebody discarded it."""
    office.desk.api.names_dunnings = False
    office.remind()
    assert office.find() is None
    office.desk.api.names_dunnings = True
    second = office.remind()
    assert office.find() is not None
    office.desk.api.discard(second.reference)
    assert office.find() is None
    assert not office.sink.capabilities.finds_reminders


def run(office: Office) -> Sent:
    """Remind of the invoice as a process that has just begun, by what the store knows by now."""
    kept = office.desk.store.reminders
    gross = eur("5950.00")
    document = item(key=office.key, gross=gross, open=gross)
    balances = (Balance(document.issue_date, gross),)
    case = Case(document, party(), balances, kept.of(office.key), document=office.document)
    sender = Sender(kept, office.sink, "lexware", procedure(), WHO, office.desk.clock)
    return sender.send([case], date(2026, 3, 1))


@pytest.mark.parametrize("names_them", [True, False])
def test_killed_at_any_place(desk: Desk, names_them: bool) -> None:  # noqa: FBT001 - a case
    """Before any commit or request, and before any answer: in the end one reminder is there, and the store knows it.

    Where no search can tell, nothing is written again until a person has looked.
    """
    desk.api.names_dunnings = names_them
    for place in count():
        office = opened(desk, place + 1)
        with dying_at(place) as fate:
            run(office)
        if fate.passed <= place:
            break
        for _ in range(2):
            desk.wait(61)
            run(office)
        if not office.given:
            a_person_looks(office)
        assert (len(office.written), len(office.given)) == (1, 1), place
    assert place >= FEWEST_PLACES


def a_person_looks(office: Office) -> None:
    """Say whether the reminder is there, and run once more."""
    kept = office.desk.store.reminders
    if office.written:
        kept.accept(Receipt(office.key, office.written[0]["id"]), who=WHO)
    else:
        kept.end(office.key, Outcome.NOT_SENT, "looked", who=WHO)
    run(office)


FEWEST_PLACES = 5
"""So many to die at, at least: two commits, requests and answers; else the harness has gone blind."""


def test_what_does_not_fit_is_refused_before(office: Office) -> None:
    """Without a call; all of it at once."""
    francs = Money.exactly(100, "CHF")
    zero = Money.zero("CHF")
    strange = office.reminder(text="x" * 2001, open=francs, fee=zero, lump_sum=zero, interest=())
    assert [problem.code for problem in office.sink.reminder_refusals(strange)] == ["CurrencyRefused", "TextTooLong"]
    many = office.reminder(interest=(STRETCH,) * 300)
    assert [problem.code for problem in office.sink.reminder_refusals(many)] == ["TooManyLines"]
    assert list(office.sink.reminder_refusals(office.reminder())) == []
    assert office.desk.standin.asked == []
