from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.booking import Booking, RevenueAccount
from connector.core.errors import ConfigError, DocumentRejected, NotFound, OutcomeUnknown, UnexpectedAnswer
from connector.core.payment import Dunning, PaymentState, PaymentStatus
from connector.core.ports import Checkable, InvoiceSink, ListingSink, Receipt, StatusSource
from connector.core.problems import Problem, Severity
from connector.core.vat import VatCategory
from connector.sinks.tryton import Settings, Tryton
from connector.sinks.tryton.calls import told, words
from tests.core.builders import eur, line, party, revenue, reverse_charge, vat_decision, vat_rate
from tests.sinks.tryton_world import (
    EARLIER,
    KEY,
    SERVICES,
    TAXES,
    VAT_ID,
    build,
    correction,
    document,
    hours,
    settings_for,
)
from tests.standins import Asked, Said, Standin, serving
from tests.standins import tryton as standin_of_tryton

NIGHT = datetime(2026, 2, 1, 2, tzinfo=UTC)


@pytest.fixture
def there() -> Iterator[Standin]:
    """Yield a Tryton with empty books, at night."""
    with serving(standin_of_tryton.api(now=lambda: NIGHT)) as running:
        yield running


def sink(there: Standin, **wishes: Any) -> Tryton:  # noqa: ANN401 - any setting
    """Return the sink of a new process."""
    return build(there.url, **wishes)


def codes(problems: Iterator[Problem]) -> list[str]:
    """Return the codes of the problems."""
    return [problem.code for problem in problems]


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


# refusals


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


# check


def test_a_sound_connection_has_nothing_to_tell(there: Standin) -> None:
    """Once the countries are loaded."""
    there.api.add("country.country", code="DE")
    assert list(sink(there).check()) == []


def test_everything_that_is_missing_is_told_at_once(there: Standin) -> None:
    """Journal, account of receivables, taxes: each by its setting."""
    there.api.tables["account.journal"].clear()
    there.api.tables["account.configuration"][1]["default_account_receivable"] = None
    taxes = {"S 19": "USt 7 %", "S 7": "MwSt", "AE": "USt 19 %", "UST7": "USt 7 %"}
    found = [problem for problem in sink(there, taxes=taxes).check() if problem.holds]
    assert [(each.code, each.message, each.place) for each in found] == [
        ("SetupMissing", "Tryton has no revenue journal", "tryton: journal"),
        ("SetupMissing", "Tryton has no default account of receivables", "tryton: receivable"),
        ("SetupMissing", "tax 'USt 7 %' in Tryton is not S 19", "tryton: taxes"),
        ("SetupMissing", "Tryton has no tax 'MwSt'", "tryton: taxes"),
        ("SetupMissing", "tax 'USt 19 %' in Tryton is not AE", "tryton: taxes"),
    ]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"childs": [1]}, "is not a plain percentage"),
        ({"type": "fixed"}, "is not a plain percentage"),
        ({"credit_note_account": None}, "lacks an account"),
    ],
)
def test_a_tax_that_cannot_be_used_is_told(there: Standin, values: dict[str, Any], fault: str) -> None:
    """Groups of taxes, fixed amounts, and taxes without both accounts."""
    there.api.add_tax("Besondere", Decimal("0.19"), **values)
    [problem] = [each for each in sink(there, taxes={"S 19": "Besondere"}).check() if each.holds]
    assert problem.message == f"tax 'Besondere' {fault}"


def test_of_several_one_has_to_be_named(there: Standin) -> None:
    """A company and a journal are chosen by the settings; an unknown one is told."""
    there.api.add("company.company", party=there.api.add("party.party", name="Zweite GmbH"), currency=1)
    with pytest.raises(ConfigError, match="Tryton has 2 of company"):
        list(sink(there).check())
    with pytest.raises(ConfigError, match="Tryton has no company 'Dritte GmbH'"):
        list(sink(there, company="Dritte GmbH").check())
    there.api.add("account.journal", code="REV2", type="revenue")
    found = [each.message for each in sink(there, company="Agentur Muster GmbH").check() if each.holds]
    assert found == ["Tryton has 2 of revenue journal"]
    chosen = {"company": "Agentur Muster GmbH", "journal": "REV2", "receivable": "1.2.1"}
    assert [each for each in sink(there, **chosen).check() if each.holds] == []


