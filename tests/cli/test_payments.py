"""What operators read of payments: settled every night, open items with their ages, and what contradicts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.core.ports import DocumentNews
from connector.sources.ledger import Ledger
from tests.sinks.lexware.tenant import KEY_VARIABLE, lexware_tenant, sends_to
from tests.sinks.lexware.world import KEY
from tests.standins import Fault, Standin, lexware, serving
from tests.support.commands import Ran, honorar
from tests.support.down_payments import paid_ahead
from tests.support.small_tenant import small_tenant
from tests.support.transports import let_nobody_wait

DONE, USAGE, REFUSED, TRY_LATER = 0, 2, 3, 75

JANUARY = "2026-01-31"
MARCH = "2026-03-31"
PAID_ON = date(2026, 2, 10)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    let_nobody_wait(monkeypatch)
    monkeypatch.setattr("connector.http.pace.OwnSlots.reserve", lambda *_: 0)
    monkeypatch.setattr("connector.store.slots.Slots.reserve", lambda *_: 0)


@pytest.fixture
def standin() -> Iterator[Standin]:
    """Yield an organisation without limits."""
    with serving(lexware.api(bucket=None)) as running:
        yield running


@pytest.fixture
def tenant(standin: Standin, tmp_path: Path) -> Path:
    """Return a tenant that handed two invoices over, of 9,916.66 and 476.00."""
    folder = lexware_tenant(tmp_path / "agency", standin.url)
    assert typed(folder, "run", "--as-of", JANUARY).code == DONE
    return folder


def typed(folder: Path, *command: str) -> Ran:
    """Return what the command says."""
    return honorar("--config", folder, "--user", "Anna", *command)


def rows(ran: Ran) -> list[str]:
    """Return the lines with single blanks."""
    return [" ".join(line.split()) for line in ran.out.splitlines()]


def pay(standin: Standin, number: str, amount: str) -> None:
    """Book a payment in the browser."""
    (name,) = (name for name, each in standin.api.documents.items() if each["voucherNumber"] == number)
    standin.api.pay(name, Decimal(amount), PAID_ON)


def problems(ran: Ran) -> list[str]:
    """Return the codes."""
    return [each["code"] for each in ran.json["problems"]]


def test_open_items_with_their_ages(tenant: Path, standin: Standin) -> None:
    """By due date, with the days since; a part payment leaves the rest, and accounting's own word stands beside it."""
    pay(standin, "RE0001", "916.66")
    assert rows(typed(tenant, "settle")) == ["RE0001: part paid, 9,000.00 EUR open"]
    assert rows(typed(tenant, "settle")) == ["Asked for the payment of 2 documents: nothing new."]
    assert rows(typed(tenant, "documents", "--open", "--as-of", MARCH)) == [
        "Document Date Due Customer Agreement Accounting says Days Gross Open",
        "RE0001 31 Jan 2026 14 Feb 2026 K1 website overdue 45 9,916.66 9,000.00 EUR",
        "RE0002 31 Jan 2026 14 Feb 2026 K2 film overdue 45 476.00 476.00 EUR",
        "Open items not due 1–30 days 31–60 61–90 over 90 total",
        "EUR 0.00 0.00 9,476.00 0.00 0.00 9,476.00",
        "Days sales outstanding (90 days) in EUR: 82.1 days",
    ]
    assert rows(typed(tenant, "status", "--as-of", MARCH))[-3:] == [
        "Open items not due 1–30 days 31–60 61–90 over 90 total",
        "EUR 0.00 0.00 9,476.00 0.00 0.00 9,476.00",
        "Days sales outstanding (90 days) in EUR: 82.1 days",
    ]


