"""Rows that are not as documented are problems, and their values are not shown."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from connector.core.problems import Problem
from connector.http.records import RecordReader


class Work(BaseModel):
    """A record with something within it."""

    model_config = ConfigDict(frozen=True)

    id: int
    inner: dict[str, int] = {}


def test_a_row_as_documented_is_a_record() -> None:
    """What is not asked for is left out."""
    assert RecordReader("Acme")({"id": 1, "more": "secret"}, Work, "acme: work #1") == Work(id=1)


def test_all_faults_of_a_row_are_told_without_its_values() -> None:
    """With the way to each field, the tool's name, and where to look."""
    found = RecordReader("Acme", ", as an admin")({"id": "secret", "inner": {"a": "b"}}, Work, "acme: work #1")

    assert isinstance(found, Problem)
    assert (found.code, found.place, found.hint) == (
        "UnreadableRecord",
        "acme: work #1",
        "look at it in Acme, as an admin",
    )
    assert found.message.startswith("not as Acme documents it: id: ")
    assert "; inner.a: " in found.message
    assert "secret" not in found.message
