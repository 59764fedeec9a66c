"""A small OpenProject and its source, for tests of single rules: no custom field is named unless the test does."""

from __future__ import annotations

from datetime import date

from connector.core.period import Period
from connector.sources.openproject import OpenProject, Settings, build
from tests.sources.openproject_agency import TOKEN
from tests.standins import openproject
from tests.support.direct import Direct

DAY = date(2026, 1, 15)
JANUARY = Period.month_of(DAY)


def settings(**more: object) -> Settings:
    """Return the least a tenant writes, and this."""
    return Settings.model_validate({"url": "http://localhost:1", "api_key": TOKEN} | more)


def source(api: openproject.OpenProject, **more: object) -> OpenProject:
    """Return the source of the stand-in."""
    return build(settings(**more), Direct("openproject", api))
