"""Time and materials in agreements.toml, as values of the core, and what is told of prices that could not hold."""

from datetime import date
from decimal import Decimal
from textwrap import dedent

import pytest

from connector.core.agreement import Agreement
from connector.core.charge import LateRule
from connector.core.cycle import BillingCalendar, Cycle
from connector.core.feed import Feed
from connector.core.materials_terms import MaterialsTerms
from connector.core.money import Money
from connector.core.pricing import HourPricing
from connector.core.rates import RateCard
from connector.core.term_end import Span, Term
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.core.work import GroupBy
from tests.config.folders import Folder
from tests.config.time_agreements import MATERIALS, agreement, fault

WHOLE = dedent("""
    [[agreement]] # whole
    id = "whole"
    kind = "time_and_materials"
    customer = "K2"
    project = "SUP"
    projects = ["SUP-2"]
    payment_days = 30
    label = "Support"
    currency = "CHF"
    cycle = "week"
    anchor_day = 1
    service = "support"
    vat_class = "reduced"
    late = "hold"
    time_rounding = { step_minutes = 6, mode = "nearest", per = "line" }
    pricing = "exact"
    term = { notice = "1 month" }
    group_by = "person"
    approved_only = true
    not_to_exceed = "5000.50"

    [[agreement.rate]]
    valid_from = 2026-01-01
    positions = { "A-1/3" = 110 }
    persons = { "Jörg Weiß" = "120.5" }
    activities = { Design = 95 }
    projects = { SUP-2 = 90 }
    customer = 85
    default = "80.125"

    [[agreement.rate]]
    valid_from = 2026-07-01
    default = 84

    [[agreement.feed]]
    projects = ["SUP"]
    activities = ["Design"]
    positions = ["A-1/3"]

    [[agreement.feed]]
    projects = ["SUP-2"]
    """)


def test_every_key_of_time_and_materials_reaches_the_terms(folder: Folder) -> None:
    """Rates at every level, a limit, grouping, rounding, feeds: as written."""
    assert agreement(folder, WHOLE) == Agreement(
        id="whole",
        customer="K2",
        project="SUP",
        terms=MaterialsTerms(
            label="Support",
            currency="CHF",
            rates=(
                RateCard(
                    date(2026, 1, 1),
                    positions={"A-1/3": Decimal(110)},
                    persons={"Jörg Weiß": Decimal("120.5")},
                    activities={"Design": Decimal(95)},
                    projects={"SUP-2": Decimal(90)},
                    customer=Decimal(85),
                    default=Decimal("80.125"),
                ),
                RateCard(date(2026, 7, 1), default=Decimal(84)),
            ),
            calendar=BillingCalendar(Cycle.WEEK),
            term=Term(notice=Span(1)),
            group_by=GroupBy.PERSON,
            approved_only=True,
            not_to_exceed=Money(Decimal("5000.50"), "CHF"),
            rounding=TimeRounding(6, RoundingMode.NEAREST, RoundedPer.LINE),
            pricing=HourPricing(exact=True),
            late=LateRule.HOLD,
            service="support",
            vat_class="reduced",
        ),
        payment_days=30,
        place=folder.place("agreements", "# whole"),
        pooled=("SUP-2",),
        feeds=(Feed("", ("SUP",), ("Design",), ("A-1/3",)), Feed("", ("SUP-2",))),
    )


def test_what_is_not_written_has_the_defaults_of_the_core(folder: Folder) -> None:
    """Months, a line per position, no limit; all time of the project belongs to it."""
    found = agreement(folder, MATERIALS)
    assert found.terms == MaterialsTerms("Support", "EUR", (RateCard(date(2026, 1, 1), default=Decimal(95)),))
    assert found.feeds == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("default = 95", 'default = "-95" # here', "rate.default: '-95' should be greater than or equal to 0"),
        ("default = 95", 'activities = { Design = "-1" } # here', "rate.activities.Design: '-1' should be greater"),
        ("default = 95", "persons = { Max = 95.5 } # here", "rate.persons.Max: 95.5 is a floating-point number"),
        ("[[agreement.rate]]", "group_by = 'task' # here\n[[agreement.rate]]", "group_by: 'task' is not known"),
        (
            "[[agreement.rate]]",
            "not_to_exceed = '0.005' # here\n[[agreement.rate]]",
            "agreement.not_to_exceed: 0.005 EUR has a fraction of the smallest unit",
        ),
        (
            "[[agreement.rate]]",
            "not_to_exceed = -1 # here\n[[agreement.rate]]",
            "agreement.not_to_exceed: -1 should be greater than or equal to 0",
        ),
        ("[[agreement.rate]]", "offers = ['A-1'] # here\n[[agreement.rate]]", "agreement.offers: unknown key"),
        (
            "default = 95",
            "default = 95\n[[agreement.feed]]\nitem = 'x' # here",
            "agreement.feed.item: unknown key",
        ),
    ],
)
def test_what_could_not_be_billed_is_told_at_its_line(folder: Folder, old: str, new: str, message: str) -> None:
    """Prices below zero, words that are not known, limits that cannot be paid."""
    assert old in MATERIALS
    assert message in fault(folder, MATERIALS.replace(old, new)).message


def test_a_rate_table_has_a_price(folder: Folder) -> None:
    """One without would hold every hour."""
    text = MATERIALS.replace("[[agreement.rate]]", "[[agreement.rate]] # here").replace("default = 95", "")
    assert fault(folder, text).message == "agreement.rate: there is no price in it"


def test_rate_tables_follow_each_other(folder: Folder) -> None:
    """Two from the same day would both hold."""
    problem = fault(folder, f"{MATERIALS}\n[[agreement.rate]]\nvalid_from = 2026-01-01 # here\ndefault = 99\n")
    assert problem.code == "VersionsOverlap"
    assert problem.message.startswith("agreement.rate.valid_from: 2026-01-01 does not come after 2026-01-01")
