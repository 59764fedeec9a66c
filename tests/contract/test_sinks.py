"""What every sink keeps to: each one the registry finds is held to it, without a line here.

A file tests/sinks/<name>_world.py, beside a stand-in tests/standins/<name>.py, lets its deliveries be held to the fault
matrix: `settings_for(url)` are settings, `build(url)` returns the sink as a process has it that has just begun, and
`document(key=…)` a booking that it takes. `credit_note(key=…, credits=…)`, where there is one, is a booking that takes
something off the document of the other key; it is held to the same.
"""

from __future__ import annotations

import collections.abc
import inspect
import os
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, get_origin, get_type_hints

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from connector import registry
from connector.core.ports import (
    BatchSink,
    Capabilities,
    Checkable,
    InvoiceSink,
    ListingSink,
    ReminderSink,
    StatusSource,
)
from connector.http import Transport
from connector.jobs.deliver import Deliverer
from connector.store import open_store
from tests.contract.desk import CREDIT_NOTE, TENANT, Desk, desk_of
from tests.standins import Fault, serving
from tests.support.fate import dying_at

ROOT = Path(__file__).parents[2]

READERS = ("refusals", "reminder_refusals", "check", "listed", "statuses", "login_notices")

SECRET = re.compile(r"key|token|secret|password")
NO_SECRETS = {"key_text", "token_url"}
"""Settings whose names sound like secrets and are none."""

OURS = [name for name in registry.sinks() if registry.sink(name).__name__.startswith("connector.sinks.")]
DELIVERED = [
    name
    for name in OURS
    if (ROOT / f"tests/sinks/{name}_world.py").is_file() and (ROOT / f"tests/standins/{name}.py").is_file()
]

FORMS = [
    (name, form)
    for name in DELIVERED
    for form in ("document", CREDIT_NOTE)
    if hasattr(import_module(f"tests.sinks.{name}_world"), form)
]

MOST_CALLS = 40
"""Of one delivery; more would mean that a fault makes a sink call without end."""

PLACES_OF_A_DELIVERY = 12
"""So many to die at, at least; fewer would mean that the harness has gone blind."""


@pytest.fixture(params=OURS)
def module(request: pytest.FixtureRequest) -> ModuleType:
    """Return each sink of ours in turn."""
    return registry.sink(request.param)


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """Yield a store of today's tables, in a folder where commits cost little."""
    in_memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(dir=in_memory if os.access(in_memory, os.W_OK) else None) as name:
        path = Path(name) / "honorar.db"
        with open_store(f"sqlite:///{path}", TENANT):
            pass
        yield path


@pytest.fixture(params=FORMS, ids=" ".join)
def new_desk(request: pytest.FixtureRequest, template: Path) -> Callable[[], Any]:
    """Return what opens a desk with one document, for each sink and each form of document in turn."""
    name, form = request.param
    return lambda: desk_of(name, template, form)


def adapter_of(module: ModuleType) -> type:
    """Return the class of the adapters that the module builds."""
    adapter = get_type_hints(module.build)["return"]
    assert isinstance(adapter, type)
    return adapter


def name_of(module: ModuleType) -> str:
    """Return the adapter's name, as configurations have it."""
    return module.__name__.rpartition(".")[2]


def test_the_sinks_are_found_at_all() -> None:
    """The rules below look at sinks and stand-ins, not at empty lists."""
    assert {"datev", "lexware"} <= set(OURS)
    assert "lexware" in DELIVERED
    assert ("sevdesk", CREDIT_NOTE) in FORMS


def test_a_sink_is_built_from_settings_and_transport(module: ModuleType) -> None:
    """Its module says what it is, names its settings, and builds from them and the one door to the outside."""
    hints = get_type_hints(module.build)

    assert module.__doc__
    assert module.Settings.__doc__
    assert list(inspect.signature(module.build).parameters) == ["settings", "transport"]
    assert (hints["settings"], hints["transport"]) == (module.Settings, Transport)


