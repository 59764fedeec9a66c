"""The one place where secrets leave texts: logs, errors and recorded traffic pass through `redact`.

A secret is known by the name it stands under (header, query parameter, form or JSON field), by its form (an
authorisation scheme, a password in an address), or by its value, once `register` was told of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

REDACTED = "[redacted]"

SHORTEST_SECRET = 4
"""Shorter values are not looked for: they would blot out ordinary words."""

_NAME = re.compile(
    r"(?:.*[-_])?(?:api[-_]?key|apikey|access[-_]?key|\w*token|secret|password|passwd|pwd|passphrase|(?:proxy-)?authorization"
    r"|(?:set-)?cookie2?|signature|credentials?|key)",
    re.IGNORECASE,
)
_NOT_SECRET = frozenset({"key", "tax_key", "document_key", "idempotency-key", "public_key"})

_HEADER_LINE = re.compile(r"(?im)^(?P<lead>\s*(?P<name>[\w-]+)\s*:\s*)(?P<value>\S.*)$")
_PAIR = re.compile(r"""(?P<lead>(?<![\w-])(?P<name>[\w-]+)(?:"\s*:\s*"|'\s*:\s*'|=))(?P<value>[^\s"'&;,<>)]+)""")
_QUERY_KEY = re.compile(r"(?P<lead>[?&]key=)[^&\s\"'#]+", re.IGNORECASE)
_SCHEME = re.compile(r"(?P<lead>\b(?:Bearer|Basic|Digest|Token)\s+)[\w.~+/=-]{8,}", re.IGNORECASE)
_USER_INFO = re.compile(r"(?P<lead>\w://[^/\s:@]*:)[^/\s@]+(?=@)")

_ESCAPE = re.compile("%[0-9A-F]{2}")

_registered: set[str] = set()


def register(secret: str) -> None:
    """Remember a secret by its value, as it is and as it looks in addresses and JSON; too short ones are left alone."""
    if len(secret) >= SHORTEST_SECRET:
        _registered.update(_forms(secret))


def _forms(secret: str) -> Iterator[str]:
    yield secret
    for written in (quote(secret), quote(secret, safe=""), quote_plus(secret)):
        yield written
        yield _ESCAPE.sub(lambda match: match[0].lower(), written)
    for ascii_only in (True, False):
        in_json = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield in_json
        yield in_json.replace("/", r"\/")


def is_secret_name(name: str) -> bool:
    """Tell whether what stands under this header, parameter or field name is a secret."""
    return name.lower() not in _NOT_SECRET and _NAME.fullmatch(name) is not None


def redact(text: str) -> str:
    """Return the text with every known secret replaced by '[redacted]'; idempotent."""
    for secret in sorted(_registered, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    for pattern in (_HEADER_LINE, _PAIR):
        text = pattern.sub(_without_value, text)
    for pattern in (_QUERY_KEY, _SCHEME, _USER_INFO):
        text = pattern.sub(rf"\g<lead>{REDACTED}", text)
    return text


def without_registered(payload: bytes) -> bytes:
    """Return the bytes with every secret that is known by its value replaced, also one that breaks off at their end.

    Nothing else is looked for.
    """
    for secret in sorted(_registered, key=len, reverse=True):
        payload = _without(payload, secret.encode())
    return payload


def _without(payload: bytes, secret: bytes) -> bytes:
    begun = next(
        (size for size in range(len(secret) - 1, SHORTEST_SECRET - 1, -1) if payload.endswith(secret[:size])), 0
    )
    whole = payload[:-begun] + REDACTED.encode() if begun else payload
    return whole.replace(secret, REDACTED.encode())


def _without_value(match: re.Match[str]) -> str:
    return f"{match['lead']}{REDACTED}" if is_secret_name(match["name"]) else match[0]
