from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.core.errors import (
    AuthenticationFailed,
    ConfigError,
    DocumentRejected,
    NotFound,
    OutcomeUnknown,
    UnexpectedAnswer,
)
from connector.core.invoice import DocumentKind, Invoice
from connector.core.party import Address
from connector.core.ports import Checkable, InvoiceSink, ListingSink, Receipt
from connector.core.vat import VatCategory
from connector.sinks.sevdesk import Sevdesk
from tests.core.builders import FEBRUARY, eur, invoice, line, party
from tests.sinks.sevdesk_world import EARLIER, KEY, NIGHT, build, correction, document, taxed
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


def test_the_sink_is_what_it_should_be(account: Standin) -> None:
    """It can be asked for everything the engine asks, and calls nothing before it is."""
    built = sink(account)
    assert isinstance(built, InvoiceSink)
    assert isinstance(built, ListingSink)
    assert isinstance(built, Checkable)
    assert account.asked == []


def test_it_says_what_it_can_do(account: Standin) -> None:
    """It numbers, credits, cancels and reminds; final invoices in full and payments are not for it."""
    can = sink(account).capabilities
    assert (can.numbers, can.finalises, can.credit_notes, can.reversals, can.finds_by_reference) == (True,) * 5
    assert (can.final_in_full, can.books_payments) == (False,) * 2
    assert (can.duns, can.finds_reminders) == (True, True)
    assert (can.currency, can.settles_after) == ("EUR", 120)
    assert not sink(account, finalize=False).capabilities.finalises


def test_whoever_numbers_himself_cannot_correct(account: Standin) -> None:
    """Cancellations are numbered over there."""
    can = sink(account, numbers="honorar").capabilities
    assert (can.numbers, can.reversals) == (False, False)


def test_an_invoice_is_issued_and_read_back(account: Standin) -> None:
    """It has its number, and a link that leads to it."""
    built = sink(account)
    receipt = built.deliver(document())
    (row,) = account.api.invoices.values()

    assert receipt == Receipt(KEY, row["id"], "RE-1001", f"{TO}/detail/type/RE/id/{row['id']}", row["update"])
    assert (row["status"], row["sendType"]) == ("200", "VPDF")
    told = built.read(document(), receipt)
    assert (told.receipt, told.net, told.tax, told.gross, told.lines) == (
        receipt,
        eur("5000.00"),
        eur("950.00"),
        eur("5950.00"),
        1,
    )


def test_a_draft_stays_one_where_that_is_wanted(account: Standin) -> None:
    """It has no number, and its link leads to where it can be edited; a later search does not issue it either."""
    for built in (sink(account, finalize=False), sink(account, drafts_for=["website"])):
        booking = document(key=f"{len(account.api.invoices):032x}")
        receipt = built.deliver(booking)
        assert (receipt.number, receipt.link) == ("", f"{TO}/edit/type/RE/id/{receipt.reference}")
        assert built.find(booking, EARLIER) == receipt
        assert built.read(booking, receipt).receipt.number == ""
    assert account.calls("PUT") == 0


def test_our_own_number_is_sent_where_we_number(account: Standin) -> None:
    """And stays."""
    receipt = sink(account, numbers="honorar").deliver(document(number="RE-2026-0007"))
    assert receipt.number == "RE-2026-0007"


def test_a_working_number_is_never_sent(account: Standin) -> None:
    """It is no number."""
    assert sink(account).deliver(document(number="E_0001")).number == "RE-1001"


def test_what_is_asked_of_the_account_is_asked_once(account: Standin) -> None:
    """A second document of the same customer takes two writes and nothing else."""
    built = sink(account)
    built.deliver(document())
    before = len(account.asked)
    built.deliver(document(key=f"{2:032x}"))
    assert [asked.method for asked in account.asked[before:]] == ["POST", "PUT"]


def test_a_draft_that_is_added_up_differently_is_not_issued(account: Standin) -> None:
    """The difference is told with both sides and where the draft is left; a second attempt leaves it so."""
    account.api.adds = Decimal("0.01")
    built = sink(account)
    with pytest.raises(DocumentRejected) as caught:
        built.deliver(document())
    (row,) = account.api.invoices.values()
    assert caught.value.message == (
        "sevDesk adds it up differently: VAT 950.00 EUR here, 950.01 EUR there; gross 5950.00 EUR here, 5950.01 EUR "
        f"there; it is left as a draft: {TO}/edit/type/RE/id/{row['id']}"
    )
    with pytest.raises(DocumentRejected):
        built.find(document(), EARLIER)
    assert row["status"] == "100"


