from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connector.core.delivery import Attempt, Outcome, Pending, difference, place_of, refused, with_draft_there
from connector.core.errors import (
    AuthenticationFailed,
    DocumentRejected,
    HonorarError,
    OutcomeUnknown,
    RateLimited,
)
from connector.core.invoice import DocumentKind, Invoice
from connector.core.lifecycle import DocumentState
from connector.core.ports import Capabilities, Delivered, Receipt
from tests.core.builders import booking, eur, invoice, line

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RECEIPT = Receipt("k-0001", "4711", "RE0001", "https://cloud.example/4711")


def pending(*outcomes: Outcome | None) -> Pending:
    """Return a document with attempts that began at noon, a minute apart, and took a minute each."""
    attempts = (
        Attempt("cloud", NOON + at * MINUTE, None if outcome is None else NOON + (at + 1) * MINUTE, outcome)
        for at, outcome in enumerate(outcomes)
    )
    return Pending(booking(), DocumentState.UNKNOWN, tuple(attempts))


def delivered(gross: str = "5950.00", *, net: str = "5000.00", tax: str = "950.00", lines: int = 1) -> Delivered:
    """Return what the sink has of the invoice of the builders."""
    return Delivered(RECEIPT, eur(net), eur(tax), eur(gross), lines)


@pytest.mark.parametrize(
    ("outcomes", "minutes", "expected"),
    [
        ((), 0, True),
        ((Outcome.REJECTED, Outcome.NOT_SENT), 0, True),
        ((Outcome.UNKNOWN,), 1, False),
        ((Outcome.UNKNOWN,), 2, True),
        ((Outcome.UNKNOWN, Outcome.REJECTED), 1, False),
        ((Outcome.UNKNOWN, Outcome.UNKNOWN), 2, False),
        ((Outcome.UNKNOWN, Outcome.UNKNOWN), 3, True),
        ((None,), 60, False),
    ],
)
def test_not_found_is_believed_after_the_sinks_time_out(
    outcomes: tuple[Outcome | None, ...], minutes: int, *, expected: bool
) -> None:
    """Only what provably was not sent, or has had its time, may be sent again (domain 9.2)."""
    assert pending(*outcomes).counts_as_not_there(60, NOON + minutes * MINUTE) is expected


def test_another_sink_may_have_it() -> None:
    """As long as an attempt there is open."""
    assert pending(Outcome.UNKNOWN).elsewhere("cloud") == ""
    assert pending(Outcome.UNKNOWN).elsewhere("files") == "cloud"
    assert pending(Outcome.REJECTED).elsewhere("files") == ""


def codes(capabilities: Capabilities, document: Invoice) -> list[str]:
    """Return what the sink refuses of the document."""
    return [problem.code for problem in refused(capabilities, booking(document), "Cloud")]


def test_a_sink_without_limits_refuses_nothing() -> None:
    """That is the default."""
    assert codes(Capabilities(), invoice(line("-100.00"), kind=DocumentKind.CREDIT_NOTE)) == []


@pytest.mark.parametrize(
    ("capabilities", "document", "code"),
    [
        (Capabilities(currency="CHF"), invoice(), "CurrencyRefused"),
        (Capabilities(credit_notes=False), invoice(line("-100.00")), "CreditNoteRefused"),
        (Capabilities(reversals=False), invoice(kind=DocumentKind.CORRECTION), "CorrectionRefused"),
        (Capabilities(most_lines=1), invoice(line(), line()), "TooManyLines"),
        (Capabilities(line_text=3), invoice(line(text="1234")), "TextTooLong"),
        (Capabilities(notes_text=4), invoice(notes=("12", "34")), "TextTooLong"),
    ],
)
def test_what_a_sink_cannot_do_is_refused(capabilities: Capabilities, document: Invoice, code: str) -> None:
    """In plain words, with the document and its agreement."""
    (problem,) = refused(capabilities, booking(document), "Cloud")
    assert (problem.code, problem.agreement, problem.holds) == (code, "website", True)
    assert problem.place == "document of website, customer K1, 2026-01-01 to 2026-01-31"


@pytest.mark.parametrize(
    ("capabilities", "document"),
    [
        (Capabilities(currency="EUR", credit_notes=False, reversals=False), invoice()),
        (Capabilities(credit_notes=False), invoice(line("-100.00"), kind=DocumentKind.CORRECTION)),
        (Capabilities(most_lines=1, line_text=3, notes_text=5), invoice(line(text="123"), notes=("12", "34"))),
    ],
)
def test_what_is_within_the_limits_is_taken(capabilities: Capabilities, document: Invoice) -> None:
    """The limit itself included."""
    assert codes(capabilities, document) == []


@pytest.mark.parametrize(
    ("error", "place"),
    [(RateLimited("slower", place="books: post"), "books: post"), (AuthenticationFailed("expired"), "books")],
)
def test_what_goes_wrong_once_a_draft_is_there_leaves_the_outcome_unknown(error: HonorarError, place: str) -> None:
    """The document is on the other side, whatever the matter was."""
    unknown = with_draft_there(error, "books")
    assert isinstance(unknown, OutcomeUnknown)
    assert unknown.message == f"its draft is there, but was not issued: {error.message}"
    assert unknown.place == place


@pytest.mark.parametrize("error", [DocumentRejected("no period"), OutcomeUnknown("no whole answer came")])
def test_a_rejection_and_what_is_unknown_stay_what_they_are(error: HonorarError) -> None:
    """A person mends the one, a search the other."""
    assert with_draft_there(error, "books") is error


def test_the_same_to_the_cent_is_no_problem() -> None:
    """Totals and the number of lines agree (domain 9.3)."""
    assert difference(invoice(), delivered()) is None


def test_every_difference_is_named_with_both_sides() -> None:
    """Net, VAT, gross and lines; the sink's number and address lead there."""
    problem = difference(invoice(), delivered("5950.02", net="5000.01", tax="950.01", lines=2))
    assert problem is not None
    assert problem.message == (
        "net 5000.00 EUR here, 5000.01 EUR there; VAT 950.00 EUR here, 950.01 EUR there; "
        "gross 5950.00 EUR here, 5950.02 EUR there; lines 1 here, 2 there"
    )
    assert problem.place == "document RE0001 of website, https://cloud.example/4711"


def test_without_number_and_address_the_sinks_id_leads_there() -> None:
    """A draft may have neither."""
    told = replace(delivered("1.00"), receipt=Receipt("k-0001", "4711"))
    problem = difference(invoice(number="E_0001"), told)
    assert problem is not None
    assert problem.place == "document E_0001 of website, 4711"


def test_a_document_without_a_number_is_named_by_what_it_is_about() -> None:
    """As it is planned: its key says nothing to a person."""
    assert place_of(invoice()) == "document of website, customer K1, 2026-01-01 to 2026-01-31"
