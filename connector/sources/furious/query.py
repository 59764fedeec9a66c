"""Furious' query language: it looks like GraphQL and is a text in the address.

`{Name(limit:N,offset:N,filter:{field:{op:value}},order:[{id:asc}]){a,b}}` (vendor's PHP SDK 1.1.0, buildSearchString).
The SDK puts quotes around texts and escapes nothing; here they are escaped as JSON does, which GraphQL shares.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Resource(NamedTuple):
    """What can be searched: its address, the field that identifies a record, and its name where it has one of its own.

    Names in queries are mostly the address in another writing (vendor's SDK, GRAPH_API_NAME of each resource).
    """

    path: str
    key: str = "id"
    own_name: str = ""

    @property
    def name(self) -> str:
        """Return the name in queries: project-rate-card is written in capitals without its hyphens."""
        return self.own_name or "".join(part.capitalize() for part in self.path.split("-"))


class Operator(StrEnum):
    """The comparisons that are used. `le` is LESS, not less or equal, which Furious calls `leq`."""

    EQUAL = "eq"
    AT_LEAST = "gte"
    LESS = "le"


@dataclass(frozen=True, slots=True)
class Filter:
    """A field compared with a value; several of one field stand side by side, as in the vendor's examples."""

    field: str
    operator: Operator
    value: str

    def __str__(self) -> str:
        """Return it as it stands in a query."""
        return f"{self.field}:{{{self.operator}:{json.dumps(self.value, ensure_ascii=False)}}}"


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for: fields of the records that the filters let through, in the order of ids."""

    resource: Resource
    fields: Sequence[str]
    filters: Sequence[Filter] = ()

    def page(self, offset: int, limit: int) -> str:
        """Return the query for so many records after the first `offset` ones."""
        parts = [f"limit:{limit}", f"offset:{offset}"]
        if self.filters:
            parts.append(f"filter:{{{','.join(map(str, self.filters))}}}")
        parts.append(f"order:[{{{self.resource.key}:asc}}]")
        fields = dict.fromkeys((self.resource.key, *filter(None, self.fields)))
        return f"{{{self.resource.name}({','.join(parts)}){{{','.join(fields)}}}}}"
