"""A real Tryton (from PyPI, SQLite) of its own for a test run, and the calls that fill it.

`tryton_server(folder)` installs Tryton into a virtual environment of its own where it is missing, makes a database
once with the set-up of `tryton_seed`, and starts a server on a copy of it in the folder. Environment and database are
kept in the user's cache, under a name that changes with packages and set-up. Tryton is a server beside the project:
nothing of it is imported.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

HERE = Path(__file__).parent
PACKAGES = HERE / "tryton_packages.txt"
SEED = HERE / "tryton_seed.py"
DATABASE = "honorar"
MODULES = (
    "account_dunning", "account_dunning_fee", "account_invoice", "account_payment", "project_invoice",
    "sale_project_task", "timesheet",
)  # fmt: skip
"""What is activated; what these need comes with them."""
START_SECONDS = 120


class TrytonRefusedError(Exception):
    """Tryton refused what a test asked for; carries its words."""


@dataclass(frozen=True)
class TrytonServer:
    """A running Tryton: its address, a key for REST of the administrator, and calls over JSON-RPC as administrator.

    Values go and come as Python has them: Decimal, date, timedelta. `company` is the only company.
    """

    url: str
    database: str
    key: str
    version: str
    session: str
    file: Path
    company: int = 1

    def call(self, method: str, *params: object, **context: object) -> Any:  # noqa: ANN401 - JSON
        """Return what the method answers; TrytonRefusedError carries the text of a refusal or warning."""
        told = {"company": self.company, "language": "de", **context}
        return _call(f"{self.url}/{self.database}/rpc/", method, [*params, told], f"Session {self.session}")

    def find(self, model: str, *domain: Sequence[object], order: str = "id") -> list[int]:
        """Return the ids of the records that meet all the clauses, inactive ones left out."""
        return [int(each) for each in self.call(f"model.{model}.search", list(domain), 0, None, [[order, "ASC"]])]

    def only(self, model: str, *domain: Sequence[object]) -> int:
        """Return the id of the first record that meets the clauses; TrytonRefusedError if there is none."""
        found = self.find(model, *domain)
        if not found:
            message = f"no {model} with {domain}"
            raise TrytonRefusedError(message)
        return found[0]

    def named(self, module: str, name: str) -> int:
        """Return the id of a record that a module brings along."""
        return int(self.call("model.ir.model.data.get_id", module, name))

    def read(self, model: str, number: int, *fields: str) -> dict[str, Any]:
        """Return the fields of the record."""
        [record] = self.call(f"model.{model}.read", [number], list(fields))
        return dict(record)

    def create(self, model: str, **values: object) -> int:
        """Return the id of a new record; missing fields get Tryton's own defaults."""
        [number] = self.call(f"model.{model}.create", [values])
        return int(number)

    def change(self, model: str, number: int, **values: object) -> None:
        """Write the fields of the record."""
        self.call(f"model.{model}.write", [number], values)

    def delete(self, model: str, *numbers: int) -> None:
        """Delete the records."""
        self.call(f"model.{model}.delete", list(numbers))

    def press(self, model: str, button: str, *numbers: int) -> None:
        """Press a button of the records, such as 'quote' of a sale; a warning of Tryton is a refusal."""
        self.call(f"model.{model}.{button}", list(numbers))

    def press_anyway(self, model: str, button: str, number: int) -> None:
        """Press a button of the record in spite of warnings, which only REST can."""
        told = json.dumps({"company": self.company, "_skip_warnings": True}).encode()
        headers = {
            "Authorization": f"Bearer {self.key}",
            "X-Tryton-Context": base64.urlsafe_b64encode(told).decode(),
        }
        url = f"{self.url}/{self.database}/rest/model/{model}/{number}/{button}"
        answer = requests.post(url, json={}, headers=headers, timeout=300)
        if not answer.ok:
            message = f"{button} of {model} {number}: {answer.status_code} {answer.text[:300]}"
            raise TrytonRefusedError(message)

    def run(self, wizard: str, *steps: tuple[str, Mapping[str, object]], **context: object) -> Any:  # noqa: ANN401 - JSON
        """Go through a wizard: after its start, every step is a state and the values of the forms so far.

        Returns what the last step answers.
        """
        number, state, _ = self.call(f"wizard.{wizard}.create")
        answer = self.call(f"wizard.{wizard}.execute", number, {}, state, **context)
        for state, forms in steps:
            answer = self.call(f"wizard.{wizard}.execute", number, forms, state, **context)
        self.call(f"wizard.{wizard}.delete", number)
        return answer

    def settle(self, model: str, on: str, *numbers: int) -> None:
        """Let the records have been made, and changed for the last time, at noon (UTC) of that day; none named: all."""
        self._overwrite(model, "create_date = :told, write_date = :told", f"{on} 12:00:00.000000", *numbers)

    def renumber(self, model: str, number: int, told: str) -> None:
        """Let people see the record under another number than the one it was given."""
        self._overwrite(model, "number = :told", told, number)

    def _overwrite(self, model: str, columns: str, told: str, *numbers: int) -> None:
        """Change in the database what Tryton itself lets nobody change."""
        chosen = f" WHERE id IN ({', '.join(map(str, numbers))})" if numbers else ""
        statement = f"UPDATE {model.replace('.', '_')} SET {columns}{chosen}"  # noqa: S608 - our own names
        with closing(sqlite3.connect(self.file, timeout=10)) as connection, connection:
            connection.execute(statement, {"told": told})

    def add_user(self, login: str, *groups: tuple[str, str]) -> int:
        """Return the id of a new user of the company in the groups, each by its module and its name there."""
        return self.create(
            "res.user", name=login, login=login, company=self.company, companies=[["add", [self.company]]],
            groups=[["add", [self.named(module, name) for module, name in groups]]],
        )  # fmt: skip

    def add_key(self, user: int) -> str:
        """Return a new key with which REST is used as this user."""
        number = self.create("res.user.application", user=user, application="rest")
        return str(self.read("res.user.application", number, "key")["key"])


