"""The key of a document: the same plan gives the same key, so nothing can be sent twice (domain 9.1)."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

KEY_VERSION = 1
"""Part of every key. Changing what goes into a key without raising this would send open documents a second time."""

KEY_LENGTH = 32


class DocumentKey(NamedTuple):
    """What makes a document the one it is; `sequence` counts the documents of the agreement, or names its period."""

    tenant: str
    agreement: str
    kind: str
    sequence: str
    grouping: str

    def digest(self) -> str:
        """Return the key as 32 hexadecimal digits."""
        parts = (str(KEY_VERSION), *self)
        framed = "".join(f"{len(part)}:{part}" for part in parts)
        return hashlib.sha256(framed.encode()).hexdigest()[:KEY_LENGTH]
