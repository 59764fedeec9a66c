"""Every rule of domain.md section 3, with its worked numbers, through the plan and a log that grows month by month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.agreement import (
    DayCount,
    DecreaseRule,
    Instalment,
    OverRule,
    ProgressMode,
    ProgressTerms,
    ScheduleTerms,
)
from connector.core.edit import LineEdit, edit_entry, edited
from connector.core.invoice import DocumentKind
from connector.core.offer import Position, ProjectBilling
from connector.core.progress import project_share
from connector.core.quantity import Unit
from connector.core.readings import ReadingScope
from connector.core.reason import step
from connector.core.share import Share
from connector.core.timesheet import BookedTime
from tests.core.books import (
    FEB,
    JAN,
    MAR,
    books,
    codes,
    nets,
    printed,
    rests,
    the_document,
    the_line,
    the_problem,
    total_net,
)
from tests.core.builders import (
    agreement,
    eur,
    position,
    progress_terms,
    project,
    reading,
    schedule_terms,
    three_phases,
)

DATES = progress_terms(ProgressMode.DATES)


def test_rule_3_1_a_share_is_an_exact_fraction_that_keeps_its_written_form() -> None:
    """'1 of 3' is a third to the last cent, '33 %' is 33 hundredths; the line's reason says what was written."""
    for written, net in (("1 of 3", "3333.33"), ("33 %", "3300.00"), ("33,33 %", "3333.00")):
        line = the_line(books(position("1", "10000")).plan(JAN, reading(written)))
        assert str(line.net.amount) == net
        assert ("share", written) in line.reason[1].values


def test_rule_3_1_no_float_becomes_a_share() -> None:
    """A float is refused at the door."""
    with pytest.raises(TypeError, match="not float"):
        Share(0.33, "33 %")  # type: ignore[arg-type] # refusing it is the point


def test_rule_3_2_differentiate_gives_each_position_its_own_share() -> None:
    """Half of the first position and a quarter of the second."""
    plan = books(position("1", "1000"), position("2", "1000")).plan(
        JAN, reading("50 %", "A1/1"), reading("25 %", "A1/2")
    )
    assert nets(plan) == {"A1/1": "500.00", "A1/2": "250.00"}


def test_rule_3_2_without_differentiate_the_share_of_the_project_holds_for_all() -> None:
    """One reading of the project; what stands on positions does not count."""
    one_share = agreement(replace(progress_terms(), differentiate=False))
    plan = books(position("1", "1000"), position("2", "3000"), agreements=[one_share]).plan(
        JAN, reading("50 %", "", scope=ReadingScope.PROJECT), reading("100 %", "A1/1")
    )
    assert nets(plan) == {"A1/1": "500.00", "A1/2": "1500.00"}


def test_rule_3_3_the_newest_manual_reading_counts() -> None:
    """A later reading replaces an earlier one, whatever it speaks of; one after the day of the plan does not count."""
    plan = books(position("1", "1000", category="Design")).plan(
        JAN,
        reading("30 %", on=date(2026, 1, 10)),
        reading("40 %", "Design", scope=ReadingScope.CATEGORY, on=date(2026, 1, 20)),
        reading("90 %", on=date(2026, 2, 1)),
    )
    assert nets(plan) == {"A1/1": "400.00"}


def test_rule_3_3_on_one_day_position_beats_category_beats_project() -> None:
    """Of three readings of one day the one that speaks of the least counts."""
    design = [position(number, "1000", category="Design") for number in ("1", "2")]
    plan = books(*design, position("3", "1000", category="Text")).plan(
        JAN,
        reading("10 %", "", scope=ReadingScope.PROJECT),
        reading("20 %", "Design", scope=ReadingScope.CATEGORY),
        reading("30 %", "A1/1"),
    )
    assert nets(plan) == {"A1/1": "300.00", "A1/2": "200.00", "A1/3": "100.00"}


def test_rule_3_3_dates_divides_elapsed_days_by_all_days_both_inclusive() -> None:
    """Of January to March (90 days) 31 have passed on 31 January; before the start 0, after the end all."""
    maintenance = position("1", "9000", start=date(2026, 1, 1), end=date(2026, 3, 31))
    ours = books(maintenance, agreements=[agreement(DATES)])
    assert ours.plan(date(2025, 12, 31)).documents == ()
    assert nets(ours.plan(date(2026, 1, 1))) == {"A1/1": "100.00"}
    assert nets(ours.plan(JAN)) == {"A1/1": "3100.00"}
    assert nets(ours.plan(date(2026, 6, 30))) == {"A1/1": "9000.00"}


