from __future__ import annotations

import pytest

from connector.core import errors
from connector.core.errors import ConfigError, DocumentRejected, HonorarError, NotFound, RateLimited


def family(kind: type[HonorarError]) -> set[type[HonorarError]]:
    """Return the class and everything below it."""
    return {kind}.union(*(family(each) for each in kind.__subclasses__()))


@pytest.mark.parametrize(
    ("name", "exit_code"),
    [
        ("ConfigError", 2),
        ("TemporaryError", 75),
        ("RateLimited", 75),
        ("Unavailable", 75),
        ("TimedOut", 75),
        ("RefusedError", 3),
        ("AuthenticationFailed", 3),
        ("NotAllowed", 3),
        ("NotFound", 3),
        ("DocumentRejected", 3),
        ("UnexpectedAnswer", 3),
        ("OutcomeUnknown", 1),
        ("StoreError", 3),
        ("Locked", 75),
        ("SchemaTooNew", 2),
    ],
)
def test_every_error_ends_the_run_with_its_code(name: str, exit_code: int) -> None:
    """2 fix the configuration, 3 look at it, 75 try again later, 1 some documents held."""
    assert getattr(errors, name)("what happened").exit_code == exit_code


def test_every_error_stands_in_the_drawn_tree() -> None:
    """The module's docstring is the tree of errors, none is missing."""
    assert errors.__doc__ is not None
    assert not [kind.__name__ for kind in family(HonorarError) if kind.__name__ not in errors.__doc__]


def test_a_lost_answer_is_not_a_temporary_error() -> None:
    """Whoever retries temporary errors must never resend a document whose answer was lost (domain 9.2)."""
    assert not issubclass(errors.OutcomeUnknown, errors.TemporaryError)


@pytest.mark.parametrize(
    ("place", "hint", "text"),
    [
        ("", "", "no such source 'mocco'"),
        ("connector.toml:12", "", "connector.toml:12: no such source 'mocco'"),
        ("", "did you mean 'moco'?", "no such source 'mocco' (did you mean 'moco'?)"),
        (
            "connector.toml:12",
            "did you mean 'moco'?",
            "connector.toml:12: no such source 'mocco' (did you mean 'moco'?)",
        ),
    ],
)
def test_an_error_says_what_where_and_what_to_do(place: str, hint: str, text: str) -> None:
    """Message, place and hint are kept apart and read as one line."""
    error = ConfigError("no such source 'mocco'", place=place, hint=hint)
    assert str(error) == text
    assert (error.message, error.place, error.hint) == ("no such source 'mocco'", place, hint)


def test_a_rate_limit_keeps_the_wait_the_vendor_asked_for() -> None:
    """Whole seconds, or None where the vendor did not say."""
    assert RateLimited("slow down", retry_after=30).retry_after == 30
    assert RateLimited("slow down", place="moco", hint="wait").retry_after is None


def test_a_refusal_keeps_the_status_of_the_answer() -> None:
    """Adapters tell 409 from 412; a file that is missing has none."""
    assert DocumentRejected("version", status=412).status == 412
    assert NotFound("no such file").status is None
