"""How payments come back from DATEV where no log-in at the data centre is needed: OPOS lists, DATEVconnect."""

from __future__ import annotations

from connector.core.errors import ConfigError
from connector.core.ports import StatusSource
from connector.datev.datevconnect import DatevConnect
from connector.datev.opos import OposLists
from connector.datev.settings import Settings
from connector.http import Transport


def payment_source(settings: Settings, transport: Transport) -> StatusSource | None:
    """Return the reader that the settings ask for, None for none; ConfigError for one that only another sink has."""
    match settings.payments:
        case "opos":
            return OposLists(settings, transport)
        case "datevconnect":
            return DatevConnect(settings, transport)
        case "none":
            return None
    message = f'payments = "{settings.payments}" needs a log-in at DATEV, which this sink has not'
    raise ConfigError(message, place=transport.name, hint='use the sink "datev_online", or another way')
