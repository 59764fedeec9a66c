from __future__ import annotations

import re
from pathlib import Path

import pytest

from connector import config
from connector.core.errors import ConfigError
from connector.starter import make_tenant
from tests.support.starter import filled_in


def names(folder: Path) -> set[str]:
    """Return the files below the folder, by their paths in it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_new_tenant_gets_files_to_fill_in(tmp_path: Path) -> None:
    """Both charts of accounts, the ledger's files with their headings only, and the schemas for editors."""
    folder = tmp_path / "new" / "agency"
    written = make_tenant(folder, example=False)

    assert names(folder) == {path.relative_to(folder).as_posix() for path in written}
    assert {"connector.toml", "agreements.toml", "mapping.toml", "mapping-skr04.toml", "dunning.toml"} <= names(folder)
    assert {"schema/connector.json", "schema/agreements.json", "schema/mapping.json"} <= names(folder)
    ledger = sorted((folder / "data").iterdir())
    assert [path.name for path in ledger] == [
        "customers.csv",
        "metrics.csv",
        "offers.csv",
        "positions.csv",
        "progress.csv",
        "projects.csv",
        "time.csv",
    ]
    assert all(len(path.read_text(encoding="utf-8").splitlines()) == 1 for path in ledger)


def test_what_is_to_be_filled_in_is_told(tmp_path: Path) -> None:
    """Each place with its line and what to write there, and nothing else is wrong; once filled in, the tenant works."""
    folder = tmp_path / "agency"
    make_tenant(folder, example=False)
    connector = folder / "connector.toml"
    text = connector.read_text(encoding="utf-8")
    problems = config.load(folder).problems

    assert {problem.code for problem in problems} == {"ConfigPlaceholder"}
    told = {problem.place: problem.hint for problem in problems}
    lines = enumerate(text.splitlines(), start=1)
    assert told == {
        f"connector.toml:{number}": f"write there: {asked[1]}"
        for number, line in lines
        if (asked := re.search('"<(.+)>"', line))
    }
    assert len(told) == 8
    connector.write_text(filled_in(text), encoding="utf-8")
    assert config.load(folder).problems == ()


def test_editors_find_the_schemas(tmp_path: Path) -> None:
    """Each file says in its first line by what it is checked."""
    make_tenant(tmp_path / "agency", example=False)
    for name in ("connector", "agreements", "mapping", "dunning"):
        first = (tmp_path / "agency" / f"{name}.toml").read_text(encoding="utf-8").splitlines()[0]
        assert first == f"#:schema ./schema/{name}.json"


def test_the_example_is_complete(tmp_path: Path) -> None:
    """Its files are those of the source, without the starters."""
    make_tenant(tmp_path / "agency", example=True)
    tenant = config.load(tmp_path / "agency").tenant

    assert tenant is not None
    assert tenant.id == "example"
    assert "mapping-skr03.toml" not in names(tmp_path / "agency")
    assert not any(name.startswith("starter/") for name in names(tmp_path / "agency"))
    source = Path(__file__).parents[1] / "config"
    assert (tmp_path / "agency" / "data" / "time.csv").read_bytes() == (source / "data" / "time.csv").read_bytes()


@pytest.mark.parametrize("example", [False, True])
def test_nothing_is_overwritten(tmp_path: Path, example: bool) -> None:  # noqa: FBT001 - a case of the test
    """One file that is there already is enough to write none."""
    (tmp_path / "mapping.toml").write_text("# mine\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"mapping\.toml is there already; nothing was written") as caught:
        make_tenant(tmp_path, example=example)
    assert caught.value.place == str(tmp_path)
    assert names(tmp_path) == {"mapping.toml"}


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """In words, not with a stack trace."""
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(ConfigError, match="the files cannot be written: Not a directory"):
        make_tenant(tmp_path / "file" / "agency", example=False)
