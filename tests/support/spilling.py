"""A server that repeats to its client what should stay secret, and fails in every way: for tests that nothing leaks."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote

from tests.standins.server import Api, Asked, Fault, Said, Standin, Where, as_json, serving

Says = Callable[[Asked, Said | None], Said]
"""Returns what goes out in place of the API's answer, which is None where the API was not asked."""

_SECRET_HEADER = re.compile(r"auth|key|token|secret|passw|cookie", re.IGNORECASE)
_NOT_SECRET = frozenset({"idempotency-key"})

_SECRET_FIELDS = frozenset({"password", "client_secret", "refresh_token", "access_token", "token"})
"""Names under which a log-in sends or gets a secret."""

_FORM_FIELDS = _SECRET_FIELDS | {"code", "code_verifier"}
"""The same in a form, where a code is no word for something else."""


@dataclass(frozen=True)
class Way:
    """One way things go wrong: something else is said, before or after the API did it, or the connection breaks.

    `is_shown` tells that every client repeats the words to the operator.
    """

    name: str
    says: Says | None = None
    fault: Fault | None = None
    does_it: bool = False
    is_shown: bool = False

    def __str__(self) -> str:
        """Return its name."""
        return self.name


def told_of(asked: Asked) -> str:
    """Return everything that a careless server could repeat: the key first, alone and under its name, then the rest."""
    secrets = [f"{value} ({name}: {value})" for name, value in asked.headers.items() if _is_secret(name)]
    rest = [f"{name}={value}" for name, values in asked.query.items() for value in values]
    return " ".join([*secrets, *rest, asked.body[:2000].decode(errors="replace")])


def _body(asked: Asked, *, nested: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Return an error in the form of every vendor at once, all of it what was asked."""
    told = told_of(asked)
    names = ("message", "code", "description", "title", "detail", "error_description")
    entry = {"field": told, "violation": told, "message": told, "name": told, "reason": told}
    lists = {"errors": [told], "details": [entry], "affected_elements": [entry]}
    error = {"message": told, "code": told} if nested else told
    job = {"result": "failed", "validation_details": {"title": told, "detail": told}}
    return {**dict.fromkeys(names, told), **lists, **job, "error": error, "success": False}


def refused(status: int, *, nested: bool = False) -> Says:
    """Return what answers with the status, in words that repeat what was asked."""
    return lambda asked, _: Said(status, _body(asked, nested=nested), {"Retry-After": "0"})


def moved(status: int) -> Says:
    """Return what leads elsewhere, to an address that repeats what was asked, as it is and as addresses write it."""

    def says(asked: Asked, _: Said | None) -> Said:
        plain = told_of(asked).replace("\n", " ").replace("\r", " ").encode("ascii", "replace").decode()
        where = f"https://elsewhere.example/?you={quote(plain, safe='')}&again={plain}"
        return Said(status, _body(asked), {"Location": where})

    return says


def _half(asked: Asked, _: Said | None) -> Said:
    payload = as_json(_body(asked)).encode()
    return Said(200, payload[: len(payload) // 2])


def _with_echo(asked: Asked, said: Said | None) -> Said:
    """Return the API's own answer, with what was asked in the first of its objects; every other time as PHP writes."""
    assert said is not None
    payload = said.payload()
    before, brace, after = payload.partition(b"{")
    if before.strip() not in (b"", b"[") or not brace:
        return said
    echo = as_json({"you_sent": told_of(asked)})[1:-1]
    echo = echo.replace("/", "\\/") if len(payload) % 2 else echo
    comma = b"" if after.lstrip().startswith(b"}") else b", "
    return Said(said.status, before + brace + echo.encode() + comma + after, said.headers)


def _broken_head(asked: Asked, _: Said | None) -> Said:
    """Return an answer with a header that is none, of which libraries like to tell."""
    told = " ".join(told_of(asked).split())[:500].encode("ascii", "replace").decode()
    return Said(401, b"{}", {"Content-Length": "2", f"No-Colon\r\n{told}\r\nX-After": "1"})


REFUSALS = (401, 403, 404, 406, 422, 429, 500, 504)

WAYS = (
    *(Way(f"{status}", refused(status)) for status in REFUSALS),
    *(Way(f"{status} in an object", refused(status, nested=True)) for status in (401, 422)),
    Way("refused with 200", refused(200)),
    Way("refused with 200 in an object", refused(200, nested=True)),
    Way("done, then 504", refused(504), does_it=True),
    *(Way(f"moved {status}", moved(status), is_shown=True) for status in (302, 307)),
    Way("half of it", _half),
    Way("done, with an echo", _with_echo, does_it=True),
    Way("a broken head", _broken_head),
    *(Way(fault.name.lower(), fault=fault) for fault in (Fault.RESET_BEFORE, Fault.ANSWER_LOST, Fault.TRUNCATED)),
)


@dataclass
class Spill:
    """Stands before an API; `way` and `where` say what goes wrong now, `secrets` is what clients sent it or got."""

    api: Api
    way: Way | None = None
    where: Where = lambda _: True
    secrets: set[str] = field(default_factory=set)
    logs_in: bool = False
    is_written_to: bool = False
    met: int = 0

    def begin(self, way: Way | None, where: Where = lambda _: True) -> None:
        """Let things go wrong in this way from now on, None: let them go well."""
        self.way, self.where, self.met = way, where, 0

    def answer(self, asked: Asked) -> Said:
        """Answer as the API does, or otherwise."""
        self.secrets.update(_secrets_sent(asked))
        self.logs_in |= is_login(asked)
        self.is_written_to |= asked.method != "GET" and not is_login(asked)
        way = self.way if self.way and self.way.says and self.where(asked) else None
        if way is None:
            return self._learnt(self.api.answer(asked))
        self.met += 1
        assert way.says
        return way.says(asked, self._learnt(self.api.answer(asked)) if way.does_it else None)

    def breaks(self, fault: Fault, asked: Asked) -> bool:
        """Tell whether the connection breaks in this way."""
        broken = self.way is not None and self.way.fault is fault and self.where(asked)
        self.met += broken
        return broken

    def _learnt(self, said: Said) -> Said:
        if isinstance(said.body, dict):
            self.secrets.update(_secrets_in(said.body))
        return said


def is_login(asked: Asked) -> bool:
    """Tell whether the call is one of a log-in."""
    return asked.path.rstrip("/").endswith(("/auth", "/token"))


def _is_secret(header: str) -> bool:
    return bool(_SECRET_HEADER.search(header)) and header not in _NOT_SECRET


def _secrets_sent(asked: Asked) -> Iterator[str]:
    for name, value in asked.headers.items():
        if _is_secret(name):
            yield from _parts(value)
    if asked.body.startswith(b"{"):
        yield from _secrets_in(asked.json())
    else:
        form = parse_qsl(asked.body.decode(errors="replace"))
        yield from (value for name, value in form if name in _FORM_FIELDS)


def _parts(header: str) -> Iterator[str]:
    """Yield what the header carries, and of a Basic authorisation the password."""
    scheme, _, rest = header.rpartition(" ")
    yield rest
    if scheme == "Basic":
        yield base64.b64decode(rest).decode().partition(":")[2]


def _secrets_in(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        if name in _SECRET_FIELDS and isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _secrets_in(value)


@contextmanager
def spilling(api: Api) -> Iterator[tuple[Spill, Standin]]:
    """Yield what stands before the API, and the server."""
    spill = Spill(api)
    with serving(spill) as standin:
        for fault in {way.fault for way in WAYS if way.fault}:
            standin.fail(fault, partial(spill.breaks, fault), times=sys.maxsize)
        yield spill, standin
