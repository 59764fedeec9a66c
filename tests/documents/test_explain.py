from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from string import Formatter

import pytest

from connector.core.booking import Booking, LedgerRow
from connector.core.due import due_at
from connector.core.edit import LineEdit, edited
from connector.core.invoice import DocumentKind
from connector.core.progress import Measured
from connector.core.reason import Step, step
from connector.core.share import Share
from connector.core.texts import KINDS, LANGUAGES
from connector.documents.explain import _STEPS as TEMPLATES
from connector.documents.explain import explain_document, explain_line, explain_step
from tests.architecture.syntax import dotted, house
from tests.core.builders import JANUARY, booking, eur, invoice, line, position, revenue


def steps_in_the_house() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield rule and names of values of every call of `step`, wherever it stands."""
    for source in house():
        for node in source.nodes():
            if isinstance(node, ast.Call) and dotted(node.func) == "step" and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), frozenset(keyword.arg or "" for keyword in node.keywords)


STEPS = dict(steps_in_the_house())

VALUES = {
    "position": "A1/1", "origin": "progress.csv:2", "subject": "A1/1", "text": "First half", "who": "anna",
    "comment": "agreed", "account": "8400", "found_at": "mapping.toml:20", "lines": "1, 2", "entries": "7",
    "elapsed": "21", "days": "253", "count": "working", "scope": "category", "unit": "hour", "discount": "1/20",
    "share": "1/3", "seconds": "5400", "planned": "36000", "percent": "19.5",
    "quantity": "12.5", "unit_price": "1234.5", "units": "3", "document": "RE-2026-0001", "line": "2",
    "reason": "wrong customer", "item": "Design", "label": "Welcome", "role": "Consulting", "metric": "spend",
    "month": "2026-02", "tier": "2", "rule": "bill_next", "mode": "volume", "use": "last", "level": "activity",
    "of": "Design", "part": "20/31", "size": "2.5 %", "change": "-1.5 %", "lots": "2026-01 6:00 h, 2026-02 1:30 h",
    "agreement": "care", "period": "2026-03", "per": "day", "minutes": "15", "way": "nearest", "tiers": "3",
    "printed": "2.33", "allowance": "20:00 h",
    **dict.fromkeys(("opening", "granted", "available", "used", "covered", "deducted", "overage", "amount"), "7:20 h"),
    **dict.fromkeys(("price", "round_to", "index", "base", "value"), "1234.5"),
    **dict.fromkeys(("fee", "limit", "whole"), "8333.33 EUR"),
    **dict.fromkeys(("on", "as_of", "start", "end", "due_on"), "2026-03-01"),
    **dict.fromkeys(
        ("total", "target", "billed", "due", "computed", "invoiced", "adjustment", "net", "tax", "gross"),
        "8333.33 EUR",
    ),
}  # fmt: skip
"""A text for every value that a step may carry, as `step` writes it."""

SHOWN = {
    "de": {
        "count": "Arbeitstage", "scope": "Kategorie", "unit": "Std.", "discount": "5 %", "share": "1/3 (33,33 %)",
        "seconds": "1:30 h", "planned": "10:00 h", "percent": "19,5", "quantity": "12,5", "unit_price": "1.234,5",
        "rule": "mit der nächsten Rechnung", "mode": "erreichte Stufe", "use": "letzter Stand", "level": "Tätigkeit",
        "part": "20/31 (64,52 %)", "size": "2,5 %", "change": "-1,5 %", "lots": "01/2026 6:00 h, 02/2026 1:30 h",
        "per": "jeder Tag je Person, Projekt, Tätigkeit und Position",
        "way": "kaufmännisch", "printed": ", gerundet 2,33 Std.",
        **dict.fromkeys(("price", "round_to", "index", "base", "value"), "1.234,5"),
        **dict.fromkeys(("fee", "limit", "whole"), "8.333,33 EUR"),
        **dict.fromkeys(("on", "as_of", "start", "end", "due_on"), "01.03.2026"),
        **dict.fromkeys(("total", "target", "billed", "due", "computed", "invoiced"), "8.333,33 EUR"),
        **dict.fromkeys(("adjustment", "net", "tax", "gross"), "8.333,33 EUR"),
    },
    "en": {
        "count": "working days", "scope": "category", "unit": "hours", "discount": "5 %", "share": "1/3 (33.33 %)",
        "seconds": "1:30 h", "planned": "10:00 h", "percent": "19.5", "quantity": "12.5", "unit_price": "1,234.5",
        "rule": "billed with the next invoice", "mode": "the tier reached", "use": "last reading", "level": "activity",
        "part": "20/31 (64.52 %)", "size": "2.5 %", "change": "-1.5 %", "lots": "01/2026 6:00 h, 02/2026 1:30 h",
        "per": "each day per person, project, activity and position",
        "way": "to the nearest", "printed": ", rounded 2.33 hours",
        **dict.fromkeys(("price", "round_to", "index", "base", "value"), "1,234.5"),
        **dict.fromkeys(("fee", "limit", "whole"), "8,333.33 EUR"),
        **dict.fromkeys(("on", "as_of", "start", "end", "due_on"), "1 Mar 2026"),
        **dict.fromkeys(("total", "target", "billed", "due", "computed", "invoiced"), "8,333.33 EUR"),
        **dict.fromkeys(("adjustment", "net", "tax", "gross"), "8,333.33 EUR"),
    },
}  # fmt: skip
"""How each is shown, where it is not shown as it is."""


def test_the_house_explains_itself_in_steps() -> None:
    """The search finds the steps: planning, editing and booking all leave some."""
    assert {"total", "due", "edited", "row_gross", "no_reading"} <= set(STEPS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_a_template_and_no_template_is_left_over(language: str) -> None:
    """A rule without words would fail in front of the customer; words without a rule would rot."""
    assert set(TEMPLATES[language]) == set(STEPS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", sorted(STEPS))
def test_every_step_is_told_with_all_its_values(rule: str, language: str) -> None:
    """Each value that the template names is one of the step's, and stands in the sentence as people write it."""
    named = {name for _, name, _, _ in Formatter().parse(TEMPLATES[language][rule]) if name}
    values = {name: VALUES[name] for name in STEPS[rule]}
    sentence = explain_step(Step(rule, tuple(values.items())), language)

    assert named == STEPS[rule]
    for name in named:
        assert SHOWN[language].get(name, VALUES[name]) in sentence


