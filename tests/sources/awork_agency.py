"""The example agency in awork: what its tenant writes into connector.toml.

awork tells customers, projects (without parents) and time. Offers, progress, metrics and the parents of projects come
from a ledger named after it (`references = "any"`, without customers.csv and time.csv).
"""

from __future__ import annotations

from typing import Any

from tests.standins.awork import BASE, LANGUAGE, NUMBER, PAYMENT_DAYS, POSITION_FIELD, VAT_ID

KEY = "a key of the stand-in"


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of a source of the type awork; `url` is that of the stand-in."""
    return {
        "url": f"{url}{BASE}",
        "api_key": KEY,
        "position_field": POSITION_FIELD,
        "customer": {"number": NUMBER, "vat_id": VAT_ID, "payment_days": PAYMENT_DAYS, "language": LANGUAGE},
    }