def test_rule_3_3_working_days_leave_out_weekends_and_holidays() -> None:
    """1 to 12 January 2026 has 8 weekdays; without New Year and Epiphany 6, of which 3 have passed by the 7th."""
    holidays = frozenset({date(2026, 1, 1), date(2026, 1, 6)})
    terms = ProgressTerms(ProgressMode.DATES, day_count=DayCount.WORKING, holidays=holidays)
    ours = books(position("1", "600", start=date(2026, 1, 1), end=date(2026, 1, 12)), agreements=[agreement(terms)])
    line = the_line(ours.plan(date(2026, 1, 7)))
    assert str(line.net.amount) == "300.00"
    assert ("elapsed", "3") in line.reason[1].values
    assert ("days", "6") in line.reason[1].values


def test_rule_3_3_effort_divides_hours_booked_by_hours_planned() -> None:
    """30 of 40 planned hours; 5 of 10 hours of quantity; 12 hours of 3 days at 8 hours."""
    terms = ProgressTerms(ProgressMode.EFFORT, hours_per_day=Decimal(8))
    plan = books(
        position("1", "4000", planned_seconds=40 * 3600),
        position("2", "100", quantity=10, unit=Unit.HOUR),
        position("3", "800", quantity=3, unit=Unit.DAY),
        agreements=[agreement(terms)],
    ).plan(JAN, booked={key: BookedTime(h * 3600, 1) for key, h in (("A1/1", 30), ("A1/2", 5), ("A1/3", 12))})
    assert nets(plan) == {"A1/1": "3000.00", "A1/2": "500.00", "A1/3": "1200.00"}


def test_rule_3_3_units_divides_what_was_produced_by_the_quantity() -> None:
    """7 of 20 banners at 50."""
    terms = progress_terms(ProgressMode.UNITS)
    ours = books(position("1", "50", quantity=20, unit=Unit.PIECE), agreements=[agreement(terms)])
    line = the_line(ours.plan(JAN, reading(units=7)))
    assert printed(line) == "7 piece × 50.00 = 350.00"


def test_rule_3_3_a_recurring_position_runs_on_dates_beside_manual_ones() -> None:
    """Maintenance by dates, in a category of its own, in a project with readings by hand."""
    terms = ProgressTerms(ProgressMode.MANUAL, mode_by_category={"Wartung": ProgressMode.DATES})
    ours = books(
        position("1", "5000"),
        position("2", "1200", category="Wartung", start=date(2026, 1, 1), end=date(2026, 12, 31)),
        agreements=[agreement(terms)],
    )
    assert nets(ours.bill(JAN, reading("40 %"))) == {"A1/1": "2000.00", "A1/2": "101.92"}
    assert nets(ours.bill(FEB)) == {"A1/2": "92.05"}


def test_rule_3_4_the_share_of_the_project_is_weighted_by_the_totals() -> None:
    """5,000 whole, a third of 10,000 and nothing of 15,000 is exactly 5/18 of the project."""
    shares = (Share.parse("100 %"), Share.parse("1 of 3"), Share.parse("0 %"))
    assert project_share(zip(three_phases(), shares, strict=True)) == Fraction(5, 18)


def test_rule_3_5_due_is_total_times_share_minus_billed() -> None:
    """The worked example: 8,333.33, then 12,666.67, then 9,000.00, together 30,000.00."""
    ours = books(*three_phases())
    first = ours.bill(JAN, reading("100 %", "A1/1"), reading("1 of 3", "A1/2"), reading("0 %", "A1/3"))
    assert (nets(first), total_net(first)) == ({"A1/1": "5000.00", "A1/2": "3333.33"}, "8333.33")
    second = ours.bill(FEB, reading("3 of 3", "A1/2", on=FEB), reading("40 %", "A1/3", on=FEB))
    assert (nets(second), total_net(second)) == ({"A1/2": "6666.67", "A1/3": "6000.00"}, "12666.67")
    third = ours.bill(MAR, reading("100 %", "A1/3", on=MAR))
    assert (nets(third), total_net(third)) == ({"A1/3": "9000.00"}, "9000.00")
    assert sum((entry.computed.amount for entry in ours.log), Decimal(0)) == Decimal("30000.00")


