"""A web server on this machine that gives prepared answers, one per request, and remembers what was asked."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """What the server says; `after_seconds` lets it hesitate, `announced_bytes` promises more than it sends.

    `lost` takes the request and closes without a word; `reset` breaks the connection off as it begins.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    after_seconds: float = 0
    announced_bytes: int | None = None
    lost: bool = False
    reset: bool = False


@dataclass
class Web:
    """The running server: its address, and what was asked so far: path with query and headers, method and body."""

    url: str
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    sent: list[tuple[str, bytes]] = field(default_factory=list)


@contextmanager
def web(*answers: Answer) -> Iterator[Web]:
    """Yield a server that gives these answers in order, then 500."""
    waiting = list(answers)
    state = Web("")

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            if waiting and waiting[0].reset:
                waiting.pop(0)
                self.connection.recv(1, socket.MSG_PEEK)  # sooner, the client may see no connection at all
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            else:
                super().handle()

        def do_GET(self) -> None:
            state.sent.append((self.command, self.rfile.read(int(self.headers.get("Content-Length", 0)))))
            state.asked.append((self.path, dict(self.headers)))
            answer = waiting.pop(0) if waiting else Answer(500)
            time.sleep(answer.after_seconds)
            if not answer.lost:
                self.say(answer)
            self.close_connection = True

        def say(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(answer.announced_bytes or len(answer.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            with suppress(ConnectionError):  # a client may give up first
                self.wfile.write(answer.body)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the base class wants these names

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