def test_an_account_of_receivables_that_is_not_there_is_told(there: Standin) -> None:
    """By its code."""
    [problem] = [each for each in sink(there, receivable="1400").check() if each.holds]
    assert problem.message == "Tryton has no account '1400'"


def test_rights_are_asked_for(there: Standin) -> None:
    """To create invoices and customers; whoever may not see dunning is not told of it."""
    there.api.groups.clear()
    found = list(sink(there).check())
    assert [each.severity for each in found] == [Severity.HOLD, Severity.HOLD, Severity.NOTICE, Severity.NOTICE]
    assert "may not create account.invoice" in found[0].message
    assert "dunning will not be told" in found[2].message


# customers


def test_a_new_customer_is_made_once(there: Standin) -> None:
    """With the debtor account as its code, in every later process too."""
    there.api.add("country.country", code="DE")
    buyer = replace(party(vat_id=VAT_ID), email="rechnung@kunde.example")
    for number in (1, 2):
        sink(there).deliver(document(key=f"{number:032x}", buyer=buyer))
    [made] = [each for each in there.api.tables["party.party"].values() if each["code"]]
    assert (made["name"], made["code"]) == ("Müller & Söhne GmbH", "10001")
    address = there.api.tables["party.address"][made["addresses"][0]]
    assert (address["street"], address["city"], address["country"]) == ("Hauptstraße 1", "Berlin", 1)
    [mail] = there.api.tables["party.contact_mechanism"].values()
    assert (mail["type"], mail["value"]) == ("email", "rechnung@kunde.example")
    assert there.api.tables["ir.lang"][made["lang"]]["code"] == "de"


def test_a_customer_is_found_by_its_vat_id(there: Standin) -> None:
    """Under a code of Tryton's own, with the address that is for invoices, and an account of its own."""
    api = there.api
    addresses = [api.add("party.address"), api.add("party.address", invoice=True)]
    own = api.add_account("1.2.9", "receivable")
    known = api.add(
        "party.party", name="Müller", code="7", addresses=addresses, account_receivable=own,
        identifiers=[api.add("party.identifier", type="eu_vat", code=VAT_ID)],
    )  # fmt: skip
    sink(there).deliver(document())
    [made] = api.tables["account.invoice"].values()
    assert (made["party"], made["invoice_address"], made["account"]) == (known, addresses[1], own)


def test_two_customers_with_one_vat_id_are_not_guessed_between(there: Standin) -> None:
    """Their codes are told; one that the mapping names is taken, whatever it is called."""
    for code in ("7", "8"):
        identifier = there.api.add("party.identifier", type="eu_vat", code=VAT_ID)
        address = there.api.add("party.address")
        there.api.add("party.party", name="Müller", code=code, identifiers=[identifier], addresses=[address])
    with pytest.raises(DocumentRejected, match="2 parties have the VAT id DE136695976: 7, 8") as caught:
        sink(there).deliver(document())
    assert caught.value.hint == "name the right one at mapping.toml:5: contact = its code"
    sink(there).deliver(replace(document(), contact="8"))
    [made] = there.api.tables["account.invoice"].values()
    assert there.api.tables["party.party"][made["party"]]["code"] == "8"


def test_a_code_that_belongs_to_somebody_else_is_not_taken(there: Standin) -> None:
    """Codes may be numbers of Tryton's own."""
    there.api.add("party.party", name="Elbe KG", code="10001", addresses=[there.api.add("party.address")])
    with pytest.raises(DocumentRejected, match="party 10001 in Tryton is called 'Elbe KG'") as caught:
        sink(there).deliver(document())
    assert 'contact = "10001"' in caught.value.hint
    assert there.api.tables["account.invoice"] == {}