def test_rule_3_5_with_33_percent_the_second_phase_catches_up() -> None:
    """A reading of '33 %' bills 3,300.00, and all of it then 6,700.00."""
    ours = books(*three_phases())
    assert nets(ours.bill(JAN, reading("33 %", "A1/2"))) == {"A1/2": "3300.00"}
    assert nets(ours.bill(FEB, reading("100 %", "A1/2", on=FEB))) == {"A1/2": "6700.00"}


def test_rule_3_6_a_line_prints_the_quantity_since_the_last_invoice_where_that_multiplies_out() -> None:
    """Half of 12.5 hours at 95.50; then the other half."""
    ours = books(position("1", "95.50", quantity="12.5", unit=Unit.HOUR))
    line = the_line(ours.bill(JAN, reading("50 %")))
    assert printed(line) == "6.25 hour × 95.50 = 596.88"
    line = the_line(ours.bill(FEB, reading("100 %", on=FEB)))
    assert printed(line) == "1 flat × 596.87 = 596.87"
    assert line.text == "Position 1 – Leistungsstand 100 % (bisher 50 %)"


def test_rule_3_6_otherwise_it_prints_one_times_the_amount_with_the_shares_in_the_text() -> None:
    """A third of 10,000 is 0.3333 × 10,000 = 3,333.00 for a pocket calculator, so it is printed as one amount."""
    line = the_line(books(position("1", "10000", label="Design")).plan(JAN, reading("1 of 3")))
    assert printed(line) == "1 flat × 3333.33 = 3333.33"
    assert line.text == "Design – Leistungsstand 33,33 % (bisher 0 %)"


def test_rule_3_6_positions_with_nothing_due_are_left_out_unless_shown() -> None:
    """Only the first phase moved; `show_unchanged` prints the second at 0.00 without logging it."""
    phases = three_phases()[:2]
    plan = books(*phases).plan(JAN, reading("100 %", "A1/1"))
    assert (nets(plan), rests(plan)) == ({"A1/1": "5000.00"}, {"A1/2": "no_reading"})
    shown = books(*phases, agreements=[agreement(replace(progress_terms(), show_unchanged=True))]).plan(
        JAN, reading("100 %", "A1/1")
    )
    assert nets(shown) == {"A1/1": "5000.00", "A1/2": "0.00"}
    assert [entry.position.key for entry in the_document(shown).log] == ["A1/1"]


def test_rule_3_7_a_share_above_one_is_capped_and_reported() -> None:
    """120 % bills the whole and leaves a notice that holds nothing."""
    plan = books(position("1", "1000")).plan(JAN, reading("120 %"))
    assert nets(plan) == {"A1/1": "1000.00"}
    assert (the_problem(plan).code, the_problem(plan).holds) == ("ShareAboveOne", False)
    assert step("capped", share="120 %") in the_line(plan).reason


def test_rule_3_7_a_share_above_one_is_billed_if_agreed() -> None:
    """`over = bill` bills 1,200 of 1,000."""
    plan = books(position("1", "1000"), agreements=[agreement(replace(progress_terms(), over=OverRule.BILL))]).plan(
        JAN, reading("120 %")
    )
    assert (nets(plan), codes(plan)) == ({"A1/1": "1200.00"}, [])


def test_rule_3_7_a_share_lower_than_billed_holds_the_document() -> None:
    """From 60 % back to 40 %: ProgressWentBack, and nothing of the agreement is billed."""
    ours = books(position("1", "1000"), position("2", "1000"))
    ours.bill(JAN, reading("60 %"))
    plan = ours.plan(FEB, reading("40 %", on=FEB), reading("50 %", "A1/2", on=FEB))
    assert (plan.documents, codes(plan)) == ((), ["ProgressWentBack"])
    assert the_problem(plan).holds