def test_programs_read_the_same(tenant: Path, standin: Standin) -> None:
    """Amounts are texts, days ISO dates; what was asked for, and what is new."""
    pay(standin, "RE0001", "916.66")
    settled = typed(tenant, "settle", "--json").json
    (changed,) = settled["settled"]["changed"]
    assert (settled["settled"]["asked"], settled["problems"]) == (2, [])
    assert {name: value for name, value in changed.items() if name != "key"} == {
        "number": "RE0001",
        "agreement": "website",
        "state": "part_paid",
        "currency": "EUR",
        "open": "9000.00",
        "paid_on": "2026-02-10",
        "dunning": None,
        "told": "overdue",
    }
    listed = typed(tenant, "documents", "--open", "--agreement", "website", "--as-of", MARCH, "--json").json
    (item,) = listed["items"]
    assert {name: value for name, value in item.items() if name != "key"} == {
        "number": "RE0001",
        "agreement": "website",
        "customer": "K1",
        "issue_date": "2026-01-31",
        "due_date": "2026-02-14",
        "currency": "EUR",
        "gross": "9916.66",
        "open": "9000.00",
        "days_overdue": 45,
        "dunning": None,
        "told": "overdue",
    }
    ages = {"not_due": "0.00", "days_1_30": "0.00", "days_31_60": "9000.00", "days_61_90": "0.00"}
    assert listed["aging"] == [{"currency": "EUR", **ages, "over_90_days": "0.00", "total": "9000.00"}]
    assert listed["dso"] == {"EUR": "81.7"}
    assert typed(tenant, "status", "--as-of", MARCH, "--json").json["receivables"]["dso"] == {"EUR": "82.1"}


def test_it_is_all_said_in_german_too(standin: Standin, tmp_path: Path) -> None:
    """Headings, states, ages, and who said what when."""
    folder = lexware_tenant(tmp_path / "agentur", standin.url, language="de")
    typed(folder, "run", "--as-of", JANUARY)
    pay(standin, "RE0002", "476.00")
    assert rows(typed(folder, "settle")) == ["RE0002: bezahlt"]
    assert rows(typed(folder, "documents", "--open", "--as-of", JANUARY)) == [
        "Beleg Datum Fällig Kunde Vereinbarung Buchhaltung sagt Tage Brutto Offen",
        "RE0001 31.01.2026 14.02.2026 K1 website overdue 9.916,66 9.916,66 EUR",
        "Offene Posten nicht fällig 1–30 Tage 31–60 61–90 über 90 gesamt",
        "EUR 9.916,66 0,00 0,00 0,00 0,00 9.916,66",
        "Außenstandsdauer (DSO, 90 Tage) in EUR: 85,9 Tage",
    ]
    assert "bezahlt am 10.02.2026" in rows(typed(folder, "explain", "RE0002"))[-1]
    assert "Zahlungsstand laut lexware, " in rows(typed(folder, "explain", "RE0002"))[-1]
    assert "Zahlungsstand gelesen" in typed(folder, "audit", "RE0002").out
    pay(standin, "RE0001", "9916.66")
    typed(folder, "settle")
    assert rows(typed(folder, "documents", "--open", "--as-of", JANUARY))[0] == "Keine offenen Posten."


def test_what_people_recorded_stands_until_accounting_knows_it(tenant: Path, standin: Standin) -> None:
    """Every settling says what is missing there; once it is booked, all agree."""
    assert typed(tenant, "paid", "RE0001", "--on", "2026-02-10").code == DONE
    for _ in range(2):
        ran = typed(tenant, "settle", "--json")
        assert (ran.code, problems(ran)) == (DONE, ["PaymentNotConfirmed"])
    assert [each["number"] for each in typed(tenant, "documents", "--open", "--json").json["items"]] == ["RE0002"]
    pay(standin, "RE0001", "9916.66")
    assert problems(typed(tenant, "settle", "--json")) == []
    said = [line for line in rows(typed(tenant, "explain", "RE0001")) if line.startswith("Payment by")]
    assert [line.split()[2].rstrip(",") for line in said] == ["lexware", "Anna", "lexware", "lexware"]


