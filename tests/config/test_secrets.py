"""Secrets: by name only, never shown, looked up only where a command needs them."""

import sys
from types import ModuleType

import pytest
from pydantic import SecretStr

from connector.config import load
from connector.config.secrets import NOT_RESOLVED, is_secret
from connector.redact import redact
from tests.config.fake_sources.web import Settings
from tests.config.folders import Folder

IN_ENVIRONMENT = 'api_key = { env = "TOOL_KEY" }'
IN_KEYRING = 'api_key = { keyring = "tool/anna" }'


class FakeKeyring(ModuleType):
    """The keyring library with one entry; it fails for the service 'locked'."""

    class KeyringError(Exception):
        """The library's own error."""

    @staticmethod
    def get_password(service: str, user: str) -> str | None:
        """Return the one entry."""
        if service == "locked":
            raise FakeKeyring.KeyringError
        return "from-the-keyring" if (service, user) == ("tool", "anna") else None


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the fake keyring, and nothing else."""
    library = FakeKeyring("keyring")
    monkeypatch.setitem(sys.modules, "keyring", library)
    monkeypatch.setitem(sys.modules, "keyring.errors", library)


def resolved_key(folder: Folder) -> str:
    """Return the key that the tool's settings carry; the test fails where there is no tenant."""
    tenant = load(folder.path).tenant
    assert tenant is not None
    settings = tenant.sources[1].settings
    assert isinstance(settings, Settings)
    return settings.api_key.get_secret_value()


def test_a_secret_comes_from_the_environment(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable's value reaches the adapter; no text that is shown contains it, and redaction knows it."""
    monkeypatch.setenv("TOOL_KEY", "sesame-7731")
    assert resolved_key(folder) == "sesame-7731"
    assert "sesame" not in repr(load(folder.path))
    assert "sesame" not in redact("it said sesame-7731")


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_not_set_is_told_with_its_name(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    """Missing or empty: the line of the setting, the variable, and what to type."""
    monkeypatch.delenv("TOOL_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("TOOL_KEY", value)
    problem = folder.problem(secrets=True)
    assert (problem.code, problem.place) == ("SecretMissing", folder.place("connector", "api_key"))
    assert problem.message == "source.api_key: environment variable TOOL_KEY is not set"
    assert problem.hint.startswith("export TOOL_KEY=")


def test_a_command_that_needs_no_secret_runs_without(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planning works on a machine that has no key; a stand-in no service would take is in its place."""
    monkeypatch.delenv("TOOL_KEY", raising=False)
    settings = folder.tenant().sources[1].settings
    assert isinstance(settings, Settings)
    assert settings.api_key == NOT_RESOLVED


@pytest.mark.usefixtures("keyring")
def test_a_secret_comes_from_the_keyring(folder: Folder) -> None:
    """Service and user name the entry."""
    folder.put("connector", IN_ENVIRONMENT, IN_KEYRING)
    assert resolved_key(folder) == "from-the-keyring"


@pytest.mark.usefixtures("keyring")
@pytest.mark.parametrize("name", ["tool/berta", "locked/anna"])
def test_a_missing_entry_of_the_keyring_is_told(folder: Folder, name: str) -> None:
    """No such entry, or a keyring that does not open: the hint says how to make the entry."""
    folder.put("connector", IN_ENVIRONMENT, f'api_key = {{ keyring = "{name}" }}')
    problem = folder.problem(secrets=True)
    assert (problem.code, problem.message) == ("SecretMissing", f"source.api_key: the keyring has no {name}")
    assert problem.hint.startswith(f"keyring set {name.replace('/', ' ')}")


def test_a_machine_without_keyring_is_told_what_to_install(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is an extra; without it the entry cannot be there."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    folder.put("connector", IN_ENVIRONMENT, IN_KEYRING)
    assert "pip install 'honorar[keyring]'" in folder.problem(secrets=True).hint


@pytest.mark.parametrize("written", ['"sesame-7731"', "7731773177", '["sesame-7731"]', "true"])
@pytest.mark.parametrize("key", ["api_key", "token"])
def test_a_secret_in_clear_text_is_refused_and_not_repeated(folder: Folder, key: str, written: str) -> None:
    """Whatever its type, required or optional: refused even where secrets are not looked up, and never shown."""
    line = f"{key} = {written}"
    folder.put("connector", IN_ENVIRONMENT, line if key == "api_key" else f"{IN_ENVIRONMENT}\n{line}")
    problem = folder.problem()
    assert (problem.code, problem.place) == ("SecretInClear", folder.place("connector", line))
    assert "sesame" not in str(problem)
    assert "7731" not in str(problem)
    assert problem.hint == 'write { env = "NAME_OF_A_VARIABLE" } or { keyring = "service/user" }'


@pytest.mark.parametrize(
    ("written", "code", "message"),
    [
        ("{}", "ConfigWrongValue", "source.api_key: give either"),
        ('{ env = "A", keyring = "b/c" }', "ConfigWrongValue", "source.api_key: give either"),
        ('{ enf = "A" }', "ConfigUnknownKey", "source.api_key.enf: unknown key"),
        ("{ env = 1 }", "ConfigWrongType", "source.api_key.env: 1 is not text"),
        ('{ keyring = "service" }', "ConfigWrongValue", "source.api_key.keyring: 'service' should match"),
    ],
)
def test_a_badly_named_secret_is_told(folder: Folder, written: str, code: str, message: str) -> None:
    """Exactly one of variable and keyring entry names a secret."""
    folder.put("connector", IN_ENVIRONMENT, f"api_key = {written}")
    problem = folder.problem()
    assert (problem.code, problem.place) == (code, folder.place("connector", "api_key"))
    assert problem.message.startswith(message)


def test_a_secret_the_adapter_does_not_take_is_not_shown(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is too short for the adapter is told without the key."""
    monkeypatch.setenv("TOOL_KEY", "abc")
    problem = folder.problem(secrets=True)
    assert problem.place == folder.place("connector", "api_key")
    assert "abc" not in str(problem)


def test_only_fields_for_secrets_are_secrets() -> None:
    """SecretStr, alone or with None; plain text is none."""
    assert is_secret(SecretStr)
    assert is_secret(SecretStr | None)
    assert not is_secret(str)
    assert not is_secret(str | None)
