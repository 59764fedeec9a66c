"""Settings of sources and sink, checked by their adapters' own models."""

import pytest

from tests.config.fake_sinks.paper import Settings as Paper
from tests.config.fake_sources.files import Settings as Files
from tests.config.folders import Folder


def test_each_adapter_gets_its_own_settings(folder: Folder) -> None:
    """In the order of the file; name and type stay outside."""
    tenant = folder.tenant()
    assert [(source.name, source.type) for source in tenant.sources] == [("books", "files"), ("tool", "web")]
    assert tenant.sources[0].settings == Files(locale="de")
    assert (tenant.sink.type, tenant.sink.settings) == ("paper", Paper(client=7))


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ('type = "files"', 'type = "fils"', "source.type: unknown source 'fils'", "did you mean 'files'?"),
        ('type = "paper"', 'type = "x"', "sink.type: unknown sink 'x'", "known: paper"),
        ('type = "files"', 'type = "broken"', "source 'broken' cannot be loaded: No module named", "install what"),
        ('type = "files"', 'type = "bare"', "source 'bare' is no adapter", "ask its author"),
        ('type = "files"', 'type = "_helper"', "unknown source '_helper'", "known: bare, broken, files, web"),
    ],
)
def test_an_adapter_that_cannot_be_used_is_told(folder: Folder, old: str, new: str, message: str, hint: str) -> None:
    """Misspelt, lacking a package, or no adapter at all."""
    folder.put("connector", old, new)
    problem = folder.problem()
    assert (problem.code, problem.place) == ("UnknownAdapter", folder.place("connector", new))
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ('locale = "de"', 'locale = "fr"', "ConfigWrongValue", "source.locale: 'fr' is not known"),
        ('locale = "de"', 'locale = "de"\nfoldr = "x"', "ConfigUnknownKey", "source.foldr: unknown key"),
        ("client = 7", 'client = "x"', "ConfigWrongValue", "sink.client: 'x' should be a valid integer"),
        (
            'url = "https://tool.example"',
            'url = "https://tool.example"\nfields = { rat = "R" }',
            "ConfigUnknownKey",
            "source.fields.rat: unknown key",
        ),
    ],
)
def test_faults_of_settings_are_told_like_all_others(
    folder: Folder, old: str, new: str, code: str, message: str
) -> None:
    """With line, key and code; also in tables inside."""
    folder.put("connector", old, new)
    problem = folder.problem()
    assert (problem.code, problem.place) == (code, folder.place("connector", new.splitlines()[-1]))
    assert problem.message.startswith(message)


def test_a_missing_setting_is_told_at_its_adapter(folder: Folder) -> None:
    """The line is that of [[source]], the hint says what the setting is."""
    folder.put("connector", 'locale = "de"\n', "")
    problem = folder.problem()
    assert (problem.code, problem.place) == ("ConfigMissingKey", "connector.toml:16")
    assert (problem.message, problem.hint) == ("source.locale: the key is missing", "How numbers are written.")


def test_settings_are_checked_even_where_other_tables_are_wrong(folder: Folder) -> None:
    """All faults of connector.toml are shown at once, those of the adapters too."""
    folder.put("connector", 'id = "nord"\n', "")
    folder.put("connector", 'type = "files"\n', "type = 5\n")
    folder.put("connector", "client = 7", "klient = 7")
    assert [problem.message.split(": ")[0] for problem in folder.problems()] == [
        "tenant.id",
        "source.type",
        "sink.client",
        "sink.klient",
    ]


@pytest.mark.parametrize("sink", ["sink = 5", "sink = []"])
def test_a_sink_that_is_no_table_is_told(folder: Folder, sink: str) -> None:
    """Only the model's fault is told."""
    folder.put("connector", '[sink]\ntype = "paper"\nclient = 7\n', "")
    folder.put("connector", "[tenant]", f"{sink}\n[tenant]")
    assert folder.problem().message.endswith("is not a table")
