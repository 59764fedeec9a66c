from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.core.errors import DocumentRejected, OutcomeUnknown, UnexpectedAnswer
from connector.core.invoice import DocumentKind, Invoice, InvoiceLine
from connector.core.ports import Receipt
from connector.sinks.sevdesk import Sevdesk
from tests.core.builders import FEBRUARY, eur, invoice, line, vat_decision, vat_rate
from tests.sinks.sevdesk_world import EARLIER, KEY, NIGHT, build, correction, credit_note, document
from tests.standins import Said, Standin, serving
from tests.standins import sevdesk as standin_of_sevdesk

TO = "https://my.sevdesk.de/fi"


@pytest.fixture
def account() -> Iterator[Standin]:
    """Yield an empty account, at night."""
    with serving(standin_of_sevdesk.api(now=lambda: NIGHT)) as standin:
        yield standin


def sink(account: Standin, **wishes: Any) -> Sevdesk:  # noqa: ANN401 - any setting
    """Return the sink of a new process."""
    return build(account.url, **wishes)


def given_back(key: str, net: str = "-250.00") -> InvoiceLine:
    """Return a line that takes something off the document of the key."""
    return replace(line(net), credits=key)


def test_a_credit_note_takes_something_off_an_invoice(account: Standin) -> None:
    """With positive amounts there and a number of another series; what is new on it is set off."""
    built = sink(account)
    invoiced = built.deliver(document())
    booking = credit_note(KEY[::-1], KEY, given_back(KEY), replace(line("50.00"), number=2))
    assert list(built.refusals(booking)) == []
    assert built.find(booking, EARLIER) is None

    receipt = built.deliver(booking)
    (row,) = account.api.credit_notes.rows.values()
    told = built.read(booking, receipt)

    link = f"{TO}/detail/type/CN/id/{row['id']}"
    assert receipt == Receipt(KEY[::-1], f"CreditNote/{row['id']}", "GU-1001", link, row["update"])
    assert (row["bookingCategory"], row["refSrcInvoice"]["id"]) == ("UNDERACHIEVEMENT", invoiced.reference)
    assert (row["sumGross"], row["status"], row["customerInternalNote"]) == ("238", "200", KEY[::-1])
    assert [(each["quantity"], each["price"]) for each in account.api.credit_notes.positions[row["id"]]] == [
        ("1", "250"),
        ("-1", "50"),
    ]
    assert (told.receipt, told.net, told.tax, told.gross, told.lines) == (
        receipt,
        eur("-200.00"),
        eur("-38.00"),
        eur("-238.00"),
        2,
    )
    assert built.find(booking, EARLIER) == receipt
    assert built.find(document(), EARLIER) == invoiced
    (listed,) = (each for each in built.listed(date(2026, 1, 1), ()) if each.reference == receipt.reference)
    assert (listed.key, listed.number, listed.gross) == (KEY[::-1], "GU-1001", eur("-238.00"))


def test_a_credit_note_has_the_days_of_its_invoice(account: Standin) -> None:
    """SevDesk takes no other ones; a line says which days it is about itself."""
    built = sink(account)
    invoiced = account.api.invoices[built.deliver(document()).reference]
    built.deliver(credit_note(KEY[::-1], KEY, replace(given_back(KEY), period=FEBRUARY)))
    (row,) = account.api.credit_notes.rows.values()
    assert [row[name] for name in ("deliveryDate", "deliveryDateUntil")] == [
        invoiced[name] for name in ("deliveryDate", "deliveryDateUntil")
    ]
    ((position,),) = account.api.credit_notes.positions.values()
    assert position["text"] == "Leistungszeitraum 01.02.2026 bis 28.02.2026"


def test_a_draft_of_a_credit_note_has_no_number_yet(account: Standin) -> None:
    """Two drafts would be given the same: the series moves on only when one is issued."""
    sink(account).deliver(document())
    receipt = sink(account, finalize=False).deliver(credit_note())
    assert (receipt.number, receipt.link.rpartition("/type")[0]) == ("", f"{TO}/edit")
    assert next(iter(account.api.credit_notes.rows.values()))["creditNoteNumber"] is None


