"""What every source keeps to: each one the registry finds is held to it, without a line here.

A file tests/sources/sample_<name>.py with a function `sample()` that returns the built adapter with some data in it
(from files or recorded traffic) lets its values be held to the contract as well.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel, ValidationError

from connector import registry
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.ports import (
    Checkable,
    CustomerSource,
    MetricSource,
    OfferSource,
    ProgressSource,
    ProjectSource,
    TimeSource,
)
from connector.core.readings import Metric, Reading
from connector.core.timesheet import TimeEntry
from connector.http import Transport

ROOT = Path(__file__).parents[2]

PORTS = (CustomerSource, ProjectSource, OfferSource, ProgressSource, TimeSource, MetricSource)
READERS = ("customers", "projects", "offers", "readings", "entries", "metrics", "terms", "check")

PERIOD = Period(date(2026, 2, 1), date(2026, 4, 1))
AS_OF = date(2026, 3, 31)

CALL = re.compile(r"\.(?:get_json|get_page|ask_json)\(")
"""How a source calls an address."""

OURS = [name for name in registry.sources() if registry.source(name).__name__.startswith("connector.sources.")]
SAMPLED = [name for name in OURS if (ROOT / f"tests/sources/sample_{name}.py").is_file()]


@pytest.fixture(params=OURS)
def module(request: pytest.FixtureRequest) -> ModuleType:
    """Return each source of ours in turn."""
    return registry.source(request.param)


@pytest.fixture(params=SAMPLED)
def sample(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401 -- each adapter has ports of its own
    """Return each source that has a sample, built and with data in it."""
    return import_module(f"tests.sources.sample_{request.param}").sample()


def adapter_of(module: ModuleType) -> type:
    """Return the class of the adapters that the module builds."""
    adapter = get_type_hints(module.build)["return"]
    assert isinstance(adapter, type)
    return adapter


def name_of(module: ModuleType) -> str:
    """Return the adapter's name, as configurations have it."""
    return module.__name__.rpartition(".")[2]


def records(sample: Any, name: str) -> list[Any]:  # noqa: ANN401 -- see the fixture
    """Return what the reader of that name yields; nothing where the source has none."""
    return list(getattr(sample, name)()) if hasattr(sample, name) else []


def readings(sample: Any) -> list[Any]:  # noqa: ANN401 -- see the fixture
    """Return the readings up to the day of the tests."""
    return list(sample.readings(AS_OF)) if isinstance(sample, ProgressSource) else []


def entries(sample: Any) -> list[Any]:  # noqa: ANN401 -- see the fixture
    """Return the entries of the period of the tests."""
    return list(sample.entries(PERIOD)) if isinstance(sample, TimeSource) else []


def test_the_sources_are_found_at_all() -> None:
    """The rules below look at sources and samples, not at empty lists."""
    assert "ledger" in OURS
    assert "ledger" in SAMPLED


def test_a_source_is_built_from_settings_and_transport(module: ModuleType) -> None:
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


def test_a_source_satisfies_a_port_and_can_be_checked(module: ModuleType) -> None:
    """It knows at least one kind of record, and can tell whether it would work."""
    adapter = adapter_of(module)

    assert [port for port in PORTS if issubclass(adapter, port)] != []
    assert issubclass(adapter, Checkable)


def test_readers_are_generators(module: ModuleType) -> None:
    """Values stream one at a time, so that memory stays flat and one bad record does not hide the next."""
    readers = {name: getattr(adapter_of(module), name) for name in READERS if hasattr(adapter_of(module), name)}

    assert [name for name, reader in readers.items() if not inspect.isgeneratorfunction(reader)] == []
    assert [name for name, reader in readers.items() if not reader.__doc__] == []


def test_a_source_that_speaks_http_has_recorded_traffic(module: ModuleType) -> None:
    """What an address answers is held against what was once recorded; a source of files needs none."""
    folder = ROOT / "tests/cassettes" / name_of(module)

    assert any(folder.glob("**/*.yaml")) == _speaks_http(module)


def test_every_value_of_a_sample_is_what_the_port_says(sample: Any) -> None:  # noqa: ANN401 -- see the fixture
    """Each reader yields its own kind of value, and a sound sample has no problem."""
    found = {
        Party: records(sample, "customers"),
        Project: records(sample, "projects"),
        Offer: records(sample, "offers"),
        Metric: records(sample, "metrics"),
        Reading: readings(sample),
        TimeEntry: entries(sample),
    }

    assert any(found.values())
    assert [value for kind, values in found.items() for value in values if type(value) is not kind] == []
    assert list(sample.check()) == []


def test_every_value_of_a_sample_says_where_it_is_from(sample: Any) -> None:  # noqa: ANN401 -- see the fixture
    """Whatever is billed can be traced to a row or record."""
    values = [value for name in ("customers", "projects", "offers") for value in records(sample, name)]

    assert [value for value in [*values, *readings(sample), *entries(sample)] if not value.origin] == []


def test_ids_of_a_sample_stand_once(sample: Any) -> None:  # noqa: ANN401 -- see the fixture
    """Every record comes once, and a position belongs to its offer and the offer's project."""
    for name in ("customers", "projects", "offers"):
        ids = [record.id for record in records(sample, name)]
        assert len(ids) == len(set(ids))
    for offer in records(sample, "offers"):
        assert {(each.offer, each.project) for each in offer.positions} <= {(offer.id, offer.project)}


def test_entries_of_a_sample_lie_in_the_period_and_have_whole_seconds(sample: Any) -> None:  # noqa: ANN401 -- see above
    """Each entry comes once, with its local day in the period asked for (domain 1.4, 1.7)."""
    found = entries(sample)

    assert [entry for entry in found if entry.day not in PERIOD] == []
    assert [entry for entry in found if not isinstance(entry.seconds, int | None)] == []
    assert len({entry.id for entry in found}) == len(found)


def test_readings_of_a_sample_are_not_of_the_future(sample: Any) -> None:  # noqa: ANN401 -- see the fixture
    """A plan for a day sees what was known on that day."""
    assert [reading for reading in readings(sample) if reading.on > AS_OF] == []


def _speaks_http(module: ModuleType) -> bool:
    spec = importlib.util.find_spec(module.__name__)
    assert spec is not None
    assert spec.origin is not None
    origin = Path(spec.origin)
    files = origin.parent.glob("*.py") if origin.stem == "__init__" else [origin]
    return any(CALL.search(file.read_text(encoding="utf-8")) for file in files)
