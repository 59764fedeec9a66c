from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from connector.core.lifecycle import DocumentState, TransitionError
from connector.core.money import Money
from connector.core.numbering import WORKING_NUMBERS
from connector.core.payment import Dunning, PaymentReading, PaymentState, PaymentStatus
from connector.core.ports import Delivered, Receipt
from connector.core.receivables import set_off
from connector.core.settlement import Owed, told_of
from connector.store import Store, open_store
from connector.store.engine import open_engine
from connector.store.schema import audit, payments
from tests.core.builders import eur
from tests.store.older import build
from tests.store.world import TENANT, WHO, Clock, add, correction_of, hand_over, reversal_of, rows, states

S = DocumentState
SINK = "cloud"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
SINCE = date(2026, 1, 1)

GROSS = eur("5950.00")
DUNNING = Dunning(2, "2. Mahnung", date(2026, 4, 1), eur("5.00"), eur("1.20"), reference="4712")
PART = PaymentStatus("k-1", PaymentState.PART_PAID, eur("950.00"), date(2026, 3, 1), overdue=True, dunning=DUNNING)
PAID = PaymentStatus("k-1", PaymentState.PAID, eur(0), date(2026, 3, 5), word="paid")


@pytest.fixture
def delivered(store: Store) -> Store:
    """Return the store with a document that the cloud has, and one that waits."""
    for key in ("k-1", "k-2"):
        add(store, key, S.APPROVED, numbers=WORKING_NUMBERS)
    store.deliveries.begin(SINK, "k-1")
    store.deliveries.accept(SINK, Receipt("k-1", "4711"), who=WHO)
    told = Receipt("k-1", "4711", "RE0001", "https://cloud.example/4711", "1")
    store.deliveries.compared(SINK, Delivered(told, eur("5000.00"), eur("950.00"), GROSS, 1))
    return store


def owed(store: Store, sink: str = SINK, settled_since: datetime = LONG_AGO) -> list[Owed]:
    """Return what may still be paid."""
    return list(store.payments.owed(sink, settled_since))


def tell(store: Store, status: PaymentStatus) -> Owed:
    """Let the sink tell."""
    (found,) = owed(store)
    after, _ = told_of(found, PaymentReading(status, SINK))
    store.payments.tell(after, PaymentReading(status, SINK), who=WHO)
    return after


def still_open(store: Store) -> dict[str, Money]:
    """Return what is open, by number; nothing open is left out."""
    return {item.number: item.open for item in set_off(store.payments.items(SINCE)) if item.open}


def test_what_a_sink_has_is_owed(delivered: Store) -> None:
    """With its receipt and number, and since when; what waits is not, nor what another sink has."""
    (found,) = owed(delivered)
    assert found.receipt == Receipt("k-1", "4711", "RE0001", "https://cloud.example/4711", "1")
    assert (found.number, found.agreement, found.state) == ("RE0001", "website", S.ACCEPTED)
    assert found.known.status == PaymentStatus("k-1", PaymentState.OPEN, GROSS)
    (attempt,) = delivered.deliveries.attempts("k-1")
    assert found.sent_at == attempt.begun_at
    assert owed(delivered, "elsewhere") == []


def test_what_went_out_in_files_is_owed_by_its_number(store: Store) -> None:
    """Once, however often it was handed over."""
    add(store, "k-1", S.APPROVED)
    hand_over(store, "k-1")
    repeat = store.outbox.begin_export("datev", ["k-1"], LATER, who=WHO, repeat=True)
    (found,) = owed(store, "datev")
    assert found.receipt == Receipt("k-1", "EXTF_1.csv", "RE-2026-0001")
    assert found.sent_at < repeat.made_at


