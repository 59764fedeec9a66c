"""Documents from dues: service periods, kinds, shown lines, notes and log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.core.agreement import Agreement, ProgressMode, ProgressTerms, ScheduleTerms
from connector.core.document import kind_of
from connector.core.invoice import DocumentKind
from connector.core.offer import Position, Project
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.readings import ReadingScope
from connector.core.vat import VatCategory, vat_breakdown
from tests.core.books import FEB, JAN, MAR, Books, books, by_service, nets, the_document, the_line
from tests.core.builders import (
    agreement,
    eur,
    offer,
    party,
    position,
    progress_terms,
    project,
    reading,
    reverse_charge,
    schedule_terms,
    vat_decision,
    vat_rate,
)

SHOWN = agreement(replace(progress_terms(), show_unchanged=True))
ALL_DONE = reading("100 %", "", scope=ReadingScope.PROJECT)


def span(first: date, last: date) -> Period:
    """Return the period of both days and all between."""
    return Period.inclusive(first, last)


@pytest.mark.parametrize(
    ("what", "projects", "start"),
    [
        (position(start=date(2026, 1, 15)), {"WEB": project()}, date(2026, 1, 15)),
        (position(start=date(2026, 1, 30)), {"WEB": project()}, date(2026, 1, 30)),
        (position(), {"WEB": project()}, date(2026, 1, 1)),
        (position(), {"WEB": project(start=None)}, date(2026, 1, 30)),
        (position(), {}, date(2026, 1, 30)),
    ],
)
def test_the_first_service_period_starts_with_the_position_or_its_project(
    what: Position, projects: dict[str, Project], start: date
) -> None:
    """Where neither has a start, it is the day of the reading alone, whenever that is billed."""
    read = replace(ALL_DONE, on=date(2026, 1, 30))
    assert the_line(books(what, projects=projects).plan(JAN, read)).period == span(start, date(2026, 1, 30))


def test_the_next_service_period_starts_where_the_last_one_ended() -> None:
    """Read on 20 January, billed on the 31st; read on 10 February, billed on the 28th."""
    ours = books(position("1", "100", start=date(2026, 1, 5)))
    first = the_line(ours.bill(JAN, reading("10 %", on=date(2026, 1, 20))))
    assert first.period == span(date(2026, 1, 5), date(2026, 1, 20))
    second = the_line(ours.bill(FEB, reading("20 %", on=date(2026, 2, 10))))
    assert second.period == span(date(2026, 1, 21), date(2026, 2, 10))


@pytest.mark.parametrize("start", [date(2026, 2, 1), date(2027, 1, 1)])
def test_work_that_ran_ahead_of_its_dates_is_supplied_on_the_day_of_the_document(start: date) -> None:
    """Progress read before the position's own start: a period needs a day."""
    line = the_line(books(position(start=start)).plan(JAN, ALL_DONE))
    assert line.period == span(JAN, JAN)


def test_a_correction_of_a_period_billed_before_is_supplied_on_the_day_of_the_document() -> None:
    """A changed price with no newer reading has no service period of its own."""
    ours = books(position("1", "100"))
    ours.bill(JAN, reading("50 %"))
    ours.offers = books(position("1", "120")).offers
    ours.accept(position("1", "120"))
    assert the_line(ours.plan(MAR)).period == span(MAR, MAR)


def test_a_cancelled_document_frees_its_service_period() -> None:
    """Billed again, the line speaks of the same days."""
    ours = books(position("1", "100"))
    first = the_document(ours.bill(JAN, reading("50 %"))).invoice
    ours.cancel(first.key)
    assert the_line(ours.plan(FEB)).period == first.lines[0].period


def test_the_log_and_the_document_speak_of_the_same() -> None:
    """Every line with an amount has its entry: key, net, period, shares."""
    document = the_document(books(position("1", "10000"), position("2", "20")).plan(JAN, reading("1 of 3", "A1/1")))
    (line,), (entry,) = document.invoice.lines, document.log
    assert (entry.document, entry.position.key, entry.agreement) == (document.invoice.key, line.position, "website")
    assert (entry.computed, entry.period, entry.on) == (line.net, line.period, document.invoice.issue_date)


def test_a_line_carries_what_the_mapping_decides_by() -> None:
    """Category, service and project of the position, and the VAT rule."""
    line = the_line(books(position(category="Design", service="web")).plan(JAN, ALL_DONE))
    assert (line.category, line.service, line.project, line.vat.rule) == ("Design", "web", "WEB", "mapping.toml:10")


@pytest.mark.parametrize(
    ("nets_by_rate", "kind"),
    [
        ([("100.00", 19)], DocumentKind.INVOICE),
        ([("-0.01", 19)], DocumentKind.CREDIT_NOTE),
        ([("100.00", 19), ("-100.00", 19)], DocumentKind.INVOICE),
        ([("100.00", 19), ("-101.00", 7)], DocumentKind.INVOICE),
        ([("-100.00", 19), ("101.00", 7)], DocumentKind.CREDIT_NOTE),
    ],
)
def test_a_document_that_owes_the_customer_is_a_credit_note(
    nets_by_rate: list[tuple[str, int]], kind: DocumentKind
) -> None:
    """What is to be paid decides, VAT included: +100 at 19 % less 101 at 7 % is still owed to us."""
    rows = vat_breakdown([(vat_rate(percent), eur(net)) for net, percent in nets_by_rate], "EUR")
    assert kind_of(rows) is kind


