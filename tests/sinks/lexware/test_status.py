"""Payments and reminders come back from Lexware Office: two lists, and calls only for what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.core.errors import RefusedError
from connector.core.lifecycle import DocumentState
from connector.core.payment import Dunning, PaymentState, PaymentStatus
from connector.core.ports import Receipt, StatusSource
from connector.core.problems import Problem
from connector.jobs.settle import Settled, Settler
from tests.core.builders import eur, invoice, line
from tests.sinks.lexware.world import NIGHT, WHO, Desk, key_of, sink_at
from tests.standins import Asked

S = DocumentState
GROSS = eur("5950.00")
PAID_ON = date(2026, 2, 10)


@dataclass
class Office:
    """An organisation that has one finished invoice of ours over 5,950.00, and what it is asked."""

    desk: Desk
    key: str
    reference: str

    @property
    def receipts(self) -> list[Receipt]:
        """Return all that was handed over."""
        return list(self.desk.store.deliveries.receipts("lexware"))

    def tells(self, since: datetime | None = None) -> list[PaymentStatus | Problem]:
        """Return what the sink tells, as a process that has just begun; only its own calls are counted."""
        self.desk.standin.asked.clear()
        return list(sink_at(self.desk.standin).statuses(self.receipts, since))

    def status(self, since: datetime | None = None) -> PaymentStatus:
        """Return the one status it tells."""
        (status,) = self.tells(since)
        assert isinstance(status, PaymentStatus)
        return status

    def calls(self) -> list[str]:
        """Return the paths asked for, and the state where a list was."""
        return [f"{each.path.removeprefix('/v1/')} {each.value('voucherStatus')}".strip() for each in self.asked]

    @property
    def asked(self) -> list[Asked]:
        """Return what was asked."""
        return self.desk.standin.asked

    def settle(self) -> Settled:
        """Settle as the command does."""
        kept = self.desk.store
        sink = sink_at(self.desk.standin, **self.desk.wishes)
        return Settler(kept.payments, kept.deliveries, sink, "lexware", WHO, self.desk.clock).settle()

    def remind(self, title: str = "Mahnung") -> str:
        """Write a reminder, as a person does in the browser; return its id."""
        document = self.desk.api.documents[self.reference]
        names = ("address", "lineItems", "totalPrice", "taxConditions")
        body = {name: document[name] for name in names} | {"voucherDate": document["voucherDate"], "title": title}
        said = self.desk.api._kept(body, "dunnings", self.reference, finalize=False)  # noqa: SLF001 - as if it were posted
        return str(said.body["id"])


@pytest.fixture
def office(desk: Desk) -> Office:
    """Return an office with one invoice, handed over a moment ago."""
    key = desk.queue()
    desk.run()
    (reference,) = desk.api.documents
    return Office(desk, key, reference)


def test_an_open_invoice_takes_two_lists_and_no_other_call(office: Office) -> None:
    """`overdue` is asked for alone, because with others it is refused."""
    assert isinstance(sink_at(office.desk.standin), StatusSource)
    assert office.status() == PaymentStatus(office.key, PaymentState.OPEN, GROSS, overdue=False, word="open")
    assert office.calls() == ["voucherlist overdue", "voucherlist any"]


def test_documents_of_others_cost_nothing(office: Office) -> None:
    """They are in the lists, and nobody asks for their payments."""
    other = office.desk.queue(2, invoice(line("100.00")))
    office.desk.run()
    (_, theirs) = office.desk.api.documents
    office.desk.api.pay(theirs, Decimal("119.00"))
    office.desk.standin.asked.clear()
    ours = [receipt for receipt in office.receipts if receipt.key != other]
    assert len(list(sink_at(office.desk.standin).statuses(ours, None))) == 1
    assert office.calls() == ["voucherlist overdue", "voucherlist any"]


def test_a_part_payment_has_its_day_and_what_is_left(office: Office) -> None:
    """The day of the last part."""
    office.desk.api.pay(office.reference, Decimal("1000.00"), PAID_ON)
    office.desk.api.pay(office.reference, Decimal("950.00"), PAID_ON + timedelta(days=3))
    status = office.status()
    assert (status.state, status.open, status.paid_on) == (PaymentState.PART_PAID, eur("4000.00"), date(2026, 2, 13))
    assert office.calls()[2:] == [f"payments/{office.reference}"]


def test_a_payment_in_full_has_its_day(office: Office) -> None:
    """With the vendor's own word."""
    office.desk.api.pay(office.reference, Decimal("5950.00"), PAID_ON)
    paid = PaymentStatus(office.key, PaymentState.PAID, eur(0), PAID_ON, overdue=False, word="paid")
    assert office.status() == paid


