"""Whether what is sent to an address can be read on its way."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from connector.core.problems import Problem, Severity


def key_in_clear(url: str, place: str) -> Iterator[Problem]:
    """Yield a notice where a key goes to the address without encryption, and not on this machine."""
    address = urlsplit(url)
    if address.scheme == "http" and not _is_this_machine(address.hostname or ""):
        yield Problem("KeyInClear", "the key travels without encryption", place, "use https", Severity.NOTICE)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
