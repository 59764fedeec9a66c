from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.core.errors import DocumentRejected, OutcomeUnknown
from connector.core.interest import Stretch
from connector.core.payment import PaymentStatus
from connector.core.period import Period
from connector.core.ports import Receipt, ReminderSink
from connector.core.reminder import Reminder
from tests.core.builders import eur
from tests.sinks.sevdesk_world import KEY, NIGHT, build, document
from tests.standins import Fault, Standin, serving
from tests.standins import sevdesk as standin_of_sevdesk

MARCH = datetime(2026, 3, 1, 12, tzinfo=UTC)
STRETCH = Stretch(Period(date(2026, 2, 15), date(2026, 3, 2)), eur("5950.00"), Decimal("1.27"), Decimal(9))


@pytest.fixture
def account() -> Iterator[Standin]:
    """Yield an account in March."""
    api = standin_of_sevdesk.api()
    api.now = lambda: NIGHT
    with serving(api) as standin:
        yield standin


@pytest.fixture
def invoice(account: Standin) -> Receipt:
    """Return the receipt of one issued invoice over 5,950.00, from March on."""
    receipt = build(account.url).deliver(document())
    account.api.now = lambda: MARCH
    account.asked.clear()
    return receipt


def sink(account: Standin) -> ReminderSink:
    """Return the sink of a new process."""
    built = build(account.url)
    assert isinstance(built, ReminderSink)
    return built


def reminder(**changes: Any) -> Reminder:  # noqa: ANN401 - any field
    """Return a reminder that asks for what is open."""
    plain = Reminder(
        KEY, "RE-1001", "website", "K1", 1, "1. Mahnung", date(2026, 3, 1), date(2026, 3, 8), date(2026, 2, 14),
        eur("5950.00"), eur(0), eur(0),
    )  # fmt: skip
    return replace(plain, **changes)


def find(account: Standin, invoice: Receipt, *known: str, since: datetime = MARCH) -> Receipt | None:
    """Look for the reminder."""
    return sink(account).find_reminder(reminder(), invoice, since, known)


def test_a_reminder_is_made_from_the_invoice(account: Standin, invoice: Receipt) -> None:
    """In two requests, and read back as a level."""
    receipt = sink(account).remind(reminder(), invoice)
    (made,) = account.api.reminders_of(invoice.reference)
    assert (receipt.key, receipt.reference) == (KEY, made["id"])
    assert receipt.link.endswith(f"/fi/detail/type/MA/id/{made['id']}")
    assert (made["reminderCharge"], made["dunningLevel"]) == ("0", "1")
    assert [(each.method, each.path.rpartition("/")[2]) for each in account.asked] == [
        ("GET", invoice.reference),
        ("POST", "createInvoiceReminder"),
    ]
    (status,) = build(account.url).statuses([invoice], None)
    assert isinstance(status, PaymentStatus)
    assert status.dunning
    assert (status.dunning.level, status.dunning.reference) == (1, receipt.reference)


@pytest.mark.parametrize("changes", [{"fee": eur(5)}, {"lump_sum": eur(40)}, {"interest": (STRETCH,)}])
def test_what_it_cannot_ask_for_is_refused_before(account: Standin, changes: dict[str, Any]) -> None:
    """Without a call; a plain reminder is not."""
    (problem,) = sink(account).reminder_refusals(reminder(**changes))
    assert (problem.code, problem.holds) == ("ReminderFeeRefused", True)
    assert list(sink(account).reminder_refusals(reminder())) == []
    assert account.asked == []


def test_what_is_not_open_any_more_is_not_reminded_of(account: Standin, invoice: Receipt) -> None:
    """Whatever became of it since payments were read: nobody is asked for what was paid in part meanwhile either."""
    account.api.pay(invoice.reference, Decimal(950), MARCH)
    with pytest.raises(DocumentRejected, match=r"the invoice has status 750 there by now, and 5000\.00 EUR open"):
        sink(account).remind(reminder(), invoice)
    assert sink(account).remind(reminder(open=eur("5000.00")), invoice)
    account.api.pay(invoice.reference, Decimal(5000), MARCH)
    with pytest.raises(DocumentRejected, match="the invoice has status 1000 there by now"):
        sink(account).remind(reminder(open=eur("5000.00")), invoice)


def test_an_answer_without_an_id_leaves_it_unknown(account: Standin, invoice: Receipt) -> None:
    """It was taken, and nobody knows as what."""
    remind = account.api.remind
    account.api.remind = lambda *arguments, **options: remind(*arguments, **options) and {}
    with pytest.raises(OutcomeUnknown, match="the answer names no id"):
        sink(account).remind(reminder(), invoice)


@pytest.mark.parametrize("in_drafts", [False, True])
def test_a_lost_answer_is_found(account: Standin, invoice: Receipt, in_drafts: bool) -> None:  # noqa: FBT001 - a case
    """By the invoice it hangs on, also as a draft, though our clock was wrong; nothing known, lower or of another."""
    account.api.reminds_in_drafts = in_drafts
    account.fail(Fault.ANSWER_LOST, lambda asked: asked.path.endswith("createInvoiceReminder"))
    with pytest.raises(OutcomeUnknown):
        sink(account).remind(reminder(), invoice)
    (made,) = account.api.reminders_of(invoice.reference)
    found = find(account, invoice)
    assert found
    assert found.reference == made["id"]
    assert find(account, invoice, made["id"]) is None
    assert find(account, invoice, since=MARCH + timedelta(days=2)) == found
    later = sink(account).find_reminder(reminder(level=2), invoice, MARCH + timedelta(days=2), ())
    assert later is None
    assert find(account, Receipt(KEY, "135580999")) is None


def test_what_is_not_there_is_not_found(account: Standin, invoice: Receipt) -> None:
    """Which proves that it is not there: all reminders are listed."""
    assert find(account, invoice) is None
    assert sink(account).capabilities.finds_reminders
