"""Retainers in agreements.toml, as values of the core, and what is told of those that could not be billed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from textwrap import dedent

import pytest

from connector.core.agreement import Agreement
from connector.core.catalogue import (
    DrawOrder,
    Item,
    ItemUnit,
    Overage,
    OverageRule,
    Rollover,
    Tier,
    TierMode,
)
from connector.core.charge import LateRule
from connector.core.cycle import BillingCalendar, Cycle
from connector.core.feed import Feed
from connector.core.money import Money
from connector.core.period import Period
from connector.core.pricing import HourPricing
from connector.core.quantity import Unit
from connector.core.retainer_terms import (
    Billing,
    Discount,
    MetricUse,
    PercentIndexation,
    Proration,
    RetainerTerms,
    TableIndexation,
    TermsVersion,
    VariablePart,
)
from connector.core.term_end import Span, SpanUnit, Term
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from tests.config.folders import Folder
from tests.config.time_agreements import RETAINER, agreement, fault

WHOLE = dedent("""
    [[agreement]] # whole
    id = "whole"
    kind = "retainer"
    customer = "K1"
    project = "CARE"
    projects = ["CARE-2", "CARE-3"]
    payment_days = 7
    label = "Betreuung"
    currency = "CHF"
    cycle = "quarter"
    anchor = 2026-02-15
    billing = "in_advance"
    proration = "full"
    service = "care"
    vat_class = "reduced"
    late = "hold"
    time_rounding = { step_minutes = 15, mode = "up", per = "day" }
    quantity_decimals = 3
    thresholds = [75, 100]

    [agreement.term]
    minimum = "12 months"
    notice = "6 weeks"
    renewal = "1 year"
    last_day = 2028-12-31
    notice_given = 2027-03-31

    [[agreement.version]]
    valid_from = 2026-01-12
    fee = "2400.50"

    [[agreement.version.item]]
    id = "hours"
    label = "Stunden"
    unit = "hours"
    allowance = "20.5"
    service = "work"
    vat_class = "standard"

    [agreement.version.item.overage]
    rule = "deduct_next"
    mode = "volume"
    max_deduct = 5
    tiers = [{ up_to = 10, price = "130" }, { price = "99.50" }]

    [agreement.version.item.rollover]
    cap = "10"
    expires_after = 2
    order = "current_first"

    [[agreement.version.item]]
    id = "pages"
    label = "Seiten"
    unit = "units"
    allowance = "2.5"
    overage = { price = "80" }
    rollover = { cap = "50 %" }

    [[agreement.version.variable]]
    id = "media"
    label = "Media-Honorar"
    percent_of = "media_spend"
    percent = "8.5"

    [[agreement.version.variable]]
    id = "seats"
    label = "Zugänge"
    per_unit = "seats"
    price = "3.25"
    unit = "month"
    use = "last"
    service = "hosting"
    vat_class = "standard"

    [[agreement.version.indexation]]
    from = 2026-07-01
    percent = "-2.5"

    [[agreement.version.indexation]]
    from = 2027-01-01
    index = [["2025-01", "119.5"], ["2026-06", 121]]
    base = "119.5"
    threshold = 5
    month = "2026-06"
    round_to = "0.05"

    [[agreement.version]]
    valid_from = 2027-06-01
    fee = 0

    [[agreement.version.item]]
    id = "budget"
    label = "Budget"
    unit = "amount"
    allowance = "500.25"
    role_rates = { Design = 95, "Text & Bild" = "80.125" }
    overage = { rule = "absorb" }
    rollover = {}

    [[agreement.discount]]
    id = "start"
    label = "Startrabatt"
    percent = 10
    from = 2026-02-01
    to = 2026-02-28

    [[agreement.discount]]
    id = "sorry"
    label = "Kulanz"
    amount = "50.50"
    from = 2026-03-01
    to = 2026-03-01

    [[agreement.feed]]
    item = "hours"
    projects = ["CARE"]
    activities = ["Text", "Bild"]
    positions = ["A-1/3"]

    [[agreement.feed]]
    item = "pages"
    metric = "pages_written"

    [[agreement.feed]]
    item = "budget"
    """)

HOURS = Item(
    id="hours",
    label="Stunden",
    unit=ItemUnit.HOURS,
    allowance=73_800,
    overage=Overage(
        OverageRule.DEDUCT_NEXT,
        (Tier(Decimal(130), 36_000), Tier(Decimal("99.50"))),
        TierMode.VOLUME,
        18_000,
    ),
    rollover=Rollover(36_000, 2, DrawOrder.CURRENT_FIRST),
    service="work",
    vat_class="standard",
)
PAGES = Item(
    id="pages",
    label="Seiten",
    unit=ItemUnit.UNITS,
    allowance=2_500,
    overage=Overage(tiers=(Tier(Decimal(80)),)),
    rollover=Rollover(Fraction(1, 2)),
)
BUDGET = Item(
    id="budget",
    label="Budget",
    unit=ItemUnit.AMOUNT,
    allowance=50_025,
    overage=Overage(OverageRule.ABSORB),
    rollover=Rollover(),
    role_rates={"Design": Decimal(95), "Text & Bild": Decimal("80.125")},
)
FIRST_VERSION = TermsVersion(
    valid_from=date(2026, 1, 12),
    fee=Money(Decimal("2400.50"), "CHF"),
    items=(HOURS, PAGES),
    variable=(
        VariablePart("media", "Media-Honorar", "media_spend", percent=Fraction(17, 200)),
        VariablePart(
            "seats",
            "Zugänge",
            "seats",
            unit_price=Decimal("3.25"),
            unit=Unit.MONTH,
            use=MetricUse.LAST,
            service="hosting",
            vat_class="standard",
        ),
    ),
    indexation=(
        PercentIndexation(date(2026, 7, 1), Fraction(-1, 40)),
        TableIndexation(
            start=date(2027, 1, 1),
            index={date(2025, 1, 1): Decimal("119.5"), date(2026, 6, 1): Decimal(121)},
            base=Decimal("119.5"),
            threshold=Fraction(1, 20),
            month=date(2026, 6, 1),
            round_to=Decimal("0.05"),
        ),
    ),
)
TERMS = RetainerTerms(
    label="Betreuung",
    versions=(FIRST_VERSION, TermsVersion(date(2027, 6, 1), Money.zero("CHF"), (BUDGET,))),
    calendar=BillingCalendar(Cycle.QUARTER, date(2026, 2, 15)),
    billing=Billing.IN_ADVANCE,
    proration=Proration.FULL,
    term=Term(
        minimum=Span(12),
        notice=Span(6, SpanUnit.WEEKS),
        renewal=Span(1, SpanUnit.YEARS),
        last_day=date(2028, 12, 31),
        notice_given=date(2027, 3, 31),
    ),
    discounts=(
        Discount("start", "Startrabatt", Period(date(2026, 2, 1), date(2026, 3, 1)), percent=Fraction(1, 10)),
        Discount(
            "sorry",
            "Kulanz",
            Period(date(2026, 3, 1), date(2026, 3, 2)),
            amount=Money(Decimal("50.50"), "CHF"),
        ),
    ),
    thresholds=(75, 100),
    rounding=TimeRounding(15, RoundingMode.UP, RoundedPer.DAY),
    pricing=HourPricing(3),
    late=LateRule.HOLD,
    service="care",
    vat_class="reduced",
)


def test_every_key_of_a_retainer_reaches_the_terms(folder: Folder) -> None:
    """Periods, terms in versions, catalogue, metrics, indexation, discounts and feeds: as written."""
    found = agreement(folder, WHOLE)
    assert found == Agreement(
        id="whole",
        customer="K1",
        project="CARE",
        terms=TERMS,
        payment_days=7,
        place=folder.place("agreements", "[[agreement]] # whole"),
        pooled=("CARE-2", "CARE-3"),
        feeds=(
            Feed("hours", ("CARE",), ("Text", "Bild"), ("A-1/3",)),
            Feed("pages", metric="pages_written"),
            Feed("budget"),
        ),
    )


def test_what_is_not_written_has_the_defaults_of_the_core(folder: Folder) -> None:
    """Months of the calendar, in arrears, by days, corrections, no rounding; a single item is fed by all its time."""
    found = agreement(folder, RETAINER)
    item = Item("hours", "Stunden", ItemUnit.HOURS, 72_000, Overage(tiers=(Tier(Decimal(130)),)))
    version = TermsVersion(date(2026, 1, 1), Money(Decimal("2400.00"), "EUR"), (item,))
    assert found.terms == RetainerTerms("Betreuung", (version,))
    assert found.feeds == (Feed("hours"),)
    assert (found.pooled, found.offers, found.payment_days) == ((), (), None)


def test_a_flat_fee_alone_needs_no_item(folder: Folder) -> None:
    """Nothing is counted, so nothing feeds it."""
    found = agreement(folder, RETAINER.split("[[agreement.version.item]]", maxsplit=1)[0])
    assert found.feeds == ()
    assert isinstance(found.terms, RetainerTerms)
    assert found.terms.item_ids == ()


def test_an_item_of_all_versions_is_still_a_single_one(folder: Folder) -> None:
    """The same item with other terms is fed as before."""
    later = RETAINER[RETAINER.index("[[agreement.version]]") :].replace("2026-01-01", "2026-07-01")
    assert agreement(folder, RETAINER + later).feeds == (Feed("hours"),)


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("2026-01-01", "2026-01-01T00:00:00", "ConfigWrongType", "is not a date without quotes"),
        ("fee = 2400", 'fee = "-1"', "ConfigWrongValue", "version.fee: '-1' should be greater than or equal to 0"),
        ("fee = 2400", 'fee = "1.005"', "ConfigWrongValue", "1.005 EUR has a fraction of the smallest unit"),
        ('id = "care"', 'id = "care"\noffers = ["A-1"]', "ConfigUnknownKey", "agreement.offers: unknown key"),
        ('id = "care"', 'id = "care"\nbilling = "arrears"', "ConfigWrongValue", "agreement.billing: 'arrears' is not"),
        ('id = "care"', 'id = "care"\nproration = "half"', "ConfigWrongValue", "agreement.proration: 'half' is not"),
        ('id = "care"', 'id = "care"\nthresholds = [0]', "ConfigWrongValue", "agreement.thresholds: 0 should be"),
    ],
)
def test_a_value_that_cannot_be_is_told_at_its_line(
    folder: Folder, old: str, new: str, code: str, message: str
) -> None:
    """Types, words and bounds, each with its key."""
    assert old in RETAINER
    problem = fault(folder, RETAINER.replace(old, f"{new} # here"))
    assert problem.code == code
    assert message in problem.message


def test_a_retainer_has_terms(folder: Folder) -> None:
    """Without a version there is nothing to bill."""
    head = RETAINER.split("[[agreement.version]]", maxsplit=1)[0]
    folder.add("agreements", head)
    assert folder.problem().message == "agreement.version: the key is missing"
    folder.put("agreements", head, f"{head}version = []\n")
    assert "agreement.version: a list should have at least 1 item" in folder.problem().message


@pytest.mark.parametrize(("day", "earlier"), [("2026-01-01", "2026-01-01"), ("2025-12-31", "2026-01-01")])
def test_versions_follow_each_other(folder: Folder, day: str, earlier: str) -> None:
    """Two that begin on the same day, or out of order, would overlap."""
    problem = fault(folder, f"{RETAINER}\n[[agreement.version]]\nvalid_from = {day} # here\nfee = 1\n")
    assert problem.code == "VersionsOverlap"
    assert problem.message == (
        f"agreement.version.valid_from: {day} does not come after {earlier}, where the one before it begins"
    )


def test_an_item_keeps_its_unit(folder: Folder) -> None:
    """A time bank in hours cannot become one in money."""
    problem = fault(
        folder,
        RETAINER
        + """
