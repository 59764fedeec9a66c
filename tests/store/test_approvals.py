from __future__ import annotations

import pytest
import sqlalchemy as sa

from connector.core.catalogue import OverageRule
from connector.core.charge_due import DueCharge
from connector.store import Store, open_store
from connector.store.schema import approvals, notices
from tests.core.retainer_builders import YEAR_END, Log, assess, item, overage, retainer, used, version
from tests.store.older import build
from tests.store.world import TENANT, WHO, rows

_KEY = "support/2026-03/overage/design"
_APPROVAL = f"{_KEY} 0.00>910.00 EUR"


def _waiting() -> tuple[DueCharge, ...]:
    """Return seven hours beyond the allowance of March."""
    terms = retainer(version("2400", item(beyond=overage(OverageRule.HOLD))))
    return Log().due(assess(terms, used(27, 3)).charges, YEAR_END).held


def test_charge_is_let_through(store: Store) -> None:
    """Who let it through, why and when is kept, and stands in the audit trail."""
    store.billing.approve_charges(_waiting(), WHO, "agreed by phone")
    assert store.billing.approved_charges() == {_APPROVAL}
    (row,) = rows(store, approvals)
    assert (row["who"], row["why"]) == (WHO, "agreed by phone")
    (deed,) = store.audit.list(_KEY)
    assert (deed.who, deed.action) == (WHO, "charge approved")
    assert deed.details == {"why": "agreed by phone", "billed": "0.00 EUR", "now": "910.00 EUR"}


def test_second_approval_is_kept_beside_the_first(store: Store) -> None:
    """What somebody said once is never overwritten."""
    store.billing.approve_charges(_waiting(), WHO, "agreed by phone")
    store.billing.approve_charges(_waiting(), "ben", "and in writing")
    assert store.billing.approved_charges() == {_APPROVAL}
    assert [row["who"] for row in rows(store, approvals)] == [WHO, "ben"]


def test_notice_is_remembered_once(store: Store) -> None:
    """A threshold that was reported is not reported again; telling the store twice changes nothing."""
    store.billing.raise_notices(["support/2026-01/design/80", "support/2026-01/design/80"])
    before = rows(store, notices)
    store.billing.raise_notices(["support/2026-01/design/80", "support/2026-01/design/100"])
    assert store.billing.raised_notices() == {"support/2026-01/design/80", "support/2026-01/design/100"}
    assert all(row in rows(store, notices) for row in before)


def test_nothing_is_known_at_first(store: Store) -> None:
    """A new store has let nothing through and reported nothing."""
    store.billing.raise_notices([])
    assert store.billing.approved_charges() == store.billing.raised_notices() == frozenset()


def test_tenants_do_not_see_each_other(store: Store, url: str) -> None:
    """What one tenant let through is not let through at another."""
    with open_store(url, "other") as other:
        other.billing.approve_charges(_waiting(), WHO, "agreed")
        other.billing.raise_notices(["n"])
    assert store.billing.approved_charges() == store.billing.raised_notices() == frozenset()


@pytest.mark.parametrize(
    "change",
    [sa.delete(approvals), sa.update(approvals).values(who="nobody"), sa.delete(notices), sa.update(notices)],
    ids=["delete approvals", "update approvals", "delete notices", "update notices"],
)
def test_past_cannot_be_changed(store: Store, change: sa.Update | sa.Delete) -> None:
    """The database itself refuses to change or forget who let what through, and what was reported."""
    store.billing.approve_charges(_waiting(), WHO, "agreed")
    store.billing.raise_notices(["n"])
    change = change.values(key="other") if isinstance(change, sa.Update) else change
    with store.database.writing() as connection, pytest.raises(sa.exc.DBAPIError, match="may not be changed"):
        connection.execute(change)


def test_older_store_learns_to_keep_them(empty_url: str) -> None:
    """A store from before retainers has both tables after its upgrade."""
    build(empty_url, "0001")
    with open_store(empty_url, TENANT) as store:
        store.billing.approve_charges(_waiting(), WHO, "agreed")
        store.billing.raise_notices(["n"])
        assert store.billing.approved_charges() == {_APPROVAL}
        assert store.billing.raised_notices() == {"n"}


def test_store_of_this_version_will_be_read_by_the_next(empty_url: str) -> None:
    """The rows kept for tests of later upgrades are what this revision reads back."""
    build(empty_url, "0002")
    with open_store(empty_url, TENANT) as store:
        assert store.billing.approved_charges() == {_KEY}
        assert store.billing.raised_notices() == {"support/2026-01/design/80"}
