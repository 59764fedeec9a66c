"""What the steps of a run say in the log: what was done, and what held a document back."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from connector.core.problems import Problem

_log = logging.getLogger(__name__)


def done(message: str, *values: object) -> None:
    """Log what was done."""
    _log.info(message, *values)


def noticed(problems: Iterable[Problem]) -> None:
    """Log every problem: a warning where it holds something back, else for information."""
    for problem in problems:
        level = logging.WARNING if problem.holds else logging.INFO
        _log.log(level, "[%s] %s: %s (%s)", problem.code, problem.place, problem.message, problem.hint)
