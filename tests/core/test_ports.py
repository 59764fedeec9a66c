from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.party import Party
from connector.core.ports import Capabilities, Changes, CustomerSource, OfferSource, Rate
from connector.core.problems import Problem
from tests.core.builders import party

COUNTS = st.integers(0, 10**6)


class CustomerList:
    """An adapter of one port, which inherits nothing."""

    def customers(self) -> Iterator[Party | Problem]:
        """Yield one customer."""
        yield party()


def test_an_adapter_is_known_by_what_it_can_do() -> None:
    """An object with the method of a port implements it; no other port is taken for granted."""
    assert isinstance(CustomerList(), CustomerSource)
    assert not isinstance(CustomerList(), OfferSource)


@given(COUNTS, COUNTS, COUNTS)
def test_changes_of_two_pulls_add_up(added: int, edited: int, deleted: int) -> None:
    """Records that came anew, differently or no longer are counted apart."""
    changes = Changes(added, edited, deleted)
    assert changes + changes == Changes(2 * added, 2 * edited, 2 * deleted)
    assert changes + Changes() == changes


def test_a_sink_must_say_that_it_numbers_or_finds_documents() -> None:
    """What would be dangerous to assume is off until a sink says so (domain 7.6, 9.2)."""
    assert not Capabilities().numbers
    assert not Capabilities().finds_by_reference


@pytest.mark.parametrize(
    ("rate", "interval", "ahead"),
    [
        (Rate(requests=2, seconds=1), 500_000, 0),
        (Rate(requests=2, seconds=1, burst=4), 500_000, 1_400_000),
        (Rate(requests=3, seconds=1, burst=2), 333_334, 233_334),
        (Rate(requests=1000, seconds=60, burst=2), 60_000, 0),
    ],
)
def test_a_rate_is_an_interval_and_a_head_start(rate: Rate, interval: int, ahead: int) -> None:
    """Microseconds, rounded to the vendor's side; a tenth of a second of the burst is kept back."""
    assert (rate.interval, rate.ahead) == (interval, ahead)


@pytest.mark.parametrize(("requests", "seconds", "burst"), [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_a_rate_that_allows_nothing_is_refused(requests: int, seconds: int, burst: int) -> None:
    """Nobody could ever call."""
    with pytest.raises(ValueError, match="at least one request"):
        Rate(requests, seconds, burst)
