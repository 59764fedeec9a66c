"""A small OpenProject and its source, for tests of single rules: no custom field is named unless the test does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from connector.core.period import Period
from connector.core.problems import Problem
from connector.sources.openproject import OpenProject, Settings, build
from tests.sources.openproject_agency import TOKEN
from tests.standins import openproject
from tests.support.direct import Direct

T = TypeVar("T")

DAY = date(2026, 1, 15)
JANUARY = Period.month_of(DAY)


def settings(**more: object) -> Settings:
    """Return the least a tenant writes, and this."""
    return Settings.model_validate({"url": "http://localhost:1", "api_key": TOKEN} | more)


def source(api: openproject.OpenProject, **more: object) -> OpenProject:
    """Return the source of the stand-in."""
    return build(settings(**more), Direct("openproject", api))


def problems(found: Iterable[object]) -> list[Problem]:
    """Return the problems alone."""
    return [value for value in found if isinstance(value, Problem)]


def good(found: Iterable[T | Problem]) -> list[T]:
    """Return the values; a problem fails the test."""
    values = list(found)
    assert problems(values) == []
    return [value for value in values if not isinstance(value, Problem)]
