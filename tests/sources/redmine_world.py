"""A source that reads a small Redmine, for tests of single rules."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from connector.sources.redmine import Redmine, Settings, build
from tests.sources.redmine_stories import FIELDS, TOLD_URL
from tests.standins.redmine import KEY, StandIn
from tests.support.direct import Direct
from tests.support.transports import BERLIN


def source(
    standin: StandIn,
    *projects: str,
    key: str = KEY,
    zone: ZoneInfo = BERLIN,
    **settings: Any,  # noqa: ANN401 - settings as a configuration has them
) -> Redmine:
    """Return a source that reads the stand-in, of a tenant in this zone."""
    told = {"url": TOLD_URL, "api_key": key, "projects": projects, **FIELDS, **settings}
    return build(Settings.model_validate(told), Direct("redmine", standin, time_zone=zone))
