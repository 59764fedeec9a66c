"""Lists that are read page by page: whole, or read again (domain 6).

Rows that are deleted or added while a list is read move the others; what an adapter knows of the vendor's paging tells
whether that happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from connector.core.errors import Unavailable
from connector.core.problems import Problem

MOST_READINGS = 5
"""A list that shifts during each of so many readings is left for the next run."""

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
    """Return the list that `read` reads, read again while it shifts; Unavailable if it never comes to rest.

    Two readings with the same rows are the truth, whatever total the vendor tells.
    """
    before: list[str] = []
    for _ in range(MOST_READINGS):
        listing = read()
        if listing.is_whole or (listing.ids == before and not listing.shifted):
            return listing
        before = listing.ids
    message = "the list keeps changing while it is read"
    raise Unavailable(message, place=place, hint="the next run tries again")
