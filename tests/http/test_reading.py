"""The transport against a server on this machine: what it keeps, retries, refuses and says."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests

from connector.core.errors import (
    AuthenticationFailed,
    ConfigError,
    HonorarError,
    NotAllowed,
    NotFound,
    RateLimited,
    RefusedError,
    TimedOut,
    Unavailable,
    UnexpectedAnswer,
)
from connector.http import Patience, Transport, calls
from tests.support.transports import MemoryInbox, transport_for
from tests.support.web import Answer, web

KEY = "a-key-of-the-reader-01"
OK = Answer(body=b'{"hours": 1.10, "id": 7}')
NO_CONTENT_TYPE: dict[str, str] = {}


def waiting_transport(waits: list[float], **patience: int) -> Transport:
    """Return a transport that notes its waits instead of waiting."""
    return Transport("tool", Path(), MemoryInbox(), patience=Patience(sleep=waits.append, **patience))


def test_json_comes_with_exact_numbers_and_is_kept_as_it_came() -> None:
    """Decimals are Decimal, and the inbox has the bytes with the address they came from."""
    inbox = MemoryInbox()
    transport = transport_for("tool", inbox=inbox)
    with web(OK) as server:
        answer = transport.get_json(f"{server.url}/time", params={"limit": 100}, headers={"X-API-Key": KEY})
    assert answer == {"hours": Decimal("1.10"), "id": 7}
    assert isinstance(answer["hours"], Decimal)
    assert inbox.kept == [("tool", f"{server.url}/time?limit=100", OK.body)]
    [(path, headers)] = server.asked
    assert (path, headers["X-API-Key"], headers["Accept"]) == ("/time?limit=100", KEY, "application/json")
    assert transport.requests == 1


def test_a_version_is_asked_for_once() -> None:
    """Kept under its own place, it comes back with exact numbers and without a call; another version is asked for."""
    inbox = MemoryInbox()
    with web(OK, OK) as server:
        for version in ("v1", "v1", "v2"):
            transport = transport_for("tool", inbox=inbox)
            answer = transport.get_version(f"{server.url}/offers/7", version, lambda told: told["id"] == 7)
            assert answer == {"hours": Decimal("1.10"), "id": 7}
            assert isinstance(answer["hours"], Decimal)
        assert len(server.asked) == 2
    assert [place for _, place, _ in inbox.kept] == [f"{server.url}/offers/7 version {each}" for each in ("v1", "v2")]


@pytest.mark.parametrize(("version", "is_it"), [("", True), ("v1", False)], ids=["none told", "another one"])
def test_what_is_no_known_version_is_kept_as_any_answer(version: str, *, is_it: bool) -> None:
    """And asked for again the next time."""
    inbox = MemoryInbox()
    with web(OK, OK) as server:
        for _ in range(2):
            transport_for("tool", inbox=inbox).get_version(f"{server.url}/offers/7", version, lambda _: is_it)
        assert len(server.asked) == 2
    assert {place for _, place, _ in inbox.kept} == {f"{server.url}/offers/7"}


def test_answers_with_secrets_are_not_kept() -> None:
    """`keep = False` leaves the inbox alone."""
    inbox = MemoryInbox()
    with web(OK) as server:
        transport_for("tool", inbox=inbox).get_json(server.url, keep=False)
    assert inbox.kept == []


def test_an_address_with_a_key_is_kept_without_it() -> None:
    """A key that a vendor wants in the address does not get into the inbox."""
    inbox = MemoryInbox()
    with web(OK) as server:
        transport_for("tool", inbox=inbox).get_json(server.url, params={"api_key": KEY})
    [(_, place, _)] = inbox.kept
    assert KEY not in place


STATUSES = (
    (401, AuthenticationFailed),
    (403, NotAllowed),
    (404, NotFound),
    (408, TimedOut),
    (422, RefusedError),
    (429, RateLimited),
    (500, Unavailable),
    (503, Unavailable),
    (599, Unavailable),
    (302, UnexpectedAnswer),
    (304, UnexpectedAnswer),
)


@pytest.mark.parametrize(("status", "error"), STATUSES)
def test_each_status_is_the_error_it_means(status: int, error: type[HonorarError]) -> None:
    """Status becomes an error class; the message says where, and neither key nor body."""
    body = b'{"detail": "payload"}'
    transport = waiting_transport([], attempts=1)
    with web(Answer(status, body)) as server, pytest.raises(error) as caught:
        transport.get_json(f"{server.url}/time", headers={"Authorization": f"Bearer {KEY}"})
    assert type(caught.value) is error
    assert caught.value.place == f"tool: GET {server.url}/time"
    assert KEY not in str(caught.value)
    assert "payload" not in str(caught.value)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_temporary_failures_are_tried_again(status: int) -> None:
    """A read that fails for now is repeated, with growing waits that differ a little."""
    waits: list[float] = []
    transport = waiting_transport(waits)
    with web(Answer(status), Answer(status), OK) as server:
        assert transport.get_json(server.url)["id"] == 7
    assert transport.requests == 3
    assert len(waits) == 2
    assert 1 <= waits[0] <= 2 <= waits[1] <= 3


def test_attempts_are_bounded() -> None:
    """After the last attempt the error comes through, and the answer that would have been good is not waited for."""
    transport = waiting_transport([], attempts=3)
    with web(Answer(503), Answer(503), Answer(503), OK) as server, pytest.raises(Unavailable):
        transport.get_json(server.url)
    assert transport.requests == 3


def test_lasting_failures_are_not_tried_again() -> None:
    """A refused key is not tried a second time: that would lock the account."""
    transport = waiting_transport([])
    with web(Answer(401), OK) as server, pytest.raises(AuthenticationFailed):
        transport.get_json(server.url)
    assert transport.requests == 1


def in_seconds(seconds: int) -> str:
    """Return the moment as HTTP writes it."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(("status", "as_date"), [(429, False), (503, False), (429, True)])
