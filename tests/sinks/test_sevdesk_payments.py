from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.core.payment import Dunning, PaymentState, PaymentStatus
from connector.core.ports import Receipt, StatusSource
from connector.core.problems import Problem
from tests.core.builders import eur
from tests.sinks.sevdesk_world import KEY, NIGHT, build, correction, credit_note, document
from tests.standins import Standin, serving
from tests.standins import sevdesk as standin_of_sevdesk
from tests.standins.sevdesk import Sevdesk as Account

LATER = datetime(2026, 3, 1, 2, tzinfo=UTC)
"""The invoices of January are due since the middle of February."""

MARCH = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def account() -> Iterator[Standin]:
    """Yield an empty account whose clock is at its attribute `moment`."""
    api = standin_of_sevdesk.api()
    with serving(api) as standin:
        move(api, NIGHT)
        yield standin


def move(api: Account, moment: datetime) -> None:
    """Let it be that moment."""
    api.now = lambda: moment


@pytest.fixture
def receipt(account: Standin) -> Receipt:
    """Return the receipt of one issued invoice over 5,950.00."""
    return build(account.url).deliver(document())


def told(account: Standin, *receipts: Receipt, since: datetime | None = None) -> list[PaymentStatus | Problem]:
    """Return what the sink tells."""
    sink = build(account.url)
    assert isinstance(sink, StatusSource)
    return list(sink.statuses(receipts, since))


def status(account: Standin, receipt: Receipt, since: datetime | None = None) -> PaymentStatus:
    """Return what the sink tells of the one document."""
    (found,) = told(account, receipt, since=since)
    assert isinstance(found, PaymentStatus)
    return found


def test_an_issued_invoice_is_open(account: Standin, receipt: Receipt) -> None:
    """As a whole, not overdue, nobody reminded; the vendor's own word is kept."""
    assert status(account, receipt) == PaymentStatus(KEY, PaymentState.OPEN, eur("5950.00"), overdue=False, word="200")


def test_a_draft_is_open_too(account: Standin) -> None:
    """Nothing was paid."""
    draft = build(account.url, finalize=False).deliver(document())
    assert status(account, draft) == PaymentStatus(KEY, PaymentState.OPEN, eur("5950.00"), overdue=False, word="100")


@pytest.mark.parametrize("word", ["750", "200"])
def test_a_part_payment_is_told_by_its_amount(account: Standin, receipt: Receipt, word: str) -> None:
    """Older invoices still say open."""
    account.api.pay(receipt.reference, Decimal("950.01"), LATER)
    account.api.invoices[receipt.reference]["status"] = word
    found = status(account, receipt)
    assert (found.state, found.open, found.paid_on, found.word) == (
        PaymentState.PART_PAID,
        eur("4999.99"),
        None,
        word,
    )


def test_a_paid_invoice_has_a_day(account: Standin, receipt: Receipt) -> None:
    """The local one of the last payment; with a discount granted, nothing is open either."""
    account.api.pay(receipt.reference, Decimal("5950.00"), datetime(2026, 2, 9, 23, 30, tzinfo=UTC))
    account.api.invoices[receipt.reference]["paidAmount"] = "5831"
    found = status(account, receipt)
    assert (found.state, found.open, found.paid_on) == (PaymentState.PAID, eur("0.00"), date(2026, 2, 10))


def test_what_was_cancelled_is_not_paid(account: Standin, receipt: Receipt) -> None:
    """Over there both have the status of paid ones; the cancellation itself is settled."""
    cancellation = build(account.url).deliver(correction(receipt.number, document()))
    first, second = told(account, receipt, cancellation)
    assert isinstance(first, PaymentStatus)
    assert isinstance(second, PaymentStatus)
    assert (first.state, first.open) == (PaymentState.CANCELLED, eur("0.00"))
    assert (second.key, second.state, second.open) == (cancellation.key, PaymentState.PAID, eur("0.00"))


def test_a_paid_invoice_without_payment_and_cancellation_is_paid(account: Standin, receipt: Receipt) -> None:
    """A person may have settled it in another way."""
    account.api.invoices[receipt.reference]["status"] = "1000"
    assert status(account, receipt).state is PaymentState.PAID


def test_overdue_is_what_the_list_says(account: Standin, receipt: Receipt) -> None:
    """It needs no change of the invoice."""
    move(account.api, LATER)
    assert status(account, receipt, since=LATER).overdue is True


def test_a_list_that_is_not_known_tells_nothing_of_overdue(account: Standin, receipt: Receipt) -> None:
    """All there is comes as an answer then, drafts and paid ones among them."""
    paid = build(account.url).deliver(document(key=f"{2:032x}"))
    account.api.pay(paid.reference, Decimal("5950.00"), NIGHT)
    account.api.knows_lists = False
    assert status(account, receipt).overdue is None


