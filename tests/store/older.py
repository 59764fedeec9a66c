"""Stores as earlier versions of Honorar left them.

`data/store_<revision>.json` holds rows of every table as that revision wrote them; a published file is never changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connector.store.engine import open_engine
from connector.store.upgrade import migrate
from tests.store.world import TENANT

DATA = Path(__file__).with_name("data")

_READERS: dict[type, Callable[[str], object]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    bytes: bytes.fromhex,
}


def build(url: str, revision: str) -> None:
    """Make a store of that revision with the rows it once wrote."""
    engine = open_engine(url, TENANT)
    migrate(engine, revision)
    content = json.loads((DATA / f"store_{revision}.json").read_text())
    tables = sa.MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            for row in content.get(table.name, []):
                connection.execute(sa.insert(table), {name: _value(table.c[name], row[name]) for name in row})
    engine.dispose()


def _value(column: sa.Column[Any], written: object) -> object:
    reader = _READERS.get(column.type.python_type)
    return reader(written) if reader and isinstance(written, str) else written
