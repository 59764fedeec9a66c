"""Sprints as time and as planned effort, readings of progress, and metrics."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from connector.core.errors import UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.readings import Metric, Reading, ReadingScope
from connector.core.share import Share
from connector.core.timesheet import TimeEntry
from tests.sources.furious_standin import World, codes
from tests.standins import Asked, Said
from tests.support.found import good, problems

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
END = date(2026, 1, 31)

PROJECTS: dict[str, Any] = {
    "resource": "project-advancement",
    "on": "date",
    "share": "advancement",
    "project": "project_id",
    "category": "category",
}
LINES: dict[str, Any] = {
    "resource": "project-rate-card-history",
    "on": "date",
    "share": "advancement",
    "units": "quantity_done",
    "line": "project_rate_card_id",
}
MEDIA: dict[str, Any] = {"name": "media_spend", "kinds": ["Media"]}


class TestEntries:
    """Validated sprints are time."""

    def test_a_validated_sprint_is_an_entry(self) -> None:
        """With person, activity, text, and the position of its line."""
        world = World()
        world.add_sprint(
            title="Moodboards",
            time_in_hours="1.75",
            assigned_people_name="Jörg Weiß",
            category_name="Konzept",
            project_rate_card_id=world.project_line,
        )
        assert good(world.source(sprint={"changed": "project_name"}).entries(JANUARY)) == [
            TimeEntry(
                id="100",
                project="100",
                day=date(2026, 1, 5),
                seconds=6300,
                person="Jörg Weiß",
                activity="Konzept",
                position="100/100",
                text="Moodboards",
                origin="furious: sprint #100",
            )
        ]

    @pytest.mark.parametrize(
        ("hours", "seconds"),
        [
            ("0.333333", 1200),
            ("0.33", 1188),
            (2, 7200),
            (Decimal("0.5"), 1800),
            ("0", 0),
            ("0.000100", 0),
            ("40", 144000),
        ],
    )
    def test_hours_become_whole_seconds(self, hours: object, seconds: int) -> None:
        """Twenty minutes told as 0.33 hours are 19:48: what was meant cannot be known."""
        world = World()
        world.add_sprint()
        world.row("sprint")["time_in_hours"] = hours
        [entry] = good(world.source().entries(JANUARY))
        assert entry.seconds == seconds

    def test_plans_are_no_time(self) -> None:
        """Nobody worked what is not validated."""
        world = World()
        world.add_sprint(is_validated=0)
        world.add_sprint(is_validated=None)
        assert list(world.source().entries(JANUARY)) == []

    @pytest.mark.parametrize(
        ("end", "in_january"),
        [
            ("2025-12-31", False),
            ("2026-01-01", True),
            ("2026-01-31", True),
            ("2026-01-31 18:00:00", True),
            ("2026-02-01", False),
        ],
    )
    def test_the_last_day_decides(self, end: str, *, in_january: bool) -> None:
        """The first and the last day of the period are in it, at whatever time of day."""
        world = World()
        world.add_sprint(start_date=end, end_date=end)
        assert bool(good(world.source().entries(JANUARY))) == in_january

    def test_one_that_spans_months_is_noticed(self) -> None:
        """All of its time counts for its last day; within a month nothing is said."""
        world = World()
        world.add_sprint(start_date="2025-12-29", end_date="2026-01-02")
        world.add_sprint(start_date="2026-01-05", end_date="2026-01-09")
        notice, first, second = world.source().entries(JANUARY)
        assert isinstance(notice, Problem)
        assert (notice.code, notice.severity) == ("SprintSpansMonths", Severity.NOTICE)
        assert isinstance(first, TimeEntry)
        assert isinstance(second, TimeEntry)
        assert (first.day, second.day) == (date(2026, 1, 2), date(2026, 1, 9))

    @pytest.mark.parametrize(
        ("values", "billable"),
        [
            ({}, True),
            ({"category_name": "Intern"}, False),
            ({"assigned_people": "0"}, False),
            ({"assigned_people": "1", "category_name": "Intern"}, False),
            ({"assigned_people": "1"}, True),
        ],
    )
    def test_activities_or_a_field_say_what_is_billable(self, values: dict[str, object], *, billable: bool) -> None:
        """An empty field says yes."""
        world = World()
        world.add_sprint(**values)
        fields = {"billable": "assigned_people", "not_billable": ["Intern"]}
        [entry] = good(world.source(sprint=fields).entries(JANUARY))
        assert entry.billable is billable

    def test_time_of_a_project_that_is_not_there_is_kept(self) -> None:
        """Under the id it has in Furious, marked as such."""
        world = World()
        world.add_sprint(project_id=999)
        [entry] = good(world.source().entries(JANUARY))
        assert entry.project == "#999"

    def test_a_line_that_leads_nowhere_is_noticed(self) -> None:
        """The time is read without a position; so is all time if no field leads on from lines."""
        world = World()
        world.add_sprint(project_rate_card_id=999)
        world.add_sprint(project_rate_card_id=0)
        assert codes(world.source().entries(JANUARY)) == ["UnknownPosition"]
        assert codes(world.source(project_line="").entries(JANUARY)) == ["UnknownPosition"]

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"time_in_hours": ""}, "this field is empty: 'time_in_hours'"),
            ({"time_in_hours": "-1"}, "time_in_hours is less than nothing"),
            ({"time_in_hours": "1:30"}, "time_in_hours is not a number"),
            ({"project_id": "0"}, "this field is empty: 'project_id'"),
            ({"start_date": "2026-01-06"}, "not the last day of a sprint"),
            ({"start_date": "bald"}, "start_date is not a local day"),
            ({"is_validated": "?"}, "unknown: '?'"),
            ({"title": {}}, "title is neither text nor number"),
        ],
    )
    def test_a_faulty_sprint_is_told_and_the_others_go_on(self, values: dict[str, Any], fault: str) -> None:
        """An empty duration is never zero."""
        world = World()
        world.add_sprint()
        world.add_sprint()
        world.row("sprint").update(values)
        found = list(world.source().entries(JANUARY))
        [problem] = problems(found)
        assert (problem.code, problem.place) == ("BadTimeEntry", "furious: sprint #100")
        assert problem.message.startswith(fault)
        assert len(found) == 2

    def test_a_window_that_is_ignored_is_found_out(self) -> None:
        """Else all time there is would be read as that of the period."""
        world = World()
        world.add_sprint(start_date="2025-06-01", end_date="2025-06-01")
        answer = world.api.answer

        def without_filter(asked: Asked) -> Said:
            query = asked.value("query")
            head, mark, rest = query.partition("filter:{")
            bare = head + rest.partition("}},")[2] if mark else query
            return answer(Asked(asked.method, asked.path, {"query": [bare]}, asked.headers, asked.body))

        world.api.answer = without_filter  # type: ignore[method-assign]  # a server that ignores it
        with pytest.raises(UnexpectedAnswer, match="a sprint that ends on 2025-06-01 came"):
            list(world.source().entries(JANUARY))

    def test_a_line_that_cannot_be_read_is_told_with_the_time(self) -> None:
        """Time of it would have no position."""
        world = World()
        world.row("project-rate-card")["proposal_rate_card_id"] = {}
        world.api.tables["project-rate-card"].append({"id": None})
        assert codes(world.source().entries(JANUARY)) == ["UnreadableRecord"] * 2

    def test_a_record_without_id_is_told(self) -> None:
        """In either use of sprints."""
        world = World()
        world.api.tables["sprint"].append({"id": None, "end_date": "2026-01-05"})
        source = world.source(sprint={"planned": "all"})
        assert codes(source.entries(JANUARY)) == ["UnreadableRecord"]
        assert codes(source.offers()) == ["UnreadableRecord"]


class TestPlannedEffort:
    """Sprints of a line are its planned effort, where the settings say so."""

    @pytest.mark.parametrize(("planned", "seconds"), [("none", None), ("open", 3 * 3600), ("all", 5 * 3600)])
    def test_which_sprints_count_is_a_setting(self, planned: str, seconds: int | None) -> None:
        """Those of no line count for nothing."""
        world = World()
        world.add_sprint(project_rate_card_id=world.project_line)
        for hours in (1, 2):
            world.add_sprint(project_rate_card_id=world.project_line, is_validated=0, time_in_hours=hours)
        world.add_sprint(is_validated=0)
        [offer] = good(world.source(sprint={"planned": planned}).offers())
        assert [each.planned_seconds for each in offer.positions] == [seconds]

    def test_a_faulty_sprint_is_told_with_the_offers(self) -> None:
        """A plan that is too small makes a share too large."""
        world = World()
        world.add_sprint(project_rate_card_id=world.project_line, time_in_hours="viel")
        found = list(world.source(sprint={"planned": "all"}).offers())
        assert codes(found) == ["BadTimeEntry"]
        assert len(found) == 2


class TestReadings:
    """Dated series become readings."""

    def test_projects_categories_and_lines_have_readings(self) -> None:
        """Of the series that are named; a line's project is that of its rate card."""
        world = World()
        world.add("project-advancement", project_id=world.project, date="2026-01-10", advancement="25")
        world.add("project-advancement", project_id=100, category="Phase 1", date="2026-01-11", advancement="1 of 3")
        world.add("project-rate-card-history", project_rate_card_id=100, date="2026-01-12", advancement="33.5 %")
        world.add("project-rate-card-history", project_rate_card_id=100, date="2026-01-13", quantity_done="3")
        found = good(world.source(progress=[PROJECTS, LINES]).readings(END))
        assert [(each.scope, each.project, each.target, each.on.day) for each in found] == [
            (ReadingScope.PROJECT, "100", "", 10),
            (ReadingScope.CATEGORY, "100", "Phase 1", 11),
            (ReadingScope.POSITION, "100", "100/100", 12),
            (ReadingScope.POSITION, "100", "100/100", 13),
        ]
        assert [each.share and each.share.value for each in found] == [
            Fraction(1, 4), Fraction(1, 3), Fraction(67, 200), None,
        ]  # fmt: skip
        assert found[3].units == 3
        assert found[0].share == Share(Fraction(1, 4), "25 %")

    def test_nothing_of_the_future_and_nothing_that_says_nothing(self) -> None:
        """The day itself is read."""
        world = World()
        for day in ("2026-01-31", "2026-02-01"):
            world.add("project-advancement", project_id=world.project, date=day, advancement="25")
        world.add("project-advancement", project_id=world.project, date="2026-01-01")
        assert [each.on for each in good(world.source(progress=[PROJECTS]).readings(END))] == [END]

    def test_what_is_said_later_of_a_day_holds(self) -> None:
        """A series keeps every change; the last of a day is how far it was in the evening."""
        world = World()
        for share in ("25", "30"):
            world.add("project-advancement", project_id=world.project, date="2026-01-10", advancement=share)
        [reading] = good(world.source(progress=[PROJECTS]).readings(END))
        assert reading.share == Share(Fraction(3, 10), "30 %")

    def test_units_beat_the_share_of_the_same_record(self) -> None:
        """Pieces are counted, percentages are judged."""
        world = World()
        world.add(
            "project-rate-card-history",
            project_rate_card_id=100,
            date="2026-01-10",
            advancement="12",
            quantity_done="3",
        )
        [reading] = good(world.source(progress=[LINES]).readings(END))
        assert isinstance(reading, Reading)
        assert reading.share is None
        assert reading.units == 3

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"date": None}, "this field is empty: 'date'"),
            ({"date": "0000-00-00"}, "this field is empty: 'date'"),
            ({"date": "bald"}, "date is not a local day"),
            ({"advancement": "viel"}, "advancement is not a share"),
            ({"advancement": "-5"}, "advancement is not a share"),
            ({"project_id": "0"}, "this field is empty: 'project_id'"),
            ({"category": {}}, "category is neither text nor number"),
        ],
    )
    def test_a_faulty_reading_is_told_and_the_others_go_on(self, values: dict[str, Any], fault: str) -> None:
        """With the record's id."""
        world = World()
        world.add("project-advancement", project_id=world.project, date="2026-01-10", advancement="25")
        world.add("project-advancement", project_id=world.project, date="2026-01-11", advancement="26")
        world.row("project-advancement").update(values)
        found = list(world.source(progress=[PROJECTS]).readings(END))
        [problem] = problems(found)
        assert (problem.code, problem.place) == ("UnreadableRecord", "furious: project-advancement #100")
        assert problem.message.startswith(fault)
        assert len(found) == 2

    @pytest.mark.parametrize("line", ["0", "100"])
    def test_units_are_those_of_a_line_and_not_below_zero(self, line: str) -> None:
        """Whatever else the record says."""
        world = World()
        world.add("project-rate-card-history", project_rate_card_id=line, date="2026-01-10", quantity_done="-1")
        [problem] = problems(world.source(progress=[LINES]).readings(END))
        assert problem.message.startswith("quantity_done are units of no line")

    def test_a_reading_of_an_unknown_line_is_noticed(self) -> None:
        """And left out; a record without id is told."""
        world = World()
        world.add("project-rate-card-history", project_rate_card_id=999, date="2026-01-10", quantity_done="1")
        world.api.tables["project-rate-card-history"].append({"id": None})
        assert codes(world.source(progress=[LINES]).readings(END)) == ["UnknownPosition", "UnreadableRecord"]


