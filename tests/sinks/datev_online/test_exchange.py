from __future__ import annotations

from datetime import date

import pytest

from connector.core.errors import HonorarError, NotAllowed, Unavailable, UnexpectedAnswer
from connector.core.payment import PaymentState, PaymentStatus
from connector.core.ports import Checkable, Receipt, StatusSource
from connector.core.problems import Problem
from tests.core.builders import eur
from tests.sinks.datev_online.world import Office
from tests.standins import Asked, Fault, Said, datev_online

DEBTOR = 100010000

RECEIPTS = [Receipt(f"key-{number}", "file", f"RE-{number}") for number in (1, 2, 3)]


@pytest.fixture
def office(stranger: Office) -> Office:
    """Return a client whose payments come back from postings; the year has begun."""
    stranger.wishes["payments"] = "exchange"
    stranger.log_in()
    stranger.api.postings[20260101] = []
    stranger.standin.asked.clear()
    return stranger


def told(office: Office) -> list[PaymentStatus | Problem]:
    """Return what the postings say of the documents."""
    sink = office.sink()
    assert isinstance(sink, StatusSource)
    return list(sink.statuses(RECEIPTS, None))


def states(office: Office) -> dict[str, PaymentState]:
    """Return the states told, by key."""
    return {each.key: each.state for each in told(office) if isinstance(each, PaymentStatus)}


def test_payments_come_back_from_postings(office: Office) -> None:
    """Of what is booked; a document that the adviser has not taken over yet is not told of."""
    office.api.post(20260101, DEBTOR, "RE-1", debit="119.00")
    office.api.post(20260101, DEBTOR, "RE-1", credit="119.00", date="2026-02-10")
    office.api.post(20260101, DEBTOR, "RE-2", debit="119.00")
    assert told(office) == [
        PaymentStatus("key-1", PaymentState.PAID, eur("0.00"), date(2026, 2, 10), word="postings"),
        PaymentStatus("key-2", PaymentState.OPEN, eur("119.00"), word="postings"),
    ]


def test_without_the_setting_the_sink_tells_no_payments(stranger: Office) -> None:
    """Then a person records them, and no scope is asked for."""
    assert not isinstance(stranger.sink(), StatusSource)
    stranger.log_in(payments="exchange")
    assert stranger.api.consents[-1]["scope"].split()[2] == "datev:accounting:exchange"
    stranger.log_in()
    assert "exchange" not in stranger.api.consents[-1]["scope"]


def test_other_ways_of_payments_are_those_of_files(stranger: Office) -> None:
    """Lists and DATEVconnect need no log-in; `check` asks DATEVconnect too."""
    folder = stranger.folder / "in" / "opos"
    folder.mkdir(parents=True)
    (folder / "2026-03-31.csv").write_text("Konto;Belegfeld 1;Saldo\n10001;RE-1;119,00\n")
    stranger.wishes["payments"] = "opos"
    assert states(stranger) == {"key-1": PaymentState.OPEN}
    assert [each.code for each in stranger.sink().check()] == ["LoginMissing"]
    wishes = {"datevconnect_client": "x", "datevconnect_user": "anna", "datevconnect_url": stranger.standin.url}
    sink = stranger.sink(payments="datevconnect", **wishes)
    assert isinstance(sink, Checkable)
    with pytest.raises(HonorarError, match="nothing at this address"):
        list(sink.check())


def test_years_are_added_up_and_opening_balances_are_not(office: Office) -> None:
    """Billed last year, carried over, paid this year; only the oldest year read counts what was carried into it."""
    office.api.post(20250101, DEBTOR, "RE-1", debit="119.00", date="2025-12-15")
    office.api.post(20260101, DEBTOR, "RE-1", debit="119.00", date="2026-01-01", isOpeningBalancePosting=True)
    office.api.post(20260101, DEBTOR, "RE-1", credit="119.00", date="2026-02-10")
    assert states(office) == {"key-1": PaymentState.PAID}
    office.wishes["payment_years"] = 1
    assert states(office) == {"key-1": PaymentState.PAID}


