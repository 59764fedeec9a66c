from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.booking import RevenueAccount
from connector.core.errors import ConfigError, DocumentRejected, NotFound, OutcomeUnknown, UnexpectedAnswer
from connector.core.ports import Checkable, InvoiceSink, ListingSink, Receipt, StatusSource
from connector.core.problems import Problem
from connector.core.vat import VatCategory
from connector.sinks.tryton import Settings
from tests.core.builders import line, revenue, reverse_charge, vat_decision, vat_rate
from tests.sinks.tryton.books import Bent, delivered, sink
from tests.sinks.tryton_world import (
    EARLIER,
    KEY,
    SERVICES,
    TAXES,
    correction,
    document,
    hours,
    settings_for,
)
from tests.standins import Said, Standin


def test_the_sink_is_what_it_should_be(there: Standin) -> None:
    """It can be asked for everything the engine asks, and calls nothing before it is."""
    built = sink(there)
    assert isinstance(built, InvoiceSink)
    assert isinstance(built, ListingSink)
    assert isinstance(built, StatusSource)
    assert isinstance(built, Checkable)
    assert there.asked == []


def test_it_says_what_it_can_do(there: Standin) -> None:
    """It numbers, posts, credits and corrects; final invoices in full, payments and dunning are not for it."""
    can = sink(there).capabilities
    assert (can.numbers, can.finalises, can.credit_notes, can.reversals, can.finds_by_reference) == (True,) * 5
    assert (can.final_in_full, can.books_payments, can.duns) == (False,) * 3
    assert (can.currency, can.most_lines, can.settles_after) == ("", 0, 300)


