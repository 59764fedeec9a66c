from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.core.booking import Booking
from connector.core.errors import (
    AuthenticationFailed,
    DocumentRejected,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    RefusedError,
    UnexpectedAnswer,
)
from connector.core.invoice import DocumentKind, Invoice, Prepayment
from connector.core.party import Address
from connector.core.ports import Checkable, InvoiceSink, ListingSink, Receipt
from connector.core.vat import VatCategory
from connector.sinks.lexware.calls import speaks_of_rate, words
from connector.sinks.lexware.settings import XRechnung
from tests.core.builders import JANUARY, booking, eur, invoice, line, party, vat_decision, vat_rate
from tests.sinks.lexware.world import NIGHT, Desk, key_of, settings_of, sink_at
from tests.standins import Asked, Said

PERMALINK = "https://app.lexware.de/permalink"


def document(number: int = 1, *lines: Any, **parts: Any) -> Invoice:  # noqa: ANN401 - as the builder takes them
    """Return an invoice with a key in its usual form."""
    return invoice(*lines, key=key_of(number), **parts)


def delivered(desk: Desk, made: Invoice, **wishes: Any) -> Receipt:  # noqa: ANN401 - any setting
    """Deliver the document and return the receipt, read back."""
    sink = sink_at(desk.standin, **wishes)
    return sink.read(booking(made), sink.deliver(booking(made))).receipt


def test_the_sink_is_what_it_should_be(desk: Desk) -> None:
    """It can be asked for everything the engine asks."""
    sink = sink_at(desk.standin)
    assert isinstance(sink, InvoiceSink)
    assert isinstance(sink, ListingSink)
    assert isinstance(sink, Checkable)
    assert desk.standin.asked == []


def test_it_says_what_it_can_do(desk: Desk) -> None:
    """Numbers are its own to give, and it takes reminders; final invoices in full and payments are not for it."""
    can = sink_at(desk.standin).capabilities
    assert (can.numbers, can.finalises, can.final_in_full, can.books_payments) == (True,) * 2 + (False,) * 2
    assert (can.duns, can.finds_reminders) == (True, False)
    assert (can.most_lines, can.line_text, can.currency, can.settles_after) == (300, 255, "EUR", 60)
    assert not sink_at(desk.standin, finalize=False).capabilities.finalises


def test_an_invoice_is_issued_and_read_back_with_number_and_link(desk: Desk) -> None:
    """One search for the customer, one to make it, one create, one read."""
    sink = sink_at(desk.standin)
    made = booking(document())
    receipt = sink.deliver(made)
    back = sink.read(made, receipt)
    assert (receipt.key, receipt.number) == (key_of(1), "")
    assert (back.net, back.tax, back.gross, back.lines) == (eur("5000.00"), eur("950.00"), eur("5950.00"), 1)
    assert back.receipt.number == "RE0001"
    assert receipt.link == back.receipt.link == f"{PERMALINK}/invoices/view/{receipt.reference}"
    assert [asked.method for asked in desk.standin.asked] == ["GET", "POST", "POST", "GET"]
    assert desk.standin.asked[2].query == {"finalize": ["true"]}


def test_further_documents_of_a_customer_take_two_requests(desk: Desk) -> None:
    """One create and one read back."""
    sink = sink_at(desk.standin)
    sink.deliver(booking(document()))
    desk.standin.asked.clear()
    again = booking(document(2))
    sink.read(again, sink.deliver(again))
    assert [asked.method for asked in desk.standin.asked] == ["POST", "GET"]


@pytest.mark.parametrize("wishes", [{"finalize": False}, {"drafts_for": ("website",)}])
def test_a_draft_has_no_number_that_would_stay(desk: Desk, wishes: dict[str, Any]) -> None:
    """Its link leads to where it is finished; the parameter is left out, not set to false."""
    receipt = delivered(desk, document(), **wishes)
    (there,) = desk.api.documents.values()
    assert (there["voucherStatus"], there["voucherNumber"], receipt.number) == ("draft", "RE0001", "")
    assert receipt.link == f"{PERMALINK}/invoices/edit/{receipt.reference}"
    assert "finalize" not in desk.standin.asked[-2].query


