"""A referee nobody here wrote: Prism stands between client and stand-in and holds both to the vendor's OpenAPI file.

Prism (npm, Apache-2.0) is installed below build/ once; where there is no npm, the tests that need it are skipped, but
never in CI.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
import requests

from tests.standins.server import Asked, Said, Standin, serving

PRISM = "@stoplight/prism-cli@5.16.0"

PLACE = Path(__file__).parents[2] / "build" / "prism"

START_SECONDS = 60

DROPPED = {"host", "content-length", "connection", "accept-encoding", "transfer-encoding", "sl-violations", "date"}

PASSED = {"content-type", "location", "retry-after", "x-total-pages"}
"""Headers of answers that clients go by."""


@dataclass(frozen=True)
class Violation:
    """What Prism found: in a request or a response, of which call, and in its words."""

    side: str
    call: str
    path: str
    message: str


@dataclass
class Referee:
    """Passes requests on through Prism and keeps what it finds; `base` is the part of the path the file leaves out."""

    prism: str
    base: str
    violations: list[Violation] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)

    def answer(self, asked: Asked) -> Said:
        """Return what came back through Prism."""
        path = asked.path.removeprefix(self.base)
        headers = {name: value for name, value in asked.headers.items() if name not in DROPPED}
        told = requests.request(
            asked.method, f"{self.prism}{path}", params=asked.query, data=asked.body, headers=headers, timeout=30
        )
        call = f"{asked.method} {path}"
        self.calls.add(call)
        for found in json.loads(told.headers.get("sl-violations", "[]")):
            side, *where = found["location"]
            self.violations.append(Violation(side, call, ".".join(map(str, where)), found["message"]))
        kept = {name: value for name, value in told.headers.items() if name.lower() not in DROPPED}
        passed = {name: value for name, value in kept.items() if name.lower() in PASSED}
        return Said(told.status_code, told.content, {"Content-Type": "application/json", **passed})


def openapi_file(*parts: str) -> Path:
    """Return the vendor's file in the shared facts; without it the test is skipped, in CI it fails."""
    shared = Path(os.environ.get("HONORAR_SHARED") or Path(__file__).parents[2] / ".." / "shared")
    file = shared.joinpath("facts", *parts)
    if not file.is_file():
        _leave_out(f"no {parts[-1]} in {file.parent}; set HONORAR_SHARED")
    return file


def _leave_out(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def program() -> Path:
    """Return Prism's path, installed now if it is not there; skips (fails in CI) where there is no npm."""
    found = PLACE / "node_modules" / ".bin" / "prism"
    if found.exists():
        return found
    npm = shutil.which("npm")
    if npm is None:
        _leave_out("no npm: it is needed to install Prism, which holds stand-ins to the vendors' OpenAPI files")
    PLACE.mkdir(parents=True, exist_ok=True)
    command = [
        npm,
        "install",
        "--prefix",
        str(PLACE),
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--silent",
        PRISM,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return found


@contextmanager
def refereed(document: Path, standin: Standin, base: str) -> Iterator[tuple[Referee, Standin]]:
    """Yield the referee, and what plays the stand-in from now on: a server that passes everything through Prism."""
    port = _free_port()
    command = [
        str(program()),
        "proxy",
        str(document),
        f"{standin.url}{base}",
        "--port",
        str(port),
        "--host",
        "127.0.0.1",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            referee = Referee(f"http://127.0.0.1:{port}", base)
            with serving(referee) as through:
                yield referee, through
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as knocking:
            knocking.settimeout(0.2)
            if knocking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("Prism did not start")
