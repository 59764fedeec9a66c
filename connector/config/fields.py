"""Types of fields in agreements.toml beside those of the mapping: spans of time, months, parts of an allowance."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator, StringConstraints, WithJsonSchema

from connector.core.term_end import Span, SpanUnit
from connector.mapping.fields import Exact, ListOf, exact_number

_SPAN = re.compile(r"([1-9][0-9]{0,2}) (day|week|month|year)s?")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_PERCENT = re.compile(r"(-?[0-9]{1,6}(?:\.[0-9]{1,6})?) ?%")


def _span(value: object) -> Span:
    if isinstance(value, str) and (match := _SPAN.fullmatch(value)):
        return Span(int(match[1]), SpanUnit(f"{match[2]}s"))
    message = 'write a number and days, weeks, months or years, such as "3 months"'
    raise ValueError(message)


def _month(value: object) -> date:
    if isinstance(value, str) and (match := _MONTH.fullmatch(value)) and int(match[1]):
        return date(int(match[1]), int(match[2]), 1)
    message = 'write the month as text, such as "2026-01"'
    raise ValueError(message)


def _cap(value: object) -> Decimal | Fraction:
    percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    cap = exact_number(value) if percent is None else Fraction(percent[1]) / 100
    if cap < 0:
        message = "a cap below zero; write 0 or more, or leave rollover out"
        raise ValueError(message)
    return cap


def _pair(value: object) -> object:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 -- a pair
        message = 'write a month and its value, such as ["2026-01", "121.4"]'
        raise ValueError(message)
    return value


SpanText = Annotated[Span, PlainValidator(_span), WithJsonSchema({"type": "string", "pattern": f"^{_SPAN.pattern}$"})]
"""A span of time: "12 months"."""

Month = Annotated[date, PlainValidator(_month), WithJsonSchema({"type": "string", "pattern": f"^{_MONTH.pattern}$"})]
"""A month as its first day: "2026-01"."""

Cap = Annotated[
    Decimal | Fraction,
    PlainValidator(_cap),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,6})?( ?%)?$"},
                {"type": "integer", "minimum": 0},
            ]
        }
    ),
]
"""So many hours, units or an amount ("10"), or a part of the allowance ("100 %", as a Fraction)."""

PartId = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, pattern=r"^[^/]+$")]
"""The name of a part of an agreement, without "/", which parts keys: overage/hours/2 is a tier."""

NotNegative = Annotated[Exact, Field(ge=0)]
"""A number from 0."""

Positive = Annotated[Exact, Field(gt=0)]
"""A number above 0."""

IndexValue = Annotated[tuple[Month, Positive], ListOf, BeforeValidator(_pair)]
"""A month and the index in it: ["2026-01", "121.4"]."""