def test_a_credit_note_comes_back_with_our_signs(desk: Desk) -> None:
    """It is positive there, and negative here."""
    sink = sink_at(desk.standin)
    made = booking(document(1, line("-100.00"), kind=DocumentKind.CREDIT_NOTE))
    receipt = sink.deliver(made)
    back = sink.read(made, receipt)
    assert (back.net, back.tax, back.gross) == (eur("-100.00"), eur("-19.00"), eur("-119.00"))
    assert receipt.link == f"{PERMALINK}/credit-notes/view/{receipt.reference}"
    (there,) = desk.api.documents.values()
    assert there["totalPrice"]["totalGrossAmount"] == Decimal("119.00")


def correction(number: str) -> Invoice:
    """Return what takes the first invoice back."""
    lines = (line("-5000.00"),)
    return replace(document(2, *lines, kind=DocumentKind.CORRECTION), corrects=number)


def test_a_correction_is_tied_to_what_it_corrects(desk: Desk) -> None:
    """Both know of each other, and nothing is open any more."""
    first = delivered(desk, document())
    second = delivered(desk, correction(first.number))
    there = desk.api.documents
    assert there[second.reference]["relatedVouchers"][0]["id"] == first.reference
    assert there[second.reference]["voucherStatus"] == "paidoff"
    assert there[first.reference]["voucherStatus"] == "paid"


def test_a_correction_of_what_is_not_there_is_rejected(desk: Desk) -> None:
    """Whether unknown or cancelled there."""
    with pytest.raises(DocumentRejected, match="it corrects RE0001, which Lexware Office does not have"):
        sink_at(desk.standin).deliver(booking(correction("RE0001")))
    first = delivered(desk, document())
    desk.api.void(first.reference)
    with pytest.raises(DocumentRejected, match="it corrects RE0001") as caught:
        sink_at(desk.standin).deliver(booking(correction("RE0001")))
    assert caught.value.hint == "was it cancelled there?"


def test_a_list_that_heeds_no_number_ties_nothing_to_a_foreign_invoice(desk: Desk) -> None:
    """What a list is asked for by a name it does not know, it ignores."""
    first, second = (delivered(desk, document(number)) for number in (1, 3))
    answer = desk.late.answer

    def heedless(asked: Asked) -> Said:
        query = {name: told for name, told in asked.query.items() if name != "voucherNumber"}
        return answer(replace(asked, query=query))

    desk.late.answer = heedless  # type: ignore[method-assign]  # in place of the API
    tied = delivered(desk, correction(second.number))
    assert desk.api.documents[tied.reference]["relatedVouchers"][0]["id"] == second.reference
    assert desk.api.documents[first.reference]["relatedVouchers"] == []


def test_a_draft_of_a_correction_is_tied_to_nothing(desk: Desk) -> None:
    """Drafts cannot be."""
    delivered(desk, document())
    receipt = delivered(desk, correction("RE0001"), finalize=False)
    assert desk.api.documents[receipt.reference]["relatedVouchers"] == []


def test_a_correction_that_owes_us_is_an_invoice(desk: Desk) -> None:
    """What takes a credit note back."""
    made = replace(document(2, line("100.00"), kind=DocumentKind.CORRECTION), corrects="GS0001")
    assert "/invoices/" in delivered(desk, made).link


