from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from connector.config.field_docs import field_docs
from connector.sinks.datev import Settings
from tests.datev.samples import settings


def test_the_defaults_are_the_careful_ones() -> None:
    """Nothing is committed, no chart is named, and DATEV's limit of rows holds."""
    chosen = settings()
    assert (chosen.commit, chosen.chart, chosen.uses_delivery_date, chosen.max_rows) == (0, "", False, 99_999)
    assert (chosen.directory, chosen.currency, chosen.account_length) == ("out/datev", "EUR", 4)


@pytest.mark.parametrize(
    ("length", "first", "last"), [(4, 10_000, 69_999), (5, 100_000, 699_999), (8, 100_000_000, 699_999_999)]
)
def test_debtor_numbers_grow_with_the_account_length(length: int, first: int, last: int) -> None:
    """They are one digit longer than revenue accounts, and begin with 1 to 6."""
    allowed = settings(account_length=length).debtors
    assert (allowed.start, allowed.stop - 1) == (first, last)


def test_the_debtor_range_can_be_narrowed() -> None:
    """Some clients keep a part of the range for us."""
    assert settings(debtor_first=20_000, debtor_last=29_999).debtors == range(20_000, 30_000)


@pytest.mark.parametrize(
    "values",
    [
        {"consultant_number": 1000},
        {"consultant_number": 10_000_000},
        {"client_number": 0},
        {"client_number": 100_000},
        {"account_length": 3},
        {"account_length": 9},
        {"chart": "07"},
        {"commit": 2},
        {"exported_by": "Max Mustermann"},
        {"dictation_initials": "mm"},
        {"currency": "EURO"},
        {"currency": "XXX"},
        {"fiscal_year_start": "1.1."},
        {"fiscal_year_start": "13-01"},
        {"fiscal_year_start": "02-29"},
        {"max_rows": 100_000},
        {"max_rows": 0},
        {"debtor_first": 1_000},
        {"debtor_last": 100_000},
        {"debtor_first": 30_000, "debtor_last": 20_000},
        {"unknown": 1},
    ],
)
def test_a_setting_that_datev_would_refuse_is_refused(values: dict[str, object]) -> None:
    """Every limit of header 700 is held at the door."""
    with pytest.raises(ValidationError):
        settings(**values)


@pytest.mark.parametrize(
    ("start", "day", "fiscal_year"),
    [
        ("01-01", date(2026, 1, 1), date(2026, 1, 1)),
        ("01-01", date(2026, 12, 31), date(2026, 1, 1)),
        ("07-01", date(2026, 6, 30), date(2025, 7, 1)),
        ("07-01", date(2026, 7, 1), date(2026, 7, 1)),
    ],
)
def test_a_day_lies_in_the_fiscal_year_that_began_last(start: str, day: date, fiscal_year: date) -> None:
    """A fiscal year may differ from the calendar year."""
    assert settings(fiscal_year_start=start).fiscal_year_of(day) == fiscal_year


@pytest.mark.parametrize("commit", [True, 1])
def test_to_commit_is_a_one(commit: object) -> None:
    """TOML's true means the same."""
    assert str(settings(commit=commit).commit) == "1"


def test_every_setting_explains_itself() -> None:
    """Editors show the text beside the key."""
    assert set(field_docs(Settings)) == set(Settings.model_fields)


def test_books_may_be_kept_in_another_currency() -> None:
    """Then euros are the foreign ones."""
    assert settings(currency="CHF").currency == "CHF"
