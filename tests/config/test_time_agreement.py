"""What retainers and time and materials have in common: periods, rounding, prices per hour, terms."""

from datetime import date

import pytest

from connector.core.cycle import BillingCalendar, Cycle
from connector.core.pricing import HourPricing
from connector.core.term_end import Span, SpanUnit, Term
from tests.config.folders import Folder
from tests.config.time_agreements import MATERIALS, RETAINER, fault, materials, retainer

TEXTS = {"retainer": RETAINER, "time_and_materials": MATERIALS}


def headed(kind: str, lines: str) -> str:
    """Return the agreement of the kind with more lines in its head."""
    return TEXTS[kind].replace("label = ", f"{lines}\nlabel = ", 1)


@pytest.mark.parametrize(
    ("lines", "calendar"),
    [
        ("anchor_day = 31", BillingCalendar(Cycle.MONTH, date(2024, 1, 31))),
        ('cycle = "week"\nanchor_day = 3', BillingCalendar(Cycle.WEEK, date(2024, 1, 3))),
        ('cycle = "year"\nanchor = 2026-04-06', BillingCalendar(Cycle.YEAR, date(2026, 4, 6))),
    ],
)
def test_periods_begin_where_the_anchor_says(folder: Folder, lines: str, calendar: BillingCalendar) -> None:
    """The fifth month's 31st, every Wednesday, the tax year: a day is enough, or a first day of any period."""
    assert retainer(folder, headed("retainer", lines)).calendar == calendar
    assert materials(folder, headed("time_and_materials", lines)).calendar == calendar


def test_hours_may_be_priced_to_the_second(folder: Folder) -> None:
    """The text then shows the hours."""
    assert retainer(folder, headed("retainer", 'pricing = "exact"')).pricing == HourPricing(exact=True)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1 day", Span(1, SpanUnit.DAYS)),
        ("14 days", Span(14, SpanUnit.DAYS)),
        ("1 week", Span(1, SpanUnit.WEEKS)),
        ("3 months", Span(3)),
        ("2 years", Span(2, SpanUnit.YEARS)),
    ],
)
def test_spans_are_written_in_words(folder: Folder, text: str, span: Span) -> None:
    """A number and its unit, one or many."""
    found = materials(folder, headed("time_and_materials", f'term = {{ notice = "{text}" }}'))
    assert found.term == Term(notice=span)


@pytest.mark.parametrize("kind", sorted(TEXTS))
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('projects = ["A", "A"] # here', "agreement.projects: 'A' stands twice"),
        ('projects = ["CARE", "SUP"] # here', "stands twice"),
        ('projects = ["A", 5] # here', "agreement.projects: 5 is not text in quotes"),
        ('currency = "EURO" # here', "agreement.currency: unknown currency 'EURO'"),
        ('cycle = "monthly" # here', "agreement.cycle: 'monthly' is not known"),
        ("anchor_day = 32 # here", "agreement.anchor_day: 32 should be less than or equal to 31"),
        ("anchor = 2026-01-15\nanchor_day = 15 # here", "agreement.anchor_day: give either anchor or anchor_day"),
        ('cycle = "week"\nanchor_day = 8 # here', "agreement.anchor_day: a week has no day 8"),
        ('late = "ignore" # here', "agreement.late: 'ignore' is not known"),
        ('vat_class = "" # here', "agreement.vat_class: '' should have at least 1 character"),
        ('time_rounding = { step_minutes = 0, mode = "up" } # here', "time_rounding.step_minutes: 0 should be greater"),
        ("time_rounding = { step_minutes = 15 } # here", "time_rounding.mode: the key is missing"),
        ('time_rounding = { step_minutes = 15, mode = "down" } # here', "time_rounding.mode: 'down' is not known"),
        ("quantity_decimals = 5 # here", "quantity_decimals: 5 should be less than or equal to 4"),
        (
            'pricing = "exact"\nquantity_decimals = 2 # here',
            'quantity_decimals: quantity_decimals has no effect with pricing = "exact"',
        ),
        (
            'term.minimum = "12 Monate" # here',
            "agreement.term.minimum: write a number and days, weeks, months or years",
        ),
        ('term.minimum = "0 months" # here', "agreement.term.minimum: write a number and days"),
        ("term.notice = 3 # here", "agreement.term.notice: write a number and days"),
        ("term.last_day = 2025-12-31 # here", "term.last_day: 2025-12-31 lies before the agreement begins"),
        ('instalments = "partial_supply" # here', "agreement.instalments: unknown key"),
    ],
)
def test_what_cannot_be_is_told_for_both_kinds(folder: Folder, kind: str, line: str, message: str) -> None:
    """The same keys, the same faults, each at its line."""
    assert message in fault(folder, headed(kind, line)).message


def test_all_that_does_not_fit_is_told_at_once(folder: Folder) -> None:
    """One misfit does not hide the next."""
    folder.add(
        "agreements",
        headed("retainer", 'anchor = 2026-01-15\nanchor_day = 15\npricing = "exact"\nquantity_decimals = 2'),
    )
    assert [problem.message.partition(":")[0] for problem in folder.problems()] == [
        "agreement.anchor_day",
        "agreement.quantity_decimals",
    ]
