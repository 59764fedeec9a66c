"""awork sets and unsets the mark of time entries, many in one call."""

from __future__ import annotations

from datetime import date

import pytest

from connector.core.errors import NotFound, OutcomeUnknown
from connector.sources.awork import Awork, Settings, build
from tests.sources.awork_agency import settings_for
from tests.standins import Fault, Standin, awork, serving
from tests.support.transports import transport_for


def source(standin: Standin, *, mark_billed: bool = True) -> Awork:
    """Return a source of the stand-in."""
    settings = Settings.model_validate(settings_for(standin.url) | {"mark_billed": mark_billed})
    return build(settings, transport_for("awork"))


@pytest.fixture
def api() -> awork.Awork:
    """Return a workspace with three entries; the third is marked."""
    api = awork.api()
    project = api.add_project("WEB-26", "Relaunch")
    for number in range(3):
        api.add_entry(date(2026, 1, 5), 3600, project, isBilled=number == 2)
    return api


def marks(api: awork.Awork) -> list[bool]:
    """Return the mark of each entry."""
    return [row["isBilled"] for row in api.entries]


def test_entries_are_marked_and_unmarked_in_one_call(api: awork.Awork) -> None:
    """Only those named; a second time changes nothing."""
    ids = [row["id"] for row in api.entries[:2]]
    with serving(api) as standin:
        for _ in range(2):
            assert list(source(standin).mark_billed(ids, billed=True)) == ids
            assert marks(api) == [True, True, True]
        assert list(source(standin).mark_billed(ids, billed=False)) == ids
        assert standin.calls("POST") == 3
    assert marks(api) == [False, False, True]


def test_a_lost_answer_leaves_it_unknown(api: awork.Awork) -> None:
    """None of them is told as marked; it may be done again."""
    with serving(api) as standin:
        standin.fail(Fault.ANSWER_LOST)
        with pytest.raises(OutcomeUnknown):
            next(source(standin).mark_billed([api.entries[0]["id"]], billed=True))
    assert marks(api)[0]


def test_a_refusal_says_awork_s_own_words(api: awork.Awork) -> None:
    """Such as for an entry that was deleted since."""
    with serving(api) as standin, pytest.raises(NotFound, match="could not be located"):
        next(source(standin).mark_billed([awork.guid("none")], billed=True))


def test_it_is_off_unless_the_tenant_wants_it(api: awork.Awork) -> None:
    """The setting says so."""
    with serving(api) as standin:
        assert source(standin).marks_billed
        assert not source(standin, mark_billed=False).marks_billed
