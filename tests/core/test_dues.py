"""What is due under an agreement and why nothing else is: measures, selection, refusals, disappearance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.core.agreement import Agreement, DecreaseRule, ProgressMode, ProgressTerms
from connector.core.dues import Assessor
from connector.core.offer import Position, Project, ProjectBilling
from connector.core.problems import Problem
from connector.core.progress import Evidence, Measured, ReadingIndex
from connector.core.readings import ReadingScope
from connector.core.reason import step
from connector.core.timesheet import BookedTime
from tests.core.books import FEB, JAN, MAR, books, codes, nets, rests, the_document, the_problem
from tests.core.builders import agreement, eur, position, progress_terms, project, reading, schedule_terms

ONE_SHARE = replace(progress_terms(), differentiate=False)
OF_PROJECT = reading("50 %", "", scope=ReadingScope.PROJECT)


def shares(wanted: Agreement, *positions: Position) -> dict[str, str]:
    """Return how far each position is on 31 January, by the project's reading of 50 %."""
    evidence = Evidence(JAN, ReadingIndex([OF_PROJECT], JAN), {}, {"WEB": project()})
    found = Assessor(evidence, {}).measured(wanted, positions)
    assert not isinstance(found, Problem)
    return {each.key: share.share.written if isinstance(share, Measured) else share.code for each, share in found}


def test_positions_with_a_mode_of_their_own_do_not_take_the_projects_share() -> None:
    """Without `differentiate`, overrides by category and by position still hold."""
    terms = replace(
        ONE_SHARE,
        mode_by_category={"Wartung": ProgressMode.DATES},
        mode_by_position={"A1/3": ProgressMode.MANUAL},
    )
    positions = [position("1"), position("2", category="Wartung"), position("3")]
    assert shares(agreement(terms), *positions) == {"A1/1": "50 %", "A1/2": "31 of 181 days", "A1/3": "50 %"}
    plan = books(*positions, agreements=[agreement(terms)]).plan(JAN, OF_PROJECT, reading("10 %", "A1/3"))
    assert nets(plan) == {"A1/1": "2500.00", "A1/2": "856.35", "A1/3": "500.00"}


def test_only_positions_without_a_mode_of_their_own_make_the_projects_effort() -> None:
    """Hours and plan of an overridden position stay out of the common share."""
    terms = ProgressTerms(ProgressMode.EFFORT, mode_by_category={"Wartung": ProgressMode.MANUAL}, differentiate=False)
    ours = books(
        position("1", "1000", planned_seconds=36000),
        position("2", "2000", planned_seconds=36000),
        position("3", "500", planned_seconds=36000, category="Wartung"),
        agreements=[agreement(terms)],
    )
    booked = {"A1/1": BookedTime(18000, 1), "A1/3": BookedTime(36000, 1)}
    assert nets(ours.plan(JAN, booked=booked)) == {"A1/1": "250.00", "A1/2": "500.00"}


def test_a_missing_share_of_the_project_is_a_problem_of_each_position() -> None:
    """Every position that would take it is named; no project share is asked for where all have their own."""
    terms = replace(ONE_SHARE, mode=ProgressMode.UNITS, mode_by_position={"A1/2": ProgressMode.MANUAL})
    assert shares(agreement(terms), position("1"), position("2")) == {"A1/1": "UnitsNeedPositions", "A1/2": "50 %"}
    assert shares(agreement(terms), position("2")) == {"A1/2": "50 %"}


def test_why_a_position_has_no_amount() -> None:
    """Complete, no progress since, nothing read, not chosen: each is said."""
    ours = books(*(position(str(number), "100") for number in range(1, 6)))
    ours.bill(JAN, reading("100 %", "A1/1"), reading("40 %", "A1/2"))
    plan = ours.plan(
        FEB, reading("0 %", "A1/4", on=FEB), selection={"website": frozenset({f"A1/{n}" for n in range(5)})}
    )
    assert rests(plan) == {
        "A1/1": "complete",
        "A1/2": "no_progress",
        "A1/3": "no_reading",
        "A1/4": "no_progress",
        "A1/5": "not_selected",
    }


