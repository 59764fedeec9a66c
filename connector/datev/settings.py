"""What the operator and the tax adviser settle once for a client: the sink's settings in connector.toml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from connector.core.money import minor_digits

MOST_ROWS = 99_999
"""Rows DATEV takes in one batch."""

_LEAP_YEAR = 2000


class Settings(BaseModel):
    """The client as DATEV knows it; a wrong number here makes the import fail, so ask the tax adviser.

    Source of the limits: DATEV's format description, header version 700.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    consultant_number: Annotated[int, Field(ge=1001, le=9_999_999)]
    """The tax adviser's number at DATEV (Beraternummer)."""
    client_number: Annotated[int, Field(ge=1, le=99_999)]
    """Your number with the tax adviser (Mandantennummer)."""
    fiscal_year_start: Annotated[str, Field(pattern=r"^\d\d-\d\d$")] = "01-01"
    """Month and day the fiscal year begins, MM-DD."""
    account_length: Annotated[int, Field(ge=4, le=8)] = 4
    """Digits of a revenue account (Sachkontenlänge), as set in DATEV; debtor numbers have one more."""
    chart: Literal["03", "04", ""] = ""
    """Chart of accounts (Sachkontenrahmen); empty leaves it to DATEV."""
    commit: Annotated[int, Field(ge=0, le=1)] = 0
    """Festschreibung: 1 makes the imported batch unchangeable."""
    uses_delivery_date: bool = False
    """Whether the client's fiscal year in DATEV uses the day of supply (Leistungsdatum)."""
    exported_by: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{0,25}$")] = "Honorar"
    """Who exported, as DATEV shows it: up to 25 of A-Z a-z 0-9 _."""
    dictation_initials: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    """Diktatkürzel: two capitals, or nothing."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    """The currency the books are kept in."""
    directory: str = "out/datev"
    """Where the files go, relative to the tenant's folder."""
    debtor_first: int | None = None
    """The lowest debtor number; by default 10000, with a zero more for each digit that account_length is above 4."""
    debtor_last: int | None = None
    """The highest debtor number; by default 69999, longer likewise."""
    max_rows: Annotated[int, Field(ge=1, le=MOST_ROWS)] = MOST_ROWS
    """Rows per file; more go into a further file."""
    payments: Literal["none", "opos", "datevconnect", "exchange"] = "none"
    """How payments come back: not, from OPOS lists in a folder, from DATEVconnect, or from postings (only online)."""
    payment_years: Annotated[int, Field(ge=1, le=10)] = 2
    """How many fiscal years are read for payments, the newest first (datevconnect, exchange)."""
    opos_directory: str = "in/opos"
    """Where OPOS lists are laid, relative to the tenant's folder; each has its day in its name."""
    opos_columns: Mapping[Literal["account", "number", "open", "side", "amount", "level", "reminded"], str] = {}
    """What columns of the lists are called, where they are not called as usual."""
    datevconnect_url: Annotated[str, Field(pattern=r"^https?://[^/?#]+$")] = "https://localhost:58452"
    """Address of DATEVconnect, without path."""
    datevconnect_client: str = ""
    """The client's id there (a GUID)."""
    datevconnect_user: str = ""
    """A user who may read the client's accounting."""
    datevconnect_password: SecretStr | None = None
    """The user's password."""

    @field_validator("fiscal_year_start")
    @classmethod
    def _is_a_day_of_every_year(cls, value: str) -> str:
        try:
            day = date.fromisoformat(f"{_LEAP_YEAR}-{value}")
        except ValueError:
            message = f"{value} is no day; write month and day, such as 01-01 or 07-01"
            raise ValueError(message) from None
        if (day.month, day.day) == (2, 29):
            message = "a fiscal year cannot begin on 29 February"
            raise ValueError(message)
        return value

    @field_validator("currency")
    @classmethod
    def _has_known_decimals(cls, value: str) -> str:
        minor_digits(value)
        return value

    @model_validator(mode="after")
    def _datevconnect_is_complete(self) -> Self:
        if self.payments == "datevconnect" and not (self.datevconnect_client and self.datevconnect_user):
            message = 'payments = "datevconnect" needs datevconnect_client and datevconnect_user'
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _debtor_numbers_have_their_length(self) -> Self:
        first, last = self.debtors.start, self.debtors.stop - 1
        if not 10**self.account_length <= first <= last < 10 ** (self.account_length + 1):
            message = (
                f"debtor numbers {first} to {last}: with account_length {self.account_length} "
                f"they have {self.account_length + 1} digits, and the first is not above the last"
            )
            raise ValueError(message)
        return self

    @property
    def debtors(self) -> range:
        """Return the debtor numbers allowed."""
        scale = 10**self.account_length
        first = scale if self.debtor_first is None else self.debtor_first
        last = 7 * scale - 1 if self.debtor_last is None else self.debtor_last
        return range(first, last + 1)

    def fiscal_year_of(self, day: date) -> date:
        """Return the first day of the fiscal year the day lies in."""
        start = date.fromisoformat(f"{day.year:04}-{self.fiscal_year_start}")
        return start if start <= day else start.replace(year=day.year - 1)
