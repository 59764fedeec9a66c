"""What an operator types and reads: from a run to a reconciliation, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.sinks.lexware.tenant import KEY_VARIABLE, lexware_tenant, sends_to
from tests.sinks.lexware.world import KEY
from tests.standins import Fault, Standin, lexware, serving
from tests.support.commands import Ran, honorar
from tests.support.small_tenant import small_tenant
from tests.support.transports import let_nobody_wait

JANUARY = ("--as-of", "2026-01-31")


@pytest.fixture
def standin() -> Iterator[Standin]:
    """Yield an organisation without limits."""
    with serving(lexware.api(bucket=None)) as running:
        yield running


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    let_nobody_wait(monkeypatch)
    monkeypatch.setattr("connector.http.pace.OwnSlots.reserve", lambda *_: 0)
    monkeypatch.setattr("connector.store.slots.Slots.reserve", lambda *_: 0)


@pytest.fixture
def tenant(ground: Path, standin: Standin, tmp_path: Path) -> Path:
    """Return a tenant that speaks English."""
    assert ground.is_dir()
    return lexware_tenant(tmp_path / "agency", standin.url)


def run(folder: Path, *command: str) -> Ran:
    """Run the command for January."""
    return honorar("--config", folder, *JANUARY, *command)


def test_a_run_shows_numbers_and_links(tenant: Path, standin: Standin) -> None:
    """Documents are planned under working names; from then on they have the numbers of Lexware Office."""
    assert [each["number"] for each in run(tenant, "bill", "--json").json["documents"]] == []
    ran = run(tenant, "run")
    first, second = standin.api.documents
    assert (ran.code, ran.err) == (0, "")
    assert "E_0001" in ran.out
    assert f"handed over: RE0001 https://app.lexware.de/permalink/invoices/view/{first}" in ran.out
    assert f"handed over: RE0002 https://app.lexware.de/permalink/invoices/view/{second}" in ran.out

    listed = run(tenant, "documents", "--json").json["documents"]
    assert [(each["number"], each["state"]) for each in listed] == [("RE0001", "open"), ("RE0002", "open")]
    assert run(tenant, "status", "--json").json["documents"] == {"open": 2}
    assert run(tenant, "run", "--json").json["pushed"] == []
    assert len(standin.api.documents) == 2
    totals = [each["totalPrice"]["totalGrossAmount"] for each in standin.api.documents.values()]
    assert totals == [Decimal("9916.66"), Decimal("476.00")]


def test_unknowns_are_shown_everywhere_and_settled(
    tenant: Path, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In run, status, outbox and explain; the next run takes over what is there."""
    standin.fail(Fault.ANSWER_LOST, lambda asked: asked.path == "/v1/invoices")
    ran = run(tenant, "run")
    assert ran.code == 1
    assert "[DeliveryUnknown] document E_0001 of website" in ran.out

    assert "1 unknown" in run(tenant, "status").out
    outbox = run(tenant, "outbox")
    assert "E_0001" in outbox.out
    assert "unknown" in outbox.out
    assert "handed over: RE0002 https://app" in outbox.out
    assert "unknown – no whole answer came" in run(tenant, "explain", "E_0001").out

    monkeypatch.setattr("connector.sinks.lexware.sink.SETTLES_AFTER", 0)
    again = run(tenant, "push", "--json")
    assert again.code == 0
    assert [each["number"] for each in again.json["receipts"]] == ["RE0001"]
    explained = run(tenant, "explain", "RE0001").out
    assert explained.splitlines()[-1].startswith("In lexware since ")
    assert len(standin.api.documents) == 2


def test_what_was_rejected_is_released_or_cancelled(tenant: Path, standin: Standin) -> None:
    """The vendor's words stand in run, outbox and audit."""
    standin.api.small_business = True
    ran = run(tenant, "run")
    assert ran.code == 1
    assert "a tax-exempt organisation may only use vatfree" in ran.out
    assert "rejected" in run(tenant, "outbox").out
    assert "a tax-exempt organisation" in run(tenant, "audit", "E_0001").out

    standin.api.small_business = False
    assert run(tenant, "push", "--json").json["pushed"] == []
    assert run(tenant, "release", "E_0001").code == 0
    assert [each["number"] for each in run(tenant, "push", "--json").json["receipts"]] == ["RE0001"]
    assert run(tenant, "cancel", "E_0002", "--reason", "wrong").code == 0
    assert run(tenant, "release", "RE0001").code == 3


def test_a_key_that_is_not_accepted_ends_the_run(tenant: Path, standin: Standin) -> None:
    """Nothing is lost: the documents wait. The key is in no message."""
    monkeypatched = standin.api.answer
    standin.api.answer = lambda asked: monkeypatched(type(asked)(asked.method, asked.path, asked.query, {}, asked.body))
    ran = run(tenant, "run", "--json")
    assert ran.code == 3
    assert "the key is not accepted" in ran.json["error"]
    assert [each["number"] for each in ran.json["documents"]] == ["E_0001", "E_0002"]
    assert KEY not in ran.out + ran.err
    assert run(tenant, "status", "--json").json["documents"] == {"queued": 2}
    del standin.api.answer
    assert run(tenant, "run").code == 0


def test_drafts_keep_their_working_names(tenant: Path, standin: Standin) -> None:
    """And check says so before."""
    sends_to(tenant, standin.url, finalize="false")
    checked = run(tenant, "check")
    assert checked.code == 0
    assert "the API can never finish a draft" in checked.out
    run(tenant, "run")
    listed = run(tenant, "documents", "--json").json["documents"]
    assert [(each["number"], each["state"]) for each in listed] == [("E_0001", "open"), ("E_0002", "open")]
    refused = run(tenant, "cancel", "E_0001", "--reason", "wrong")
    assert refused.code == 3
    assert "is a draft in the accounting system" in refused.err


