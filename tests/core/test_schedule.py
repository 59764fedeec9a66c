"""Fixed instalments: how the total is divided, and what cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.agreement import Instalment, ScheduleTerms
from connector.core.money import Money
from connector.core.offer import Position
from connector.core.problems import Problem
from connector.core.quantity import Unit
from connector.core.reason import step
from connector.core.schedule import billed_positions, instalment_positions
from tests.core.books import FEB, JAN, MAR, Books, books, codes, nets, rests, the_line, the_problem, total_net
from tests.core.builders import agreement, eur, offer, position, schedule_terms
from tests.core.retainer_builders import retainer

HUNDRED = [position("1", "60", category="Design", service="web"), position("2", "40", category="Text", service="web")]


def percent(*parts: int) -> ScheduleTerms:
    """Return instalments of so many percent each, one a month."""
    return schedule_terms(
        *(Instalment(date(2026, month, 1), f"Rate {month}", part=Fraction(p, 100)) for month, p in enumerate(parts, 1))
    )


def amounts(*parts: str) -> ScheduleTerms:
    """Return instalments of these amounts, one a month."""
    return schedule_terms(
        *(Instalment(date(2026, month, 1), f"Rate {month}", amount=eur(p)) for month, p in enumerate(parts, 1))
    )


def divided(terms: ScheduleTerms, positions: list[Position] | None = None) -> list[Position]:
    """Return the instalments as positions; they must add up."""
    found = instalment_positions(agreement(), terms, positions or HUNDRED)
    assert not isinstance(found, Problem)
    return [each for _, each in found]


def refused(terms: ScheduleTerms, positions: list[Position]) -> Problem:
    """Return why the positions cannot be divided."""
    found = instalment_positions(agreement(), terms, positions)
    assert isinstance(found, Problem)
    return found


def test_an_instalment_is_a_position_of_its_own() -> None:
    """One flat amount under the agreement's name, with what all positions have in common."""
    first, second = divided(percent(30, 70))
    assert [(each.key, each.label, str(each.total)) for each in (first, second)] == [
        ("website/instalment-1", "Rate 1", "30.00 EUR"),
        ("website/instalment-2", "Rate 2", "70.00 EUR"),
    ]
    assert (first.quantity.value, first.quantity.unit, first.project) == (Decimal(1), Unit.FLAT, "WEB")
    assert (first.service, first.category, first.vat_class) == ("web", "", "standard")


def test_what_all_positions_share_is_that_of_the_instalments() -> None:
    """Category, service and VAT class, and the place the schedule was read from."""
    reduced = [position(n, "50", category="Design", service="web", vat_class="reduced") for n in ("1", "2")]
    (only,) = divided(percent(100), reduced)
    assert (only.category, only.service, only.vat_class) == ("Design", "web", "reduced")
    assert only.origin == "agreements.toml:1"


def test_the_service_of_an_instalment_begins_after_the_one_before() -> None:
    """Partial supplies follow one another (domain 7.3); the first begins with the project, two of one day together."""
    jan, feb = date(2026, 1, 31), date(2026, 2, 28)
    days = (jan, feb, feb)
    rates = [Instalment(day, "Rate", amount=eur(part)) for day, part in zip(days, ("30", "30", "40"), strict=True)]
    assert [each.start for each in divided(schedule_terms(*rates))] == [None, date(2026, 2, 1), date(2026, 2, 1)]


def test_the_last_instalment_takes_the_cents() -> None:
    """Halves of 0.01 cents and thirds round up first, so the last is smaller, or larger."""
    tenth = [position("1", "100.05")]
    assert [str(each.unit_price) for each in divided(percent(50, 50), tenth)] == ["50.03", "50.02"]
    assert [str(each.unit_price) for each in divided(percent(33, 33, 34), tenth)] == ["33.02", "33.02", "34.01"]


def test_amounts_and_percentages_may_be_mixed() -> None:
    """25 fixed, half by percentage, 25 fixed."""
    first, _, last = amounts("25.00", "1.00", "25.00").instalments
    half = Instalment(FEB, "Hälfte", part=Fraction(1, 2))
    assert [str(each.unit_price) for each in divided(schedule_terms(first, half, last))] == ["25.00", "50.00", "25.00"]


@pytest.mark.parametrize(
    ("terms", "stated"),
    [
        (amounts("60.00", "39.99"), "99.99 EUR"),
        (amounts("60.00", "40.01"), "100.01 EUR"),
        (percent(50, 49), "99.00 EUR"),
    ],
)
def test_instalments_that_do_not_add_up_are_a_problem(terms: ScheduleTerms, stated: str) -> None:
    """Too little or too much, by a cent or by a percent; both sums are told."""
    found = refused(terms, HUNDRED)
    assert (found.code, found.place) == ("ScheduleDoesNotAddUp", "agreements.toml:1")
    assert f"add up to {stated}, the positions to 100.00 EUR" in found.message


def test_thirds_in_percent_do_not_add_up_to_the_whole() -> None:
    """3 × 33 % is 99 %, even where the missing cents would round away."""
    assert refused(percent(33, 33, 33), [position("1", "0.01")]).code == "ScheduleDoesNotAddUp"


