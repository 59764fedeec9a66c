"""DATEV online: the hand-over to the tax adviser over DATEV's data centre. See docs/sinks/datev_online.md.

Facts: DATEV's OpenAPI documents (accounting:extf-files 3.0.1, accounting:documents 2.1, accounting:dxso-jobs 2.1,
Accounting Data Exchange 1.5, DATEVconnect Accounting 1.7), and its developer portal on log-ins.
"""

from __future__ import annotations

from datetime import UTC, datetime

from connector.datev.payments import payment_source
from connector.http import Transport
from connector.sinks.datev_online.calls import Calls
from connector.sinks.datev_online.exchange import Exchange
from connector.sinks.datev_online.login import Tokens
from connector.sinks.datev_online.settings import Settings
from connector.sinks.datev_online.sink import NAME, DatevOnline, SettlingDatevOnline
from connector.vault import FernetSeal, KeyringSeal, Vault

__all__ = ["DatevOnline", "Settings", "build"]


def build(settings: Settings, transport: Transport) -> DatevOnline:
    """Return the sink for these settings; nothing is called or opened yet."""
    path = transport.folder / settings.login_file
    keyring = KeyringSeal("honorar", f"{NAME} {path.absolute()}")
    seal = FernetSeal(settings.login_key) if settings.login_key else keyring
    tokens = Tokens(settings, transport, Vault(path, seal), _utc_now)
    calls, folder = Calls(settings, transport, tokens), transport.folder / settings.directory
    payments = Exchange(calls) if settings.payments == "exchange" else payment_source(settings, transport)
    if payments:
        return SettlingDatevOnline(settings, folder, calls, tokens, _utc_now, payments)
    return DatevOnline(settings, folder, calls, tokens, _utc_now)


def _utc_now() -> datetime:
    return datetime.now(UTC)
