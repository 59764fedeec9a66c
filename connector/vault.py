"""A log-in that changes as it is used, kept where nobody reads it: sealed in a file, or in the system's keyring.

A refresh token is void once it was used, so the one that came for it must be on the disk before anything else happens,
and two processes must not use the same one. Hence a file that is replaced as a whole, and a lock around its renewal. In
clear, the file says until when the log-in holds, and nothing else; the store and the logs never see a token.
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr

from connector.core.errors import ConfigError, RefusedError, TemporaryError
from connector.disk import replace_file
from connector.redact import register

LOCK_WAIT_SECONDS = 90
"""A second process waits so long for the first to renew the log-in: longer than a call may take."""

_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Login:
    """What was granted: `valid_until` is the day the refresh token ends, `access_until` the moment its child does.

    `renewing` tells that a renewal was begun and no answer is known: the refresh token may be void.
    """

    refresh_token: str = field(repr=False)
    valid_until: datetime
    access_token: str = field(repr=False)
    access_until: datetime
    renewing: bool = False


class Seal(Protocol):
    """Keeps a text from being read."""

    def close(self, text: str) -> str:
        """Return what may lie in a file."""
        ...

    def open(self, sealed: str) -> str:
        """Return the text; ConfigError where it cannot be had."""
        ...


class Vault:
    """One log-in, in one file."""

    def __init__(self, path: Path, seal: Seal) -> None:
        self.path = path
        self._seal = seal

    def read(self) -> Login | None:
        """Return the log-in, None where there is none; ConfigError where it cannot be opened."""
        content = self._content()
        if content is None:
            return None
        told = json.loads(self._seal.open(content["sealed"]))
        for name in ("refresh_token", "access_token"):
            register(told[name])
        moments = {name: datetime.fromisoformat(told[name]) for name in ("valid_until", "access_until")}
        return Login(**told | moments)

    def valid_until(self) -> datetime | None:
        """Return until when the log-in holds, None where there is none; needs no key."""
        content = self._content()
        return None if content is None else datetime.fromisoformat(content["valid_until"])

    def write(self, login: Login) -> None:
        """Keep the log-in; on return it is on the disk. RefusedError where it cannot be written."""
        for token in (login.refresh_token, login.access_token):
            register(token)
        told = {each.name: _plain(getattr(login, each.name)) for each in fields(login)}
        content = {"valid_until": told["valid_until"], "sealed": self._seal.close(json.dumps(told))}
        with self._disk_faults():
            replace_file(self.path, json.dumps(content).encode())

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process at a time into the block; TemporaryError where another stays in it too long."""
        lock = self.path.with_name(f"{self.path.name}.lock")
        with self._disk_faults():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = lock.open("a")
        with file:
            _wait_for(file.fileno())
            yield

    def _content(self) -> dict[str, str] | None:
        try:
            content = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            content = None
        if isinstance(content, dict) and {"valid_until", "sealed"} <= content.keys():
            return content
        message = "the log-in that was kept cannot be read"
        raise RefusedError(message, place=str(self.path), hint="log in again: honorar login")

    @contextmanager
    def _disk_faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            message = f"the log-in cannot be kept: {error.strerror}"
            raise RefusedError(message, place=str(self.path), hint="let this user write there") from None


def _plain(value: Any) -> Any:  # noqa: ANN401 - a field of a log-in
    return value.isoformat() if isinstance(value, datetime) else value


def _wait_for(descriptor: int) -> None:
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                message = "another run is renewing the log-in"
                raise TemporaryError(message, hint="try again later") from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


class FernetSeal:
    """Seals with a key of one's own (AES-128 in CBC mode with HMAC, by the library cryptography)."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def close(self, text: str) -> str:
        """Return the text encrypted."""
        sealed: bytes = self._fernet().encrypt(text.encode())
        return sealed.decode()

    def open(self, sealed: str) -> str:
        """Return the text; ConfigError where another key closed it."""
        fernet = self._fernet()
        try:
            text: bytes = fernet.decrypt(sealed)
        except import_module("cryptography.fernet").InvalidToken:
            message = "the log-in that was kept does not open with this key"
            raise ConfigError(message, hint="set the key of then, or log in again: honorar login") from None
        return text.decode()

    def _fernet(self) -> Any:  # noqa: ANN401 - an optional library's class
        try:
            fernet = import_module("cryptography.fernet").Fernet
        except ImportError:
            message = "to keep the log-in in a file takes the library cryptography"
            raise ConfigError(message, hint="pip install 'honorar[login]'") from None
        try:
            return fernet(self._key.get_secret_value())
        except ValueError:
            message = "the key of the log-in is no Fernet key: 32 bytes in URL-safe base64"
            hint = 'make one: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            raise ConfigError(message, hint=hint) from None


class KeyringSeal:
    """Leaves the text with the system's keyring; the file gets nothing of it."""

    def __init__(self, service: str, user: str) -> None:
        self._entry = service, user

    def close(self, text: str) -> str:
        """Put the text into the keyring, and return nothing."""
        self._call("set_password", text)
        return ""

    def open(self, sealed: str) -> str:  # noqa: ARG002 - the file has none of it
        """Return what the keyring has; ConfigError where it has nothing."""
        text = self._call("get_password")
        if text is None:
            message = f"the keyring has no {'/'.join(self._entry)}"
            raise ConfigError(message, hint="log in again: honorar login")
        return str(text)

    def _call(self, name: str, *values: str) -> Any:  # noqa: ANN401 - an optional library's answer
        try:
            function: Callable[..., Any] = getattr(import_module("keyring"), name)
            failed = import_module("keyring.errors").KeyringError
        except ImportError:
            message = "to keep the log-in in the keyring takes the library keyring"
            hint = "pip install 'honorar[keyring]', or name a login_key to keep it in a file"
            raise ConfigError(message, hint=hint) from None
        try:
            return function(*self._entry, *values)
        except failed as error:
            message = f"the keyring cannot be used: {type(error).__name__}"
            raise ConfigError(message, hint="name a login_key to keep the log-in in a file") from None