def test_progress_as_people_wrote_it_is_shown_so() -> None:
    """'1 von 3' stays '1 von 3'; what is a number is shown as one."""
    written = step("capped", share="1 von 3")
    assert explain_step(written, "en") == "Progress 1 von 3 is more than the whole: capped at 100 %"
    assert "120 %" in explain_step(step("capped", share="6/5"), "en")


def test_a_step_of_an_older_version_is_still_told() -> None:
    """Documents are kept for ten years; what a later version no longer computes is shown by its names and values."""
    old = step("surcharge", share="1/3", net=eur("8333.33"))
    assert explain_step(old, "de") == "surcharge: share 1/3 (33,33 %), net 8.333,33 EUR"


def test_instalments_are_counted() -> None:
    """The word for days is not mistaken for a number of instalments."""
    told = explain_step(step("instalment", due_on=JANUARY.last_day, text="First half", count=4), "en")
    assert told == "Instalment “First half”, due on 31 Jan 2026, one of 4"


def test_a_line_is_explained_from_reading_to_print() -> None:
    """Heading, the steps in order, what is printed with its service period, and the VAT rule with its place."""
    due = due_at(position("2", "10000"), Measured(Share.parse("1 of 3"), JANUARY.last_day, ()), None)
    explained = list(explain_line(replace(line(due.amount.amount, text="Design"), reason=due.reason), "en"))

    assert explained == [
        "Line 1: Design: 3,333.33 EUR",
        "  Position: 1 flat × 10,000, discount 0 % = 10,000.00 EUR",
        "  Due at 1/3 (33.33 %): 3,333.33 EUR; billed before 0.00 EUR; due now 3,333.33 EUR",
        "  Printed: 1 flat × 3,333.33 = 3,333.33 EUR, service period 1 Jan 2026 to 31 Jan 2026",
        "  VAT: S 19 % (mapping.toml:10)",
    ]


