from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connector.core.login import login_notice

NOW = datetime(2026, 2, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("valid_until", "code", "holds"),
    [
        (None, "LoginMissing", True),
        (NOW, "LoginEnded", True),
        (NOW + timedelta(seconds=1), "LoginEnds", False),
        (NOW + timedelta(days=14), "LoginEnds", False),
    ],
)
def test_a_log_in_is_told_of_from_two_weeks_before_its_end(
    valid_until: datetime | None, code: str, *, holds: bool
) -> None:
    """One that ends is a notice, one that has ended or is missing stops what needs it."""
    notice = login_notice("datev_online", valid_until, NOW)
    assert notice
    assert (notice.code, notice.holds, notice.place) == (code, holds, "datev_online")
    assert notice.hint == "log in: honorar login datev_online"


def test_a_log_in_that_holds_for_long_needs_no_words() -> None:
    """Two weeks and a second."""
    assert login_notice("datev_online", NOW + timedelta(days=14, seconds=1), NOW) is None
