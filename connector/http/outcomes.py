"""What it means that a call failed: for a read, and for a write, which may have arrived all the same (domain 9.2)."""

from __future__ import annotations

import json
import math
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import requests
import urllib3

from connector.core.errors import (
    AuthenticationFailed,
    ConfigError,
    DocumentRejected,
    HonorarError,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    RefusedError,
    TimedOut,
    Unavailable,
    UnexpectedAnswer,
)
from connector.http.values import Call
from connector.redact import redact

LONGEST_RESET_SECONDS = 24 * 3600
"""No vendor counts requests over more than a day."""

LONGEST_REFUSAL = 300
"""Characters of the other side's words that go into a message."""


def of_read(error: Exception, place: str) -> HonorarError:
    """Return what it means that no whole answer came; the library's own text may show headers and is not taken over."""
    match error:
        case requests.exceptions.SSLError():
            return _certificate(place)
        case requests.ConnectionError() | requests.exceptions.ChunkedEncodingError():
            return Unavailable("no connection, or it broke off", place=place, hint="check address and network")
        case requests.Timeout():
            return TimedOut("no answer in time", place=place)
        case requests.exceptions.ContentDecodingError():
            return UnexpectedAnswer("the answer is packed in a way that cannot be read", place=place)
        case _:
            return _cannot_be_sent(place)


def of_write(error: Exception, place: str) -> HonorarError:
    """Return what it means for a write: unknown, unless it provably did not arrive."""
    causes = tuple(_causes(error))
    if any(isinstance(cause, urllib3.exceptions.NewConnectionError | requests.ConnectTimeout) for cause in causes):
        return Unavailable("no connection", place=place, hint="check address and network")
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return _certificate(place)
    if isinstance(error, ValueError):  # raised for what cannot be written as a request
        return _cannot_be_sent(place)
    return lost("no whole answer came", place)


def _causes(error: object) -> Iterator[object]:
    """Yield the error and what the library wrapped in it, outermost first."""
    while isinstance(error, BaseException):
        yield error
        wrapped = getattr(error, "reason", None) or getattr(error, "original_error", None)
        error = wrapped or next(iter(error.args), None)


def lost(message: str, place: str) -> OutcomeUnknown:
    """Return the error of a write that may or may not have been taken."""
    return OutcomeUnknown(message, place=place, hint="it is searched for before anything is sent again")


def _certificate(place: str) -> RefusedError:
    hint = "check the address; install the issuer's certificate"
    return RefusedError("the other side's certificate is not trusted", place=place, hint=hint)


def _cannot_be_sent(place: str) -> ConfigError:
    hint = "check address and key for typing errors"
    return ConfigError("the request cannot be sent as configured", place=place, hint=hint)


def rate_limited(headers: Mapping[str, str], place: str) -> RateLimited:
    """Return the error of an answer that asks us to slow down: for how long, else until the count begins anew.

    Some vendors (awork) tell only the latter, as RateLimit-Reset in seconds; a larger number would be a moment.
    """
    waits, resets = _seconds_to_wait(headers), headers.get("RateLimit-Reset", "").strip()
    if waits is None and resets.isascii() and resets.isdigit() and int(resets) <= LONGEST_RESET_SECONDS:
        waits = int(resets)
    return RateLimited("too many requests", place=place, retry_after=waits)


def of_refused_read(status: int, headers: Mapping[str, str], body: bytes, call: Call) -> HonorarError:
    """Return what the status of a read means."""
    waits = _seconds_to_wait(headers)
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return TimedOut("the other side gave up waiting", place=call.place, retry_after=waits)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"the other side has a fault (status {status})", place=call.place, retry_after=waits)
    return _moved(status, headers, call) if status < HTTPStatus.BAD_REQUEST else _refused(status, body, call)


def of_refused_write(status: int, headers: Mapping[str, str], body: bytes, call: Call) -> HonorarError:
    """Return what the status of a write means; a fault over there may have come after it was taken."""
    if status in _MOVED:
        return _moved(status, headers, call)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < HTTPStatus.BAD_REQUEST or status in _GAVE_UP:
        return lost(f"the other side did not say what became of it (status {status})", call.place)
    return _refused(status, body, call, _REJECTIONS)


_MOVED = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
"""Nothing was done, by RFC 9110, 15.4; after the other redirects it may have been."""

_GAVE_UP = (HTTPStatus.REQUEST_TIMEOUT,)

_REFUSALS: Mapping[int, tuple[type[RefusedError], str, str]] = {
    HTTPStatus.UNAUTHORIZED: (AuthenticationFailed, "the key is not accepted", "check the key; has it expired?"),
    HTTPStatus.FORBIDDEN: (NotAllowed, "the key's user lacks the right to do this", "give the user this right"),
    HTTPStatus.NOT_FOUND: (NotFound, "there is nothing at this address", "check the address in the configuration"),
}

_REJECTIONS = frozenset({400, 406, 409, 412, 413, 422})
"""What was sent is refused, not the sender: the next document may do better."""


def _refused(status: int, body: bytes, call: Call, rejections: frozenset[int] = frozenset()) -> RefusedError:
    words = _own_words(body, call)
    if status in _REFUSALS:
        error_type, message, hint = _REFUSALS[status]
        return error_type(f"{message}{words}", place=call.place, hint=hint, status=status)
    kind = DocumentRejected if status in rejections else RefusedError
    return kind(f"refused (status {status}){words}", place=call.place, status=status)


def _moved(status: int, headers: Mapping[str, str], call: Call) -> UnexpectedAnswer:
    message = f"it leads elsewhere: {redact(headers.get('Location', 'nowhere'))} (status {status})"
    hint = "write the final address into the configuration"
    return UnexpectedAnswer(message, place=call.place, hint=hint, status=status)


def _own_words(body: bytes, call: Call) -> str:
    if call.refusal is None:
        return ""
    try:
        words = call.refusal(json.loads(body, parse_float=Decimal))
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
