"""Record the cassettes of the Tryton sink anew: `python -m tests.e2e.record_tryton_sink` (docs/sinks/tryton.md).

Starts a real Tryton, and lets every story of tests/sinks/tryton/stories.py play against it, with what a bookkeeper does
between them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.e2e import tryton_books as books
from tests.e2e.tryton_server import TrytonServer, tryton_server
from tests.sinks.tryton import stories
from tests.sinks.tryton_world import DATABASE
from tests.support.cassettes import Recording, recorded


def record(tryton: TrytonServer, chosen: Mapping[str, Callable[[stories.Server], object]]) -> None:
    """Let the stories play against the server, each into its cassette."""
    told_url = f"{stories.TOLD_URL}/{DATABASE}"
    origin = f"a real Tryton {tryton.version} by tests/e2e/record_tryton_sink.py"
    recording = Recording(origin, f"{tryton.url}/{tryton.database}", told_url)
    for name, story in chosen.items():
        with recorded("tryton_sink", name, recording):
            story(stories.Server(tryton.url, tryton.database, tryton.key))


def main() -> None:
    """Record all."""
    with tempfile.TemporaryDirectory() as folder, tryton_server(Path(folder)) as tryton:
        record(tryton, stories.BEFORE)
        [draft] = tryton.find(books.INVOICE, ["state", "=", "draft"])
        tryton.change(books.INVOICE, draft, invoice_date=date(2026, 11, 3))
        record(tryton, stories.BETWEEN)
        first, half = (tryton.only(books.INVOICE, ["number", "=", number]) for number in ("1", "2"))
        books.dun_by(tryton, tryton.read(books.INVOICE, first, "party")["party"])
        books.pay(tryton, first, Decimal(200), date(2026, 11, 20))
        books.pay(tryton, half, stories.HALF.invoice.gross.amount, date(2026, 11, 21))
        for day in (date(2026, 11, 20), date(2026, 12, 1)):
            books.dun(tryton, day)
        record(tryton, stories.AFTER)


if __name__ == "__main__":
    main()
