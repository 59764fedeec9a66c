"""What programs read: key sets are promises, amounts are decimal strings, days ISO dates."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from connector.as_json import (
    deed_as_json,
    entry_as_json,
    export_as_json,
    invoice_as_json,
    let_through_as_json,
    numbered_as_json,
    plan_as_json,
    problems_as_json,
    pulled_as_json,
    standing_as_json,
    summary_as_json,
    time_bank_as_json,
)
from connector.core.invoice import DocumentKind, Prepayment
from connector.core.lifecycle import DocumentState
from connector.core.money import Money
from connector.core.period import Period
from connector.core.plan import Plan
from connector.core.ports import Changes
from connector.core.problems import Problem, Severity
from connector.core.quantity import Unit
from connector.core.standing import Standing
from connector.jobs.bill import Outlook
from connector.jobs.pull import PulledSource
from connector.store import AuditRow, DocumentSummary, ExportSummary
from tests.core.books import books
from tests.core.builders import JANUARY, billed_entry, eur, invoice, line, position, reading
from tests.core.retainer_builders import Log, assess, retainer, used
from tests.support.time_banks import mixed_bank, worked_bank

FIRST_OF_MARCH = date(2026, 3, 1)

PLAN = {"as_of", "documents", "problems"}
DOCUMENT = {"key", "agreement", "customer", "kind", "currency", "lines", "net", "vat", "gross"}
LINE = {"position", "text", "quantity", "unit", "unit_price", "net", "service_start", "service_end"}
VAT = {"category", "rate", "base", "amount"}
PROBLEM = {"code", "message", "place", "hint"}

HELD = Problem("BadCell", "not a number", "positions.csv:7", "write 1234,5", agreement="website")


def outlook(*problems: Problem) -> Outlook:
    """Return what a plan with one document found."""
    plan = books(position()).plan(JANUARY.last_day, reading())
    return Outlook(replace(plan, problems=problems), plan.documents)


def test_a_plan_has_exactly_the_promised_keys() -> None:
    """No more, no less, on every level."""
    data = plan_as_json(outlook(HELD))
    [document] = data["documents"]

    assert set(data) == PLAN
    assert set(document) == DOCUMENT
    assert [set(each) for each in document["lines"]] == [LINE]
    assert [set(row) for row in document["vat"]] == [VAT]
    assert [set(problem) for problem in data["problems"]] == [PROBLEM]


def test_a_plan_shows_what_is_ready_and_every_problem() -> None:
    """A document that a problem holds back is not among the documents."""
    held = replace(outlook(HELD), ready=())
    assert plan_as_json(held) == {
        "as_of": "2026-01-31",
        "documents": [],
        "problems": [
            {"code": "BadCell", "message": "not a number", "place": "positions.csv:7", "hint": "write 1234,5"}
        ],
    }


def test_a_document_is_printed_in_decimal_strings_and_inclusive_days() -> None:
    """Quantities and prices without exponent, the last day of service as people count it."""
    piece = replace(
        line("3000.00", text="Banner", category="Phase 1", period=Period.inclusive(date(2026, 1, 5), date(2026, 1, 9))),
        quantity=Decimal("1E+3"),
        unit=Unit.PIECE,
        unit_price=Decimal("3.000000"),
    )
    assert invoice_as_json(invoice(piece, key="k-1")) == {
        "key": "k-1",
        "agreement": "website",
        "customer": "K1",
        "kind": "invoice",
        "currency": "EUR",
        "lines": [
            {
                "position": "A1/1",
                "text": "Banner",
                "quantity": "1000",
                "unit": "piece",
                "unit_price": "3.000000",
                "net": "3000.00",
                "service_start": "2026-01-05",
                "service_end": "2026-01-09",
            }
        ],
        "net": "3000.00",
        "vat": [{"category": "S", "rate": "19", "base": "3000.00", "amount": "570.00"}],
        "gross": "3570.00",
    }


def test_a_stored_document_has_its_number_and_dates_besides() -> None:
    """The rest is as planned."""
    stored = invoice(number="RE-2026-0001")
    data = numbered_as_json(stored)

    assert set(data) == DOCUMENT | {"number", "issue_date", "due_date"}
    assert (data["number"], data["issue_date"], data["due_date"]) == ("RE-2026-0001", "2026-01-31", "2026-02-14")


def test_a_final_invoice_says_what_was_prepaid() -> None:
    """By which documents with which VAT, how much, and what is left to pay; other documents have none of it."""
    ahead = invoice(line("1710.50"))
    earlier = Prepayment("RE-1", DocumentKind.PARTIAL, ahead.issue_date, ahead.vat, "", "", "WEB", JANUARY)
    final = replace(invoice(kind=DocumentKind.FINAL), prepaid=earlier.gross, prepayments=(earlier,))
    data = invoice_as_json(final)

    assert set(data) == DOCUMENT | {"prepayments", "prepaid", "payable"}
    assert (data["gross"], data["prepaid"], data["payable"]) == ("5950.00", "2035.50", "3914.50")
    assert data["prepayments"] == [
        {
            "number": "RE-1",
            "issue_date": "2026-01-31",
            "vat": [{"category": "S", "rate": "19", "base": "1710.50", "amount": "325.00"}],
        }
    ]


def test_a_correction_names_what_it_takes_back() -> None:
    """By its number."""
    data = numbered_as_json(replace(invoice(line("-1.00")), kind=DocumentKind.CORRECTION, corrects="RE-1"))
    assert (set(data), data["corrects"]) == (DOCUMENT | {"number", "issue_date", "due_date", "corrects"}, "RE-1")


def test_a_deed_has_its_moment_and_details() -> None:
    """The subject is the document's number where the key is known."""
    deed = AuditRow(datetime(2026, 2, 1, 8, tzinfo=UTC), "anna", "document held", "k-1", {"why": "ask"})
    assert deed_as_json(deed, {"k-1": "RE-1"}) == {
        "at": "2026-02-01T08:00:00+00:00",
        "who": "anna",
        "action": "document held",
        "subject": "RE-1",
        "details": {"why": "ask"},
    }
    assert deed_as_json(deed, {})["subject"] == "k-1"


