"""Rates and their precedence."""

from decimal import Decimal

import pytest

from connector.core.rates import Rate, RateLevel
from tests.core.retainer_builders import rate_card

ALL = rate_card(
    "100",
    positions={"A1/1": "160"},
    persons={"Jo": "150"},
    activities={"Design": "140"},
    projects={"WEB": "130", "PARENT": "125"},
    customer="120",
)


@pytest.mark.parametrize(
    ("position", "person", "activity", "projects", "expected"),
    [
        ("A1/1", "Jo", "Design", ["WEB"], Rate(Decimal(160), RateLevel.POSITION, "A1/1")),
        ("A1/2", "Jo", "Design", ["WEB"], Rate(Decimal(150), RateLevel.PERSON, "Jo")),
        ("", "Kim", "Design", ["WEB"], Rate(Decimal(140), RateLevel.ACTIVITY, "Design")),
        ("", "Kim", "Text", ["WEB", "PARENT"], Rate(Decimal(130), RateLevel.PROJECT, "WEB")),
        ("", "Kim", "Text", ["APP", "PARENT"], Rate(Decimal(125), RateLevel.PROJECT, "PARENT")),
        ("", "Kim", "Text", ["APP"], Rate(Decimal(120), RateLevel.CUSTOMER)),
    ],
)
def test_rule_5_the_nearest_rate_counts(
    position: str, person: str, activity: str, projects: list[str], expected: Rate
) -> None:
    """Position, else person, else activity, else project (the nearest), else customer."""
    assert ALL.rate(position, person, activity, projects) == expected


def test_rule_5_the_default_comes_last() -> None:
    """Where nothing names the work, not even the customer; without a default there is no rate."""
    assert rate_card("100").rate("", "Jo", "Design", ["WEB"]) == Rate(Decimal(100), RateLevel.DEFAULT)
    assert rate_card(None, persons={"Jo": "1"}).rate("", "Kim", "Design", ["WEB"]) is None


def test_a_rate_of_nothing_is_a_rate() -> None:
    """Work agreed to be free does not fall to the next level."""
    assert rate_card("100", persons={"Jo": "0"}).rate("", "Jo", "", []) == Rate(Decimal(0), RateLevel.PERSON, "Jo")
    assert rate_card("100", customer="0").rate("", "Jo", "", []) == Rate(Decimal(0), RateLevel.CUSTOMER)


def test_all_prices_are_named() -> None:
    """Each with what it was agreed for."""
    assert [name for name, _ in ALL.prices()] == ["A1/1", "Jo", "Design", "WEB", "PARENT", "customer", "default"]
    assert list(rate_card(None).prices()) == []
