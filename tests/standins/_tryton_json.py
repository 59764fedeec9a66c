"""Values, fields and domains as Tryton's REST interface has them (8.2, read off a running server)."""

from __future__ import annotations

import base64
import json
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

Record = dict[str, Any]

Tables = Mapping[str, dict[int, Record]]
"""Records by model and id; whole ones, with ids for what they refer to."""

RELATIONS = {
    ("account.invoice", "party"): "party.party",
    ("account.invoice", "currency"): "currency.currency",
    ("account.invoice", "lines"): "account.invoice.line",
    ("account.invoice", "taxes"): "account.invoice.tax",
    ("account.invoice", "payment_lines"): "account.move.line",
    ("party.party", "addresses"): "party.address",
    ("party.party", "identifiers"): "party.identifier",
    ("company.company", "party"): "party.party",
    ("account.dunning", "line"): "account.move.line",
    ("account.dunning", "procedure"): "account.dunning.procedure",
    ("account.dunning", "fees"): "account.dunning.fee.dunning_level",
    ("account.dunning.fee.dunning_level", "currency"): "currency.currency",
    ("account.move.line", "move"): "account.move",
}
"""Fields that refer to records: to one, or to a list of them."""


def decoded(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a parameter or header: base64 for addresses, JSON below; ValueError otherwise."""
    return told(json.loads(base64.urlsafe_b64decode(text), parse_float=Decimal))


def told(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what came with Decimal and date for the objects that stand for them."""
    if isinstance(value, list):
        return [told(each) for each in value]
    if not isinstance(value, dict):
        return value
    match value.get("__class__"):
        case "Decimal":
            return Decimal(value["decimal"])
        case "date":
            return date(value["year"], value["month"], value["day"])
    return {name: told(each) for name, each in value.items()}


def shown(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the value as it goes out."""
    if isinstance(value, list | tuple):
        return [shown(each) for each in value]
    if isinstance(value, dict):
        return {name: shown(each) for name, each in value.items()}
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, date):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    return value


def read(tables: Tables, model: str, number: int, fields: Sequence[str]) -> Record:
    """Return the fields of the record, with those behind a point nested; KeyError for one there is not."""
    record = tables[model][number]
    told: Record = {"id": number, "__name__": model}
    nested: dict[str, list[str]] = {}
    for field in fields:
        name, _, rest = field.partition(".")
        if rest:
            nested.setdefault(name, []).append(rest)
        else:
            told[name] = record[name]
    for name, rests in nested.items():
        told[name] = _nested(tables, RELATIONS[model, name], record[name], rests)
    return told


def _nested(tables: Tables, model: str, value: Any, fields: Sequence[str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [read(tables, model, each, fields) for each in value]
    return None if value is None else read(tables, model, value, fields)


def meets(tables: Tables, model: str, record: Record, domain: Sequence[Sequence[Any]]) -> bool:
    """Tell whether the record meets every clause."""
    return all(_meets(tables, model, record, clause) for clause in domain)


def _meets(tables: Tables, model: str, record: Record, clause: Sequence[Any]) -> bool:
    path, sign, wanted = clause
    name, _, rest = path.partition(".")
    value = record[name]
    if not rest or (model, name) not in RELATIONS:
        return _SIGNS[sign](value, wanted)
    target = RELATIONS[model, name]
    numbers = value if isinstance(value, list) else [value]
    records = [tables[target][number] for number in numbers if number is not None]
    return any(_meets(tables, target, each, (rest, sign, wanted)) for each in records)


_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">=": lambda value, wanted: value is not None and value >= wanted,
    "in": lambda value, wanted: value in wanted,
}
