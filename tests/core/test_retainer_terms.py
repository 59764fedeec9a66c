"""The values of a retainer's terms."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.cycle import Cycle
from connector.core.retainer_terms import Discount, RetainerTerms, VariablePart
from connector.core.term_end import Span, Term
from tests.core.builders import JANUARY, eur
from tests.core.retainer_builders import START, item, retainer, version


def test_rule_4_1_a_retainer_starts_with_its_first_version() -> None:
    """Start, end, currency and items follow from the versions and the term."""
    terms = retainer(
        version("2400", item("design")), version("2500", item("code"), item("design"), since=date(2026, 7, 1))
    )
    assert (terms.start, terms.end, terms.currency) == (START, None, "EUR")
    assert terms.item_ids == ("design", "code")
    assert replace(terms, term=Term(last_day=date(2026, 12, 31))).end == date(2027, 1, 1)


def test_the_kind_of_a_retainer_never_changes() -> None:
    """It is part of the key of every document of it (domain 9.1)."""
    assert retainer().family == "retainer"


def test_rule_4_8_a_retainer_given_notice_ends_with_a_period_of_its_own() -> None:
    """Notice of a month, given on 10 February: with March, or with the quarter."""
    notice = Term(notice=Span(1), notice_given=date(2026, 2, 10))
    assert replace(retainer(), term=notice).end == date(2026, 4, 1)
    late = Term(notice=Span(1), notice_given=date(2026, 3, 10))
    assert replace(retainer(cycle=Cycle.QUARTER), term=late).end == date(2026, 7, 1)


@pytest.mark.parametrize("second", [START, date(2025, 12, 31)])
def test_rule_4_1_versions_that_overlap_are_refused(second: date) -> None:
    """Two that begin on the same day, or one that comes after a later one."""
    with pytest.raises(ValueError, match=f"but {second} comes again or too late"):
        retainer(version(), version(since=second))


def test_a_retainer_without_a_version_is_refused() -> None:
    """There would be nothing to bill."""
    with pytest.raises(ValueError, match="at least one version"):
        RetainerTerms("Retainer", ())


def test_an_item_is_found_by_its_id() -> None:
    """The one of that id, or none."""
    terms = version("2400", item("design"), item("code", 5))
    found = terms.item("code")
    assert found is not None
    assert found.allowance == 5 * 3600
    assert terms.item("print") is None


def test_a_variable_part_has_one_price() -> None:
    """Either a percentage or a price per unit."""
    with pytest.raises(ValueError, match="either a percentage or a unit price"):
        VariablePart("media", "Media", "spend")
    with pytest.raises(ValueError, match="either a percentage or a unit price"):
        VariablePart("media", "Media", "spend", Fraction(8, 100), Decimal(1))


def test_a_discount_has_one_size_above_nothing() -> None:
    """Either a part or an amount, not below nothing."""
    with pytest.raises(ValueError, match="either a percentage or an amount"):
        Discount("start", "Start", JANUARY)
    with pytest.raises(ValueError, match="either a percentage or an amount"):
        Discount("start", "Start", JANUARY, Fraction(1, 10), eur("100"))
    with pytest.raises(ValueError, match="below nothing"):
        Discount("start", "Start", JANUARY, Fraction(-1, 10))
    with pytest.raises(ValueError, match="below nothing"):
        Discount("start", "Start", JANUARY, amount=eur("-1"))
    assert Discount("start", "Start", JANUARY, amount=eur("0")).amount == eur("0")
