"""What a tenant says of its Tryton: the sink's settings in connector.toml."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from connector.core.quantity import Unit

Treatment = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,12}( [0-9]+(\.[0-9]+)?)?$")]
"""A VAT category with its rate, "S 19", a category without one, "AE", or a tax key of mapping.toml."""

SYMBOLS = {Unit.HOUR: "h", Unit.DAY: "d", Unit.PIECE: "u"}
"""What Tryton brings along."""


class Settings(BaseModel):
    """The company in Tryton, and what documents there refer to."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    url: Annotated[str, Field(pattern=r"^https?://[^/?#]+/[^/?#]+$")]
    """Address of the server with the database: "https://tryton.example.org/agency"."""
    api_key: SecretStr
    """Key of a user application for REST, validated in Tryton; in connector.toml as { env = "TRYTON_KEY" } or
    { keyring = "service/user" }."""
    taxes: Annotated[dict[Treatment, str], Field(min_length=1)]
    """Names of the taxes in Tryton, by VAT category and rate: { "S 19" = "USt 19 %", AE = "" }; "" is for lines without
    a tax. A tax key of mapping.toml may stand there too; it comes before category and rate."""
    company: str = ""
    """Name of the company in Tryton; may be left out where the key's user has one only."""
    journal: str = ""
    """Code of the revenue journal; may be left out where there is one only."""
    receivable: str = ""
    """Code of the account of receivables; left out, it is the customer's own or the default in Tryton."""
    units: dict[Unit, str] = Field(default_factory=lambda: dict(SYMBOLS))
    """Symbols of the units in Tryton; what has none goes without a unit."""
    web_url: Annotated[str, Field(pattern=r"^(https?://[^?#]+)?$")] = ""
    """Address of the web client, where it is not that of the server: links to documents begin with it."""
