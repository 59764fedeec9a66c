"""The handbook's list of commands, typed as it stands, in both languages."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from connector import cli
from tests.support.commands import honorar

DOCS = Path(__file__).parents[2] / "docs"
HANDBOOKS = {"handbook.en.md": "## Every command", "handbook.de.md": "## Alle Befehle"}


def listed(handbook: str) -> list[str]:
    """Return the lines of the list."""
    _, section = (DOCS / handbook).read_text(encoding="utf-8").split(HANDBOOKS[handbook] + "\n")
    return section.split("```")[1].strip().splitlines()


@pytest.mark.parametrize("handbook", HANDBOOKS)
def test_every_command_is_listed_and_explained(handbook: str) -> None:
    """None is missing, and each says what it is for."""
    lines = listed(handbook)
    assert {shlex.split(line)[1] for line in lines} == set(cli.honorar.commands)
    assert all(" # " in line for line in lines)


@pytest.mark.parametrize("handbook", HANDBOOKS)
def test_what_is_listed_does_what_it_says(handbook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed in order on the example agency, each command leaves with 0, or with the exit code beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HONORAR_CONFIG", raising=False)
    first, *rest = listed(handbook)
    assert honorar(*typed(first.replace(" && cd agency", ""))).code == 0
    monkeypatch.chdir("agency")
    connector = Path("connector.toml")
    text = connector.read_text(encoding="utf-8")
    connector.write_text(text.replace('approval = "auto"', 'approval = "manual"'), encoding="utf-8")
    for line in rest:
        ran, told = honorar(*typed(line)), re.search(r"# \((\d)\)", line)
        assert ran.code == (int(told[1]) if told else 0), f"{line}\n{ran.out}{ran.err}"


def typed(line: str) -> list[str]:
    """Return the arguments as a shell would pass them."""
    _, *arguments = shlex.split(line, comments=True)
    return arguments