def test_an_edit_is_explained_with_who_and_why() -> None:
    """After the computed steps stands what a person made of it."""
    plain = invoice(replace(line("5000.00"), reason=()))
    changed = edited(plain, LineEdit(1, "anna", JANUARY.last_day, "goodwill", unit_price=Decimal("4500.00")))

    assert (
        "  Von anna am 31.01.2026 geändert: berechnet 5.000,00 EUR, fakturiert 4.500,00 EUR. Grund: goodwill"
        in list(explain_line(changed.lines[0], "de"))
    )


def booked() -> Booking:
    """Return a document of one line in a booking whose row says all a row can say."""
    document = invoice(replace(line("100.00"), reason=()), number="RE-2026-0007")
    row = LedgerRow(
        revenue=revenue("8200", automatic=False, tax_key="3", cost_centre="110"),
        vat=document.vat[0].rate,
        net=eur("100.00"),
        gross=eur("119.00"),
        adjustment=eur("0.00"),
        text="RE-2026-0007",
        supplied_on=JANUARY.last_day,
        lines=(1,),
        rules=("mapping.toml:20", "mapping.toml:10"),
        reason=(step("row_gross", net=eur("100.00"), tax=eur("19.00"), gross=eur("119.00")),),
    )
    return replace(booking(document), rows=(row,))


def test_a_document_is_explained_down_to_its_booking() -> None:
    """Heading, lines, VAT on the sum, debtor and rows, each with the rule that led there."""
    made = booked()
    told = list(explain_document(made.invoice, made, "de"))

    buyer = made.invoice.buyer.name
    assert told[0] == (
        f"Rechnung RE-2026-0007 vom 31.01.2026 an {buyer}: netto 100,00 EUR, USt 19,00 EUR, brutto 119,00 EUR"
    )
    assert told[-4:] == [
        "Umsatzsteuer S 19 %: 100,00 EUR × 19 % = 19,00 EUR, auf die Summe der Positionen",
        "Debitor 10001 (mapping.toml:5)",
        (
            "Buchung: 119,00 EUR brutto auf Konto 8200, Steuerschlüssel 3, Kostenstelle 110 für Position 1 "
            "(mapping.toml:20, mapping.toml:10)"
        ),
        "  Brutto: 100,00 EUR + 19,00 EUR = 119,00 EUR",
    ]


def test_an_automatic_account_has_no_tax_key_to_tell() -> None:
    """Nor a cost centre, where the rule names none."""
    made = booking(invoice(number="RE-2026-0007"))
    assert "Booking: 5,950.00 EUR gross to account 8400 for line 1 (mapping.toml:20)" in list(
        explain_document(made.invoice, made, "en")
    )


def test_a_document_without_booking_or_number_is_explained_as_far_as_it_goes() -> None:
    """A draft that a hole of the mapping holds has a key, and no debtor."""
    told = list(explain_document(invoice(key="k-0001"), None, "en"))
    assert told[0].startswith("Invoice k-0001 of 31 Jan 2026")
    assert not any(sentence.startswith("Debtor") for sentence in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_document_has_a_name(language: str) -> None:
    """A credit note is never the bare word Gutschrift, which means another thing in German tax law (§ 14 UStG)."""
    assert set(KINDS[language]) == {kind.value for kind in DocumentKind}
    assert KINDS["de"][DocumentKind.CREDIT_NOTE] == "Kaufmännische Gutschrift"