def test_a_charge_that_was_let_through_has_what_was_billed_and_what_it_comes_to() -> None:
    """Seven hours of January at 130.00, a correction of six."""
    log = Log()
    log.run(assess(retainer(), used(26), as_of=FIRST_OF_MARCH).charges, FIRST_OF_MARCH)
    [due] = log.due(assess(retainer(), used(27), as_of=FIRST_OF_MARCH).charges, FIRST_OF_MARCH).due
    assert let_through_as_json(due) == {
        "position": "support/2026-01/overage/design",
        "correction": True,
        "currency": "EUR",
        "billed": "780.00",
        "now": "910.00",
        "due": "130.00",
    }


STATEMENT = {
    "period", "start", "end", "closed", "opening", "carried_in", "granted", "used", "lapsed", "overage", "closing",
    "deducted", "drawn", "lapses", "rounding", "roles", "entries",
}  # fmt: skip


def test_a_time_bank_in_hours_is_counted_in_seconds() -> None:
    """April of domain 4.6: five hours used, ten of fifteen carried over."""
    data = time_bank_as_json(worked_bank())
    assert set(data) == {"agreement", "label", "customer", "currency", "as_of", "items", "problems"}
    [item] = data["items"]
    assert (item["item"], item["unit"], item["counted_in"]) == ("design", "hours", "seconds")
    april = item["periods"][3]
    assert set(april) == STATEMENT
    assert (april["period"], april["start"], april["end"], april["closed"]) == (
        "2026-04",
        "2026-04-01",
        "2026-04-30",
        True,
    )
    assert (april["granted"], april["used"], april["lapsed"], april["closing"]) == (72_000, 18_000, 18_000, 36_000)
    assert april["drawn"] == [{"period": "2026-04", "amount": 18_000}]
    assert april["lapses"] == [{"period": "2026-04", "amount": 18_000, "cause": "cap"}]
    assert april["entries"] == [
        {
            "id": "T4",
            "day": "2026-04-10",
            "person": "Zoë",
            "project": "WEB",
            "project_name": "Website",
            "activity": "Design",
            "text": "did T4",
            "booked": 18_000,
            "counted": 18_000,
            "origin": "",
        }
    ]


def test_a_time_bank_in_units_or_money_is_counted_in_decimals() -> None:
    """9.5 posts were read; 1,381.00 were used of a budget, by hours at the price of their role."""
    posts, budget = time_bank_as_json(mixed_bank())["items"]
    assert (posts["counted_in"], posts["periods"][0]["used"]) == ("units", "9.5")
    [reading] = posts["periods"][0]["entries"]
    assert (reading["text"], reading["units"], reading["origin"]) == ("posts", "9.5", "metrics:2")
    assert not {"booked", "counted"} & set(reading)
    [january] = budget["periods"]
    assert (budget["counted_in"], january["used"], january["rounding"]) == ("EUR", "1381.00", 1260)
    assert january["roles"] == [
        {"role": "Design", "seconds": 36_000, "price": "120", "amount": "1200.00"},
        {"role": "Text", "seconds": 7_200, "price": "90.5", "amount": "181.00"},
    ]


def test_amounts_are_never_numbers() -> None:
    """A reader of JSON would make floats of them."""
    numbers: list[str] = []
    text = json.dumps([plan_as_json(outlook(HELD)), numbered_as_json(invoice())])
    json.loads(text, parse_float=numbers.append, parse_int=numbers.append)

    assert numbers == []


