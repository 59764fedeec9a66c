"""What must hold between tables: names once, no offer billed twice, no rule for an agreement that is not there.

Works on what the files say, even where single values are wrong, so that all faults are shown at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from connector.config.faults import Fault
from connector.config.toml_file import TomlFile
from connector.core.suggest import did_you_mean


def tables_of(data: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    """Return the tables of a list with their indexes; what is no table is left to the model."""
    tables = data.get(name, [])
    if not isinstance(tables, list):
        return []
    return [(index, table) for index, table in enumerate(tables) if isinstance(table, dict)]


def duplicates(file: TomlFile, name: str, key: str, code: str) -> Iterator[Fault]:
    """Yield every second table of the list with the same value of the key."""
    places: dict[str, str] = {}
    for index, table in tables_of(file.data, name):
        value = table.get(key)
        if not isinstance(value, str):
            continue
        path = (name, index, key)
        if value in places:
            yield Fault(code, path, f"{value!r} stands at {places[value]} already", "each stands once")
        places.setdefault(value, file.place(path))


def overlaps(file: TomlFile) -> Iterator[Fault]:
    """Yield every agreement that covers an offer of an earlier one: it would be billed twice."""
    for (first, one), (second, other) in combinations(tables_of(file.data, "agreement"), 2):
        if one.get("project") == other.get("project") is not None and (shared := _shared_offers(one, other)):
            earlier = file.place(("agreement", first))
            message = f"covers {shared} of project {one['project']!r}, like the agreement at {earlier}"
            hint = "name in offers which offers each agreement covers"
            yield Fault("AgreementsOverlap", ("agreement", second), message, hint)


def unknown_agreements(mapping: TomlFile, agreements: TomlFile) -> Iterator[Fault]:
    """Yield every revenue rule for an agreement that is not there."""
    known = {str(table.get("id")) for _, table in tables_of(agreements.data, "agreement")}
    for index, table in tables_of(mapping.data, "revenue"):
        wanted = table.get("agreement")
        if isinstance(wanted, str) and wanted not in known:
            message = f"there is no agreement {wanted!r}"
            yield Fault("UnknownAgreement", ("revenue", index, "agreement"), message, did_you_mean(wanted, known))


def _shared_offers(one: dict[str, Any], other: dict[str, Any]) -> str:
    offers, others = ([str(offer) for offer in table.get("offers") or ()] for table in (one, other))
    if offers and others:
        shared = [offer for offer in others if offer in offers]
        return f"offer {', '.join(shared)}" if shared else ""
    return f"offer {', '.join(offers or others)}" if offers or others else "all offers"
