"""The example agency in Odoo, as a tenant of it would write connector.toml.

Odoo tells customers, projects, orders with positions, units delivered and time. A ledger laid over it tells the shares
(progress.csv), the metrics (metrics.csv), and what Odoo does not know of projects and positions: parents, how a project
is billed, what an offer amends, and days of positions (projects.csv, offers.csv, positions.csv).
"""

from __future__ import annotations

from typing import Any

from tests.standins._odoo_agency import NUMBER, REDUCED

KINDS = ("customers", "projects", "offers", "readings", "entries")
"""What Odoo tells; of the readings only units."""

KEY = "6578616d706c65206a736f6e20617069206b6579"


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of the source; positions are called by their number so that a ledger can name them."""
    return {
        "url": url,
        "database": "agency",
        "login": "honorar@agency.example",
        "api_key": KEY,
        "project_id": NUMBER,
        "position_id": "number",
        "units": {"Monat": "month", "Pauschale": "flat"},
        "vat_classes": {REDUCED: "reduced"},
    }
