"""The end of a retainer."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.cycle import BillingCalendar
from connector.core.problems import Severity
from connector.core.term_end import Exit, Span, SpanUnit, Term, notice_warning
from tests.core.retainer_builders import START, SUPPORT

MONTHS = BillingCalendar()
YEARLY = Term(minimum=Span(12), notice=Span(3), renewal=Span(12))
"""Twelve months, three months' notice, renewed by twelve months."""


def test_rule_4_8_without_an_end_it_runs_on() -> None:
    """Neither a last day nor a notice: no end."""
    assert Term().end(START, MONTHS) is None
    assert YEARLY.end(START, MONTHS) is None


def test_rule_4_8_a_last_day_ends_it() -> None:
    """The first day after it no longer belongs to the retainer."""
    assert Term(last_day=date(2026, 6, 30)).end(START, MONTHS) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("given_on", "end"),
    [
        (date(2026, 9, 30), date(2027, 1, 1)),
        (date(2026, 10, 1), date(2028, 1, 1)),
        (date(2026, 2, 1), date(2027, 1, 1)),
        (date(2027, 9, 30), date(2028, 1, 1)),
    ],
)
def test_rule_4_8_a_notice_ends_the_minimum_term_or_a_renewal(given_on: date, end: date) -> None:
    """By 30 September it ends with the year; a day later it has been renewed for another."""
    assert Term(YEARLY.minimum, YEARLY.notice, YEARLY.renewal, notice_given=given_on).end(START, MONTHS) == end


def test_rule_4_8_without_renewal_a_notice_ends_it_with_a_period() -> None:
    """After the minimum term, and after at least one day; without notice period on the last day of the period."""
    one_month = Term(minimum=Span(6), notice=Span(1), notice_given=date(2026, 2, 10))
    assert one_month.end(START, MONTHS) == date(2026, 7, 1)
    later = Term(minimum=Span(6), notice=Span(1), notice_given=date(2026, 8, 10))
    assert later.end(START, MONTHS) == date(2026, 10, 1)
    assert Term(notice_given=date(2026, 3, 31)).end(START, MONTHS) == date(2026, 4, 1)
    assert Term(notice_given=date(2025, 12, 1)).end(START, MONTHS) == date(2026, 2, 1)


def test_rule_4_8_renewal_without_minimum_counts_from_the_start() -> None:
    """A year at a time: the first possible end is a year after the start."""
    assert Term(renewal=Span(1, SpanUnit.YEARS), notice_given=START).end(START, MONTHS) == date(2027, 1, 1)


def test_rule_4_8_the_earlier_end_counts() -> None:
    """A last day before or after the end that notice gives."""
    assert Term(last_day=date(2026, 2, 14), notice_given=date(2026, 3, 31)).end(START, MONTHS) == date(2026, 2, 15)
    assert Term(last_day=date(2026, 12, 31), notice_given=date(2026, 3, 31)).end(START, MONTHS) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("span", "after", "before"),
    [
        (Span(10, SpanUnit.DAYS), date(2026, 2, 10), date(2026, 1, 21)),
        (Span(2, SpanUnit.WEEKS), date(2026, 2, 14), date(2026, 1, 17)),
        (Span(1), date(2026, 2, 28), date(2025, 12, 31)),
        (Span(1, SpanUnit.YEARS), date(2027, 1, 31), date(2025, 1, 31)),
    ],
)
def test_spans_before_and_after_31_january(span: Span, after: date, before: date) -> None:
    """Days, weeks, months and years; a month ends with the month."""
    assert span.after(date(2026, 1, 31)) == after
    assert span.before(date(2026, 1, 31)) == before
    assert span.after(date(2026, 1, 31), 0) == date(2026, 1, 31)


def test_a_span_of_nothing_is_refused() -> None:
    """It would renew for ever on the same day."""
    with pytest.raises(ValueError, match="at least one"):
        Span(0)


@pytest.mark.parametrize(
    ("as_of", "warned"),
    [
        (date(2026, 8, 30), False),
        (date(2026, 8, 31), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2027, 9, 1), True),
    ],
)
def test_rule_4_8_a_warning_before_a_notice_date_passes(as_of: date, warned: bool) -> None:  # noqa: FBT001 -- a table
    """Thirty days before the last day for a notice, until that day; each time it renews."""
    warning = notice_warning(SUPPORT, YEARLY, START, MONTHS, as_of)
    assert (warning is not None) == warned


def test_the_warning_says_what_happens() -> None:
    """Both ends, the last day for a notice, and that it is no fault."""
    warning = notice_warning(SUPPORT, YEARLY, START, MONTHS, date(2026, 9, 15))
    assert warning is not None
    assert "ends on 2026-12-31 only if notice is given by 2026-09-30" in warning.message
    assert "runs on until 2027-12-31" in warning.message
    assert (warning.severity, warning.agreement) == (Severity.NOTICE, "support")


@pytest.mark.parametrize(
    "term",
    [
        Term(minimum=Span(12), notice=Span(3)),
        Term(YEARLY.minimum, YEARLY.notice, YEARLY.renewal, notice_given=date(2026, 9, 1)),
        Term(YEARLY.minimum, YEARLY.notice, YEARLY.renewal, last_day=date(2026, 12, 31)),
    ],
)
def test_no_warning_where_nothing_renews(term: Term) -> None:
    """Neither without renewal nor once the end is settled."""
    assert notice_warning(SUPPORT, term, START, MONTHS, date(2026, 9, 15)) is None


spans = st.builds(Span, st.integers(1, 24), st.sampled_from(SpanUnit))


@given(st.none() | spans, st.none() | spans, st.none() | spans, st.dates(START, date(2030, 1, 1)))
def test_a_notice_is_never_too_late_for_its_end(
    minimum: Span | None, notice: Span | None, renewal: Span | None, day: date
) -> None:
    """The end lies after the notice, after the minimum term, and no earlier end could still be reached."""
    term = Term(minimum, notice, renewal)
    found = term.next_exit(START, MONTHS, day)
    assert isinstance(found, Exit)
    assert day <= found.notice_by < found.end
    assert found.end >= (START if minimum is None else minimum.after(START))
    assert Term(minimum, notice, renewal, notice_given=day).end(START, MONTHS) == found.end
