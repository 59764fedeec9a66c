"""DATEV files: the hand-over to the tax adviser as EXTF (header 700), Buchungsstapel and Debitoren/Kreditoren.

Facts: DATEV's format description and sample files; where the file format and DATEV's XML differ in what they allow, the
narrower one counts. See docs/sinks/datev.md.
"""

from __future__ import annotations

from connector.datev.payments import payment_source
from connector.datev.settings import Settings
from connector.http import Transport
from connector.sinks.datev.sink import DatevFiles, SettlingDatevFiles

__all__ = ["DatevFiles", "Settings", "build"]


def build(settings: Settings, transport: Transport) -> DatevFiles:
    """Return the sink that writes into the client's directory, relative to the tenant's folder.

    It reads payments where the settings say how they come back.
    """
    folder, payments = transport.folder / settings.directory, payment_source(settings, transport)
    return SettlingDatevFiles(settings, folder, payments) if payments else DatevFiles(settings, folder)
