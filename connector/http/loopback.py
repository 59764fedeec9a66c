"""A door for one visitor: a browser that a log-in page sends back to this machine (RFC 8252, 7.3).

Listens on 127.0.0.1 alone. What does not carry the right state is turned away and waited on: any page a person has open
could call this address.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

from connector.core.errors import RefusedError, TimedOut

HOST = "127.0.0.1"

PAUSE_SECONDS = 0.2
"""How often it is looked whether time is up."""

_PAGE = """<!doctype html><meta charset="utf-8"><title>Honorar</title>
<p>{german}</p><p lang="en">{english}</p>"""
_DONE = "Honorar hat die Antwort. Dieses Fenster kann geschlossen werden.", "Honorar has the answer. Close this window."
_NOT_MINE = "Diese Antwort gehört zu keiner laufenden Anmeldung.", "This answer belongs to no log-in under way."


class Loopback:
    """A listening door: `url` is what the log-in page sends the browser back to."""

    def __init__(self, server: HTTPServer, url: str, clock: Callable[[], float]) -> None:
        self.url = url
        self._server = server
        self._clock = clock
        self._answer: dict[str, str] | None = None

    def answer(self, state: str, seconds: int) -> Mapping[str, str]:
        """Return what the browser brought with this state; TimedOut where nothing came within so many seconds."""
        deadline = self._clock() + seconds
        self._server.timeout = PAUSE_SECONDS
        self._server.RequestHandlerClass = self._handler(state)
        while self._answer is None:
            if self._clock() >= deadline:
                message = f"nobody logged in within {seconds} seconds"
                raise TimedOut(message, hint="run the command again, and log in at the address it prints")
            self._server.handle_request()
        return self._answer

    def _handler(self, state: str) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                told = dict(parse_qsl(urlsplit(self.path).query))
                mine = secrets.compare_digest(told.get("state", "").encode(), state.encode())
                if mine:
                    loopback._answer = told
                self._say(200, _DONE) if mine else self._say(400, _NOT_MINE)

            def _say(self, status: int, texts: tuple[str, str]) -> None:
                page = _PAGE.format(german=texts[0], english=texts[1]).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_: object) -> None:
                """Stay silent: the path carries the code."""

        return Handler


@contextmanager
def listening(url: str, clock: Callable[[], float] = time.monotonic) -> Iterator[Loopback]:
    """Yield the door while it is open; without a port in the url, any free one is taken.

    RefusedError where the port is taken by another program.
    """
    parts = urlsplit(url)
    try:
        server = HTTPServer((HOST, parts.port or 0), BaseHTTPRequestHandler)
    except OSError as error:
        message = f"port {parts.port} of this machine cannot be listened on: {error.strerror}"
        raise RefusedError(message, hint="name another port in redirect_url, or none") from None
    with server:
        yield Loopback(server, f"http://{parts.hostname}:{server.server_address[1]}{parts.path}", clock)