def test_settings_are_frozen_and_refuse_what_they_do_not_know(module: ModuleType) -> None:
    """A misspelt setting is a fault, not a default."""
    assert issubclass(module.Settings, BaseModel)
    assert module.Settings.model_config.get("frozen")
    with pytest.raises(ValidationError, match="extra_forbidden"):
        module.Settings.model_validate({"a_setting_nobody_has": 1})


def test_secrets_are_secrets(module: ModuleType) -> None:
    """What is called a key, token, secret or password never stands in a file, nor shows itself."""
    named = {
        name: field.annotation
        for name, field in module.Settings.model_fields.items()
        if SECRET.search(name) and name not in NO_SECRETS
    }
    assert [name for name, kind in named.items() if SecretStr not in (kind, *getattr(kind, "__args__", ()))] == []


def test_a_sink_takes_files_or_documents_and_can_be_checked(module: ModuleType) -> None:
    """One or the other; what takes documents one by one can list them too, and says what was paid."""
    adapter = adapter_of(module)
    methods = {name for name in dir(adapter) if not name.startswith("_")}

    assert _has(adapter, BatchSink) != _has(adapter, InvoiceSink)
    assert _has(adapter, Checkable)
    if _has(adapter, InvoiceSink):
        assert {"listed", "statuses"} <= methods


def test_readers_yield_one_by_one(module: ModuleType) -> None:
    """Values stream one at a time, and one bad record does not hide the next."""
    readers = {name: getattr(adapter_of(module), name) for name in READERS if hasattr(adapter_of(module), name)}
    returned = {name: get_type_hints(reader)["return"] for name, reader in readers.items()}

    assert [name for name, kind in returned.items() if get_origin(kind) is not collections.abc.Iterator] == []
    assert [name for name, reader in readers.items() if not reader.__doc__] == []


def test_a_sink_that_speaks_http_has_recorded_traffic(module: ModuleType) -> None:
    """What is sent, and what is answered, is held against what was once recorded; files need none."""
    folder = ROOT / "tests/cassettes"
    recorded = [*folder.glob(f"{name_of(module)}/*.yaml"), *folder.glob(f"{name_of(module)}_sink/*.yaml")]

    assert bool(recorded) == _speaks_http(module)


def test_a_sink_that_speaks_http_has_a_stand_in(module: ModuleType) -> None:
    """Faults on demand are nothing a vendor offers."""
    assert (ROOT / f"tests/standins/{name_of(module)}.py").is_file() == _speaks_http(module)


@pytest.mark.parametrize("name", DELIVERED)
def test_what_a_sink_can_do_and_what_it_refuses_costs_no_call(name: str) -> None:
    """Both are asked at every plan; a sink that is built calls nobody either."""
    world = import_module(f"tests.sinks.{name}_world")
    with serving(import_module(f"tests.standins.{name}").api()) as standin:
        sink = world.build(standin.url)
        assert isinstance(sink.capabilities, Capabilities)
        assert sink.capabilities.duns == isinstance(sink, ReminderSink)
        assert list(sink.refusals(world.document())) == []
        assert standin.asked == []
        assert isinstance(sink, InvoiceSink | ListingSink | StatusSource)


@pytest.mark.parametrize("name", DELIVERED)
def test_a_secret_of_a_sink_does_not_show(name: str) -> None:
    """Neither in its settings as text, nor in those of the adapter."""
    world = import_module(f"tests.sinks.{name}_world")
    settings = registry.sink(name).Settings.model_validate(world.settings_for("https://cloud.example"))
    secrets = [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]

    assert secrets != []
    assert [
        each for each in secrets if each and each in f"{settings!r} {settings} {world.build('https://x.example')!r}"
    ] == []


def test_without_a_fault_a_document_is_there_once(new_desk: Callable[[], Any]) -> None:
    """In few calls, and none of them twice; what is delivered is settled once."""
    with new_desk() as desk:
        assert len(desk.run().documents) == 1
        assert len({(each.method, each.path, str(each.query)) for each in desk.requests()}) == len(desk.requests())
        assert desk.exactly_once()
        assert desk.run().documents == ()
        desk.settle()
        assert desk.settle().changed == ()
        assert desk.told_once()


