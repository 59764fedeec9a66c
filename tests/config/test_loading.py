"""From a folder to a tenant."""

from pathlib import Path

import pytest

from connector.config import load, tenants
from connector.mapping import Mapping
from tests.config.folders import Folder


def test_the_mapping_keeps_the_place_of_each_rule(folder: Folder) -> None:
    """File and line of [[vat]], [[debtor]] and [[revenue]]."""
    mapping = folder.tenant().mapping
    assert isinstance(mapping, Mapping)
    assert [placed.place for placed in mapping.vat] == ["mapping.toml:1"]
    assert mapping.debtors["K1"].place == "mapping.toml:6"
    assert [placed.place for placed in mapping.revenue] == ["mapping.toml:10"]
    assert mapping.texts.booking == "{number} {customer}"


def test_the_folder_is_absolute(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative folder on the command line means the same for every adapter."""
    monkeypatch.chdir(folder.path)
    tenant = load(Path(), secrets=False).tenant
    assert tenant is not None
    assert tenant.folder == folder.path.resolve()


def test_every_byte_of_the_configuration_counts_in_its_hash(folder: Folder) -> None:
    """A changed comment is a changed configuration; a moved line between two files too."""
    seen = {folder.tenant().config_hash}
    assert folder.tenant().config_hash in seen
    for name in ("connector", "agreements", "mapping"):
        folder.add(name, "# a comment\n")
        seen.add(folder.tenant().config_hash)
    assert len(seen) == 4
    assert {len(each) for each in seen} == {64}


def test_a_secret_is_no_part_of_the_hash(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new key does not make a new configuration."""
    monkeypatch.setenv("TOOL_KEY", "one-key")
    one = load(folder.path).tenant
    monkeypatch.setenv("TOOL_KEY", "other-key")
    other = load(folder.path).tenant
    assert one is not None
    assert other is not None
    assert one.config_hash == other.config_hash


def test_an_empty_folder_lacks_three_files(tmp_path: Path) -> None:
    """Each missing file is told."""
    loaded = load(tmp_path)
    assert loaded.tenant is None
    assert [(problem.code, problem.place) for problem in loaded.problems] == [
        ("ConfigUnreadable", "connector.toml"),
        ("ConfigUnreadable", "agreements.toml"),
        ("ConfigUnreadable", "mapping.toml"),
    ]


def test_a_file_that_cannot_be_read_does_not_hide_the_others_faults(folder: Folder) -> None:
    """A syntax error here, a foreign encoding there, an unknown key in the third."""
    folder.put("connector", "[tenant]", "[tenant")
    (folder.path / "agreements.toml").write_bytes("# Müller\n".encode("cp1252"))
    folder.put("mapping", "[[vat]]", "[[vta]]")
    problems = [(problem.code, problem.place) for problem in folder.problems()]
    assert problems == [
        ("ConfigSyntax", "connector.toml:1"),
        ("ConfigEncoding", "agreements.toml:1"),
        ("ConfigUnknownKey", "mapping.toml:1"),
    ]


def test_an_empty_list_of_agreements_is_a_tenant(folder: Folder) -> None:
    """A new tenant has agreed nothing yet."""
    folder.put("agreements", folder.text("agreements"), "# none yet\n")
    folder.put("mapping", 'agreement = "website"\n', "")
    assert folder.tenant().agreements == ()


def test_one_folder_is_one_tenant(folder: Folder) -> None:
    """A folder with a connector.toml is meant itself."""
    assert tenants(folder.path) == [folder.path]


def test_a_folder_of_folders_is_many_tenants(tmp_path: Path) -> None:
    """In the order of their names; what has no connector.toml is none."""
    for name in ("b", "a", "empty"):
        (tmp_path / name).mkdir()
    for name in ("b", "a"):
        Folder.valid(tmp_path / name)
    (tmp_path / "notes.txt").touch()
    assert tenants(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    assert tenants(tmp_path / "empty") == []
    assert tenants(tmp_path / "nowhere") == []
