"""The billed log: written with the document, read back as what was billed (domain 3.8). Append-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from connector.core.billed import BilledEntry, BilledKind, Logged
from connector.store.codec import decode, encode
from connector.store.documents import money, units
from connector.store.engine import READ_ROWS, Database
from connector.store.schema import billed_log


def append(database: Database, connection: sa.Connection, entries: Iterable[BilledEntry]) -> None:
    """Write the entries; the document of each, if it names one, is stored before."""
    owner = {"tenant": database.tenant, "logged_at": database.now()}
    rows = [
        owner
        | {
            "position": entry.position.key,
            "agreement": entry.agreement,
            "document": entry.document or None,
            "kind": entry.kind,
            "on_day": entry.on,
            "currency": entry.computed.currency,
            "computed_units": units(entry.computed),
            "invoiced_units": units(entry.invoiced),
            "body": encode(entry),
        }
        for entry in entries
    ]
    if rows:
        connection.execute(sa.insert(billed_log), rows)


def read(database: Database, *conditions: sa.ColumnElement[bool]) -> Iterator[BilledEntry]:
    """Yield the entries that meet the conditions, oldest first."""
    chosen = sa.select(billed_log.c.body).where(billed_log.c.tenant == database.tenant, *conditions)
    with database.reading() as connection:
        for (body,) in connection.execute(chosen.order_by(billed_log.c.row), execution_options=READ_ROWS):
            yield decode(BilledEntry, body)


@dataclass(slots=True)
class _Body:
    """The stored text of an entry; it is read once, when the entry is first asked for."""

    text: str
    entry: BilledEntry | None = None

    def __call__(self) -> BilledEntry:
        if self.entry is None:
            self.entry = decode(BilledEntry, self.text)
        return self.entry


def glance(database: Database) -> Iterator[Logged]:
    """Yield all entries, oldest first, as they are known without reading them whole."""
    told = billed_log.c
    columns = (told.position, told.agreement, told.document, told.kind, told.currency)
    chosen = sa.select(*columns, told.computed_units, told.invoiced_units, told.body)
    mine = chosen.where(told.tenant == database.tenant).order_by(told.row)
    with database.reading() as connection:
        for row in connection.execute(mine, execution_options=READ_ROWS):
            position, agreement, document, kind, currency, computed, invoiced, body = row
            amount = money(computed, currency)
            other = amount if invoiced == computed else money(invoiced, currency)
            yield Logged(position, agreement, document or "", BilledKind(kind), amount, other, _Body(body))