def test_what_did_not_change_is_not_told(office: Office) -> None:
    """Only what changed on or after the day asked for."""
    office.desk.wait(3 * 24 * 3600)
    assert office.tells(since=NIGHT + timedelta(days=2)) == []
    office.desk.api.pay(office.reference, Decimal("5950.00"))
    assert office.status(since=NIGHT + timedelta(days=2)).state is PaymentState.PAID


def test_a_day_begins_at_midnight_in_berlin(office: Office) -> None:
    """Half past midnight there is the evening before in UTC."""
    office.tells(since=datetime.fromisoformat("2026-02-09T23:30:00+00:00"))
    assert office.asked[1].value("updatedDateFrom") == "2026-02-10"


def test_what_is_overdue_is_told_although_it_did_not_change(office: Office) -> None:
    """Time alone makes it so; what is open stands in the list."""
    office.desk.api.pay(office.reference, Decimal("950.00"), PAID_ON)
    office.desk.wait(30 * 24 * 3600)
    status = office.status(since=NIGHT + timedelta(days=29))
    assert (status.state, status.open, status.overdue) == (PaymentState.PART_PAID, eur("5000.00"), True)
    assert (status.word, status.paid_on, status.dunning) == ("overdue", None, None)
    assert office.calls()[2:] == [f"invoices/{office.reference}"]


def test_reminders_are_counted_and_remembered_by_id(office: Office) -> None:
    """No list has them: the overdue invoice names them, and the newest has name and day."""
    office.desk.wait(30 * 24 * 3600)
    office.remind("Zahlungserinnerung")
    last = office.remind("2. Mahnung")
    status = office.status(since=NIGHT + timedelta(days=29))
    assert status.dunning == Dunning(2, "2. Mahnung", date(2026, 1, 31), reference=last)


def test_a_reminder_that_was_discarded_does_not_count(office: Office) -> None:
    """Also where the invoice still names it: nobody sent it."""
    office.desk.wait(30 * 24 * 3600)
    office.desk.api.discard(office.remind())
    assert office.status().dunning is None
    another = office.remind("Zahlungserinnerung")
    assert office.status().dunning == Dunning(1, "Zahlungserinnerung", date(2026, 1, 31), reference=another)


def test_what_was_cancelled_there_is_told(office: Office) -> None:
    """Nothing is to come; no payment is asked for."""
    office.desk.api.void(office.reference)
    assert office.status() == PaymentStatus(office.key, PaymentState.CANCELLED, eur(0), overdue=False, word="voided")
    assert office.calls() == ["voucherlist overdue", "voucherlist any"]


def test_a_row_of_what_is_paid_may_leave_out_what_is_open(desk: Desk) -> None:
    """The field may be empty: of a credit note that was set off, nothing is open."""
    key = desk.queue(1, invoice(line("-100.00")))
    desk.run()
    office = Office(desk, key, next(iter(desk.api.documents)))
    desk.api.documents[office.reference]["voucherStatus"] = "paidoff"

    def leave_out(body: Any) -> None:  # noqa: ANN401 - a page of rows
        for row in body["content"]:
            row["openAmount"] = None

    spoilt(desk, "voucherlist", leave_out)
    assert (office.status().state, office.status().open) == (PaymentState.PAID, eur(0))


def test_what_a_credit_note_settled_is_no_payment(office: Office) -> None:
    """A person took it back there; where money came too, the claim is settled."""
    office.desk.api.pay(office.reference, Decimal("5950.00"), PAID_ON, kind="partPaymentCreditNote")
    status = office.status()
    assert (status.state, status.open, status.paid_on) == (PaymentState.CANCELLED, eur(0), None)
    office.desk.api.payments[office.reference][0]["amount"] = Decimal("50.00")
    office.desk.api.pay(office.reference, Decimal("5900.00"), PAID_ON)
    assert (office.status().state, office.status().paid_on) == (PaymentState.PAID, PAID_ON)


def test_what_was_written_off_is_no_payment(office: Office) -> None:
    """The rest of it is lost."""
    office.desk.api.pay(office.reference, Decimal("950.00"), PAID_ON)
    office.desk.api.pay(office.reference, Decimal("5000.00"), PAID_ON, kind="irrecoverableReceivable")
    assert (office.status().state, office.status().open) == (PaymentState.WRITTEN_OFF, eur(0))


def test_a_credit_note_is_below_zero_and_has_no_payments(desk: Desk) -> None:
    """They are refused there, so nobody asks; refunded, nothing is left."""
    key = desk.queue(1, invoice(line("-100.00")))
    desk.run()
    (reference,) = desk.api.documents
    office = Office(desk, key, reference)
    assert office.status().open == eur("-119.00")
    desk.api.pay(reference, Decimal("119.00"))
    assert (office.status().state, office.status().open) == (PaymentState.PAID, eur(0))
    assert [path for path in office.calls() if path.startswith("payments")] == []


