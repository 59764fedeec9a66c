"""Whether what is sent to an address can be read on its way."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def travels_in_clear(url: str) -> bool:
    """Tell whether the address is one without encryption, and not on this machine."""
    address = urlsplit(url)
    return address.scheme == "http" and not _is_this_machine(address.hostname or "")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
