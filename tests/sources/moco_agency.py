"""The example agency in MOCO, as a tenant of it would write connector.toml.

MOCO tells customers, projects, offers, units produced and time. A ledger laid over it tells the shares of positions,
categories and projects (progress.csv) and the metrics (metrics.csv): MOCO has custom properties for one share of a
whole project only, and no dates of its own for it.
"""

from __future__ import annotations

from typing import Any

from tests.standins._moco_agency import AMENDS, NOT_APPROVED, PARENT

KINDS = ("customers", "projects", "offers", "readings", "entries")
"""What MOCO tells; of the readings only units."""

KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of the source; positions are called by their number so that a ledger can name them."""
    return {
        "url": url,
        "api_key": KEY,
        "position_id": "number",
        "unapproved_tags": [NOT_APPROVED],
        "vat_classes": {"illustration": "reduced"},
        "project": {"parent": PARENT},
        "offer": {"amends": AMENDS},
    }
