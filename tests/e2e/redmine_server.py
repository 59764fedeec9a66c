"""A real Redmine (Debian's package, SQLite) of its own for a test run, and the calls that fill it.

`redmine_server(folder)` installs the package where it is missing (needs root), makes an instance in the folder, starts
it on a free port of this machine, and takes everything away again. What the REST API can create is created through it;
`redmine_seed.rb` does the rest.
"""

from __future__ import annotations

import os
import secrets
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests

PROGRAM = Path("/usr/share/redmine")
INSTANCES = Path("/var/lib/redmine")
SEED = Path(__file__).with_name("redmine_seed.rb")
PACKAGES = ("redmine", "redmine-sqlite", "ruby-sqlite3", "dbconfig-sqlite3", "puma")
ANSWERS = """\
redmine redmine/instances/default/dbconfig-install boolean true
redmine redmine/instances/default/database-type select sqlite3
"""
START_SECONDS = 90
SETTLED = {
    "projects": ("created_on", "updated_on"),
    "time_entries": ("created_on", "updated_on"),
    "users": ("created_on", "updated_on", "passwd_changed_on"),
}
"""When records were made and changed."""


class RedmineRefusedError(Exception):
    """Redmine refused what a test asked for; carries its words."""


@dataclass(frozen=True)
class RedmineServer:
    """A running Redmine: its address, the key of the user 'Sync Adapter' (no admin), and the admin's key.

    Custom fields are named, as in `add_issue(..., fields={"Festpreis": "1000"})`; see redmine_seed.rb for the names.
    """

    url: str
    admin_key: str
    database: Path
    version: str
    since: str
    api_key: str = ""
    sync_user: int = 0

    def call(self, method: str, path: str, body: dict[str, object] | None = None, **params: str | int) -> Any:  # noqa: ANN401 - JSON
        """Return the JSON of an API call made as admin; RedmineRefusedError carries the text of a refusal."""
        answer = requests.request(
            method,
            f"{self.url}{path}",
            json=body,
            params=params,
            headers={"X-Redmine-API-Key": self.admin_key},
            timeout=60,
        )
        if not answer.ok:
            message = f"{method} {path}: {answer.status_code} {answer.text[:300]}"
            raise RedmineRefusedError(message)
        return answer.json() if answer.content.strip() else None

    def add_user(self, login: str, first_name: str, last_name: str) -> int:
        """Return the id of a new user without special rights."""
        user = {
            "login": login, "firstname": first_name, "lastname": last_name,
            "mail": f"{login}@agentur.example", "password": secrets.token_hex(12),
        }  # fmt: skip
        return int(self.call("POST", "/users.json", {"user": user})["user"]["id"])

    def key_of(self, user: int) -> str:
        """Return the API key of the user."""
        return str(self.call("GET", f"/users/{user}.json")["user"]["api_key"])

    def add_project(
        self, identifier: str, name: str, *, parent: int | None = None, fields: dict[str, str] | None = None
    ) -> int:
        """Return the id of a new private project with issues and time; the sync user is its manager."""
        modules = ["issue_tracking", "time_tracking"]
        project = {
            "identifier": identifier, "name": name, "is_public": False, "enabled_module_names": modules,
            "parent_id": parent, "inherit_members": parent is not None, **self._custom("project", fields),
        }  # fmt: skip
        number = int(self.call("POST", "/projects.json", {"project": project})["project"]["id"])
        if parent is None:
            self.add_member(number, self.sync_user)
        return number

    def add_member(self, project: int, user: int, role: str = "Manager") -> None:
        """Make the user a member of the project."""
        roles = {each["name"]: each["id"] for each in self.call("GET", "/roles.json")["roles"]}
        membership: dict[str, object] = {"membership": {"user_id": user, "role_ids": [roles[role]]}}
        self.call("POST", f"/projects/{project}/memberships.json", membership)

    def add_version(self, project: int, name: str) -> int:
        """Return the id of a new version that subprojects share."""
        version = {"name": name, "sharing": "descendants"}
        answer = self.call("POST", f"/projects/{project}/versions.json", {"version": version})
        return int(answer["version"]["id"])

    def add_issue(
        self, project: int, subject: str, *, fields: dict[str, str] | None = None, **attributes: object
    ) -> int:
        """Return the id of a new issue; attributes as the API names them (done_ratio, estimated_hours, …)."""
        issue = {"project_id": project, "subject": subject, **attributes, **self._custom("issue", fields)}
        return int(self.call("POST", "/issues.json", {"issue": issue})["issue"]["id"])

    def edit_issue(self, issue: int, *, fields: dict[str, str] | None = None, **attributes: object) -> None:
        """Change the issue."""
        self.call("PUT", f"/issues/{issue}.json", {"issue": {**attributes, **self._custom("issue", fields)}})

    def set_done_ratio(self, issue: int, percent: int, *, on: str = "") -> None:
        """Say how far the issue is; as if it were said at noon (UTC) of that day, such as '2026-01-31'."""
        self.edit_issue(issue, done_ratio=percent)
        if on:
            told: dict[str, object] = {"id": issue, "on": f"{on} 12:00:00"}
            newest = (
                "UPDATE journals SET created_on = :on WHERE id = "
                "(SELECT max(id) FROM journals WHERE journalized_id = :id AND journalized_type = 'Issue')"
            )
            self._change(newest, told)
            self._change("UPDATE issues SET updated_on = :on WHERE id = :id", told)

    def date_issue(self, issue: int, created: str) -> None:
        """Make the issue one that was created at 8:00 (UTC) of that day and never touched since."""
        statement = "UPDATE issues SET created_on = :on, updated_on = :on WHERE id = :id"
        self._change(statement, {"id": issue, "on": f"{created} 08:00:00"})

    def settle(self, on: str) -> None:
        """Let what happened since the server was started have happened at noon (UTC) of that day; issues stay."""
        for table, columns in SETTLED.items():
            for column in columns:
                statement = f"UPDATE {table} SET {column} = :on WHERE {column} >= :since"  # noqa: S608 - our own names
                self._change(statement, {"on": f"{on} 12:00:00", "since": self.since})

    def configure(self, name: str, value: str) -> None:
        """Change a setting of the whole instance."""
        statement = "INSERT INTO settings (name, value, updated_on) VALUES (:name, :value, :now)"
        self._change(statement, {"name": name, "value": value, "now": time.strftime("%F %T", time.gmtime())})

    def _change(self, statement: str, values: dict[str, object]) -> None:
        """Change in the database what the API does not let anyone change: when something happened, and settings."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection, connection:
            connection.execute(statement, values)

    def delete_issue(self, issue: int) -> None:
        """Delete the issue; its time entries stay with the project."""
        self.call("DELETE", f"/issues/{issue}.json", todo="nullify")

    def add_entry(
        self,
        day: str,
        hours: Decimal | str,
        *,
        issue: int | None = None,
        project: int | None = None,
        fields: dict[str, str] | None = None,
        **attributes: object,
    ) -> int:
        """Return the id of new time on the issue or the project; hours as '1.5', or '1,5' as people type it."""
        where = {"issue_id": issue} if issue is not None else {"project_id": project}
        activity = self.activities()["Entwicklung"]
        entry = {
            "spent_on": day, "hours": str(hours), "activity_id": activity,
            **where, **attributes, **self._custom("time_entry", fields),
        }  # fmt: skip
        return int(self.call("POST", "/time_entries.json", {"time_entry": entry})["time_entry"]["id"])

    def edit_entry(self, entry: int, *, fields: dict[str, str] | None = None, **attributes: object) -> None:
        """Change time that was booked."""
        changes = {**attributes, **self._custom("time_entry", fields)}
        self.call("PUT", f"/time_entries/{entry}.json", {"time_entry": changes})

    def delete_entry(self, entry: int) -> None:
        """Delete time that was booked."""
        self.call("DELETE", f"/time_entries/{entry}.json")

    def activities(self) -> dict[str, int]:
        """Return the ids of the activities by name."""
        answer = self.call("GET", "/enumerations/time_entry_activities.json")
        return {each["name"]: each["id"] for each in answer["time_entry_activities"]}

    def _custom(self, kind: str, values: dict[str, str] | None) -> dict[str, object]:
        if not values:
            return {}
        fields = self.call("GET", "/custom_fields.json")["custom_fields"]
        ids = {each["name"]: each["id"] for each in fields if each["customized_type"] == kind}
        return {"custom_fields": [{"id": ids[name], "value": value} for name, value in values.items()]}


@contextmanager
def redmine_server(folder: Path) -> Iterator[RedmineServer]:
    """Yield a running Redmine whose data lies in the folder; it ends with the block."""
    _install()
    since = time.strftime("%F %T", time.gmtime())
    name = f"honorar-{os.getpid()}-{secrets.token_hex(3)}"
    (INSTANCES / name).symlink_to(folder.resolve(), target_is_directory=True)
    try:
        admin_key = _make_instance(folder, name)
        with _running(folder, name) as url:
            server = RedmineServer(url, admin_key, folder / "redmine.sqlite", _version(), since)
            _wait_until_it_answers(server)
            sync = server.add_user("sync", "Sync", "Adapter")
            yield replace(server, api_key=server.key_of(sync), sync_user=sync)
    finally:
        (INSTANCES / name).unlink()


def _install() -> None:
    if (PROGRAM / "config.ru").exists():
        return
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    _run(["debconf-set-selections"], given=ANSWERS)
    _run(["apt-get", "update", "-q"], env=quiet)
    _run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *PACKAGES], env=quiet)


def _make_instance(folder: Path, name: str) -> str:
    """Return the admin's key of a fresh instance with the default data in German."""
    for part in ("config", "files", "public/plugin_assets", "log", "tmp"):
        (folder / part).mkdir(parents=True)
    database = folder / "redmine.sqlite"
    (folder / "config" / "secret_key.txt").write_text(secrets.token_hex(32))
    (folder / "config" / "database.yml").write_text(
        f"production:\n  adapter: sqlite3\n  database: {database}\n  timeout: 10000\n  encoding: utf8\n"
    )
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    environment = _environment(name)
    _run(["bin/rake", "db:migrate"], env=environment)
    return _run(["bin/rails", "runner", str(SEED)], env=environment).split()[-1]