@pytest.mark.parametrize(
    "wishes",
    [
        {"url": "https://tryton.example"},
        {"url": "tryton.example/agency"},
        {"url": "https://tryton.example/agency/"},
        {"taxes": {}},
        {"taxes": {"19 %": "USt"}},
        {"units": {"week": "w"}},
        {"web_url": "ftp://tryton.example"},
        {"colour": "blue"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(wishes: dict[str, Any]) -> None:
    """An address without database, no tax at all, a rate without its category, a unit that nobody bills in."""
    with pytest.raises(ValidationError):
        Settings.model_validate(settings_for("https://tryton.example") | wishes)


def test_the_settings_of_the_tests_are_those_of_a_tenant() -> None:
    """So the suite of all sinks can build it too."""
    assert Settings.model_validate(settings_for("https://tryton.example")).taxes == TAXES


def codes(problems: Iterator[Problem]) -> list[str]:
    """Return the codes of the problems."""
    return [problem.code for problem in problems]


def test_what_can_be_posted_is_not_refused(there: Standin) -> None:
    """Nothing is called for it."""
    assert codes(sink(there).refusals(document(line(), line("-10.00")))) == []
    assert codes(sink(there).refusals(document(line(vat=reverse_charge())))) == []
    assert there.asked == []


def test_a_treatment_without_a_tax_is_refused(there: Standin) -> None:
    """With what is to be added."""
    exempt = vat_decision(vat_rate(0, VatCategory.EXEMPT), note="§ 4 Nr. 21 UStG")
    [problem] = sink(there).refusals(document(line(vat=exempt), line(vat=exempt)))
    assert (problem.code, problem.agreement) == ("TaxTypeMissing", "website")
    assert problem.hint == 'add it to taxes: "E" = "…"'


def test_a_tax_key_of_the_mapping_comes_first(there: Standin) -> None:
    """Where the settings name it; else it is the tax adviser's business."""
    keyed = document(accounts={19: RevenueAccount(SERVICES, automatic=False, tax_key="UST19")})
    assert codes(sink(there, taxes={"UST19": "USt 19 %"}).refusals(keyed)) == []
    assert codes(sink(there).refusals(keyed)) == []
    assert codes(sink(there, taxes={"S 7": "USt 7 %"}).refusals(keyed)) == ["TaxTypeMissing"]


@pytest.mark.parametrize(
    ("account", "code"),
    [
        (RevenueAccount(SERVICES, automatic=False, vat_when_paid=True), "VatWhenPaidRefused"),
        (revenue(SERVICES, cost_centre="100"), "CostCentreRefused"),
        (RevenueAccount(SERVICES, automatic=True, cost_unit="7"), "CostCentreRefused"),
    ],
)
def test_what_the_mapping_asks_for_in_vain_is_refused(there: Standin, account: RevenueAccount, code: str) -> None:
    """VAT when money arrives, and cost centres: naming the rule."""
    [problem] = sink(there).refusals(document(accounts={19: account}))
    assert problem.code == code
    assert "mapping.toml:20" in problem.message


def test_a_document_that_books_nothing_is_refused(there: Standin) -> None:
    """Tryton wants an account for every line."""
    nothing = document(line("0.00"))
    assert codes(sink(there).refusals(replace(nothing, rows=()))) == ["NothingBooked"]


def test_what_is_looked_up_is_looked_up_once(there: Standin) -> None:
    """A further document of the same customer takes a create, a post and a read."""
    built = sink(there)
    first, second = (document(key=f"{number:032x}") for number in (1, 2))
    built.read(first, built.deliver(first))
    there.asked.clear()
    built.read(second, built.deliver(second))
    assert [each.method for each in there.asked] == ["POST", "POST", "GET"]


def test_a_document_in_a_currency_that_is_not_there_is_rejected(there: Standin) -> None:
    """Before anything is made."""
    there.api.tables["currency.currency"][1]["code"] = "CHF"
    with pytest.raises(DocumentRejected, match="no currency EUR"):
        sink(there).deliver(document())
    assert there.calls("POST") == 0


def test_a_tax_of_another_rate_stops_the_run(there: Standin) -> None:
    """It would meet every document."""
    with pytest.raises(ConfigError, match="line 1 carries 19 %, which is not that of tax 'USt 7 %'"):
        sink(there, taxes={"S 19": "USt 7 %"}).deliver(document())


def test_every_line_has_an_account(there: Standin) -> None:
    """One that books nothing goes with the first row."""
    there.api.add_account("4.2.2", "revenue")
    seven = vat_decision(vat_rate(7))
    made = document(line("0.00"), line("100.00", vat=seven), accounts={7: revenue("4.2.2"), 19: revenue(SERVICES)})
    made = replace(made, rows=tuple(row for row in made.rows if row.net))
    sink(there).deliver(made)
    lines = there.api.tables["account.invoice.line"].values()
    assert {there.api.tables["account.account"][each["account"]]["code"] for each in lines} == {"4.2.2"}


def test_a_unit_that_is_not_there_is_left_out(there: Standin) -> None:
    """The count stays."""
    sink(there, units={"flat": "pauschal", "hour": "h"}).deliver(document(hours("2", "100"), line()))
    assert [each["unit"] for each in there.api.tables["account.invoice.line"].values()] == [1, None]


def test_links_lead_to_the_web_client(there: Standin) -> None:
    """On the server, or where the settings say."""
    receipt = sink(there).deliver(document())
    assert receipt.link == f"{there.url}/#agency/model/account.invoice/1"
    found = sink(there, web_url="https://buch.example/").find(document(), EARLIER)
    assert found is not None
    assert found.link == "https://buch.example/#agency/model/account.invoice/1"


def test_a_draft_that_comes_to_other_amounts_is_never_posted(there: Standin) -> None:
    """Somebody changed it."""
    there.api.years = range(2027, 2028)
    with pytest.raises(DocumentRejected, match="must create a period"):
        sink(there).deliver(document())
    there.api.years = range(2026, 2027)
    [draft] = there.api.carrying(KEY)
    draft["untaxed_amount"] = Decimal("4000.00")
    with pytest.raises(DocumentRejected, match=r"comes to 4000.00 EUR \+ 950.00 EUR VAT, not 5000.00 EUR") as caught:
        sink(there).find(document(), EARLIER)
    assert caught.value.hint.endswith("/model/account.invoice/1")
    assert draft["state"] == "draft"


def test_of_several_the_oldest_counts_and_cancelled_drafts_do_not(there: Standin) -> None:
    """A cancelled one with a number was posted once, and counts."""
    made = document()
    for _ in range(3):
        sink(there).deliver(made)
    first, second, _ = there.api.carrying(KEY)
    first |= {"state": "cancelled", "number": None}
    found = sink(there).find(made, EARLIER)
    assert found is not None
    assert found.reference == "2"
    second["state"] = "cancelled"
    assert sink(there).find(made, EARLIER) == found


def test_a_document_that_is_gone_is_not_found(there: Standin) -> None:
    """By its id."""
    with pytest.raises(NotFound):
        sink(there).read(document(), Receipt(KEY, "7"))


def test_a_post_that_is_forbidden_is_a_refusal_of_this_document(there: Standin) -> None:
    """Tryton says nothing but 403 where a journal is closed; the others may go on."""
    there.api = Bent(there.api, "/post", Said(403, b"<html>Forbidden</html>", {"Content-Type": "text/html"}))
    with pytest.raises(DocumentRejected, match="does not let it be posted"):
        sink(there).deliver(document())


def test_an_answer_that_names_nothing_leaves_the_outcome_unknown(there: Standin) -> None:
    """It was taken, whatever it says."""
    there.api = Bent(there.api, "account.invoice", Said(200, []))
    with pytest.raises(OutcomeUnknown, match="it was taken"):
        sink(there).deliver(document())


@pytest.mark.parametrize(
    "answer",
    [
        {"id": 1, "state": "posted"},
        {"id": 1, "state": "posted", "number": "1", "lines": None, "untaxed_amount": 1},
        {"state": "posted"},
        [],
    ],
)
def test_an_answer_that_lacks_something_is_not_understood(there: Standin, answer: Any) -> None:  # noqa: ANN401 - JSON
    """As where the key's user may not see all fields."""
    there.api = Bent(there.api, "account.invoice/1", Said(200, answer))
    with pytest.raises(UnexpectedAnswer, match="lacks what was asked for"):
        sink(there).read(document(), Receipt(KEY, "1"))


def test_a_list_that_is_none_is_not_understood(there: Standin) -> None:
    """An object came."""
    there.api = Bent(there.api, "company.company", Said(200, {}))
    with pytest.raises(UnexpectedAnswer):
        list(sink(there).check())


def test_a_correction_names_the_lines_it_takes_back(there: Standin) -> None:
    """Of the newest document with that number: numbers may begin anew every year."""
    made = document(line("10.00"), line("20.00"))
    receipt = sink(there).deliver(made)
    again = replace(made, invoice=replace(made.invoice, key=f"{9:032x}"))
    sink(there).deliver(again)
    there.api.tables["account.invoice"][2]["number"] = receipt.number

    taken_back = correction(receipt.number, made)
    sink(there).deliver(taken_back)

    [sent] = there.api.carrying(taken_back.invoice.key)
    origins = [there.api.tables["account.invoice.line"][number]["origin"] for number in sent["lines"]]
    assert origins == ["account.invoice.line,3", "account.invoice.line,4"]


def test_a_correction_of_a_changed_document_names_no_lines(there: Standin) -> None:
    """Which is which would be a guess."""
    made = document(line("10.00"), line("20.00"))
    receipt = sink(there).deliver(made)
    there.api.tables["account.invoice"][1]["lines"].pop()
    taken_back = correction(receipt.number, made)
    sink(there).deliver(taken_back)
    [sent] = there.api.carrying(taken_back.invoice.key)
    assert {there.api.tables["account.invoice.line"][number]["origin"] for number in sent["lines"]} == {None}


def test_a_correction_of_what_is_not_there_is_rejected(there: Standin) -> None:
    """It would take back nothing."""
    with pytest.raises(DocumentRejected, match="it corrects 17, which Tryton does not have"):
        sink(there).deliver(correction("17", document()))


def test_numbered_invoices_and_drafts_of_ours_are_listed(there: Standin) -> None:
    """Drafts of others, and cancelled ones, are nobody's business."""
    made = delivered(there, 3)
    invoices = there.api.tables["account.invoice"]
    invoices[2] |= {"state": "draft", "number": None}
    invoices[3] |= {"state": "cancelled"}
    foreign = {"reference": "Auftrag 17", "state": "draft", "number": None}
    there.api.add("account.invoice", **{**invoices[1], "id": 4, **foreign})
    there.api.add("account.invoice", **{**invoices[1], "id": 5, "reference": None, "number": "77"})
    there.api.add("account.invoice", **{**invoices[2], "id": 6, "state": "cancelled"})

    found = list(sink(there).listed(date(2026, 1, 31), ()))

    assert [(each.reference, each.key, each.number, each.cancelled) for each in found] == [
        ("1", made[0].invoice.key, "1", False),
        ("2", made[1].invoice.key, "", False),
        ("3", made[2].invoice.key, "3", True),
        ("5", "", "77", False),
    ]
    assert list(sink(there).listed(date(2026, 2, 1), ())) == []


def test_long_lists_come_page_by_page(there: Standin) -> None:
    """Two hundred at a time, each once."""
    delivered(there, 1)
    one = there.api.tables["account.invoice"][1]
    for number in range(2, 402):
        there.api.add("account.invoice", **{**one, "id": number, "number": str(number)})
    found = list(sink(there).listed(date(2026, 1, 1), ()))
    assert [each.number for each in found] == [str(number) for number in range(1, 402)]


def test_a_row_that_lacks_something_is_not_understood(there: Standin) -> None:
    """It is not left out in silence."""
    delivered(there, 1)
    there.api.tables["account.invoice"][1]["total_amount"] = None
    with pytest.raises(UnexpectedAnswer):
        list(sink(there).listed(date(2026, 1, 1), ()))
