from __future__ import annotations

import pytest
import sqlalchemy as sa

from connector.store import Store, open_store
from connector.store.audit import AuditRow
from connector.store.schema import audit
from tests.store.world import WHO, Clock


def test_deeds_are_listed_oldest_first(store: Store, clock: Clock) -> None:
    """Who, what, to what, how and when can be read back."""
    store.audit.append(WHO, "config accepted", "agreements.toml", {"why": "größere Änderung"})
    moment = clock.moment
    store.audit.append("cron", "run", "", {})
    first, second = store.audit.list()
    assert first == AuditRow(moment, WHO, "config accepted", "agreements.toml", {"why": "größere Änderung"})
    assert (second.who, second.action, second.details) == ("cron", "run", {})
    assert second.at > first.at


def test_deeds_to_one_subject(store: Store, url: str) -> None:
    """The list can be limited to what was done to one thing; other tenants' deeds are never in it."""
    store.audit.append(WHO, "looked at", "k-1", {})
    store.audit.append(WHO, "looked at", "k-2", {})
    assert [row.subject for row in store.audit.list("k-2")] == ["k-2"]
    with open_store(url, "other") as other:
        assert list(other.audit.list()) == []


@pytest.mark.parametrize("change", [sa.update(audit).values(who="nobody"), sa.delete(audit)], ids=["update", "delete"])
def test_deeds_cannot_be_undone(store: Store, change: sa.Update | sa.Delete) -> None:
    """The database refuses to change or remove a deed, whoever asks."""
    store.audit.append(WHO, "looked at", "k-1", {})
    with pytest.raises(sa.exc.DBAPIError, match="audit may not be changed"), store.database.writing() as connection:
        connection.execute(change)
    assert [row.who for row in store.audit.list()] == [WHO]