def test_a_problem_of_one_position_holds_the_whole_document() -> None:
    """The good position waits; chosen alone it goes through, for a person has seen to it (domain 3.10)."""
    ours = books(position("1", "100"), position("2", "100"))
    good, bad = reading("50 %", "A1/1"), [reading(share, "A1/2") for share in ("10 %", "20 %")]
    plan = ours.plan(JAN, good, *bad)
    assert (plan.documents, codes(plan)) == ((), ["ReadingsContradict"])
    plan = ours.plan(JAN, selection={"website": frozenset({"A1/1"})})
    assert (nets(plan), codes(plan)) == ({"A1/1": "50.00"}, [])


def test_every_problem_names_its_agreement() -> None:
    """So that the operator sees whose document is held, or whose share was capped."""
    plan = books(position("1", "100"), agreements=[agreement(progress_terms(ProgressMode.EFFORT))]).plan(JAN)
    assert (the_problem(plan).code, the_problem(plan).agreement) == ("PlannedHoursMissing", "website")
    plan = books(position("1", "100")).plan(JAN, reading("101 %"))
    assert (the_problem(plan).code, the_problem(plan).agreement) == ("ShareAboveOne", "website")


def test_a_changed_position_with_contradicting_readings_has_two_problems() -> None:
    """Both are told at once."""
    ours = books(position("1", "100"))
    ours.bill(JAN, reading("50 %"))
    ours.offers = books(position("1", "200")).offers
    plan = ours.plan(FEB, reading("60 %", on=FEB), reading("70 %", on=FEB))
    assert codes(plan) == ["PositionChangedAfterBilling", "ReadingsContradict"]


@pytest.mark.parametrize("mode", [ProgressMode.DATES, ProgressMode.EFFORT, ProgressMode.UNITS])
def test_time_and_material_may_be_billed_by_any_measure_but_the_hand(mode: ProgressMode) -> None:
    """Refused is only manual progress (domain 3.11); an override by position counts as well."""
    by_time = {"WEB": project(billing=ProjectBilling.TIME_AND_MATERIALS)}
    what = position("1", "1000", planned_seconds=36000)
    assert codes(books(what, projects=by_time, agreements=[agreement(progress_terms(mode))]).plan(JAN)) == []
    by_hand = ProgressTerms(mode, mode_by_position={"A1/1": ProgressMode.MANUAL})
    plan = books(what, projects=by_time, agreements=[agreement(by_hand)]).plan(JAN)
    assert codes(plan) == ["ManualProgressOnTimeAndMaterials"]


def test_time_and_material_without_differentiate_is_refused_for_each_position() -> None:
    """The share of the project by hand is by hand."""
    by_time = {"WEB": project(billing=ProjectBilling.TIME_AND_MATERIALS)}
    plan = books(position(), projects=by_time, agreements=[agreement(ONE_SHARE)]).plan(JAN, OF_PROJECT)
    assert codes(plan) == ["ManualProgressOnTimeAndMaterials"]


@pytest.mark.parametrize("known", [{}, {"WEB": project(billing=ProjectBilling.FIXED_PRICE)}])
def test_a_fixed_price_or_unknown_project_may_be_billed_by_hand(known: dict[str, Project]) -> None:
    """Only what is known to be time and material is refused."""
    assert nets(books(position(), projects=known).plan(JAN, reading("50 %"))) == {"A1/1": "2500.00"}


def test_a_vanished_position_that_is_not_chosen_holds_nothing() -> None:
    """A person who bills another category is not stopped by it; chosen by its category it is a problem again."""
    ours = books(position("1", "100", category="Design"), position("2", "100", category="Text"))
    ours.bill(JAN, reading("50 %", "A1/1"))
    ours.offers = books(position("2", "100", category="Text")).offers
    done = reading("50 %", "A1/2", on=FEB)
    assert codes(ours.plan(FEB, done, selection={"website": frozenset({"Text"})})) == []
    assert codes(ours.plan(FEB, selection={"website": frozenset({"Design"})})) == ["PositionChangedAfterBilling"]


def test_what_vanished_after_its_invoice_was_cancelled_is_no_matter() -> None:
    """Nothing of it stands, so nothing is to be given back or asked."""
    ours = books(position("1", "100"), position("2", "100"))
    ours.cancel(the_document(ours.bill(JAN, reading("50 %", "A1/1"))).invoice.key)
    ours.offers = books(position("2", "100")).offers
    plan = ours.plan(FEB)
    assert (plan.documents, plan.problems) == ((), ())


