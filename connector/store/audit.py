"""Who did what, when and why: written with the deed in one transaction, never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from connector.store.engine import READ_ROWS, Database
from connector.store.schema import audit


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One deed; `subject` is the key of a document, the name of a sink, or whatever else it was done to."""

    at: datetime
    who: str
    action: str
    subject: str
    details: Mapping[str, str]


class Audit:
    """The record of deeds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, who: str, action: str, subject: str, details: Mapping[str, str]) -> None:
        """Record a deed that changes nothing else in the store."""
        with self._database.writing() as connection:
            record(self._database, connection, who, action, subject, **details)

    def list(self, subject: str = "") -> Iterator[AuditRow]:
        """Yield the deeds, oldest first; of one subject, if it is named."""
        mine = [audit.c.tenant == self._database.tenant] + ([audit.c.subject == subject] if subject else [])
        chosen = sa.select(audit.c.at, audit.c.who, audit.c.action, audit.c.subject, audit.c.details).where(*mine)
        with self._database.reading() as connection:
            for row in connection.execute(chosen.order_by(audit.c.row), execution_options=READ_ROWS):
                yield AuditRow(row.at, row.who, row.action, row.subject, json.loads(row.details))


def record(database: Database, connection: sa.Connection, who: str, action: str, subject: str, **details: str) -> None:
    """Write the deed within the transaction that does it."""
    deed = {"who": who, "action": action, "subject": subject, "details": json.dumps(details, ensure_ascii=False)}
    connection.execute(sa.insert(audit), {"tenant": database.tenant, "at": database.now(), **deed})
