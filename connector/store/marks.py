"""Which time entries were marked as billed in their project tool, and for which agreement.

It tells what we did there, never what is billed: that is the log's to say.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from connector.store import audit
from connector.store.engine import Database
from connector.store.schema import entries, marks
from connector.store.sync import put


class Marks:
    """The marks that were set and not taken away again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marked(self, source: str) -> dict[str, str]:
        """Return the agreements by the ids of the source's marked entries; those deleted there are left out."""
        same = sa.and_(
            entries.c.tenant == marks.c.tenant, entries.c.source == marks.c.source, entries.c.id == marks.c.entry
        )
        mine = (marks.c.tenant == self._database.tenant, marks.c.source == source)
        chosen = sa.select(marks.c.entry, marks.c.agreement).join(entries, same).where(*mine)
        with self._database.reading() as connection:
            return {row.entry: row.agreement for row in connection.execute(chosen)}

    def mark(self, source: str, agreement: str, ids: Collection[str], *, billed: bool, who: str) -> None:
        """Remember that the entries were marked, or that their mark was taken away."""
        owner = {"tenant": self._database.tenant, "source": source}
        with self._database.writing() as connection:
            if billed:
                told = {"agreement": agreement, "marked_at": self._database.now()}
                put(connection, marks, [owner | {"entry": each} | told for each in ids])
            else:
                mine = (marks.c.tenant == owner["tenant"], marks.c.source == source)
                connection.execute(sa.delete(marks).where(*mine, marks.c.entry.in_(ids)))
            action = "time marked as billed" if billed else "mark of time taken away"
            audit.record(self._database, connection, who, action, agreement, source=source, entries=", ".join(ids))