@pytest.mark.parametrize("times", [1, 2], ids=["once", "again"])
@pytest.mark.parametrize("fault", Fault)
def test_every_fault_at_every_call(new_desk: Callable[[], Any], fault: Fault, times: int) -> None:
    """After the next runs exactly one document exists, none is lost, and the log agrees (domain 9)."""
    for number in range(MOST_CALLS):
        with new_desk() as desk:
            reached = desk.meets(fault, number, desk.run, times)
            desk.run_until_quiet()
            assert desk.exactly_once(), number
            assert desk.run().documents == ()
        if not reached:
            break
    assert 0 < number < MOST_CALLS - 1


@pytest.mark.parametrize("second", [Fault.GATEWAY_TIMEOUT, Fault.TRUNCATED])
def test_faults_at_every_call_after_a_lost_answer(new_desk: Callable[[], Any], second: Fault) -> None:
    """The write arrived and its answer did not; whatever meets the search, nothing is made twice."""
    for number in range(MOST_CALLS):
        with new_desk() as desk:
            desk.standin.fail(Fault.ANSWER_LOST, lambda asked: asked.method != "GET")
            desk.run()
            desk.wait()
            reached = desk.meets(second, number, desk.run)
            desk.run_until_quiet()
            assert desk.exactly_once(), number
        if not reached:
            break
    assert 0 < number < MOST_CALLS - 1


@pytest.mark.parametrize("first", [None, Fault.ANSWER_LOST], ids=["first run", "search"])
def test_killed_at_any_place_the_next_runs_finish(new_desk: Callable[[], Any], first: Fault | None) -> None:
    """Before each commit, before each request, before each answer: nothing is lost, doubled or skipped.

    Two documents wait; the run that is to settle a lost answer dies too.
    """
    for place in count():
        with new_desk() as desk:
            desk.queue()
            if first:
                desk.standin.fail(first, lambda asked: asked.method != "GET")
                desk.run()
                desk.wait()
            with dying_at(place) as fate:
                desk.run()
            desk.run_until_quiet()
            assert desk.exactly_once(), place
        if fate.passed <= place:
            break
    assert place > PLACES_OF_A_DELIVERY


@pytest.mark.parametrize("fault", [Fault.RESET_BEFORE, Fault.SERVER_ERROR, Fault.TRUNCATED])
def test_faults_at_every_call_of_settling(new_desk: Callable[[], Any], fault: Fault) -> None:
    """The next settling knows what it would have known; nothing is told twice."""
    for number in range(MOST_CALLS):
        with new_desk() as desk:
            desk.run()
            reached = desk.meets(fault, number, desk.settle)
            desk.settle()
            assert desk.told_once(), number
        if not reached:
            break
    assert 0 < number < MOST_CALLS - 1


def test_whoever_does_not_search_sends_twice(new_desk: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A second attempt without a search, for each sink: so the matrix can fail."""
    monkeypatch.setattr(Deliverer, "_search", lambda self, pending: self._send(pending.booking))
    with new_desk() as desk:
        desk.run()  # the customer is known from here on
        desk.queue()
        desk.standin.fail(Fault.ANSWER_LOST, lambda asked: asked.method == "POST")
        desk.run()
        desk.run_until_quiet()
        assert len(_keys_there(desk)) > len(desk.keys)


def _keys_there(desk: Desk) -> list[str]:
    """Return the keys of all that is there."""
    return [
        listed.key for listed in desk.sink().listed(desk.store.billing.document(desk.keys[0]).invoice.issue_date, ())
    ]


def _has(adapter: type, port: type) -> bool:
    """Tell whether the class has all that the port names; `issubclass` refuses ports with properties."""
    return all(hasattr(adapter, name) for name in dir(port) if not name.startswith("_"))


def _speaks_http(module: ModuleType) -> bool:
    origin = Path(inspect.getfile(module))
    files = origin.parent.glob("*.py") if origin.stem == "__init__" else [origin]
    return any(
        re.search(r"\.(get_json|get_page|send_json|ask_json)\(", each.read_text(encoding="utf-8")) for each in files
    )