def test_the_highest_reminder_counts(account: Standin, receipt: Receipt) -> None:
    """With its name, day and fee; a draft of a further one does not."""
    move(account.api, LATER)
    account.api.remind(receipt.reference)
    second = account.api.remind(receipt.reference, Decimal("2.5"))
    account.api.remind(receipt.reference, draft=True)
    assert status(account, receipt).dunning == Dunning(
        2, "Mahnung 2", date(2026, 3, 1), eur("2.50"), reference=second["id"]
    )


def test_a_reminder_brings_its_invoice_although_that_did_not_change(account: Standin, receipt: Receipt) -> None:
    """The list of those that were reminded of holds it."""
    move(account.api, LATER)
    account.api.remind(receipt.reference)
    account.api.is_overdue = lambda _: False
    found = status(account, receipt, since=LATER)
    assert found.dunning is not None
    assert (found.dunning.level, found.dunning.fee) == (1, None)


@pytest.mark.parametrize(("level", "dunning"), [("2", Dunning(2)), ("0", None), (None, None), ("hoch", None)])
def test_the_invoice_may_tell_its_level_itself(
    account: Standin, receipt: Receipt, level: str | None, dunning: Dunning | None
) -> None:
    """Where no reminder does."""
    account.api.invoices[receipt.reference]["dunningLevel"] = level
    assert status(account, receipt).dunning == dunning


def test_only_what_changed_is_asked_for(account: Standin, receipt: Receipt) -> None:
    """With a day of overlap, as clocks differ; what did not change is left out, not called gone."""
    move(account.api, LATER)
    other = build(account.url).deliver(document(key=f"{2:032x}", issue_date=date(2026, 2, 28)))
    assert told(account, other, since=datetime(2026, 3, 2, 1, tzinfo=UTC)) != []
    account.api.is_overdue = lambda _: False
    assert told(account, receipt, since=MARCH) == []


def test_what_is_gone_is_told_when_everything_is_asked_for(account: Standin, receipt: Receipt) -> None:
    """A draft may have been discarded; one of a stranger is not looked at."""
    build(account.url).deliver(document(key=f"{2:032x}"))
    account.api.discard(receipt.reference)
    (problem,) = told(account, receipt)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("MissingInSink", receipt.link)


def set_to(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return a change of a row."""
    return lambda row: row.__setitem__(name, value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (set_to("status", "300"), "status 300 is not documented"),
        (set_to("sumGross", "viel"), "sumGross is not an amount"),
        (set_to("sumGross", None), "sumGross is not an amount"),
        (set_to("paidAmount", "NaN"), "paidAmount is not an amount"),
    ],
)
def test_what_cannot_be_understood_of_one_leaves_the_others_alone(
    account: Standin, receipt: Receipt, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    """It is a problem of the one document."""
    other = build(account.url).deliver(document(key=f"{2:032x}"))
    change(account.api.invoices[receipt.reference])
    account.api.is_overdue = lambda _: False
    problem, found = told(account, receipt, other)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.message) == ("PaymentNotUnderstood", words)
    assert isinstance(found, PaymentStatus)


def test_a_credit_note_is_paid_back(account: Standin, receipt: Receipt) -> None:
    """Open, in part, whole: below zero as ours are; no list tells which changed, so each is asked for."""
    credited = build(account.url).deliver(credit_note())
    name = credited.reference.rpartition("/")[2]
    assert told(account, credited) == [PaymentStatus(KEY[::-1], PaymentState.OPEN, eur("-297.50"), word="200")]
    account.api.credit_notes.pay_back(name, Decimal("97.50"), "2026-02-20T00:00:00+01:00")
    part = status(account, credited, since=NIGHT)
    assert (part.state, part.open, part.word) == (PaymentState.PART_PAID, eur("-200.00"), "750")
    account.api.credit_notes.rows[name]["paidAmount"] = "-97.5"
    assert status(account, credited).open == eur("-200.00")
    account.api.credit_notes.pay_back(name, Decimal(395), "2026-02-21T00:00:00+01:00")
    whole = status(account, credited)
    assert (whole.state, whole.open, whole.paid_on) == (PaymentState.PAID, eur("0.00"), date(2026, 2, 21))
    assert [each.key for each in told(account, receipt, credited) if isinstance(each, PaymentStatus)] == [
        KEY,
        KEY[::-1],
    ]


def test_of_a_credit_note_that_is_not_understood_or_gone_a_person_is_told(account: Standin, receipt: Receipt) -> None:
    """Paid in part, but not how much; discarded as a draft."""
    assert receipt.number
    draft = build(account.url, finalize=False).deliver(credit_note())
    name = draft.reference.rpartition("/")[2]
    account.api.credit_notes.rows[name]["status"] = "750"
    assert codes(told(account, draft)) == ["PaymentNotUnderstood"]
    account.api.credit_notes.discard(name)
    assert codes(told(account, draft, since=NIGHT)) == ["MissingInSink"]


def codes(found: list[PaymentStatus | Problem]) -> list[str]:
    """Return the codes of the problems."""
    return [each.code for each in found if isinstance(each, Problem)]
