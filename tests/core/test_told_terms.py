"""What a project tool states is held against the agreements: a difference names both values, a gap what to write."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.agreement import Agreement, Instalment
from connector.core.catalogue import ItemUnit
from connector.core.cycle import BillingCalendar, Cycle
from connector.core.offer import Project
from connector.core.problems import Problem, Severity
from connector.core.retainer_terms import PercentIndexation, RetainerTerms, TermsVersion
from connector.core.term_end import Span, SpanUnit, Term
from connector.core.told_terms import ToldRetainer, ToldSchedule, ToldTerms, block, difference
from tests.core.builders import agreement, eur, progress_terms, project, schedule_terms
from tests.core.retainer_builders import item

TODAY = date(2026, 3, 15)
START = date(2026, 1, 1)

TERMS = RetainerTerms("Betreuung", (TermsVersion(START, eur(2400), (item("hours", 20),)),))
CARE = Agreement("care", "K1", "WEB", TERMS, place="agreements.toml:7", pooled=("APP",))

TOLD = ToldRetainer(
    "tool: project WEB",
    "Betreuung",
    customer="K1",
    project="WEB",
    start=START,
    cycle=Cycle.MONTH,
    fee=eur(2400),
    seconds=72_000,
)

NEW_YEAR = date(2026, 12, 31)


def compared(told: ToldTerms, *agreements: Agreement, on: date = TODAY) -> Problem | None:
    """Return what there is to tell; the subproject SUB is a part of the pooled project."""
    projects = {each.id: each for each in (project("WEB"), project("APP"), Project("SUB", "Teil", "K1", parent="APP"))}
    return difference(told, agreements or [CARE], projects, on)


def found(told: ToldTerms, *agreements: Agreement, on: date = TODAY) -> str:
    """Return what differs."""
    problem = compared(told, *agreements, on=on)
    assert problem
    assert (problem.code, problem.severity, problem.agreement) == ("TermsDiffer", Severity.NOTICE, "care")
    assert problem.place == told.place
    _, differs, what = problem.message.partition(" differs from agreement care (agreements.toml:7): ")
    assert differs
    return what


def with_terms(terms: RetainerTerms) -> Agreement:
    """Return the agreement with these terms."""
    return replace(CARE, terms=terms)


@pytest.mark.parametrize("project_id", ["WEB", "APP", "SUB"])
def test_what_the_agreement_says_too_is_not_told(project_id: str) -> None:
    """Of its project, one that is pooled with it, and a part of one."""
    assert compared(replace(TOLD, project=project_id)) is None


def test_what_the_tool_does_not_state_differs_from_nothing() -> None:
    """Every term is optional."""
    assert compared(ToldRetainer("tool: project WEB", "Betreuung", project="WEB")) is None


@pytest.mark.parametrize(
    ("change", "difference_"),
    [
        ({"fee": eur(2300)}, "fee 2300.00 EUR, agreed 2400.00 EUR"),
        ({"seconds": 75_600}, "hours included 21:00 h, agreed 20:00 h"),
        ({"seconds": 0}, "hours included 0:00 h, agreed 20:00 h"),
        ({"cycle": Cycle.QUARTER}, "cycle quarter, agreed month"),
        ({"budget": eur(2300)}, "budget 2300.00 EUR, agreed 2400.00 EUR"),
        ({"start": date(2026, 2, 1)}, "first day 2026-02-01, agreed 2026-01-01"),
        ({"last_day": NEW_YEAR}, "last day 2026-12-31, agreed none"),
    ],
)
def test_each_difference_names_both_values(change: dict[str, object], difference_: str) -> None:
    """And where each of them stands."""
    assert found(replace(TOLD, **change)) == difference_  # type: ignore[arg-type]  # any of its fields


def test_several_differences_are_told_at_once() -> None:
    """In one notice."""
    told = replace(TOLD, fee=eur(2300), seconds=0)
    assert found(told) == "fee 2300.00 EUR, agreed 2400.00 EUR; hours included 0:00 h, agreed 20:00 h"


def test_the_terms_of_the_day_count() -> None:
    """Of several versions the one that holds, with its indexation; before the start, the first."""
    index = PercentIndexation(date(2026, 6, 1), Fraction(1, 100))
    later = TermsVersion(date(2026, 4, 1), eur(2600), (item("hours", 22),), indexation=(index,))
    terms = replace(TERMS, versions=(*TERMS.versions, later))
    for on, fee, hours in (
        (date(2025, 12, 1), eur(2400), 20),
        (date(2026, 3, 31), eur(2400), 20),
        (date(2026, 4, 1), eur(2600), 22),
        (date(2026, 6, 1), eur(2626), 22),
    ):
        assert compared(replace(TOLD, fee=fee, seconds=hours * 3600), with_terms(terms), on=on) is None


def test_hours_and_budget_may_be_those_of_one_item_or_of_all() -> None:
    """The tool does not know items; a budget may be the fee as well."""
    money = item("media", 500, unit=ItemUnit.AMOUNT)
    version = TermsVersion(START, eur(2400), (item("design", 12), item("code", 8), money))
    agreed = with_terms(replace(TERMS, versions=(version,)))
    for seconds in (12 * 3600, 8 * 3600, 72_000):
        assert compared(replace(TOLD, seconds=seconds), agreed) is None
    for budget in (eur(500), eur(2400)):
        assert compared(replace(TOLD, budget=budget), agreed) is None
    assert found(replace(TOLD, seconds=3600), agreed) == "hours included 1:00 h, agreed 12:00 h or 8:00 h or 20:00 h"


MONTHS = SpanUnit.MONTHS


@pytest.mark.parametrize(
    ("term", "agreed"),
    [
        (Term(last_day=NEW_YEAR), ""),
        (Term(last_day=date(2026, 11, 30)), "2026-11-30"),
        (Term(minimum=Span(12, MONTHS), notice=Span(3, MONTHS), renewal=Span(12, MONTHS)), ""),
        (Term(minimum=Span(6, MONTHS), renewal=Span(6, MONTHS)), ""),
        (Term(minimum=Span(24, MONTHS), renewal=Span(12, MONTHS)), "2027-12-31"),
        (Term(notice=Span(1, MONTHS)), "none"),
    ],
)
def test_a_last_day_may_be_one_that_a_notice_reaches(term: Term, agreed: str) -> None:
    """Tools write the end of the running term; without any term there is none."""
    told, with_term = replace(TOLD, last_day=NEW_YEAR), with_terms(replace(TERMS, term=term))
    if agreed:
        assert found(told, with_term) == f"last day 2026-12-31, agreed {agreed}"
    else:
        assert compared(told, with_term) is None


@pytest.mark.parametrize("last_day", [date(9999, 12, 31), date(2200, 1, 1)])
def test_a_day_that_stands_for_no_end_is_none(last_day: date) -> None:
    """Databases without a place for it keep one far off."""
    assert compared(replace(TOLD, last_day=last_day)) is None


def test_what_has_ended_is_left_alone() -> None:
    """On its last day it still counts."""
    told = replace(TOLD, fee=eur(1), last_day=TODAY)
    assert compared(told)
    assert compared(replace(told, last_day=date(2026, 3, 14))) is None


def test_of_several_agreements_the_closest_is_told() -> None:
    """One that says the same is enough."""
    other = replace(CARE, id="other", terms=replace(TERMS, calendar=BillingCalendar(Cycle.YEAR)))
    assert found(replace(TOLD, fee=eur(2300)), other, CARE) == "fee 2300.00 EUR, agreed 2400.00 EUR"
    assert compared(TOLD, other, CARE) is None


def test_without_a_project_the_customers_retainers_are_meant() -> None:
    """Some tools keep a budget for the customer."""
    told = replace(TOLD, project="")
    assert compared(told) is None
    missing = compared(replace(told, customer="K2"))
    assert missing
    assert missing.code == "TermsNotAgreed"
    assert missing.message.endswith("agreements of the customer: none")


@pytest.mark.parametrize(
    ("agreements", "others"),
    [
        ([], "none"),
        ([agreement(progress_terms())], "website (progress)"),
        ([replace(CARE, project="X", pooled=())], "none"),
    ],
)
def test_a_retainer_without_an_agreement_is_told_with_what_to_write(
    agreements: Sequence[Agreement], others: str
) -> None:
    """Agreements of another kind that bill the project are named."""
    problem = difference(TOLD, agreements, {}, TODAY)
    assert problem
    assert (problem.code, problem.severity, problem.place) == ("TermsNotAgreed", Severity.NOTICE, TOLD.place)
    assert problem.message == f"the retainer 'Betreuung': no agreement says so; agreements of the project: {others}"
    assert problem.hint.endswith(block(TOLD))


def filled(text: str) -> str:
    """Return the block with a word in each place that is left to fill in, so that it can be read."""
    return text.replace(" =  #", ' = "?"  #')


def test_the_block_has_every_term_that_the_tool_states() -> None:
    """What is missing is named; quotation marks and line breaks of the tool do no harm."""
    told = replace(TOLD, title='Pflege "Portal"\n– C:\\Müller', last_day=NEW_YEAR)
    [written] = tomllib.loads(filled(block(told)))["agreement"]
    assert written == {
        "id": "?",
        "kind": "retainer",
        "customer": "K1",
        "project": "WEB",
        "label": 'Pflege "Portal" – C:\\Müller',
        "currency": "EUR",
        "cycle": "month",
        "term": {"last_day": NEW_YEAR},
        "version": [
            {
                "valid_from": START,
                "fee": "2400.00",
                "item": [
                    {
                        "id": "hours",
                        "label": 'Pflege "Portal" – C:\\Müller',
                        "unit": "hours",
                        "allowance": "20",
                        "overage": "?",
                    }
                ],
            }
        ],
    }


def test_the_block_of_a_bare_retainer_asks_for_all() -> None:
    """It names what each key holds."""
    [written] = tomllib.loads(filled(block(ToldRetainer("tool: x", ""))))["agreement"]
    assert written == dict.fromkeys(("id", "customer", "project", "label", "cycle"), "?") | {
        "kind": "retainer",
        "version": [{"valid_from": "?", "fee": "?"}],
    }


def test_a_budget_is_not_guessed_to_be_the_fee() -> None:
    """The block says that it may be."""
    told = replace(TOLD, fee=None, budget=eur(500))
    assert "fee =  # of a full period; or the budget of 500.00 EUR is the allowance of an item" in block(told)


@pytest.mark.parametrize(
    ("seconds", "allowance"), [(5400, "1.5"), (72_000, "20"), (9, "0.0025"), (1200, "?"), (0, "0")]
)
def test_hours_are_written_only_where_they_are_exact(seconds: int, allowance: str) -> None:
    """A third of an hour has no decimal form."""
    [written] = tomllib.loads(filled(block(replace(TOLD, seconds=seconds))))["agreement"]
    assert written["version"][0]["item"][0]["allowance"] == allowance


PLANNED = Instalment(date(2026, 4, 5), "Anzahlung", eur(1000))
SCHEDULE = ToldSchedule("tool: project WEB", "WEB", "K1", (PLANNED,))


def scheduled(*instalments: Instalment) -> Agreement:
    """Return an agreement with these instalments."""
    return replace(CARE, terms=schedule_terms(*instalments))


def test_a_planned_invoice_that_is_an_instalment_is_not_told() -> None:
    """One in percent may come to any amount."""
    assert compared(SCHEDULE, scheduled(PLANNED)) is None
    assert compared(SCHEDULE, scheduled(replace(PLANNED, amount=None, part=Fraction(1)))) is None


def test_planned_invoices_that_differ_are_told_together() -> None:
    """By their days."""
    later = Instalment(date(2026, 5, 5), "Rest", eur(Decimal("99.50")))
    told = replace(SCHEDULE, instalments=(PLANNED, later))
    assert found(told, scheduled(replace(PLANNED, amount=eur(900)))) == (
        "2026-04-05: 1000.00 EUR, agreed 900.00 EUR; 2026-05-05: 99.50 EUR, agreed none"
    )


def test_planned_invoices_without_an_agreement_are_told_with_what_to_write() -> None:
    """A retainer of the project is another kind."""
    problem = compared(SCHEDULE)
    assert problem
    assert problem.code == "TermsNotAgreed"
    assert problem.message.endswith("no agreement says so; agreements of the project: care (retainer)")
    [written] = tomllib.loads(filled(problem.hint.partition("\n")[2]))["agreement"]
    assert written == {
        "id": "?",
        "kind": "schedule",
        "customer": "K1",
        "project": "WEB",
        "instalments": "?",
        "instalment": [{"date": PLANNED.due_on, "text": "Anzahlung", "amount": "1000.00"}],
    }