def test_a_payment_that_bounces_is_told(tenant: Path, standin: Standin) -> None:
    """The document is open again."""
    pay(standin, "RE0002", "476.00")
    typed(tenant, "settle")
    pay(standin, "RE0002", "-476.00")
    ran = typed(tenant, "settle")
    assert ran.code == DONE
    assert "Notice [PaymentTakenBack] document RE0002 of film, https://app.lexware.de" in ran.out
    listed = typed(tenant, "documents", "--state", "open", "--json").json["documents"]
    assert [each["number"] for each in listed] == ["RE0001", "RE0002"]


def test_a_run_settles_after_it_has_pushed(tenant: Path, standin: Standin) -> None:
    """In the same object; a vendor who was just out of reach is not asked once more."""
    pay(standin, "RE0002", "476.00")
    ran = typed(tenant, "run", "--as-of", JANUARY, "--json")
    assert [each["state"] for each in ran.json["settled"]["changed"]] == ["paid"]
    standin.api.contract_ended = True
    (tenant / "data" / "progress.csv").write_text(
        "date;project;position;share\n28.02.2026;WEB;A1/2;100 %\n31.01.2026;WEB;A1/1;100 %\n", encoding="utf-8"
    )
    standin.asked.clear()
    failed = typed(tenant, "run", "--as-of", "2026-02-28", "--json")
    assert (failed.code, "settled" in failed.json, len(standin.asked)) == (REFUSED, False, 1)


def test_a_vendor_out_of_reach_is_asked_again_later(tenant: Path, standin: Standin) -> None:
    """What was read before stays read."""
    standin.fail(Fault.SERVER_ERROR, lambda asked: asked.path == "/v1/voucherlist", times=9)
    ran = typed(tenant, "settle", "--json")
    assert (ran.code, ran.json["settled"]["changed"]) == (TRY_LATER, [])
    assert "error" in ran.json


def test_files_tell_no_payments(tmp_path: Path) -> None:
    """A person does; until then all of it is open. Nothing handed over is no item."""
    folder = small_tenant(tmp_path / "files")
    ran = typed(folder, "settle")
    assert (ran.code, "sink datev does not tell what was paid" in ran.err) == (REFUSED, True)
    assert "record payments with: honorar paid" in ran.err
    assert rows(typed(folder, "documents", "--open"))[0] == "No open items."
    assert "settled" not in typed(folder, "run", "--as-of", JANUARY, "--json").json
    typed(folder, "paid", "RE-2026-0001", "--on", "2026-02-10", "--as-of", MARCH)
    (item,) = typed(folder, "documents", "--open", "--as-of", MARCH, "--json").json["items"]
    assert (item["number"], item["open"], item["days_overdue"], item["told"]) == ("RE-2026-0002", "476.00", 45, "")
    typed(folder, "unpaid", "RE-2026-0001", "--reason", "bounced")
    assert len(typed(folder, "documents", "--open", "--json").json["items"]) == 2


def test_a_correction_and_what_it_takes_back_are_no_open_items(tmp_path: Path) -> None:
    """Neither before nor after the correction is handed over."""
    folder = small_tenant(tmp_path / "files")
    typed(folder, "run", "--as-of", JANUARY)
    typed(folder, "cancel", "RE-2026-0001", "--reason", "wrong", "--as-of", JANUARY)
    for _ in range(2):
        listed = typed(folder, "documents", "--open", "--json").json
        assert [(each["number"], each["open"]) for each in listed["items"]] == [("RE-2026-0002", "476.00")]
        typed(folder, "push")


