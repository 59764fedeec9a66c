"""The example agency in Harvest: what its tenant writes into connector.toml.

Harvest tells clients (without country and VAT id), projects (without parents), time, and estimates. Customers, the
parents of projects, offers, progress and metrics come from a ledger named after it (`references = "any"`, without
time.csv): so no offers are read here.
"""

from __future__ import annotations

from typing import Any

from tests.standins.harvest import BASE, UNITS

TOKEN = "a token of the stand-in"  # noqa: S105 - any is accepted


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of a source of the type harvest; `url` is that of the stand-in."""
    return {
        "url": f"{url}{BASE}",
        "access_token": TOKEN,
        "account_id": "12345",
        "contact": "rechnung@studio-weissdorn.example",
        "customer_id": "first_word",
        "hours": "minutes",
        "position_in": "task",
    }


ESTIMATES: dict[str, Any] = {"offers": ["estimates"], "units": {kind: str(unit) for unit, kind in UNITS.items()}}
"""What else a tenant writes whose offers are Harvest's estimates."""