def test_a_draft_is_open_and_finished_it_brings_its_number(desk: Desk) -> None:
    """As soon as a person finishes it in the browser."""
    desk.wishes["finalize"] = False
    key = desk.queue()
    desk.run()
    (reference,) = desk.api.documents
    office = Office(desk, key, reference)
    assert office.status() == PaymentStatus(key, PaymentState.OPEN, GROSS, overdue=False, word="draft")
    assert office.settle().problems == ()
    assert desk.store.billing.document(key).summary.number == "E_0001"

    desk.api.finish(reference)
    assert office.settle().problems == ()
    summary = desk.store.billing.document(key).summary
    assert (summary.number, summary.state) == ("RE0001", S.OPEN)


def test_settling_again_and_again_keeps_what_is_new(office: Office) -> None:
    """Open, part paid, overdue and reminded, paid, and taken back: one reading each, whatever lies between."""
    states = []
    for happens in (
        lambda: None,
        lambda: office.desk.api.pay(office.reference, Decimal("950.00"), PAID_ON),
        lambda: office.desk.wait(40 * 24 * 3600),
        office.remind,
        lambda: office.desk.api.pay(office.reference, Decimal("5000.00")),
        lambda: office.desk.api.pay(office.reference, Decimal("-5000.00")),
    ):
        happens()
        settled = office.settle()
        assert settled.error is None
        assert office.settle().changed == ()
        states.append((office.desk.state(office.key), [problem.code for problem in settled.problems]))
    assert states == [
        (S.OPEN, []),
        (S.PART_PAID, []),
        (S.PART_PAID, []),
        (S.PART_PAID, []),
        (S.PAID, []),
        (S.PART_PAID, ["PaymentTakenBack"]),
    ]
    kept = office.desk.store.payments.of(office.key)
    assert len(kept) == len(states)
    (item,) = office.desk.store.payments.items(PAID_ON)
    assert item.dunning is not None
    assert (item.open, item.dunning.level) == (eur("5000.00"), 1)


def spoilt(desk: Desk, path: str, change: Callable[[Any], None]) -> None:
    """Let the answers of the path be changed on their way."""
    answer = desk.api.answer

    def spoils(asked: Asked) -> Any:  # noqa: ANN401 - an answer
        said = answer(asked)
        if path in asked.path:
            change(said.body)
        return said

    desk.api.answer = spoils  # type: ignore[method-assign]  # the stand-in lies for once


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("payments", lambda body: body.pop("openAmount")),
        ("payments", lambda body: body.pop("paymentItems")),
        ("payments", lambda body: body.update(openAmount="a lot")),
        ("payments", lambda body: body.update(openAmount=Decimal("0.001"))),
        ("payments", lambda body: body.update(paidDate="yesterday")),
        ("voucherlist", lambda body: [row.pop("totalAmount") for row in body["content"]]),
        ("voucherlist", lambda body: [row.update(openAmount="a lot") for row in body["content"]]),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place(
    office: Office, path: str, change: Callable[[Any], None]
) -> None:
    """With number and address; settling goes on with the others, and asks again."""
    office.desk.api.pay(office.reference, Decimal("5950.00"), PAID_ON)
    spoilt(office.desk, path, change)
    (problem,) = office.tells()
    assert isinstance(problem, Problem)
    assert (problem.code, "RE0001, https://app.lexware.de" in problem.place) == ("PaymentNotUnderstood", True)
    office.settle()
    assert office.desk.store.payments.cursor("lexware") is None


def test_an_amount_may_be_a_text(office: Office) -> None:
    """The documentation shows one."""
    office.desk.api.pay(office.reference, Decimal("5950.00"), PAID_ON)
    spoilt(office.desk, "payments", lambda body: body.update(openAmount="0.00"))
    assert office.status().state is PaymentState.PAID


def test_a_document_that_is_gone_is_told_and_the_others_go_on(office: Office) -> None:
    """It vanished between the list and its payments."""
    office.desk.api.pay(office.reference, Decimal("5950.00"), PAID_ON)
    answer = office.desk.api.answer
    gone = "/v1/payments/gone"
    office.desk.api.answer = lambda asked: answer(  # type: ignore[method-assign]  # as above
        replace(asked, path=gone) if "payments" in asked.path else asked
    )
    (problem,) = office.tells()
    assert isinstance(problem, Problem)
    assert problem.code == "PaymentNotUnderstood"


def test_a_contract_that_ended_ends_the_reading(office: Office) -> None:
    """It would meet every document."""
    office.desk.api.contract_ended = True
    settled = office.settle()
    assert isinstance(settled.error, RefusedError)
    assert key_of(1) == office.key
