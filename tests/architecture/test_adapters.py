from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.adapters import adapters, unfinished
from tests.architecture.syntax import ROOT

PAGE = "# Moco\n\nHow it is set up, what is read, and what was never tried against the real service.\n"


@pytest.mark.parametrize(("room", "name"), adapters(ROOT))
def test_every_adapter_is_complete(room: str, name: str) -> None:
    """An adapter has a page that says how to set it up and where its limits are, and tests of its own."""
    assert not unfinished(ROOT, room, name)


def test_the_adapters_are_found_at_all() -> None:
    """The rule above looks at adapters, not at an empty list."""
    assert {("sources", "ledger"), ("sinks", "datev")} <= set(adapters(ROOT))


@pytest.fixture
def moco(tmp_path: Path) -> Path:
    """Return a house with one complete adapter, a private helper, and nothing else."""
    for path, text in {
        "connector/sources/moco.py": "",
        "connector/sources/_paging.py": "",
        "connector/sources/__init__.py": "",
        "docs/sources/moco.md": PAGE,
        "tests/sources/test_moco.py": "",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def test_files_and_folders_are_adapters(moco: Path) -> None:
    """A file or a folder is an adapter; private files are not, and a folder needs code in it."""
    (moco / "connector/sinks/lexware").mkdir(parents=True)
    (moco / "connector/sinks/empty").mkdir()
    (moco / "connector/sinks/lexware/__init__.py").write_text("", encoding="utf-8")
    assert adapters(moco) == [("sources", "moco"), ("sinks", "lexware")]


def test_a_complete_adapter_is_left_alone(moco: Path) -> None:
    """Code, page and tests are all it takes."""
    assert not unfinished(moco, "sources", "moco")


def test_tests_may_have_a_folder_of_their_own(moco: Path) -> None:
    """A large adapter has a folder of tests, or several files that begin with its name."""
    (moco / "tests/sources/test_moco.py").rename(moco / "tests/sources/test_moco_calls.py")
    assert not unfinished(moco, "sources", "moco")
    (moco / "tests/sources/moco").mkdir()
    (moco / "tests/sources/test_moco_calls.py").rename(moco / "tests/sources/moco/test_calls.py")
    assert not unfinished(moco, "sources", "moco")


def test_a_missing_page_is_found(moco: Path) -> None:
    """An adapter nobody can set up is not finished."""
    (moco / "docs/sources/moco.md").unlink()
    assert unfinished(moco, "sources", "moco") == ["docs/sources/moco.md is missing"]


@pytest.mark.parametrize("text", ["", "# Moco\n", PAGE.removeprefix("# ")])
def test_a_page_that_says_nothing_is_found(moco: Path, text: str) -> None:
    """A page begins with a heading and says something below it."""
    (moco / "docs/sources/moco.md").write_text(text, encoding="utf-8")
    assert unfinished(moco, "sources", "moco") == ["docs/sources/moco.md says nothing"]


def test_missing_tests_are_found(moco: Path) -> None:
    """An adapter without tests of its own is not finished."""
    (moco / "tests/sources/test_moco.py").unlink()
    assert unfinished(moco, "sources", "moco") == ["tests/sources has no test of moco"]