@contextmanager
def _running(folder: Path, name: str) -> Iterator[str]:
    port = _free_port()
    command = ["puma", "--quiet", "--bind", f"tcp://127.0.0.1:{port}", "--threads", "2:4", "config.ru"]
    with (folder / "log" / "puma.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROGRAM, env=_environment(name), stdout=log, stderr=log)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(server: RedmineServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.call("GET", "/users/current.json")
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def _version() -> str:
    """Return Redmine's own version out of that of the package: 5.0.4 of 5.0.4-5+deb12u1."""
    package = _run(["dpkg-query", "--show", "--showformat=${Version}", "redmine"])
    return package.split("-")[0]


def _environment(name: str) -> dict[str, str]:
    ours = {"RAILS_ENV": "production", "REDMINE_INSTANCE": name, "REDMINE_LANG": "de", "RAILS_LOG_LEVEL": "error"}
    return {**os.environ, **ours}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[str], *, env: dict[str, str] | None = None, given: str | None = None) -> str:
    """Return what the command prints; its complaints become the error's text."""
    cwd = PROGRAM if PROGRAM.exists() else None
    done = subprocess.run(command, cwd=cwd, env=env, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"{' '.join(command)} failed ({done.returncode}): {done.stderr[-2000:]}"
        raise RuntimeError(message)
    return done.stdout