def test_a_draft_that_a_person_issued_all_the_same_is_taken_over(account: Standin) -> None:
    """The difference is found again when it is read back."""
    account.api.adds = Decimal("0.01")
    built = sink(account)
    with pytest.raises(DocumentRejected):
        built.deliver(document())
    account.api.issue(next(iter(account.api.invoices)))
    receipt = built.find(document(), EARLIER)
    assert receipt is not None
    assert built.read(document(), receipt).tax == eur("950.01")


@pytest.mark.parametrize("spelling", ["customerInternalNote", "customerIntenalNote", ""])
def test_it_is_found_however_the_filter_is_spelt(account: Standin, spelling: str) -> None:
    """As measured, as documented, or ignored; among more documents than a page holds."""
    account.api.note_filter = spelling
    for _ in range(3):
        build(account.url).deliver(document(key=f"{len(account.api.invoices) + 1:032x}"))
    rows = account.api.invoices
    template = next(iter(rows.values()))
    rows |= {str(number): {**template, "id": str(number)} for number in range(1, 1001)}
    receipt = sink(account).deliver(document())

    assert sink(account).find(document(), EARLIER) == receipt
    assert sink(account).find(document(key="f" * 32), EARLIER) is None


def test_a_draft_left_behind_is_finished_by_the_search(account: Standin) -> None:
    """It is issued, and not made again."""
    receipt = sink(account, finalize=False).deliver(document())
    found = sink(account).find(document(), EARLIER)
    assert found is not None
    assert (found.reference, found.number) == (receipt.reference, "RE-1001")
    assert len(account.api.invoices) == 1


def test_of_several_the_oldest_is_found(account: Standin) -> None:
    """People copy documents, and the note with them; what hangs on it is none of them."""
    receipt = sink(account).deliver(document())
    row = account.api.invoices[receipt.reference]
    for number, kind in (("135589999", "RE"), ("135580000", "MA"), ("99", "SR")):
        account.api.invoices[number] = {**row, "id": number, "invoiceType": kind}
    assert sink(account).find(document(), EARLIER) == receipt


def test_a_correction_cancels_the_invoice(account: Standin) -> None:
    """The cancellation has a number of its own and our amounts, below zero."""
    built = sink(account)
    original = built.deliver(document())
    booking = correction(original.number, document())
    assert list(built.refusals(booking)) == []
    assert built.find(booking, EARLIER) is None

    receipt = built.deliver(booking)
    told = built.read(booking, receipt)

    assert (receipt.number, receipt.link) == ("RE-1002", f"{TO}/detail/type/SR/id/{receipt.reference}")
    assert (told.net, told.tax, told.gross, told.lines) == (eur("-5000.00"), eur("-950.00"), eur("-5950.00"), 1)
    assert told.receipt.key == booking.invoice.key
    assert built.find(booking, EARLIER) == receipt
    assert built.find(document(), EARLIER) == replace(original, version=original.version)


def test_cancelling_twice_is_refused_over_there(account: Standin) -> None:
    """So a correction cannot be doubled; one that a person made is found."""
    built = sink(account)
    booking = correction(built.deliver(document()).number, document())
    built.deliver(booking)
    with pytest.raises(DocumentRejected, match="already canceled"):
        built.deliver(booking)


def test_a_refusal_within_status_200_is_one(account: Standin) -> None:
    """A part paid invoice is not cancelled, which sevDesk tells with a friendly status."""
    built = sink(account)
    receipt = built.deliver(document())
    account.api.pay(receipt.reference, Decimal(100), NIGHT)
    with pytest.raises(DocumentRejected, match="Partially Paid Invoices can not be deleted"):
        built.deliver(correction(receipt.number, document()))


def test_what_is_not_there_or_a_draft_is_not_cancelled(account: Standin) -> None:
    """By number it is looked for, and issued it must be."""
    built = sink(account)
    with pytest.raises(DocumentRejected, match="it takes back RE-1, which sevDesk does not have"):
        built.deliver(correction("RE-1", document()))
    sink(account, finalize=False, numbers="honorar").deliver(document(number="RE-1"))
    with pytest.raises(DocumentRejected, match="as an issued invoice"):
        built.deliver(correction("RE-1", document()))
    assert built.find(correction("RE-1", document()), EARLIER) is None


