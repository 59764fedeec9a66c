"""The web server under every stand-in: requests to an `Api`, one at a time, and faults between it and the client."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request: the path without the query, decoded; the query's values by name; headers with lower-case names."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whatever the client sends
        """Return the body as JSON, numbers with decimals as Decimal; ValueError for anything else."""
        return json.loads(self.body, parse_float=Decimal)

    def value(self, name: str, default: str = "") -> str:
        """Return the last value of the query under the name."""
        return self.query.get(name, [default])[-1]


@dataclass(frozen=True)
class Said:
    """An answer: bytes go out as they are, None as nothing, anything else as JSON (Decimal as a number)."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def payload(self) -> bytes:
        """Return the bytes that go out."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return as_json(self.body).encode()


_MARK = re.compile(r'"\\u0000(\d+)\\u0000"')


def as_json(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return the JSON text; a Decimal stands as the number it is, digit for digit."""
    numbers: list[str] = []

    def marked(number: object) -> str:
        if not isinstance(number, Decimal):
            message = f"no JSON for {type(number).__name__}"
            raise TypeError(message)
        numbers.append(f"{number:f}")
        return f"\x00{len(numbers) - 1}\x00"

    text = json.dumps(value, ensure_ascii=False, default=marked)
    return _MARK.sub(lambda mark: numbers[int(mark[1])], text)


class Api(Protocol):
    """What a vendor's server does with a request; it keeps its own state and its own limits."""

    def answer(self, asked: Asked) -> Said:
        """Return the answer, and change the state; calls come one at a time."""
        ...


class Fault(StrEnum):
    """What may happen to a request between client and server."""

    ANSWER_LOST = "the server does it, and the connection breaks before the answer"
    RESET_BEFORE = "the connection breaks before the server has seen anything"
    TOO_MANY = "429"
    TOO_MANY_AS_500 = "500 that speaks of the rate"
    SERVER_ERROR = "500 after the server did nothing"
    GATEWAY_TIMEOUT = "504 after the server did it"
    TRUNCATED = "the server does it, and half of the JSON arrives"
    SLOW = "the server does it, and answers late"


Where = Callable[[Asked], bool]


@dataclass
class _Planned:
    fault: Fault
    where: Where
    times: int


@dataclass
class Standin:
    """A running stand-in: its address, what it was asked (in order), and the faults to come.

    `slow_seconds` is how late a slow answer is.
    """

    api: Any
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    slow_seconds: float = 0.05
    _planned: list[_Planned] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def fail(self, fault: Fault, where: Where = lambda _: True, times: int = 1) -> None:
        """Let the fault happen to the next requests for which `where` is true, so many times."""
        self._planned.append(_Planned(fault, where, times))

    def mend(self) -> None:
        """Let no more faults happen."""
        self._planned.clear()

    def calls(self, method: str, path: str = "") -> int:
        """Return how many requests of the method came whose path starts so."""
        return sum(asked.method == method and asked.path.startswith(path) for asked in self.asked)

    def said(self, asked: Asked) -> Said | None:
        """Return what goes out; None where the connection breaks."""
        with self._lock:
            self.asked.append(asked)
            fault = self._fault(asked)
            match fault:
                case Fault.RESET_BEFORE:
                    return None
                case Fault.TOO_MANY:
                    return Said(429, {"message": "Rate limit exceeded"})
                case Fault.TOO_MANY_AS_500:
                    return Said(500, {"message": "Rate limit exceeded"})
                case Fault.SERVER_ERROR:
                    return Said(500, {"message": "Internal Server Error"})
            said: Said = self.api.answer(asked)
        return self._bent(fault, said)

    def _bent(self, fault: Fault | None, said: Said) -> Said | None:
        match fault:
            case Fault.ANSWER_LOST:
                return None
            case Fault.GATEWAY_TIMEOUT:
                return Said(504, b"<html>504 Gateway Time-out</html>", {"Content-Type": "text/html"})
            case Fault.TRUNCATED:
                payload = said.payload()
                return Said(said.status, payload[: len(payload) // 2], {"Content-Type": "application/json"})
            case Fault.SLOW:
                time.sleep(self.slow_seconds)
        return said

    def _fault(self, asked: Asked) -> Fault | None:
        for planned in self._planned:
            if planned.times and planned.where(asked):
                planned.times -= 1
                return planned.fault
        return None


@contextmanager
def serving(api: Api, port: int = 0) -> Iterator[Standin]:
    """Yield the stand-in while it answers on 127.0.0.1 (port 0: any free one)."""
    standin = Standin(api)
    with ThreadingHTTPServer(("127.0.0.1", port), _handler(standin)) as server:
        server.daemon_threads = True
        standin.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield standin
        finally:
            server.shutdown()
            thread.join()


def _handler(standin: Standin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body of an answer go out one after the other, without a pause

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = parse_qs(parts.query, keep_blank_values=True)
            said = standin.said(Asked(self.command, unquote(parts.path), query, headers, body))
            with suppress(ConnectionError):  # a client may give up first
                self._send(said) if said else self._break()

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the base class wants these names

        def _send(self, said: Said) -> None:
            payload = said.payload()
            self.send_response(said.status)
            kind = {"Content-Type": "application/json"} if payload else {}
            for name, value in {**kind, **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(payload)

        def _break(self) -> None:
            """Reset the connection, without a word."""
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

        def finish(self) -> None:
            with suppress(OSError, ValueError):  # the connection may be broken on purpose
                super().finish()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    return Handler
