"""The example agency in Redmine: what its tenant writes into connector.toml.

Redmine tells customers, projects, accepted offers and time. Its ids are its own: identifiers of projects are in small
letters, and a position is called by the number of its issue.
"""

from __future__ import annotations

from typing import Any

from tests.sources.redmine_stories import FIELDS
from tests.standins.redmine import KEY

CUSTOMER = {
    "street": "Straße", "postal_code": "PLZ", "city": "Ort", "payment_days": "Zahlungsziel", "language": "Sprache",
}  # fmt: skip

POSITION = {
    "unit_price": "Stundensatz", "quantity": "Menge", "unit": "Einheit", "offer": "Angebot",
    "discount_percent": "Rabatt", "vat_class": "Steuerklasse", "service": "Leistungsart",
}  # fmt: skip


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of a source of the type redmine; `url` is that of the stand-in."""
    return {
        "url": url,
        "api_key": KEY,
        "offer_by": "field",
        "customer": FIELDS["customer"] | CUSTOMER,
        "project": FIELDS["project"],
        "position": POSITION,
        "entry": {"billable": "Abrechenbar"},
    }
