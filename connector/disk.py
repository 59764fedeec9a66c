"""A small file that is replaced as a whole: who reads it sees the old content or the new, also after a power cut."""

from __future__ import annotations

import os
from pathlib import Path

FOR_OWNER_ALONE = 0o600


def replace_file(path: Path, content: bytes) -> None:
    """Let the file hold this, readable for its owner alone; on return it is on the disk. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FOR_OWNER_ALONE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
