"""A vendor who counts: a server with a bucket of requests that fills at a rate, and clients in processes of their own.

`python -m tests.support.limited URL STORE REQUESTS THREADS RATE` calls the server so often, paced by the store's slots;
the rate is written as requests/seconds/burst.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from connector.core.ports import Rate
from connector.http import Transport
from connector.store import open_store
from tests.support.transports import MemoryInbox


@dataclass
class Vendor:
    """Answers as long as there is something in the bucket, else 429; remembers when it was asked, in seconds."""

    rate: Rate
    url: str = ""
    arrivals: list[float] = field(default_factory=list)
    refused: int = 0
    _left: float = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def status(self) -> int:
        """Return the status of the answer to a request that arrives now."""
        with self._lock:
            now = time.monotonic()
            per_second = self.rate.requests / self.rate.seconds
            since = now - self.arrivals[-1] if self.arrivals else float("inf")
            self._left = min(self.rate.burst, self._left + since * per_second)
            self.arrivals.append(now)
            if self._left < 1:
                self.refused += 1
                return 429
            self._left -= 1
            return 200


@contextmanager
def limited(rate: Rate, latency_seconds: float = 0) -> Iterator[Vendor]:
    """Yield a vendor who allows the rate and takes so long for each answer."""
    vendor = Vendor(rate)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            status = vendor.status()
            time.sleep(latency_seconds)
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        vendor.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield vendor
        finally:
            server.shutdown()
            thread.join()


def called(
    vendor: Vendor,
    store: Path,
    *,
    processes: int,
    threads: int,
    requests: int,
    rate: Rate,
    when_ready: Callable[[], object] = lambda: None,
) -> None:
    """Let so many processes share the requests, which know the vendor's rate as the one given.

    They start together when all of them, and whatever `when_ready` waits for, are ready.
    """
    told = f"{rate.requests}/{rate.seconds}/{rate.burst}"
    each = str(requests // processes)
    line = [sys.executable, "-m", __name__, vendor.url, f"sqlite:///{store}", each, str(threads), told]
    with ExitStack() as stack:
        started = [
            stack.enter_context(subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            for _ in range(processes)
        ]
        for process in started:
            assert process.stdout
            process.stdout.readline()
        when_ready()
        for process in started:
            assert process.stdin
            process.stdin.close()
        codes = [process.wait() for process in started]
    if any(codes):
        message = "a client failed"
        raise RuntimeError(message)


def main(url: str, store_url: str, requests: str, threads: str, rate: str) -> None:
    """Say that it is ready, wait for the word, and call the address."""
    with open_store(store_url, "limited") as store:
        transport = Transport("tool", Path(), MemoryInbox(), slots=store.slots)
        transport.keep_to(Rate(*map(int, rate.split("/"))), "the key")
        print("ready", flush=True)  # noqa: T201 - whoever started it waits for this
        sys.stdin.readline()
        with ThreadPoolExecutor(int(threads)) as pool:
            for done in [pool.submit(transport.get_json, url) for _ in range(int(requests))]:
                done.result()


if __name__ == "__main__":
    main(*sys.argv[1:])
