"""Faults of data as values: collected, shown with place and hint, never thrown (domain, preamble)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a problem does to the one document it touches."""

    HOLD = "hold"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of data: it holds back one document (or only informs) and never touches the others.

    `code` is a stable name in CamelCase, `place` says where (file:line, record, or agreement and position),
    `hint` what to do about it. `agreement` is the id of the agreement whose document is held, '' if none is.
    """

    code: str
    message: str
    place: str
    hint: str
    severity: Severity = Severity.HOLD
    agreement: str = ""

    @property
    def holds(self) -> bool:
        """Tell whether the document it touches is held back."""
        return self.severity is Severity.HOLD
