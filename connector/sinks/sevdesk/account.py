"""What is asked of the account once per run: its book-keeping, users, countries and units."""

from __future__ import annotations

from functools import cached_property

from connector.core.errors import ConfigError, DocumentRejected
from connector.core.quantity import Unit
from connector.sinks.sevdesk.calls import Calls
from connector.sinks.sevdesk.settings import Settings, System

GERMANY = "1"
"""Id of the country, the same in every account."""

PIECE = "1"
"""Id of the unit, the same in every account."""


class Account:
    """One account; every list is read when it is first needed."""

    def __init__(self, settings: Settings, calls: Calls) -> None:
        self._settings = settings
        self._calls = calls

    @cached_property
    def system(self) -> System:
        """Return the version of its book-keeping, as set or as it says."""
        return self._settings.bookkeeping or self.told_system

    @cached_property
    def told_system(self) -> System:
        """Return the version of its book-keeping, as it says."""
        path = "Tools/bookkeepingSystemVersion"
        match self._calls.get(path):
            case {"version": "1.0"}:
                return "1.0"
            case {"version": "2.0"}:
                return "2.0"
        raise self._calls.not_understood(path)

    @cached_property
    def contact_person(self) -> str:
        """Return the id of the user whom documents name; ConfigError where that is not clear."""
        if self._settings.contact_person:
            return str(self._settings.contact_person)
        users: dict[str, str] = {
            row["id"]: str(row.get("fullname") or row.get("username") or "") for row in self._calls.rows("SevUser")
        }
        if len(users) != 1:
            named = ", ".join(f"{number} {name}".strip() for number, name in users.items())
            message = f"the account has {len(users)} users"
            hint = f"name the one that documents show as contact: contact_person = … ({named})"
            raise ConfigError(message, place=f"{self._calls.name}: contact_person", hint=hint)
        return next(iter(users))

    def country(self, code: str) -> str:
        """Return the id of the country; DocumentRejected where sevDesk has none of this code."""
        if code == "DE":
            return GERMANY
        if code not in self._countries:
            message = f"sevDesk knows no country {code}"
            raise DocumentRejected(message, hint="correct the customer's country in the project tool")
        return self._countries[code]

    def unit(self, unit: Unit) -> str:
        """Return the id of the unit; a flat rate is a piece where sevDesk has no other word for it."""
        if unit in self._settings.units:
            return str(self._settings.units[unit])
        known = PIECE if unit is Unit.PIECE else self._units.get(unit.code, "")
        if not known and unit is not Unit.FLAT:
            message = f"sevDesk has no unit with the UN/ECE code {unit.code}"
            raise DocumentRejected(message, hint=f"name its id in the sink's settings: units = {{ {unit.value} = … }}")
        return known or PIECE

    @cached_property
    def _countries(self) -> dict[str, str]:
        return {str(row.get("code") or "").upper(): row["id"] for row in self._calls.rows("StaticCountry")}

    @cached_property
    def _units(self) -> dict[str, str]:
        rows = reversed(list(self._calls.rows("Unity")))  # of several with one code, the vendor's own comes first
        return {str(row["uneceTradeUnitCode"]): row["id"] for row in rows if row.get("uneceTradeUnitCode")}
