"""Calls of addresses: time-outs, retries, and status -> error class.

Reads are tried again only on named errors (RateLimited, Unavailable, TimedOut), with jitter, bounded in attempts and in
time; a wait the other side asks for is honoured. Redirects are not followed, because a key in a header would follow
them to a foreign host. Numbers with decimals arrive as Decimal, never as float.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NoReturn

import requests
import tenacity

from connector.core.errors import (
    AuthenticationFailed,
    ConfigError,
    HonorarError,
    NotAllowed,
    NotFound,
    RateLimited,
    RefusedError,
    TimedOut,
    Unavailable,
    UnexpectedAnswer,
)
from connector.http import Headers, Params, Patience, Refusal
from connector.redact import redact

_log = logging.getLogger(__name__)

TIMEOUTS_SECONDS = (10, 60)
"""To connect, and between two bytes of an answer."""

LARGEST_BODY_BYTES = 64 * 1024 * 1024
"""A page of records is far smaller; more means a wrong address or a broken server."""

LONGEST_REFUSAL = 300
"""Characters of the other side's words that go into a message."""


class Caller:
    """Calls addresses; `requests` counts the calls that went out, retries included."""

    def __init__(self, patience: Patience) -> None:
        self.requests = 0
        self._patience = patience
        self._session = requests.Session()
        # Without an auth of its own, requests would overwrite our Authorization header with what ~/.netrc says.
        self._session.auth = _leave_as_it_is
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # every call stands for itself

    def get(self, url: str, params: Params, headers: Headers, refusal: Refusal | None, place: str) -> Answer:
        """Return the answer, tried as often as patience allows; raises the error that the last one means."""
        return self._retrying()(self._get, url, params, headers, refusal, place)

    def _retrying(self) -> tenacity.Retrying:
        patience = self._patience
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception_type((RateLimited, Unavailable, TimedOut)),
            wait=_waits(patience),
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(patience.attempts), tenacity.stop_before_delay(patience.total_seconds)
            ),
            sleep=patience.sleep,
            before_sleep=_log_retry,
            reraise=True,
        )

    def _get(self, url: str, params: Params, headers: Headers, refusal: Refusal | None, place: str) -> Answer:
        """Return the answer of one attempt; raises the error that its status means."""
        self.requests += 1
        try:
            with self._session.get(
                url,
                params=params,
                headers={"Accept": "application/json", **headers},
                timeout=TIMEOUTS_SECONDS,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _bounded_body(response, place)
        except (requests.RequestException, UnicodeError) as error:
            raise _error_of_exchange(error, place) from None
        answer = Answer(response.status_code, response.url, response.headers, body)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise _error_of_status(answer, place, refusal)
        return answer


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; its headers are looked up without regard to case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    def json(self, place: str) -> Any:  # noqa: ANN401 - see Transport.get_json
        """Return the JSON of the answer; numbers with decimals as Decimal; UnexpectedAnswer for anything else."""
        if "html" in self.headers.get("Content-Type", "").lower() or self.body.lstrip().startswith(b"<"):
            message = "a page for people came instead of JSON"
            raise UnexpectedAnswer(message, place=place, hint="check the address; is there a login page or a proxy?")
        try:
            return json.loads(self.body, parse_float=Decimal, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            message = "the answer is not JSON"
            raise UnexpectedAnswer(message, place=place, hint="check the address") from None


def _leave_as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _bounded_body(response: requests.Response, place: str) -> bytes:
    body = bytearray()
    for piece in response.iter_content(chunk_size=1 << 16):
        body += piece
        if len(body) > LARGEST_BODY_BYTES:
            message = f"the answer is larger than {LARGEST_BODY_BYTES // 2**20} MiB"
            raise UnexpectedAnswer(message, place=place, hint="check the address")
    return bytes(body)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _error_of_exchange(error: Exception, place: str) -> HonorarError:
    """Return what it means that no whole answer came; the library's own text may show headers and is not taken over."""
    match error:
        case requests.exceptions.SSLError():
            message, hint = (
                "the other side's certificate is not trusted",
                "check the address; install the issuer's certificate",
            )
            return RefusedError(message, place=place, hint=hint)
        case requests.ConnectionError() | requests.exceptions.ChunkedEncodingError():
            return Unavailable("no connection, or it broke off", place=place, hint="check address and network")
        case requests.Timeout():
            return TimedOut("no answer in time", place=place)
        case requests.exceptions.ContentDecodingError():
            return UnexpectedAnswer("the answer is packed in a way that cannot be read", place=place)
        case _:
            hint = "check address and key for typing errors"
            return ConfigError("the request cannot be sent as configured", place=place, hint=hint)


def _error_of_status(answer: Answer, place: str, refusal: Refusal | None) -> HonorarError:
    """Return what the status means: the only place where numbers become errors."""
    status, waits = answer.status, _seconds_to_wait(answer.headers)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited("too many requests", place=place, retry_after=waits)
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return TimedOut("the other side gave up waiting", place=place, retry_after=waits)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"the other side has a fault (status {status})", place=place, retry_after=waits)
    if status in _REFUSALS:
        error_type, message, hint = _REFUSALS[status]
        return error_type(message, place=place, hint=hint)
    if status < HTTPStatus.BAD_REQUEST:
        message = f"it leads elsewhere: {redact(answer.headers.get('Location', 'nowhere'))} (status {status})"
        return UnexpectedAnswer(message, place=place, hint="write the final address into the configuration")
    return RefusedError(f"refused (status {status}){_own_words(answer, refusal)}", place=place)


_REFUSALS: Mapping[int, tuple[type[RefusedError], str, str]] = {
    HTTPStatus.UNAUTHORIZED: (AuthenticationFailed, "the key is not accepted", "check the key; has it expired?"),
    HTTPStatus.FORBIDDEN: (NotAllowed, "the key's user lacks the right to read this", "give the user this right"),
    HTTPStatus.NOT_FOUND: (NotFound, "there is nothing at this address", "check the address in the configuration"),
}


def _own_words(answer: Answer, refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    try:
        words = refusal(json.loads(answer.body, parse_float=Decimal))
    except (ValueError, RecursionError):
        return ""
    return f": {redact(words)[:LONGEST_REFUSAL]}" if words else ""


def _seconds_to_wait(headers: Mapping[str, str]) -> int | None:
    """Return the wait of Retry-After (seconds, or a date; RFC 9110, 10.2.3), None if there is none to understand."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0, math.ceil((until.astimezone(UTC) - datetime.now(UTC)).total_seconds()))


def _waits(patience: Patience) -> Callable[[tenacity.RetryCallState], float]:
    jitter = tenacity.wait_random(0, patience.first_wait_seconds)
    backing_off = tenacity.wait_exponential_jitter(patience.first_wait_seconds, patience.longest_wait_seconds)

    def seconds(state: tenacity.RetryCallState) -> float:
        asked = getattr(_failure(state), "retry_after", None)
        return backing_off(state) if asked is None else asked + jitter(state)

    return seconds


def _failure(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _log_retry(state: tenacity.RetryCallState) -> None:
    _log.info("%s; attempt %d failed, the next in %.0f s", _failure(state), state.attempt_number, state.upcoming_sleep)
