"""From time and metrics to the lines of retainers and time and materials."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from connector.core.agreement import Agreement, Terms
from connector.core.billed import History
from connector.core.catalogue import ItemUnit, OverageRule
from connector.core.charge import LateRule
from connector.core.charge_claims import Assessed, Ledger, TimeFacts, assess, claims_of
from connector.core.claim import Claim
from connector.core.feed import Feed
from connector.core.feeding import Feeding
from connector.core.period import Period
from connector.core.quantity import Unit
from connector.core.readings import Metric
from connector.core.retainer_terms import VariablePart
from connector.core.work import Work
from tests.core.builders import JANUARY, agreement, billed_entry, eur, metric, project
from tests.core.retainer_builders import codes, item, materials, overage, retainer, version, work

FIRST_OF_FEBRUARY = date(2026, 2, 1)
PROJECTS = {"WEB": project(), "SHOP": project("SHOP", parent="WEB"), "APP": project("APP")}
NOTHING_BILLED = Ledger({}, frozenset())


def with_terms(terms: Terms, *feeds: Feed) -> Agreement:
    """Return the agreement 'support' on project 'WEB'."""
    return replace(agreement(id_="support"), terms=terms, feeds=feeds)


def assessed(of: Agreement, *done: Work, metrics: tuple[Metric, ...] = ()) -> Assessed:
    """Return what January comes to; another agreement has work as well."""
    time = {"other": [work(99)]} | ({of.id: list(done)} if done else {})
    facts = TimeFacts(FIRST_OF_FEBRUARY, time, metrics, PROJECTS, {"A1/1": "Pflege"})
    return assess(of, facts, Feeding(PROJECTS))


def claims(of: Agreement, found: Assessed, ledger: Ledger = NOTHING_BILLED, language: str = "de") -> list[Claim]:
    """Return what is claimed on 1 February."""
    return claims_of(of, found, ledger, FIRST_OF_FEBRUARY, language)[0]


def test_a_claim_is_the_charge_as_it_will_be_printed() -> None:
    """Seven hours beyond the twenty, due whole: the share goes from nothing to all."""
    support = with_terms(retainer(), Feed("design"))
    found = assessed(support, work(27))
    overdrawn = claims(support, found)[1]
    assert (overdrawn.text, overdrawn.amount, overdrawn.period) == ("Design – Mehraufwand", eur("910.00"), JANUARY)
    assert (overdrawn.quantity, overdrawn.unit, overdrawn.unit_price) == (Decimal(7), Unit.HOUR, Decimal(130))
    assert (overdrawn.done, overdrawn.share_before, overdrawn.share_after) == (Decimal(7), Fraction(0), Fraction(1))
    assert overdrawn.position == found.charges[1].as_position()
    assert [each.rule for each in overdrawn.reason][-1] == "charge_due"
    assert claims(support, found, language="en")[1].text == "Design – overage"


def test_a_retainer_is_assessed_from_its_own_time() -> None:
    """Time of other agreements does not count; without time the fee alone is due."""
    support = with_terms(retainer(), Feed("design"))
    assert [each.amount for each in claims(support, assessed(support))] == [eur(2400)]


def test_metrics_of_subprojects_count_for_the_project() -> None:
    """8 % of the shop's spend, and its posts draw on the item; another project's do not."""
    posts = item("posts", 8, unit=ItemUnit.UNITS, beyond=overage(price="45"))
    media = VariablePart("media", "Media", "spend", percent=Fraction(8, 100))
    support = with_terms(retainer(version("0", posts, variable=(media,))), Feed("posts", metric="posts"))
    shop = [replace(metric(value, name=name), project="SHOP") for name, value in (("spend", 1000), ("posts", 10))]
    app = [replace(each, project="APP", value=Decimal(500)) for each in shop]
    found = assessed(support, metrics=(*shop, *app))
    assert sorted(str(each.amount) for each in claims(support, found)) == ["80.00 EUR", "90.00 EUR"]


def test_what_is_worth_knowing_comes_with_the_charges() -> None:
    """Thresholds reached, time that feeds nothing, and what is wrong with the time that does."""
    support = with_terms(retainer(), Feed("design", activities=("Design",)))
    found = assessed(support, work(10), work(1, activity="Text"))
    assert [notice.threshold for notice in found.notices] == [50]
    assert (codes(found.problems), found.held) == (["TimeFeedsNothing"], False)
    wrong = assessed(support, work(-1), work(1, activity="Text"))
    assert (codes(wrong.problems), wrong.held) == (["TimeFeedsNothing", "UsageBelowZero"], True)


def test_time_and_materials_are_named_as_their_position_is() -> None:
    """The label of the position; none where nothing was done."""
    support = with_terms(materials())
    [line] = claims(support, assessed(support, work(2, position="A1/1")))
    assert (line.text, line.amount) == ("Pflege", eur(200))
    idle = assessed(support)
    assert (idle.charges, idle.problems) == ((), ())


def test_late_changes_are_held_where_the_agreement_says_so() -> None:
    """Retainers and time and materials alike; each names its agreement, and goes out once it is let through."""
    for terms, feeds in ((retainer(), [Feed("design")]), (materials(), [])):
        support = with_terms(replace(terms, late=LateRule.HOLD), *feeds)
        before = claims(support, assessed(support, work(22)))
        log = [
            billed_entry(each.amount.amount, of=each.position, period=Period(JANUARY.start, JANUARY.end))
            for each in before
        ]
        billed = History.fold(log).positions
        _, found = claims_of(support, assessed(support, work(23)), Ledger(billed, ()), FIRST_OF_FEBRUARY, "de")
        assert [(each.code, each.agreement) for each in found.problems] == [("LateChange", "support")]
        approved = Ledger(billed, {each.approval for each in found.held})
        (more,) = claims(support, assessed(support, work(23)), approved)
        fewer = claims(support, assessed(support, work(21)), Ledger(billed, {each.approval for each in found.held}))
        assert (more.credits, fewer) == ("", [])
        unheld = replace(support, terms=replace(terms, late=LateRule.CORRECT))
        (back,) = claims(unheld, assessed(unheld, work(21)), Ledger(billed, ()))
        assert (back.credits, back.amount.amount < 0) == ("k-0001", True)


def test_an_accepted_overage_is_claimed() -> None:
    """What waited for a person."""
    support = with_terms(retainer(version("0", item(beyond=overage(OverageRule.HOLD)))), Feed("design"))
    found = assessed(support, work(27))
    waiting = claims_of(support, found, NOTHING_BILLED, FIRST_OF_FEBRUARY, "de")[1].held
    assert claims(support, found) == []
    assert [each.amount for each in claims(support, found, Ledger({}, {each.approval for each in waiting}))] == [
        eur("910.00")
    ]


def test_a_project_that_no_source_knows_is_told() -> None:
    """Nobody finds time on a misspelt project; what is billed of the others goes on."""
    support = replace(with_terms(retainer(), Feed("design")), pooled=("AP",))
    found = assessed(support)
    assert [(each.code, each.holds, each.hint) for each in found.problems] == [
        ("UnknownProject", False, "did you mean 'APP'?")
    ]
    assert codes(assessed(replace(support, terms=materials())).problems) == ["UnknownProject"]
