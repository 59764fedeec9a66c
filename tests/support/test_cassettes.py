"""Every recording is clean and says where it is from; the helper that records and replays keeps its word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import vcr  # type: ignore[import-untyped]  # it brings no types

from connector.redact import REDACTED, redact
from tests.support import cassettes
from tests.support.cassettes import FOLDER, KEPT_HEADERS, ORIGIN, Recording, path_of, recorded, replayed
from tests.support.web import Answer, web

REFUSED = vcr.errors.CannotOverwriteExistingCassetteException

CASSETTES = sorted(FOLDER.glob("**/*.yaml"))
NAMES = [str(path.relative_to(FOLDER)) for path in CASSETTES]

LONG_HEX = re.compile(r"\b[0-9a-f]{40}\b")
"""What keys of some tools look like."""

LOCAL = re.compile(r"localhost|127\.0\.0\.1")


def exchanges(path: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield each recorded request with its response."""
    with vcr.VCR(record_mode=vcr.mode.NONE).use_cassette(str(path)) as cassette:
        yield from cassette.data


def texts(path: Path) -> Iterator[str]:
    """Yield everything that was recorded: addresses and bodies both ways."""
    for request, response in exchanges(path):
        yield request.uri
        yield (request.body or b"").decode(errors="replace")
        yield response["body"]["string"].decode()


@pytest.mark.parametrize("path", CASSETTES, ids=NAMES)
def test_a_recording_says_where_it_is_from(path: Path) -> None:
    """The first line names what was recorded, and how to do it again."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(ORIGIN)
    assert " by tests/" in first


@pytest.mark.parametrize("path", CASSETTES, ids=NAMES)
def test_a_recording_holds_no_secret(path: Path) -> None:
    """No key, no cookie, no header that nobody needs, and no address of the machine it was recorded on."""
    for request, response in exchanges(path):
        assert {name.lower() for name in (*request.headers, *response["headers"])} <= KEPT_HEADERS
    for text in texts(path):
        assert redact(text) == text
        assert not LONG_HEX.search(text)
        assert not LOCAL.search(text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let recordings of a test go to a folder of its own."""
    monkeypatch.setattr(cassettes, "FOLDER", tmp_path)
    return tmp_path


KEY = "5c4a77e5a1b2c3d4e5f6"
HEADERS = {"Authorization": f"Bearer {KEY}", "Accept": "application/json"}
PAGE = {"Content-Type": "application/json", "Set-Cookie": f"session={KEY}", "X-Request-Id": "1"}


def record(folder: Path) -> str:
    """Record a read and a write, both with secrets everywhere; return what was written."""
    answers = [Answer(body=f'{{"api_key": "{KEY}"}}'.encode(), headers=PAGE), Answer(201, b"{}", PAGE)]
    with web(*answers) as server:
        recording = Recording(
            "a server of the test by tests/support/test_cassettes.py", server.url, "https://tool.example"
        )
        with recorded("tool", "story", recording):
            requests.get(f"{server.url}/me", params={"key": KEY}, headers=HEADERS, timeout=5)
            requests.post(f"{server.url}/invoices", json={"total": "595.00"}, headers=HEADERS, timeout=5)
    return (folder / "tool" / "story.yaml").read_text(encoding="utf-8")


def play(total: str) -> list[int]:
    """Do what was recorded, with this total; return the statuses."""
    me = requests.get("https://tool.example/me", params={"key": REDACTED}, headers=HEADERS, timeout=5)
    invoice = requests.post("https://tool.example/invoices", json={"total": total}, headers=HEADERS, timeout=5)
    return [me.status_code, invoice.status_code]


def test_secrets_are_scrubbed_when_written(folder: Path) -> None:
    """A key in header, address, body or cookie never reaches the disk, nor does the real address."""
    written = record(folder)
    assert KEY not in written
    assert "127.0.0.1" not in written
    assert "X-Request-Id" not in written
    assert written.startswith("# Recorded from a server of the test")


def test_recordings_are_replayed(folder: Path) -> None:
    """The same calls get the recorded answers, without a server."""
    record(folder)
    with replayed("tool", "story"):
        assert play("595.00") == [200, 201]


def test_a_changed_body_is_not_answered(folder: Path) -> None:
    """A write with another total finds no answer: that it would be accepted was never seen."""
    record(folder)
    with pytest.raises(REFUSED), replayed("tool", "story"):
        play("594.00")


def test_an_answer_is_given_once(folder: Path) -> None:
    """A second call of the same kind is a call too many."""
    record(folder)
    with replayed("tool", "story"):
        play("595.00")
        with pytest.raises(REFUSED):
            play("595.00")


def test_an_answer_left_over_fails(folder: Path) -> None:
    """A call that is no longer made shows."""
    record(folder)
    with pytest.raises(AssertionError, match="never asked for"), replayed("tool", "story"):
        requests.get("https://tool.example/me", params={"key": REDACTED}, headers=HEADERS, timeout=5)


def test_recordings_lie_with_their_adapter() -> None:
    """One folder for each adapter, one file for each story."""
    assert path_of("redmine", "pull") == FOLDER / "redmine" / "pull.yaml"
    assert len(CASSETTES) >= 8