def test_a_credit_note_left_as_a_draft_is_issued_under_its_number(account: Standin) -> None:
    """Unless another one took it meanwhile: then a person gives it a new one."""
    sink(account).deliver(document())
    for key in ("1" * 32, "2" * 32):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(account.api.credit_notes, "send_by", lambda *_: Said(503, None))
            with pytest.raises(OutcomeUnknown):
                sink(account).deliver(credit_note(key))
    found = sink(account).find(credit_note("1" * 32), EARLIER)
    assert found is not None
    assert found.number == "GU-1001"
    with pytest.raises(DocumentRejected, match="GU-1001 was given to another one meanwhile; it is left as a draft"):
        sink(account).find(credit_note("2" * 32), EARLIER)
    assert [row["status"] for row in account.api.credit_notes.rows.values()] == ["200", "100"]


def test_our_own_number_is_that_of_the_credit_note(account: Standin) -> None:
    """No series is asked for."""
    built = sink(account, numbers="honorar")
    built.deliver(document(number="RE-1"))
    made = credit_note()
    assert built.deliver(replace(made, invoice=replace(made.invoice, number="RE-2"))).number == "RE-2"
    assert account.calls("GET", "/api/v1/SevSequence") == 0


def test_a_credit_note_needs_its_invoice_to_be_issued(account: Standin) -> None:
    """What is a draft, or is not there, cannot be reduced; no customer is made for it."""
    with pytest.raises(DocumentRejected, match="what it takes something off is no issued invoice in sevDesk"):
        sink(account).deliver(credit_note())
    assert account.calls("POST") == 0
    sink(account, finalize=False).deliver(document())
    with pytest.raises(DocumentRejected, match="is no issued invoice"):
        sink(account).deliver(credit_note())


def test_another_rate_than_the_invoices_is_rejected_there(account: Standin) -> None:
    """In the vendor's words, as measured."""
    built = sink(account)
    built.deliver(document())
    with pytest.raises(DocumentRejected, match="Different taxRate than origin document: 7"):
        built.deliver(credit_note(KEY[::-1], KEY, replace(given_back(KEY), vat=vat_decision(vat_rate(7)))))


def test_a_series_that_is_not_understood_gives_no_number(account: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is made under a guessed one."""
    built = sink(account)
    built.deliver(document())
    told = account.api.credit_notes.sequence()
    monkeypatch.setattr(account.api.credit_notes, "sequence", lambda: {**told, "format": "GU"})
    with pytest.raises(UnexpectedAnswer):
        built.deliver(credit_note())
    assert account.api.credit_notes.rows == {}


def test_an_invoice_with_a_credit_note_is_not_cancelled(account: Standin) -> None:
    """SevDesk refuses it."""
    built = sink(account)
    receipt = built.deliver(document())
    built.deliver(credit_note())
    with pytest.raises(DocumentRejected, match="CreditNote exists"):
        built.deliver(correction(receipt.number, document()))


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (credit_note(KEY, "", given_back("1" * 32), given_back("2" * 32)).invoice, "CreditNoteRefused"),
        (invoice(line("-5000.00"), kind=DocumentKind.CREDIT_NOTE), "CreditNoteRefused"),
        (invoice(line("-5000.00"), kind=DocumentKind.PARTIAL), "CreditNoteRefused"),
        (correction("GU-1001", credit_note()).invoice, "CorrectionRefused"),
    ],
)
def test_what_is_below_zero_otherwise_is_refused(account: Standin, made: Invoice, code: str) -> None:
    """Off several documents, or off none; no credit note at all; and what would take a credit note back."""
    refused = [problem for problem in sink(account).refusals(document(made)) if problem.code == code]
    assert [(problem.agreement, problem.holds) for problem in refused] == [("website", True)]
    assert account.asked == []
