"""What came from outside, as it came: compressed, once per content."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from connector.core.errors import NotFound
from connector.store.engine import READ_ROWS, Database
from connector.store.schema import inbox, payloads


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a content first came from a place; `sha256` names it, `size` is that of the raw bytes."""

    source: str
    place: str
    sha256: str
    size: int
    arrived_at: datetime


class Inbox:
    """Raw payloads by their hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, source: str, place: str, payload: bytes) -> None:
        """Store the payload in a transaction of its own; what is known already is left as it is."""
        digest = hashlib.sha256(payload).hexdigest()
        owner = {"tenant": self._database.tenant, "sha256": digest}
        with self._database.writing() as connection:
            arrival = owner | {"source": source, "place": place}
            if _known(connection, inbox, arrival):
                return
            if not _known(connection, payloads, owner):
                content = {"size": len(payload), "body": zlib.compress(payload)}
                connection.execute(sa.insert(payloads), owner | content)
            connection.execute(sa.insert(inbox), arrival | {"arrived_at": self._database.now()})

    def last(self, source: str, place: str) -> bytes | None:
        """Return the newest payload of the place, None if there is none."""
        mine = (inbox.c.tenant == self._database.tenant, inbox.c.source == source, inbox.c.place == place)
        newest = sa.select(payloads.c.body).select_from(inbox.join(payloads)).where(*mine)
        with self._database.reading() as connection:
            body = connection.scalar(newest.order_by(inbox.c.arrived_at.desc()).limit(1))
        return None if body is None else zlib.decompress(body)

    def read(self, sha256: str) -> bytes:
        """Return the payload with the hash; NotFound if it never came."""
        mine = (payloads.c.tenant == self._database.tenant, payloads.c.sha256 == sha256)
        with self._database.reading() as connection:
            body = connection.scalar(sa.select(payloads.c.body).where(*mine))
        if body is None:
            message = f"no payload with the hash {sha256}"
            raise NotFound(message)
        return zlib.decompress(body)

    def arrivals(self, source: str) -> Iterator[Arrival]:
        """Yield what came from the source, oldest first."""
        chosen = (
            sa.select(inbox.c.source, inbox.c.place, inbox.c.sha256, payloads.c.size, inbox.c.arrived_at)
            .join(payloads)
            .where(inbox.c.tenant == self._database.tenant, inbox.c.source == source)
            .order_by(inbox.c.arrived_at, inbox.c.place, inbox.c.sha256)
        )
        with self._database.reading() as connection:
            for row in connection.execute(chosen, execution_options=READ_ROWS):
                yield Arrival(*row)


def _known(connection: sa.Connection, table: sa.Table, row: dict[str, str]) -> bool:
    same = (table.c[name] == value for name, value in row.items())
    return connection.scalar(sa.select(sa.literal(1)).select_from(table).where(*same)) is not None
