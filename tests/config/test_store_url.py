"""Where the store is."""

from pathlib import Path

import pytest

from connector.config.store_url import absolute
from tests.config.folders import Folder

TENANT = "[tenant]"
FOLDER = Path("/srv/tenant")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sqlite:///data/x.sqlite", "sqlite:////srv/tenant/data/x.sqlite"),
        ("sqlite:////var/x.sqlite", "sqlite:////var/x.sqlite"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite:///", "sqlite:///"),
        ("postgresql://db/honorar", "postgresql://db/honorar"),
    ],
)
def test_relative_paths_start_at_the_tenants_folder(written: str, meant: str) -> None:
    """From wherever the command is called, the store is the same."""
    assert absolute(written, FOLDER) == meant


def test_without_a_word_the_store_is_among_the_tenants_data(folder: Folder) -> None:
    """The default needs no table."""
    assert folder.tenant().store_url == f"sqlite:///{folder.path.resolve()}/data/honorar.sqlite"


def test_the_url_may_be_a_secret_and_is_never_shown(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A URL with a password comes from the environment, also for commands that need no other secret."""
    monkeypatch.setenv("STORE", "postgresql://u:hunter2@db/honorar")
    folder.put("connector", TENANT, '[store]\nurl = { env = "STORE" }\n[tenant]')
    tenant = folder.tenant()
    assert tenant.store_url == "postgresql://u:hunter2@db/honorar"
    assert "hunter2" not in repr(tenant)


def test_a_missing_variable_for_the_store_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its store no command can work."""
    monkeypatch.delenv("STORE", raising=False)
    folder.put("connector", TENANT, '[store]\nurl = { env = "STORE" }\n[tenant]')
    assert (folder.problem().code, folder.problem().place) == ("SecretMissing", folder.place("connector", "STORE"))


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ('"postgresql://u:hunter2@db/honorar"', "a password never stands in the file itself"),
        ("5", "5 is not text in quotes"),
        ('{ enf = "STORE" }', "unknown key"),
    ],
)
def test_a_password_in_the_file_or_a_wrong_type_is_told_once(folder: Folder, url: str, fault: str) -> None:
    """The fault is told without the password."""
    folder.put("connector", TENANT, f"[store]\nurl = {url}\n[tenant]")
    problem = folder.problem()
    assert problem.place == folder.place("connector", "url = " + url)
    assert fault in problem.message
    assert "hunter2" not in str(problem)


def test_a_user_without_password_may_stand_in_the_file(folder: Folder) -> None:
    """A local PostgreSQL that trusts its users needs no secret."""
    folder.put("connector", TENANT, '[store]\nurl = "postgresql://honorar@db/honorar"\n[tenant]')
    assert folder.tenant().store_url == "postgresql://honorar@db/honorar"


def test_a_store_that_is_no_table_is_told(folder: Folder) -> None:
    """Only the model's fault is told, and reading goes on."""
    folder.put("connector", TENANT, "store = 5\n[tenant]")
    assert folder.problem().message == "store: 5 is not a table"
