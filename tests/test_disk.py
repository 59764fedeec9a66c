from __future__ import annotations

from pathlib import Path

import pytest

from connector.disk import replace_file


def test_a_file_is_made_with_its_folder_and_replaced_as_a_whole(tmp_path: Path) -> None:
    """Readable for its owner alone; nothing is left beside it."""
    path = tmp_path / "made" / "note"
    replace_file(path, b"one")
    replace_file(path, b"a longer one")
    assert path.read_bytes() == b"a longer one"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["note"]


def test_a_disk_that_fails_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written whole is not there at all."""
    path = tmp_path / "note"
    replace_file(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
