"""Whether what is sent to an address can be read on its way."""

from __future__ import annotations

import pytest

from connector.http.in_clear import key_in_clear


@pytest.mark.parametrize("url", ["http://tryton.example/x", "http://192.168.1.5:8000", "http://[2001:db8::1]/"])
def test_a_network_is_in_clear_without_encryption(url: str) -> None:
    """Also one's own."""
    assert [(each.code, each.place) for each in key_in_clear(url, "moco")] == [("KeyInClear", "moco")]


@pytest.mark.parametrize("url", ["https://tryton.example", "http://localhost:8000", "http://127.0.0.1", "http://[::1]"])
def test_encryption_or_this_machine_is_not(url: str) -> None:
    """Nobody else reads it."""
    assert list(key_in_clear(url, "moco")) == []
