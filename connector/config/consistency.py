"""What must hold between tables: names once, no offer and no time billed twice, no rule for an unknown agreement.

Works on what the files say, even where single values are wrong, so that all faults are shown at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations, product
from typing import Any, NamedTuple

from connector.config.faults import Fault
from connector.config.toml_file import TomlFile
from connector.core.suggest import did_you_mean

_KINDS_OF_TIME = ("retainer", "time_and_materials")


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
    of_offers = [each for each in tables_of(file.data, "agreement") if each[1].get("kind") not in _KINDS_OF_TIME]
    for (first, one), (second, other) in combinations(of_offers, 2):
        if one.get("project") == other.get("project") is not None and (shared := _shared_offers(one, other)):
            earlier = file.place(("agreement", first))
            message = f"covers {shared} of project {one['project']!r}, like the agreement at {earlier}"
            hint = "name in offers which offers each agreement covers"
            yield Fault("AgreementsOverlap", ("agreement", second), message, hint)


def fed_twice(file: TomlFile) -> Iterator[Fault]:
    """Yield every agreement about time that an earlier one counts as well, as far as projects are named in the file.

    A subproject is only known to the sources: that its time feeds two agreements is found when they are planned.
    """
    of_time = [each for each in tables_of(file.data, "agreement") if each[1].get("kind") in _KINDS_OF_TIME]
    for (first, one), (second, other) in combinations(of_time, 2):
        if shared := _shared_time(one, other):
            earlier = file.place(("agreement", first))
            message = f"counts {shared}, like the agreement at {earlier}"
            hint = (
                "name in [[agreement.feed]] the projects, activities or positions that are each one's own; "
                "where one follows the other, end the earlier by term.last_day"
            )
            yield Fault("TimeFedTwice", ("agreement", second), message, hint)


def unknown_agreements(mapping: TomlFile, agreements: TomlFile) -> Iterator[Fault]:
    """Yield every revenue rule for an agreement that is not there."""
    known = {str(table.get("id")) for _, table in tables_of(agreements.data, "agreement")}
    for index, table in tables_of(mapping.data, "revenue"):
        wanted = table.get("agreement")
        if isinstance(wanted, str) and wanted not in known:
            message = f"there is no agreement {wanted!r}"
            yield Fault("UnknownAgreement", ("revenue", index, "agreement"), message, did_you_mean(wanted, known))


def unmapped_down_payments(agreements: TomlFile, mapping: TomlFile) -> Iterator[Fault]:
    """Yield every agreement with down payments where no rule says where they, or their deduction, are booked.

    A rule for their service would take them for revenue.
    """
    rules = [rule for _, rule in tables_of(mapping.data, "revenue")]
    wanted = {
        'document_kind = "partial"': ("document_kind", "partial"),
        'category = "deduction"': ("category", "deduction"),
    }
    missing = [text for text, (key, value) in wanted.items() if not any(rule.get(key) == value for rule in rules)]
    for index, table in tables_of(agreements.data, "agreement"):
        if missing and table.get("instalments") == "down_payment":
            message = f"{mapping.name} has no revenue rule with {' and none with '.join(missing)}"
            hint = "add it before the rules of services, as in mapping-skr03.toml and mapping-skr04.toml"
            yield Fault("DownPaymentsNotMapped", ("agreement", index, "instalments"), message, hint)


def _shared_offers(one: dict[str, Any], other: dict[str, Any]) -> str:
    offers, others = ([str(offer) for offer in table.get("offers") or ()] for table in (one, other))
    if offers and others:
        shared = [offer for offer in others if offer in offers]
        return f"offer {', '.join(shared)}" if shared else ""
    return f"offer {', '.join(offers or others)}" if offers or others else "all offers"


class _Counted(NamedTuple):
    """What a feed takes, a metric instead of time; no names of activities or positions mean any."""

    projects: frozenset[str]
    activities: frozenset[str]
    positions: frozenset[str]
    metric: object = None

    def shared(self, other: _Counted) -> str:
        """Return what both take of which project, '' for nothing."""
        apart = self.metric != other.metric or any(
            mine and others and mine.isdisjoint(others)
            for mine, others in ((self.activities, other.activities), (self.positions, other.positions))
        )
        project = "" if apart else min(self.projects & other.projects, default="")
        what = "time" if self.metric is None else f"metric {self.metric!r}"
        return f"{what} of project {project!r}" if project else ""


def _shared_time(one: dict[str, Any], other: dict[str, Any]) -> str:
    if _ends_before(one, other) or _ends_before(other, one):
        return ""
    found = (mine.shared(others) for mine, others in product(_counted(one), _counted(other)))
    return next(filter(None, found), "")


def _counted(table: dict[str, Any]) -> list[_Counted]:
    feeds = [feed for _, feed in tables_of(table, "feed")]
    if not feeds and (table.get("kind") == "time_and_materials" or _has_item(table)):
        feeds = [{}]
    own = _names(table, "projects") | _names({"project": [table.get("project")]}, "project")
    return [
        _Counted(
            _names(feed, "projects") or own, _names(feed, "activities"), _names(feed, "positions"), feed.get("metric")
        )
        for feed in feeds
    ]


def _has_item(table: dict[str, Any]) -> bool:
    return any(tables_of(version, "item") for _, version in tables_of(table, "version"))


def _names(table: dict[str, Any], key: str) -> frozenset[str]:
    names = table.get(key)
    return frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else frozenset()


def _ends_before(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether the first agreement has its last day before the other begins."""
    term = one.get("term")
    last_day = term.get("last_day") if isinstance(term, dict) else None
    begins = (table.get("valid_from") for name in ("version", "rate") for _, table in tables_of(other, name))
    days = [day for day in begins if type(day) is date]
    return type(last_day) is date and bool(days) and last_day < min(days)
