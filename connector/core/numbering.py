"""How document numbers look, and which of them form one gap-free series (domain 7.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

LONGEST_NUMBER = 36
"""Characters of a document number; DATEV's field Belegfeld 1 takes no more."""

_PARTS = re.compile(r"(?P<year>\{year\})|\{number(?::0(?P<width>[1-9]))?\}|(?P<other>.)", re.DOTALL)
_LITERAL = re.compile(r"[A-Za-z0-9$&%*+\-/]")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A template such as 'RE-{year}-{number:04}' and the first number of each series.

    Built by `parse`, which checks the template.
    """

    template: str
    start: int = 1

    @classmethod
    def parse(cls, template: str, start: int = 1) -> NumberFormat:
        """Return the format; ValueError where numbers made from it would not be unique or not be accepted.

        Only letters, digits and $&%*+-/ may stand beside {year} and {number}: what DATEV takes as a document number
        both in its files and in its XML.
        """
        numbers = years = 0
        for part in _PARTS.finditer(template):
            if part["other"] is None:
                years += part["year"] is not None
                numbers += part["year"] is None
            elif not _LITERAL.fullmatch(part["other"]):
                message = f"{part['other']!r} is not allowed: use A-Z a-z 0-9 $ & % * + - / and {{year}}, {{number:04}}"
                raise ValueError(message)
        if numbers != 1 or years > 1:
            message = "a number format has {number} or {number:04} exactly once, and {year} at most once"
            raise ValueError(message)
        number_format = cls(template, start)
        if len(number_format.render(date.max, 10**9)) > LONGEST_NUMBER:
            message = f"document numbers would be longer than {LONGEST_NUMBER} characters"
            raise ValueError(message)
        return number_format

    def series(self, on: date) -> str:
        """Return the name of the series a document of that day belongs to: its year, or '' where one series goes on."""
        return f"{on.year:04}" if "{year}" in self.template else ""

    def render(self, on: date, number: int) -> str:
        """Return the document number, such as 'RE-2026-0007'."""

        def value(part: re.Match[str]) -> str:
            if part["other"] is not None:
                return part["other"]
            return f"{on.year:04}" if part["year"] else str(number).zfill(int(part["width"] or 1))

        return _PARTS.sub(value, self.template)


WORKING_NUMBERS = NumberFormat("E_{number:04}")
"""What documents are called until the sink has issued their numbers, where it does (domain 7.6).

The _ is what no number format of our own may have, so that neither is taken for the other.
"""


def is_working(number: str) -> bool:
    """Tell whether the document still waits for its number."""
    return number.startswith("E_")
