"""The folder of a new tenant: files to fill in, or the example agency."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import connector
from connector.core.errors import ConfigError

FOLDER = "example"
"""In the package: the folder `config` of the source."""

_STARTER = {
    "starter/connector.toml": "connector.toml",
    "starter/agreements.toml": "agreements.toml",
    "starter/dunning.toml": "dunning.toml",
    "mapping-skr03.toml": "mapping.toml",
    "mapping-skr04.toml": "mapping-skr04.toml",
}
"""What a new tenant gets of the folder, and under which name; both charts, the first one in force."""


def make_tenant(folder: Path, *, example: bool) -> list[Path]:
    """Write the files into the folder and return their paths; ConfigError where one is there already, or cannot be.

    A new tenant gets the starter files, a chart of accounts to confirm, and ledger files with their headings only.
    """
    files = dict(_files(resources.files(connector) / FOLDER))
    contents = dict(_example(files) if example else _starter(files))
    if present := [name for name in contents if (folder / name).exists()]:
        message = f"{present[0]} is there already; nothing was written"
        raise ConfigError(message, place=str(folder), hint="choose a new folder")
    try:
        return [_written(folder / name, content) for name, content in contents.items()]
    except OSError as error:
        message = f"the files cannot be written: {error.strerror}"
        raise ConfigError(message, place=str(folder), hint="choose a folder that this user may write to") from error


def _written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _example(files: dict[str, Traversable]) -> Iterator[tuple[str, bytes]]:
    for name, file in files.items():
        if not name.startswith(("starter/", "mapping-")):
            yield name, file.read_bytes()


def _starter(files: dict[str, Traversable]) -> Iterator[tuple[str, bytes]]:
    for source, target in _STARTER.items():
        yield target, files[source].read_bytes()
    for name, file in files.items():
        if name.startswith("schema/"):
            yield name, file.read_bytes()
        if name.startswith("data/"):
            yield name, file.read_bytes().splitlines(keepends=True)[0]


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".toml", ".json", ".csv")):
            yield f"{prefix}{entry.name}", entry
