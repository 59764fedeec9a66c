"""A small tenant whose documents go to the stand-in of Lexware Office."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.small_tenant import small_tenant

SINK = """\
[sink]
type = "lexware"
api_key = {{ env = "LEXWARE_KEY" }}
finalize = {finalize}
url = "{url}"
"""

KEY_VARIABLE = "LEXWARE_KEY"


def lexware_tenant(folder: Path, url: str, *, finalize: str = "true", **settings: str) -> Path:
    """Write the tenant into the folder and return it."""
    return sends_to(small_tenant(folder, **settings), url, finalize=finalize)


def sends_to(folder: Path, url: str, *, finalize: str = "true") -> Path:
    """Let the tenant send its documents there from now on."""
    path = folder / "connector.toml"
    written = path.read_text(encoding="utf-8")
    sink = SINK.format(url=url, finalize=finalize)
    path.write_text(re.sub(r"\[sink\].*", lambda _: sink, written, flags=re.DOTALL), encoding="utf-8")
    return folder
