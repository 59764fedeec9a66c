"""The example agency in OpenProject: what its tenant writes into connector.toml.

OpenProject tells projects and time. Customers, offers, progress and metrics come from a ledger named after it
(`references = "any"`, without projects.csv and time.csv).
"""

from __future__ import annotations

from typing import Any

from tests.standins.openproject import (
    APPROVED,
    BILLABLE,
    BILLING,
    CUSTOMER,
    END,
    FIXED_PRICE,
    KEY,
    POSITION,
    START,
    TIME_AND_MATERIALS,
)

TOKEN = "opapi-a-key-of-the-stand-in"  # noqa: S105 - any is accepted


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of a source of the type openproject; `url` is that of the stand-in."""
    project = {"key": KEY, "customer": CUSTOMER, "start": START, "end": END, "billing": BILLING}
    values = {"fixed_price": [FIXED_PRICE], "time_and_materials": [TIME_AND_MATERIALS]}
    return {
        "url": url,
        "api_key": TOKEN,
        "project_id": "field",
        "project": project | values,
        "work_package": {"position": POSITION},
        "entry": {"billable": BILLABLE, "approved": APPROVED},
    }