def test_a_refusal_is_told_in_the_vendors_words(desk: Desk) -> None:
    """With the field it is about."""
    desk.api.small_business = True
    with pytest.raises(DocumentRejected) as caught:
        sink_at(desk.standin).deliver(booking(document()))
    assert caught.value.message == (
        "refused (status 406): Not acceptable – "
        "taxConditions.taxType INVALID a tax-exempt organisation may only use vatfree"
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"IssueList": [{"i18nKey": "missing_entity", "source": "company.name"}]}, "company.name missing_entity"),
        ({"IssueList": [{"i18nKey": "x", "source": None}, "odd"]}, "x; "),
        ({"message": "Unauthorized"}, "Unauthorized"),
        ({"message": None}, ""),
        ({"message": "no", "details": [{"violation": "NOTNULL", "field": "address"}]}, "no – address NOTNULL"),
        ({"details": [{"message": "why"}]}, "why"),
        ([], ""),
    ],
)
def test_three_forms_of_errors_are_understood(answer: Any, expected: str) -> None:  # noqa: ANN401 - any JSON
    """That of contacts, that of documents, and that of the gateway."""
    assert words(answer) == expected


def test_an_internal_error_may_speak_of_the_rate(desk: Desk) -> None:
    """It is waited out like a 429, and nothing was done."""
    assert speaks_of_rate(500, b'{"message":"Rate Limit exceeded"}')
    assert not speaks_of_rate(500, b"{}")
    assert not speaks_of_rate(500, b'{"message":"oops","details":[{"field":"Rate limit review"}]}')
    assert not speaks_of_rate(500, b'["rate limit"]')
    assert not speaks_of_rate(500, b"<html>rate limit")
    assert not speaks_of_rate(504, b"rate limit")
    desk.standin.api = Always(Said(500, {"message": "Rate limit exceeded"}))
    with pytest.raises(RateLimited):
        sink_at(desk.standin).calls.get("profile")


class Always:
    """Gives the same answers, the last of them for ever."""

    def __init__(self, *said: Said) -> None:
        self.said = list(said)

    def answer(self, asked: Asked) -> Said:  # noqa: ARG002 - whatever is asked
        """Return the next answer."""
        return self.said.pop(0) if len(self.said) > 1 else self.said[0]


@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationFailed), (402, RefusedError), (404, NotFound)])
def test_refusals_of_everything_have_their_own_errors(desk: Desk, status: int, error: type[Exception]) -> None:
    """They end a run: no document would fare better."""
    desk.standin.api = Always(Said(status, {"message": "no"}))
    with pytest.raises(error):
        list(sink_at(desk.standin).check())


@pytest.mark.parametrize("answer", [{}, {"id": 7}, []])
def test_an_answer_without_an_id_leaves_the_document_unknown(desk: Desk, answer: Any) -> None:  # noqa: ANN401 - any JSON
    """It may be there; it is searched for."""
    desk.standin.api = Always(Said(200, {"content": [], "last": True}), Said(201, {"id": "c-1"}), Said(201, answer))
    with pytest.raises(OutcomeUnknown, match="names no id"):
        sink_at(desk.standin).deliver(booking(document()))


@pytest.mark.parametrize("told", [[], {}, {"totalPrice": {"totalNetAmount": "x"}}, {"totalPrice": None}])
def test_what_cannot_be_read_back_is_not_understood(desk: Desk, told: Any) -> None:  # noqa: ANN401 - any JSON
    """Nothing is taken from it."""
    desk.standin.api = Always(Said(200, told))
    with pytest.raises(UnexpectedAnswer):
        sink_at(desk.standin).read(booking(document()), Receipt(key_of(1), "x"))


def test_text_lines_do_not_count(desk: Desk) -> None:
    """A person may have added one to a draft."""
    receipt = delivered(desk, document(), finalize=False)
    desk.api.documents[receipt.reference]["lineItems"].append({"type": "text", "name": "Vielen Dank"})
    assert sink_at(desk.standin).read(booking(document()), receipt).lines == 1


def test_a_document_is_found_by_its_key_among_others(desk: Desk) -> None:
    """Those of the same amount are looked at first; of our own kind alone."""
    for number in range(2, 6):
        delivered(desk, document(number, line("10.00")))
    delivered(desk, document(6, line("-5000.00")))
    receipt = delivered(desk, document())
    desk.standin.asked.clear()

    found = sink_at(desk.standin).find(booking(document()), NIGHT)
    assert found is not None
    assert (found.reference, found.link) == (receipt.reference, receipt.link)
    assert len(desk.standin.asked) == 2