class TestMetrics:
    """Purchases become metrics."""

    def test_purchases_of_a_kind_are_added_up_by_project_and_day(self) -> None:
        """Two readings of one day would contradict each other."""
        world = World()
        for cost in ("100.50", "20"):
            world.add("purchase", type="Media", cost=cost, project_id=world.project, start_date="2026-01-10")
        world.add("purchase", type="Druck", cost="5", project_id=world.project, start_date="2026-01-10")
        origin = "furious: purchase #100, furious: purchase #101"
        assert good(world.source(metrics=[MEDIA]).metrics()) == [
            Metric("media_spend", "100", date(2026, 1, 10), Decimal("120.50"), origin)
        ]

    def test_states_may_be_named(self) -> None:
        """What was cancelled was not spent."""
        world = World()
        for state in ("1", "9"):
            values = {"type": "Media", "cost": state, "project_id": world.project, "start_date": "2026-01-10"}
            world.add("purchase", statut=state, **values)
        [metric] = good(world.source(metrics=[{**MEDIA, "states": ["1"]}]).metrics())
        assert metric.value == 1

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"cost": None}, "this field is empty: 'cost'"),
            ({"start_date": None}, "this field is empty: 'start_date'"),
            ({"project_id": "0"}, "this field is empty: 'project_id'"),
            ({"currency": "USD"}, "not in EUR: 'USD'"),
            ({"type": {}}, "type is neither text nor number"),
        ],
    )
    def test_a_faulty_purchase_is_told_and_the_others_go_on(self, values: dict[str, Any], fault: str) -> None:
        """With the record's id."""
        world = World()
        for _ in range(2):
            world.add("purchase", type="Media", cost="1", project_id=world.project, start_date="2026-01-10")
        world.row("purchase").update(values)
        world.api.tables["purchase"].append({"id": None})
        found = list(world.source(metrics=[MEDIA]).metrics())
        assert [problem.code for problem in problems(found)] == ["UnreadableRecord"] * 2
        assert problems(found)[0].message.startswith(fault)
        assert len(found) == 3
