"""Whatever changes behind us, and whenever we run: the sum is what one run with final knowledge would have billed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.core.catalogue import DrawOrder, Item, OverageRule, Rollover, TierMode
from connector.core.charge import Charge
from connector.core.charge_due import DueCharge
from connector.core.consumption import Usage
from connector.core.cycle import BillingCalendar, Cycle
from connector.core.materials import assess_materials
from connector.core.materials_terms import MaterialsTerms
from connector.core.period import Period
from connector.core.pricing import HourPricing
from connector.core.readings import Metric
from connector.core.retainer_terms import Billing, Discount, PercentIndexation, Proration, RetainerTerms, VariablePart
from connector.core.term_end import Term
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.core.work import GroupBy
from tests.core.builders import eur
from tests.core.retainer_builders import (
    START,
    SUPPORT,
    Log,
    assess,
    hours,
    item,
    materials,
    month,
    overage,
    rate_card,
    retainer,
    tiers,
    version,
    work,
)

LAST_RUN = date(2026, 12, 1)
DAYS = (LAST_RUN - START).days
MEDIA = VariablePart("media", "Media", "spend", Fraction(8, 100))
METRICS = [Metric("spend", "WEB", START + timedelta(days=day), Decimal(day)) for day in range(DAYS)]

Edits = Mapping[int, int]
"""Seconds by the day they were booked on, counted from the start."""

rollovers = st.none() | st.builds(
    Rollover,
    st.sampled_from([None, 0, hours(10), Fraction(1), Fraction(1, 3)]),
    st.none() | st.integers(1, 3),
    st.sampled_from(DrawOrder),
)
ladders = st.sampled_from([tiers((130, None)), tiers((130, hours(3)), (Decimal("99.99"), hours(9)), (80, None))])
rules = st.builds(
    lambda rule, of, mode, limit: overage(rule, of=of, mode=mode, max_deduct=limit),
    st.sampled_from(OverageRule),
    ladders,
    st.sampled_from(TierMode),
    st.none() | st.integers(0, hours(5)),
)
items: st.SearchStrategy[Item] = st.builds(
    lambda rule, rollover, allowance: item("design", allowance, beyond=rule, rollover=rollover),
    rules,
    rollovers,
    st.sampled_from([0, 20, Decimal("7.5")]),
)


@st.composite
def all_terms(draw: st.DrawFn) -> RetainerTerms:
    """Return terms with one to three versions, in any of the ways a retainer may be billed."""
    starts = sorted(draw(st.sets(st.integers(1, 300), max_size=2)))
    step = PercentIndexation(date(2026, 5, 17), Fraction(draw(st.integers(-10, 10)), 100))
    versions = [
        version(
            draw(st.sampled_from(["0", "2400", "3100.55"])),
            draw(items),
            since=START + timedelta(days=day),
            variable=draw(st.sampled_from([(), (MEDIA,)])),
            indexation=(step,) if day == 0 else (),
        )
        for day in (0, *starts)
    ]
    discount = Discount("d", "Start", Period(month(2, 10), month(5, 20)), Fraction(1, 3))
    ending = draw(st.none() | st.integers(30, DAYS))
    return replace(
        retainer(*versions),
        calendar=BillingCalendar(
            draw(st.sampled_from(Cycle)), draw(st.sampled_from([date(2024, 1, 1), date(2024, 1, 31)]))
        ),
        billing=draw(st.sampled_from(Billing)),
        proration=draw(st.sampled_from(Proration)),
        discounts=draw(st.sampled_from([(), (discount,)])),
        pricing=HourPricing(exact=draw(st.booleans())),
        rounding=TimeRounding(15, RoundingMode.UP, RoundedPer.LINE),
        term=Term(last_day=None if ending is None else START + timedelta(days=ending)),
    )


def usage_of(edits: Edits) -> list[Usage]:
    """Return the consumption as it is known."""
    return [Usage("design", START + timedelta(days=day), seconds=seconds) for day, seconds in edits.items()]


def retainer_charges(terms: RetainerTerms, edits: Edits, as_of: date) -> tuple[Charge, ...]:
    """Return the charges, which have no problem that holds."""
    found = assess(terms, *usage_of(edits), metrics=METRICS, as_of=as_of)
    assert not any(problem.holds for problem in found.problems), found.problems
    return found.charges


booked = st.dictionaries(st.integers(0, DAYS), st.integers(0, hours(40)), max_size=30)
runs = st.lists(st.tuples(st.integers(0, DAYS), booked), max_size=6)


@settings(max_examples=60)
@given(all_terms(), runs, booked)
def test_rule_6_late_entries_then_recompute_is_one_run_with_final_knowledge(
    terms: RetainerTerms, earlier: list[tuple[int, Edits]], final: Edits
) -> None:
    """Runs on any days with any consumption: after the last one, every charge stands in the log as it should be."""
    log = Log()
    for day, edits in sorted(earlier, key=lambda run: run[0]):
        as_of = START + timedelta(days=day)
        bill(log, retainer_charges(terms, edits, as_of), as_of)
    charges = retainer_charges(terms, final, LAST_RUN)
    assert_all_billed(log, charges)
    assert log.total() == sum(charge.net.amount for charge in charges if charge.billed_with <= LAST_RUN)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, DAYS), all_terms(), booked), max_size=5), all_terms(), booked)
def test_rule_6_so_it_is_when_the_terms_change_behind_us(
    earlier: list[tuple[int, RetainerTerms, Edits]], terms: RetainerTerms, final: Edits
) -> None:
    """Terms corrected after they were billed are late changes like any other."""
    log = Log()
    for day, known, edits in sorted(earlier, key=lambda run: run[0]):
        as_of = START + timedelta(days=day)
        bill(log, retainer_charges(known, edits, as_of), as_of)
    assert_all_billed(log, retainer_charges(terms, final, LAST_RUN))


@settings(max_examples=60)
@given(all_terms(), booked, st.integers(0, DAYS), st.integers(0, DAYS))
def test_a_run_for_an_earlier_day_changes_nothing(terms: RetainerTerms, edits: Edits, first: int, second: int) -> None:
    """With the same knowledge, what was billed by a later day stands."""
    early, late = START + timedelta(days=min(first, second)), START + timedelta(days=max(first, second))
    log = Log()
    bill(log, retainer_charges(terms, edits, late), late)
    assert not [due for due in bill(log, retainer_charges(terms, edits, early), early) if due.amount]


@settings(max_examples=60)
@given(all_terms(), booked)
def test_rule_4_10_every_period_opens_as_the_last_one_closed(terms: RetainerTerms, edits: Edits) -> None:
    """And all that was granted is used, lapsed or left, less what is beyond."""
    found = assess(terms, *usage_of(edits), metrics=METRICS, as_of=LAST_RUN).statements
    balance = granted = used = lapsed = beyond = 0
    for statement in found:
        moved = statement.movement
        assert moved.opening == balance
        balance = moved.closing
        granted, used, lapsed = granted + moved.granted, used + moved.used, lapsed + moved.lapsed
        beyond += moved.overage
    assert granted == used + lapsed + balance - beyond


cards = st.builds(
    lambda default, jo, later: (rate_card(default, persons=jo), *later),
    st.sampled_from(["100", "99.99"]),
    st.sampled_from([None, {"Jo": "120"}]),
    st.sampled_from([(), (rate_card("110.125", since=date(2026, 5, 17)),)]),
)
sheets: st.SearchStrategy[MaterialsTerms] = st.builds(
    lambda drawn, group_by, limit, exact: replace(
        materials(*drawn),
        group_by=group_by,
        not_to_exceed=None if limit is None else eur(limit),
        pricing=HourPricing(exact=exact),
    ),
    cards,
    st.sampled_from(GroupBy),
    st.none() | st.sampled_from(["0", "1234.56", "5000"]),
    st.booleans(),
)
done = st.dictionaries(
    st.tuples(st.integers(0, DAYS), st.sampled_from(["Jo", "Kim"])), st.integers(-3600, hours(10)), max_size=20
)


def materials_charges(terms: MaterialsTerms, drawn: Mapping[tuple[int, str], int], as_of: date) -> tuple[Charge, ...]:
    """Return the charges of the work."""
    entries = [
        work(1, START + timedelta(days=day), person=person, entry=f"{day}{person}")._replace(seconds=seconds)
        for (day, person), seconds in drawn.items()
    ]
    return assess_materials(SUPPORT, terms, entries, {}, as_of).charges


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, DAYS), sheets, done), max_size=5), sheets, done)
def test_rule_6_holds_for_time_and_materials_as_well(
    earlier: list[tuple[int, MaterialsTerms, Mapping[tuple[int, str], int]]],
    terms: MaterialsTerms,
    final: Mapping[tuple[int, str], int],
) -> None:
    """Work, rates, groups and limits may change behind us."""
    log = Log()
    for day, known, drawn in sorted(earlier, key=lambda run: run[0]):
        as_of = START + timedelta(days=day)
        bill(log, materials_charges(known, drawn, as_of), as_of)
    assert_all_billed(log, materials_charges(terms, final, LAST_RUN))


def bill(log: Log, charges: Sequence[Charge], as_of: date) -> Sequence[DueCharge]:
    """Bill what is due, with every approval given."""
    return log.run(charges, as_of, {each.approval for each in log.due(charges, as_of).held})


def assert_all_billed(log: Log, charges: Sequence[Charge]) -> None:
    """Run a last time and hold the log against the charges: each as it should be, and nothing due any more.

    What new terms bill later than it was billed may stand in the log already.
    """
    bill(log, charges, LAST_RUN)
    wanted = {charge.key: charge.net.amount for charge in charges if charge.billed_with <= LAST_RUN}
    to_come = {charge.key for charge in charges} - wanted.keys()
    billed: dict[str, Decimal] = {}
    for entry in log.entries:
        if entry.position.key not in to_come:
            billed[entry.position.key] = billed.get(entry.position.key, Decimal(0)) + entry.computed.amount
    assert {key: net for key, net in billed.items() if net} == {key: net for key, net in wanted.items() if net}
    assert not [due for due in bill(log, charges, LAST_RUN) if due.amount]