def test_every_page_is_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """DATEV says how many there are."""
    monkeypatch.setattr(datev_online, "PAGE_SIZE", 2)
    for _ in range(4):
        office.api.post(20260101, DEBTOR, "RE-9", debit="1.00")
    office.api.post(20260101, DEBTOR, "RE-1", debit="119.00")
    assert states(office) == {"key-1": PaymentState.OPEN}
    assert sum(asked.value("page") == "3" for asked in office.standin.asked) == 1


def test_a_faulty_item_is_told_and_the_others_go_on(office: Office) -> None:
    """One posting in foreign money, one that is fine."""
    office.api.post(20260101, DEBTOR, "RE-1", debit="119.00", currencyCode="CHF")
    office.api.post(20260101, DEBTOR, "RE-2", debit="119.00")
    problem, status = told(office)
    assert isinstance(problem, Problem)
    assert isinstance(status, PaymentStatus)


@pytest.mark.parametrize("state", ["FAILED", "DELETED"])
def test_an_export_that_fails_is_made_again_by_the_next_run(office: Office, state: str) -> None:
    """It changed nothing."""
    office.api.post(20260101, DEBTOR, "RE-1", debit="119.00")
    office.api.fails_with = state
    with pytest.raises(Unavailable, match=f"not gathered the postings: {state}"):
        told(office)
    office.api.fails_with = ""
    assert states(office) == {"key-1": PaymentState.OPEN}


def test_an_export_that_takes_too_long_is_left(office: Office) -> None:
    """After wait_seconds."""
    office.api.busy_for = 100
    began = office.clock()
    with pytest.raises(Unavailable, match="PENDING"):
        told(office)
    assert (office.clock() - began).total_seconds() == 120


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_leaves_the_reading_to_the_next_run(office: Office, fault: Fault) -> None:
    """Reading changes nothing, so that it may simply be done again."""
    office.standin.slow_seconds = 0.001
    office.api.post(20260101, DEBTOR, "RE-1", debit="119.00")
    office.standin.fail(fault, lambda asked: asked.method == "POST")
    try:
        first = states(office)
    except (Unavailable, UnexpectedAnswer):
        first = states(office)
    assert first == {"key-1": PaymentState.OPEN}


@pytest.mark.parametrize(
    ("where", "body"),
    [
        ("/fiscal-years", b'["2026"]\n'),
        ("/account-postings", b"{}"),
        ("/account-postings", b"[]"),
        ("/state", b"{}"),
        ("/state", b"[]"),
        ("/account-postings-jobs/", b"[7]\n"),
    ],
)
def test_an_answer_that_cannot_be_understood_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch, where: str, body: bytes
) -> None:
    """Nothing is concluded from half of the postings."""
    answer = office.api.answer

    def bent(asked: Asked) -> Said:
        return Said(200, body) if asked.path.endswith(where) or f"{where}" in asked.path[:-36] else answer(asked)

    monkeypatch.setattr(office.api, "answer", bent)
    with pytest.raises(UnexpectedAnswer, match="not what is documented"):
        told(office)


def test_a_page_count_that_is_none_means_one_page(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is told."""
    office.api.post(20260101, DEBTOR, "RE-1", debit="119.00")
    answer = office.api.answer

    def without_pages(asked: Asked) -> Said:
        said = answer(asked)
        return Said(said.status, said.body, {**said.headers, "x-total-pages": "many"})

    monkeypatch.setattr(office.api, "answer", without_pages)
    assert states(office) == {"key-1": PaymentState.OPEN}


def test_a_log_in_without_the_scope_is_told(office: Office) -> None:
    """It was made before payments were wanted."""
    for token, (until, _) in office.api.access.items():
        office.api.access[token] = until, "openid"
    with pytest.raises(NotAllowed, match="Missing scope"):
        told(office)
