"""Readers of one pull share a visit; the next pull begins another."""

from __future__ import annotations

from itertools import count

from connector.http.visits import Visits


def test_a_visit_lasts_until_a_reader_comes_again() -> None:
    """Whatever the order in which the readers come."""
    visits = Visits(count(1).__next__)

    assert visits.last is None
    assert [visits.of(reader) for reader in ("projects", "entries", "offers")] == [1, 1, 1]
    assert [visits.of(reader) for reader in ("entries", "projects")] == [2, 2]
    assert visits.last == 2
