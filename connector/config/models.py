"""The tables of connector.toml that are the same for every tenant; sources and sink bring their own settings."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from connector.core.numbering import NumberFormat
from connector.core.party import Address, Party
from connector.core.suggest import did_you_mean
from connector.mapping.fields import Country, ListOf, Table, Text

DEFAULT_STORE = "sqlite:///data/honorar.sqlite"

_PASSWORD_IN_URL = re.compile(r"://[^/@:]*:[^/@]+@")


def _known_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # ZoneInfoNotFoundError is a KeyError; the name of a folder ("Europe") is an OSError.
        message = f"time zone {name!r} is not known: {did_you_mean(name, available_timezones())}"
        raise ValueError(message) from None
    return name


def _good_number_format(template: str) -> str:
    NumberFormat.parse(template)
    return template


def _without_password(url: str) -> str:
    if _PASSWORD_IN_URL.search(url):
        message = 'a password never stands in the file itself: write url = { env = "NAME_OF_A_VARIABLE" }'
        raise ValueError(message)
    return url


class Secret(Table):
    """Where a secret is kept; never the secret itself."""

    env: Text | None = None
    """Name of the environment variable."""
    keyring: Annotated[str, Field(pattern=r"^[^/]+/.+$")] | None = None
    """Service and user in the system's keyring, as "service/user"."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.env is None) == (self.keyring is None):
            message = 'give either { env = "NAME" } or { keyring = "service/user" }'
            raise ValueError(message)
        return self


def _text_or_secret(value: object) -> str:
    return "secret" if isinstance(value, dict) else "text"


class TenantTable(Table):
    """Who bills."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    """Short name: small letters, digits, - and _. Part of every document's key: never change it."""
    name: Text
    """Name, as people know it."""
    time_zone: Annotated[str, AfterValidator(_known_time_zone)]
    """IANA time zone in which days are counted, such as "Europe/Berlin"."""
    language: Literal["de", "en"] = "de"
    """Language of messages and reports."""


class StoreTable(Table):
    """Where Honorar keeps what it read and billed."""

    url: Annotated[
        Annotated[Text, AfterValidator(_without_password), Tag("text")] | Annotated[Secret, Tag("secret")],
        Discriminator(_text_or_secret),
    ] = DEFAULT_STORE
    """SQLAlchemy URL; a relative SQLite path starts at the tenant's folder. With a password: { env = "NAME" }."""


class SellerTable(Table):
    """The seller, as on the invoice."""

    name: Text
    """Name with legal form."""
    street: str = ""
    """Street and number."""
    postal_code: str = ""
    """Postal code, as text."""
    city: str = ""
    """City."""
    country: Country
    """Country: ISO code such as "DE"."""
    vat_id: Annotated[str, Field(pattern=r"^([A-Z]{2}[A-Z0-9+*]{2,13})?$")] = ""
    """VAT id with its country prefix, without blanks."""
    tax_number: str = ""
    """Number at the tax office."""
    small_business: bool = False
    """Whether no VAT is charged under § 19 UStG."""
    email: str = ""
    """Address for questions about invoices."""

    def party(self, tenant: str) -> Party:
        """Return the seller as a value of the core; its id is the tenant's."""
        return Party(
            id=tenant,
            name=self.name,
            address=Address(self.street, self.postal_code, self.city, self.country),
            vat_id=self.vat_id,
            email=self.email,
            tax_number=self.tax_number,
            small_business=self.small_business,
        )


class DefaultsTable(Table):
    """What holds where an agreement or a customer says nothing else."""

    payment_days: Annotated[int, Field(ge=0, le=365)]
    """Days from the invoice date to the due date."""
    approval: Literal["auto", "manual"]
    """Whether drafts are approved by a person ("manual") or by the run itself ("auto")."""
    number_format: Annotated[Text, AfterValidator(_good_number_format)]
    """Document numbers, such as "RE-{year}-{number:04}": one series per year where {year} is in it."""
    number_start: Annotated[int, Field(ge=1)] = 1
    """First number of each series."""
    on_bad_rows: Literal["stop", "skip"] = "stop"
    """Whether bad records of a source stop its pull, or are reported and left out."""
    reread_days: Annotated[int, Field(ge=1, le=3660)] = 62
    """Days before today for which time entries are read again, to find edits and deletions; never fewer than the
    longest period of an agreement about time has."""

    @property
    def numbers(self) -> NumberFormat:
        """Return the format of document numbers."""
        return NumberFormat.parse(self.number_format, self.number_start)


class AdapterTable(Table, extra="allow"):
    """A source or sink: its type, and the settings that the adapter of this type asks for."""

    type: Text
    """Name of the adapter."""


class SourceTable(AdapterTable):
    """A source. Later sources are laid over earlier ones."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    """Its name: small letters, digits, - and _. The store keeps its records under it: never change it."""


class ConnectorTables(Table):
    """All of connector.toml."""

    tenant: TenantTable
    store: StoreTable = StoreTable()
    seller: SellerTable
    defaults: DefaultsTable
    source: Annotated[tuple[SourceTable, ...], ListOf, Field(min_length=1)]
    sink: AdapterTable
