from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from connector.core.errors import Locked, SchemaTooNew
from connector.core.lifecycle import DocumentState
from connector.store import open_store, upgrade
from connector.store.engine import open_engine
from connector.store.lock import held
from connector.store.schema import HEAD, audit, metadata
from connector.store.upgrade import MIGRATIONS, revision
from tests.core.builders import eur, party
from tests.store.older import DATA, build
from tests.store.world import TENANT, add, hand_over, rows

_MIGRATION = """
from alembic import op
revision = "9999"
down_revision = "{head}"
def upgrade():
    op.execute("CREATE TABLE notes (text TEXT)")
    op.execute("INSERT INTO notes VALUES ('upgraded')")
    {last}
"""


def _known_revisions() -> list[str]:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return sorted(step.revision for step in ScriptDirectory.from_config(settings).walk_revisions())


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that makes Honorar the next version, with a migration that ends in the statement given."""

    def install(last: str) -> None:
        folder = tmp_path / "100 % new"
        shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "r9999_notes.py").write_text(_MIGRATION.format(head=HEAD, last=last))
        monkeypatch.setattr(upgrade, "MIGRATIONS", folder)
        monkeypatch.setattr(upgrade, "HEAD", "9999")

    return install


def _tables(url: str) -> set[str]:
    engine = open_engine(url, TENANT)
    tables = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return tables


def test_empty_database_becomes_a_store(empty_url: str) -> None:
    """The first command makes the tables; they are those the program works with, on either database."""
    with open_store(empty_url, TENANT) as store, store.database.engine.connect() as connection:
        assert revision(store.database.engine) == HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_is_the_newest_migration() -> None:
    """The revision the program asks for is the last one of the chain."""
    assert _known_revisions()[-1] == HEAD


@pytest.mark.parametrize("older", _known_revisions())
def test_older_store_is_brought_up_to_date(empty_url: str, older: str) -> None:
    """A store of any published revision opens; everything in it can be read, and work goes on."""
    build(empty_url, older)
    with open_store(empty_url, TENANT) as store:
        assert revision(store.database.engine) == HEAD
        assert store.billing.document("RE-2026-0001").summary.gross == eur("5950.00")
        assert store.billing.history().positions["A1/1"].computed == eur("5000.00")
        assert store.collected(["ledger"]).customers() == {"K1": party()}
        (arrival,) = store.inbox.arrivals("ledger")
        assert store.inbox.read(arrival.sha256).startswith(b"id;name")
        assert store.outbox.deliveries("k-1")[0].reference == "EXTF_1.csv"
        assert add(store, "k-2", DocumentState.APPROVED).number == "RE-2026-0002"
        assert hand_over(store, "k-2").known_debtors == {"10001": "v1"}
        assert store.selections.chosen() == ({"website": frozenset({"A1/1"})} if older >= "0003" else {})


def test_every_revision_has_left_a_store_to_test_with() -> None:
    """A new migration comes with a file of rows as its revision writes them."""
    assert sorted(path.stem.removeprefix("store_") for path in DATA.glob("*.json")) == _known_revisions()


def test_upgrade_keeps_what_is_there(url: str, next_version: Callable[[str], None]) -> None:
    """The next version finds the store of this one and goes on from there."""
    with open_store(url, TENANT) as store:
        add(store)
    next_version("")
    with open_store(url, TENANT) as store:
        assert revision(store.database.engine) == "9999"
        assert len(list(store.billing.documents())) == 1
    with open_store(url, TENANT):
        pass


def test_newer_store_is_refused_in_plain_words(
    url: str, next_version: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older Honorar leaves a newer store alone and says what to do."""
    next_version("")
    with open_store(url, TENANT):
        pass
    monkeypatch.undo()
    with pytest.raises(
        SchemaTooNew, match=f"the store has schema 9999, this Honorar knows schemas up to {HEAD}"
    ) as caught:
        _open(url)
    assert caught.value.exit_code == 2
    assert caught.value.hint == "install the newer Honorar that wrote it"


def _open(url: str) -> None:
    with open_store(url, TENANT):
        pass


def test_migration_that_fails_leaves_the_store_as_it_was(url: str, next_version: Callable[[str], None]) -> None:
    """Tables, rows and version mark of one migration appear together or not at all."""
    before = _tables(url)
    next_version('op.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(sa.exc.DBAPIError):
        _open(url)
    assert _tables(url) == before
    engine = open_engine(url, TENANT)
    assert revision(engine) == HEAD
    engine.dispose()


def test_killed_migration_leaves_the_store_as_it_was(url: str, next_version: Callable[[str], None]) -> None:
    """A process killed in the middle of a migration leaves the older store, which the next command upgrades."""
    before = _tables(url)
    next_version("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    child = os.fork()
    if child == 0:
        _open(url)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert _tables(url) == before


def test_two_processes_upgrade_once(empty_url: str) -> None:
    """Whoever comes second finds the work done."""
    threads = [Thread(target=_open, args=[empty_url]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(empty_url, TENANT) as store:
        assert rows(store, audit) == []


def test_upgrade_waits_for_another_one(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one process upgrades, another does not touch the tables; it says so if that takes too long."""
    monkeypatch.setattr(upgrade, "WAIT_SECONDS", 0)
    engine = open_engine(empty_url, TENANT)
    with held(engine, "upgrade", 0, ""), pytest.raises(Locked, match="another process is upgrading the store"):
        _open(empty_url)
    engine.dispose()


def test_current_store_opens_without_the_tools_for_upgrades(url: str) -> None:
    """A run with nothing to do loads neither alembic nor pydantic: they take longer than the run."""
    program = (
        "import sys; from connector.store import open_store\n"
        "with open_store(sys.argv[1], sys.argv[2]) as store: store.billing.history()\n"
        "print([name for name in ('alembic', 'pydantic') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, url, TENANT]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"
