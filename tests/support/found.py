"""What a reader yielded: its values, or its problems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from connector.core.problems import Problem

T = TypeVar("T")


def good(found: Iterable[T | Problem]) -> list[T]:
    """Return the values; a problem fails the test."""
    values = list(found)
    assert problems(values) == []
    return [value for value in values if not isinstance(value, Problem)]


def problems(found: Iterable[object]) -> list[Problem]:
    """Return the problems alone."""
    return [value for value in found if isinstance(value, Problem)]
