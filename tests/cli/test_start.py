"""Starting: fast, and fit for any terminal, log and pipe. Each test starts the command as its users do."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

import pytest

from connector import cli
from tests.support.commands import honorar
from tests.support.small_tenant import small_tenant

HEAVY = ("alembic", "babel", "holidays", "pydantic", "requests", "rich", "sqlalchemy", "tenacity")

COMMAND = [sys.executable, "-c", "from connector.cli import main; main()"]


def loaded_by(code: str) -> set[str]:
    """Return which of the heavy libraries a fresh Python has loaded after running the code."""
    told = f"{code}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_help_loads_nothing_heavy() -> None:
    """Only what reads the command line: whoever asks for help, or mistypes, has the answer at once."""
    assert loaded_by("import connector.cli") == set()


def test_a_run_on_files_with_nothing_to_do_loads_only_what_it_needs(tmp_path: Path) -> None:
    """No web client, no tables, no migrations; no calendars of the whole world before a working day is asked for."""
    folder = small_tenant(tmp_path / "agency")
    agreements = folder / "agreements.toml"
    counted = agreements.read_text("utf-8").replace('"manual"', '"manual"\ndays = "working"\nstate = "SN"', 1)
    agreements.write_text(counted, "utf-8")
    assert honorar("--config", folder, "run", "--as-of", "2026-01-31").code == 0
    run = f"""
import sys
from connector.cli import main
sys.argv = ["honorar", "--config", {str(folder)!r}, "run", "--as-of", "2026-01-31"]
try:
    main()
except SystemExit as leaving:
    assert leaving.code == 0
"""
    assert loaded_by(run) == {"pydantic", "sqlalchemy"}


def test_a_reader_that_leaves_ends_the_command_quietly(tmp_path: Path) -> None:
    """`honorar documents --json | head -1`: no stack trace, nothing said to nobody."""
    folder = small_tenant(tmp_path / "agency")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "--config", str(folder), "--json", "documents"], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_log_that_knows_few_letters_ends_no_run(tmp_path: Path) -> None:
    """What it cannot show becomes a question mark; the run goes on to its end."""
    folder = small_tenant(tmp_path / "agency")
    written = BytesIO()
    argv = ["honorar", "--config", str(folder), "run", "--as-of", "2026-01-31"]
    with patch.object(sys, "argv", argv), redirect_stdout(TextIOWrapper(written, encoding="ascii")) as log:
        with pytest.raises(SystemExit) as leaving:
            cli.main()
        log.flush()

    assert leaving.value.code == 0
    assert b"M?we GmbH" in written.getvalue()
    assert len(list((folder / "out").iterdir())) == 2


def test_the_command_can_be_interrupted(tmp_path: Path) -> None:
    """Ctrl-C ends it without a stack trace."""

    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    folder = small_tenant(tmp_path / "agency")
    with patch("connector.wiring.billing.pull", interrupt):
        ran = honorar("--config", folder, "run")
    assert (ran.code, ran.out.strip(), ran.err.strip()) == (cli.INTERRUPTED, "", "")


def test_a_fault_of_the_program_is_not_hidden(tmp_path: Path) -> None:
    """It is not the operator's to mend: it shows where it is."""

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    folder = small_tenant(tmp_path / "agency")
    with patch("connector.wiring.billing.pull", fail), pytest.raises(ZeroDivisionError):
        honorar("--config", folder, "run")
