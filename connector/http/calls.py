"""Calls of addresses: time-outs, retries, and sessions.

Calls are tried again only on named errors (RateLimited, Unavailable, TimedOut), with jitter, bounded in attempts and in
time; a wait the other side asks for is honoured. A write raises those only where it provably did not arrive. Redirects
are not followed, because a key in a header would follow them to a foreign host. Numbers with decimals arrive as
Decimal, never as float.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NoReturn

import requests
import tenacity

from connector.core.errors import HonorarError, RateLimited, TimedOut, Unavailable, UnexpectedAnswer
from connector.http import outcomes
from connector.http.pace import Pace
from connector.http.values import Call, Patience

_log = logging.getLogger(__name__)

TIMEOUTS_SECONDS = (10, 60)
"""To connect, and between two bytes of an answer."""

LARGEST_BODY_BYTES = 64 * 1024 * 1024
"""A page of records is far smaller; more means a wrong address or a broken server."""

Meaning = Callable[[int, Mapping[str, str], bytes, Call], HonorarError]


class Caller:
    """Calls addresses; `requests` counts the calls that went out, retries included."""

    def __init__(self, patience: Patience, pace: Pace) -> None:
        self.requests = 0
        self._patience = patience
        self._pace = pace
        self._counting = threading.Lock()
        self._own = threading.local()

    def read(self, call: Call) -> Answer:
        """Return the answer, tried as often as patience allows; raises the error that the last one means."""
        return self._retrying()(self._read, call)

    def write(self, call: Call) -> Answer:
        """Return the answer, tried again only where it provably did not arrive; OutcomeUnknown where it may have."""
        return self._retrying()(self._write, call)

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

    def _read(self, call: Call) -> Answer:
        try:
            answer = self._exchange(self._session, call)
        except (requests.RequestException, UnicodeError) as error:
            raise outcomes.of_read(error, call.place) from None
        return self._good(answer, call, outcomes.of_refused_read)

    def _write(self, call: Call) -> Answer:
        """Return the answer of one attempt over a connection of its own: one kept open may break as it is used."""
        try:
            with _new_session() as session:
                answer = self._exchange(session, call)
        except UnexpectedAnswer as error:
            raise outcomes.lost(error.message, call.place) from None
        except (requests.RequestException, UnicodeError) as error:
            raise outcomes.of_write(error, call.place) from None
        return self._good(answer, call, outcomes.of_refused_write)

    def _exchange(self, session: requests.Session, call: Call) -> Answer:
        self._pace.wait(call.place)
        with self._counting:
            self.requests += 1
        with session.request(
            call.method,
            call.url,
            params=call.params,
            headers={"Accept": "application/json", **call.headers},
            data=call.body,
            timeout=TIMEOUTS_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _bounded_body(response, call.place)
        return Answer(response.status_code, response.url, response.headers, body)

    def _good(self, answer: Answer, call: Call, meaning: Meaning) -> Answer:
        """Return the answer if the other side did what was asked; raises what its status means otherwise."""
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return answer
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or self._pace.is_exceeded(answer.status, answer.body):
            error = outcomes.rate_limited(answer.headers, call.place)
            self._pace.slow_down(error.retry_after)
            raise error
        raise meaning(answer.status, answer.headers, answer.body, call)

    @property
    def _session(self) -> requests.Session:
        """Return this thread's session, which keeps connections open."""
        if not hasattr(self._own, "session"):
            self._own.session = _new_session()
        return self._own.session  # type: ignore[no-any-return]  # a thread's attributes have no types


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; its headers are looked up without regard to case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    def json(self, place: str) -> Any:  # noqa: ANN401 - see Transport.get_json
        """Return the JSON of the answer; numbers with decimals as Decimal; UnexpectedAnswer for anything else."""
        return self._parsed(self.body, place)

    def json_lines(self, place: str) -> Iterator[Any]:
        """Yield the JSON of each line (NDJSON), as `json` reads it; empty lines say nothing."""
        for line in self.body.splitlines():
            if line.strip():
                yield self._parsed(line, place)

    def _parsed(self, text: bytes, place: str) -> Any:  # noqa: ANN401 - see Transport.get_json
        if "html" in self.headers.get("Content-Type", "").lower() or text.lstrip().startswith(b"<"):
            message = "a page for people came instead of JSON"
            raise UnexpectedAnswer(message, place=place, hint="check the address; is there a login page or a proxy?")
        try:
            return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            message = "the answer is not JSON"
            raise UnexpectedAnswer(message, place=place, hint="check the address") from None


def _new_session() -> requests.Session:
    session = requests.Session()
    # Without an auth of its own, requests would overwrite our Authorization header with what ~/.netrc says.
    session.auth = _leave_as_it_is
    session.get_redirect_target = _nowhere  # type: ignore[assignment, method-assign]  # else it reads where a redirect leads to
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))  # every call stands for itself
    return session


def _leave_as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _nowhere(_: requests.Response) -> None:
    """Let no redirect be looked into: an address that cannot be read would raise, after a write was done."""


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
