"""How OpenProject writes links, custom fields and durations (openproject.org/docs/api/basic-objects)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connector.core.problems import Problem
from connector.core.quantity import seconds_of_text
from connector.core.suggest import did_you_mean
from connector.http.records import RecordReader
from connector.sources.openproject.calls import Row

record_of = RecordReader("OpenProject")

TRUTH = {"yes": True, "no": False, "ja": True, "nein": False}
"""Values of a field of the kind Boolean, as `text_of` tells them, and of a list that people made in its place."""

SECONDS_PER_WEEK = 7 * 24 * 3600

NOTHING: Mapping[str, Any] = {}

_KEY = re.compile(r"customField\d+")
_NUMBER = re.compile(r".*/(?P<number>\d+)")
_WEEKS = re.compile(r"P(?P<weeks>\d+)W(?P<rest>.*)")


def number_of(href: object) -> int:
    """Return 12 for '/api/v3/projects/12'; 0 for no link, and for what the key's user may not see."""
    match = _NUMBER.fullmatch(href) if isinstance(href, str) else None
    return int(match["number"]) if match else 0


def links_of(row: Row) -> Mapping[str, Any]:
    """Return the links of a resource."""
    links = row.get("_links")
    return links if isinstance(links, dict) else NOTHING


def text_of(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return what a field says, '' for nothing: a text, a number, yes or no, a day, or the title of what it links."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(filter(None, map(text_of, value)))
    if isinstance(value, dict):
        return text_of(value.get("raw") or value.get("title"))
    return str(value).strip()


def field_of(row: Row, key: str) -> str:
    """Return what stands in the custom field with the key; values of a list are links. '' for no key."""
    if not key:
        return ""
    return text_of(row[key]) if key in row else text_of(links_of(row).get(key))


def custom_fields(row: Row) -> dict[str, str]:
    """Return what stands in the custom fields of a resource, by their keys; empty ones are left out."""
    keys = {key for key in (*row, *links_of(row)) if _KEY.fullmatch(key)}
    return {key: text for key in sorted(keys) if (text := field_of(row, key))}


def seconds_of(text: object) -> int:
    """Return a duration such as PT1H30M or P1DT2H in whole seconds; days have 24 hours, weeks 7 days.

    ValueError for anything else, and below zero.
    """
    if not isinstance(text, str) or not text.startswith("P"):
        message = f"the duration is {text!r}, not one like PT1H30M"
        raise ValueError(message)
    weeks = _WEEKS.fullmatch(text)
    if weeks is None:
        return seconds_of_text(text)
    rest = weeks["rest"]
    return int(weeks["weeks"]) * SECONDS_PER_WEEK + (seconds_of_text(f"P{rest}") if rest else 0)


class Schema:
    """The keys of custom fields by the names that OpenProject shows, as its schemas tell them."""

    def __init__(self, schemas: Iterable[Row]) -> None:
        self._keys: dict[str, str] = {}
        for schema in schemas:
            for key, field in schema.items():
                if _KEY.fullmatch(key) and isinstance(field, dict):
                    self._keys.setdefault(text_of(field.get("name")), key)

    def key(self, name: str) -> str:
        """Return the key of the field with the name, '' for none."""
        return self._keys.get(name, "") if name else ""

    def unknown(self, names: Mapping[str, str], kind: str, place: str) -> Iterator[Problem]:
        """Yield every field that the settings name and no schema knows; `names` by setting."""
        for setting, name in names.items():
            if name and name not in self._keys:
                message = f"no custom field {name!r} of {kind} that the key's user sees"
                yield Problem("UnknownField", message, f"{place}{setting}", did_you_mean(name, self._keys))
