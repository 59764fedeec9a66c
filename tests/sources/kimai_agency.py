"""The example agency in Kimai: what its tenant writes into connector.toml.

Kimai tells customers (without payment days and language), projects (without parents and billing) and time. Customers,
projects, offers, progress and metrics come from a ledger named after it (`references = "any"`, without time.csv).
"""

from __future__ import annotations

from typing import Any

from tests.standins.kimai import NOT_APPROVED

TOKEN = "a token of the stand-in"  # noqa: S105 - any is accepted


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of a source of the type kimai; `url` is that of the stand-in."""
    return {
        "url": url,
        "api_key": TOKEN,
        "project_id": "first_word",
        "position_in": "activity",
        "unapproved_tags": [NOT_APPROVED],
    }
