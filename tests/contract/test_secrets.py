"""No key, token or password is left anywhere, whatever a server does: every adapter that takes one is held to it.

A server repeats what it was sent, in the words of its refusals, in addresses it leads to, beside its answers, and fails
in every way at every call. After each run output, logs, store and files are searched for what the client sent or got.
"""

from __future__ import annotations

import copy
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from connector import redact, registry
from connector.http import Patience, Transport
from tests.sinks.datev_online.world import visiting
from tests.standins.server import Asked
from tests.support.commands import Ran, honorar
from tests.support.keyed_tenant import keyed, keys_of_tests, played, sink_api, sink_tenant, source_api, source_tenant
from tests.support.leaks import leaks, left_in
from tests.support.spilling import WAYS, Spill, Way, is_login, spilling
from tests.support.test_cassettes import CASSETTES, texts
from tests.support.transports import no_wait

SOURCES = keyed(registry.sources())
SINKS = played(keyed(registry.sinks()))

LOGGED_IN = [name for name in SINKS if hasattr(sink_api(name), "consent")]
"""Those that a person logs in to."""

REMIND = [name for name in SINKS if any(hasattr(each, "find_reminder") for each in vars(registry.sink(name)).values())]
"""Those that take reminders."""

AS_PROGRAM = ("--json", "--verbose", "--log-format", "json")
AS_PERSON = ("--verbose",)
JANUARY, FEBRUARY = ("--as-of", "2026-01-31"), ("--as-of", "2026-02-28")

READING = (("check", *AS_PERSON), ("check", *AS_PROGRAM), ("pull", *AS_PROGRAM), ("pull", *AS_PERSON))
HANDING_OVER = (
    ("check", *AS_PERSON),
    ("push", *AS_PROGRAM),
    ("push", *AS_PERSON),
    ("settle", *AS_PROGRAM),
    ("reconcile", *AS_PERSON),
)

REMINDED_ON = ("--as-of", "2026-03-31")

REMINDING = (
    ("remind", "--send", *REMINDED_ON, *AS_PROGRAM),
    ("remind", "--send", *REMINDED_ON, *AS_PERSON),
    ("remind", *REMINDED_ON, *AS_PERSON),
)
"""The second run searches for what the first left unknown, and the list shows it."""

DUNNING = """\
due_dates = "agreed"

[[level]]
days = 7
"""

Where = Callable[[Asked], bool]
Commands = tuple[tuple[str, ...], ...]


def every_call(_: Asked) -> bool:
    """Fail at once."""
    return True


def no_login(asked: Asked) -> bool:
    """Let a log-in pass."""
    return not is_login(asked)


def writes(asked: Asked) -> bool:
    """Fail where something is to be changed."""
    return asked.method != "GET" and not is_login(asked)


def after(passing: int) -> Where:
    """Let so many calls pass, then fail."""
    calls = count(1)
    return lambda _: next(calls) > passing


WORDY = [way for way in WAYS if way.says and not way.does_it and way.name.startswith(("422", "refused with 200"))]
"""Their words are taken for a fault of the document."""