def test_an_answer_without_an_id_leaves_it_unknown(account: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was taken, but nobody knows as what."""
    built = sink(account)
    built.deliver(document())
    monkeypatch.setattr(account.api, "_save", lambda _: Said(201, {"objects": None}))
    with pytest.raises(OutcomeUnknown, match="names no id"):
        built.deliver(document(key=f"{2:032x}"))


def test_whatever_the_answer_to_the_issue_is_the_number_comes_with_the_reading(
    account: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The documentation speaks of an entry of a log."""
    issue = account.api._send_by  # noqa: SLF001 - the answer alone is replaced

    def logged(name: str, body: Any) -> Said:  # noqa: ANN401 - any JSON
        issue(name, body)
        return Said(200, {"objects": {"id": "1", "objectName": "InvoiceLog", "status": None}})

    monkeypatch.setattr(account.api, "_send_by", logged)
    built = sink(account)
    receipt = built.deliver(document())
    assert receipt.number == ""
    assert built.read(document(), receipt).receipt.number == "RE-1001"


def test_what_was_discarded_is_not_found(account: Standin) -> None:
    """By the documentation that is a bad request, as measured not found."""
    built = sink(account)
    receipt = built.deliver(document())
    account.api.discard(receipt.reference)
    with pytest.raises(NotFound):
        built.read(document(), receipt)


def test_an_issued_document_without_a_number_is_not_understood(account: Standin) -> None:
    """Nothing is taken over from it."""
    built = sink(account)
    receipt = built.deliver(document())
    account.api.invoices[receipt.reference]["invoiceNumber"] = None
    with pytest.raises(UnexpectedAnswer, match="has no number"):
        built.read(document(), receipt)


@pytest.mark.parametrize(("system", "fields"), [("2.0", {"taxRule": "1"}), ("1.0", {"taxType": "default"})])
def test_the_account_is_asked_for_its_book_keeping(account: Standin, system: str, fields: dict[str, str]) -> None:
    """Unless the settings say it."""
    account.api.system = system
    sink(account).deliver(document())
    sink(account, bookkeeping=system).deliver(document(key=f"{2:032x}"))
    for row in account.api.invoices.values():
        told = {**row, "taxRule": (row.get("taxRule") or {}).get("id")}
        assert {name: told[name] for name in fields} == fields
    assert account.calls("GET", "/api/v1/Tools") == 1


def test_what_only_the_other_book_keeping_knows_is_rejected(account: Standin) -> None:
    """As it was not said before, it is found out late; nothing was sent."""
    account.api.system = "1.0"
    booking = document(invoice(taxed(VatCategory.EXPORT)))
    assert list(sink(account).refusals(booking)) == []
    with pytest.raises(DocumentRejected, match=r"book-keeping 1\.0 has nothing for VAT category G"):
        sink(account).deliver(booking)
    assert account.calls("POST") == 0


def test_check_tries_the_token_and_compares_the_book_keeping(account: Standin) -> None:
    """A wrong version is told; a wrong token is an error."""
    assert list(sink(account).check()) == []
    (problem,) = sink(account, bookkeeping="1.0").check()
    assert (problem.code, problem.place) == ("BookkeepingDiffers", "sevdesk: bookkeeping")
    with pytest.raises(AuthenticationFailed):
        list(sink(account, api_token="two words").check())  # noqa: S106 - of no account


def test_a_book_keeping_that_is_not_known_is_not_guessed(account: Standin) -> None:
    """A later one may want other fields."""
    account.api.system = "3.0"
    with pytest.raises(UnexpectedAnswer):
        list(sink(account).check())


def test_check_tells_that_the_contact_person_is_not_clear(account: Standin) -> None:
    """With the ids to choose from."""
    account.api.users["1551096"] = "Ben Nord"
    with pytest.raises(ConfigError, match="the account has 2 users") as caught:
        list(sink(account).check())
    assert "1551095 Anna Nord, 1551096 Ben Nord" in caught.value.hint
    assert list(sink(account, contact_person=1551096).check()) == []


def with_buyer(**changes: Any) -> Invoice:  # noqa: ANN401 - any field of a party
    """Return an invoice of a changed customer."""
    return invoice(buyer=replace(party(), **changes))


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (invoice(line("-5000.00"), kind=DocumentKind.CREDIT_NOTE), "CreditNoteRefused"),
        (invoice(taxed(VatCategory.OUTSIDE_SCOPE)), "TaxRuleMissing"),
        (invoice(taxed(percent=16)), "VatRateRefused"),
        (invoice(line(period=FEBRUARY)), "ServiceAfterInvoice"),
        (invoice(line(text=" ")), "TextMissing"),
        (with_buyer(name=""), "BuyerIncomplete"),
        (with_buyer(address=Address()), "BuyerIncomplete"),
    ],
)
def test_what_sevdesk_cannot_do_is_refused(account: Standin, made: Invoice, code: str) -> None:
    """Before anything is sent, with the document and its agreement."""
    refused = [problem for problem in sink(account).refusals(document(made)) if problem.code == code]
    assert [(problem.agreement, problem.holds) for problem in refused] == [("website", True)]
    assert account.asked == []


