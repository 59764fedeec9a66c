"""Secrets leave texts wherever they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.redact import REDACTED, is_secret_name, redact, register, without_registered

BY_NAME = {
    "Authorization: Bearer abc.def-123": "Authorization: [redacted]",
    "  x-redmine-api-key:  0123": "  x-redmine-api-key:  [redacted]",
    "Set-Cookie: session=1; Path=/": "Set-Cookie: [redacted]",
    "GET https://a.example/x?key=0123&limit=100": "GET https://a.example/x?key=[redacted]&limit=100",
    "GET https://a.example/x?limit=1&access_token=0123": "GET https://a.example/x?limit=1&access_token=[redacted]",
    "https://anna:geheim@a.example/": "https://anna:[redacted]@a.example/",
    '{"login": "anna", "api_key": "0123", "admin": true}': '{"login": "anna", "api_key": "[redacted]", "admin": true}',
    "{'password': 'geheim'}": "{'password': '[redacted]'}",
    "sent Bearer abcdefgh12 to them": "sent Bearer [redacted] to them",
    "postgresql://honorar:geheim@db/honorar": "postgresql://honorar:[redacted]@db/honorar",
}

HARMLESS = (
    "document key: 3f2a", '"tax_key": "9"', "keyboard=qwertz", "turkey=1", "https://a.example:8080/x@y", "basic fact",
    "Datum ist kein gültiges Datum", "idempotency-key: 1",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test see what another one registered."""
    monkeypatch.setattr("connector.redact._registered", set())


@pytest.mark.parametrize("text", BY_NAME)
def test_secrets_are_known_by_name_and_form(text: str) -> None:
    """Header lines, query parameters, JSON fields, authorisation schemes and passwords in addresses are blotted out."""
    assert redact(text) == BY_NAME[text]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    """What only looks a little like a secret is left alone."""
    assert redact(text) == text


def test_a_registered_value_is_found_anywhere() -> None:
    """A secret that was registered leaves plain text, and addresses in which it is escaped."""
    register("ge heim/ß1")
    assert redact("it is ge heim/ß1.") == f"it is {REDACTED}."
    assert redact("/x/ge%20heim%2F%C3%9F1") == f"/x/{REDACTED}"
    assert redact("q=ge+heim%2F%C3%9F1") == f"q={REDACTED}"


def test_a_registered_value_is_found_as_addresses_and_json_write_it() -> None:
    """Percent signs with letters of either case, slashes left or escaped, quotes and umlauts escaped."""
    register('a/b+c"ü=1')
    written = ("a/b%2Bc%22%C3%BC%3D1", "a%2fb%2bc%22%c3%bc%3d1", r"a/b+c\"ü=1", r"a\/b+c\"ü=1", r"a\/b+c\"\u00fc=1")
    assert [redact(f"<{each}>") for each in written] == [f"<{REDACTED}>"] * len(written)


def test_of_bytes_registered_values_alone_are_taken() -> None:
    """What only looks like a secret stays: what came is kept as it came."""
    register("geheim-ß1")
    came = '{"you": "geheim-ß1", "password": "other"}'.encode() + b"\xff"
    assert without_registered(came) == f'{{"you": "{REDACTED}", "password": "other"}}'.encode() + b"\xff"


@pytest.mark.parametrize("kept", [5, 10, 15])
def test_of_bytes_a_value_that_breaks_off_is_taken_too(kept: int) -> None:
    """A body may end within it; a few letters say nothing."""
    register("0123456789abcdef")
    came = b'{"you": "0123456789abcdef'
    assert without_registered(came[: 9 + kept]) == f'{{"you": "{REDACTED}'.encode()
    assert without_registered(came[: 9 + 3]) == b'{"you": "012'


def test_the_longer_secret_goes_first() -> None:
    """A secret that contains another one leaves nothing of itself behind."""
    register("abcdef")
    register("abcdefghij")
    assert redact("abcdefghij abcdef") == f"{REDACTED} {REDACTED}"


def test_very_short_values_are_not_looked_for() -> None:
    """A value of three letters would blot out ordinary words."""
    register("der")
    register("")
    assert redact("der Kunde") == "der Kunde"


@settings(deadline=None)  # a busy machine is no fault
@given(st.text())
def test_nothing_is_blotted_out_twice(text: str) -> None:
    """Text that went through once does not change any more."""
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize("name", ["X-Redmine-API-Key", "apiKey", "client_secret", "Cookie", "refreshToken", "PASSWORD"])
def test_names_of_secrets(name: str) -> None:
    """The usual names of headers and fields are known in any case."""
    assert is_secret_name(name)