@contextmanager
def tryton_server(folder: Path) -> Iterator[TrytonServer]:
    """Yield a running Tryton whose data lies in the folder; it ends with the block."""
    cache = _prepared()
    shutil.copy(cache / "seed.sqlite", folder / f"{DATABASE}.sqlite")
    with _running(cache, folder, (cache / "password").read_text()) as server:
        yield server


def _prepared() -> Path:
    """Return the folder with environment and database, made where it is missing; runs at a time wait for each other."""
    made_of = (PACKAGES.read_bytes(), SEED.read_bytes(), " ".join(MODULES).encode(), sys.version.encode())
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "honorar-e2e"
    cache = home / f"tryton-{hashlib.sha256(b'|'.join(made_of)).hexdigest()[:12]}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (cache / "seed.sqlite").exists():
            _prepare(cache)
    return cache


def _prepare(cache: Path) -> None:
    from tests.e2e.tryton_seed import seed  # noqa: PLC0415 - it knows the server, not the other way round

    shutil.rmtree(cache / "making", ignore_errors=True)
    folder = cache / "making"
    folder.mkdir()
    _run([sys.executable, "-m", "venv", "--clear", str(cache / "venv")])
    pip = [str(cache / "venv" / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--requirement", str(PACKAGES)])
    password = secrets.token_hex(12)
    (cache / "password").write_text(password)
    (folder / f"{DATABASE}.sqlite").touch()
    command = ["--database", DATABASE, "--update", "ir", "res", *MODULES, "--activate-dependencies", "--language", "de"]
    environment = {**os.environ, "TRYTONPASSFILE": str(cache / "password")}
    admin = [str(cache / "venv" / "bin" / "trytond-admin"), "--config", str(_configuration(folder, 0)), *command]
    _run([*admin, "--email", "admin@agentur.example", "--password"], environment)
    with _running(cache, folder, password) as server:
        seed(server)
    # What was written last lies in a journal beside the file; a copy by the database has all.
    with closing(sqlite3.connect(folder / f"{DATABASE}.sqlite")) as connection:
        connection.execute("VACUUM INTO ?", (str(folder / "seed.sqlite"),))
    (folder / "seed.sqlite").rename(cache / "seed.sqlite")


def _configuration(folder: Path, port: int) -> Path:
    path = folder / "trytond.conf"
    path.write_text(
        f"[database]\nuri = sqlite://\npath = {folder}\n"
        f"[web]\nlisten = 127.0.0.1:{port}\n"
        f"[session]\ntimeout = 86400\nmax_age = 86400\n"
    )
    return path


@contextmanager
def _running(cache: Path, folder: Path, password: str) -> Iterator[TrytonServer]:
    port = _free_port()
    program = cache / "venv" / "bin" / "trytond"
    command = [str(program), "--config", str(_configuration(folder, port)), "--database", DATABASE]
    # Tryton answers with the fields in the order of a set; so it is the same every time.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    with (folder / "trytond.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            yield _logged_in(f"http://127.0.0.1:{port}", password, folder / f"{DATABASE}.sqlite")
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _logged_in(url: str, password: str, file: Path) -> TrytonServer:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            version = _call(f"{url}/rpc/", "common.server.version", [])
            login: list[object] = ["admin", {"password": password}, "de"]
            user, token, *_ = _call(f"{url}/{DATABASE}/rpc/", "common.db.login", login)
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            break
    session = base64.b64encode(f"admin:{user}:{token}".encode()).decode()
    server = TrytonServer(url, DATABASE, "", str(version), session, file)
    return replace(server, key=server.add_key(int(user)))


def _call(url: str, method: str, params: list[object], authorization: str = "") -> Any:  # noqa: ANN401 - JSON
    body = {"id": 1, "method": method, "params": _told(params)}
    answer = requests.post(url, json=body, headers={"Authorization": authorization}, timeout=300)
    if not answer.ok:
        message = f"{method}: {answer.status_code} {answer.text[:300]}"
        raise TrytonRefusedError(message)
    told = answer.json(parse_float=Decimal)
    if isinstance(told, dict) and told.get("error"):
        message = f"{method}: {str(told['error'])[:1000]}"
        raise TrytonRefusedError(message)
    return _read(told["result"] if isinstance(told, dict) and "result" in told else told)


def _told(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the value as Tryton's JSON has it."""
    if isinstance(value, Mapping):
        return {name: _told(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_told(each) for each in value]
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": str(value)}
    if isinstance(value, date):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    if isinstance(value, timedelta):
        return {"__class__": "timedelta", "seconds": value.total_seconds()}
    return value


def _read(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what Tryton's JSON says as Python has it; instants stay as they are."""
    if isinstance(value, list):
        return [_read(each) for each in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("__class__")
    if kind == "Decimal":
        return Decimal(value["decimal"])
    if kind == "date":
        return date(value["year"], value["month"], value["day"])
    if kind == "timedelta":
        return timedelta(seconds=float(value["seconds"]))
    return {name: _read(each) for name, each in value.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[str], environment: Mapping[str, str] | None = None) -> None:
    """Run the command; its complaints become the error's text."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"{' '.join(command)} failed ({done.returncode}): {done.stderr[-2000:]}"
        raise RuntimeError(message)
