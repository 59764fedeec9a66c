"""The store of one tenant, as the jobs use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

from connector.store.audit import Audit
from connector.store.billing import Billing
from connector.store.collected import Collected
from connector.store.deliveries import Deliveries
from connector.store.engine import Database, open_engine, utc_now
from connector.store.inbox import Inbox
from connector.store.lock import held
from connector.store.marks import Marks
from connector.store.outbox import Outbox
from connector.store.payments import Payments
from connector.store.reminders import Reminders
from connector.store.selections import Selections
from connector.store.slots import Slots
from connector.store.sources import Sources
from connector.store.upgrade import bring_up_to_date


@dataclass(frozen=True, slots=True)
class Store:
    """Everything kept for one tenant, part by part."""

    database: Database
    inbox: Inbox
    sources: Sources
    billing: Billing
    outbox: Outbox
    deliveries: Deliveries
    payments: Payments
    marks: Marks
    reminders: Reminders
    audit: Audit
    selections: Selections
    slots: Slots

    def collected(self, sources: Sequence[str]) -> Collected:
        """Return what was pulled from the sources, later ones laid over earlier ones."""
        return Collected(self.database, sources)

    @contextmanager
    def run_lock(self, wait_seconds: int) -> Iterator[None]:
        """Be the tenant's only run while the block runs; Locked if another one is still at work after the wait."""
        tenant = self.database.tenant
        with held(self.database.engine, f"run.{tenant}", wait_seconds, f"another run of {tenant} is at work"):
            yield


@contextmanager
def open_store(url: str, tenant: str, now: Callable[[], datetime] = utc_now) -> Iterator[Store]:
    """Yield the tenant's store at 'sqlite:///path' (made if need be) or 'postgresql://…', its tables up to date.

    `now` tells the moments that are recorded. Raises ConfigError for an address that is none, SchemaTooNew for a store
    of a newer Honorar, Locked, Unavailable or StoreError where the database cannot be used.
    """
    engine = open_engine(url, tenant)
    try:
        bring_up_to_date(engine)
        database = Database(engine, tenant, now)
        with closing(Slots(database)) as slots:
            yield Store(
                database,
                Inbox(database),
                Sources(database),
                Billing(database),
                Outbox(database),
                Deliveries(database),
                Payments(database),
                Marks(database),
                Reminders(database),
                Audit(database),
                Selections(database),
                slots,
            )
    finally:
        engine.dispose()
