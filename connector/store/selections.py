"""Which positions go onto documents: what a person chose per agreement, until they choose anew (domain 3.10)."""

from __future__ import annotations

import json
from collections.abc import Collection

import sqlalchemy as sa

from connector.store import audit
from connector.store.engine import Database
from connector.store.schema import selections


class Selections:
    """The choices that hold."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def select(self, agreement: str, positions: Collection[str], who: str) -> None:
        """Let only these positions and categories of the agreement be billed from now on; none given: all of them."""
        chosen = json.dumps(sorted(positions), ensure_ascii=False)
        mine = (selections.c.tenant == self._database.tenant, selections.c.agreement == agreement)
        row = {"tenant": self._database.tenant, "agreement": agreement, "positions": chosen, "who": who}
        with self._database.writing() as connection:
            connection.execute(sa.delete(selections).where(*mine))
            if positions:
                connection.execute(sa.insert(selections), row | {"at": self._database.now()})
            audit.record(self._database, connection, who, "positions selected", agreement, positions=chosen)

    def chosen(self) -> dict[str, frozenset[str]]:
        """Return positions and categories by agreement; an agreement that is not in it is billed whole."""
        mine = sa.select(selections.c.agreement, selections.c.positions).where(
            selections.c.tenant == self._database.tenant
        )
        with self._database.reading() as connection:
            return {agreement: frozenset(json.loads(chosen)) for agreement, chosen in connection.execute(mine)}
