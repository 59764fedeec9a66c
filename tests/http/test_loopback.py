from __future__ import annotations

import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
import requests

from connector.core.errors import RefusedError, TimedOut
from connector.http import loopback
from connector.http.loopback import listening


def visited(*queries: str) -> tuple[Mapping[str, str], list[tuple[int, str]]]:
    """Return what the door let in, and what each visitor was told, one after the other."""
    told: list[tuple[int, str]] = []
    with listening("http://127.0.0.1/back") as door:

        def visit() -> None:
            for query in queries:
                answer = requests.get(f"{door.url}?{query}", timeout=5)
                told.append((answer.status_code, answer.text))

        visitor = threading.Thread(target=visit)
        visitor.start()
        answer = door.answer("right", 5)
        visitor.join()
    return answer, told


def test_the_visitor_with_the_state_is_let_in() -> None:
    """What it brought is returned; the page says in two languages that it can be closed."""
    answer, [(status, page)] = visited("state=right&code=c%2F1")
    assert answer == {"state": "right", "code": "c/1"}
    assert status == 200
    assert "Dieses Fenster kann geschlossen werden." in page
    assert "Close this window." in page


def test_others_are_turned_away() -> None:
    """No state, a wrong one, and one with letters that no state has."""
    answer, told = visited("code=evil", "state=wrong&code=evil", "state=%C3%A4&code=evil", "state=right&code=good")
    assert answer["code"] == "good"
    assert [status for status, _ in told] == [400, 400, 400, 200]


def test_the_address_is_of_this_machine_with_a_port_of_its_own() -> None:
    """Two doors at once have two; a host and path of the setting stay."""
    with listening("http://localhost/datev/back") as one, listening("http://127.0.0.1") as other:
        first, second = urlsplit(one.url), urlsplit(other.url)
    assert (first.hostname, first.path) == ("localhost", "/datev/back")
    assert (second.hostname, second.path) == ("127.0.0.1", "")
    assert first.port != second.port


def test_a_door_nobody_comes_to_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many seconds of the clock."""
    monkeypatch.setattr(loopback, "PAUSE_SECONDS", 0.001)
    clock = iter(range(100))
    with listening("http://127.0.0.1", lambda: next(clock)) as door, pytest.raises(TimedOut, match="within 3 seconds"):
        door.answer("right", 3)


def test_a_port_that_is_taken_is_told() -> None:
    """By its number, and what to do."""
    with listening("http://127.0.0.1") as door:
        port = urlsplit(door.url).port
        with pytest.raises(RefusedError, match=f"port {port} of this machine") as caught, listening(door.url):
            pytest.fail("nobody listens")
    assert "redirect_url" in caught.value.hint
