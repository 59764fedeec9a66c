"""The example agency as a Furious tells it: customers, projects, offers, readings, time and metrics; all kinds.

What Furious has no place for: headings and page breaks of offers, and time that is not approved (sprints that are not
validated are plans).
"""

from __future__ import annotations

from typing import Any

BUSINESS_UNITS = ("web", "maintenance", "brand", "campaign", "social", "illustration", "film")

PROGRESS = [
    {
        "resource": "project-advancement",
        "on": "date",
        "share": "advancement",
        "project": "project_id",
        "category": "category",
    },
    {
        "resource": "project-rate-card-history",
        "on": "date",
        "share": "advancement",
        "units": "quantity_done",
        "line": "project_rate_card_id",
    },
]

FIELDS: dict[str, Any] = {
    "project_line": "proposal_rate_card_id",
    "customer": {
        "number": "cf_kundennummer",
        "street": "cf_strasse",
        "postal_code": "cf_plz",
        "vat_id": "cf_ust_id",
        "email": "email",
        "language": "cf_sprache",
        "payment_days": "cf_zahlungsziel",
    },
    "project": {
        "number": "cf_projektnummer",
        "parent": "cf_teil_von",
        "billing": "cf_abrechnung",
        "fixed_price": ["Festpreis"],
        "time_and_materials": ["Aufwand"],
    },
    "proposal": {
        "number": "cf_angebotsnummer",
        "states": {"accepted": ["2", "3"], "sent": ["4"], "draft": ["0", "5"], "lost": ["1"]},
    },
    "addendum": {"number": "cf_nachtragsnummer", "states": {"accepted": ["1", "2"], "draft": ["0"]}},
    "line": {
        "number": "cf_position",
        "addendum": "proposal_addon_id",
        "label": "label",
        "service": "bu_id",
        "start": "start_date",
        "end": "end_date",
    },
    "progress": PROGRESS,
    "sprint": {"not_billable": ["Intern"], "planned": "open"},
    "metrics": [{"name": "media_spend", "kinds": ["Media"]}],
}
"""The fields of the stand-in's instance."""


def settings_for(url: str) -> dict[str, Any]:
    """Return what a tenant writes into connector.toml for the stand-in at this address, but for `name` and `type`."""
    return {
        "url": url,
        "username": "honorar",
        "password": "a password of the stand-in",
        "price_is": "unit_price",
        "requests_per_minute": 6000,
        "countries": {"Deutschland": "DE", "Österreich": "AT", "Schweiz": "CH"},
        "services": {str(number): name for number, name in enumerate(BUSINESS_UNITS, 1)},
        **FIELDS,
    }