def test_amounts_that_cancel_out_still_make_a_document() -> None:
    """+100 and −100 is a document over nothing: both lines have to be on record."""
    ours = books(position("1", "100"), position("2", "-100"))
    document = the_document(ours.bill(JAN, ALL_DONE))
    assert (document.invoice.kind, document.invoice.payable) == (DocumentKind.INVOICE, eur("0.00"))
    assert len(document.log) == 2
    assert ours.plan(JAN).documents == ()


def test_a_change_of_share_without_a_cent_makes_no_document() -> None:
    """1 % of 0.10 rounds to nothing; the share counts from what was billed, so nothing is lost."""
    ours = books(position("1", "0.10"))
    assert ours.bill(JAN, reading("1 %")).documents == ()
    assert nets(ours.bill(FEB, reading("100 %", on=FEB))) == {"A1/1": "0.10"}


def test_unchanged_positions_are_shown_in_their_place() -> None:
    """0 × price = 0.00, between the lines that moved."""
    ours = books(*(position(str(number), "100") for number in (1, 2, 3)), agreements=[SHOWN])
    lines = the_document(ours.plan(JAN, reading("50 %", "A1/1"), reading("50 %", "A1/3"))).invoice.lines
    assert [(line.number, line.position, str(line.net.amount)) for line in lines] == [
        (1, "A1/1", "50.00"),
        (2, "A1/2", "0.00"),
        (3, "A1/3", "50.00"),
    ]
    assert lines[1].text == "Position 2 – Leistungsstand 0 % (bisher 0 %)"


def test_unchanged_positions_alone_make_no_document() -> None:
    """Neither where nothing is due at all, nor for a currency in which nothing is; and no VAT rule is asked for."""
    ours = books(position("1", "100"), position("2", "100", currency="CHF"), agreements=[SHOWN])
    no_rule = Problem("MissingVatRule", "no VAT rule", "customer K1", "add one")
    plan = replace(ours, vat=lambda _: no_rule).plan(JAN)
    assert (plan.documents, plan.problems) == ((), ())
    assert nets(ours.plan(JAN, reading("50 %", "A1/1"))) == {"A1/1": "50.00"}


def test_the_texts_are_in_the_language_of_the_customer() -> None:
    """German unless the customer's record says English."""
    ours = books(position("1", "10000"), customers={"K1": party(language="en")})
    assert the_line(ours.plan(JAN, reading("1 of 3"))).text == "Position 1 – progress 33.33 % (so far 0 %)"
    ours.agreements = [agreement(ScheduleTerms(schedule_terms().instalments, list_positions=True))]
    assert the_document(ours.plan(JAN)).invoice.notes == ("Covers: Position 1",)


def test_each_legal_note_stands_once() -> None:
    """Two lines of one treatment share their note; different notes stand one after the other."""
    exempt = vat_rate(0, VatCategory.EXEMPT)
    decide = by_service(a=vat_decision(exempt, note="§ 19 UStG"), b=vat_decision(exempt, note="§ 4 Nr. 21 UStG"))
    services = ("a", "b", "a")
    ours = books(*(position(str(n), "10", service=each) for n, each in enumerate(services)), vat=decide)
    assert the_document(ours.plan(JAN, ALL_DONE)).invoice.notes == ("§ 19 UStG", "§ 4 Nr. 21 UStG")


def test_a_schedule_without_a_list_has_no_note() -> None:
    """Only the legal note, if there is one."""
    ours = books(position(), agreements=[agreement(schedule_terms())], vat=by_service(**{"": reverse_charge()}))
    assert the_document(ours.plan(JAN)).invoice.notes == (reverse_charge().note,)


def agreement_on(mode: ProgressMode) -> Agreement:
    """Return the agreement with the mode."""
    return agreement(ProgressTerms(mode))


def test_documents_of_one_plan_have_keys_of_their_own() -> None:
    """Currency and treatment are part of the key, and so is the kind of terms."""
    ours = Books([offer(position("1", "100"), position("2", "100", currency="CHF"))])
    first, second = (each.invoice.key for each in ours.plan(JAN, ALL_DONE).documents)
    scheduled = books(position("1", "100"), agreements=[agreement(schedule_terms())])
    assert len({first, second, the_document(scheduled.plan(JAN)).invoice.key}) == 3


def test_dates_bill_up_to_their_end_and_not_beyond() -> None:
    """The last service period ends with the position, though billed a month later."""
    maintenance = position("1", "310", start=date(2026, 1, 1), end=JAN)
    line = the_line(books(maintenance, agreements=[agreement_on(ProgressMode.DATES)]).plan(FEB))
    assert (line.net, line.period) == (eur("310.00"), span(date(2026, 1, 1), JAN))
