"""Document numbers: gap-free per series, each with its document or the reason why it is void (domain 7.6)."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from connector.core.numbering import NumberFormat
from connector.store.engine import Database
from connector.store.schema import numbers

_LAST = sa.select(sa.func.max(numbers.c.number)).where(
    numbers.c.tenant == sa.bindparam("tenant"), numbers.c.series == sa.bindparam("series")
)


def following(database: Database, connection: sa.Connection, template: NumberFormat, on: date) -> int:
    """Return the number that comes next in the series of that day."""
    last = connection.scalar(_LAST, {"tenant": database.tenant, "series": template.series(on)})
    return template.start if last is None else last + 1


def reserve(database: Database, connection: sa.Connection, series: str, number: int, document: str) -> None:
    """Write the number down as the document's."""
    row = {"tenant": database.tenant, "series": series, "number": number, "document": document, "void_reason": ""}
    connection.execute(sa.insert(numbers), row | {"reserved_at": database.now()})


def void(database: Database, connection: sa.Connection, document: str, why: str) -> None:
    """Record why the document's number will never be seen; it is not given again."""
    mine = (numbers.c.tenant == database.tenant, numbers.c.document == document)
    connection.execute(sa.update(numbers).where(*mine).values(void_reason=why))