def test_the_wait_that_is_asked_for_is_honoured(status: int, as_date: bool) -> None:  # noqa: FBT001 - a parameter
    """Retry-After, in seconds or as a date, is waited for, and a little longer."""
    said = in_seconds(60) if as_date else "60"
    waits: list[float] = []
    with web(Answer(status, headers={"Retry-After": said}), OK) as server:
        waiting_transport(waits).get_json(server.url)
    [wait] = waits
    assert 50 <= wait <= 62


@pytest.mark.parametrize("said", ["soon", "-5", "1.5", "²"])
def test_a_wait_that_cannot_be_understood_is_our_own(said: str) -> None:
    """An unreadable Retry-After changes nothing."""
    waits: list[float] = []
    with web(Answer(429, headers={"Retry-After": said.encode().decode("latin-1")}), OK) as server:
        waiting_transport(waits).get_json(server.url)
    assert 1 <= waits[0] <= 2


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"RateLimit-Reset": "40"}, 40),
        ({"RateLimit-Reset": "40", "Retry-After": "20"}, 20),
        ({"RateLimit-Reset": "1774000000"}, 1),
        ({"RateLimit-Reset": "soon"}, 1),
    ],
    ids=["alone", "beside the wait", "a moment", "no number"],
)
def test_a_count_that_begins_anew_is_waited_for(headers: dict[str, str], waited: int) -> None:
    """Where too many requests are answered with nothing but that, as awork does."""
    waits: list[float] = []
    with web(Answer(429, headers=headers), OK) as server:
        waiting_transport(waits).get_json(server.url)
    [wait] = waits
    assert waited <= wait <= waited + 1


def test_a_moment_that_has_passed_is_no_wait() -> None:
    """A Retry-After in the past is tried at once, but for the jitter."""
    waits: list[float] = []
    with web(Answer(429, headers={"Retry-After": in_seconds(-60)}), OK) as server:
        waiting_transport(waits).get_json(server.url)
    assert 0 <= waits[0] <= 1


def test_too_long_a_wait_is_left_to_the_next_run() -> None:
    """A wait beyond the total time is not begun; the error carries it."""
    waits: list[float] = []
    answer = Answer(429, headers={"Retry-After": "3600"})
    with web(answer, OK) as server, pytest.raises(RateLimited) as caught:
        waiting_transport(waits).get_json(server.url)
    assert waits == []
    assert caught.value.retry_after == 3600


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"<!DOCTYPE html><p>Anmelden</p>", {"Content-Type": "text/html; charset=utf-8"}),
        (b"  \n<html></html>", {"Content-Type": "application/json"}),
        (b"{}", {"Content-Type": "TEXT/HTML"}),
        (b'{"id": 7', NO_CONTENT_TYPE),
        (b"", NO_CONTENT_TYPE),
        (b'{"id": NaN}', NO_CONTENT_TYPE),
        (b'{"id": "\xff"}', NO_CONTENT_TYPE),
        (b"[" * 100_000, NO_CONTENT_TYPE),
    ],
)
def test_what_is_not_json_is_unexpected(body: bytes, headers: dict[str, str]) -> None:
    """A page for people, half an answer or bad bytes with status 200 are refused, but kept as evidence."""
    inbox = MemoryInbox()
    with web(Answer(200, body, headers)) as server, pytest.raises(UnexpectedAnswer) as caught:
        transport_for("tool", inbox=inbox).get_json(server.url)
    assert "Anmelden" not in str(caught.value)
    assert [payload for _, _, payload in inbox.kept] == [body]