[[agreement.version]]
valid_from = 2026-07-01
fee = 2400
[[agreement.version.item]]
id = "hours"
label = "Budget"
unit = "amount" # here
allowance = 2000
role_rates = { Design = 95 }
""",
    )
    assert problem.code == "ItemUnitChanged"
    assert problem.message == "agreement.version.item.unit: item 'hours' was counted in hours before"


ITEM = """
[[agreement.version.item]]
id = "more"
label = "Mehr"
unit = "hours"
allowance = 1
overage = { rule = "absorb" }
"""
DISCOUNT = """
[[agreement.discount]]
id = "start"
label = "Startrabatt"
percent = 10
from = 2026-01-01
to = 2026-03-31
"""
VARIABLE = """
[[agreement.version.variable]]
id = "media"
label = "Media"
percent_of = "media_spend"
percent = 8
"""


@pytest.mark.parametrize(
    ("text", "table"), [(ITEM, "version.item"), (VARIABLE, "version.variable"), (DISCOUNT, "discount")]
)
def test_a_name_within_an_agreement_stands_once(folder: Folder, text: str, table: str) -> None:
    """Names are parts of keys: two items, parts or discounts of one name would be billed as one."""
    text = text.replace('"more"', '"hours"')
    again = text.replace("\nlabel", " # here\nlabel")
    problem = fault(folder, RETAINER + (again if table == "version.item" else text + again))
    assert problem.code == "IdTwice"
    assert problem.message.startswith(f"agreement.{table}.id: ")
    assert problem.message.endswith(" stands twice")


def test_an_indexation_belongs_to_the_fee_it_changes(folder: Folder) -> None:
    """One before its version would change a fee that does not hold yet; two on one day would multiply."""
    early = "\n[[agreement.version.indexation]]\nfrom = 2025-12-31 # here\npercent = 2\n"
    assert fault(folder, RETAINER + early).code == "IndexationTooEarly"
    folder.put("agreements", early, early.replace("2025-12-31 # here", "2026-07-01"))
    folder.add("agreements", early.replace("2025-12-31", "2026-07-01"))
    problem = folder.problem()
    assert problem.place == folder.place("agreements", "# here")
    assert "an indexation from 2026-07-01 stands above already" in problem.message


@pytest.mark.parametrize(
    ("feed", "code", "message"),
    [
        ('item = "hour" # here', "UnknownItem", "agreement.feed.item: there is no item 'hour'"),
        ('item = "hours"\nmetric = "x" # here', "AllowanceUnitMismatch", "hours, which a metric is not counted in"),
        (
            'item = "hours"\nmetric = "x"\nprojects = ["P"] # here',
            "ConfigWrongValue",
            "agreement.feed.projects: projects has no effect beside a metric",
        ),
    ],
)
def test_a_feed_fits_its_item(folder: Folder, feed: str, code: str, message: str) -> None:
    """An item that is not there, or one whose unit its entries do not have."""
    known = '\n[[agreement.feed]]\nitem = "hours"\n'
    problem = fault(folder, f"{RETAINER}{known}\n[[agreement.feed]]\n{feed}\n")
    assert problem.code == code
    assert message in problem.message
    if code == "UnknownItem":
        assert problem.hint == "did you mean 'hours'?"


def units(extra: str = "") -> str:
    """Return the retainer with its item counted in units."""
    return RETAINER.replace('unit = "hours"', f'unit = "units"{extra}')


def test_units_are_counted_by_a_metric(folder: Folder) -> None:
    """Time cannot count pieces: without a metric an item in units is fed by nothing."""
    text = units().replace("[[agreement.version.item]]", "[[agreement.version.item]] # here")
    problem = fault(folder, text)
    assert problem.code == "ItemNotFed"
    assert problem.message == "agreement.version.item: nothing is counted on item 'hours'"
    folder.add("agreements", '\n[[agreement.feed]]\nitem = "hours" # there')
    problem = folder.problem()
    assert (problem.code, problem.place) == ("AllowanceUnitMismatch", folder.place("agreements", "# there"))
    folder.add("agreements", '\nmetric = "pages"\n')
    assert folder.tenant().agreements[-1].feeds == (Feed("hours", metric="pages"),)


def test_a_metric_counts_on_one_item(folder: Folder) -> None:
    """Counted twice it would be charged twice."""
    more = ITEM.replace('"hours"', '"units"')
    feeds = "".join(
        f'\n[[agreement.feed]]\nitem = "{item}"\nmetric = "pages"{mark}\n'
        for item, mark in (("hours", ""), ("hours", ""), ("more", " # here"))
    )
    problem = fault(folder, units() + more + feeds)
    assert problem.message == "agreement.feed.metric: 'pages' is counted on item 'hours' already"


def test_several_items_say_what_is_counted_on_each(folder: Folder) -> None:
    """Nothing is guessed: each item without a feed is told once, however many versions have it."""
    later = RETAINER[RETAINER.index("[[agreement.version]]") :].replace("2026-01-01", "2026-07-01") + ITEM
    folder.add("agreements", RETAINER + ITEM + later)
    problems = folder.problems()
    assert [problem.code for problem in problems] == ["ItemNotFed", "ItemNotFed"]
    assert problems[0].hint == 'add [[agreement.feed]] with item = "hours" and what it counts'
    folder.add("agreements", '\n[[agreement.feed]]\nitem = "more"\nactivities = ["Text"]\n')
    assert folder.problem().message == "agreement.version.item: nothing is counted on item 'hours'"
