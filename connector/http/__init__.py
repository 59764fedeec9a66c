"""The one door for bytes from outside and to the outside: addresses and files.

What came is kept in the inbox as it came, but for secrets of ours that it repeats. Calls of addresses are in `calls`,
which is loaded with the first of them: a run on files alone does without.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector.core.errors import HonorarError, NotAllowed, NotFound, OutcomeUnknown, Unavailable
from connector.core.ports import Inbox, Rate, Slots
from connector.http.bodies import as_form, as_json
from connector.http.pace import OwnSlots, Pace
from connector.http.values import NOTHING, Call, Headers, Lines, Page, Params, Patience, Refusal, SpeaksOfRate
from connector.redact import is_secret_name, redact, register, without_registered

if TYPE_CHECKING:
    from connector.http.calls import Answer, Caller

__all__ = ["Headers", "Lines", "Page", "Params", "Patience", "Rate", "Refusal", "SpeaksOfRate", "Transport"]


class Transport:
    """Reads and writes for one source or sink: `name` is its name in the configuration, `folder` the tenant's folder.

    `time_zone` is the tenant's: an instant is taken to it before its day is asked for (domain 1.7). May be used from
    several threads.

    Every call raises the errors of `core.errors`: AuthenticationFailed 401, NotAllowed 403, NotFound 404, RateLimited
    429, RefusedError any other 4xx (with its `status`, and the words `refusal` finds), ConfigError for an address or
    header that cannot be sent. A read also Unavailable (5xx or no connection), TimedOut, and UnexpectedAnswer for a
    redirect, HTML or malformed JSON. A write also DocumentRejected (400, 406, 409, 412, 413, 422), Unavailable where no
    connection was made, and OutcomeUnknown where it may have arrived all the same (domain 9.2).
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        inbox: Inbox,
        *,
        time_zone: tzinfo = UTC,
        patience: Patience | None = None,
        slots: Slots | None = None,
    ) -> None:
        self.name = name
        self.folder = folder
        self.time_zone = time_zone
        self._inbox = inbox
        self._patience = patience or Patience()
        self._pace = Pace(slots or OwnSlots(), self._patience)
        self._loading = threading.Lock()
        self._loaded: Caller | None = None

    def keep_to(self, rate: Rate, account: str, *, speaks_of_rate: SpeaksOfRate | None = None) -> None:
        """Let every call from now on, repeated ones too, wait for a slot shared by all processes that use the account.

        `account` is what the vendor counts by, mostly the key; only its hash is stored. `speaks_of_rate` is for vendors
        that say "too many requests" with another status than 429: such an answer counts as one.
        """
        self._pace.keep_to(rate, account, speaks_of_rate)

    def pause(self, seconds: int) -> None:
        """Wait until the other side may be asked again."""
        self._patience.sleep(seconds)

    @property
    def requests(self) -> int:
        """Return how many calls went out, repeated ones included."""
        return self._loaded.requests if self._loaded else 0

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
        params: Params = NOTHING,
        headers: Headers = NOTHING,
        refusal: Refusal | None = None,
        keep: bool = True,
    ) -> Any:  # noqa: ANN401 - JSON is whatever the other side sends; the adapter validates it
        """Return the JSON of the address; numbers with decimals as Decimal.

        `keep = False` is for answers that carry secrets and no business data.
        """
        return self.get_page(url, params=params, headers=headers, refusal=refusal, keep=keep).json

    def get_page(
        self,
        url: str,
        *,
        params: Params = NOTHING,
        headers: Headers = NOTHING,
        refusal: Refusal | None = None,
        keep: bool = True,
    ) -> Page:
        """Return JSON and headers of the address; else like `get_json`."""
        return self._read(self._call("GET", url, params=params, headers=headers, refusal=refusal), keep=keep)

    def get_version(
        self,
        url: str,
        version: str,
        is_it: Callable[[Any], bool],
        *,
        headers: Headers = NOTHING,
        refusal: Refusal | None = None,
    ) -> Any:  # noqa: ANN401 - see get_json
        """Return the JSON of the address in the version that a list told; one that was kept is not asked for again.

        `is_it` tells whether an answer is that version; what is not, is kept as any answer is. '' is no version.
        """
        from connector.http.calls import Answer  # noqa: PLC0415 (see _caller)

        call = self._call("GET", url, params=NOTHING, headers=headers, refusal=refusal)
        place = f"{redact(url)} version {version}"
        kept = self._inbox.last(self.name, place) if version else None
        if kept is not None:
            return Answer(HTTPStatus.OK, url, NOTHING, kept).json(call.place)
        answer = self._caller.read(call)
        told = answer.json(call.place)
        if version and is_it(told):
            self._inbox.keep(self.name, place, without_registered(answer.body))
        else:
            self._keep(call, answer)
        return told

    def get_lines(
        self, url: str, *, params: Params = NOTHING, headers: Headers = NOTHING, refusal: Refusal | None = None
    ) -> Lines:
        """Return what each line of the answer says (NDJSON), and its headers; else like `get_json`."""
        call = self._call("GET", url, params=params, headers=headers, body=None, refusal=refusal)
        answer = self._caller.read(call)
        self._keep(call, answer)
        return Lines(tuple(answer.json_lines(call.place)), answer.headers)

    def ask_json(
        self,
        url: str,
        *,
        body: Any,  # noqa: ANN401 - JSON is whatever the vendor wants
        params: Params = NOTHING,
        headers: Headers = NOTHING,
        refusal: Refusal | None = None,
        keep: bool = True,
    ) -> Any:  # noqa: ANN401 - see get_json
        """Return the JSON that a POST answers which changes nothing over there: a query, a log-in. Tried like a read.

        Bytes as body go out as they are, and `headers` name their content type.
        """
        call = self._call("POST", url, params=params, headers=headers, body=body, refusal=refusal)
        return self._read(call, keep=keep).json

    def send_json(
        self,
        method: str,
        url: str,
        *,
        body: Any = None,  # noqa: ANN401 - JSON is whatever the vendor wants
        params: Params = NOTHING,
        headers: Headers = NOTHING,
        refusal: Refusal | None = None,
        keep: bool = True,
    ) -> Any:  # noqa: ANN401 - see get_json
        """Change something over there, and return the JSON of the answer; None for an empty one.

        Tried again only where it provably did not arrive: no connection was made, or the vendor's limit refused it.
        """
        call = self._call(method, url, params=params, headers=headers, body=body, refusal=refusal)
        return self._write(call, keep=keep).json

    def send_file(
        self,
        method: str,
        url: str,
        *,
        payload: bytes,
        content_type: str,
        filename: str = "",
        field: str = "file",
        form: Mapping[str, str] = NOTHING,
        params: Params = NOTHING,
        headers: Headers = NOTHING,
        refusal: Refusal | None = None,
        keep: bool = True,
    ) -> Page:
        """Send the bytes as they are, or with a filename in the `field` of a form, after the form's texts.

        Like `send_json`; the headers of the answer come with it.
        """
        body, kind = payload, content_type
        if filename:
            body, kind = as_form(field, filename, payload, content_type, form)
        told = {"Content-Type": kind, **headers}
        call = self._call(method, url, params=params, headers=told, body=body, refusal=refusal)
        return self._write(call, keep=keep)

    def _call(
        self,
        method: str,
        url: str,
        *,
        params: Params,
        headers: Headers,
        body: Any = None,  # noqa: ANN401 - JSON is whatever the vendor wants
        refusal: Refusal | None,
    ) -> Call:
        _register_secrets(headers, params, body)
        if not (body is None or isinstance(body, bytes)):
            body, headers = as_json(body), {"Content-Type": "application/json; charset=utf-8", **headers}
        return Call(method, url, params, headers, body, refusal, f"{self.name}: {method} {redact(url)}")

    def _read(self, call: Call, *, keep: bool) -> Page:
        answer = self._caller.read(call)
        if keep:
            self._keep(call, answer)
        return Page(answer.json(call.place), answer.headers)

    def _write(self, call: Call, *, keep: bool) -> Page:
        """Send it; whatever goes wrong after the other side took it leaves the outcome unknown."""
        answer = self._caller.write(call)
        try:
            if keep:
                self._keep(call, answer)
            return Page(answer.json(call.place) if answer.body.strip() else None, answer.headers)
        except HonorarError as error:
            message = f"it was taken (status {answer.status}), but then: {error.message}"
            raise OutcomeUnknown(message, place=call.place, hint=error.hint) from None

    def _keep(self, call: Call, answer: Answer) -> None:
        method = "" if call.method == "GET" else f"{call.method} "
        self._inbox.keep(self.name, f"{method}{redact(answer.url)}", without_registered(answer.body))

    @property
    def _caller(self) -> Caller:
        from connector.http.calls import Caller  # noqa: PLC0415 (a run on files alone does without)

        with self._loading:
            self._loaded = self._loaded or Caller(self._patience, self._pace)
            return self._loaded


def _register_secrets(headers: Headers, *named: Any) -> None:  # noqa: ANN401 - a body may be anything
    """Make sure that no message shows a key, whoever forgot to register it."""
    secrets = [value.rpartition(" ")[2] for name, value in headers.items() if is_secret_name(name)]
    for fields in named:
        if isinstance(fields, Mapping):
            secrets += [str(value) for name, value in fields.items() if is_secret_name(str(name))]
    for secret in secrets:
        register(secret)
