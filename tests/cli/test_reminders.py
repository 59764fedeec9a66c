"""What operators read and type to remind customers: who is due, written once, by hand, held."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.sinks.lexware.tenant import KEY_VARIABLE, lexware_tenant, sends_to
from tests.sinks.lexware.world import KEY
from tests.standins import Asked, Fault, Standin, lexware, serving
from tests.support.commands import Ran, honorar
from tests.support.down_payments import paid_ahead
from tests.support.small_tenant import small_tenant

DONE, HELD, CONFIG_FAULT, REFUSED = 0, 1, 2, 3

JANUARY, MARCH = "2026-01-31", "2026-03-31"

DUNNING = """\
due_dates = "agreed"
unnamed_customers = "business"

[[level]]
days = 7

[[level]]
days = 21
fee = "2.50"
interest = true

[[level]]
days = 35
interest = true
lump_sum = true
"""


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setattr("connector.http.pace.OwnSlots.reserve", lambda *_: 0)
    monkeypatch.setattr("connector.store.slots.Slots.reserve", lambda *_: 0)


@pytest.fixture
def standin() -> Iterator[Standin]:
    """Yield an organisation without limits."""
    with serving(lexware.api(bucket=None)) as running:
        yield running


@pytest.fixture
def tenant(standin: Standin, tmp_path: Path) -> Path:
    """Return a tenant that handed two invoices over, of 9,916.66 and 476.00, due on 14 February, and read payments."""
    return delivered(lexware_tenant(tmp_path / "agency", standin.url))


def delivered(folder: Path) -> Path:
    """Let the tenant bill January, hand it over and settle, and remind from now on."""
    (folder / "dunning.toml").write_text(DUNNING, encoding="utf-8")
    assert typed(folder, "run", "--as-of", JANUARY).code == DONE
    return folder


def typed(folder: Path, *command: str) -> Ran:
    """Return what the command says."""
    return honorar("--config", folder, "--user", "Anna", *command)


def remind(folder: Path, *more: str, on: str = MARCH) -> Ran:
    """Return what `remind` says on the day."""
    return typed(folder, "remind", "--as-of", on, *more)


def rows(ran: Ran) -> list[str]:
    """Return the lines with single blanks."""
    return [" ".join(line.split()) for line in ran.out.splitlines()]


def problems(ran: Ran) -> list[str]:
    """Return the codes."""
    return [each["code"] for each in ran.json["problems"]]


def test_who_is_due_is_only_shown(tenant: Path, standin: Standin) -> None:
    """With what is asked for; nothing is written anywhere. Nobody is due before the first level."""
    assert rows(remind(tenant)) == [
        "RE0001 · K1 · due on 14 Feb 2026: Payment reminder (dunning level 1), to pay by 7 Apr 2026: 9,916.66 EUR",
        "Open of RE0001: 9,916.66 EUR",
        "RE0002 · K2 · due on 14 Feb 2026: Payment reminder (dunning level 1), to pay by 7 Apr 2026: 476.00 EUR",
        "Open of RE0002: 476.00 EUR",
        "Only shown. To write them: honorar remind --send",
    ]
    assert rows(remind(tenant, on="2026-02-20")) == ["Nobody is to be reminded."]
    assert standin.api.dunnings() == []
    assert rows(remind(tenant)) == rows(remind(tenant))


def test_each_level_is_written_once(tenant: Path, standin: Standin) -> None:
    """However often it is asked for; the next level comes its days after, with fee and interest."""
    sent = remind(tenant, "--send")
    first, second = standin.api.dunnings()
    assert rows(sent) == [
        f"Written: RE0001, Payment reminder: https://app.lexware.de/permalink/dunnings/edit/{first['id']}",
        f"Written: RE0002, Payment reminder: https://app.lexware.de/permalink/dunnings/edit/{second['id']}",
    ]
    assert sent.code == DONE
    for day in (MARCH, "2026-04-13"):
        assert rows(remind(tenant, "--send", on=day)) == ["No reminder written."]
    again = remind(tenant, "--json", on="2026-04-14").json["due"]
    assert [(each["level"], each["fee"], each["interest"]) for each in again] == [
        (2, "2.50", "164.62"),
        (2, "2.50", "7.90"),
    ]
    assert remind(tenant, "--send", on="2026-04-14").code == DONE
    assert [each["title"] for each in standin.api.dunnings()][2:] == ["Reminder 1", "Reminder 1"]


def test_programs_read_how_it_was_reckoned(tenant: Path) -> None:
    """Amounts are texts, days ISO dates; each stretch of the interest with its days and rates."""
    for day in (MARCH, "2026-04-14"):
        assert remind(tenant, "--send", on=day).code == DONE
    ran = remind(tenant, "--json", on="2026-07-10")
    (first, _) = ran.json["due"]
    assert {name: value for name, value in first.items() if name not in ("key", "text", "stretches")} == {
        "number": "RE0001",
        "agreement": "website",
        "customer": "K1",
        "level": 3,
        "name": "Final reminder",
        "on": "2026-07-10",
        "due_date": "2026-02-14",
        "pay_by": "2026-07-17",
        "currency": "EUR",
        "open": "9916.66",
        "fee": "0.00",
        "lump_sum": "40.00",
        "interest": "408.05",
        "total": "10364.71",
    }
    assert first["stretches"] == [
        {
            "from": "2026-02-15",
            "to": "2026-06-30",
            "days": 136,
            "open": "9916.66",
            "base_rate": "1.27",
            "points": "9",
            "interest": "379.47",
        },
        {
            "from": "2026-07-01",
            "to": "2026-07-10",
            "days": 10,
            "open": "9916.66",
            "base_rate": "1.52",
            "points": "9",
            "interest": "28.58",
        },
    ]
    assert "RE0001" in first["text"]
    assert (ran.json["as_of"], ran.json["problems"], ran.code) == ("2026-07-10", [], DONE)


def test_levels_are_shown_wherever_documents_are(tenant: Path) -> None:
    """Among open items and in the explanation, with every part; the audit names who."""
    remind(tenant, "--send")
    assert "overdue, dunning level 1" in rows(typed(tenant, "documents", "--open"))[1]
    (item, _) = typed(tenant, "documents", "--open", "--json").json["items"]
    assert (item["dunning"]["level"], item["dunning"]["on"]) == (1, MARCH)
    explained = rows(typed(tenant, "explain", "RE0001"))
    assert explained[-2].startswith(
        "Payment reminder (dunning level 1) of 31 Mar 2026, to pay by 7 Apr 2026, in lexware: written – https://app"
    )
    assert explained[-1] == "Open of RE0001: 9,916.66 EUR"
    assert "reminder accepted" in typed(tenant, "audit", "RE0001").out


@pytest.mark.parametrize("last", ["2026-10-01T03:00:00+00:00", None])
def test_nobody_is_reminded_by_stale_payments(tenant: Path, standin: Standin, last: str | None) -> None:
    """Neither days after the last reading nor before the first; the list is still shown."""
    with sqlite3.connect(tenant / "data" / "honorar.sqlite") as store:
        store.execute("DELETE FROM cursors WHERE name = 'payments'")
        if last:
            store.execute("INSERT INTO cursors VALUES ('small', 'lexware', 'payments', ?)", (last,))
    store.close()
    shown = remind(tenant, "--json")
    assert (len(shown.json["due"]), problems(shown)) == (2, ["PaymentsNotRead"])
    assert ("last read 2026-10-01" if last else "never read") in shown.json["problems"][0]["message"]
    ran = remind(tenant, "--send", "--json")
    assert (ran.code, ran.json["sent"], problems(ran)) == (HELD, [], ["PaymentsNotRead"])
    assert standin.api.dunnings() == []
    assert typed(tenant, "settle").code == DONE
    assert remind(tenant, "--send").code == DONE


def test_what_was_paid_meanwhile_is_not_reminded_of(tenant: Path, standin: Standin) -> None:
    """Read back, it is not due; not read back yet, the accounting system is asked once more before it is written."""
    first, second = list(standin.api.documents)
    standin.api.pay(first, Decimal("9916.66"))
    ran = remind(tenant, "--send", "--json")
    assert (ran.code, problems(ran)) == (HELD, ["ReminderRejected"])
    assert "the invoice is paid there by now" in ran.json["problems"][0]["message"]
    assert [each["number"] for each in ran.json["sent"]] == ["RE0002"]
    assert typed(tenant, "settle").code == DONE
    assert rows(remind(tenant, "--send")) == ["No reminder written."]
    assert second in str(standin.api.dunnings()[0]["relatedVouchers"])


def test_a_person_may_hold_and_release(tenant: Path) -> None:
    """A disputed document is not reminded of, whatever day it is, until it is released."""
    assert typed(tenant, "hold", "RE0001", "--reason", "disputed").code == DONE
    shown = remind(tenant, "--json")
    assert ([each["number"] for each in shown.json["due"]], shown.code) == (["RE0002"], DONE)
    assert [(each["code"], each["message"]) for each in shown.json["problems"]] == [("RemindersHeld", "disputed")]
    assert [each["number"] for each in remind(tenant, "--send", "--json").json["sent"]] == ["RE0002"]
    assert "disputed" in typed(tenant, "audit", "RE0001").out
    assert typed(tenant, "release", "RE0001").code == DONE
    assert [each["number"] for each in remind(tenant, "--json").json["due"]] == ["RE0001"]
    assert typed(tenant, "release", "RE0001").code == REFUSED


def test_a_person_may_remind(tenant: Path, standin: Standin) -> None:
    """By letter: the level counts from that day, and may be taken back; nothing is written for it."""
    ran = typed(tenant, "reminded", "RE0001", "--on", "2026-03-01", "--reason", "by letter")
    assert rows(ran) == ["RE0001: Payment reminder (dunning level 1) counts as given."]
    assert "by hand, by Anna: written – by letter" in typed(tenant, "explain", "RE0001").out
    assert [(each["number"], each["level"]) for each in remind(tenant, "--json").json["due"]] == [
        ("RE0001", 2),
        ("RE0002", 1),
    ]
    ran = typed(tenant, "unreminded", "RE0001", "--reason", "never posted")
    assert rows(ran) == ["RE0001: Payment reminder (dunning level 1) counts as not given, and becomes due again."]
    assert remind(tenant, "--json").json["due"][0]["level"] == 1
    assert standin.api.dunnings() == []


def test_a_draft_that_was_discarded_is_written_again(tenant: Path, standin: Standin) -> None:
    """Taken back by a person, its level is not lost, although it was read back before."""
    assert remind(tenant, "--send").code == DONE
    assert typed(tenant, "settle").code == DONE
    standin.api.discard(standin.api.dunnings()[0]["id"])
    assert typed(tenant, "unreminded", "RE0001", "--reason", "draft discarded").code == DONE
    for _ in range(2):
        assert [(each["number"], each["level"]) for each in remind(tenant, "--json", on="2026-05-01").json["due"]] == [
            ("RE0001", 1),
            ("RE0002", 2),
        ]
        assert typed(tenant, "settle").code == DONE
    assert len(remind(tenant, "--send", "--json").json["sent"]) == 1


def test_nobody_is_reminded_twice_of_the_same_money(standin: Standin, tmp_path: Path) -> None:
    """A down payment left open, paid in part or not: once the final invoice asks for it, that alone is reminded of.

    One that was deducted in full and then taken back by the bank is asked for nowhere else.
    """
    folder = sends_to(paid_ahead(tmp_path / "agency", unpaid="leave_open"), standin.url)
    (folder / "dunning.toml").write_text(DUNNING, encoding="utf-8")
    for day in (JANUARY, "2026-02-28", MARCH):
        assert typed(folder, "run", "--as-of", day).code == DONE
    first, second, _ = standin.api.documents
    standin.api.pay(first, Decimal("2035.50"))
    standin.api.pay(second, Decimal("1190.00"))
    assert typed(folder, "settle").code == DONE
    assert [each["number"] for each in remind(folder, "--json", on="2026-06-30").json["due"]] == ["RE0002", "RE0003"]
    assert typed(folder, "run", "--as-of", "2026-04-30").code == DONE
    assert [each["number"] for each in remind(folder, "--json", on="2026-06-30").json["due"]] == ["RE0004"]
    standin.api.pay(first, Decimal("-2035.50"))
    assert typed(folder, "settle").code == DONE
    assert [each["number"] for each in remind(folder, "--json", on="2026-06-30").json["due"]] == ["RE0001", "RE0004"]


def test_what_cannot_be_decided_is_refused(tenant: Path, standin: Standin) -> None:
    """A day to come, nothing to take back, nothing open, no level left."""
    assert typed(tenant, "reminded", "RE0001", "--on", "2099-01-01").code == REFUSED
    assert remind(tenant, "--send", on="2099-01-01").code == REFUSED
    refused = typed(tenant, "unreminded", "RE0001", "--reason", "x")
    assert (refused.code, "was not reminded of from here" in refused.err) == (REFUSED, True)
    for day in ("2026-03-01", "2026-04-01", "2026-05-01"):
        assert typed(tenant, "reminded", "RE0001", "--on", day).code == DONE
    assert "has no level left" in typed(tenant, "reminded", "RE0001").err
    standin.api.pay(next(iter(standin.api.documents)), Decimal("9916.66"))
    typed(tenant, "settle")
    assert typed(tenant, "reminded", "RE0001").code == REFUSED
    assert typed(tenant, "reminded", "RE0009").code == REFUSED


def test_what_must_be_decided_first_is_refused_of_a_person_too(tenant: Path) -> None:
    """Whether a customer is a business, where the amounts depend on it."""
    (tenant / "dunning.toml").write_text('due_dates = "agreed"\n[[level]]\ndays = 7\ninterest = true\n', "utf-8")
    refused = typed(tenant, "reminded", "RE0001", "--on", MARCH)
    assert (refused.code, "is a business or a consumer" in refused.err) == (REFUSED, True)


def test_a_lost_answer_is_never_sent_again_blindly(tenant: Path, standin: Standin) -> None:
    """It is found on the invoice where that names it; it was written once."""
    standin.fail(Fault.ANSWER_LOST, lambda asked: asked.path == "/v1/dunnings")
    ran = remind(tenant, "--send", "--json")
    assert (ran.code, problems(ran)) == (HELD, ["ReminderUnknown"])
    shown = remind(tenant, "--json")
    assert ([each["number"] for each in shown.json["due"]], problems(shown)) == ([], ["ReminderUnknown"])
    assert remind(tenant, "--send").code == DONE
    assert len(standin.api.dunnings()) == 2
    assert rows(remind(tenant, "--send")) == ["No reminder written."]


@pytest.mark.parametrize("arrived", [True, False])
def test_what_cannot_be_found_waits_for_a_person(tenant: Path, standin: Standin, arrived: bool) -> None:  # noqa: FBT001 - a case
    """The invoice may name no reminders: then only a person can tell, and says what to type."""
    standin.api.names_dunnings = False
    fault = Fault.ANSWER_LOST if arrived else Fault.SERVER_ERROR
    standin.fail(fault, lambda asked: asked.path == "/v1/dunnings" and b"RE0001" in asked.body)
    remind(tenant, "--send")
    for _ in range(2):
        ran = remind(tenant, "--send", "--json")
        assert (ran.code, problems(ran)) == (HELD, ["ReminderUnknown"])
        assert "honorar reminded RE0001, or honorar unreminded" in ran.json["problems"][0]["hint"]
    if arrived:
        assert typed(tenant, "reminded", "RE0001").code == DONE
    else:
        assert typed(tenant, "unreminded", "RE0001", "--reason", "looked").code == DONE
    assert remind(tenant, "--send").code == DONE
    assert len(standin.api.dunnings()) == 2


def test_drafts_are_not_reminded_of(standin: Standin, tmp_path: Path) -> None:
    """The customer never got them."""
    folder = delivered(lexware_tenant(tmp_path / "drafts", standin.url, finalize="false"))
    ran = remind(folder, "--send", "--json")
    assert (ran.code, problems(ran)) == (HELD, ["DraftNotReminded"] * 2)
    assert standin.api.dunnings() == []


def test_where_accounting_takes_none_a_person_is_told(tmp_path: Path) -> None:
    """Nothing is recorded; the list stays as it is."""
    folder = delivered(small_tenant(tmp_path / "files"))
    assert rows(remind(folder, "--send", on="2026-02-20")) == ["No reminder written."]
    due = remind(folder, "--json").json["due"]
    assert [each["number"] for each in due] == ["RE-2026-0001", "RE-2026-0002"]
    ran = remind(folder, "--send", "--json")
    assert (ran.code, problems(ran)) == (HELD, ["RemindByHand"])
    assert "datev takes no reminders from here" in ran.json["problems"][0]["message"]
    assert remind(folder, "--json").json["due"] == due
    assert typed(folder, "reminded", "RE-2026-0001", "--on", MARCH).code == DONE
    assert [each["number"] for each in remind(folder, "--json").json["due"]] == ["RE-2026-0002"]


def test_without_a_procedure_nobody_is_reminded(standin: Standin, tmp_path: Path) -> None:
    """And the command says what is missing."""
    folder = lexware_tenant(tmp_path / "agency", standin.url)
    for command in (("remind",), ("remind", "--send")):
        ran = typed(folder, *command)
        assert (ran.code, "there is no dunning.toml" in ran.err) == (CONFIG_FAULT, True)


def test_a_key_that_is_not_accepted_ends_the_run(tenant: Path, standin: Standin) -> None:
    """Nothing is written, and all of it is due again."""
    answer = standin.api.answer
    standin.api.answer = lambda asked: answer(Asked(asked.method, asked.path, asked.query, {}, asked.body))
    ran = remind(tenant, "--send", "--json")
    assert (ran.code, ran.json["sent"]) == (REFUSED, [])
    assert "the key is not accepted" in ran.json["error"]
    del standin.api.answer
    assert len(remind(tenant, "--send", "--json").json["sent"]) == 2


def test_it_is_all_said_in_german_too(standin: Standin, tmp_path: Path) -> None:
    """Who is due and why, what was written, and what a person decided."""
    folder = lexware_tenant(tmp_path / "agentur", standin.url, language="de")
    customers = folder / "data" / "customers.csv"
    customers.write_text(customers.read_text(encoding="utf-8").replace(";en", ";de"), encoding="utf-8")
    delivered(folder)
    assert rows(typed(folder, "reminded", "RE0001", "--on", "2026-03-01")) == [
        "RE0001: Zahlungserinnerung (Mahnstufe 1) gilt als gegeben."
    ]
    reckoned = "9.916,66 EUR × 10,27 % × 45 Tage ÷ 365 (Basiszinssatz 1,27 % + 9 %)"
    shown = rows(remind(folder))
    assert shown[:5] == [
        "RE0001 · K1 · fällig am 14.02.2026: 1. Mahnung (Mahnstufe 2), zahlbar bis 07.04.2026: 10.044,72 EUR",
        "Offen aus RE0001: 9.916,66 EUR",
        "Mahngebühr: 2,50 EUR",
        f"Verzugszinsen 15.02.2026 bis 31.03.2026: 125,56 EUR = {reckoned}",
        "zusammen 10.044,72 EUR",
    ]
    assert shown[-1] == "Nur angezeigt. Schreiben: honorar remind --send"
    assert rows(remind(folder, "--send"))[0].startswith("Geschrieben: RE0001, 1. Mahnung: https://app")
    assert "gemahnt" in typed(folder, "audit", "RE0001").out
