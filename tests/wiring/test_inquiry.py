from __future__ import annotations

from dataclasses import replace

import pytest

from connector.core.errors import RefusedError
from connector.wiring import Workspace, inquiry
from connector.wiring.inquiry import split_line
from tests.wiring import NIGHT


def test_documents_are_listed_by_known_states(space: Workspace) -> None:
    """An unknown one is refused with those there are."""
    assert [document.number for document in inquiry.documents(space, ["draft", "paid"])] == [
        "RE-2026-0001",
        "RE-2026-0002",
    ]
    with pytest.raises(RefusedError) as caught:
        inquiry.documents(space, ["lost"])
    assert caught.value.hint.startswith("known: draft, held, approved")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("RE-2026-0001", ("RE-2026-0001", None)),
        ("RE-2026-0001.2", ("RE-2026-0001", 2)),
        ("RE-2026-0001.", ("RE-2026-0001.", None)),
        ("RE-2026-0001.x", ("RE-2026-0001.x", None)),
        (".2", ("", 2)),
    ],
)
def test_documents_and_lines_are_told_apart(name: str, expected: tuple[str, int | None]) -> None:
    """The dot is no letter of a document's number."""
    assert split_line(name) == expected


def test_sources_are_known_by_when_they_were_read(space: Workspace) -> None:
    """A source that never came through has no moment, and one that is no longer configured is not told."""
    [(name, at)] = inquiry.last_read(space).items()
    assert (name, at) == ("ledger", NIGHT)
    [source] = space.tenant.sources
    renamed = replace(space.tenant, sources=(replace(source, name="other"),))
    assert inquiry.last_read(replace(space, tenant=renamed)) == {"other": None}
