from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest

from connector.core.errors import StoreError
from connector.core.ports import Rate, Slots
from connector.store import Store, open_store
from connector.store.slots import LONGEST_SECONDS
from tests.store.world import TENANT

SECOND = 1_000_000
ACCOUNT = "a1b2c3"
TWO_A_SECOND = Rate(requests=2, seconds=1)
FOUR_AT_ONCE = Rate(requests=2, seconds=1, burst=4)

_RESERVER = """
import sys, time
from connector.core.ports import Rate
from connector.store import open_store
from connector.store.engine import utc_now
moments = []
def now():
    moments.append(utc_now())
    return moments[-1]
with open_store(sys.argv[1], sys.argv[2], now) as store:
    store.slots.reserve("another", Rate(200, 1))
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(60):
        wait = store.slots.reserve("a1b2c3", Rate(200, 1))
        print(int(moments[-1].timestamp() * 1_000_000) + wait)
        time.sleep(wait / 1_000_000)
"""


@dataclass
class Still:
    """A clock that stands until somebody moves it."""

    moment: datetime = datetime(2026, 2, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.moment

    def move(self, *, seconds: int) -> None:
        """Let time pass, or turn the clock back."""
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Still:
    """Return the clock of the store."""
    return Still()


@pytest.fixture
def slots(store: Store) -> Slots:
    """Return the slots of a store, on either database."""
    return store.slots


def waits(slots: Slots, rate: Rate, count: int) -> list[int]:
    """Return the waits, in milliseconds, of so many slots that are reserved at one moment."""
    return [slots.reserve(ACCOUNT, rate) // 1000 for _ in range(count)]


def test_slots_follow_one_another_at_the_rate(slots: Slots, clock: Still) -> None:
    """The first is now, each further one an interval later; what time has passed counts."""
    assert waits(slots, TWO_A_SECOND, 3) == [0, 500, 1000]
    clock.move(seconds=1)
    assert waits(slots, TWO_A_SECOND, 2) == [500, 1000]
    clock.move(seconds=3600)
    assert waits(slots, TWO_A_SECOND, 2) == [0, 500]


def test_after_a_pause_several_go_at_once(slots: Slots, clock: Still) -> None:
    """A burst of four: the fourth comes a tenth of a second late, in case the first was slow on its way."""
    assert waits(slots, FOUR_AT_ONCE, 6) == [0, 0, 0, 100, 600, 1100]
    clock.move(seconds=60)
    assert waits(slots, FOUR_AT_ONCE, 5) == [0, 0, 0, 100, 600]


def test_accounts_do_not_wait_for_each_other(slots: Slots) -> None:
    """Each account has its own rate."""
    assert slots.reserve(ACCOUNT, TWO_A_SECOND) == 0
    assert slots.reserve("another", TWO_A_SECOND) == 0
    assert slots.reserve(ACCOUNT, TWO_A_SECOND) > 0


@pytest.mark.parametrize("rate", [TWO_A_SECOND, FOUR_AT_ONCE])
def test_a_pause_that_was_asked_for_is_everybodys(slots: Slots, rate: Rate) -> None:
    """The next slot is at the end of the pause; a shorter pause asked for meanwhile does not end it."""
    waits(slots, rate, 2)
    slots.push_back(ACCOUNT, rate, 10)
    slots.push_back(ACCOUNT, rate, 5)
    assert waits(slots, rate, 2) == [10_000, 10_500]


def test_a_pause_does_not_bring_slots_nearer(slots: Slots) -> None:
    """Who reserved far ahead keeps the place."""
    waits(slots, TWO_A_SECOND, 40)
    slots.push_back(ACCOUNT, TWO_A_SECOND, 1)
    assert waits(slots, TWO_A_SECOND, 1) == [20_000]


def test_a_pause_is_bounded(store: Store, clock: Still) -> None:
    """A day's pause is kept for a quarter of an hour, then the vendor may say so again."""
    waits(store.slots, TWO_A_SECOND, 1)
    store.slots.push_back(ACCOUNT, TWO_A_SECOND, 86_400)
    assert waits(store.slots, TWO_A_SECOND, 2) == [LONGEST_SECONDS * 1000, LONGEST_SECONDS * 1000 + 500]
    clock.move(seconds=LONGEST_SECONDS + 1)
    assert waits(store.slots, TWO_A_SECOND, 1) == [0]


def test_a_clock_that_went_wrong_blocks_nobody(store: Store, clock: Still) -> None:
    """Slots of a moment that has not come yet, by hours, are forgotten when the clock is right again."""
    clock.move(seconds=86_400)
    waits(store.slots, TWO_A_SECOND, 3)
    store.slots.push_back(ACCOUNT, TWO_A_SECOND, 60)
    clock.move(seconds=-86_400)
    store.slots.push_back(ACCOUNT, TWO_A_SECOND, 10)
    assert waits(store.slots, TWO_A_SECOND, 2) == [10_000, 10_500]
    clock.move(seconds=-86_400)
    assert waits(store.slots, TWO_A_SECOND, 2) == [0, 500]


def test_a_pause_of_an_account_nobody_used_is_nothing(store: Store) -> None:
    """Only who has reserved is pushed back."""
    store.slots.push_back(ACCOUNT, TWO_A_SECOND, 10)
    assert waits(store.slots, TWO_A_SECOND, 1) == [0]


def test_slots_are_reserved_while_the_store_is_being_written(store: Store, url: str) -> None:
    """Neither a write of this run nor one of another stands in the way of a call."""
    with store.database.writing(), open_store(url, TENANT) as other:
        assert waits(store.slots, TWO_A_SECOND, 1) == [0]
        assert other.slots.reserve("another", TWO_A_SECOND) == 0


def test_runs_and_tenants_share_the_slots_of_an_account(store: Store, url: str, clock: Still) -> None:
    """Whoever opens the store goes on where the others are."""
    waits(store.slots, TWO_A_SECOND, 2)
    with open_store(url, "süd", clock) as other:
        assert waits(other.slots, TWO_A_SECOND, 1) == [1000]


def test_threads_share_the_slots(store: Store) -> None:
    """No slot is given out twice."""
    found: list[int] = []
    threads = [Thread(target=lambda: found.extend(waits(store.slots, TWO_A_SECOND, 10))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [number * 500 for number in range(40)]


def test_two_processes_never_exceed_the_rate(url: str) -> None:
    """Two processes at once get slots that are all 5 ms apart."""
    command = [sys.executable, "-c", _RESERVER, url, TENANT]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    each = [[int(line) for line in process.communicate()[0].split()] for process in started]
    moments = sorted(each[0] + each[1])
    assert len(moments) == 120
    assert min(later - sooner for sooner, later in pairwise(moments)) >= 5000 - 1  # a float's last microsecond
    assert max(each[0]) > min(each[1]), "they did not run at the same time"


def test_the_file_of_slots_may_be_deleted(tmp_path: Path, clock: Still) -> None:
    """It lies beside a SQLite store, is made by the first call, and made anew."""
    url, file = f"sqlite:///{tmp_path / 'honorar.db'}", tmp_path / "honorar.db.slots"
    with open_store(url, TENANT, clock) as store:
        assert not file.exists()
        assert waits(store.slots, TWO_A_SECOND, 2) == [0, 500]
    file.unlink()
    with open_store(url, TENANT, clock) as store:
        assert waits(store.slots, TWO_A_SECOND, 2) == [0, 500]


def test_a_file_that_holds_no_slots_is_named(tmp_path: Path) -> None:
    """What the operator can act on is told with the file's address."""
    (tmp_path / "honorar.db.slots").write_bytes(b"no database" * 100)
    with open_store(f"sqlite:///{tmp_path / 'honorar.db'}", TENANT) as store:
        with pytest.raises(StoreError, match="not a store") as caught:
            store.slots.reserve(ACCOUNT, TWO_A_SECOND)
        assert caught.value.place.endswith("honorar.db.slots")
