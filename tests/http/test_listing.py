"""Lists are read again while they shift, and believed when they rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from connector.core.errors import Unavailable
from connector.core.problems import Problem
from connector.http.listing import Listing, whole


def listing(*ids: str, total: int | None = None, shifted: bool = False) -> Listing[str]:
    """Return a list with these ids; of each row its id in capitals was taken."""
    return Listing(list(ids), [each.upper() for each in ids], set() if total is None else {total}, shifted)


def answering(*lists: Listing[str]) -> Callable[[], Listing[str]]:
    """Return what reads these lists, one after the other."""
    readings: Iterator[Listing[str]] = iter(lists)
    return lambda: next(readings)


def test_a_list_that_is_whole_is_read_once() -> None:
    """Every id stands once, and as many came as were told."""
    assert whole(answering(listing("a", "b", total=2)), "here").taken == ["A", "B"]


@pytest.mark.parametrize(
    "first",
    [listing("a", "b", "b"), listing("a", total=2), listing("a", "b", shifted=True)],
    ids=["doubled", "lost", "moved"],
)
def test_a_list_that_shifted_is_read_again(first: Listing[str]) -> None:
    """The second reading counts, and nothing of the first."""
    assert whole(answering(first, listing("a", "c", total=2)), "here").taken == ["A", "C"]


def test_two_totals_are_no_total() -> None:
    """A total that changes between pages means that the list did."""
    changed = Listing(["a", "b"], ["A", "B"], {1, 2})

    assert not changed.is_whole


def test_two_readings_that_agree_are_the_truth() -> None:
    """A vendor may count otherwise, or have an id twice."""
    odd = listing("a", "a", total=7)

    assert whole(answering(odd, listing("a", "a", total=7)), "here").ids == ["a", "a"]


def test_a_list_that_moves_whenever_it_is_read_is_left() -> None:
    """Better late than wrong; the same rows of a list that was seen to move are no agreement."""
    with pytest.raises(Unavailable) as caught:
        whole(lambda: listing("a", shifted=True), "here")

    assert caught.value.place == "here"


def test_an_id_that_comes_twice_counts_once() -> None:
    """The first row counts; the second is told with its place."""
    first, problem = listing("a", "a").once(lambda key: f"row {key}")

    assert first == "A"
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("DuplicateRecord", "row a")
