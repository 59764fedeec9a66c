"""Where the tenant's store is: a URL in the file or kept as a secret; relative paths start at the tenant's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connector.config.faults import Fault
from connector.config.models import DEFAULT_STORE
from connector.config.secrets import secret_at

_SQLITE = "sqlite:///"
_IN_MEMORY = ("", ":memory:")


def read_store_url(data: dict[str, Any], folder: Path) -> tuple[str, list[Fault]]:
    """Return the URL that connector.toml says, with an absolute path, and what is wrong with its secret."""
    store = data.get("store")
    url = store.get("url", DEFAULT_STORE) if isinstance(store, dict) else DEFAULT_STORE
    faults = list[Fault]()
    if isinstance(url, dict):
        secret, faults = secret_at(url, ("store", "url"), resolve=True)
        url = secret.get_secret_value()
    return absolute(str(url), folder), faults


def absolute(url: str, folder: Path) -> str:
    """Return the URL; a relative path of SQLite's becomes one inside the folder."""
    path = url.removeprefix(_SQLITE)
    return url if path == url or path in _IN_MEMORY else f"{_SQLITE}{folder / path}"