def test_a_vanished_position_whose_billing_came_to_nothing_is_only_recorded() -> None:
    """Billed and credited before it vanished: accepted, nothing is left to give back."""
    terms = replace(progress_terms(), on_decrease=DecreaseRule.CREDIT)
    ours = books(position("1", "100"), position("2", "100"), agreements=[agreement(terms)])
    ours.bill(JAN, reading("50 %", "A1/1"))
    ours.bill(FEB, reading("0 %", "A1/1", on=FEB))
    ours.offers = books(position("2", "100")).offers
    assert codes(ours.plan(MAR)) == ["PositionChangedAfterBilling"]
    ours.accept(position("1", "100"), vanished=True)
    plan = ours.plan(MAR)
    assert (plan.documents, plan.problems) == ((), ())


def test_what_was_given_back_says_why() -> None:
    """The line of a vanished position: progress 0 %, its reason, and a log entry that it is gone."""
    ours = books(position("1", "100"), position("2", "100"))
    ours.bill(JAN, reading("50 %", "A1/1"))
    ours.offers = books(position("2", "100")).offers
    ours.accept(position("1", "100"), vanished=True)
    document = the_document(ours.bill(FEB))
    (line,) = document.invoice.lines
    assert line.text == "Position 1 – Leistungsstand 0 % (bisher 50 %)"
    assert [each.rule for each in line.reason] == ["total", "vanished", "due"]
    assert line.reason[1] == step("vanished", position="A1/1")
    assert document.log[0].vanished
    assert (ours.state().computed, ours.state().vanished) == (eur("0.00"), True)


def test_a_position_that_comes_back_is_billed_once_its_return_is_accepted() -> None:
    """Vanished, given back, back again: what is due starts from zero."""
    ours = books(position("1", "100"), position("2", "100"))
    ours.bill(JAN, reading("50 %", "A1/1"))
    both = ours.offers
    ours.offers = books(position("2", "100")).offers
    ours.accept(position("1", "100"), vanished=True)
    ours.bill(FEB)
    ours.offers = both
    assert codes(ours.plan(MAR)) == ["PositionChangedAfterBilling"]
    ours.accept(position("1", "100"))
    assert nets(ours.bill(MAR)) == {"A1/1": "50.00"}
    assert codes(ours.plan(MAR)) == []


def test_changing_from_progress_to_a_schedule_asks_about_what_was_billed() -> None:
    """Positions billed by progress are not instalments: the operator has to say what becomes of them."""
    ours = books(position("1", "100"))
    ours.bill(JAN, reading("50 %"))
    ours.agreements = [agreement(schedule_terms())]
    plan = ours.plan(date(2026, 3, 1))
    assert (plan.documents, codes(plan)) == ((), ["PositionChangedAfterBilling"])


def test_a_selection_of_nothing_known_is_a_problem() -> None:
    """A position or category that the agreement does not have holds it, with a suggestion."""
    ours = books(position("1", category="Wartung"))
    plan = ours.plan(JAN, reading("50 %", "A1/1"), selection={"website": frozenset({"A1/1", "Wartug"})})
    problem = the_problem(plan)
    assert (problem.code, problem.hint, plan.documents) == ("UnknownSelection", "did you mean 'Wartung'?", ())


def test_a_part_of_a_time_and_materials_project_has_no_progress_by_hand() -> None:
    """What a project says of its billing holds for its subprojects that say nothing, nearest first."""
    top = project("WEB", billing=ProjectBilling.TIME_AND_MATERIALS)
    for stated, expected in (
        (ProjectBilling.UNSTATED, ["ManualProgressOnTimeAndMaterials"]),
        (ProjectBilling.FIXED_PRICE, []),
    ):
        part = project("WEB-DEV", parent="WEB", billing=stated)
        ours = books(position("1", project="WEB-DEV"))
        ours.projects = {"WEB": top, "WEB-DEV": part}
        assert codes(ours.plan(JAN, reading("50 %", "A1/1"))) == expected
