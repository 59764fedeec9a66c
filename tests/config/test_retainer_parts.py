"""Variable parts, indexation and discounts: what is told of those that could not be billed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.retainer_terms import TableIndexation
from tests.config.folders import Folder
from tests.config.time_agreements import RETAINER, fault, retainer

INDEXATION = "\n[[agreement.version.indexation]] # here\nfrom = 2026-07-01\n"
DISCOUNT = '\n[[agreement.discount]] # here\nid = "d"\nlabel = "Rabatt"\nfrom = 2026-02-01\nto = 2026-02-28\n'
VARIABLE = '\n[[agreement.version.variable]] # here\nid = "v"\nlabel = "Media"\n'


@pytest.mark.parametrize(
    "lines",
    [
        "",
        'percent_of = "spend"\npercent = 8\nper_unit = "seats"\nprice = 3',
        'percent_of = "spend"\npercent = 8\nprice = 3',
        'percent_of = "spend"',
        'per_unit = "seats"',
        'per_unit = "seats"\npercent = 8',
    ],
)
def test_a_variable_part_has_one_size(folder: Folder, lines: str) -> None:
    """A percentage of a metric or a price per unit of it, each whole and nothing of the other."""
    problem = fault(folder, RETAINER + VARIABLE + lines)
    assert problem.message == ("agreement.version.variable: give either percent_of and percent, or per_unit and price")


@pytest.mark.parametrize(
    ("lines", "code", "message"),
    [
        ("", "ConfigWrongValue", "indexation: give either percent or index"),
        ("percent = 2\nindex = []\nbase = 1", "ConfigWrongValue", "indexation: give either percent or index"),
        ("percent = -100 # there", "ConfigWrongValue", "indexation.percent: -100 should be greater than -100"),
        ("percent = 2\nround_to = 0 # there", "ConfigWrongValue", "indexation.round_to: 0 should be greater than 0"),
        ("percent = 2\nbase = 100 # there", "ConfigWrongValue", "indexation.base: base has no effect without index"),
        ("percent = 2\nthreshold = 5 # there", "ConfigWrongValue", "threshold has no effect without index"),
        ('percent = 2\nmonth = "2026-06" # there', "ConfigWrongValue", "month has no effect without index"),
        ("index = [] # there", "ConfigMissingKey", "indexation.index: an index needs its base"),
        ("index = []\nbase = 0 # there", "ConfigWrongValue", "indexation.base: 0 should be greater than 0"),
        ('base = 1\nindex = [\n["2026-13", 1]] # there', "ConfigWrongValue", "index: write the month as text"),
        ('base = 1\nindex = [\n["0000-01", 1]] # there', "ConfigWrongValue", "index: write the month as text"),
        ('base = 1\nindex = [\n["2026-06", 0]] # there', "ConfigWrongValue", "index: 0 should be greater than 0"),
        ('base = 1\nindex = [\n["2026-06", 1.5]] # there', "ConfigFloat", "index: 1.5 is a floating-point number"),
        (
            'base = 1\nindex = [\n["2026-06"]] # there',
            "ConfigWrongValue",
            "index: write a month and its value, such as",
        ),
        ('base = 1\nindex = [\n"2026-06"] # there', "ConfigWrongValue", "index: write a month and its value, such as"),
        (
            'base = 1\nindex = [["2026-06", 1],\n["2026-06", 2]] # there',
            "ConfigWrongValue",
            "indexation.index: 2026-06 stands twice",
        ),
        (
            'base = 1\nindex = [["2026-05", 1], ["2026-07", 2]] # there',
            "IndexMonthMissing",
            "indexation.index: the index has later values, but none for 2026-06, the month that counts",
        ),
        (
            'base = 1\nmonth = "2026-04"\nindex = [["2026-05", 1]] # there',
            "IndexMonthMissing",
            "none for 2026-04, the month that counts",
        ),
    ],
)
def test_an_indexation_that_cannot_be_computed_is_told(folder: Folder, lines: str, code: str, message: str) -> None:
    """No size or two, no base, a month with no value or with two: at the line of the key."""
    text = RETAINER + INDEXATION + lines
    if "# there" in lines:
        text = text.replace("# here", "").replace("# there", "# here")
    problem = fault(folder, text)
    assert problem.code == code
    assert message in problem.message


@pytest.mark.parametrize("index", ["[]", '[["2026-05", "121.4"]]', '[["2026-06", "121.4"], ["2026-12", 123]]'])
def test_an_index_may_still_be_published(folder: Folder, index: str) -> None:
    """What is not known yet is asked for when the fee changes; a known value is found."""
    terms = retainer(folder, f"{RETAINER}{INDEXATION}base = 119\nindex = {index}\n")
    (change,) = terms.versions[0].indexation
    assert isinstance(change, TableIndexation)
    assert change.month_that_counts == date(2026, 6, 1)
    assert (change.base, change.round_to, change.threshold) == (Decimal(119), Decimal("0.01"), Fraction(0))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "discount: give either percent or amount"),
        ("percent = 10\namount = 5", "discount: give either percent or amount"),
        ("percent = 0 # there", "discount.percent: 0 should be greater than 0"),
        ("percent = 101 # there", "discount.percent: 101 should be less than or equal to 100"),
        ('amount = "0.005" # there', "discount.amount: 0.005 EUR has a fraction of the smallest unit"),
    ],
)
def test_a_discount_has_one_size(folder: Folder, lines: str, message: str) -> None:
    """A percentage or an amount, never more than the fee and never below nothing."""
    text = RETAINER + DISCOUNT + lines
    if "# there" in lines:
        text = text.replace("# here", "").replace("# there", "# here")
    assert fault(folder, text).message == f"agreement.{message}"


def test_a_discount_ends_after_it_begins(folder: Folder) -> None:
    """The last day belongs to it."""
    text = (DISCOUNT + "percent = 10").replace("# here", "").replace("2026-02-28", "2026-01-31 # here")
    assert fault(folder, RETAINER + text).message == "agreement.discount.to: 2026-01-31 lies before 2026-02-01"