def test_problems_are_told_whatever_they_do() -> None:
    """Severity and agreement are not part of the promise; place and message say them."""
    notice = replace(HELD, severity=Severity.NOTICE)
    assert problems_as_json([HELD]) == problems_as_json([notice])


def test_sources_tell_what_changed() -> None:
    """Per kind; nothing where the source was not taken over."""
    taken = PulledSource("ledger", {"offers": Changes(3, 1, 0)}, (), taken=True)
    refused = PulledSource("redmine", {}, (HELD,), taken=False, requests=7)

    assert pulled_as_json([taken, refused]) == [
        {
            "name": "ledger",
            "taken": True,
            "changes": {"offers": {"added": 3, "edited": 1, "deleted": 0}},
            "requests": 0,
        },
        {"name": "redmine", "taken": False, "changes": {}, "requests": 7},
    ]


def test_a_listed_document_says_where_it_stands() -> None:
    """The one of a list, without lines."""
    summary = DocumentSummary(
        key="k-1",
        number="RE-2026-0001",
        agreement="website",
        customer="K1",
        kind=DocumentKind.CREDIT_NOTE,
        state=DocumentState.PART_PAID,
        issue_date=date(2026, 1, 31),
        due_date=date(2026, 2, 14),
        net=eur("-100.00"),
        gross=eur("-119.00"),
        config_hash="c0ffee",
        created_at=datetime(2026, 2, 1, 8, tzinfo=UTC),
        created_by="anna",
    )
    assert summary_as_json(summary) == {
        "key": "k-1",
        "number": "RE-2026-0001",
        "agreement": "website",
        "customer": "K1",
        "kind": "credit_note",
        "state": "part_paid",
        "issue_date": "2026-01-31",
        "due_date": "2026-02-14",
        "currency": "EUR",
        "net": "-100.00",
        "gross": "-119.00",
    }


def test_an_export_says_whether_it_is_finished() -> None:
    """With its files, and whether it is a repeat."""
    made_at = datetime(2026, 2, 1, 8, tzinfo=UTC)
    export = ExportSummary("datev", 7, "0123456789abcdef", made_at, True, None, ("EXTF_1.csv",), 5)  # noqa: FBT003 - a row as it is stored
    data = export_as_json(export)

    assert data == {
        "sink": "datev",
        "number": 7,
        "made_at": "2026-02-01T08:00:00+00:00",
        "repeat": True,
        "finished": False,
        "documents": 5,
        "files": ["EXTF_1.csv"],
    }
    assert export_as_json(replace(export, finished_at=made_at))["finished"] is True


def test_an_entry_of_the_log_has_exact_shares() -> None:
    """As fractions; the document by number and key, the number empty where there is no document."""
    entry = replace(billed_entry("3333.33", shares=(0, Fraction(1, 3)), document="k-1"), quantity=Decimal("0.3333"))

    assert entry_as_json(entry, {"k-1": "RE-2026-0001"}) == {
        "on": "2026-01-31",
        "kind": "billed",
        "document": "RE-2026-0001",
        "key": "k-1",
        "share_before": "0",
        "share_after": "1/3",
        "quantity": "0.3333",
        "currency": "EUR",
        "computed": "3333.33",
        "invoiced": "3333.33",
        "who": "test",
        "comment": "",
    }
    assert entry_as_json(entry, {})["document"] == ""


def test_a_standing_has_its_deviation() -> None:
    """What people changed is invoiced less computed."""
    standing = Standing("website", eur("30000.00"), Fraction(1, 3), eur("8333.33"), eur("8000.00"))
    assert standing_as_json(standing) == {
        "agreement": "website",
        "currency": "EUR",
        "total": "30000.00",
        "share": "1/3",
        "computed": "8333.33",
        "invoiced": "8000.00",
        "deviation": "-333.33",
    }


def test_what_is_not_billed_by_positions_has_no_share() -> None:
    """A retainer has no total to be a share of."""
    told = standing_as_json(Standing("care", None, None, eur("2400.00"), eur("2400.00")))
    assert (told["total"], told["share"], told["currency"], told["computed"]) == (None, None, "EUR", "2400.00")


def test_an_empty_plan_is_still_a_plan() -> None:
    """Empty lists, not missing keys."""
    empty = Outlook(Plan(date(2026, 1, 31), (), (), ()), ())
    assert plan_as_json(empty) == {"as_of": "2026-01-31", "documents": [], "problems": []}


def test_amounts_have_the_decimals_of_their_currency() -> None:
    """Yen have none."""
    standing = Standing("website", Money.of(1200, "JPY"), Fraction(0), Money.zero("JPY"), Money.zero("JPY"))
    assert (standing_as_json(standing)["total"], standing_as_json(standing)["computed"]) == ("1200", "0")
