"""Progress as an exact fraction that keeps its written form (domain 3.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from connector.core.money import Exact, exact

_PERCENT = re.compile(r"(?P<number>-?\d+(?:[.,]\d+)?)\s*%")
_OUT_OF = re.compile(r"(?P<part>\d+)\s*(?:of|von|/)\s*(?P<whole>\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: 1/3 written '1 of 3', 33/100 written '33 %'. Equal by value."""

    value: Fraction
    written: str = field(compare=False)

    def __post_init__(self) -> None:
        """Refuse anything but a Fraction, floats above all."""
        if not isinstance(self.value, Fraction):
            message = f"a share is a Fraction, not {type(self.value).__name__}: {self.value!r}"
            raise TypeError(message)

    @classmethod
    def parse(cls, text: str) -> Share:
        """Return the share of '33 %', '33,5 %', '1 of 3', '1 von 3' or '1/3'.

        Raises ValueError for anything else; a bare number is refused because 1 could be 1 % or all of it.
        """
        text = text.strip()
        if match := _PERCENT.fullmatch(text):
            return cls(Fraction(Decimal(match["number"].replace(",", "."))) / 100, text)
        if (match := _OUT_OF.fullmatch(text)) and int(match["whole"]):
            return cls(Fraction(int(match["part"]), int(match["whole"])), text)
        message = f"not a share: {text!r}; write '33 %' or '1 of 3'"
        raise ValueError(message)

    @classmethod
    def of(cls, part: Exact, whole: Exact, written: str) -> Share:
        """Return part ÷ whole, exactly; ZeroDivisionError for an empty whole, TypeError for a float."""
        return cls(exact(part) / exact(whole), written)


NOTHING = Share(Fraction(0), "0 %")
WHOLE = Share(Fraction(1), "100 %")
