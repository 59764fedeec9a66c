"""How a cell is read: a type each, which gives the value or refuses the text with a hint (NotationError).

Cells are read in the notation of the settings, which is handed over as pydantic's context.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo

from connector.core.money import MINOR_DIGITS
from connector.core.notation import Notation, NotationError, one_of
from connector.core.offer import PRICE_DECIMALS, OfferState, ProjectBilling
from connector.core.quantity import SECONDS_PER_HOUR, Unit
from connector.core.share import Share

LONGEST_ENTRY_SECONDS = 24 * SECONDS_PER_HOUR
"""One entry lies within one day: '90' was meant as minutes and would else be 90 hours."""

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_COUNTRY = re.compile("[A-Z]{2}")

UNITS = {
    "hour": Unit.HOUR, "day": Unit.DAY, "month": Unit.MONTH, "piece": Unit.PIECE, "flat": Unit.FLAT,
    "Stunde": Unit.HOUR, "Tag": Unit.DAY, "Monat": Unit.MONTH, "Stück": Unit.PIECE, "pauschal": Unit.FLAT,
}  # fmt: skip
STATES = {
    "draft": OfferState.DRAFT, "sent": OfferState.SENT, "accepted": OfferState.ACCEPTED, "lost": OfferState.LOST,
    "Entwurf": OfferState.DRAFT, "versendet": OfferState.SENT, "angenommen": OfferState.ACCEPTED,
    "abgelehnt": OfferState.LOST,
}  # fmt: skip
TRUTH = {"yes": True, "no": False, "ja": True, "nein": False, "true": True, "false": False}
BILLINGS = {billing.value: billing for billing in ProjectBilling}
CURRENCIES = {currency: currency for currency in MINOR_DIGITS}
LANGUAGES = {"de": "de", "en": "en"}
KINDS = {"position": True, "accepted option": True, "option": False, "heading": False, "page break": False}
"""What a row of an offer is, and whether it is billed (domain 2)."""


def _text(value: str) -> str:
    if match := _UNREADABLE.search(value):
        fault = f"character {match[0]!a} cannot be read"
        raise NotationError(value, fault, "save the file in the encoding of the settings (UTF-8 if none is stated)")
    return value


def _id_within(value: str) -> str:
    if "/" in value:
        raise NotationError(value, "the sign / parts offer and position", "leave it out of the position's id")
    return _text(value)


def _position_key(value: str) -> str:
    if "/" not in value:
        raise NotationError(value, "not a position of an offer", "write offer/position, such as A-2026-001/1")
    return _text(value)


def _country(value: str) -> str:
    if not _COUNTRY.fullmatch(value):
        raise NotationError(value, "not a country code", "write two capitals, such as DE (ISO 3166-1)")
    return value


def _by_notation(read: Callable[[Notation, str], object]) -> PlainValidator:
    """Return the validator that reads a cell with the notation of the settings."""

    def validate(value: str, info: ValidationInfo) -> object:
        return read(info.context, value)  # type: ignore[arg-type]  # the adapter always hands the notation over

    return PlainValidator(validate)


def _price(notation: Notation, text: str) -> Decimal:
    price = notation.number(text)
    if -int(price.as_tuple().exponent) > PRICE_DECIMALS:
        raise NotationError(text, "too fine a price", f"at most {PRICE_DECIMALS} decimals")
    return price


def _not_negative(notation: Notation, text: str) -> Decimal:
    number = notation.number(text)
    if number < 0:
        raise NotationError(text, "less than nothing", "write a number from 0")
    return number


def _whole_number(notation: Notation, text: str) -> int:
    number = _not_negative(notation, text)
    if number != int(number):
        raise NotationError(text, "not a whole number", "write it without decimals")
    return int(number)


def _discount(notation: Notation, text: str) -> Fraction:
    discount = notation.percent(text)
    if not 0 <= discount <= 1:
        raise NotationError(text, "not a discount", "write 0 % to 100 %")
    return discount


def _planned(notation: Notation, text: str) -> int:
    seconds = notation.seconds(text)
    if seconds < 0:
        raise NotationError(text, "less than nothing", "write the hours planned")
    return seconds


def _worked(notation: Notation, text: str) -> int:
    seconds = notation.seconds(text)
    if not 0 <= seconds <= LONGEST_ENTRY_SECONDS:
        raise NotationError(text, "not the time of one day", "0 to 24 hours; write 90 minutes as 1:30")
    return seconds


Text = Annotated[str, PlainValidator(_text)]
IdWithin = Annotated[str, PlainValidator(_id_within)]
PositionKey = Annotated[str, PlainValidator(_position_key)]
Country = Annotated[str, PlainValidator(_country)]
Currency = Annotated[str, PlainValidator(partial(one_of, CURRENCIES))]
Language = Annotated[str, PlainValidator(partial(one_of, LANGUAGES))]
Truth = Annotated[bool, PlainValidator(partial(one_of, TRUTH))]
Day = Annotated[date, _by_notation(Notation.day)]
Number = Annotated[Decimal, _by_notation(Notation.number)]
UnitsDone = Annotated[Decimal, _by_notation(_not_negative)]
Price = Annotated[Decimal, _by_notation(_price)]
WholeNumber = Annotated[int, _by_notation(_whole_number)]
Discount = Annotated[Fraction, _by_notation(_discount)]
Done = Annotated[Share, _by_notation(Notation.share)]
Planned = Annotated[int, _by_notation(_planned)]
Worked = Annotated[int, _by_notation(_worked)]
Billed = Annotated[bool, PlainValidator(partial(one_of, KINDS))]
Billing = Annotated[ProjectBilling, PlainValidator(partial(one_of, BILLINGS))]
State = Annotated[OfferState, PlainValidator(partial(one_of, STATES))]
UnitWord = Annotated[Unit, PlainValidator(partial(one_of, UNITS))]