def test_redirects_are_not_followed() -> None:
    """The key is never carried to another host; the message tells where it would have gone."""
    moved = Answer(301, headers={"Location": f"https://elsewhere.example/?key={KEY}"})
    with web(moved, OK) as server, pytest.raises(UnexpectedAnswer, match=r"https://elsewhere\.example/") as caught:
        transport_for("tool").get_json(server.url, headers={"X-API-Key": KEY})
    assert KEY not in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("address", ["http://[::1", "/\xff\xfe", "//["])
def test_a_redirect_to_what_is_no_address_is_told_like_any_other(address: str) -> None:
    """It is not looked into."""
    with web(Answer(302, headers={"Location": address})) as server, pytest.raises(UnexpectedAnswer, match="elsewhere"):
        transport_for("tool").get_json(server.url)


def test_no_connection_is_unavailable() -> None:
    """Where nothing listens, the attempts end with Unavailable."""
    with web() as server:
        pass
    transport = waiting_transport([], attempts=2)
    with pytest.raises(Unavailable, match="no connection"):
        transport.get_json(server.url)
    assert transport.requests == 2


def test_a_broken_off_answer_is_unavailable() -> None:
    """Fewer bytes than announced are not taken for the whole; the next attempt may be good."""
    broken = Answer(body=b'{"id"', announced_bytes=500)
    with web(broken, OK) as server:
        assert waiting_transport([]).get_json(server.url)["id"] == 7


def test_no_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A read that takes too long is TimedOut after its attempts."""
    monkeypatch.setattr(calls, "TIMEOUTS_SECONDS", (1, 0.05))
    slow = Answer(after_seconds=0.3)
    with web(slow, slow) as server, pytest.raises(TimedOut):
        waiting_transport([], attempts=2).get_json(server.url)


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than any page of records can be is refused before it fills the memory."""
    monkeypatch.setattr(calls, "LARGEST_BODY_BYTES", 1000)
    with web(Answer(body=b" " * 2000)) as server, pytest.raises(UnexpectedAnswer, match="larger than"):
        transport_for("tool").get_json(server.url)


def test_compressed_answers_are_unpacked() -> None:
    """An answer that is packed with gzip is read and kept in clear; one that only says so is refused."""
    packed = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    inbox = MemoryInbox()
    with web(Answer(body=gzip.compress(OK.body), headers=packed), Answer(headers=packed)) as server:
        transport = transport_for("tool", inbox=inbox)
        assert transport.get_json(server.url)["id"] == 7
        with pytest.raises(UnexpectedAnswer, match="packed"):
            transport.get_json(server.url)
    assert [payload for _, _, payload in inbox.kept] == [OK.body]


@pytest.mark.parametrize(
    ("url", "key"),
    [("tool.example", KEY), ("https://", KEY), ("ftp://tool.example", KEY), ("http://127.0.0.1", "line\nbreak"),
     ("http://127.0.0.1", "schlüssel–")],
)  # fmt: skip
def test_what_cannot_be_sent_is_a_fault_of_the_configuration(url: str, key: str) -> None:
    """An address or key with typing errors is named as such, without showing the key, and not tried again."""
    transport = transport_for("tool")
    with pytest.raises(ConfigError) as caught:
        transport.get_json(url, headers={"X-API-Key": key})
    assert key not in str(caught.value)
    assert transport.requests == 1


