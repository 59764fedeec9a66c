"""The one door for bytes from outside: addresses and files.

What came is kept in the inbox as it came. Calls of addresses are in `calls`, which is loaded with the first of them: a
run on files alone does without.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from connector.core.errors import NotAllowed, NotFound, Unavailable
from connector.core.ports import Inbox
from connector.redact import is_secret_name, redact, register

if TYPE_CHECKING:
    from connector.http.calls import Caller

Headers = Mapping[str, str]
Params = Mapping[str, str | int]

Refusal = Callable[[Any], str]
"""Returns the other side's own words out of the JSON of a refused answer, '' if there are none."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a read is tried; `sleep` is replaced in tests so that nothing waits."""

    attempts: int = 5
    total_seconds: int = 120
    first_wait_seconds: int = 1
    longest_wait_seconds: int = 30
    sleep: Callable[[float], None] = time.sleep


class Transport:
    """Reads for one source or sink: `name` is its name in the configuration, `folder` the tenant's folder.

    `time_zone` is the tenant's: an instant is taken to it before its day is asked for (domain 1.7). `requests` counts
    the calls that went out, retries included.
    """

    def __init__(
        self, name: str, folder: Path, inbox: Inbox, *, time_zone: tzinfo = UTC, patience: Patience | None = None
    ) -> None:
        self.name = name
        self.folder = folder
        self.time_zone = time_zone
        self._inbox = inbox
        self._patience = patience or Patience()

    def read_file(self, path: str | Path) -> bytes:
        """Return the bytes of the file, relative to the tenant's folder, and keep them in the inbox.

        Raises NotFound, NotAllowed, or Unavailable (a drive that does not answer).
        """
        place = f"{self.name}: {path}"
        try:
            payload = (self.folder / path).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            message = "no such file"
            raise NotFound(message, place=place, hint=f"it is looked for in {self.folder}") from None
        except PermissionError:
            message = "the file may not be read"
            raise NotAllowed(message, place=place, hint="give this user the right to read it") from None
        except OSError as error:
            raise Unavailable(error.strerror or "the file cannot be read", place=place) from None
        self._inbox.keep(self.name, str(path), payload)
        return payload

    def get_json(
        self,
        url: str,
        *,
        params: Params = MappingProxyType({}),
        headers: Headers = MappingProxyType({}),
        refusal: Refusal | None = None,
        keep: bool = True,
    ) -> Any:  # noqa: ANN401 - JSON is whatever the other side sends; the adapter validates it
        """Return the JSON of the address; numbers with decimals as Decimal.

        `keep = False` is for answers that carry secrets and no business data. Raises the errors of `core.errors`:
        AuthenticationFailed 401, NotAllowed 403, NotFound 404, RateLimited 429, Unavailable 5xx or no connection,
        TimedOut, RefusedError any other 4xx (with the words `refusal` finds), UnexpectedAnswer for a redirect, HTML or
        malformed JSON, ConfigError for an address or header that cannot be sent.
        """
        _register_secrets(headers, params)
        place = f"{self.name}: GET {redact(url)}"
        answer = self._caller.get(url, params, headers, refusal, place)
        if keep:
            self._inbox.keep(self.name, redact(answer.url), answer.body)
        return answer.json(place)

    @property
    def requests(self) -> int:
        """Return how many calls went out."""
        return self._caller.requests

    @cached_property
    def _caller(self) -> Caller:
        from connector.http.calls import Caller  # noqa: PLC0415 (a run on files alone does without)

        return Caller(self._patience)


def _register_secrets(headers: Headers, params: Params) -> None:
    """Make sure that no message shows a key, whoever forgot to register it."""
    for name, value in (*headers.items(), *params.items()):
        if is_secret_name(name):
            register(str(value).rpartition(" ")[2])
