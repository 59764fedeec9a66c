"""What a call is made of, and what comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Headers = Mapping[str, str]
Params = Mapping[str, str | int | Sequence[str]]
"""What is asked, by name; several values of a name go out one after the other."""

NOTHING: Mapping[str, Any] = MappingProxyType({})

Refusal = Callable[[Any], str]
"""Returns the other side's own words out of the JSON of a refused answer, '' if there are none."""

SpeaksOfRate = Callable[[int, bytes], bool]
"""Tells from status and body of a refused answer whether the vendor means "too many requests"."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a call is tried; `sleep` is replaced in tests so that nothing waits."""

    attempts: int = 5
    total_seconds: int = 120
    first_wait_seconds: int = 1
    longest_wait_seconds: int = 30
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Call:
    """One call, whole: `place` is how messages name it."""

    method: str
    url: str
    params: Params
    headers: Headers
    body: bytes | None
    refusal: Refusal | None
    place: str


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: its JSON (numbers with decimals as Decimal), and its headers, looked up without regard to case."""

    json: Any
    headers: Mapping[str, str]
