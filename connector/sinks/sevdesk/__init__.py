"""sevDesk: invoices and cancellation invoices over its API, v1. See docs/sinks/sevdesk.md.

Facts: the vendor's API description of July 2025, and what others measured on live accounts (sevdesk-rs, 2026).
"""

from __future__ import annotations

from connector.http import Transport
from connector.sinks.sevdesk.calls import Calls
from connector.sinks.sevdesk.settings import Settings
from connector.sinks.sevdesk.sink import Sevdesk

__all__ = ["Settings", "Sevdesk", "build"]


def build(settings: Settings, transport: Transport) -> Sevdesk:
    """Return the sink for these settings; nothing is called yet."""
    return Sevdesk(settings, Calls(settings, transport), transport.time_zone)