def test_rule_3_7_a_share_lower_than_billed_is_credited_if_agreed() -> None:
    """`on_decrease = credit`: a negative line, and a credit note where the document would be negative."""
    terms = replace(progress_terms(), on_decrease=DecreaseRule.CREDIT)
    ours = books(position("1", "1000"), position("2", "1000"), agreements=[agreement(terms)])
    ours.bill(JAN, reading("60 %"))
    both = the_document(ours.plan(FEB, reading("40 %", on=FEB), reading("50 %", "A1/2", on=FEB))).invoice
    assert (both.net, both.kind) == (eur("300.00"), DocumentKind.INVOICE)
    alone = the_document(ours.plan(FEB, selection={"website": frozenset({"A1/1"})})).invoice
    assert (alone.net, alone.gross, alone.kind) == (eur("-200.00"), eur("-238.00"), DocumentKind.CREDIT_NOTE)
    assert printed(alone.lines[0]) == "-0.2 flat × 1000.00 = -200.00"
    (billed,) = {entry.document for entry in ours.log}
    assert [line.credits for line in both.lines] == [billed, ""]


def test_rule_3_8_each_billed_position_leaves_an_entry_in_the_log() -> None:
    """Document, date, shares, quantity, computed and invoiced net, who; what was billed is their sum."""
    ours = books(position("1", "1000"))
    ours.bill(JAN, reading("40 %"))
    document = the_document(ours.bill(FEB, reading("1 of 2", on=FEB)))
    (entry,) = document.log
    assert (entry.document, entry.on, entry.who) == (document.invoice.key, FEB, "test")
    assert (entry.share_before, entry.share_after, entry.quantity) == (Fraction(2, 5), Fraction(1, 2), Decimal("0.1"))
    assert (entry.computed, entry.invoiced) == (eur("100.00"), eur("100.00"))
    assert ours.state().computed == eur("500.00")


def test_rule_3_8_an_edit_changes_what_is_invoiced_and_no_later_invoice() -> None:
    """A person bills 450 instead of 400; the next invoice is still 600, and its reason shows the deviation."""
    ours = books(position("1", "1000"))
    draft = the_document(ours.bill(JAN, reading("40 %"))).invoice
    edit = LineEdit(1, "Ada", JAN, "agreed by telephone", unit_price=Decimal("1125.00"))
    changed = edited(draft, edit)
    ours.log.append(edit_entry(draft, changed, edit, ours.state()))
    assert (changed.net, changed.gross) == (eur("450.00"), eur("535.50"))
    assert (ours.state().computed, ours.state().invoiced) == (eur("400.00"), eur("450.00"))
    line = the_line(ours.bill(FEB, reading("100 %", on=FEB)))
    assert line.net == eur("600.00")
    assert step("deviation", computed="400.00 EUR", invoiced="450.00 EUR") in line.reason
    assert ours.state().deviation == eur("50.00")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (position("1", "1200"), "unit price 1000 → 1200"),
        (position("1", "1000", quantity=2), "quantity 1 → 2"),
        (position("1", "1000", discount=Fraction(1, 10)), "discount 0 → 1/10"),
        (position("1", "1000", unit=Unit.PIECE), "unit flat → piece"),
    ],
)
def test_rule_3_9_a_position_changed_after_billing_is_a_problem(changed: Position, told: str) -> None:
    """Quantity, price, discount or unit differ from what was billed: hint 'make it an amendment'."""
    ours = books(position("1", "1000"))
    ours.bill(JAN, reading("40 %"))
    ours.offers = books(changed).offers
    plan = ours.plan(FEB, reading("50 %", on=FEB))
    assert (plan.documents, codes(plan)) == ((), ["PositionChangedAfterBilling"])
    assert told in the_problem(plan).message
    assert the_problem(plan).hint == "make it an amendment, or accept the change with a reason"


def test_rule_3_9_a_position_vanished_after_billing_is_a_problem() -> None:
    """The billed position is no longer in the offer."""
    ours = books(position("1", "1000"), position("2", "1000"))
    ours.bill(JAN, reading("40 %"))
    ours.offers = books(position("2", "1000")).offers
    plan = ours.plan(FEB, reading("50 %", "A1/2", on=FEB))
    assert (plan.documents, codes(plan)) == ((), ["PositionChangedAfterBilling"])
    assert "A1/1 is gone" in the_problem(plan).message


def test_rule_3_9_an_accepted_change_is_caught_up_in_money() -> None:
    """40 % of 1,000 was billed; at the accepted 1,500, 50 % leave 350.00 due."""
    ours = books(position("1", "1000"))
    ours.bill(JAN, reading("40 %"))
    ours.offers = books(position("1", "1500")).offers
    ours.accept(position("1", "1500"))
    assert nets(ours.bill(FEB, reading("50 %", on=FEB))) == {"A1/1": "350.00"}
    assert ours.plan(MAR).documents == ()


