"""What became of documents is written into Redmine once: into a field of the project, and as notes on issues."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from connector.core.errors import NotAllowed, NotFound, OutcomeUnknown
from connector.core.ports import DocumentNews, StatusWriter
from connector.core.problems import Problem
from connector.core.receivables import OpenItem
from connector.sources.redmine import Redmine
from connector.sources.redmine.write_back import MOST_LINES, with_line
from tests.core.builders import eur
from tests.sources.redmine_world import source
from tests.standins.redmine import MEMBER, NOON, Row, StandIn, issue, project
from tests.standins.server import Asked, Said

WRITES = ["edit_project", "add_issue_notes", "set_notes_private"]


@dataclass
class Board(StandIn):
    """A Redmine that takes changes of fields and notes; `lost`, their answers never arrive."""

    notes: dict[int, list[Row]] = field(default_factory=dict)
    changes: list[tuple[str, Any]] = field(default_factory=list)
    lost: bool = False

    def __post_init__(self) -> None:
        """Have two projects, two priced issues and one that is not."""
        self.projects = self.projects or [project(1, "web", Belege=""), project(2, "sub", 1, Belege="")]
        priced = {"Festpreis": "5000"}
        self.issues = [issue(7, priced), issue(8, priced), issue(9)]

    def answer(self, asked: Asked) -> Said:
        """Return the project or the issue with its notes as they are now, or change it."""
        if asked.method == "PUT":
            self._change(asked.path, asked.json())
            return Said(504) if self.lost else Said(204)
        for each in self.projects:
            self.single[f"/projects/{each['id']}.json"] = {"project": each}
        for each in self.issues:
            self.single[f"/issues/{each['id']}.json"] = {"issue": each | {"journals": self.notes.get(each["id"], [])}}
        return super().answer(asked)

    def _change(self, path: str, body: Any) -> None:  # noqa: ANN401 - JSON
        self.changes.append((path, body))
        match = re.fullmatch(r"/(projects|issues)/(\d+)\.json", path)
        assert match
        number = int(match[2])
        if match[1] == "projects":
            (changed,) = body["project"]["custom_fields"]
            (there,) = (each for each in self.projects if each["id"] == number)
            (found,) = (each for each in there["custom_fields"] if each["id"] == changed["id"])
            found["value"] = changed["value"]
        else:
            note = {"created_on": NOON, "notes": body["issue"]["notes"]}
            self.notes.setdefault(number, []).append(note)

    def field(self, number: int = 1) -> str:
        """Return what stands in the field of the project."""
        (there,) = (each for each in self.projects if each["id"] == number)
        return str(there["custom_fields"][0]["value"])


def news(
    text: str = "offen", number: str = "RE-1", *positions: str, projects: tuple[str, ...] = ("web",)
) -> DocumentNews:
    """Return news of a document that bills issue #7, unless other positions are named."""
    day = date(2026, 1, 31)
    item = OpenItem("k-1", number, "K1", day, day, eur("119.00"), eur("119.00"), "website")
    return DocumentNews(item, f"{number} {text}", positions or ("web/7",), projects)


def writer(board: Board, **wanted: Any) -> Redmine:  # noqa: ANN401 - settings
    """Return the source with these settings of write_back."""
    board.roles = [{"id": 1, "name": "Manager", **MEMBER, "permissions": [*MEMBER["permissions"], *WRITES]}]
    return source(board, write_back=wanted)


def test_nothing_is_written_unless_it_is_asked_for() -> None:
    """Off by default."""
    board = Board()
    redmine = writer(board)
    assert isinstance(redmine, StatusWriter)
    assert not redmine.writes_status
    assert list(redmine.write_status(news())) == []
    assert board.changes == []
    assert all(writer(board, **wanted).writes_status for wanted in ({"notes": True}, {"project_field": "Belege"}))


def test_the_field_of_the_project_lists_its_documents() -> None:
    """The one that changed last on top; a line per document; what is there already is not written."""
    board = Board()
    redmine = writer(board, project_field="Belege")
    assert list(redmine.write_status(news())) == ["redmine: project web"]
    list(redmine.write_status(news(number="RE-2")))
    assert board.field() == "RE-2 offen\nRE-1 offen"
    list(redmine.write_status(news("bezahlt")))
    assert board.field() == "RE-1 bezahlt\nRE-2 offen"
    assert list(redmine.write_status(news("bezahlt"))) == []
    assert len(board.changes) == 3


def test_every_project_of_the_document_is_told() -> None:
    """Those of other sources are none of ours."""
    board = Board()
    told = list(writer(board, project_field="Belege").write_status(news(projects=("sub", "web", "elsewhere"))))
    assert told == ["redmine: project web", "redmine: project sub"]
    assert board.field(2) == "RE-1 offen"