@pytest.mark.parametrize("name", ["müller &  söhne gmbh", "Müller & Söhne GmbH "])
def test_a_customer_without_vat_id_is_known_by_code_and_name(there: Standin, name: str) -> None:
    """Whatever the case and the blanks."""
    there.api.add("party.party", name=name, code="10001", addresses=[there.api.add("party.address")])
    sink(there).deliver(document(buyer=party(vat_id="")))
    assert len(there.api.tables["account.invoice"]) == 1


def test_a_contact_that_is_not_there_is_told(there: Standin) -> None:
    """With the rule that names it."""
    with pytest.raises(DocumentRejected, match=r"mapping\.toml:5 names party 99, which Tryton does not have"):
        sink(there).deliver(replace(document(), contact="99"))


def test_a_customer_without_address_is_told(there: Standin) -> None:
    """An invoice needs one."""
    there.api.add("party.party", name="Müller & Söhne GmbH", code="10001")
    with pytest.raises(DocumentRejected, match="party 10001 has no address"):
        sink(there).deliver(document())


def test_a_customer_without_vat_id_and_country_is_made(there: Standin) -> None:
    """With what is known."""
    buyer = party(vat_id="")
    sink(there).deliver(document(buyer=replace(buyer, address=replace(buyer.address, country=""))))
    [made] = [each for each in there.api.tables["party.party"].values() if each["code"]]
    assert made["identifiers"] == []


# documents


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
def test_an_answer_that_lacks_something_is_not_understood(there: Standin, answer: Any) -> None:  # noqa: ANN401
    """As where the key's user may not see all fields."""
    there.api = Bent(there.api, "account.invoice/1", Said(200, answer))
    with pytest.raises(UnexpectedAnswer, match="lacks what was asked for"):
        sink(there).read(document(), Receipt(KEY, "1"))


def test_a_list_that_is_none_is_not_understood(there: Standin) -> None:
    """An object came."""
    there.api = Bent(there.api, "company.company", Said(200, {}))
    with pytest.raises(UnexpectedAnswer):
        list(sink(there).check())


# corrections


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


# lists and payments


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


def test_states_are_told(there: Standin) -> None:
    """Drafts are open, what was cancelled is so, and the rest is what is left to pay."""
    made = delivered(there, 4)
    invoices = there.api.tables["account.invoice"]
    invoices[1]["state"] = "draft"
    there.api.cancel(2)
    there.api.pay(3, Decimal("5950.00"), date(2026, 2, 3))
    receipts = [Receipt(each.invoice.key, str(number)) for number, each in enumerate(made, start=1)]
    found = [each for each in sink(there).statuses(receipts, NIGHT) if isinstance(each, PaymentStatus)]
    assert [(each.state, each.open, each.paid_on, each.word) for each in found] == [
        (PaymentState.OPEN, eur("5950.00"), None, "draft"),
        (PaymentState.CANCELLED, eur("0.00"), None, "cancelled"),
        (PaymentState.PAID, eur("0.00"), date(2026, 2, 3), "paid"),
        (PaymentState.OPEN, eur("5950.00"), None, "posted"),
    ]
    assert {each.dunning for each in found} == {None}


@pytest.mark.parametrize(
    ("level", "processed", "told_as"),
    [
        (1, False, Dunning(0, reference="1")),
        (1, True, Dunning(1, "Standard", NIGHT.date(), reference="1")),
        (3, False, Dunning(2, "Standard", fee=eur("5.00"), reference="1")),
        (3, True, Dunning(3, "Standard", NIGHT.date(), eur("10.00"), reference="1")),
    ],
)
def test_a_dunning_counts_once_it_was_processed(there: Standin, level: int, processed: bool, told_as: Dunning) -> None:  # noqa: FBT001
    """Prepared, it stands at the level before; fees are added up."""
    delivered(there, 1)
    there.api.dun(1, level, processed=processed)
    [status] = sink(there).statuses([Receipt(KEY, "1")], None)
    assert isinstance(status, PaymentStatus)
    assert status.dunning == told_as


def test_a_block_is_told(there: Standin) -> None:
    """Whatever the level."""
    delivered(there, 1)
    there.api.dun(1, 1, blocked=True)
    [status] = sink(there).statuses([Receipt(KEY, "1")], None)
    assert isinstance(status, PaymentStatus)
    assert status.dunning is not None
    assert status.dunning.blocked