def test_a_certificate_that_is_not_trusted_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad certificate is nothing that waiting cures."""

    def fail(*_: object, **__: object) -> None:
        raise requests.exceptions.SSLError

    transport = transport_for("tool")
    monkeypatch.setattr(requests.Session, "request", fail)
    with pytest.raises(RefusedError, match="certificate"):
        transport.get_json("https://tool.example")
    assert transport.requests == 1


def words(answer: Sequence[str]) -> str:
    """Return the words of a refusal that is a list."""
    return "; ".join(answer)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('["Datum ist kein gültiges Datum"]'.encode(), ": Datum ist kein gültiges Datum"),
        (b'["api_key=geheim1 fehlt"]', ": api_key=[redacted] fehlt"),
        (b"[]", ""),
        (b"<html>", ""),
        (f'["{"x" * 1000}"]'.encode(), ": " + "x" * 300),
    ],
)
def test_a_refusal_is_told_in_the_other_sides_words(body: bytes, said: str) -> None:
    """Where the adapter knows how to find them, the vendor's own words stand in the message: redacted and bounded."""
    with web(Answer(422, body)) as server, pytest.raises(RefusedError) as caught:
        transport_for("tool").get_json(server.url, refusal=words)
    assert caught.value.message == f"refused (status 422){said}"


def test_a_netrc_does_not_replace_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ~/.netrc says of the host is not sent in place of the configured key."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login anna password geheim\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with web(OK) as server:
        transport_for("tool").get_json(server.url, headers={"Authorization": f"Bearer {KEY}"})
    [(_, headers)] = server.asked
    assert headers["Authorization"] == f"Bearer {KEY}"


def test_cookies_are_not_sent_back() -> None:
    """Every call stands for itself: a session of the other side does not colour the next one."""
    cookie = Answer(headers={"Content-Type": "application/json", "Set-Cookie": "session=1"})
    transport = transport_for("tool")
    with web(cookie, OK) as server:
        transport.get_json(server.url)
        transport.get_json(server.url)
    assert "Cookie" not in server.asked[1][1]


def test_files_are_read_and_kept(tmp_path: Path) -> None:
    """A file is read relative to the tenant's folder, and the inbox has its bytes."""
    (tmp_path / "time.csv").write_bytes(b"a;b\n")
    inbox = MemoryInbox()
    transport = transport_for("ledger", folder=tmp_path, inbox=inbox)
    assert transport.read_file("time.csv") == b"a;b\n"
    assert inbox.kept == [("ledger", "time.csv", b"a;b\n")]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there, or a folder in its place, says where it was looked for."""
    (tmp_path / "folder").mkdir()
    transport = transport_for("ledger", folder=tmp_path)
    for path in ("missing.csv", "folder"):
        with pytest.raises(NotFound, match=str(tmp_path)) as caught:
            transport.read_file(path)
        assert caught.value.place == f"ledger: {path}"


@pytest.mark.parametrize(
    ("fault", "error"), [(PermissionError(), NotAllowed), (OSError(5, "Input/output error"), Unavailable)]
)
def test_an_unreadable_file(fault: OSError, error: type[HonorarError], monkeypatch: pytest.MonkeyPatch) -> None:
    """No right to read, and a drive that does not answer, are different errors."""

    def fail(_: Path) -> bytes:
        raise fault

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(error):
        transport_for("ledger").read_file("time.csv")


def test_lines_are_read_one_by_one() -> None:
    """NDJSON: exact numbers, empty lines say nothing, and the whole answer is kept."""
    inbox = MemoryInbox()
    lines = Answer(
        body=b'{"amount": 1.10}\n\n[1, 2]\n', headers={"Content-Type": "application/x-ndjson", "x-total-pages": "3"}
    )
    with web(lines) as server:
        told = transport_for("tool", inbox=inbox).get_lines(server.url, params={"page": 1})
    assert told.values == ({"amount": Decimal("1.10")}, [1, 2])
    assert told.headers["X-Total-Pages"] == "3"
    assert inbox.kept == [("tool", f"{server.url}/?page=1", lines.body)]


def test_a_line_that_is_no_json_is_told() -> None:
    """A broken line is not left out: it may be a payment."""
    broken = Answer(body=b'{"amount": 1}\n{"amo', headers={"Content-Type": "application/x-ndjson"})
    with web(broken) as server, pytest.raises(UnexpectedAnswer, match="not JSON"):
        transport_for("tool").get_lines(server.url)


def test_a_pause_is_patience_like_every_other_wait() -> None:
    """An adapter that is told to come back later waits as calls do."""
    waits: list[float] = []
    waiting_transport(waits).pause(5)
    assert waits == [5]
