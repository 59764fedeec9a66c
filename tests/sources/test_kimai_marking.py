"""Kimai's flag "exported" is only turned over by its call: it is read before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from connector.core.errors import OutcomeUnknown, RefusedError, UnexpectedAnswer
from connector.sources.kimai import Kimai, Settings, build
from tests.sources.kimai_agency import settings_for
from tests.standins import Asked, Fault, Said, Standin, kimai, serving
from tests.support.transports import transport_for


def source(standin: Standin, **more: Any) -> Kimai:  # noqa: ANN401 - settings
    """Return a source of the stand-in."""
    settings = Settings.model_validate(settings_for(standin.url) | {"mark_billed": True} | more)
    return build(settings, transport_for("kimai"))


@pytest.fixture
def api() -> kimai.Kimai:
    """Return a Kimai with two records of time; the second is exported."""
    api = kimai.api()
    project = api.add_project("WEB", "Relaunch", api.add_customer("K-1", "Müller"))
    for exported in (False, True):
        api.add_time(datetime(2026, 1, 5, 9, tzinfo=kimai.BERLIN), 3600, project, exported=exported)
    return api


def flags(api: kimai.Kimai) -> list[bool]:
    """Return the flag of each record."""
    return [row["exported"] for row in api.timesheets]


def ids(api: kimai.Kimai) -> list[str]:
    """Return the ids of the records as we tell them."""
    return [str(row["id"]) for row in api.timesheets]


@pytest.mark.parametrize("billed", [True, False])
def test_only_what_is_otherwise_is_turned_over(api: kimai.Kimai, *, billed: bool) -> None:
    """One call to read each, one to turn one over; a second time changes nothing."""
    with serving(api) as standin:
        for _ in range(2):
            assert list(source(standin).mark_billed(ids(api), billed=billed)) == ids(api)
            assert flags(api) == [billed, billed]
        assert (standin.calls("GET"), standin.calls("PATCH")) == (4, 1)


def test_a_record_that_is_gone_counts_as_done(api: kimai.Kimai) -> None:
    """There is nothing to mark any more, and the others are marked."""
    with serving(api) as standin:
        assert list(source(standin).mark_billed(["9999", *ids(api)], billed=True)) == ["9999", *ids(api)]
    assert flags(api) == [True, True]


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.TRUNCATED])
def test_a_lost_answer_is_not_followed_by_a_second_call(api: kimai.Kimai, fault: Fault) -> None:
    """It would turn the flag back; the next time it is read first."""
    with serving(api) as standin:
        standin.fail(fault, lambda asked: asked.method == "PATCH")
        with pytest.raises(OutcomeUnknown):
            list(source(standin).mark_billed(ids(api), billed=True))
        assert (flags(api), standin.calls("PATCH")) == ([True, True], 1)
        assert list(source(standin).mark_billed(ids(api), billed=True)) == ids(api)
        assert standin.calls("PATCH") == 1


class Meddled:
    """A Kimai in which somebody sets the flag between our look and our call."""

    def __init__(self, api: kimai.Kimai) -> None:
        self.api = api

    def answer(self, asked: Asked) -> Said:
        """Answer, after somebody else was faster."""
        if asked.method == "PATCH":
            row = self.api.timesheets[0]
            row["exported"] = not row["exported"]
        return self.api.answer(asked)


def test_a_flag_that_somebody_else_turned_over_is_told(api: kimai.Kimai) -> None:
    """What we did undid it; the next time sets it."""
    with serving(Meddled(api)) as standin, pytest.raises(RefusedError, match="exported of time entry"):
        list(source(standin).mark_billed(ids(api), billed=True))
    assert flags(api)[0] is False


class Silent:
    """A Kimai that does not tell the flag."""

    def __init__(self, api: kimai.Kimai) -> None:
        self.api = api

    def answer(self, asked: Asked) -> Said:
        """Answer without it."""
        said = self.api.answer(asked)
        said = replace(said, body=dict(said.body))
        said.body.pop("exported")
        return said


def test_a_flag_that_is_not_told_is_never_turned_over(api: kimai.Kimai) -> None:
    """Else every run would turn it over again, and undo the one before."""
    with serving(Silent(api)) as standin:
        with pytest.raises(UnexpectedAnswer, match="does not tell whether it is exported"):
            list(source(standin).mark_billed(ids(api), billed=True))
        assert standin.calls("PATCH") == 0


def test_it_is_off_unless_the_tenant_wants_it(api: kimai.Kimai) -> None:
    """The setting says so."""
    with serving(api) as standin:
        assert source(standin).marks_billed
        assert not source(standin, mark_billed=False).marks_billed
