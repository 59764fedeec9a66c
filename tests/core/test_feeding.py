"""Time sorted to items and agreements: feeds, agreements that follow each other, time nobody takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.agreement import Agreement
from connector.core.catalogue import Item, ItemUnit
from connector.core.charge_claims import TimeFacts, assess
from connector.core.feed import Feed
from connector.core.feeding import Feeding, metrics_of
from connector.core.materials_terms import MaterialsTerms
from connector.core.rates import RateCard
from connector.core.retainer_terms import RetainerTerms, TermsVersion
from connector.core.term_end import Term
from connector.core.work import Work
from tests.core.books import books, codes
from tests.core.builders import agreement, eur, metric, project

JANUARY, JULY = date(2026, 1, 1), date(2026, 7, 1)
PROJECTS = {"WEB": project(), "WEB-DEV": project("WEB-DEV", parent="WEB")}


def retainer(id_: str, *feeds: Feed, start: date = JANUARY, last_day: date | None = None) -> Agreement:
    """Return a retainer with one item in hours."""
    item = Item(id="hours", label="Stunden", unit=ItemUnit.HOURS, allowance=72000)
    version = TermsVersion(start, eur("2400.00"), (item,))
    terms = RetainerTerms("Betreuung", (version,), term=Term(last_day=last_day))
    return replace(agreement(id_=id_), terms=terms, feeds=feeds)


def by_time(id_: str, *feeds: Feed) -> Agreement:
    """Return an agreement by time and materials."""
    terms = MaterialsTerms("Arbeit", "EUR", (RateCard(JANUARY, default=Decimal(100)),))
    return replace(agreement(id_=id_), terms=terms, feeds=feeds)


def work(day: date = date(2026, 3, 2), activity: str = "Design", project_id: str = "WEB-DEV") -> Work:
    """Return an hour of work."""
    return Work(day, 3600, activity=activity, project=project_id)


def test_the_first_feed_that_takes_the_time_says_the_item() -> None:
    """Feeds name projects (with their parts), activities and positions; what none takes is told, not billed."""
    ours = retainer("care", Feed("hours", projects=("WEB",), activities=("Design",)))
    usage, problems = Feeding(PROJECTS).usage(ours, [work(), work(), work(activity="Text")], ())
    assert [(each.item, each.seconds, each.role) for each in usage] == [("hours", 3600, "Design")] * 2
    assert [(each.code, each.holds) for each in problems] == [("TimeFeedsNothing", False)]


def test_a_retainer_without_feeds_counts_nothing() -> None:
    """A flat fee asks for no time and has none in common with anybody."""
    feeding = Feeding(PROJECTS)
    assert feeding.usage(retainer("flat"), [work()], ()) == ([], [])
    assert list(feeding.fed_twice()) == []


def test_a_metric_feeds_an_item_in_units() -> None:
    """Readings of the metric are its consumption; other metrics, and those of other projects, are not."""
    ours = retainer("care", Feed("letters", metric="letters"))
    readings = [metric("3", name="letters"), metric("5", name="seats")]
    usage, _ = Feeding(PROJECTS).usage(ours, [], readings)
    assert [(each.item, each.units) for each in usage] == [("letters", Decimal(3))]
    assert metrics_of(ours, [*readings, replace(readings[0], project="OTHER")], PROJECTS) == readings


def test_time_of_two_agreements_holds_both() -> None:
    """Whether retainers or by time and materials: an hour is billed once."""
    feeding = Feeding(PROJECTS)
    feeding.usage(retainer("care", Feed("hours")), [work()], ())
    assert feeding.work(by_time("work"), [work(), work()]) == [work(), work()]
    assert feeding.work(by_time("text", Feed("", activities=("Text",))), [work()]) == []
    assert [(each.code, each.agreement, each.holds) for each in feeding.fed_twice()] == [
        ("TimeFedTwice", "care", True),
        ("TimeFedTwice", "work", True),
    ]


def test_units_of_two_agreements_hold_both() -> None:
    """A metric of a project counts on an item of one agreement; another metric, and a later agreement, are free."""
    feeding = Feeding(PROJECTS)
    letters, seats = metric("3", name="letters"), metric("5", name="seats")
    for id_, counted in (("one", "letters"), ("two", "letters"), ("three", "seats")):
        feeding.usage(retainer(id_, Feed("letters", metric=counted)), [], [letters, letters, seats])
    assert [(each.code, each.agreement, each.holds) for each in feeding.fed_twice()] == [
        ("TimeFedTwice", "one", True),
        ("TimeFedTwice", "two", True),
    ]
    assert (
        "metric 'letters' of project WEB feeds more than one agreement: one, two" in next(feeding.fed_twice()).message
    )


def test_a_retainer_may_count_what_another_one_counted_before() -> None:
    """A reading belongs to the one that runs on its day."""
    feeding = Feeding(PROJECTS)
    readings = [replace(metric("3", name="letters"), on=day) for day in (date(2026, 6, 30), JULY)]
    feeds = Feed("letters", metric="letters")
    feeding.usage(retainer("one", feeds, last_day=date(2026, 6, 30)), [], readings)
    feeding.usage(retainer("two", feeds, start=JULY), [], readings)
    assert list(feeding.fed_twice()) == []


def test_a_retainer_may_follow_another_one() -> None:
    """Each has the time of its own days, and what lies before the first belongs to neither."""
    first = retainer("first", Feed("hours"), last_day=date(2026, 6, 30))
    second = retainer("second", Feed("hours"), start=JULY)
    spring, summer, earlier = work(), work(date(2026, 7, 6)), work(date(2025, 12, 1))
    feeding = Feeding(PROJECTS)
    told = {each.id: feeding.usage(each, [earlier, spring, summer], ())[0] for each in (first, second)}
    assert {name: [each.day for each in usage] for name, usage in told.items()} == {
        "first": [spring.day],
        "second": [summer.day],
    }
    assert (list(feeding.fed_twice()), list(feeding.not_covered())) == ([], [])


def test_time_after_the_end_that_nobody_takes_is_told() -> None:
    """It is counted, and holds nothing."""
    feeding = Feeding(PROJECTS)
    ended = retainer("first", Feed("hours"), last_day=date(2026, 6, 30))
    feeding.usage(ended, [work(), work(JULY), work(date(2026, 8, 3))], ())
    (notice,) = feeding.not_covered()
    assert (notice.code, notice.agreement, notice.holds) == ("TimeNotCovered", "first", False)
    assert notice.message.startswith("2 entries")


def test_an_agreement_by_progress_has_no_time_to_sort() -> None:
    """To ask for it is a fault of the program."""
    with pytest.raises(TypeError, match="not billed by time"):
        Feeding(PROJECTS).work(agreement(), [work()])


def test_charges_are_asked_of_agreements_that_have_them() -> None:
    """An agreement by progress has none: a fault of the program."""
    facts = TimeFacts(JANUARY, {}, (), PROJECTS, {})
    with pytest.raises(TypeError, match="has no charges"):
        assess(agreement(), facts, Feeding(PROJECTS))


def test_a_problem_of_a_retainer_holds_its_document_alone() -> None:
    """Work without a rate is not billed, and an unknown customer is told once."""
    ours = by_time("work")
    unpriced = replace(ours, terms=MaterialsTerms("Arbeit", "EUR", (RateCard(JANUARY),)))
    held = books(agreements=[unpriced])
    assert codes(held.plan(JULY, work={"work": [work()]})) == ["RateMissing"]
    nobody = books(agreements=[replace(ours, customer="nobody")])
    assert codes(nobody.plan(JULY, work={"work": [work()]})) == ["UnknownCustomer"]