def test_what_it_can_do_is_not_refused(account: Standin) -> None:
    """A service may begin on the day of the invoice, and last."""
    in_advance = invoice(line(period=FEBRUARY), issue_date=FEBRUARY.start)
    for made in (invoice(), in_advance, invoice(taxed(VatCategory.REVERSE_CHARGE))):
        assert list(sink(account).refusals(document(made))) == []


def test_a_named_book_keeping_refuses_early(account: Standin) -> None:
    """What 1.0 has nothing for is known before anything is sent; a tax set is something."""
    made = document(invoice(taxed(VatCategory.REVERSE_CHARGE)))
    assert [problem.code for problem in sink(account, bookkeeping="1.0").refusals(made)] == ["TaxRuleMissing"]
    assert list(sink(account, bookkeeping="1.0", tax_sets={"AE": 7}).refusals(made)) == []


def test_everything_in_the_account_is_listed(account: Standin) -> None:
    """Whoever made it: invoices with our key, cancellations and credit notes without, drafts without number."""
    built = sink(account)
    first = built.deliver(document())
    cancelled = built.deliver(correction(first.number, document()))
    draft = sink(account, finalize=False).deliver(document(key=f"{2:032x}", issue_date=date(2026, 2, 1)))
    account.api.remind(first.reference)
    credit = account.api.add_credit_note(Decimal("119.00"), NIGHT)
    credit_link = f"{TO}/detail/type/CN/id/{credit['id']}"
    by_reference = {row.reference: row for row in built.listed(date(2026, 1, 31), ())}

    assert set(by_reference) == {first.reference, cancelled.reference, draft.reference, f"CreditNote/{credit['id']}"}
    row = by_reference[first.reference]
    assert (row.key, row.number, row.issued_on, row.customer) == (KEY, "RE-1001", date(2026, 1, 31), party().name)
    assert (row.gross, row.link, row.cancelled) == (eur("5950.00"), first.link, True)
    row = by_reference[cancelled.reference]
    assert (row.key, row.number, row.gross, row.cancelled) == ("", "RE-1002", eur("-5950.00"), False)
    row = by_reference[draft.reference]
    assert (row.key, row.number, row.issued_on) == (f"{2:032x}", "", date(2026, 2, 1))
    row = by_reference[f"CreditNote/{credit['id']}"]
    assert (row.key, row.number, row.gross, row.link) == ("", "GU-1000", eur("-119.00"), credit_link)


def test_a_list_begins_on_the_day(account: Standin) -> None:
    """The days before are left out, also where the filter is not known."""
    sink(account).deliver(document())
    account.api.add_credit_note(Decimal("119.00"), datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    rows = list(sink(account).listed(date(2026, 2, 1), ()))
    assert [row.issued_on for row in rows] == [date(2026, 2, 1)]
    assert list(sink(account).listed(date(2026, 2, 2), ())) == []


def test_a_row_without_a_day_is_not_understood(account: Standin) -> None:
    """It is no document that could be compared."""
    receipt = sink(account).deliver(document())
    listed = account.api.invoices[receipt.reference]
    account.api._is_listed = lambda *_: True  # noqa: SLF001 - the filter would need the day
    for day, words in ((None, "has no invoiceDate"), ("soon", "invoiceDate is not a moment")):
        listed["invoiceDate"] = day
        with pytest.raises(UnexpectedAnswer, match=words):
            list(sink(account).listed(date(2026, 1, 1), ()))


def test_reverse_charge_carries_its_reason(account: Standin) -> None:
    """For a customer in another country it is another tax rule than at home."""
    reason = "Steuerschuldnerschaft des Leistungsempfängers"
    for number, (country, rule) in enumerate((("DE", "5"), ("AT", "21")), start=1):
        made = invoice(taxed(VatCategory.REVERSE_CHARGE, note=reason), buyer=party(country=country))
        receipt = sink(account).deliver(document(made, key=f"{number:032x}"))
        row = account.api.invoices[receipt.reference]
        assert (row["taxRule"]["id"], row["taxText"]) == (rule, reason)
        assert row["addressCountry"]["id"] == ("1" if country == "DE" else "3")