def test_a_correction_in_a_file_shares_the_open_item_of_what_it_takes_back(store: Store) -> None:
    """It is known there by that number; a document that stands has an open item of its own."""
    add(store, "k-1", S.APPROVED)
    hand_over(store, "k-1")
    assert [each.shares for each in owed(store, "datev")] == [None]
    number = store.billing.cancel("k-1", [reversal_of("k-1")], who=WHO, why="wrong", correction=correction_of("k-1"))
    hand_over(store, store.billing.document(number).summary.key)
    original, correction = owed(store, "datev")
    assert (original.receipt.number, correction.receipt.number) == ("RE-2026-0001", "RE-2026-0001")
    assert (original.number, correction.number) == ("RE-2026-0001", number)
    assert (original.shares, correction.shares) == (GROSS, -GROSS)


def test_a_reading_brings_the_document_along(delivered: Store, clock: Clock) -> None:
    """Both in one transaction, with who and when; all that was told comes back."""
    after = tell(delivered, PART)
    assert states(delivered)["k-1"] is S.PART_PAID
    (kept,) = delivered.payments.of("k-1")
    assert kept.reading == PaymentReading(PART, SINK)
    assert kept.at <= clock.moment
    assert [each.known for each in owed(delivered)] == [after.known]
    details = {"sink": SINK, "state": "part_paid", "open": "950.00 EUR"}
    assert (rows(delivered, audit)[-1]["action"], rows(delivered, audit)[-1]["details"]) == (
        "payment read",
        json.dumps(details),
    )


def test_what_is_settled_is_asked_for_a_while_longer(delivered: Store) -> None:
    """Payments bounce; after that it is left alone."""
    tell(delivered, PAID)
    assert states(delivered)["k-1"] is S.PAID
    assert [each.state for each in owed(delivered)] == [S.PAID]
    assert owed(delivered, settled_since=LATER) == []


def test_a_reading_that_the_lifecycle_forbids_is_not_kept(delivered: Store) -> None:
    """It was made of an older state of the document."""
    (found,) = owed(delivered)
    after, _ = told_of(found, PaymentReading(PAID, SINK))
    delivered.billing.cancel("k-1", [reversal_of("k-1")], who=WHO, why="wrong", correction=correction_of("k-1"))
    with pytest.raises(TransitionError):
        delivered.payments.tell(after, PaymentReading(PAID, SINK), who=WHO)
    assert delivered.payments.of("k-1") == ()


def test_what_a_person_says_is_a_reading_too(delivered: Store) -> None:
    """Paid, and taken back: with who and the day."""
    delivered.billing.set_state("k-1", S.PAID, WHO, "bank", date(2026, 2, 20))
    delivered.billing.set_state("k-1", S.OPEN, "ben", "bounced")
    readings = [each.reading for each in delivered.payments.of("k-1")]
    assert [(each.sink, each.who, each.status.state) for each in readings] == [
        ("", WHO, PaymentState.PAID),
        ("", "ben", PaymentState.OPEN),
    ]
    assert [(each.status.open, each.status.paid_on) for each in readings] == [
        (eur(0), date(2026, 2, 20)),
        (GROSS, None),
    ]


def test_readings_cannot_be_changed(delivered: Store) -> None:
    """Neither updated nor deleted, whoever asks."""
    tell(delivered, PART)
    for change in (sa.delete(payments), sa.update(payments).values(open_units=0)):
        with (
            pytest.raises(sa.exc.DBAPIError, match="may not be changed"),
            delivered.database.writing() as connection,
        ):
            connection.execute(change)
    assert len(delivered.payments.of("k-1")) == 1


def test_open_items_are_what_was_handed_over_and_is_not_paid(delivered: Store) -> None:
    """With all that is known of them."""
    (item,) = delivered.payments.items(SINCE)
    assert (item.number, item.customer, item.agreement, item.gross, item.open) == (
        "RE0001",
        "K1",
        "website",
        GROSS,
        GROSS,
    )
    tell(delivered, PART)
    (item,) = delivered.payments.items(SINCE)
    assert (item.open, item.dunning, item.cancelled, item.corrects) == (eur("950.00"), DUNNING, False, "")
    tell(delivered, PAID)
    assert still_open(delivered) == {}


