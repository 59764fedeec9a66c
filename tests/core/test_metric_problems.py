"""What is wrong with the readings of a metric."""

from dataclasses import replace

from connector.core.metric_problems import contradictions, metric_missing
from tests.core.builders import agreement, metric


def test_what_has_no_reading_is_named_with_its_period() -> None:
    """By its label in the message, by its id at the place; the hint says what zero looks like."""
    found = metric_missing(agreement(id_="care"), ("posts", "Posts"), "posts_published", "2026-02")
    assert found.message == "Posts of 2026-02 needs the metric 'posts_published', which has no reading in that time"
    assert (found.place, found.agreement, found.holds) == ("agreements.toml:1 posts 2026-02", "care", True)
    assert found.hint.endswith("0 if there was none")


def test_two_readings_of_one_day_that_differ_are_told_with_both_places() -> None:
    """Another metric, project or day is another reading, and one told twice is the same."""
    first = metric("3")
    others = [metric("4", name="seats"), replace(first, project="APP"), replace(first, origin="tool: 7")]
    assert list(contradictions(agreement(), [first, *others])) == []
    [found] = contradictions(agreement(), [first, *others, replace(first, value=metric("4").value, origin="tool: 9")])
    assert (found.code, found.place) == ("ReadingsContradict", "metrics.csv:2; tool: 9")
    assert "for metric 'media_spend' differ: 3 and 4" in found.message
