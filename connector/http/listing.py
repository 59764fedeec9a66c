"""Lists that are read page by page: whole, or read again (domain 6).

Rows that are deleted or added while a list is read move the others; what an adapter knows of the vendor's paging tells
whether that happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from connector.core.errors import Unavailable, UnexpectedAnswer
from connector.core.problems import Problem

MOST_READINGS = 5
"""A list that shifts during each of so many readings is left for the next run."""

TWO_TOTALS = 2
"""A list that told so many while it was read has changed."""

MOST_PAGES = 20_000
"""A longer list is none: it would be a server that repeats its last page for ever."""

Taken = TypeVar("Taken")


@dataclass(slots=True)
class Listing(Generic[Taken]):
    """A list as it was read: ids, and what was taken of each row, in the order they came; the totals the vendor told.

    `shifted` is set by whoever sees that a row moved.
    """

    ids: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    totals: set[int] = field(default_factory=set)
    shifted: bool = False

    @property
    def is_whole(self) -> bool:
        """Tell whether no row was moved, lost or doubled while it was read."""
        return not self.shifted and len(set(self.ids)) == len(self.ids) and self.totals <= {len(self.ids)}

    def once(self, place: Callable[[str], str]) -> Iterator[Taken | Problem]:
        """Yield what was taken of each row; for an id that came before, the problem instead."""
        seen: set[str] = set()
        for key, value in zip(self.ids, self.taken, strict=True):
            if key in seen:
                yield Problem("DuplicateRecord", f"the id {key} comes twice", place(key), "the first one counts")
            else:
                seen.add(key)
                yield value


def whole(read: Callable[[], Listing[Taken]], place: str) -> Listing[Taken]:
    """Return the list that `read` reads, read again while it shifts.

    Two readings with the same rows are the truth, though an id comes twice or fewer rows were announced. Raises
    Unavailable if it never comes to rest, UnexpectedAnswer if rows that are announced stay away: all that is missing
    would look deleted.
    """
    before: list[str] | None = None
    for _ in range(MOST_READINGS):
        listing = read()
        if listing.is_whole:
            return listing
        if listing.ids == before and len(listing.totals) < TWO_TOTALS and not listing.shifted:
            _refuse_missing(listing, place)
            return listing
        before = listing.ids
    message = "the list keeps changing while it is read"
    raise Unavailable(message, place=place, hint="the next run tries again")


def _refuse_missing(listing: Listing[Any], place: str) -> None:
    announced = max(listing.totals, default=0)
    if announced > len(listing.ids):
        message = f"the list announces {announced} rows, and gives {len(listing.ids) or 'none'}"
        raise UnexpectedAnswer(message, place=place, hint="look at the list in the tool itself")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A page of a list: rows with an `id`, and how many rows the list has; None where the vendor does not say."""

    rows: Sequence[Mapping[str, Any]]
    total: int | None


Pages = Callable[[int, int], Numbered | None]
"""Returns the page of this number, from 1, at this size; None past the end."""


def whole_by_numbers(pages: Pages, size: int, take: Callable[[Mapping[str, Any]], Taken], place: str) -> Listing[Taken]:
    """Return the list that comes in numbered pages, in an order in which new rows are last.

    A page may hold less than `size`. Raises Unavailable if the list keeps shifting, UnexpectedAnswer if it has no end,
    or fewer rows than are announced.
    """
    return whole(lambda: _by_numbers(pages, size, take, place), place)


def _by_numbers(pages: Pages, size: int, take: Callable[[Mapping[str, Any]], Taken], place: str) -> Listing[Taken]:
    listing: Listing[Taken] = Listing()
    for number in range(1, MOST_PAGES + 1):
        page = pages(number, size)
        if number > 1 and _moved(pages, listing):
            listing.shifted = True
            return listing
        if page is None:
            return listing
        listing.ids.extend(str(row["id"]) for row in page.rows)
        listing.taken.extend(map(take, page.rows))
        if page.total is not None:
            listing.totals.add(page.total)
        if not page.rows or (page.total is not None and len(listing.ids) >= page.total):
            return listing
    message = "the list does not end"
    raise UnexpectedAnswer(message, place=place, hint="does its server know page numbers?")


def _moved(pages: Pages, listing: Listing[Taken]) -> bool:
    """Tell whether the last row of the pages before is no longer where it was when the page after it came.

    Else a row that was deleted and one that was added would keep the total, and a row between them slip past.
    """
    page = pages(len(listing.ids), 1)
    return page is None or [str(row["id"]) for row in page.rows] != listing.ids[-1:]
