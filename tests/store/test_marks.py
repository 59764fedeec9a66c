from __future__ import annotations

from datetime import date

from connector.core.lifecycle import DocumentState
from connector.core.period import Period
from connector.store import Store, open_store
from tests.core.builders import JANUARY, billed_entry, position, time_entry
from tests.store.world import WHO, add, planned


def pull(store: Store, *ids: str, window: Period = JANUARY) -> None:
    """Let the source have these entries in January."""
    with store.sources.pull("awork") as pull:
        pull.sync_entries(window, [time_entry(each) for each in ids])


def test_marks_are_remembered_until_they_are_taken_away(store: Store) -> None:
    """By source, with the agreement; marked again, the newer agreement counts, and each deed is on record."""
    pull(store, "T1", "T2", "T3")
    store.marks.mark("awork", "care", ["T1", "T2"], billed=True, who=WHO)
    store.marks.mark("awork", "archive", ["T2", "T3"], billed=True, who=WHO)
    assert store.marks.marked("awork") == {"T1": "care", "T2": "archive", "T3": "archive"}
    assert store.marks.marked("kimai") == {}

    store.marks.mark("awork", "archive", ["T3"], billed=False, who="bert")
    assert store.marks.marked("awork") == {"T1": "care", "T2": "archive"}
    deeds = [(deed.who, deed.action, deed.details) for deed in store.audit.list("archive")]
    assert deeds == [
        (WHO, "time marked as billed", {"source": "awork", "entries": "T2, T3"}),
        ("bert", "mark of time taken away", {"source": "awork", "entries": "T3"}),
    ]


def test_an_entry_that_was_deleted_has_no_mark(store: Store) -> None:
    """Nobody can take it away any more."""
    pull(store, "T1", "T2")
    store.marks.mark("awork", "care", ["T1", "T2"], billed=True, who=WHO)
    pull(store, "T1")
    assert store.marks.marked("awork") == {"T1": "care"}


def test_tenants_have_marks_of_their_own(store: Store, url: str) -> None:
    """The same source and entry in another tenant is another one."""
    pull(store, "T1")
    store.marks.mark("awork", "care", ["T1"], billed=True, who=WHO)
    with open_store(url, "other") as other:
        pull(other, "T1")
        assert other.marks.marked("awork") == {}


def test_drafts_are_no_part_of_what_was_approved(store: Store) -> None:
    """Nor what is held; what was approved and what was cancelled with its reversal is."""
    for number, state in enumerate((DocumentState.DRAFT, DocumentState.HELD, DocumentState.APPROVED), start=1):
        key = f"k-{number}"
        entry = billed_entry(document=key, of=position(str(number)))
        add(store, key, state, planned(key, entry, issue_date=date(2026, 1, 31)))
    assert list(store.billing.approved_history().positions) == ["A1/3"]
    assert len(store.billing.history().positions) == 3
