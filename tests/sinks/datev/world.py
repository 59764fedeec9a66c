"""The DATEV sink of a client whose payments come back from DATEVconnect, the one thing it calls."""

from __future__ import annotations

from typing import Any

from tests.standins import datevconnect

STANDIN = "datevconnect"
"""What plays all that the sink calls; files are no call."""


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of the stand-in's client, as they stand in connector.toml."""
    books = {"payments": "datevconnect", "datevconnect_url": url, "datevconnect_client": datevconnect.api().client}
    user = {"datevconnect_user": "anna", "datevconnect_password": "open-Sesame-29098"}
    return {"consultant_number": 29098, "client_number": 55003, "chart": "03", "directory": "out", **books, **user}
