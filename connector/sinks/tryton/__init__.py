"""Tryton: customer invoices over its REST interface, as version 8.2 has it. See docs/sinks/tryton.md.

Facts: what a running Tryton 8.2 answered.
"""

from __future__ import annotations

from connector.http import Transport
from connector.sinks.tryton.calls import Calls
from connector.sinks.tryton.settings import Settings
from connector.sinks.tryton.sink import Tryton

__all__ = ["Settings", "Tryton", "build"]


def build(settings: Settings, transport: Transport) -> Tryton:
    """Return the sink for these settings; nothing is called yet."""
    return Tryton(settings, Calls.of(settings, transport))
