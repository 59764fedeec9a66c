"""Types of fields in configuration files: exact numbers as text, countries, texts with places to fill in."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

_EXACT = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?", re.ASCII)

TEXT_PLACES = ("number", "customer", "agreement", "period")
"""What a booking text may name in braces: document number, customer's name, agreement's id, service period."""


class Table(BaseModel):
    """A table of a configuration file: unknown keys, and values of a near type, are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def exact_number(value: object) -> Decimal:
    """Return the exact number of '19', '1.5' or the whole number 19; ValueError for anything else, floats above all."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _EXACT.fullmatch(value):
        return Decimal(value)
    message = 'write the number as text with a point, such as "19" or "1.5"'
    raise ValueError(message)


def _text_template(text: str) -> str:
    check_places(text, TEXT_PLACES)
    return text


def check_places(text: str, allowed: Collection[str]) -> None:
    """Return if the text names only allowed places in braces; ValueError otherwise."""
    places = ", ".join(f"{{{name}}}" for name in allowed)
    for _, name, spec, conversion in Formatter().parse(text):
        if name is not None and (name not in allowed or spec or conversion):
            message = f"{{{name}}} is not known here; a text may use {places}"
            raise ValueError(message)


Exact = Annotated[
    Decimal,
    BeforeValidator(exact_number),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": rf"^{_EXACT.pattern}$"}, {"type": "integer"}]}),
]
"""A number without rounding: text with a decimal point, or a whole number. At most six decimals."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""A text that says something."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""An ISO 3166-1 alpha-2 code, such as 'DE' or 'NO'."""

Account = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9.]{0,10}[A-Za-z0-9])?$")]
"""An account number or tax key: text, because leading zeros count; some charts put points between its parts."""

TextTemplate = Annotated[str, AfterValidator(_text_template), Field(min_length=1)]
"""A text with {number}, {customer}, {agreement} and {period} filled in."""

ListOf = Field(strict=False)
"""TOML has lists where values of the core have tuples; what is in them stays strict."""

Named = Field(strict=False)
"""TOML has words where values of the core have members of an enumeration."""
