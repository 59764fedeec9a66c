"""Log-ins at rest: sealed with a key of one's own, or left to the system's keyring."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from connector.core.errors import ConfigError, RefusedError
from connector.redact import redact
from connector.vault import FernetSeal, KeyringSeal, Login, Seal, Vault

NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)

LOGIN = Login("refresh-4711", NOON.replace(year=2028), "access-0815", NOON, renewing=True)


class Keyring(ModuleType):
    """The keyring library, which keeps what it is given; it fails for the service 'locked'."""

    class KeyringError(Exception):
        """The library's own error."""

    def __init__(self) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, user: str) -> str | None:
        """Return what was set."""
        return self.kept.get((service, user))

    def set_password(self, service: str, user: str, text: str) -> None:
        """Keep it."""
        if service == "locked":
            raise self.KeyringError
        self.kept[service, user] = text


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """Install an empty keyring."""
    library = Keyring()
    monkeypatch.setitem(sys.modules, "keyring", library)
    monkeypatch.setitem(sys.modules, "keyring.errors", library)
    return library


def sealed(tmp_path: Path, seal: Seal | None = None) -> Vault:
    """Return a vault in a folder that is not there yet."""
    return Vault(tmp_path / "kept" / "login", seal or FernetSeal(SecretStr(Fernet.generate_key().decode())))


def test_what_is_kept_is_what_is_read(tmp_path: Path) -> None:
    """All of it, and by another process; its end is read without the key."""
    vault = sealed(tmp_path)
    assert (vault.read(), vault.valid_until()) == (None, None)
    vault.write(LOGIN)
    assert vault.read() == LOGIN
    assert Vault(vault.path, FernetSeal(SecretStr("lost"))).valid_until() == LOGIN.valid_until


def test_tokens_are_neither_written_nor_shown(tmp_path: Path) -> None:
    """The file says when the log-in ends, and nothing else that anybody can read."""
    vault = sealed(tmp_path)
    vault.write(LOGIN)
    text = vault.path.read_text()
    assert "2028-02-02" in text
    for secret in ("refresh-4711", "access-0815"):
        assert secret not in text + repr(LOGIN)
        assert secret not in redact(f"token={secret} and {secret}")
    assert [path.name for path in vault.path.parent.iterdir()] == ["login"]


def test_the_keyring_keeps_all_of_it(tmp_path: Path, keyring: Keyring) -> None:
    """The file has the end of the log-in alone."""
    vault = sealed(tmp_path, KeyringSeal("honorar", "datev"))
    vault.write(LOGIN)
    assert vault.read() == LOGIN
    assert '"sealed": ""' in vault.path.read_text()
    assert list(keyring.kept) == [("honorar", "datev")]


def test_an_entry_that_is_gone_is_told(tmp_path: Path, keyring: Keyring) -> None:
    """Somebody cleared the keyring."""
    vault = sealed(tmp_path, KeyringSeal("honorar", "datev"))
    vault.write(LOGIN)
    keyring.kept.clear()
    with pytest.raises(ConfigError, match="the keyring has no honorar/datev"):
        vault.read()


@pytest.mark.usefixtures("keyring")
def test_a_keyring_that_fails_is_told(tmp_path: Path) -> None:
    """By the name of its error, and what else can be done."""
    with pytest.raises(ConfigError, match="the keyring cannot be used: KeyringError") as caught:
        sealed(tmp_path, KeyringSeal("locked", "datev")).write(LOGIN)
    assert "login_key" in caught.value.hint


@pytest.mark.parametrize(
    ("module", "seal", "hint"),
    [
        ("keyring", KeyringSeal("honorar", "datev"), "pip install 'honorar[keyring]'"),
        ("cryptography.fernet", FernetSeal(SecretStr("x")), "pip install 'honorar[login]'"),
    ],
)
def test_a_library_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, seal: Seal, hint: str
) -> None:
    """Both are extras."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError) as caught:
        sealed(tmp_path, seal).write(LOGIN)
    assert caught.value.hint.startswith(hint)


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    """Before anything is asked of anybody: the lock lies beside the file."""
    (tmp_path / "kept").write_text("a file, no folder")
    vault = sealed(tmp_path)
    with pytest.raises(RefusedError, match="cannot be kept"):
        vault.write(LOGIN)
    with pytest.raises(RefusedError, match="cannot be kept"), vault.alone():
        pytest.fail("nobody gets in")
