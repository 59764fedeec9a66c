"""Readers of one pull share a visit; the next pull begins another."""

from __future__ import annotations

from itertools import count

import pytest

from connector.core.errors import Unavailable
from connector.http.visits import Visits


def test_a_visit_lasts_until_a_reader_comes_again() -> None:
    """Whatever the order in which the readers come."""
    visits = Visits(count(1).__next__)

    assert visits.last is None
    assert [visits.of(reader) for reader in ("projects", "entries", "offers")] == [1, 1, 1]
    assert [visits.of(reader) for reader in ("entries", "projects")] == [2, 2]
    assert visits.last == 2


def test_a_visit_that_fails_leaves_none_behind() -> None:
    """The next reader begins anew, and does not see what the pull before had read."""
    pulls = count(1)

    def begin() -> int:
        if (pull := next(pulls)) == 2:
            message = "down"
            raise Unavailable(message)
        return pull

    visits = Visits(begin)
    assert visits.of("projects") == 1
    with pytest.raises(Unavailable):
        visits.of("projects")
    assert visits.of("entries") == 3
