"""Real processes, killed for good at every write, file operation and request of a run; the next ones finish."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
import requests

from connector.http.pace import OwnSlots
from connector.store.slots import Slots
from tests.crash.harness import Places, child, copied, ended
from tests.sinks.lexware.tenant import KEY_VARIABLE, sends_to
from tests.sinks.lexware.world import KEY
from tests.standins import lexware, serving
from tests.support.commands import honorar
from tests.support.small_tenant import small_tenant

RUN = ("run", "--as-of", "2026-01-31", "--json")
HEADERS = {"Authorization": "Bearer x"}
LIST = {"voucherType": "any", "voucherStatus": "any"}

EVERY = 3
"""Every third place to die: commits, requests and files alternate, so all kinds are met."""

FEWEST_PLACES = 30


@contextmanager
def served() -> Iterator[str]:
    """Yield the address of an organisation in a process of its own, so that ours has one thread and may be forked."""
    reading, writing = os.pipe()

    def serve() -> int:
        with serving(lexware.api(bucket=None)) as standin:
            os.write(writing, f"{standin.url}\n".encode())
            signal.pause()
        return 0

    process = child(serve)
    yield os.read(reading, 100).decode().strip()
    os.kill(process, signal.SIGKILL)
    ended(process)
    os.close(reading)
    os.close(writing)


def killed(folder: Path, place: int) -> bool:
    """Run in a child that is killed at this place; False once it was done before it came there."""

    def work() -> int:
        places = Places(place)
        places.spread()
        request = requests.Session.request

        def guarded(*arguments: object, **options: object) -> requests.Response:
            places.here()
            response = request(*arguments, **options)  # type: ignore[arg-type]  # stands for any request
            places.here()
            return response

        requests.Session.request = guarded  # type: ignore[method-assign]  # in this child alone
        return honorar("--config", folder, *RUN).code

    code = ended(child(work))
    assert code in (0, -signal.SIGKILL)
    return code != 0


def numbers_there(url: str) -> list[str]:
    """Return the numbers of what stands there."""
    rows = requests.get(f"{url}/v1/voucherlist", params=LIST, headers=HEADERS, timeout=5).json()["content"]
    return sorted(row["voucherNumber"] for row in rows)


def numbers_here(folder: Path) -> list[str]:
    """Return the numbers and states of what is on record."""
    listed = honorar("--config", folder, "documents", "--json").json["documents"]
    assert {each["state"] for each in listed} <= {"accepted", "open"}
    return sorted(each["number"] for each in listed)


def test_killed_for_good_at_any_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two documents there, two here, under the same numbers; whatever was cut off."""
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setattr("connector.sinks.lexware.sink.SETTLES_AFTER", 0)  # the stand-in does nothing late
    for slots in (Slots, OwnSlots):
        monkeypatch.setattr(slots, "reserve", lambda *_: 0)
    untouched = small_tenant(tmp_path / "tenant")
    assert honorar("--config", untouched, "status").code == 0

    for place in count(step=EVERY):
        with served() as url:
            folder = sends_to(copied(untouched, tmp_path / "killed"), url)
            if not killed(folder, place):
                break
            for _ in range(2):
                honorar("--config", folder, *RUN)
            assert numbers_there(url) == numbers_here(folder) == ["RE0001", "RE0002"], f"killed at place {place}"
    assert place >= FEWEST_PLACES
