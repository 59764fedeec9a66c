"""Errors, named by what the operator does about them.

HonorarError
├── ConfigError            fix the configuration                     exit 2
├── TemporaryError         wait; the next run tries again            exit 75
│   │                      (carries the wait in seconds, if the other side said one)
│   ├── RateLimited
│   ├── Unavailable
│   └── TimedOut           a read; a write whose answer is lost is OutcomeUnknown
├── RefusedError           look at it; trying again will not help    exit 3
│   │                      (carries the HTTP status, if a server answered)
│   ├── AuthenticationFailed
│   ├── NotAllowed
│   ├── NotFound
│   ├── DocumentRejected
│   └── UnexpectedAnswer
├── OutcomeUnknown         never resend before the sink was searched exit 1
└── StoreError             look at the store                         exit 3
    ├── Locked             another run is at work                    exit 75
    └── SchemaTooNew       the store was written by a newer Honorar  exit 2

Faults of data are not errors but `problems.Problem` values.
"""

from __future__ import annotations

from connector.core.problems import Problem


class HonorarError(Exception):
    """Base of all: carries what happened, where, and what to do; never a payload, header or token."""

    exit_code = 1

    def __init__(self, message: str, *, place: str = "", hint: str = "") -> None:
        """Keep the three parts apart so that text and JSON output can show them."""
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        """Return 'place: message (hint)', without the parts that are empty."""
        where = f"{self.place}: " if self.place else ""
        what_to_do = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{what_to_do}"


class ConfigError(HonorarError):
    """Fix the configuration."""

    exit_code = 2

    def __init__(self, message: str, *, place: str = "", hint: str = "", problems: tuple[Problem, ...] = ()) -> None:
        """Keep the faults that were found, where there are several."""
        super().__init__(message, place=place, hint=hint)
        self.problems = problems


class TemporaryError(HonorarError):
    """Wait; the next run tries again."""

    exit_code = 75

    def __init__(self, message: str, *, place: str = "", hint: str = "", retry_after: int | None = None) -> None:
        """Keep the wait the other side asked for, in whole seconds; None if it did not say."""
        super().__init__(message, place=place, hint=hint)
        self.retry_after = retry_after


class RateLimited(TemporaryError):
    """The vendor asks us to slow down."""


class Unavailable(TemporaryError):
    """The other side is down, or the connection was never made."""


class TimedOut(TemporaryError):
    """A read took too long."""


class RefusedError(HonorarError):
    """Look at it; trying again will not help."""

    exit_code = 3

    def __init__(self, message: str, *, place: str = "", hint: str = "", status: int | None = None) -> None:
        """Keep the HTTP status of the refusal; None where no answer of a server stands behind it."""
        super().__init__(message, place=place, hint=hint)
        self.status = status


class AuthenticationFailed(RefusedError):
    """The key, token or password is wrong or has expired."""


class NotAllowed(RefusedError):
    """The key is right but lacks a permission."""


class NotFound(RefusedError):
    """What was asked for is not there."""


class DocumentRejected(RefusedError):
    """The accounting system refused the document."""


class UnexpectedAnswer(RefusedError):
    """The answer is not what the vendor documents; nothing was taken from it."""


class OutcomeUnknown(HonorarError):
    """A write went out and its answer was lost: never resend before the sink was searched (domain 9.2)."""


class StoreError(HonorarError):
    """The store cannot be used."""

    exit_code = 3


class Locked(StoreError):
    """Another run of this tenant is at work."""

    exit_code = 75


class SchemaTooNew(StoreError):
    """The store was written by a newer Honorar."""

    exit_code = 2