def test_without_the_module_or_the_right_no_dunning_is_told(there: Standin) -> None:
    """Payments are, all the same."""
    delivered(there, 1)
    there.api.groups.discard("Dunning")
    [status] = sink(there).statuses([Receipt(KEY, "1")], None)
    assert isinstance(status, PaymentStatus)
    assert (status.state, status.dunning) == (PaymentState.OPEN, None)
    with serving(standin_of_tryton.api(now=lambda: NIGHT, dunning=False)) as bare:
        sink(bare).deliver(document())
        [status] = sink(bare).statuses([Receipt(KEY, "1")], None)
        assert isinstance(status, PaymentStatus)
        assert status.dunning is None


def test_without_the_module_of_fees_none_are_asked_for(there: Standin) -> None:
    """The field would be a fault of the server."""
    delivered(there, 1)
    there.api.dun(1, 2)
    models = there.api.tables["ir.model"]
    [fees] = [number for number, each in models.items() if each["name"] == "account.dunning.fee"]
    del models[fees]
    [status] = sink(there).statuses([Receipt(KEY, "1")], None)
    assert isinstance(status, PaymentStatus)
    assert status.dunning is not None
    assert (status.dunning.level, status.dunning.fee) == (2, None)


def test_many_are_asked_for_in_parts(there: Standin) -> None:
    """A hundred at a time; what is gone or not understood of one leaves the others alone."""
    delivered(there, 1)
    one = there.api.tables["account.invoice"][1]
    for number in range(2, 151):
        there.api.add("account.invoice", **{**one, "id": number})
    there.api.tables["account.invoice"][7]["amount_to_pay"] = None
    receipts = [Receipt(f"k-{number}", str(number), "", f"https://{number}.example") for number in range(1, 152)]
    there.asked.clear()
    found = list(sink(there).statuses(receipts, None))
    problems = [each for each in found if isinstance(each, Problem)]
    assert len(found) == 151
    assert [(each.code, each.place) for each in problems] == [
        ("PaymentNotUnderstood", "7, https://7.example"),
        ("PaymentNotUnderstood", "151, https://151.example"),
    ]
    assert there.calls("GET", "/agency/rest/model/account.invoice") == 2


# values


def test_values_come_as_python_has_them() -> None:
    """What is none of them stays as it came."""
    nonsense = {"__class__": "Decimal", "decimal": "viel"}
    no_day = {"__class__": "date", "year": 2026, "month": 13, "day": 1}
    moment = {"__class__": "datetime", "year": 2026}
    assert told([{"__class__": "Decimal", "decimal": "1.50"}, nonsense, no_day, moment, None]) == [
        Decimal("1.50"), nonsense, no_day, moment, None,
    ]  # fmt: skip


def test_refusals_are_told_in_their_own_words() -> None:
    """With the description, where there is one."""
    assert words({"status": 400, "message": "Not allowed.", "description": "Within groups: A"}) == (
        "Not allowed. Within groups: A"
    )
    assert words({"status": 400, "message": "Not allowed.", "description": ""}) == "Not allowed."
    assert words({"message": "Not allowed."}) == "Not allowed."
    assert words(["Not allowed."]) == ""


class Bent:
    """Answers requests to some addresses otherwise than Tryton does."""

    def __init__(self, api: Any, ends: str, said: Said) -> None:  # noqa: ANN401 - the stand-in
        self._api, self._ends, self._said = api, ends, said

    def answer(self, asked: Asked) -> Said:
        """Return the answer."""
        return self._said if asked.path.endswith(self._ends) else self._api.answer(asked)


def delivered(there: Standin, count: int) -> list[Booking]:
    """Deliver so many documents; return them. The first has the usual key."""
    made = [document(key=KEY if number == 1 else f"{number:032x}") for number in range(1, count + 1)]
    built = sink(there)
    for each in made:
        built.deliver(each)
    return made


def test_the_settings_of_the_tests_are_those_of_a_tenant() -> None:
    """So the suite of all sinks can build it too."""
    assert Settings.model_validate(settings_for("https://tryton.example")).taxes == TAXES