@pytest.mark.parametrize(
    ("terms", "other", "told"),
    [
        (percent(100), position("3", "1", currency="CHF"), "currencies: CHF, EUR"),
        (percent(100), position("3", "1", vat_class="reduced"), "VAT classes: reduced, standard"),
        (schedule_terms(Instalment(JAN, "Rate", amount=Money.exactly(100, "CHF"))), HUNDRED[1], "currencies: CHF, EUR"),
    ],
)
def test_one_line_cannot_mix_currencies_or_vat_classes(terms: ScheduleTerms, other: Position, told: str) -> None:
    """An instalment has one of each."""
    found = refused(terms, [HUNDRED[0], other])
    assert found.code == "ScheduleMixed"
    assert told in found.message


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 100), min_size=1, max_size=12))
def test_instalments_always_add_up_to_the_cent(cents: int, weights: list[int]) -> None:
    """Any total divided by any weights is whole again."""
    weights.append(1)
    parts = [Instalment(JAN, "Rate", part=Fraction(weight, sum(weights))) for weight in weights]
    total = position("1", Decimal(cents).scaleb(-2))
    found = divided(schedule_terms(*parts), [total])
    assert Money.total((each.total for each in found), "EUR") == total.total


def test_each_instalment_is_billed_on_its_day_and_waits_until_then() -> None:
    """The label is the line's text; what comes later is told as not yet due."""
    ours = books(*HUNDRED, agreements=[agreement(percent(30, 70))])
    assert ours.plan(date(2025, 12, 31)).documents == ()
    plan = ours.bill(JAN)
    assert (the_line(plan).text, total_net(plan)) == ("Rate 1", "30.00")
    assert the_line(plan).reason[1] == step("instalment", due_on="2026-01-01", text="Rate 1", count=2)
    assert rests(plan) == {"website/instalment-2": "not_yet_due"}
    assert nets(ours.bill(FEB)) == {"website/instalment-2": "70.00"}
    assert rests(ours.plan(MAR)) == {"website/instalment-1": "complete", "website/instalment-2": "complete"}


def test_instalments_that_were_missed_come_together() -> None:
    """A first run in March bills all that fell due before."""
    ours = books(*HUNDRED, agreements=[agreement(percent(30, 30, 40))])
    assert list(nets(ours.plan(MAR)).values()) == ["30.00", "30.00", "40.00"]


def test_a_total_that_changed_after_billing_is_a_problem() -> None:
    """An amendment changes every percentage: what was billed no longer is what it was."""
    ours = books(*HUNDRED, agreements=[agreement(percent(30, 70))])
    ours.bill(JAN)
    ours.offers = [*ours.offers, offer(position("1", "20", offer="A2"), id_="A2")]
    plan = ours.plan(FEB)
    assert (plan.documents, codes(plan)) == ((), ["PositionChangedAfterBilling"])
    assert "unit price 30.00 → 36.00" in the_problem(plan).message


def test_an_accepted_change_of_the_schedule_is_caught_up() -> None:
    """The first instalment is worth 36 now: 6 are added, beside the second."""
    ours = books(*HUNDRED, agreements=[agreement(percent(30, 70))])
    ours.bill(JAN)
    ours.offers = [*ours.offers, offer(position("1", "20", offer="A2"), id_="A2")]
    ours.accept(replace(ours.state("website/instalment-1").terms, unit_price=Decimal(36)))
    assert nets(ours.plan(FEB)) == {"website/instalment-1": "6.00", "website/instalment-2": "84.00"}


def test_a_schedule_that_cannot_be_divided_reports_only_that() -> None:
    """Instalments billed before are not told to have vanished."""
    ours = books(*HUNDRED, agreements=[agreement(percent(30, 70))])
    ours.bill(JAN)
    ours.agreements = [agreement(percent(30, 69))]
    plan = ours.plan(FEB)
    assert (the_problem(plan).code, the_problem(plan).agreement) == ("ScheduleDoesNotAddUp", "website")


def test_an_instalment_taken_off_the_schedule_after_billing_is_a_problem() -> None:
    """Two instalments were billed, one is left."""
    ours = books(*HUNDRED, agreements=[agreement(percent(50, 50))])
    ours.bill(FEB)
    ours.agreements = [agreement(percent(100))]
    plan = ours.plan(FEB)
    assert codes(plan) == ["PositionChangedAfterBilling", "PositionChangedAfterBilling"]
    assert "website/instalment-2 is gone" in plan.problems[1].message


def test_a_schedule_without_positions_bills_nothing() -> None:
    """The offer is not accepted yet: a notice, no document."""
    plan = Books([], agreements=[agreement(percent(100))]).plan(JAN)
    assert (plan.documents, codes(plan)) == ((), ["NothingToBill"])


def test_what_an_agreement_bills_are_positions_or_instalments() -> None:
    """Its positions by progress, its instalments by schedule, and none where it bills by the period."""
    assert billed_positions(agreement(), HUNDRED) == HUNDRED
    assert billed_positions(agreement(percent(30, 70)), HUNDRED) == divided(percent(30, 70))
    assert billed_positions(agreement(percent(30, 70)), []) == ()
    assert billed_positions(replace(agreement(), terms=retainer()), HUNDRED) == ()
    problem = billed_positions(agreement(amounts("1.00")), HUNDRED)
    assert isinstance(problem, Problem)
    assert problem.code == "ScheduleDoesNotAddUp"
