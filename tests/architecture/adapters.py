"""What belongs to an adapter beside its code: a page for the admin, and tests."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.imports import ADAPTER_ROOMS

SHORTEST_PAGE = 80
"""Characters; a heading alone explains nothing."""


def adapters(root: Path) -> list[tuple[str, str]]:
    """Return room and name of every adapter, as the registry would find them."""
    return [(room, name) for room in ADAPTER_ROOMS for name in _names(root / "connector" / room)]


def _names(folder: Path) -> list[str]:
    files = [path.stem for path in folder.glob("*.py")]
    folders = [path.parent.name for path in folder.glob("*/__init__.py")]
    return sorted(name for name in files + folders if not name.startswith("_"))


def unfinished(root: Path, room: str, name: str) -> list[str]:
    """Return what the adapter still lacks."""
    return _page_faults(root, f"docs/{room}/{name}.md") + _test_faults(root / "tests" / room, room, name)


def _page_faults(root: Path, page: str) -> list[str]:
    if not (root / page).is_file():
        return [f"{page} is missing"]
    text = (root / page).read_text(encoding="utf-8")
    return [] if text.startswith("# ") and len(text) >= SHORTEST_PAGE else [f"{page} says nothing"]


def _test_faults(folder: Path, room: str, name: str) -> list[str]:
    if any(folder.glob(f"test_{name}*.py")) or any(folder.glob(f"{name}/test_*.py")):
        return []
    return [f"tests/{room} has no test of {name}"]
