"""Lexware Office (formerly lexoffice): invoices and credit notes over its API, v1. See docs/sinks/lexware.md.

Facts: the vendor's documentation up to August 2025, and what others measured on live accounts.
"""

from __future__ import annotations

from connector.http import Transport
from connector.sinks.lexware.calls import Calls
from connector.sinks.lexware.settings import Settings
from connector.sinks.lexware.sink import Lexware

__all__ = ["Lexware", "Settings", "build"]


def build(settings: Settings, transport: Transport) -> Lexware:
    """Return the sink for these settings; nothing is called yet."""
    return Lexware(settings, Calls(settings, transport), transport.time_zone)