def test_a_cancelled_invoice_gets_a_credit_note(tenant: Path, standin: Standin) -> None:
    """Tied to the invoice, with the number Lexware Office gives it."""
    run(tenant, "run")
    assert run(tenant, "cancel", "RE0001", "--reason", "wrong address").code == 0
    assert [each["number"] for each in run(tenant, "push", "--json").json["receipts"]] == ["GS0001"]
    (credit,) = [each for each in standin.api.documents.values() if each["voucherNumber"] == "GS0001"]
    assert credit["relatedVouchers"][0]["voucherNumber"] == "RE0001"
    assert "Cancels: Invoice RE0001" in credit["remark"]


def credited(api: lexware.Lexware, name: str) -> None:
    """Write a credit note over all of the invoice, as a person does in the browser."""
    api.pay(name, api.documents[name]["totalPrice"]["totalGrossAmount"], kind="partPaymentCreditNote")


@pytest.mark.parametrize("how", [lexware.Lexware.void, credited], ids=["voided", "credited"])
def test_an_invoice_that_was_cancelled_there_is_cancelled_here_without_another_document(
    tenant: Path, standin: Standin, how: Callable[[lexware.Lexware, str], None]
) -> None:
    """Nothing is left to be credited there; what it billed is due again, and nothing of it stays open."""
    run(tenant, "run")
    first, _ = standin.api.documents
    how(standin.api, first)
    assert "CancelledInSink" in run(tenant, "settle").out
    assert run(tenant, "cancel", "RE0001", "--reason", "wrong customer", "--json").json["correction"] is None
    assert [each["number"] for each in run(tenant, "documents", "--open", "--json").json["items"]] == ["RE0002"]
    assert [each["number"] for each in run(tenant, "run", "--json").json["receipts"]] == ["RE0003"]
    assert run(tenant, "reconcile").code == 0


def test_a_draft_that_was_discarded_there_can_be_billed_again(tenant: Path, standin: Standin) -> None:
    """Cancelled here, it leaves nothing behind; as long as it is there, it is not cancelled."""
    sends_to(tenant, standin.url, finalize="false")
    run(tenant, "run")
    first, second = standin.api.documents
    assert run(tenant, "cancel", "E_0001", "--reason", "wrong").code == 3
    standin.api.discard(first)
    assert "honorar cancel" in run(tenant, "reconcile").out
    assert run(tenant, "cancel", "E_0001", "--reason", "wrong").code == 0
    assert len(run(tenant, "run", "--json").json["pushed"]) == 1
    assert run(tenant, "reconcile").code == 0
    totals = [each["totalPrice"]["totalGrossAmount"] for each in standin.api.documents.values()]
    assert totals == [Decimal("476.00"), Decimal("9916.66")]
    standin.fail(Fault.SERVER_ERROR, lambda asked: asked.path.endswith(second), times=9)
    assert run(tenant, "cancel", "E_0002", "--reason", "wrong").code == 75


def test_a_reconciliation_finds_what_people_did(tenant: Path, standin: Standin) -> None:
    """Copied, discarded, cancelled, or written by hand."""
    run(tenant, "run")
    clean = run(tenant, "reconcile")
    assert (clean.code, clean.out) == (0, "Reconciled: 2 documents here, 2 there.\n")

    first, second = list(standin.api.documents)
    copied = {**standin.api.documents[first], "id": "copy", "voucherNumber": "RE0003"}
    standin.api.documents["copy"], standin.api.kinds["copy"], standin.api.payments["copy"] = copied, "invoices", []
    foreign = {**copied, "id": "foreign", "voucherNumber": "RE0004", "remark": ""}
    standin.api.documents["foreign"], standin.api.kinds["foreign"] = foreign, "invoices"
    standin.api.payments["foreign"] = []
    standin.api.void(second)
    found = run(tenant, "reconcile", "--since", "2026-01-01", "--json")
    assert (found.code, found.json["ours"], found.json["listed"]) == (1, 2, 4)
    assert sorted(each["code"] for each in found.json["problems"]) == [
        "DifferentInSink",
        "DoubleInSink",
        "UnknownInSink",
    ]
    standin.api.discard(first)
    assert "MissingInSink" in run(tenant, "reconcile").out


def test_files_cannot_be_reconciled(tmp_path: Path) -> None:
    """Nobody can ask them."""
    ran = run(small_tenant(tmp_path / "files"), "reconcile")
    assert ran.code == 3
    assert "what sink datev has cannot be listed" in ran.err


def test_it_is_all_said_in_german_too(tmp_path: Path, standin: Standin) -> None:
    """States, links and what to do."""
    folder = lexware_tenant(tmp_path / "agentur", standin.url, language="de")
    standin.fail(Fault.ANSWER_LOST, lambda asked: asked.path == "/v1/invoices")
    ran = run(folder, "run")
    assert "Ob das Buchhaltungsprogramm den Beleg hat, ist ungeklärt." in ran.out
    assert "übergeben: RE0002 https://app.lexware.de" in ran.out
    assert "1 ungeklärt" in run(folder, "status").out
    assert "ungeklärt – no whole answer came" in run(folder, "explain", "E_0001").out
    assert run(folder, "explain", "RE0002").out.splitlines()[-2].startswith("In lexware seit ")
    assert "Beleg übergeben" in run(folder, "audit", "RE0002").out
    assert "Abgeglichen: 1 Belege hier, 2 dort." in run(folder, "reconcile").out
