"""Customers, projects, offers, readings and metrics as a source told them last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from connector.core.errors import StoreError
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.ports import Record
from connector.core.readings import Metric, Reading
from connector.store.codec import encode
from connector.store.schema import records
from connector.store.sync import Row, Sync

KINDS: dict[str, type[Record]] = {
    "customers": Party,
    "projects": Project,
    "offers": Offer,
    "readings": Reading,
    "metrics": Metric,
}
"""The kinds of records by the name a pull gives them."""

_ORIGIN: dict[str, Any] = {"origin": True, "positions": {"__all__": {"origin"}}}
"""What is no part of a record's fingerprint: a line that only moved within its file is no edit."""

staging = sa.MetaData()

staged_records = sa.Table(
    "staged_records",
    staging,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("day", sa.Date),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)


def rows(kind: str, told: Iterable[Record]) -> Iterator[Row]:
    """Yield the staging rows of the records."""
    for record in told:
        if not isinstance(record, KINDS[kind]):
            message = f"{kind} are {KINDS[kind].__name__} values, not {type(record).__name__}"
            raise TypeError(message)
        fingerprint = _fingerprint(record)
        day = record.on.isoformat() if isinstance(record, Reading | Metric) else None
        yield kind, _key(record, fingerprint), day, encode(record), fingerprint


def _fingerprint(record: Record) -> str:
    """Return 64 hexadecimal digits over all the record says; StoreError for a character that no database keeps."""
    try:
        return hashlib.sha256(encode(record, exclude=_ORIGIN).encode()).hexdigest()
    except ValueError:  # pydantic's, for half a pair of surrogates
        message = f"{getattr(record, 'id', 'a reading')} has a character in it that cannot be stored"
        hint = "write its text anew in the project tool"
        raise StoreError(message, place=record.origin, hint=hint) from None


def _key(record: Record, fingerprint: str) -> str:
    """Return the id; readings have none, and two that contradict each other on one day must both be seen."""
    match record:
        case Reading():
            return json.dumps([record.project, record.scope, record.target, record.on.isoformat(), fingerprint])
        case Metric():
            return json.dumps([record.project, record.name, record.on.isoformat(), fingerprint])
        case _:
            return record.id


def comparison(tenant: str, source: str, kind: str, until: date | None = None) -> Sync:
    """Return the comparison of the source's stored records of the kind with the staged ones.

    With `until`, the source was asked for no later days, and does not speak for them.
    """
    mine = sa.and_(records.c.tenant == tenant, records.c.source == source, records.c.kind == kind)
    return Sync(
        target=records,
        staged=staged_records,
        key="key",
        watched=("body",),
        mine=mine,
        spoken_for=mine if until is None else sa.and_(mine, records.c.day <= until),
        heard=staged_records.c.kind == kind,
        added={"tenant": tenant, "source": source},
    )
