"""Lists are read again while they shift, and believed when they rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from connector.core.errors import Unavailable, UnexpectedAnswer
from connector.core.problems import Problem
from connector.http import listing as listing_module
from connector.http.listing import Listing, Numbered, Pages, whole, whole_by_numbers


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
    """A vendor may have an id twice, or count fewer rows than it gives."""
    odd = listing("a", "a", total=1)

    assert whole(answering(odd, listing("a", "a", total=1)), "here").ids == ["a", "a"]


@pytest.mark.parametrize("ids", [(), ("a", "b")], ids=["none came", "some came"])
def test_rows_that_are_announced_and_stay_away_are_not_deleted(ids: tuple[str, ...]) -> None:
    """However often the list is read: what is missing would be taken out of the books without a word."""
    with pytest.raises(UnexpectedAnswer, match="announces 7 rows, and gives") as caught:
        whole(lambda: listing(*ids, total=7), "here")

    assert caught.value.place == "here"


def test_a_list_that_tells_two_totals_each_time_is_left() -> None:
    """It has not come to rest, though the rows are the same."""
    with pytest.raises(Unavailable):
        whole(lambda: Listing(["a"], ["A"], {1, 2}), "here")


def test_an_empty_list_that_was_to_have_rows_is_read_again() -> None:
    """One hiccup is no truth."""
    assert whole(answering(listing(total=1), listing("a", total=1)), "here").taken == ["A"]


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


Rows = list[str]


def pages_of(rows: Callable[[int], Rows], *, total: bool = True, past_the_end: bool = False) -> Pages:
    """Return pages of the rows that are there at each call, counted from 0; past the end nothing, or an empty page."""
    calls = iter(range(100))

    def page(number: int, size: int) -> Numbered | None:
        there = rows(next(calls))
        shown = there[(number - 1) * size : number * size]
        if past_the_end and number > 1 and not shown:
            return None
        return Numbered([{"id": each} for each in shown], len(there) if total else None)

    return page


@pytest.mark.parametrize("total", [True, False], ids=["with totals", "without"])
@pytest.mark.parametrize("past_the_end", [True, False], ids=["nothing past the end", "empty past the end"])
@pytest.mark.parametrize("rows", [[], ["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]])
def test_numbered_pages_are_read_to_the_end(rows: Rows, *, total: bool, past_the_end: bool) -> None:
    """However it is told where that is."""
    pages = pages_of(lambda _: rows, total=total, past_the_end=past_the_end)

    assert whole_by_numbers(pages, 2, lambda row: row["id"], "here").taken == rows


@pytest.mark.parametrize("past_the_end", [True, False])
@pytest.mark.parametrize(
    "after",
    [["b", "c", "d"], ["b", "c", "d", "e"], ["a", "b", "c"], ["a"], ["a", "b", "c", "d", "e"]],
    ids=["deleted", "replaced", "deleted last", "deleted most", "added"],
)
def test_what_changes_between_numbered_pages_loses_nobody(after: Rows, *, past_the_end: bool) -> None:
    """Whether the total tells, or only the row where two pages meet."""
    pages = pages_of(lambda call: after if call else ["a", "b", "c", "d"], past_the_end=past_the_end)

    assert whole_by_numbers(pages, 2, lambda row: row["id"], "here").taken == after


def test_a_row_that_moved_before_the_end_was_told_is_not_lost() -> None:
    """Past the end is nothing and no total: still the row where the pages meet is looked at."""
    pages = pages_of(lambda call: ["b", "c"] if call else ["a", "b", "c"], total=False, past_the_end=True)

    assert whole_by_numbers(pages, 2, lambda row: row["id"], "here").taken == ["b", "c"]


def test_numbered_pages_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """So would be a server that repeats its last page."""
    monkeypatch.setattr(listing_module, "MOST_PAGES", 3)
    with pytest.raises(UnexpectedAnswer, match="does not end") as caught:
        whole_by_numbers(lambda *_: Numbered([{"id": "a"}], None), 1, lambda row: row["id"], "here")

    assert caught.value.place == "here"


def test_numbered_pages_without_rows_that_were_announced_are_refused() -> None:
    """A list that is empty says so; everything would look deleted."""
    with pytest.raises(UnexpectedAnswer, match="announces 3 rows, and gives none"):
        whole_by_numbers(lambda *_: Numbered([], 3), 2, lambda row: row["id"], "here")
