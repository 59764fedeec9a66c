"""Numbers, days, shares and durations as people write them: read exactly in a stated notation, or refused.

Nothing is guessed: '1.234' is 1234 in German and 1.234 in English notation, and '1.23' is no German number at all.
Sources use it for whatever a person or a tool wrote as text (domain 1.4, 3.1).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from connector.core.quantity import QUANTITY_DECIMALS, Quantity, Unit, plain, seconds_of_hours, seconds_of_text
from connector.core.share import Share
from connector.core.suggest import did_you_mean

T = TypeVar("T")

MOST_DIGITS = 15
"""Longer numbers are typing errors, and would leave the bounds of `Money`."""

LONGEST_QUOTE = 60
"""So many characters of a refused text are quoted."""

_DIGIT = re.compile("[0-9]")
_ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_DOTTED_DAY = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})")


class NotationError(ValueError):
    """A text that does not say what was asked for; `message` quotes it, `hint` tells how to write it."""

    def __init__(self, text: str, fault: str, hint: str) -> None:
        """Keep message and hint apart so that a Problem can carry them."""
        self.message = f"{fault}: {text[:LONGEST_QUOTE]!r}"
        self.hint = hint
        super().__init__(f"{self.message}; {hint}")


@dataclass(frozen=True, slots=True)
class Notation:
    """One way to write numbers and days; GERMAN and ENGLISH are the two there are."""

    decimal_mark: str
    thousands_mark: str
    day_forms: tuple[re.Pattern[str], ...]
    day_example: str

    def number(self, text: str) -> Decimal:
        """Return '1.234,5' (German) or '1,234.5' (English) as 1234.5; thousands marks only where they belong.

        Raises NotationError for anything else: another mark, a marked group that is not of three digits or begins
        with 0 ('0.125' in German), a currency sign, an exponent.
        """
        plain = text.strip().replace("−", "-")
        if not _numeral(self.decimal_mark, self.thousands_mark).fullmatch(plain):
            hint = f"write 1234{self.decimal_mark}5 or 1{self.thousands_mark}234{self.decimal_mark}5"
            raise NotationError(text, "not a number", hint)
        if len(_DIGIT.findall(plain)) > MOST_DIGITS:
            raise NotationError(text, "too long a number", f"at most {MOST_DIGITS} digits")
        return Decimal(plain.replace(self.thousands_mark, "").replace(self.decimal_mark, "."))

    def day(self, text: str) -> date:
        """Return '2026-01-31', in German notation also '31.01.2026'; NotationError for anything else."""
        for form in self.day_forms:
            if match := form.fullmatch(text.strip()):
                try:
                    return date(int(match["year"]), int(match["month"]), int(match["day"]))
                except ValueError:
                    raise NotationError(text, "no such day", "check day and month") from None
        raise NotationError(text, "not a day", f"write {self.day_example}")

    def percent(self, text: str) -> Fraction:
        """Return '10 %' as 1/10.

        Raises NotationError for a bare number, which could be 10 % or ten times the whole, and for a thousands mark:
        whoever writes '33.333 %' does not mean more than three hundred times the whole.
        """
        number, sign, rest = text.partition("%")
        if not sign or rest.strip() or self.thousands_mark in number:
            raise NotationError(text, "not a percentage", f"write 10 % or 33{self.decimal_mark}5 %")
        return Fraction(self.number(number)) / 100

    def share(self, text: str) -> Share:
        """Return the share of '33 %', '1 of 3', '1 von 3' or '1/3', with its written form (domain 3.1).

        Raises NotationError for a bare number, a share below zero, or a percentage in another notation.
        """
        written = text.strip()
        try:
            share = Share(self.percent(written), written) if "%" in written else Share.parse(written)
        except NotationError as error:
            raise NotationError(text, "not a share", error.hint) from None
        except ValueError:
            raise NotationError(text, "not a share", "write 33 % or 1 of 3") from None
        if share.value < 0:
            raise NotationError(text, "a share below zero", "write how much is done, from 0 %")
        return share

    def seconds(self, text: str) -> int:
        """Return whole seconds of '1,5' or '1,5 h' (hours), '1:30', '01:30:00' or 'PT1H30M' (domain 1.4).

        Raises NotationError for an empty or any other text: a duration is never guessed.
        """
        plain = text.strip().removesuffix("h").rstrip()
        try:
            if ":" in plain or "P" in plain:
                return seconds_of_text(plain)
            return seconds_of_hours(self.number(plain))
        except ValueError:
            hint = f"write hours as 1{self.decimal_mark}5 or 1:30 or PT1H30M"
            raise NotationError(text, "not a duration", hint) from None


@functools.cache
def _numeral(decimal_mark: str, thousands_mark: str) -> re.Pattern[str]:
    decimal, thousands = re.escape(decimal_mark), re.escape(thousands_mark)
    return re.compile(rf"-?(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{thousands}[0-9]{{3}})+)(?:{decimal}[0-9]+)?")


GERMAN = Notation(",", ".", (_ISO_DAY, _DOTTED_DAY), "2026-01-31 or 31.01.2026")
ENGLISH = Notation(".", ",", (_ISO_DAY,), "2026-01-31")


def one_of(words: Mapping[str, T], text: str) -> T:
    """Return what the word stands for, whatever its case; NotationError with the nearest word otherwise."""
    if text in words:
        return words[text]
    known = {word.casefold(): meaning for word, meaning in words.items()}
    try:
        return known[text.strip().casefold()]
    except KeyError:
        raise NotationError(text, "unknown", did_you_mean(text.strip(), words)) from None


def counted(value: Decimal, unit: Unit) -> Quantity:
    """Return so many of the unit; NotationError for more decimals than an invoice line prints (domain 3.6)."""
    units = value.scaleb(QUANTITY_DECIMALS)
    if units != int(units):
        raise NotationError(str(value), "too fine a quantity", f"at most {QUANTITY_DECIMALS} decimals")
    return Quantity(plain(value), unit)
