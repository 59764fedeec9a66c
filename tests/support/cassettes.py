"""Recorded traffic: scrubbed when it is written, replayed strictly, and never recorded by accident.

A cassette says in its first line what it was recorded from. Replay matches method, address and body, gives each answer
once, and fails if one is left over. Recording maps the real address to an invented one and keeps only the headers that
mean something; keys leave addresses and bodies through `connector.redact`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vcr  # type: ignore[import-untyped]  # it brings no types

from connector.redact import redact

FOLDER = Path(__file__).parents[1] / "cassettes"

ORIGIN = "# Recorded from "

MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "body")

KEPT_HEADERS = frozenset(
    {"accept", "content-type", "location", "retry-after", "link", "idempotency-key", "aw-totalitems", "x-total-count"}
)
"""All others are left out, above all keys, cookies and ids of sessions and requests."""


@dataclass(frozen=True)
class Recording:
    """What is recorded: a sentence on where it comes from, the real address, and the one that stands for it."""

    origin: str
    real_url: str
    told_url: str

    def request(self, request: Any) -> Any:  # noqa: ANN401 - vcrpy brings no types
        """Return the request as it may be kept."""
        request.uri = redact(self._told(request.uri))
        request.body = self._scrubbed(request.body)
        request.headers = _kept(request.headers)
        return request

    def response(self, response: dict[str, Any]) -> dict[str, Any]:
        """Return the response as it may be kept."""
        body = {"string": self._scrubbed(response["body"]["string"])}
        return {"status": response["status"], "headers": _kept(response["headers"]), "body": body}

    def _scrubbed(self, body: bytes | None) -> bytes | None:
        if not body:
            return body
        encoding = "utf-8" if _is_utf8(body) else "latin-1"  # a file in another encoding keeps its bytes
        return redact(self._told(body.decode(encoding))).encode(encoding)

    def _told(self, text: str) -> str:
        return text.replace(self.real_url, self.told_url)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _kept(headers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in headers.items() if name.lower() in KEPT_HEADERS}


_YAML: Any = vcr.VCR().serializers["yaml"]


class _Told:
    """Writes the origin above the recording."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def serialize(self, recorded: dict[str, Any]) -> str:
        return f"{ORIGIN}{self._origin}\n{_YAML.serialize(recorded)}"

    deserialize = staticmethod(_YAML.deserialize)


def path_of(adapter: str, name: str) -> Path:
    """Return where the cassette lies."""
    return FOLDER / adapter / f"{name}.yaml"


@contextmanager
def recorded(adapter: str, name: str, recording: Recording) -> Iterator[None]:
    """Record the traffic of the block anew."""
    path = path_of(adapter, name)
    path.unlink(missing_ok=True)
    recorder = vcr.VCR(
        record_mode=vcr.mode.ALL,
        match_on=("method", "uri"),
        before_record_request=recording.request,
        before_record_response=recording.response,
        decode_compressed_response=True,
        serializer="told",
    )
    recorder.register_serializer("told", _Told(recording.origin))
    with recorder.use_cassette(str(path)):
        yield


@contextmanager
def replayed(adapter: str, name: str) -> Iterator[None]:
    """Answer the block's requests from the cassette; AssertionError if an answer was never asked for."""
    player = vcr.VCR(record_mode=vcr.mode.NONE, match_on=MATCH_ON)
    with player.use_cassette(str(path_of(adapter, name)), allow_playback_repeats=False) as cassette:
        yield
    assert cassette.all_played, f"{name}: some recorded answers were never asked for"
