from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from connector.core.lifecycle import DocumentState
from connector.store import Store
from connector.store.schema import billed_log, documents, numbers
from tests.core.builders import JANUARY, billed_entry
from tests.store.world import WHO, add, planned, rows

_REFUSED = "may not be changed"


def _try(store: Store, change: sa.Update | sa.Delete) -> None:
    with store.database.writing() as connection:
        connection.execute(change)


@pytest.mark.parametrize(
    "change",
    [
        sa.delete(billed_log),
        sa.update(billed_log).values(computed_units=0),
        sa.update(billed_log).values(body=billed_log.c.body),
        sa.delete(numbers),
        sa.update(numbers).values(number=numbers.c.number + 1),
        sa.update(numbers).values(series="2027"),
        sa.delete(documents),
        sa.update(documents).values(number="RE-7"),
        sa.update(documents).values(key="k-7"),
        sa.update(documents).values(config_hash=""),
        sa.update(documents).values(created_by="nobody"),
    ],
    ids=lambda change: str(change).split(" WHERE")[0].replace("\n", ""),
)
def test_past_cannot_be_changed(store: Store, change: sa.Update | sa.Delete) -> None:
    """The database itself refuses what would falsify log, numbers or documents, whoever asks."""
    add(store)
    before = [rows(store, table) for table in (billed_log, numbers, documents)]
    with pytest.raises(sa.exc.DBAPIError, match=_REFUSED):
        _try(store, change)
    assert [rows(store, table) for table in (billed_log, numbers, documents)] == before


@pytest.mark.parametrize(
    "values", [{"invoice": "{}"}, {"booking": ""}, {"gross_units": 1}, {"due_date": JANUARY.start}]
)
def test_what_stands_on_an_approved_document_is_fixed(store: Store, values: dict[str, Any]) -> None:
    """The content of a draft may change, that of an approved document never; its state may."""
    add(store, "k-1")
    add(store, "k-2", DocumentState.APPROVED)
    _try(store, sa.update(documents).where(documents.c.key == "k-1").values(values))
    with pytest.raises(sa.exc.DBAPIError, match=_REFUSED):
        _try(store, sa.update(documents).where(documents.c.key == "k-2").values(values))
    _try(store, sa.update(documents).where(documents.c.key == "k-2").values(state=DocumentState.SENDING))


def test_number_is_voided_once(store: Store) -> None:
    """The reason why a number is void stands as it was first given."""
    add(store)
    store.billing.cancel("k-1", [], who=WHO, why="wrong customer")
    with pytest.raises(sa.exc.DBAPIError, match=_REFUSED):
        _try(store, sa.update(numbers).values(void_reason="something else"))
    assert [row["void_reason"] for row in rows(store, numbers)] == ["wrong customer"]


def test_log_of_an_unknown_document_is_refused(store: Store) -> None:
    """A log entry that names a document belongs to one that is stored."""
    document = planned("k-1", billed_entry(document="k-7"))
    with pytest.raises(sa.exc.IntegrityError):
        add(store, document=document)
    assert rows(store, documents) == rows(store, billed_log) == []
