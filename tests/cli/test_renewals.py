"""The warning before an agreement renews itself: notices in `check` and `status`, that hold nothing (domain 4.8)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import Ran, honorar
from tests.support.retainers import two_retainers

DONE = 0

LAST_DAY_FOR_NOTICE = "2026-09-30"
"""Care runs for twelve months from January; notice is given three months before."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a tenant whose retainer 'care' renews itself at the end of the year."""
    return two_retainers(tmp_path / "agency")


def warned(folder: Path, command: str, as_of: str) -> list[dict[str, str]]:
    """Return the warnings, which change no exit code."""
    ran: Ran = honorar("--config", folder, "--json", command, "--as-of", as_of)
    assert ran.code == DONE
    return [problem for problem in ran.json["problems"] if problem["code"] == "RenewalComing"]


@pytest.mark.parametrize("command", ["check", "status"])
def test_a_renewal_is_told_while_it_can_be_stopped(folder: Path, command: str) -> None:
    """From thirty days before the last day for a notice until that day; not before, and not when it is too late."""
    told = {day: len(warned(folder, command, day)) for day in ("2026-08-30", "2026-08-31", "2026-09-30", "2026-10-01")}
    assert told == {"2026-08-30": 0, "2026-08-31": 1, LAST_DAY_FOR_NOTICE: 1, "2026-10-01": 0}
    [warning] = warned(folder, command, LAST_DAY_FOR_NOTICE)
    assert warning["message"] == (
        "agreement care ends on 2026-12-31 only if notice is given by 2026-09-30; else it runs on until 2027-12-31"
    )
    assert warning["place"] == "agreements.toml:1"


@pytest.mark.parametrize("command", ["check", "status"])
@pytest.mark.parametrize("end", ["last_day = 2027-06-30", "notice_given = 2026-03-01"])
def test_an_end_that_is_fixed_needs_no_warning(folder: Path, command: str, end: str) -> None:
    """Nothing renews itself any more."""
    agreements = folder / "agreements.toml"
    text = agreements.read_text(encoding="utf-8")
    agreements.write_text(text.replace('renewal = "12 months"', f'renewal = "12 months", {end}'), encoding="utf-8")
    assert not warned(folder, command, LAST_DAY_FOR_NOTICE)


def test_work_by_the_hour_may_renew_itself_as_well(folder: Path) -> None:
    """A frame agreement has a term like a retainer."""
    agreements = folder / "agreements.toml"
    text = agreements.read_text(encoding="utf-8")
    term = 'label = "Work"\nterm = { minimum = "1 year", renewal = "1 year" }'
    agreements.write_text(text.replace('label = "Work"', term), encoding="utf-8")
    assert [each["message"].split()[1] for each in warned(folder, "check", "2026-12-31")] == ["work"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Notice [RenewalComing] agreements.toml:1: agreement care ends on 2026-12-31 only if notice is given"),
        ("de", "Hinweis [RenewalComing] agreements.toml:1: Die Vereinbarung verlängert sich bald stillschweigend."),
    ],
)
@pytest.mark.parametrize("command", ["check", "status"])
def test_people_read_it_in_their_language(tmp_path: Path, command: str, language: str, expected: str) -> None:
    """A notice and no fault."""
    folder = two_retainers(tmp_path / "agency", language=language)
    ran = honorar("--config", folder, command, "--as-of", LAST_DAY_FOR_NOTICE)
    assert (ran.code, expected in ran.out) == (DONE, True)