def test_a_document_with_other_totals_is_found_all_the_same(desk: Desk) -> None:
    """What differs must not be sent a second time; and what is not there is not found."""
    receipt = delivered(desk, document(1, line("10.00")))
    delivered(desk, document(2))
    sink = sink_at(desk.standin)
    found = sink.find(booking(document()), NIGHT)
    assert found is not None
    assert found.reference == receipt.reference
    desk.standin.asked.clear()
    assert sink.find(booking(document(3)), NIGHT) is None
    assert len(desk.standin.asked) == 2  # both lists; the texts of both documents are known by now


def test_the_oldest_of_two_copies_counts(desk: Desk) -> None:
    """A person may have copied it there, with our key in its text."""
    first = delivered(desk, document())
    desk.wait(3600)
    delivered(desk, document())
    found = sink_at(desk.standin).find(booking(document()), NIGHT)
    assert found is not None
    assert found.reference == first.reference


def test_a_draft_is_found_as_a_draft(desk: Desk) -> None:
    """Its link leads to where it is finished."""
    delivered(desk, document(), finalize=False)
    found = sink_at(desk.standin).find(booking(document()), NIGHT)
    assert found is not None
    assert "/edit/" in found.link


def test_what_was_made_long_before_and_is_of_another_day_is_not_looked_at(desk: Desk) -> None:
    """One day of clocks that differ is allowed for."""
    delivered(desk, document())
    other = replace(document(2), issue_date=date(2026, 1, 20))
    looked_at = []
    for days in (3, 1):
        desk.standin.asked.clear()
        assert sink_at(desk.standin).find(booking(other), NIGHT + timedelta(days=days)) is None
        looked_at.append(desk.standin.calls("GET", "/v1/invoices/"))
    assert looked_at == [0, 1]


def test_a_document_is_found_by_its_day_however_wrong_our_clock_was(desk: Desk) -> None:
    """When it was sent, our clock was weeks ahead: by it, nothing was made since."""
    receipt = delivered(desk, document())
    found = sink_at(desk.standin).find(booking(document()), NIGHT + timedelta(days=40))
    assert found is not None
    assert found.reference == receipt.reference


class Discarding:
    """Somebody discards every draft after it was listed."""

    def __init__(self, desk: Desk) -> None:
        self.inner = desk.late.api

    def answer(self, asked: Asked) -> Said:
        """Let the API answer, and discard what a list has shown."""
        said = self.inner.answer(asked)
        if asked.path.endswith("voucherlist"):
            for name in list(self.inner.documents):
                self.inner.discard(name)
        return said


def test_a_draft_that_vanishes_while_it_is_looked_at_is_none(desk: Desk) -> None:
    """Nor is it an error."""
    delivered(desk, document(), finalize=False)
    desk.standin.api = Discarding(desk)
    assert sink_at(desk.standin).find(booking(document()), NIGHT) is None


@pytest.mark.parametrize("row", [{}, {"id": "x"}, {"id": "x", "totalAmount": "1"}])
def test_a_list_of_something_else_is_not_understood(desk: Desk, row: dict[str, Any]) -> None:
    """It would permit another create."""
    desk.standin.api = Always(Said(200, {"content": [row], "last": True}))
    with pytest.raises(UnexpectedAnswer):
        sink_at(desk.standin).find(booking(document()), NIGHT)


def test_lists_are_read_to_their_end(desk: Desk) -> None:
    """Page by page."""
    row = {"id": "x", "totalAmount": 1}
    desk.standin.api = Always(
        Said(200, {"content": [row], "last": False}),
        Said(200, {"content": [row | {"id": "y"}], "last": True}),
        Said(200, {"id": "x", "remark": ""}),
        Said(200, {"id": "y", "remark": key_of(1)}),
    )
    found = sink_at(desk.standin).find(booking(document()), NIGHT)
    assert found is not None
    assert found.reference == "y"
    assert [asked.value("page") for asked in desk.standin.asked[:2]] == ["0", "1"]