@dataclass(frozen=True)
class Tenant:
    """A tenant whose runs went well so far: its folder, its environment, and the server as it is by now."""

    folder: Path
    environment: Mapping[str, str]
    spill: Spill

    def say(self, folder: Path, *command: str) -> Ran:
        """Run the command as a process of its own would: it knows no secret yet, and libraries may complain.

        A person who is asked to log in agrees.
        """
        consent = getattr(self.spill.api, "consent", None)
        with pytest.MonkeyPatch.context() as patch, visiting(consent) if consent else nullcontext(None) as show:
            patch.setattr("webbrowser.open", show)
            patch.setattr(redact, "_registered", set())
            patch.setattr(logging.getLogger(), "handlers", [])
            quick = partial(Transport, patience=Patience(attempts=2, sleep=no_wait))
            patch.setattr("connector.wiring.workspace.Transport", quick)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            return honorar("--config", folder, *command)

    def went_well(self, *command: str) -> None:
        """Run the command; it has nothing to complain of."""
        ran = self.say(self.folder, *command)
        assert ran.code == 0, ran.out + ran.err

    @contextmanager
    def when(self, way: Way, where: Where) -> Iterator[Path]:
        """Yield a copy of the folder while things go wrong in this way; afterwards all is as it was."""
        folder, api = self.folder.with_name("copy"), self.spill.api
        shutil.copytree(self.folder, folder)
        self.spill.api = _when_sessions_ended(copy.deepcopy(api))
        self.spill.begin(way, where)
        yield folder
        self.spill.api, self.spill.way = api, None
        shutil.rmtree(folder)

    @property
    def places(self) -> tuple[Where, ...]:
        """Return where things go wrong: at once, or within."""
        return (every_call, is_login, no_login) if self.spill.logs_in else (every_call,)

    @property
    def secrets(self) -> set[str]:
        """Return what must not be found: the keys of the configuration, and what client and server exchanged."""
        return {*self.environment.values(), *self.spill.secrets}


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a folder where commits cost nothing, if the machine has one."""
    in_memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(dir=in_memory if os.access(in_memory, os.W_OK) else tmp_path_factory.getbasetemp()) as made:
        yield Path(made)


@pytest.fixture(scope="module", params=SOURCES)
def source(request: pytest.FixtureRequest, ground: Path) -> Iterator[Tenant]:
    """Yield a tenant of each source that was read once."""
    folder = ground / f"{request.param}-source"
    with spilling(source_api(request.param, most_entries=30)) as (spill, standin):
        tenant = Tenant(folder, source_tenant(folder, request.param, standin.url), spill)
        tenant.say(folder, "pull")
        yield tenant


@pytest.fixture(scope="module", params=SINKS)
def sink(request: pytest.FixtureRequest, ground: Path) -> Iterator[Tenant]:
    """Yield a tenant of each sink with documents of January handed over, and those of February waiting."""
    folder, api = ground / request.param, sink_api(request.param)
    with spilling(api) as (spill, standin):
        tenant = Tenant(folder, sink_tenant(folder, request.param, standin.url), spill)
        _agreed(tenant, api, request.param)
        tenant.went_well("run", *JANUARY)
        tenant.went_well("pull", *FEBRUARY)
        tenant.went_well("bill", *FEBRUARY)
        (folder / "dunning.toml").write_text(DUNNING, encoding="utf-8")
        yield tenant


def _agreed(tenant: Tenant, api: Any, name: str) -> None:  # noqa: ANN401 - each API has attributes of its own
    """Let the server know the keys it asks for, and a person log in where one has to."""
    for variable, value in tenant.environment.items():
        if hasattr(api, variable.lower()):
            setattr(api, variable.lower(), value)
    if name in LOGGED_IN:
        tenant.went_well("login", name)


def _when_sessions_ended(api: Any) -> Any:  # noqa: ANN401 - as above
    for tokens in ("access", "tokens"):
        getattr(api, tokens, {}).clear()
    return api


def found(tenant: Tenant, way: Way, where: Where, commands: Commands) -> tuple[str, list[str]]:
    """Return what the commands said while things went wrong, and every secret that was left."""
    with tenant.when(way, where) as folder:
        said = [tenant.say(folder, *command) for command in commands]
        told = "".join(ran.out + ran.err for ran in said)
        return told, leaks(chain([("output", told.encode())], left_in(folder)), tenant.secrets)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_no_source_leaves_a_secret(source: Tenant, way: Way) -> None:
    """Whatever a tool answers."""
    for where in source.places:
        told, leaked = found(source, way, where, READING)
        assert leaked == []
        assert source.spill.met
        assert told.count(redact.REDACTED) or not (way.is_shown and where is every_call)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_no_sink_leaves_a_secret(sink: Tenant, way: Way) -> None:
    """Whatever an accounting system answers, at the first call or once it has taken something."""
    for where in (*sink.places, *([writes] if sink.spill.is_written_to else [])):
        told, leaked = found(sink, way, where, HANDING_OVER)
        assert leaked == []
        assert sink.spill.met
        assert told.count(redact.REDACTED) or not (way.is_shown and where is every_call)


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("sink", REMIND, indirect=True)
def test_no_reminder_leaves_a_secret(sink: Tenant, way: Way) -> None:
    """At the first call, or where it is written; nor the search for one whose answer was lost."""
    for where in (every_call, writes):
        told, leaked = found(sink, way, where, REMINDING)
        assert leaked == []
        assert sink.spill.met
        assert told.count(redact.REDACTED) or not (way.is_shown and where is every_call)


@pytest.mark.parametrize("passing", range(1, 9))
def test_no_sink_leaves_a_secret_late_in_a_delivery(sink: Tenant, passing: int) -> None:
    """Some calls go well; what the next ones answer is as harmless, whatever its status says."""
    for way in WORDY:
        _, leaked = found(sink, way, after(passing), (("push", *AS_PROGRAM),))
        assert leaked == []


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("sink", LOGGED_IN, indirect=True)
def test_no_login_leaves_a_secret(sink: Tenant, way: Way) -> None:
    """Neither the code that the browser brings, nor what proves that it is ours, nor the tokens it becomes."""
    _, leaked = found(sink, way, is_login, (("login", sink.folder.name, *AS_PROGRAM),))
    assert leaked == []
    assert sink.spill.met


def test_no_recording_holds_a_key_of_the_tests() -> None:
    """Whatever form a body has in it."""
    keys = keys_of_tests()
    assert [path.name for path in CASSETTES for text in texts(path) for key in keys if key in text] == []


def test_the_adapters_are_found_at_all() -> None:
    """The rules above look at adapters and keys, not at empty lists."""
    assert {"redmine"} <= {*SOURCES}
    assert {"lexware", "sevdesk"} <= {*SINKS}
    assert {*REMIND} == {"lexware", "sevdesk"}
    assert keyed(registry.sinks()) == SINKS
    assert len(keys_of_tests()) >= len(SINKS)
