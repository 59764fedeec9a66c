"""A dunning procedure of three levels, and an open item for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from connector.core.dunning import Level, Procedure
from connector.core.receivables import OpenItem
from tests.core.builders import eur

DUE = date(2026, 2, 14)

NAMES = ("Zahlungserinnerung", "1. Mahnung", "2. Mahnung")


def level(number: int = 1, **changes: Any) -> Level:  # noqa: ANN401 - any field
    """Return a level 7, 21 or 35 days after the due date, without a fee."""
    names = {"de": NAMES[number - 1], "en": f"Reminder {number}"}
    texts = {"de": "Bitte zahlen Sie {total} für {number}.", "en": "Please pay {total} for {number}."}
    plain = Level(number, 14 * number - 7, 7, eur(0), interest=False, lump_sum=False, names=names, texts=texts)
    return replace(plain, **changes)


def procedure(*levels: Level, agreed: bool = True, **changes: Any) -> Procedure:  # noqa: ANN401 - any field
    """Return a procedure of three levels, or of those given, with agreed due dates."""
    return Procedure(levels or tuple(level(number) for number in (1, 2, 3)), agreed=agreed, **changes)


def item(**changes: Any) -> OpenItem:  # noqa: ANN401 - any field
    """Return a document over 9,916.66 of 31 January, due on 14 February 2026."""
    gross = eur("9916.66")
    plain = OpenItem("k-1", "RE0001", "K1", date(2026, 1, 31), DUE, gross, gross, agreement="website")
    return replace(plain, **changes)
