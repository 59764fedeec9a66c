"""What the readers of a source share during one pull: asked of the tool once, so that all records fit together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Visit = TypeVar("Visit")


class Visits(Generic[Visit]):
    """The visits to a tool, one for each pull; `begin` makes a new one."""

    def __init__(self, begin: Callable[[], Visit]) -> None:
        self._begin = begin
        self._readers: set[str] = set()
        self.last: Visit | None = None

    def of(self, reader: str) -> Visit:
        """Return the current visit; a new one as soon as a reader comes again, as it does in the next pull."""
        if self.last is None or reader in self._readers:
            self.last, self._readers = None, set()  # a visit that fails leaves none behind
            self.last = self._begin()
        self._readers.add(reader)
        return self.last