def test_what_is_settled_is_among_the_items_for_a_while(delivered: Store, clock: Clock) -> None:
    """As long as it was issued, or told of, since the day asked for."""
    tell(delivered, PAID)
    today = clock.moment.date()
    assert [item.open for item in delivered.payments.items(today)] == [eur(0)]
    assert list(delivered.payments.items(today + timedelta(days=1))) == []


def test_what_is_to_go_back_stays_among_the_items(delivered: Store, clock: Clock) -> None:
    """It is asked for, and listed, until it is gone."""
    tell(delivered, PAID)
    tell(delivered, replace(PAID, state=PaymentState.PART_PAID, open=eur("-5.00")))
    later = clock.moment.date() + timedelta(days=1)
    assert [(each.state, each.open) for each in delivered.payments.items(later)] == [
        (PaymentState.OVERPAID, eur("-5.00"))
    ]
    (asked,) = owed(delivered, settled_since=LATER)
    assert asked.state is S.PAID
    tell(delivered, PAID)
    assert list(delivered.payments.items(later)) == []
    assert owed(delivered, settled_since=LATER) == []


def test_a_cancelled_document_and_its_correction_leave_nothing_open(delivered: Store) -> None:
    """Also while the correction still waits; what was never handed over is no item at all."""
    correction = correction_of("k-1", "RE0001")
    delivered.billing.cancel("k-1", [reversal_of("k-1")], who=WHO, why="wrong", correction=correction)
    delivered.billing.cancel("k-2", [], who=WHO, why="wrong")
    first, second = set_off(delivered.payments.items(SINCE))
    assert (first.cancelled, first.open, second.corrects, second.open) == (True, eur(0), "RE0001", eur(0))


def test_how_far_a_sink_was_asked_is_remembered(store: Store) -> None:
    """To the second, one moment per sink."""
    assert store.payments.cursor(SINK) is None
    store.payments.set_cursor(SINK, LONG_AGO)
    store.payments.set_cursor(SINK, LATER)
    assert store.payments.cursor(SINK) == LATER
    assert store.payments.cursor("elsewhere") is None


def test_what_a_source_was_told_is_remembered(delivered: Store) -> None:
    """The last text per source and document; on record where anything was written."""
    delivered.payments.wrote_back("redmine", "k-1", "open", ["issue #7"], who=WHO)
    delivered.payments.wrote_back("redmine", "k-1", "paid", [], who=WHO)
    assert delivered.payments.written_back("redmine") == {"k-1": "paid"}
    assert delivered.payments.written_back("moco") == {}
    deeds = [row for row in rows(delivered, audit) if row["action"] == "status written"]
    assert [json.loads(row["details"]) for row in deeds] == [{"source": "redmine", "places": "issue #7"}]


@pytest.mark.parametrize("recorded", [True, False], ids=["by a person", "without a record"])
def test_payments_recorded_by_an_older_version_are_readings(empty_url: str, *, recorded: bool) -> None:
    """Their day and who recorded them were in the audit trail alone."""
    build(empty_url, "0005")
    engine = open_engine(empty_url, TENANT)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE documents SET state = 'paid'"))
        if recorded:
            details = {"why": "", "on": "2026-02-20"}
            row = {"tenant": TENANT, "at": LONG_AGO, "who": "ben", "action": "document paid", "subject": "k-1"}
            connection.execute(sa.insert(audit), row | {"details": json.dumps(details)})
    engine.dispose()
    with open_store(empty_url, TENANT) as store:
        (kept,) = store.payments.of("k-1")
        on = date(2026, 2, 20) if recorded else None
        assert kept.reading == PaymentReading(
            PaymentStatus("k-1", PaymentState.PAID, eur(0), paid_on=on), who="ben" if recorded else ""
        )
        assert [item.open for item in store.payments.items(SINCE)] == [eur(0)]