def test_project_tools_are_told_where_they_want_to_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where payments are recorded by people: what is new is told once, by `settle` and by every run."""
    heard: list[str] = []

    def write_status(_: Ledger, news: DocumentNews) -> Iterator[str]:
        heard.append(news.text)
        yield f"ledger: {', '.join(news.projects)}"

    monkeypatch.setattr(Ledger, "writes_status", True, raising=False)
    monkeypatch.setattr(Ledger, "write_status", write_status, raising=False)
    folder = small_tenant(tmp_path / "files", language="de")
    first = typed(folder, "run", "--as-of", JANUARY)
    assert "Zurückgeschrieben: ledger: WEB" in first.out
    typed(folder, "paid", "RE-2026-0001", "--on", "2026-02-10", "--as-of", MARCH)
    typed(folder, "cancel", "RE-2026-0002", "--reason", "falsch", "--as-of", MARCH)
    settled = typed(folder, "settle", "--json").json
    assert (settled["settled"]["asked"], settled["written"]) == (0, ["ledger: WEB", "ledger: FILM", "ledger: FILM"])
    assert typed(folder, "settle", "--json").json["written"] == []
    assert heard == [
        "RE-2026-0001 vom 31.01.2026 über 9.916,66 EUR: 9.916,66 EUR offen, fällig am 14.02.2026",
        "RE-2026-0002 vom 31.01.2026 über 476,00 EUR: 476,00 EUR offen, fällig am 14.02.2026",
        "RE-2026-0001 vom 31.01.2026 über 9.916,66 EUR: bezahlt am 10.02.2026",
        "RE-2026-0002 vom 31.01.2026 über 476,00 EUR: storniert",
        "RE-2026-0003 vom 31.03.2026 über -476,00 EUR: nimmt RE-2026-0002 zurück",
    ]
    assert "Stand ins Projektwerkzeug geschrieben" in typed(folder, "audit", "RE-2026-0001").out


def test_open_and_a_state_are_two_questions(tenant: Path) -> None:
    """One is asked at a time."""
    ran = typed(tenant, "documents", "--open", "--state", "paid")
    assert (ran.code, "choose one" in ran.err) == (USAGE, True)


def test_a_final_invoice_deducts_what_accounting_says_is_paid(standin: Standin, tmp_path: Path) -> None:
    """Nobody types `honorar paid`: the money is booked there, and comes back with the run."""
    folder = sends_to(paid_ahead(tmp_path / "agency"), standin.url)

    def runs(day: str) -> Any:  # noqa: ANN401 - JSON
        return typed(folder, "run", "--as-of", day, "--json").json

    for day in (JANUARY, "2026-02-28", MARCH):
        assert len(runs(day)["documents"]) == 1
    assert [each["code"] for each in runs("2026-04-30")["problems"]] == ["DownPaymentsUnpaid"]
    for number, gross in (("RE0001", "2035.50"), ("RE0002", "7881.17"), ("RE0003", "15073.34")):
        pay(standin, number, gross)
    assert [each["code"] for each in runs("2026-04-30")["problems"]] == ["DownPaymentsUnpaid"]

    (final,) = runs("2026-04-30")["documents"]
    assert (final["kind"], final["net"], final["gross"]) == ("final", "9000.00", "10710.00")


def test_a_final_invoice_deducts_what_accounting_says_is_paid_in_part(standin: Standin, tmp_path: Path) -> None:
    """1,190.00 of 15,073.34 came in, and 5.00 too much of another; what is missing is asked for again."""
    folder = sends_to(paid_ahead(tmp_path / "agency", unpaid="leave_open"), standin.url)
    for day in (JANUARY, "2026-02-28", MARCH):
        assert typed(folder, "run", "--as-of", day).code == DONE
    for number, paid in (("RE0001", "2035.50"), ("RE0002", "7886.17"), ("RE0003", "1190.00")):
        pay(standin, number, paid)
    told = typed(folder, "settle")
    assert sorted(rows(told)[:3]) == [
        "RE0001: paid",
        "RE0002: overpaid, -5.00 EUR open",
        "RE0003: part paid, 13,883.34 EUR open",
    ]
    assert "Notice [Overpaid] document RE0002 of relaunch" in told.out

    (final,) = typed(folder, "run", "--as-of", "2026-04-30", "--json").json["documents"]
    assert (final["kind"], final["net"], final["gross"]) == ("final", "20666.67", "24593.34")
    refused = typed(folder, "cancel", "RE0003", "--reason", "too late", "--as-of", "2026-04-30")
    assert (refused.code, "is deducted in part by" in refused.err) == (REFUSED, True)