def test_everything_there_is_listed_with_our_signs_and_keys(desk: Desk) -> None:
    """What is known is not read again."""
    known = delivered(desk, document())
    delivered(desk, document(2, line("-10.00")))
    draft = delivered(desk, document(3), finalize=False)
    desk.api.documents[draft.reference]["remark"] = "by hand"
    desk.api.void(known.reference)
    desk.standin.asked.clear()

    listed = list(sink_at(desk.standin).listed(JANUARY.start, {known.reference}))
    assert [(each.key, each.number, each.gross, each.cancelled) for each in listed] == [
        ("", "RE0001", eur("5950.00"), True),
        ("", "", eur("5950.00"), False),
        (key_of(2), "GS0001", eur("-11.90"), False),
    ]
    assert {(each.issued_on, each.customer) for each in listed} == {(date(2026, 1, 31), "Müller & Söhne GmbH")}
    assert len(desk.standin.asked) == 4
    assert list(sink_at(desk.standin).listed(date(2026, 2, 1), ())) == []


def codes(made: Invoice, **wishes: Any) -> Sequence[str]:  # noqa: ANN401 - any setting
    """Return what is refused before anything is sent."""

    class Nowhere:
        url = "http://127.0.0.1:9"

    booked = Booking(made, "10001", "mapping.toml:5", ()) if made.prepayments else booking(made)
    return [each.code for each in sink_at(Nowhere(), **wishes).refusals(booked)]  # type: ignore[arg-type]  # only its address counts


def exempt(category: VatCategory) -> Any:  # noqa: ANN401 - a line
    """Return a line without VAT."""
    return line(vat=vat_decision(vat_rate(0, category), note="weil"))


IN_FULL = Prepayment("RE0001", DocumentKind.PARTIAL, JANUARY.start, invoice().vat, "", "", "WEB", JANUARY)
WANTED = {"K1": XRechnung(buyer_reference="04011000-1234512345-06", vendor_number="V7")}


@pytest.mark.parametrize(
    ("made", "wishes", "expected"),
    [
        (document(), {}, []),
        (document(1, *[line()] * 300), {}, []),
        (document(1, *[line()] * 301), {}, ["TooManyLines"]),
        (document(1, line(text="x" * 256)), {}, ["TextTooLong"]),
        (document(1, line(text=" ")), {}, ["TextMissing"]),
        (document(1, notes=("x" * 1980,)), {}, ["TextTooLong"]),
        (replace(document(), prepayments=(IN_FULL,), prepaid=eur("5950.00")), {}, ["FinalInFullRefused"]),
        (document(1, exempt(VatCategory.ZERO_RATED)), {}, ["TaxTypeMissing"]),
        (document(buyer=party(name="")), {}, ["BuyerIncomplete"]),
        (document(buyer=party(country="")), {}, ["BuyerIncomplete"]),
        (document(), {"xrechnung": WANTED}, []),
        (document(1, exempt(VatCategory.EXEMPT)), {"xrechnung": WANTED}, ["XRechnungRefused"]),
        (
            document(buyer=replace(party(), address=Address(country="DE"))),
            {"xrechnung": WANTED},
            ["BuyerIncomplete"],
        ),
    ],
)
def test_what_would_be_refused_is_said_at_once(made: Invoice, wishes: dict[str, Any], expected: list[str]) -> None:
    """Without a call: it is asked when a plan is made."""
    assert codes(made, **wishes) == expected


def test_a_check_tries_key_and_contract(desk: Desk) -> None:
    """And says what becomes of drafts, which holds nothing."""
    assert list(sink_at(desk.standin).check()) == []
    (notice,) = sink_at(desk.standin, finalize=False).check()
    assert (notice.code, notice.holds) == ("DraftsStayDrafts", False)
    assert (
        desk.standin.asked[0].headers["authorization"]
        == f"Bearer {settings_of(desk.standin.url).api_key.get_secret_value()}"
    )
