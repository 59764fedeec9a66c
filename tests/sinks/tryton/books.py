"""What tests of the Tryton sink do with the stand-in: a new process each time, at night."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from connector.core.booking import Booking
from connector.sinks.tryton import Tryton
from tests.sinks.tryton_world import (
    KEY,
    build,
    document,
)
from tests.standins import Asked, Said, Standin

NIGHT = datetime(2026, 2, 1, 2, tzinfo=UTC)


def sink(there: Standin, **wishes: Any) -> Tryton:  # noqa: ANN401 - any setting
    """Return the sink of a new process."""
    return build(there.url, **wishes)


class Bent:
    """Answers requests to some addresses otherwise than Tryton does."""

    def __init__(self, api: Any, ends: str, said: Said) -> None:  # noqa: ANN401 - the stand-in
        self._api, self._ends, self._said = api, ends, said

    def answer(self, asked: Asked) -> Said:
        """Return the answer."""
        return self._said if asked.path.endswith(self._ends) else self._api.answer(asked)


def delivered(there: Standin, count: int) -> list[Booking]:
    """Deliver so many documents; return them. The first has the usual key."""
    made = [document(key=KEY if number == 1 else f"{number:032x}") for number in range(1, count + 1)]
    built = sink(there)
    for each in made:
        built.deliver(each)
    return made
