"""Record the cassettes of the sevDesk sink anew: `python -m tests.sinks.record_sevdesk`.

Every story of tests/sinks/sevdesk_stories.py plays against the stand-in, since no account could be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

from tests.sinks import sevdesk_stories as stories
from tests.sinks.sevdesk_world import NIGHT
from tests.standins import serving
from tests.standins import sevdesk as standin_of_sevdesk
from tests.support.cassettes import Recording, recorded


def record(url: str, chosen: Mapping[str, Callable[[str], object]]) -> None:
    """Let the stories play against the server, each into its cassette."""
    origin = "the stand-in tests/standins/sevdesk.py by tests/sinks/record_sevdesk.py"
    for name, story in chosen.items():
        with recorded("sevdesk", name, Recording(origin, url, stories.TOLD_URL)):
            story(url)


def main() -> None:
    """Record all."""
    api = standin_of_sevdesk.api(now=lambda: NIGHT)
    with serving(api) as standin:
        record(standin.url, stories.BEFORE)
        api.now = lambda: NIGHT + timedelta(days=28)
        api.pay("135580001", Decimal("1000.00"), api.now())
        api.remind("135580001")
        record(standin.url, stories.AFTER)


if __name__ == "__main__":
    main()
