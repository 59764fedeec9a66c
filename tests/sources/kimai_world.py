"""A small Kimai and its source, for tests of single rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from connector.core.period import Period
from connector.sources.kimai import Kimai, Settings, build
from tests.sources.kimai_agency import TOKEN
from tests.standins import kimai, serving
from tests.standins.kimai import BERLIN
from tests.support.direct import Direct
from tests.support.transports import transport_for

DAY = date(2026, 1, 15)
NINE = datetime.combine(DAY, time(9), BERLIN)
JANUARY = Period.month_of(DAY)


def settings(**more: object) -> Settings:
    """Return the least a tenant writes, and this."""
    return Settings.model_validate({"url": "http://localhost:1", "api_key": TOKEN} | more)


def source(api: kimai.Kimai, **more: object) -> Kimai:
    """Return the source of the stand-in."""
    return build(settings(**more), Direct("kimai", api))


@contextmanager
def served(api: kimai.Kimai, **more: object) -> Iterator[Kimai]:
    """Yield the source of the stand-in over the network, where an answer may be another than 200."""
    with serving(api) as standin:
        yield build(settings(url=standin.url, **more), transport_for("kimai"))
