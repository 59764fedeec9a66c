"""The Lexware sink as a new process would build it, at an address; and a document it takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from connector.core.booking import Booking
from connector.http import Patience, Transport
from connector.sinks.lexware import Lexware, Settings
from connector.sinks.lexware import build as build_sink
from tests.core.builders import booking, invoice, line
from tests.sinks.lexware.world import settings_for
from tests.support.transports import BERLIN, MemoryInbox, NoLimit, no_wait


def build(url: str, **wishes: Any) -> Lexware:  # noqa: ANN401 - any setting
    """Return the sink of a new process: it neither waits nor remembers."""
    patience = Patience(attempts=2, sleep=no_wait)
    transport = Transport("lexware", Path(), MemoryInbox(), time_zone=BERLIN, patience=patience, slots=NoLimit())
    return build_sink(Settings.model_validate(settings_for(url) | wishes), transport)


def document(**changes: Any) -> Booking:  # noqa: ANN401 - any field of an invoice
    """Return the booking of an invoice over one line."""
    return booking(replace(invoice(line()), **changes))