def test_rule_3_9_an_accepted_disappearance_is_given_back_once() -> None:
    """What was billed of the vanished position is credited, and the matter rests."""
    ours = books(position("1", "1000"), position("2", "1000"))
    ours.bill(JAN, reading("40 %"))
    ours.offers = books(position("2", "1000")).offers
    ours.accept(position("1", "1000"), vanished=True)
    document = the_document(ours.bill(FEB)).invoice
    assert (document.kind, printed(document.lines[0])) == (
        DocumentKind.CREDIT_NOTE,
        "-0.4 flat × 1000.00 = -400.00",
    )
    plan = ours.plan(MAR, reading("50 %", "A1/2", on=MAR))
    assert (nets(plan), codes(plan)) == ({"A1/2": "500.00"}, [])


def test_rule_3_10_what_is_not_chosen_stays_due() -> None:
    """By key and by category; the rest is billed the next time, in full."""
    ours = books(position("1", "1000"), position("2", "2000", category="Text"), position("3", "3000", category="Text"))
    done = [reading("100 %", f"A1/{number}") for number in (1, 2, 3)]
    plan = ours.bill(JAN, *done, selection={"website": frozenset({"A1/1"})})
    assert nets(plan) == {"A1/1": "1000.00"}
    assert rests(plan) == {"A1/2": "not_selected", "A1/3": "not_selected"}
    plan = ours.bill(JAN, selection={"website": frozenset({"Text"})})
    assert nets(plan) == {"A1/2": "2000.00", "A1/3": "3000.00"}
    assert ours.plan(JAN).documents == ()


def test_rule_3_11_manual_progress_is_refused_on_time_and_material() -> None:
    """Held with a hint, unless progress is measured by effort."""
    by_time = {"WEB": project(billing=ProjectBilling.TIME_AND_MATERIALS)}
    plan = books(position("1", "1000"), projects=by_time).plan(JAN, reading("40 %"))
    assert (plan.documents, codes(plan)) == ((), ["ManualProgressOnTimeAndMaterials"])
    assert the_problem(plan).hint == "measure progress by effort, or make the agreement kind time_and_materials"
    effort = agreement(progress_terms(ProgressMode.EFFORT))
    ours = books(position("1", "1000", planned_seconds=36000), projects=by_time, agreements=[effort])
    assert nets(ours.plan(JAN, booked={"A1/1": BookedTime(18000, 3)})) == {"A1/1": "500.00"}


def test_rule_3_12_instalments_add_up_and_the_last_takes_the_cents() -> None:
    """A third each of 100.00: 33.33, 33.33 and 33.34, each on its day."""
    days = (JAN, FEB, MAR)
    thirds = [Instalment(day, f"{n}. Abschlag", part=Fraction(1, 3)) for n, day in enumerate(days, start=1)]
    ours = books(position("1", "100"), agreements=[agreement(schedule_terms(*thirds))])
    assert [total_net(ours.bill(day)) for day in days] == ["33.33", "33.33", "33.34"]
    assert ours.plan(date(2026, 12, 31)).documents == ()


def test_rule_3_12_instalments_that_do_not_add_up_are_a_problem() -> None:
    """60 of 100 is not the total."""
    terms = schedule_terms(Instalment(JAN, "Abschlag", amount=eur("60.00")))
    plan = books(position("1", "100"), agreements=[agreement(terms)]).plan(JAN)
    assert (plan.documents, codes(plan)) == ((), ["ScheduleDoesNotAddUp"])


def test_rule_3_12_positions_may_be_listed_without_amounts() -> None:
    """The document says what it covers in a note; its lines are the instalments alone."""
    terms = ScheduleTerms(schedule_terms().instalments, list_positions=True)
    ours = books(position("1", "60", label="Audit"), position("2", "40", label="Design"), agreements=[agreement(terms)])
    document = the_document(ours.plan(JAN)).invoice
    assert document.notes == ("Umfasst: Audit; Design",)
    assert [(line.text, str(line.net.amount)) for line in document.lines] == [("1. Abschlag", "50.00")]
