"""Killed between any two statements: afterwards all of a step is there or nothing, and the next run finishes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from sqlalchemy import event

from connector.core.lifecycle import DocumentState
from connector.core.period import Period
from connector.store import Store, open_store
from connector.store.schema import (
    audit,
    billed_log,
    cursors,
    documents,
    entries,
    entry_changes,
    numbers,
    outbox,
    records,
)
from tests.core.builders import JANUARY, party, time_entry
from tests.store.world import (
    NOON,
    TENANT,
    WHO,
    add,
    correction_of,
    hand_over,
    reversal_of,
    rows,
    states,
    written,
)

Step = Callable[[Store], object]

_TABLES = (documents, numbers, billed_log, outbox, records, entries, entry_changes, cursors, audit)


def killed(url: str, step: Step, survived: int) -> bool:
    """Do the step in another process that is killed before its statement number `survived` + 1, or at its commit.

    Returns False once the process did everything and ended by itself.
    """
    child = os.fork()
    if child == 0:
        _do_and_die(url, step, survived)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _do_and_die(url: str, step: Step, survived: int) -> None:
    steps = count()

    def die(*_args: object) -> None:
        if next(steps) == survived:
            os.kill(os.getpid(), signal.SIGKILL)

    with open_store(url, TENANT) as store:
        event.listen(store.database.engine, "before_cursor_execute", die)
        event.listen(store.database.engine, "commit", die)
        step(store)
        os._exit(0)


def kills(url: str, step: Step) -> Iterator[None]:
    """Do the step again and again, each time killed a statement later; yield after each kill until it is done."""
    for survived in count():
        if not killed(url, step, survived):
            return
        yield


def _contents(url: str) -> list[list[dict[str, object]]]:
    with open_store(url, TENANT) as store:
        return [rows(store, table) for table in _TABLES]


def _after_every_kill_nothing(url: str, step: Step) -> None:
    """Check that a killed step leaves nothing behind, and that it was killed at several places."""
    before = _contents(url)
    places = 0
    for _ in kills(url, step):
        assert _contents(url) == before
        places += 1
    assert places > 3
    assert _contents(url) != before


def test_killed_while_adding_a_document(url: str) -> None:
    """A document is there with number, log and outbox, or nothing of it is; its number is given to the next."""
    _after_every_kill_nothing(url, lambda store: add(store, "k-1", DocumentState.APPROVED))
    with open_store(url, TENANT) as store:
        assert add(store, "k-2").number == "RE-2026-0002"


def test_killed_while_cancelling_a_draft(url: str) -> None:
    """State, void number and reversal belong together."""
    with open_store(url, TENANT) as store:
        add(store)
    _after_every_kill_nothing(
        url, lambda store: store.billing.cancel("k-1", [reversal_of("k-1")], who=WHO, why="wrong")
    )
    with open_store(url, TENANT) as store:
        assert [row["void_reason"] for row in rows(store, numbers)] == ["wrong"]


def test_killed_while_cancelling_a_document_handed_over(url: str) -> None:
    """State, correction with its number, its place in the queue and the reversal belong together."""
    with open_store(url, TENANT) as store:
        add(store, state=DocumentState.APPROVED)
        hand_over(store, "k-1")
    _after_every_kill_nothing(
        url,
        lambda store: store.billing.cancel(
            "k-1", [reversal_of("k-1")], who=WHO, why="wrong", correction=correction_of("k-1")
        ),
    )
    with open_store(url, TENANT) as store:
        assert [booked.reverses for booked in store.outbox.waiting()] == ["RE-2026-0001"]
        assert not store.billing.history().positions["A1/1"].computed


def _pull(store: Store) -> None:
    with store.sources.pull("redmine") as pull:
        pull.replace("customers", [party("K2")])
        pull.sync_entries(Period(JANUARY.start, JANUARY.end), [time_entry("T1", 60), time_entry("T3")])
        pull.set_cursor("entries_until", "2026-01-31")


def test_killed_in_the_middle_of_a_pull(url: str) -> None:
    """Either everything a source told is there, or the state before the pull."""
    with open_store(url, TENANT) as store, store.sources.pull("redmine") as pull:
        pull.replace("customers", [party("K1")])
        pull.sync_entries(JANUARY, [time_entry("T1"), time_entry("T2")])
    _after_every_kill_nothing(url, _pull)
    with open_store(url, TENANT) as store:
        assert [row["id"] for row in rows(store, entries)] == ["T1", "T3"]
        assert [row["change"] for row in rows(store, entry_changes)] == ["edited", "deleted"]


def _push(store: Store) -> None:
    """Hand over what is open, then what waits, as a run does."""
    export = store.outbox.open_export("datev")
    if export is None:
        keys = [booked.invoice.key for booked in store.outbox.waiting()]
        export = store.outbox.begin_export("datev", keys, NOON, who=WHO)
    sent = [booked.invoice.key for booked in store.outbox.bookings("datev", export)]
    store.outbox.finish_export("datev", export, written(*sent, file=export.token), who=WHO)


def test_killed_between_beginning_and_finishing_an_export(url: str) -> None:
    """Wherever an export is cut off, the next run finishes the same one: no document twice, no number skipped."""
    with open_store(url, TENANT) as store:
        add(store, "k-1", DocumentState.APPROVED)
        add(store, "k-2", DocumentState.APPROVED)
    open_tokens = set()
    for _ in kills(url, _push):
        with open_store(url, TENANT) as store:
            export = store.outbox.open_export("datev")
            expected = DocumentState.SENDING if export else DocumentState.QUEUED
            assert set(states(store).values()) == {expected}
            open_tokens |= {export.token} if export else set()
    assert len(open_tokens) == 1
    with open_store(url, TENANT) as store:
        (done,) = store.outbox.exports()
        assert (done.number, done.documents, done.files) == (1, 2, (done.token,))
        assert {done.token} == open_tokens
        assert set(states(store).values()) == {DocumentState.ACCEPTED}
        assert [len(store.outbox.deliveries(key)) for key in ("k-1", "k-2")] == [1, 1]


@pytest.mark.parametrize("survived", [2, 6])
def test_killed_writer_leaves_the_store_open_to_others(store: Store, url: str, survived: int) -> None:
    """Another process that is at work meanwhile neither waits for the dead one nor sees its halves."""
    assert killed(url, lambda other: add(other, "k-1"), survived)
    assert add(store, "k-2").number == "RE-2026-0001"
    assert states(store) == {"k-2": DocumentState.DRAFT}