def test_what_people_wrote_into_the_field_stays() -> None:
    """Their lines are below ours, and a number that begins alike is another document's."""
    own = "bitte anrufen\r\nRE-10 offen"
    assert with_line(own, news()) == "RE-1 offen\nbitte anrufen\nRE-10 offen"


def test_the_field_does_not_grow_for_ever() -> None:
    """The oldest documents leave it."""
    full = "\n".join(f"RE-{number} offen" for number in range(2, 2 + MOST_LINES))
    lines = with_line(full, news()).splitlines()
    assert (len(lines), lines[0], lines[-1]) == (MOST_LINES, "RE-1 offen", f"RE-{MOST_LINES} offen")


def test_issues_that_are_billed_get_a_note() -> None:
    """Private ones, on each position of the document; issues of other sources are none of ours."""
    board = Board()
    told = list(writer(board, notes=True).write_status(news("offen", "RE-1", "web/7", "web/8", "elsewhere/9")))
    assert told == ["redmine: issue #7", "redmine: issue #8"]
    assert board.changes[0] == ("/issues/7.json", {"issue": {"notes": "RE-1 offen", "private_notes": True}})
    assert sorted(board.notes) == [7, 8]


def test_notes_may_be_public() -> None:
    """If the tenant says so."""
    board = Board()
    list(writer(board, notes=True, private_notes=False).write_status(news()))
    assert board.changes[0][1]["issue"]["private_notes"] is False


def test_a_note_is_written_once_whatever_was_lost() -> None:
    """The answer of the first attempt never came: the second finds the note there."""
    board = Board(lost=True)
    with pytest.raises(OutcomeUnknown):
        list(writer(board, notes=True).write_status(news()))
    board.lost = False
    assert list(writer(board, notes=True).write_status(news())) == []
    assert len(board.notes[7]) == 1


def test_a_state_that_comes_back_is_noted_again() -> None:
    """Open, paid, and open again because the payment bounced; others' notes between do not matter."""
    board = Board()
    redmine = writer(board, notes=True)
    for text in ("offen", "bezahlt", "offen"):
        list(redmine.write_status(news(text)))
        board.notes[7] += [{"created_on": NOON, "notes": "danke"}, {"created_on": NOON, "notes": ""}]
    assert [each["notes"] for each in board.notes[7] if "RE-1" in each["notes"]] == [
        "RE-1 offen",
        "RE-1 bezahlt",
        "RE-1 offen",
    ]


@pytest.mark.parametrize(
    ("wanted", "missing"),
    [
        ({"project_field": "Belege"}, "edit_project"),
        ({"notes": True}, "add_issue_notes"),
        ({"notes": True}, "set_notes_private"),
    ],
)
def test_without_the_right_nothing_is_written(wanted: Mapping[str, Any], missing: str) -> None:
    """A note that should be private would become public without a word; check says it too."""
    board = Board()
    redmine = writer(board, **wanted)
    board.roles[0]["permissions"].remove(missing)
    with pytest.raises(NotAllowed, match=missing):
        list(redmine.write_status(news()))
    assert board.changes == []
    found = [each for each in redmine.check() if isinstance(each, Problem)]
    assert [each.code for each in found if missing in each.message] == ["RightMissing"] * len(board.projects)


def test_an_admin_has_every_right() -> None:
    """No role is asked for."""
    board = Board(admin=True)
    redmine = writer(board, notes=True)
    board.roles[0]["permissions"] = []
    assert list(redmine.write_status(news())) == ["redmine: issue #7"]


def test_public_notes_need_no_right_for_private_ones() -> None:
    """Only what is used is asked for."""
    board = Board()
    redmine = writer(board, notes=True, private_notes=False)
    board.roles[0]["permissions"].remove("set_notes_private")
    assert list(redmine.write_status(news())) == ["redmine: issue #7"]


def test_a_field_that_is_not_there_is_told_with_its_name() -> None:
    """With what to do."""
    redmine = writer(Board(), project_field="Rechnungen")
    with pytest.raises(NotFound, match="no custom field 'Rechnungen'") as caught:
        list(redmine.write_status(news()))
    assert caught.value.place == "redmine: project web"


def test_what_a_pull_read_is_not_read_again() -> None:
    """A run pulls first; what it knows of projects and issues is enough to write."""
    board = Board()
    redmine = writer(board, notes=True)
    list(redmine.offers())
    before = len(board.asked)
    list(redmine.write_status(news()))
    asked = [path for path, _ in board.asked[before:]]
    assert asked == ["/roles/1.json", "/issues/7.json"]
